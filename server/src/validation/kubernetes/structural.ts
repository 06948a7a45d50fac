// Checks that a CRD's schema is structural: the structure is defined outside of the logical junctors (allOf, anyOf,
// oneOf, not), and everything that a junctor restricts is defined in the structure (apiextensions-apiserver
// pkg/apiserver/schema/validation.go).
import { compilePattern } from '../../cel/pattern.ts';
import { isList, isObject } from '../../syntax/value.ts';
import { show } from '../words.ts';
import { seeking } from './blame.ts';
import { at, count, entries, type Field, fail, flag, isHole, isSet, items, onceSound, text } from './field.ts';

const intOrString = 'x-kubernetes-int-or-string';
const preserve = 'x-kubernetes-preserve-unknown-fields';
const embedded = 'x-kubernetes-embedded-resource';

type Level = 'root' | 'items' | 'field';

export function checkStructural(schema: Field): void {
  checkInvariants(schema, 'root');
}

/** The single schema in a keyword such as `items` or `not`; `undefined` if the value is anything else. */
export function subschema(schema: Field, name: string): Field | undefined {
  const field = at(schema, name);
  return isObject(field.value) ? field : undefined;
}

const soundProperties = new WeakMap<object, string>();

function checkInvariants(schema: Field, level: Level): void {
  if (isHole(schema)) return;
  const type = text(at(schema, 'type'));
  const inner = subschema(schema, 'items');
  if (type === 'array' && !inner && !isHole(at(schema, 'items')))
    fail(at(schema, 'items'), 'required', 'is required with type: array.');
  if (inner) checkInvariants(inner, 'items');
  for (const [, property] of entries(at(schema, 'properties')))
    onceSound(soundProperties, property, 'field', (once) => checkInvariants(once, 'field'));
  const additional = at(schema, 'additionalProperties');
  if (level === 'root' && isSet(additional)) fail(additional, 'forbidden', 'must not be set at the root.');
  if (isObject(additional.value)) checkInvariants(additional, 'field');
  checkExtensions(schema);
  // Upstream compares junctors with the structure only at the root.
  checkValues(schema, level === 'root' ? schema : undefined, isIntOrString(at(schema, 'anyOf')));
  checkType(schema, level, type);
  checkMetaFields(schema, level);
}

function checkType(schema: Field, level: Level, type: string | undefined): void {
  const field = at(schema, 'type');
  if (type === undefined) return;
  const nested = flag(at(schema, embedded));
  const free = [intOrString, preserve].some((name) => flag(at(schema, name)) || isHole(at(schema, name)));
  if (nested && type !== 'object')
    fail(field, type === '' ? 'required' : 'invalid', `must be object with ${embedded}.`);
  else if (type === '' && !free) {
    const where = { root: 'at the root', items: 'for the items of a list', field: 'for a field' }[level];
    fail(field, 'required', `is required ${where}.`);
  }
  if (level === 'root' && type !== '' && type !== 'object')
    fail(field, 'invalid', `must be object at the root, not ${show(type)}.`);
}

function checkExtensions(schema: Field): void {
  const nested = flag(at(schema, embedded));
  if (flag(at(schema, intOrString)) && flag(at(schema, preserve)))
    fail(at(schema, preserve), 'invalid', `must not be set together with ${intOrString}.`);
  if (flag(at(schema, intOrString)) && nested)
    fail(at(schema, embedded), 'invalid', `must not be set together with ${intOrString}.`);
  if (nested && isSet(at(schema, 'additionalProperties')))
    fail(at(schema, 'additionalProperties'), 'forbidden', `must not be set together with ${embedded}.`);
  if (nested && !flag(at(schema, preserve)) && !isHole(at(schema, preserve)) && count(at(schema, 'properties')) === 0)
    fail(at(schema, 'properties'), 'required', `is required with ${embedded} unless ${preserve} is true.`);
}

/** `kind`, `apiVersion` and `metadata` of objects and of embedded resources. */
function checkMetaFields(schema: Field, level: Level): void {
  const metadata = at(schema, 'properties', 'metadata');
  if (level !== 'root' && !flag(at(schema, embedded))) return;
  for (const name of ['kind', 'apiVersion']) {
    const property = at(schema, 'properties', name);
    const type = text(at(property, 'type'));
    if (isSet(property) && !isHole(property) && type !== undefined && type !== 'string')
      fail(at(property, 'type'), type === '' ? 'required' : 'invalid', 'must be string.');
  }
  if (!isSet(metadata) || isHole(metadata)) return;
  const type = text(at(metadata, 'type'));
  if (type !== undefined && type !== 'object')
    fail(at(metadata, 'type'), type === '' ? 'required' : 'invalid', 'must be object.');
  if (level === 'root' && restricts(metadata))
    fail(
      metadata,
      'forbidden',
      'must restrict only name and generateName: the API server defines the rest of metadata itself.',
    );
}

/**
 * Whether it restricts more than is allowed. Go's zero values are ignored, except where the API server keeps a pointer or
 * a list.
 */
function restricts(metadata: Field): boolean {
  return entries(metadata).some(([name, field]) => {
    const { value } = field;
    if (name === 'type' || name === 'default' || value === null || value === undefined || isHole(field)) return false;
    if (name === 'properties' && isObject(value)) {
      const names = Object.keys(value);
      return names.some((property) => property !== 'name' && property !== 'generateName');
    }
    if (keptWhenEmpty.has(name)) return true;
    if (name === 'definitions' || name === 'patternProperties')
      return !isObject(value) || Object.keys(value).length > 0;
    return value !== false && value !== '' && !(isList(value) && value.length === 0);
  });
}

const keptWhenEmpty: ReadonlySet<string> = new Set([
  'additionalProperties',
  'required',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-list-type',
  'x-kubernetes-map-type',
  'x-kubernetes-validations',
]);

/** Junctors and patterns, in the structure or within a junctor. `outside` is the part of the structure they restrict. */
function checkValues(values: Field, outside: Field | undefined, skipAnyOf: boolean, nested = false): void {
  const skipFirst = isIntOrString(at(items(at(values, 'allOf'))[0] ?? at(values, 'none'), 'anyOf'));
  if (!skipAnyOf) for (const branch of items(at(values, 'anyOf'))) checkNested(branch, outside, false);
  else for (const branch of items(at(values, 'anyOf'))) checkComplete(branch, outside);
  for (const [index, branch] of items(at(values, 'allOf')).entries())
    checkNested(branch, outside, index === 0 && skipFirst && !nested);
  for (const branch of items(at(values, 'oneOf'))) checkNested(branch, outside, false);
  const not = subschema(values, 'not');
  if (not) checkNested(not, outside, false);
  const pattern = text(at(values, 'pattern'));
  if (pattern && !compilePattern(pattern))
    fail(at(values, 'pattern'), 'invalid', `must be a regular expression in RE2 syntax, not ${show(pattern)}.`);
}

/** The keywords of a schema; the API server drops other fields before it validates. */
const says =
  /^(\$ref|\$schema|additionalItems|additionalProperties|allOf|anyOf|default|definitions|dependencies|description|enum|example|exclusiveMaximum|exclusiveMinimum|externalDocs|format|id|items|(max|min)(imum|Items|Length|Properties)|multipleOf|not|nullable|oneOf|pattern|patternProperties|properties|required|title|type|uniqueItems|x-kubernetes-(embedded-resource|int-or-string|list-map-keys|list-type|map-type|preserve-unknown-fields|validations))$/;

/** `[{type: integer}, {type: string}]`, without other keywords. */
function isIntOrString(branches: Field): boolean {
  const list = items(branches);
  return (
    list.length === 2 &&
    ['integer', 'string'].every(
      (type, index) =>
        text(at(list[index]!, 'type')) === type &&
        entries(list[index]!).every(([name]) => !says.test(name) || name === 'type'),
    )
  );
}

/** Keywords allowed only in the structure. */
const structural = [
  'default',
  'title',
  'description',
  preserve,
  embedded,
  intOrString,
  'x-kubernetes-list-map-keys',
  'x-kubernetes-list-type',
  'x-kubernetes-map-type',
  'x-kubernetes-validations',
  'nullable',
  'type',
];

function checkNested(branch: Field, outside: Field | undefined, skipAnyOf: boolean): void {
  if (isHole(branch)) return;
  checkComplete(branch, outside);
  checkValues(branch, outside, skipAnyOf, true);
  const inner = subschema(branch, 'items');
  if (inner) checkNested(inner, outside && subschema(outside, 'items'), false);
  for (const [name, property] of entries(at(branch, 'properties'))) {
    const known = outside && at(outside, 'properties', name);
    checkNested(property, known && isObject(known.value) ? known : undefined, false);
    if (name === 'metadata') fail(property, 'forbidden', 'must not be restricted inside anyOf, allOf, oneOf or not.');
  }
  const besides = typeof branch.path.at(-1) === 'number' ? [branch.path.slice(0, -1)] : [];
  for (const name of structural) {
    const field = at(branch, name);
    const set = isSet(field) && !isHole(field) && field.value !== false && text(field) !== '';
    const listed = name !== 'x-kubernetes-list-map-keys' && name !== 'x-kubernetes-validations';
    // The branch next to type: integer may be type: string; a keyword that is missing there takes this exception away.
    if (set && (listed || count(field) !== 0))
      fail(seeking(field, besides), 'forbidden', 'must not be set inside anyOf, allOf, oneOf or not.');
  }
  const additional = at(branch, 'additionalProperties');
  if (isObject(additional.value) || additional.value === true)
    fail(additional, 'forbidden', 'must not be set inside anyOf, allOf, oneOf or not.');
}

/** Every field that a branch restricts must be defined in the structure. */
function checkComplete(branch: Field, outside: Field | undefined): void {
  if (!outside || isHole(branch) || isHole(outside)) return;
  if (subschema(branch, 'items') && !isSet(at(outside, 'items')))
    fail(at(outside, 'items'), 'required', 'is required: anyOf, allOf, oneOf or not restricts it.');
  if (isHole(at(outside, 'properties'))) return;
  for (const [name] of entries(at(branch, 'properties')))
    if (!isSet(at(outside, 'properties', name)))
      fail(at(outside, 'properties', name), 'required', 'is required: anyOf, allOf, oneOf or not restricts it.');
}
