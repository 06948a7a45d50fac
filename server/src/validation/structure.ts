// Checks a value against a structural schema with the API server's semantics (kube-openapi pkg/validation/validate, as
// apiextensions-apiserver uses it for custom resources): types, enums, patterns, formats, bounds, required fields and
// combinations of schemas. Holes satisfy every check.

import { compilePattern } from '../cel/pattern.ts';
import { formatCheck } from '../kube/values/formats.ts';
import { valueOfJson } from '../schema/defaults.ts';
import { nearest } from '../schema/nearest.ts';
import type { Schema } from '../schema/schema.ts';
import { type Path, unknown, type Value } from '../syntax/tree.ts';
import { hasUnknown, hasUnknownKey, isList, isObject, type ObjectValue } from '../syntax/value.ts';
import { checkCombinations } from './combinations.ts';
import { checkEmbedded } from './embedded.ts';
import { checkListType, identityOf } from './lists.ts';
import { missing } from './missing.ts';
import { booleanOf, type Expected, errorAt, type Facts, missingSpace, type Remedy, type Report } from './problem.ts';

/** Reports all problems at and below the value; paths begin with `path`. `objectMeta` is the OpenAPI schema of ObjectMeta. */
export function checkStructure(value: Value, schema: Schema, path: Path, report: Report, objectMeta?: Schema): void {
  walk(value, schema, [...path], { report, objectMeta });
}

interface Context {
  readonly report: Report;
  readonly objectMeta: Schema | undefined;
}

type Steps = (string | number)[];

function walk(value: Value, schema: Schema, path: Steps, context: Context): void {
  if (value === unknown) return;
  const { report } = context;
  checkType(value, schema, path, report);
  if (value !== null) {
    if (schema.anyOf || schema.oneOf || schema.allOf || schema.not)
      checkCombinations(value, schema, path, walkBranch, report);
    if (typeof value === 'string') checkString(value, schema, path, report);
    else if (typeof value === 'bigint' || typeof value === 'number') checkNumber(value, schema, path, report);
    else if (isList(value)) checkList(value, schema, path, context);
    else if (isObject(value)) checkObject(value, schema, path, context);
  }
  if (schema.enum) checkEnum(value, schema.enum, path, report);
}

function walkBranch(value: Value, schema: Schema, path: Steps, report: Report): void {
  walk(value, schema, path, { report, objectMeta: undefined });
}

// Types

function checkType(value: Value, schema: Schema, path: Path, report: Report): void {
  const types = typesOf(schema);
  if (types.length === 0 || hasType(value, schema, types)) return;
  const { pattern } = schema;
  const facts: Facts = { is: 'type', expected: types, found: value, ...(pattern !== undefined && { pattern }) };
  report(errorAt('schema/type', path, facts, typeRemedies(value, schema, types)));
}

type Type = Extract<Expected, NonNullable<Schema['type']>>;

const intOrString: readonly Type[] = ['integer', 'string'];
const single: Readonly<Record<Type, readonly Type[]>> = {
  object: ['object'],
  array: ['array'],
  string: ['string'],
  integer: ['integer'],
  number: ['number'],
  boolean: ['boolean'],
};

function typesOf(schema: Schema): readonly Type[] {
  if (schema['x-kubernetes-int-or-string']) return intOrString;
  return schema.type ? single[schema.type] : [];
}

function hasType(value: Value, schema: Schema, types: readonly Type[]): boolean {
  if (value === null) return schema.nullable === true;
  // A quirk of the server: a string with a format may also be a list.
  if (isList(value)) return types.includes('array') || (types[0] === 'string' && formatOf(schema) !== undefined);
  if (isObject(value)) return types.includes('object');
  switch (typeof value) {
    case 'string':
      return types.includes('string');
    case 'boolean':
      return types.includes('boolean');
    case 'bigint':
      return types.includes('integer') || types.includes('number');
    default:
      return types.includes('number') || (types.includes('integer') && isJsonInteger(value as number));
  }
}

/** github.com/go-openapi/swag IsFloat64AJSONInteger: an integer within a relative error of 1e-9, and within 53 bits. */
function isJsonInteger(value: number): boolean {
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) return false;
  const rounded = Math.round(value);
  return value === rounded || (rounded !== 0 && Math.abs(value - rounded) < 1e-9 * Math.abs(rounded));
}

function typeRemedies(value: Value, schema: Schema, types: readonly Type[]): Remedy[] {
  const scalar = value !== null && !isList(value) && !isObject(value);
  if (types.includes('string') && scalar) return [{ kind: 'quote' }];
  const unspaced = types[0] === 'array' || types[0] === 'object' ? missingSpace(value, types[0]) : undefined;
  if (unspaced) return [unspaced];
  if (types[0] === 'array' && value !== null && fits(value, schema.items)) return [{ kind: 'wrap' }];
  if (typeof value !== 'string') return [];
  if (types[0] === 'integer' && /^-?(?:0|[1-9]\d{0,17})$/.test(value))
    return [{ kind: 'replace', value: BigInt(value) }];
  const meant = types[0] === 'boolean' ? booleanOf(value) : undefined;
  return meant === undefined ? [] : [{ kind: 'replace', value: meant }];
}

function fits(value: Value, items: Schema | undefined): boolean {
  return items !== undefined && hasType(value, items, typesOf(items));
}

// Enums

function checkEnum(value: Value, allowed: readonly unknown[], path: Path, report: Report): void {
  if (allowed.length === 0 || hasUnknown(value)) return;
  const identity = identityOf(value);
  if (value !== null && allowed.some((one) => identityOf(valueOfJson(one)) === identity)) return;
  const strings = allowed.filter((one) => typeof one === 'string' && one !== '') as string[];
  const meant = typeof value === 'string' ? nearest(value, strings) : strings.length === 1 ? strings[0] : undefined;
  const remedies: readonly Remedy[] = meant === undefined ? [] : [{ kind: 'replace', value: meant }];
  report(errorAt('schema/enum', path, { is: 'enum', found: value, allowed, nearest: meant }, remedies));
}

// Strings

function formatOf({
  type,
  format,
  'x-kubernetes-int-or-string': mixed,
}: Schema): ((text: string) => boolean) | undefined {
  return format !== undefined && (mixed || type === undefined || type === 'string') ? formatCheck(format) : undefined;
}

function checkString(value: string, schema: Schema, path: Path, report: Report): void {
  const { maxLength, minLength, pattern } = schema;
  const isFormat = schema.format === undefined ? undefined : formatOf(schema);
  if (isFormat && !isFormat(value))
    report(errorAt('schema/format', path, { is: 'format', format: schema.format!, found: value }));
  const length = maxLength === undefined && minLength === undefined ? 0 : runes(value);
  // The server stops at the first of these three.
  if (maxLength !== undefined && length > maxLength) reportLength('character', length, 'most', maxLength, path, report);
  else if (minLength !== undefined && length < minLength)
    reportLength('character', length, 'least', minLength, path, report);
  else if (pattern !== undefined && compilePattern(pattern)?.test(value) !== true)
    report(errorAt('schema/pattern', path, { is: 'pattern', pattern, found: value }));
}

/** The length in Unicode code points, as Go counts runes. */
function runes(text: string): number {
  let length = text.length;
  for (let at = 0; at < text.length - 1; at += 1) {
    if ((text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00) length -= 1;
  }
  return length;
}

// Numbers

const int32: readonly [bigint, bigint] = [-(2n ** 31n), 2n ** 31n - 1n];

function checkNumber(value: bigint | number, schema: Schema, path: Path, report: Report): void {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  const size = exceededSize(value, schema);
  if (size) report(errorAt('schema/range', path, { is: 'size', found: value, type: size }));
  for (const limit of [maximum, minimum]) {
    // A limit outside the range of the type makes the server refuse every value.
    if (limit === undefined || exceededSize(Number.isInteger(limit) ? BigInt(limit) : limit, schema) === undefined)
      continue;
    report(errorAt('schema/range', path, { is: 'impossible', limit }));
  }
  const bound = (which: 'least' | 'most', limit: number, exclusive: boolean) =>
    report(errorAt('schema/range', path, { is: 'range', found: value, bound: which, limit, exclusive }));
  if (maximum !== undefined && exceeds(value, maximum, exclusiveMaximum === true))
    bound('most', maximum, exclusiveMaximum === true);
  if (minimum !== undefined && exceeds(negate(value), -minimum, exclusiveMinimum === true))
    bound('least', minimum, exclusiveMinimum === true);
  if (multipleOf !== undefined && !isMultiple(value, multipleOf))
    report(errorAt('schema/range', path, { is: 'multiple', found: value, factor: multipleOf }));
}

/** The type whose range the value exceeds. */
function exceededSize(
  value: bigint | number,
  { type, format, 'x-kubernetes-int-or-string': mixed }: Schema,
): 'int32' | 'int64' | 'float' | undefined {
  if (mixed) return undefined;
  if (type === 'integer') {
    const integer = typeof value === 'bigint' ? value : Number.isInteger(value) ? BigInt(value) : undefined;
    if (integer === undefined || integer < -(2n ** 63n) || integer >= 2n ** 63n) return 'int64';
    return format === 'int32' && (integer < int32[0] || integer > int32[1]) ? 'int32' : undefined;
  }
  const tooLarge = type === 'number' && format === 'float' && !Number.isFinite(Math.fround(Number(value)));
  return tooLarge ? 'float' : undefined;
}

/** Integers are compared with the bound truncated to an integer (MaximumInt takes an int64). */
function exceeds(value: bigint | number, bound: number, exclusive: boolean): boolean {
  const limit = typeof value === 'bigint' ? BigInt(Math.trunc(bound)) : bound;
  return value > limit || (exclusive && value === limit);
}

function negate(value: bigint | number): bigint | number {
  return typeof value === 'bigint' ? -value : -value;
}

function isMultiple(value: bigint | number, factor: number): boolean {
  if (typeof value === 'bigint') {
    const integer = BigInt(Math.trunc(factor));
    return integer > 0n && value % integer === 0n;
  }
  return factor > 0 && isJsonInteger(factor < 1 ? (1 / factor) * value : value / factor);
}

// Lists

function checkList(list: readonly Value[], schema: Schema, path: Steps, context: Context): void {
  const { report } = context;
  const { items, minItems, maxItems, uniqueItems } = schema;
  if (items) {
    for (let index = 0; index < list.length; index += 1) {
      path.push(index);
      walk(list[index]!, items, path, context);
      path.pop();
    }
  }
  if (schema['x-kubernetes-list-type']) checkListType(list, schema, path, report);
  if (minItems !== undefined && list.length < minItems)
    reportLength('item', list.length, 'least', minItems, path, report);
  if (maxItems !== undefined && list.length > maxItems)
    reportLength('item', list.length, 'most', maxItems, path, report);
  if (
    uniqueItems &&
    new Set(list.map((item, index) => (hasUnknown(item) ? String(index) : identityOf(item)))).size < list.length
  ) {
    report(errorAt('schema/duplicate-item', path, { is: 'repeated-items' }));
  }
}

// Objects

function checkObject(object: ObjectValue, schema: Schema, path: Steps, context: Context): void {
  const { report, objectMeta } = context;
  const { properties, additionalProperties, required, minProperties, maxProperties } = schema;
  checkCount(object, minProperties, maxProperties, path, report);
  if (schema['x-kubernetes-embedded-resource']) checkEmbedded(object, objectMeta, [...path], report);
  if (properties || typeof additionalProperties === 'object') {
    for (const name in object) {
      const field = properties && Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
      if (typeof field !== 'object') continue;
      path.push(name);
      walk(object[name]!, field, path, context);
      path.pop();
    }
  }
  if (!required) return;
  for (const name of required)
    if (!Object.hasOwn(object, name) && !hasUnknownKey(object)) report(missing(name, schema, path));
}

function checkCount(
  object: ObjectValue,
  least: number | undefined,
  most: number | undefined,
  path: Path,
  report: Report,
): void {
  if (least === undefined && most === undefined) return;
  const length = Object.keys(object).length;
  if (least !== undefined && length < least && !hasUnknownKey(object))
    reportLength('field', length, 'least', least, path, report);
  if (most !== undefined && length > most) reportLength('field', length, 'most', most, path, report);
}

function reportLength(
  of: 'character' | 'item' | 'field',
  length: number,
  bound: 'least' | 'most',
  limit: number,
  path: Path,
  report: Report,
): void {
  report(errorAt('schema/length', path, { is: 'length', of, length, bound, limit }));
}
