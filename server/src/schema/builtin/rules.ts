// Rules and defaults of a CRD's schema: whether each rule compiles against the schema's types, and whether each default
// fits the schema it stands in (apiextensions-apiserver pkg/apiserver/schema/cel/compilation.go and defaulting).
// Asked of sound schemas only, as the server does.
import type { Value } from '../../syntax/tree.ts';
import { unknown } from '../../syntax/tree.ts';
import { withObjectMeta } from '../cel/convert.ts';
import { type Declared, expressionProblem } from '../cel/declared.ts';
import { fieldPathSteps } from '../cel/field-path.ts';
import { celProblems } from '../cel/validate.ts';
import { schemaOf } from '../facts.ts';
import { hasUnknown } from '../problem.ts';
import type { Schema } from '../schema.ts';
import { checkStructure } from '../structure.ts';
import { checkUnknownFields } from '../unknown-fields.ts';
import { at, entries, type Field, fail, failAs, flag, isHole, isSet, items, text } from './field.ts';
import { subschema } from './structural.ts';

const embedded = 'x-kubernetes-embedded-resource';
const validations = 'x-kubernetes-validations';

export function checkDefaults(schema: Field): void {
  if (hasUnknown(schema.value as Value)) return;
  walkDefaults(schema, schemaOf(schema.value, 'drop'), false, true);
}

function walkDefaults(field: Field, schema: Schema, inMeta: boolean, root: boolean): void {
  const byDefault = at(field, 'default');
  if (isSet(byDefault) && !inMeta) checkDefault(byDefault, schema);
  const inner = subschema(field, 'items');
  if (inner && schema.items) walkDefaults(inner, schema.items, inMeta, false);
  for (const [name, property] of entries(at(field, 'properties'))) {
    const known = schema.properties?.[name];
    const meta = (root || flag(at(field, embedded))) && ['metadata', 'apiVersion', 'kind'].includes(name);
    if (known) walkDefaults(property, known, inMeta || meta, false);
  }
}

function checkDefault(field: Field, schema: Schema): void {
  const value = field.value as Value;
  const { default: _own, ...rest } = schema;
  let unfit = false;
  // Whatever is wrong with it, and wherever, stands in this one value.
  wrapped(value, rest, (step, message) => {
    unfit = true;
    failAs([...field.path, ...step], field, 'invalid', `doesn’t fit its schema: ${message}`);
  });
  if (unfit) return;
  for (const { path, message } of celProblems(rest, value))
    failAs([...field.path, ...path], field, 'invalid', `breaks a rule of its schema: ${message}.`);
}

/** The checks of custom resources want an object; the default stands in one as its only field. */
function wrapped(value: Value, schema: Schema, report: (steps: (string | number)[], message: string) => void): void {
  const within: Schema = { type: 'object', properties: { default: schema } };
  const said = ({ path, message }: { readonly path: readonly (string | number)[]; readonly message: string }): void =>
    report(path.slice(1) as (string | number)[], message);
  checkUnknownFields({ default: value }, within, [], () => report([], 'it has fields that aren’t there.'));
  checkStructure({ default: value }, within, [], said);
}

export function checkCompiled(schema: Field): void {
  if (hasUnknown(schema.value as Value)) return;
  walkRules(schema, schemaOf(schema.value, 'drop'), { root: true, correlated: true });
}

interface Place {
  readonly root: boolean;
  /** Whether old and new values of this part can be told to belong together. */
  readonly correlated: boolean;
}

function walkRules(field: Field, schema: Schema, place: Place): void {
  const self = place.root || schema[embedded] ? withObjectMeta(schema) : schema;
  for (const rule of items(at(field, validations))) if (!isHole(rule)) checkRule(rule, self, place);
  const inner = subschema(field, 'items');
  const correlated = place.correlated && schema['x-kubernetes-list-type'] === 'map';
  if (inner && schema.items) walkRules(inner, schema.items, { root: false, correlated });
  for (const [name, property] of entries(at(field, 'properties'))) {
    const known = schema.properties?.[name];
    if (known) walkRules(property, known, { root: false, correlated: place.correlated });
  }
  const additional = subschema(field, 'additionalProperties');
  if (additional && typeof schema.additionalProperties === 'object')
    walkRules(additional, schema.additionalProperties, { root: false, correlated: place.correlated });
}

function checkRule(rule: Field, self: Schema, { correlated }: Place): void {
  const written = text(at(rule, 'rule'));
  if (!written) return;
  const declared: Declared = new Map([
    ['self', self],
    ['oldSelf', flag(at(rule, 'optionalOldSelf')) ? unknown : self],
  ]);
  const problem = expressionProblem(written, declared, ['bool']);
  if (problem) fail(at(rule, 'rule'), 'invalid', `${problem}.`);
  const message = text(at(rule, 'messageExpression'));
  const bad = message?.trim() ? expressionProblem(message, declared, ['string']) : undefined;
  if (bad) fail(at(rule, 'messageExpression'), 'invalid', `${bad}.`);
  const usesOld = /\boldSelf\b/.test(written);
  if (usesOld && !correlated)
    fail(at(rule, 'rule'), 'invalid', 'can’t use oldSelf here: items of such a list can’t be told apart over time.');
  if (!usesOld && isSet(at(rule, 'optionalOldSelf')))
    fail(at(rule, 'optionalOldSelf'), 'invalid', 'can be set only where the rule uses oldSelf.');
  const path = text(at(rule, 'fieldPath'));
  if (path && fieldPathSteps(path, self).length === 0)
    fail(at(rule, 'fieldPath'), 'invalid', 'must lead to a field of this schema, as in .spec.replicas.');
}
