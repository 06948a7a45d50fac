// Checks of a CRD's schema beyond its structure: keywords, lists and maps, defaults, rules
// (apiextensions-apiserver pkg/apis/apiextensions/validation ValidateCustomResourceDefinitionOpenAPISchema).

import { isObject } from '../../syntax/value.ts';
import { show } from '../words.ts';
import {
  at,
  count,
  entries,
  type Field,
  fail,
  failAs,
  flag,
  isHole,
  isSet,
  items,
  onceSound,
  oneOf,
  text,
} from './field.ts';
import { subschema } from './structural.ts';

const listType = 'x-kubernetes-list-type';
const mapType = 'x-kubernetes-map-type';
const listMapKeys = 'x-kubernetes-list-map-keys';
const embedded = 'x-kubernetes-embedded-resource';
const preserve = 'x-kubernetes-preserve-unknown-fields';
const validations = 'x-kubernetes-validations';

interface Place {
  readonly root: boolean;
  /** Whether this is within `metadata`, `kind` or `apiVersion` of an object. */
  readonly inMeta: boolean;
  /** Where this is, if no default is allowed here. */
  readonly noDefaults?: string;
}

export function checkOpenApi(schema: Field): void {
  walk(schema, { root: true, inMeta: false });
}

const metaFields: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

const soundProperties = new WeakMap<object, string>();

function walk(schema: Field, place: Place): void {
  if (isHole(schema)) return;
  checkKeywords(schema, place);
  checkProperties(schema);
  checkLists(schema);
  checkRules(schema);
  const inner: Place = { ...place, root: false };
  const additional = subschema(schema, 'additionalProperties');
  if (additional) walk(additional, place.inMeta ? { ...inner, noDefaults: 'within additionalProperties' } : inner);
  for (const [name, property] of entries(at(schema, 'properties'))) {
    const meta = metaFields.has(name) && (place.root || flag(at(schema, embedded)));
    const there: Place = {
      ...inner,
      inMeta: place.inMeta || meta,
      ...(meta && place.root && { noDefaults: `in ${name}, which the API server defines itself` }),
    };
    onceSound(soundProperties, property, `${there.inMeta} ${there.noDefaults}`, (once) => walk(once, there));
  }
  for (const name of ['not', 'items']) {
    const one = subschema(schema, name);
    if (one) walk(one, inner);
  }
  for (const name of ['allOf', 'oneOf', 'anyOf']) for (const branch of items(at(schema, name))) walk(branch, inner);
  for (const [, definition] of entries(at(schema, 'definitions'))) walk(definition, inner);
}

const unsupported = ['additionalItems', 'patternProperties', 'definitions', 'dependencies', '$ref', 'id', '$schema'];

function checkKeywords(schema: Field, { inMeta, noDefaults }: Place): void {
  const type = at(schema, 'type');
  if (text(type)) oneOf(type, ['array', 'boolean', 'integer', 'number', 'object', 'string']);
  if (noDefaults && isSet(at(schema, 'default')))
    fail(at(schema, 'default'), 'forbidden', `must not be set ${noDefaults}.`);
  for (const name of unsupported) {
    const field = at(schema, name);
    const empty = name === 'patternProperties' || name === 'definitions' ? count(field) === 0 : text(field) === '';
    if (!isSet(field) || isHole(field) || (empty && name !== '$ref')) continue;
    // The API server reports this keyword at the root.
    const blamed = name === '$schema' ? field.path.slice(0, field.path.indexOf('openAPIV3Schema') + 1) : field.path;
    failAs(blamed, field, 'forbidden', 'is not supported in CRDs.');
  }
  if (Array.isArray(at(schema, 'items').value) && count(at(schema, 'items')))
    fail(at(schema, 'items'), 'forbidden', 'must be a single schema, not a list.');
  if (inMeta && flag(at(schema, embedded))) fail(at(schema, embedded), 'forbidden', 'must not be set within metadata.');
  if (flag(at(schema, 'uniqueItems')))
    fail(
      at(schema, 'uniqueItems'),
      'forbidden',
      'must not be true, since checking it is too slow; use x-kubernetes-list-type: set.',
    );
  if (at(schema, preserve).value === false) fail(at(schema, preserve), 'invalid', 'must be true or omitted.');
}

function checkProperties(schema: Field): void {
  const additional = at(schema, 'additionalProperties');
  if (count(at(schema, 'properties')) && (additional.value === false || isObject(additional.value)))
    fail(additional, 'forbidden', 'must not be set together with properties.');
  const kind = at(schema, mapType);
  if (!isSet(kind)) return;
  mustBe(at(schema, 'type'), 'object', mapType);
  oneOf(kind, ['atomic', 'granular'], 'mandatory');
}

function mustBe(type: Field, wanted: string, because: string): void {
  const value = text(type);
  if (value !== undefined && value !== wanted)
    fail(type, value === '' ? 'required' : 'invalid', `must be ${wanted} with ${because}.`);
}

function checkLists(schema: Field): void {
  const [type, keys] = [at(schema, listType), at(schema, listMapKeys)];
  const kind = text(type);
  if (isHole(type)) return;
  if (isSet(type)) {
    mustBe(at(schema, 'type'), 'array', listType);
    oneOf(type, ['atomic', 'map', 'set'], 'mandatory');
  }
  if (count(keys) && kind !== 'map')
    fail(type, isSet(type) ? 'invalid' : 'required', `must be map with ${listMapKeys}.`);
  const item = subschema(schema, 'items');
  if (kind === 'set' && item && text(at(schema, 'type')) === 'array') checkSetItems(item);
  if (kind === 'map') checkMapList(schema, keys, item);
  if (item && (kind === 'map' || kind === 'set') && flag(at(item, 'nullable')))
    fail(at(item, 'nullable'), 'forbidden', `must not be true in a list of type ${kind}.`);
}

/** Items of a set must be comparable as a whole. */
function checkSetItems(item: Field): void {
  const type = text(at(item, 'type'));
  const [ofMap, ofList] = [at(item, mapType), at(item, listType)];
  if (type === 'object' && text(ofMap) !== 'atomic' && !isHole(ofMap))
    fail(ofMap, 'invalid', 'must be atomic for the objects of a set.');
  if (type === 'array' && isSet(ofList) && text(ofList) !== 'atomic' && !isHole(ofList))
    fail(ofList, 'invalid', 'must be atomic for the lists of a set.');
}

function checkMapList(schema: Field, keys: Field, item: Field | undefined): void {
  if (count(keys) === 0) fail(keys, 'required', `is required with ${listType}: map.`);
  const inner = at(schema, 'items');
  if (!isSet(inner)) fail(inner, 'required', `is required with ${listType}: map.`);
  else if (!item && !isHole(inner)) fail(inner, 'invalid', `must be a single schema with ${listType}: map.`);
  if (!item) return;
  const type = text(at(item, 'type'));
  if (type !== undefined && type !== 'object')
    fail(at(item, 'type'), 'invalid', `must be object with ${listType}: map.`);
  const requiredNames = new Set(items(at(item, 'required')).map((field) => field.value));
  const seen = new Set<string>();
  for (const key of items(keys)) {
    const name = text(key);
    if (name === undefined || isHole(at(item, 'properties'))) continue;
    const property = at(item, 'properties', name);
    if (type === 'object' && !isSet(property))
      failAs(keys.path, key, 'invalid', `must contain only properties of the items, not ${show(name)}.`);
    if (type === 'object' && seen.has(name)) failAs(keys.path, key, 'invalid', `repeats ${show(name)}.`);
    seen.add(name);
    if (!isSet(property) || isHole(property)) continue;
    const kind = text(at(property, 'type'));
    if (type === 'object' && (kind === 'array' || kind === 'object'))
      fail(at(property, 'type'), 'invalid', `must not be ${kind}, since the field is in ${listMapKeys}.`);
    if (!requiredNames.has(name) && !isSet(at(property, 'default')) && !isHole(at(item, 'required')))
      fail(
        at(property, 'default'),
        'required',
        `is required unless the field is required, since the field is in ${listMapKeys}.`,
      );
    if (flag(at(property, 'nullable')))
      fail(at(property, 'nullable'), 'forbidden', `must not be true, since the field is in ${listMapKeys}.`);
  }
}

const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];

/** Checks the fields of each rule; rules.ts checks that rules compile. */
function checkRules(schema: Field): void {
  for (const rule of items(at(schema, validations))) {
    if (isHole(rule)) continue;
    const [written, message] = [text(at(rule, 'rule')), text(at(rule, 'message'))];
    const said = message?.trim();
    if (written?.trim() === '') fail(at(rule, 'rule'), 'required', 'is required.');
    else if (message && said === '') fail(at(rule, 'message'), 'invalid', 'must not be blank.');
    else if (said && /[\r\n]/.test(said)) fail(at(rule, 'message'), 'invalid', 'must be a single line.');
    else if (written && /[\r\n]/.test(written.trim()) && said === '')
      fail(at(rule, 'message'), 'required', 'is required if the rule has several lines.');
    const computed = text(at(rule, 'messageExpression'));
    if (computed && computed.trim() === '') fail(at(rule, 'messageExpression'), 'required', 'must not be blank.');
    oneOf(at(rule, 'reason'), reasons);
    const path = text(at(rule, 'fieldPath'));
    if (path && path.trim() === '') fail(at(rule, 'fieldPath'), 'invalid', 'must not be blank.');
    if (path && /[\r\n]/.test(path)) fail(at(rule, 'fieldPath'), 'invalid', 'must be a single line.');
  }
}
