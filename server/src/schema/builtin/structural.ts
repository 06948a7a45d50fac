// Whether a CRD's schema is structural: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
// (apiextensions-apiserver pkg/apiserver/schema/validation.go and pkg/apis/apiextensions/validation).
import { compilePattern } from '../pattern.ts';
import { show } from '../problem.ts';
import {
  at,
  count,
  entries,
  type Field,
  fail,
  flag,
  isHole,
  isSet,
  items,
  oneOf,
  required,
  text,
  unique,
} from './field.ts';

const intOrString = 'x-kubernetes-int-or-string';
const preserve = 'x-kubernetes-preserve-unknown-fields';
const embedded = 'x-kubernetes-embedded-resource';
const listType = 'x-kubernetes-list-type';
const listMapKeys = 'x-kubernetes-list-map-keys';
const validations = 'x-kubernetes-validations';

type Level = 'root' | 'items' | 'field';

export function checkStructural(schema: Field): void {
  checkSchema(schema, 'root');
  if (flag(at(schema, 'nullable'))) fail(at(schema, 'nullable'), 'forbidden', 'can’t be true at the root.');
}

function checkSchema(schema: Field, level: Level): void {
  if (!isSet(schema) || isHole(schema)) return;
  checkType(schema, level);
  checkUnsupported(schema);
  checkLists(schema);
  checkExtensions(schema);
  checkJunctors(schema);
  checkPattern(schema);
  checkRules(schema);
  checkSchema(at(schema, 'items'), 'items');
  for (const [name, property] of entries(at(schema, 'properties'))) {
    if (level === 'root' && name === 'metadata') checkMetadata(property);
    else checkSchema(property, 'field');
  }
  const additional = at(schema, 'additionalProperties');
  if (level === 'root' && isSet(additional)) fail(additional, 'forbidden', 'can’t be used at the root.');
  if (isSet(additional) && count(at(schema, 'properties')) && additional.value !== true)
    fail(additional, 'forbidden', 'can’t stand beside properties.');
  checkSchema(typeof additional.value === 'object' ? additional : at(additional, 'none'), 'field');
}

function checkType(schema: Field, level: Level): void {
  const type = at(schema, 'type');
  const value = text(type);
  if (value === undefined) return;
  const free =
    flag(at(schema, intOrString)) ||
    flag(at(schema, preserve)) ||
    isHole(at(schema, intOrString)) ||
    isHole(at(schema, preserve));
  if (value === '') {
    if (level === 'root' || flag(at(schema, embedded)) || !free)
      fail(
        type,
        'required',
        `is required ${level === 'root' ? 'at the root' : level === 'items' ? 'for the items of a list' : 'for a field'}.`,
      );
    return;
  }
  oneOf(type, ['array', 'boolean', 'integer', 'number', 'object', 'string']);
  if (level === 'root' && value !== 'object') fail(type, 'invalid', `must be object at the root, not ${show(value)}.`);
  if (flag(at(schema, embedded)) && value !== 'object') fail(type, 'invalid', `must be object with ${embedded}.`);
  if (flag(at(schema, intOrString)) && level !== 'root') fail(type, 'invalid', `can’t be set with ${intOrString}.`);
  if (value === 'array' && !isSet(at(schema, 'items')))
    fail(at(schema, 'items'), 'required', 'is required with type: array.');
}

const unsupported = ['id', 'additionalItems', 'patternProperties', 'definitions', 'dependencies', '$ref'];

function checkUnsupported(schema: Field): void {
  for (const name of unsupported)
    if (isSet(at(schema, name)) && count(at(schema, name)) !== 0)
      fail(at(schema, name), 'forbidden', 'isn’t supported in CRDs.');
  if (flag(at(schema, 'uniqueItems')))
    fail(
      at(schema, 'uniqueItems'),
      'forbidden',
      'can’t be true: checking it would be too slow. Use x-kubernetes-list-type: set.',
    );
}

function checkLists(schema: Field): void {
  const type = at(schema, listType);
  const kind = text(type);
  const keys = at(schema, listMapKeys);
  if (isSet(type)) {
    oneOf(type, ['atomic', 'map', 'set'], 'mandatory');
    if (text(at(schema, 'type')) !== 'array' && !isHole(at(schema, 'type')))
      fail(at(schema, 'type'), 'invalid', `must be array with ${listType}.`);
  }
  const mapType = at(schema, 'x-kubernetes-map-type');
  if (isSet(mapType)) {
    oneOf(mapType, ['atomic', 'granular'], 'mandatory');
    if (text(at(schema, 'type')) !== 'object' && !isHole(at(schema, 'type')))
      fail(at(schema, 'type'), 'invalid', 'must be object with x-kubernetes-map-type.');
  }
  if (isHole(type) || isHole(keys)) return;
  if (kind !== 'map') {
    if (count(keys)) fail(keys, 'forbidden', `can be set with ${listType}: map only.`);
    if (kind === 'set') checkSetItems(at(schema, 'items'));
    return;
  }
  if (count(keys) === 0) fail(keys, 'required', `is required with ${listType}: map.`);
  unique(items(keys), 'key');
  const item = at(schema, 'items');
  const requiredKeys = new Set(items(at(item, 'required')).map((field) => field.value));
  for (const key of items(keys)) {
    const name = text(key);
    if (!name || isHole(item) || isHole(at(item, 'properties'))) continue;
    const property = at(item, 'properties', name);
    if (!isSet(property)) fail(key, 'invalid', `names ${show(name)}, which isn’t among the items’ properties.`);
    else if (!requiredKeys.has(name) && !isSet(at(property, 'default')) && !isHole(at(item, 'required')))
      fail(at(property, 'default'), 'required', `is required, or the field must be: it is a key of ${listMapKeys}.`);
  }
  if (text(at(item, 'type')) !== 'object' && isSet(at(item, 'type')) && !isHole(at(item, 'type')))
    fail(at(item, 'type'), 'invalid', `must be object with ${listType}: map.`);
  if (flag(at(item, 'nullable'))) fail(at(item, 'nullable'), 'forbidden', `can’t be true in a list of type ${kind}.`);
}

/** Items of a set must compare as one value. */
function checkSetItems(item: Field): void {
  if (flag(at(item, 'nullable'))) fail(at(item, 'nullable'), 'forbidden', 'can’t be true in a list of type set.');
  const type = text(at(item, 'type'));
  if (
    type === 'object' &&
    text(at(item, 'x-kubernetes-map-type')) !== 'atomic' &&
    !isHole(at(item, 'x-kubernetes-map-type'))
  )
    fail(at(item, 'x-kubernetes-map-type'), 'invalid', 'must be atomic for the objects of a set.');
  if (type === 'array' && !['', 'atomic', undefined].includes(text(at(item, listType))))
    fail(at(item, listType), 'invalid', 'must be atomic for the lists of a set.');
}

function checkExtensions(schema: Field): void {
  if (at(schema, preserve).value === false) fail(at(schema, preserve), 'invalid', 'must be true or left out.');
  if (flag(at(schema, intOrString)) && flag(at(schema, preserve)))
    fail(at(schema, preserve), 'invalid', `can’t stand beside ${intOrString}.`);
  if (flag(at(schema, intOrString)) && flag(at(schema, embedded)))
    fail(at(schema, embedded), 'invalid', `can’t stand beside ${intOrString}.`);
  if (flag(at(schema, embedded)) && isSet(at(schema, 'additionalProperties')))
    fail(at(schema, 'additionalProperties'), 'forbidden', `can’t be used with ${embedded}.`);
  if (flag(at(schema, embedded)) && !flag(at(schema, preserve)) && count(at(schema, 'properties')) === 0)
    fail(at(schema, 'properties'), 'required', `is required with ${embedded}, or ${preserve}.`);
}

/** Inside of the junctors only values are restricted: what makes the structure stands outside. */
const structure = [
  'default',
  'title',
  'description',
  preserve,
  embedded,
  intOrString,
  listMapKeys,
  listType,
  'x-kubernetes-map-type',
  'additionalProperties',
];

function checkJunctors(schema: Field): void {
  const anyOfIntOrString = flag(at(schema, intOrString));
  for (const name of ['allOf', 'anyOf', 'oneOf'])
    for (const [index, branch] of items(at(schema, name)).entries()) {
      if (anyOfIntOrString && (name === 'anyOf' || (name === 'allOf' && index === 0))) continue;
      checkBranch(branch, name);
    }
  const not = at(schema, 'not');
  if (isSet(not)) checkBranch(not, 'not');
}

function checkBranch(branch: Field, inside: string): void {
  if (isHole(branch)) return;
  if (text(at(branch, 'type'))) fail(at(branch, 'type'), 'forbidden', `can’t be set inside ${inside}.`);
  if (flag(at(branch, 'nullable'))) fail(at(branch, 'nullable'), 'forbidden', `can’t be true inside ${inside}.`);
  for (const name of structure) {
    const field = at(branch, name);
    if (isSet(field) && field.value !== false && text(field) !== '')
      fail(field, 'forbidden', `can’t be set inside ${inside}.`);
  }
  checkPattern(branch);
  checkJunctors(branch);
  if (isSet(at(branch, 'items'))) checkBranch(at(branch, 'items'), inside);
  for (const [, property] of entries(at(branch, 'properties'))) checkBranch(property, inside);
}

function checkMetadata(metadata: Field): void {
  const type = text(at(metadata, 'type'));
  if (type !== undefined && type !== 'object') fail(at(metadata, 'type'), 'invalid', 'must be object.');
  for (const [name, property] of entries(at(metadata, 'properties')))
    if (name !== 'name' && name !== 'generateName')
      fail(property, 'forbidden', 'can’t be restricted: of metadata only name and generateName can.');
}

function checkPattern(schema: Field): void {
  const pattern = text(at(schema, 'pattern'));
  if (pattern && !compilePattern(pattern))
    fail(at(schema, 'pattern'), 'invalid', `isn’t a regular expression in RE2’s syntax: ${show(pattern)}.`);
}

function checkRules(schema: Field): void {
  for (const rule of items(at(schema, validations))) {
    required(at(rule, 'rule'));
    const message = text(at(rule, 'message'));
    if (isSet(at(rule, 'message')) && message?.trim() === '') fail(at(rule, 'message'), 'invalid', 'can’t be empty.');
    oneOf(at(rule, 'reason'), [
      'FieldValueRequired',
      'FieldValueInvalid',
      'FieldValueForbidden',
      'FieldValueDuplicate',
    ]);
  }
}
