// Checks of the CEL rules and defaults in a CRD's schema: each rule must compile against the schema's types, and each
// default must be valid against its schema (apiextensions-apiserver pkg/apiserver/schema/cel/compilation.go and
// defaulting). As in the API server, they run only on schemas without other errors.

import { withObjectMeta } from '../../cel/convert.ts';
import { type Declared, expressionProblem, uncertain } from '../../cel/declared.ts';
import { fieldPathSteps } from '../../cel/field-path.ts';
import { celProblems } from '../../cel/validate.ts';
import { schemaOf } from '../../schema/facts.ts';
import type { Schema } from '../../schema/schema.ts';
import { type Path, unknown, type Value } from '../../syntax/tree.ts';
import { hasUnknown, hasUnknownKey, isObject, type ObjectValue, own } from '../../syntax/value.ts';
import { checkStructure } from '../structure.ts';
import { checkUnknownFields } from '../unknown-fields.ts';
import { sentenceOf } from '../words.ts';
import { at, entries, type Field, fail, failAs, flag, isHole, isSet, items, onceSound, text } from './field.ts';
import { subschema } from './structural.ts';

const embedded = 'x-kubernetes-embedded-resource';
const validations = 'x-kubernetes-validations';

/**
 * Whether all defaults are valid; only then does the API server check the rules. A default is judged as soon as its own
 * schema is known, whatever is unknown elsewhere.
 */
export function checkDefaults(schema: Field): boolean {
  let fits = true;
  const add: Field['problems']['add'] = (...problem) => {
    fits = false;
    schema.problems.add(...problem);
  };
  walkDefaults({ ...schema, problems: { ...schema.problems, add } }, { inMeta: false, isRoot: true });
  return fits;
}

const soundDefaults = new WeakMap<object, string>();

function walkDefaults(field: Field, { inMeta, isRoot }: { readonly inMeta: boolean; readonly isRoot: boolean }): void {
  const byDefault = at(field, 'default');
  if (isSet(byDefault) && !inMeta && isReadable(field.value as Value))
    checkDefault(byDefault, field, schemaOf(field.value, 'drop'));
  const inner = subschema(field, 'items');
  if (inner) walkDefaults(inner, { inMeta, isRoot: false });
  for (const [name, property] of entries(at(field, 'properties'))) {
    const isMeta = (isRoot || flag(at(field, embedded))) && ['metadata', 'apiVersion', 'kind'].includes(name);
    const there = { inMeta: inMeta || isMeta, isRoot: false };
    onceSound(soundDefaults, property, String(there.inMeta), (once) => walkDefaults(once, there));
  }
}

/** Whether a schema is known but for whole properties, which may be any then; with `isAny`, also for all properties of an object. */
function isReadable(schema: Value, isAny = false): boolean {
  if (!isObject(schema)) return schema !== unknown;
  if (hasUnknownKey(schema)) return false;
  return Object.entries(schema).every(([name, part]) => {
    if (name === 'items' || name === 'additionalProperties') return isReadable(part, isAny);
    if (name === 'properties' && part === unknown) return isAny;
    if (name !== 'properties' || !isObject(part)) return !hasUnknown(part);
    return !hasUnknownKey(part) && Object.values(part).every((one) => one === unknown || isReadable(one, isAny));
  });
}

function checkDefault(field: Field, owner: Field, schema: Schema): void {
  const value = field.value as Value;
  const { default: _own, ...rest } = schema;
  let fits = true;
  const unfit = (steps: Path, where: Field, message: string): void => {
    fits = false;
    failAs([...field.path, ...steps], where, 'invalid', message);
  };
  // All structural problems are reported at the default as a whole.
  wrapped(value, rest, (steps, message) => unfit(steps, field, `is invalid against its schema: ${message}`));
  if (!fits || hasUnknown(owner.value as Value)) return;
  const self = schema[embedded] ? withObjectMeta(schema) : schema;
  for (const rule of items(at(owner, validations))) {
    const problem = compileProblem(rule, self);
    if (problem) unfit([], at(rule, 'rule'), `${problem}, so the default can’t be checked.`);
  }
  for (const { path, message } of celProblems(rest, value))
    unfit(path, field, `violates a rule of its schema: ${message}.`);
}

/** The checks of custom resources require an object, so the default is wrapped as the only field of one. */
function wrapped(value: Value, schema: Schema, report: (steps: (string | number)[], message: string) => void): void {
  const within: Schema = { type: 'object', properties: { default: schema } };
  checkUnknownFields({ default: value }, within, [], () => report([], 'it has unknown fields.'));
  checkStructure({ default: value }, within, [], (problem) =>
    report(problem.path.slice(1) as (string | number)[], sentenceOf(problem)),
  );
}

export function checkCompiled(schema: Field): void {
  const value = schema.value as Value;
  if (isReadable(value, true)) walkRules({ ...schema, value: withAny(value) }, { root: true, correlated: true });
}

/** Schemas of which no property is known. */
const open = new WeakSet<object>();

/** The schema with properties that may be any in place of those that aren't known. */
function withAny(schema: Value): Value {
  if (schema === unknown) return uncertain as Value;
  if (!isObject(schema) || !hasUnknown(schema)) return schema;
  if (own(schema, 'properties') === unknown) {
    const rules = own(schema, validations);
    const any = { ...uncertain, ...(rules !== undefined && { [validations]: rules }) } as ObjectValue;
    open.add(any);
    return any;
  }
  const parts = Object.entries(schema).map(([name, part]): [string, Value] => {
    if (name === 'items' || name === 'additionalProperties') return [name, withAny(part)];
    if (name !== 'properties' || !isObject(part)) return [name, part];
    return [name, Object.fromEntries(Object.entries(part).map(([key, one]) => [key, withAny(one)]))];
  });
  return Object.fromEntries(parts);
}

interface Place {
  readonly root: boolean;
  /** Whether an old value can be correlated with the new one. */
  readonly correlated: boolean;
}

const soundRules = new WeakMap<object, string>();

function walkRules(field: Field, place: Place): void {
  const rules = items(at(field, validations)).filter((rule) => !isHole(rule));
  if (rules.length > 0) {
    const schema = schemaOf(field.value, 'drop');
    const self = place.root || schema[embedded] ? withObjectMeta(schema) : schema;
    const isOpen = isObject(field.value as Value) && open.has(field.value as ObjectValue);
    for (const rule of rules) checkRule(rule, self, place, isOpen);
  }
  const correlated = place.correlated && text(at(field, 'x-kubernetes-list-type')) === 'map';
  const inner = subschema(field, 'items');
  if (inner) walkRules(inner, { root: false, correlated });
  const there: Place = { root: false, correlated: place.correlated };
  for (const [, property] of entries(at(field, 'properties')))
    onceSound(soundRules, property, String(there.correlated), (once) => walkRules(once, there));
  const additional = subschema(field, 'additionalProperties');
  if (additional) walkRules(additional, there);
}

function declaredFor(rule: Field, self: Schema): Declared {
  return new Map([
    ['self', self],
    ['oldSelf', flag(at(rule, 'optionalOldSelf')) ? unknown : self],
  ]);
}

function compileProblem(rule: Field, self: Schema): string | undefined {
  const written = text(at(rule, 'rule'));
  return written ? expressionProblem(written, declaredFor(rule, self), ['bool']) : undefined;
}

function checkRule(rule: Field, self: Schema, { correlated }: Place, isOpen: boolean): void {
  const written = text(at(rule, 'rule'));
  if (!written) return;
  const declared = declaredFor(rule, self);
  const problem = compileProblem(rule, self);
  if (problem) fail(at(rule, 'rule'), 'invalid', `${problem}.`);
  const message = text(at(rule, 'messageExpression'));
  const bad = message?.trim() ? expressionProblem(message, declared, ['string']) : undefined;
  if (bad) fail(at(rule, 'messageExpression'), 'invalid', `${bad}.`);
  const usesOld = /\boldSelf\b/.test(written);
  if (usesOld && !correlated)
    fail(at(rule, 'rule'), 'invalid', 'must not use oldSelf here: old and new items of this list can’t be correlated.');
  if (!usesOld && isSet(at(rule, 'optionalOldSelf')))
    fail(at(rule, 'optionalOldSelf'), 'invalid', 'can be set only if the rule uses oldSelf.');
  const path = text(at(rule, 'fieldPath'));
  if (path && !isOpen && fieldPathSteps(path, self).length === 0)
    fail(at(rule, 'fieldPath'), 'invalid', 'must be the path of a field in this schema, such as .spec.replicas.');
}
