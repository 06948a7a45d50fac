// Evaluates the rules of custom resources (`x-kubernetes-validations`) on a value, walking the schema as
// apiextensions-apiserver does when an object is created or updated (pkg/apiserver/schema/cel/validation.go).

import { maybeSame, oldField, oldItem } from '../schema/correlate.ts';
import type { Schema, ValidationRule } from '../schema/schema.ts';
import type { Path, Value } from '../syntax/tree.ts';
import { unknown } from '../syntax/tree.ts';
import { isList, isObject } from '../syntax/value.ts';
import { compileCel, type Program } from './compile.ts';
import { isExposed, toCel, withObjectMeta } from './convert.ts';
import { type Budget, objectBudget } from './evaluate.ts';
import { fieldPathSteps } from './field-path.ts';
import { type CelValue, isFailure, isUnknown, none } from './value.ts';

export interface CelProblem {
  /** To the value of the rule, or to its `fieldPath`. */
  readonly path: Path;
  readonly message: string;
  readonly reason: NonNullable<ValidationRule['reason']>;
}

/**
 * The rules that an object breaks, and those that the change from `was` breaks where it replaces one; `schema` is that of
 * the object's root, and the values must be valid by it. A rule that can't be checked reports nothing: its values are
 * unknown, or its expression isn't supported.
 */
export function celProblems(schema: Schema, value: Value, was?: Value): readonly CelProblem[] {
  if (!hasRules(schema)) return [];
  const problems: CelProblem[] = [];
  walk(schema, withObjectMeta(schema), { value, was, path: [] }, { problems, budget: objectBudget() });
  return problems;
}

interface Run {
  readonly problems: CelProblem[];
  readonly budget: Budget;
}

/** A value and its old value, which is absent for new values and where the two can't be correlated. */
interface Subject {
  readonly value: Value;
  readonly was: Value | undefined;
  readonly path: Path;
}

/** Whether there is a rule at or below a schema. */
export function hasRules(schema: Schema): boolean {
  const known = ruled.get(schema);
  if (known !== undefined) return known;
  // Schemas may contain themselves (JSONSchemaProps): inside the cycle, the schema is treated as having no rules.
  ruled.set(schema, false);
  const { properties, items, additionalProperties, allOf } = schema;
  const children = [...Object.values(properties ?? {}), ...(items ? [items] : []), ...(allOf ?? [])];
  if (typeof additionalProperties === 'object') children.push(additionalProperties);
  const found = (schema['x-kubernetes-validations'] ?? []).length > 0 || children.some(hasRules);
  ruled.set(schema, found);
  return found;
}

const ruled = new WeakMap<Schema, boolean>();

/** `rules` is the schema whose rules apply, `shape` the one that types the value: they differ within `allOf`. */
function walk(rules: Schema, shape: Schema, subject: Subject, run: Run): void {
  const { value, was, path } = subject;
  if (value === null || value === unknown || !hasRules(rules)) return;
  runRules(rules['x-kubernetes-validations'] ?? [], shape, subject, run);
  for (const part of rules.allOf ?? []) walk(part, shape, subject, run);
  if (isList(value)) {
    if (!rules.items || !shape.items || !hasRules(rules.items)) return;
    for (const [index, item] of value.entries()) {
      const inner: Subject = { value: item, was: oldItem(was, item, shape), path: [...path, index] };
      visit(rules.items, shape.items, inner, run);
    }
  } else if (isObject(value)) {
    const { properties = {}, additionalProperties } = rules;
    const others = shape.additionalProperties;
    for (const [name, field] of Object.entries(value)) {
      const property = propertyOf(properties, name);
      const below = property ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
      const typed = property
        ? propertyOf(shape.properties ?? {}, name)
        : typeof others === 'object'
          ? others
          : undefined;
      if (!below || !typed || !hasRules(below)) continue;
      visit(below, typed, { value: field, was: oldField(was, name, shape), path: [...path, name] }, run);
    }
  }
}

function visit(rules: Schema, shape: Schema, subject: Subject, run: Run): void {
  const embedded = shape['x-kubernetes-embedded-resource'] === true;
  if (isExposed(shape)) walk(rules, embedded ? withObjectMeta(shape) : shape, subject, run);
}

function propertyOf(properties: Readonly<Record<string, Schema>>, name: string): Schema | undefined {
  return Object.hasOwn(properties, name) ? properties[name] : undefined;
}

function runRules(
  rules: readonly ValidationRule[],
  shape: Schema,
  { value, was, path }: Subject,
  { problems, budget }: Run,
): void {
  if (rules.length === 0) return;
  const self = toCel(value, shape);
  const before = was === undefined ? undefined : toCel(was, shape);
  const unchanged = was !== undefined && maybeSame(value, was);
  for (const rule of rules) {
    const program = rule.rule.trim() === '' ? undefined : compileCel(rule.rule);
    if (!program) continue;
    // Transition rules are skipped without an old value, unless they set `optionalOldSelf`.
    if (program.usesOldSelf && !rule.optionalOldSelf && before === undefined) continue;
    // Ratcheting: an unchanged value may keep violating a rule that was added later.
    if (!program.usesOldSelf && unchanged) continue;
    const oldSelf = oldSelfOf(before, rule);
    const result = program.evaluate(self, oldSelf, budget);
    if (isFailure(result)) {
      problems.push({
        path,
        message: `the rule “${short(rule.rule)}” can’t be evaluated: ${result.message}`,
        reason: 'FieldValueInvalid',
      });
    } else if (result === false) {
      problems.push({
        path: [...path, ...fieldPathSteps(rule.fieldPath ?? '', shape)],
        message: messageOf(rule, self, oldSelf, budget),
        reason: rule.reason ?? 'FieldValueInvalid',
      });
    }
  }
}

/** An optional value in rules that ask for one; in others the old value itself. */
function oldSelfOf(before: CelValue | undefined, { optionalOldSelf }: ValidationRule): CelValue {
  if (before === undefined) return none;
  if (!optionalOldSelf || isUnknown(before)) return before;
  return { kind: 'optional', value: before };
}

function messageOf(rule: ValidationRule, self: CelValue, oldSelf: CelValue, budget: Budget): string {
  const program: Program | undefined = rule.messageExpression ? compileCel(rule.messageExpression) : undefined;
  const computed = program?.evaluate(self, oldSelf, budget);
  const text = typeof computed === 'string' ? computed.trim() : '';
  // The server falls back to the static message where the computed one is empty, has line breaks or is too long.
  if (text !== '' && !text.includes('\n') && text.length <= 5 * 1024) return text;
  const written = rule.message?.trim() ?? '';
  if (written !== '') return written;
  return `breaks the rule “${short(rule.rule)}”`;
}

function short(rule: string): string {
  const line = rule.trim().replace(/\s+/g, ' ');
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
