// Evaluates the rules of custom resources (`x-kubernetes-validations`) on a value, walking the schema as
// apiextensions-apiserver does when an object is created (pkg/apiserver/schema/cel/validation.go).

import type { Schema, ValidationRule } from '../schema/schema.ts';
import type { Path, Value } from '../syntax/tree.ts';
import { unknown } from '../syntax/tree.ts';
import { isList, isObject } from '../syntax/value.ts';
import { compileCel, type Program } from './compile.ts';
import { isExposed, toCel, withObjectMeta } from './convert.ts';
import { fieldPathSteps } from './field-path.ts';
import { type CelValue, isFailure, none } from './value.ts';

export interface CelProblem {
  /** To the value of the rule, or to its `fieldPath`. */
  readonly path: Path;
  readonly message: string;
  readonly reason: NonNullable<ValidationRule['reason']>;
}

/**
 * The rules that a new object breaks; `schema` is that of the object's root, and `value` must be valid by it. A rule
 * that can't be checked reports nothing: its values are unknown, its expression isn't supported, or it is about a
 * transition from an old object.
 */
export function celProblems(schema: Schema, value: Value): readonly CelProblem[] {
  if (!hasRules(schema)) return [];
  const problems: CelProblem[] = [];
  walk(schema, withObjectMeta(schema), value, [], problems);
  return problems;
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

/**
 * `rules` is the schema whose rules are evaluated, `shape` the one that types the value: they differ within `allOf`.
 */
function walk(rules: Schema, shape: Schema, value: Value, path: Path, problems: CelProblem[]): void {
  if (value === null || value === unknown || !hasRules(rules)) return;
  runRules(rules['x-kubernetes-validations'] ?? [], shape, value, path, problems);
  for (const part of rules.allOf ?? []) walk(part, shape, value, path, problems);
  if (isList(value)) {
    if (!rules.items || !shape.items) return;
    for (const [index, item] of value.entries()) visit(rules.items, shape.items, item, [...path, index], problems);
  } else if (isObject(value)) {
    const { properties = {}, additionalProperties } = rules;
    const others = shape.additionalProperties;
    for (const [name, field] of Object.entries(value)) {
      const [inner, typed] = [propertyOf(properties, name), propertyOf(shape.properties ?? {}, name)];
      if (inner && typed) visit(inner, typed, field, [...path, name], problems);
      else if (!inner && typeof additionalProperties === 'object' && typeof others === 'object')
        visit(additionalProperties, others, field, [...path, name], problems);
    }
  }
}

function visit(rules: Schema, shape: Schema, value: Value, path: Path, problems: CelProblem[]): void {
  const embedded = shape['x-kubernetes-embedded-resource'] === true;
  if (isExposed(shape)) walk(rules, embedded ? withObjectMeta(shape) : shape, value, path, problems);
}

function propertyOf(properties: Readonly<Record<string, Schema>>, name: string): Schema | undefined {
  return Object.hasOwn(properties, name) ? properties[name] : undefined;
}

function runRules(
  rules: readonly ValidationRule[],
  shape: Schema,
  value: Value,
  path: Path,
  problems: CelProblem[],
): void {
  if (rules.length === 0) return;
  const self = toCel(value, shape);
  for (const rule of rules) {
    const program = rule.rule.trim() === '' ? undefined : compileCel(rule.rule);
    // Transition rules are skipped without an old object, unless they set `optionalOldSelf`.
    if (!program || (program.usesOldSelf && !rule.optionalOldSelf)) continue;
    const result = program.evaluate(self, none);
    if (isFailure(result)) {
      problems.push({
        path,
        message: `the rule “${short(rule.rule)}” can’t be evaluated: ${result.message}`,
        reason: 'FieldValueInvalid',
      });
    } else if (result === false) {
      problems.push({
        path: [...path, ...fieldPathSteps(rule.fieldPath ?? '', shape)],
        message: messageOf(rule, self),
        reason: rule.reason ?? 'FieldValueInvalid',
      });
    }
  }
}

function messageOf(rule: ValidationRule, self: CelValue): string {
  const program: Program | undefined = rule.messageExpression ? compileCel(rule.messageExpression) : undefined;
  const computed = program?.evaluate(self, none);
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
