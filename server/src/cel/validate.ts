// Rules of custom resources (`x-kubernetes-validations`) against a value, walking the schema as apiextensions-apiserver
// pkg/apiserver/schema/cel/validation.go does when an object is created.

import type { Schema, ValidationRule } from '../schema/schema.ts';
import type { Path, Value } from '../syntax/tree.ts';
import { unknown } from '../syntax/tree.ts';
import { isList, isObject } from '../syntax/value.ts';
import { compileCel, type Program } from './compile.ts';
import { isExposed, toCel, withObjectMeta } from './convert.ts';
import { fieldPathSteps } from './field-path.ts';
import { type CelValue, isFailure, none } from './value.ts';

export interface CelProblem {
  /** To the value the rule is about; its `fieldPath` is followed. */
  readonly path: Path;
  readonly message: string;
  readonly reason: NonNullable<ValidationRule['reason']>;
}

/**
 * What the rules of the schema of an object's root say of a new object. A rule that can't be judged says nothing:
 * values unknown, an expression beyond what we read, transitions from an old object. The value fits the schema.
 */
export function celProblems(schema: Schema, value: Value): readonly CelProblem[] {
  if (!hasRules(schema)) return [];
  const problems: CelProblem[] = [];
  walk(schema, withObjectMeta(schema), value, [], problems);
  return problems;
}

/** Whether a rule stands anywhere at or below a schema. */
export function hasRules(schema: Schema): boolean {
  const known = ruled.get(schema);
  if (known !== undefined) return known;
  // Schemas may contain themselves (JSONSchemaProps): nothing found on the way round is nothing.
  ruled.set(schema, false);
  const { properties, items, additionalProperties, allOf } = schema;
  const children = [...Object.values(properties ?? {}), ...(items ? [items] : []), ...(allOf ?? [])];
  if (typeof additionalProperties === 'object') children.push(additionalProperties);
  const found = (schema['x-kubernetes-validations'] ?? []).length > 0 || children.some(hasRules);
  ruled.set(schema, found);
  return found;
}

const ruled = new WeakMap<Schema, boolean>();

/** `rules` is the schema whose rules count, `shape` the one that types the value: they differ within `allOf`. */
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
    // Rules about a change need something that changed, unless they say they can do without.
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
  // The server falls back where the computed message is empty, has lines or is too long.
  if (text !== '' && !text.includes('\n') && text.length <= 5 * 1024) return text;
  const written = rule.message?.trim() ?? '';
  if (written !== '') return written;
  return `fails the rule “${short(rule.rule)}”`;
}

function short(rule: string): string {
  const line = rule.trim().replace(/\s+/g, ' ');
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
