// Checks a value against a structural schema with the API server's semantics (kube-openapi pkg/validation/validate, as
// apiextensions-apiserver uses it for custom resources): types, enums, patterns, formats, bounds, required fields and
// the combinations of schemas. Holes satisfy everything.

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
import { fieldOf, kindOf, oneOfWords, type Problem, type Remedy, type Report, show, truthOf } from './problem.ts';

/** Reports everything wrong at and below the value; paths begin with `path`. `objectMeta` is the OpenAPI of ObjectMeta. */
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

function problem(rule: Problem['rule'], path: Path, message: string, ...remedies: Remedy[]): Problem {
  return {
    rule,
    path: [...path],
    field: fieldOf(path),
    on: 'value',
    message,
    ...(remedies.length > 0 && { remedies }),
  };
}

// Types

function checkType(value: Value, schema: Schema, path: Path, report: Report): void {
  const types = typesOf(schema);
  if (types.length === 0 || hasType(value, schema, types)) return;
  const expected = oneOfWords(types.map((type) => typeWords[type]));
  const remedies = typeRemedies(value, schema, types);
  const where = path.length === 0 ? 'A manifest' : `${fieldOf(path)}`;
  report(
    problem(
      'schema/type',
      path,
      `${where} must be ${expected}, not ${kindOf(value)}.${typeHint(value, schema)}`,
      ...remedies,
    ),
  );
}

const typeWords = {
  object: 'a map',
  array: 'a list',
  string: 'a string',
  integer: 'an integer',
  number: 'a number',
  boolean: 'true or false',
} as const;

type Type = keyof typeof typeWords;

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
  // A quirk of the server: with a string format it doesn't look whether a list stands there.
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

/** github.com/go-openapi/swag IsFloat64AJSONInteger: integral within a billionth, and within 53 bits. */
function isJsonInteger(value: number): boolean {
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) return false;
  const rounded = Math.round(value);
  return value === rounded || (rounded !== 0 && Math.abs(value - rounded) < 1e-9 * Math.abs(rounded));
}

function typeRemedies(value: Value, schema: Schema, types: readonly Type[]): Remedy[] {
  const scalar = value !== null && !isList(value) && !isObject(value);
  if (types.includes('string') && scalar) return [{ kind: 'quote' }];
  if (types[0] === 'array' && value !== null && fits(value, schema.items)) return [{ kind: 'wrap' }];
  if (typeof value !== 'string') return [];
  if (types[0] === 'integer' && /^-?(?:0|[1-9]\d{0,17})$/.test(value))
    return [{ kind: 'replace', value: BigInt(value) }];
  const truth = types[0] === 'boolean' ? truthOf(value) : undefined;
  return truth === undefined ? [] : [{ kind: 'replace', value: truth }];
}

function fits(value: Value, items: Schema | undefined): boolean {
  return items !== undefined && hasType(value, items, typesOf(items));
}

function typeHint(value: Value, schema: Schema): string {
  if (schema.type !== 'string') return '';
  if (typeof value === 'boolean')
    return ' YAML reads yes, no, on, off, y and n as booleans too: put the text in quotes.';
  return typeof value === 'bigint' || typeof value === 'number' ? ' Put it in quotes.' : '';
}

// Enums

function checkEnum(value: Value, allowed: readonly unknown[], path: Path, report: Report): void {
  if (allowed.length === 0 || hasUnknown(value)) return;
  const identity = identityOf(value);
  if (value !== null && allowed.some((one) => identityOf(valueOfJson(one)) === identity)) return;
  const words = allowed.map((one) => (typeof one === 'string' ? (one === '' ? '""' : one) : JSON.stringify(one)));
  const strings = allowed.filter((one) => typeof one === 'string' && one !== '') as string[];
  const meant = typeof value === 'string' ? nearest(value, strings) : strings.length === 1 ? strings[0] : undefined;
  const hint = meant && strings.length > 1 ? ` Did you mean ${meant}?` : '';
  const message = `${fieldOf(path)} can’t be ${show(value)}: allowed ${words.length === 1 ? 'is only' : 'are'} ${oneOfWords(words)}.${hint}`;
  report(problem('schema/enum', path, message, ...(meant ? [{ kind: 'replace', value: meant } as const] : [])));
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
  const field = fieldOf(path);
  const isFormat = schema.format === undefined ? undefined : formatOf(schema);
  if (isFormat && !isFormat(value)) {
    report(
      problem(
        'schema/format',
        path,
        `${field} must have the form of ${formatWords(schema.format!)}; ${show(value)} has not.`,
      ),
    );
  }
  const length = maxLength === undefined && minLength === undefined ? 0 : runes(value);
  // The server stops at the first of these three.
  if (maxLength !== undefined && length > maxLength) {
    report(
      problem('schema/length', path, `${field} can have at most ${count(maxLength, 'character')}; this has ${length}.`),
    );
  } else if (minLength !== undefined && length < minLength) {
    const message =
      value === '' && minLength === 1
        ? `${field} can’t be empty.`
        : `${field} must have at least ${count(minLength, 'character')}; this has ${length}.`;
    report(problem('schema/length', path, message));
  } else if (pattern !== undefined && compilePattern(pattern)?.test(value) !== true) {
    report(problem('schema/pattern', path, `${field} must match ${pattern}; ${show(value)} doesn’t.`));
  }
}

/** Unicode code points, as Go counts a string's length in runes. */
function runes(text: string): number {
  let length = text.length;
  for (let at = 0; at < text.length - 1; at += 1) {
    if ((text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00) length -= 1;
  }
  return length;
}

function formatWords(format: string): string {
  const example: Readonly<Record<string, string>> = {
    'date-time': 'a date and time like 2026-01-31T12:00:00Z',
    date: 'a date like 2026-01-31',
    duration: 'a duration like 1h30m',
    uri: 'a URI like https://example.com/path',
    byte: 'base64',
    ipv4: 'an IPv4 address',
    ipv6: 'an IPv6 address',
    cidr: 'a network like 10.0.0.0/16',
  };
  return example[format] ?? format;
}

// Numbers

const int32: readonly [bigint, bigint] = [-(2n ** 31n), 2n ** 31n - 1n];

function checkNumber(value: bigint | number, schema: Schema, path: Path, report: Report): void {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  const field = fieldOf(path);
  const range = rangeProblem(value, schema);
  if (range) report(problem('schema/range', path, `${field} ${range}; ${value} is not.`));
  for (const bound of [maximum, minimum]) {
    // The server refuses every value then.
    if (bound === undefined || rangeProblem(Number.isInteger(bound) ? BigInt(bound) : bound, schema) === undefined)
      continue;
    report(
      problem(
        'schema/range',
        path,
        `${field} can’t be set: its CRD has a bound (${bound}) that its format can’t hold.`,
      ),
    );
  }
  if (maximum !== undefined && exceeds(value, maximum, exclusiveMaximum === true)) {
    report(
      problem(
        'schema/range',
        path,
        `${field} must be ${exclusiveMaximum ? 'less than' : 'at most'} ${maximum}, not ${value}.`,
      ),
    );
  }
  if (minimum !== undefined && exceeds(negate(value), -minimum, exclusiveMinimum === true)) {
    report(
      problem(
        'schema/range',
        path,
        `${field} must be ${exclusiveMinimum ? 'more than' : 'at least'} ${minimum}, not ${value}.`,
      ),
    );
  }
  if (multipleOf !== undefined && !isMultiple(value, multipleOf)) {
    report(problem('schema/range', path, `${field} must be a multiple of ${multipleOf}, not ${value}.`));
  }
}

function rangeProblem(
  value: bigint | number,
  { type, format, 'x-kubernetes-int-or-string': mixed }: Schema,
): string | undefined {
  if (mixed) return undefined;
  if (type === 'integer') {
    const integer = typeof value === 'bigint' ? value : Number.isInteger(value) ? BigInt(value) : undefined;
    if (integer === undefined || integer < -(2n ** 63n) || integer >= 2n ** 63n) return 'must be an integer of 64 bits';
    return format === 'int32' && (integer < int32[0] || integer > int32[1])
      ? 'must be an integer of 32 bits'
      : undefined;
  }
  const tooLarge = type === 'number' && format === 'float' && !Number.isFinite(Math.fround(Number(value)));
  return tooLarge ? 'must be a floating-point number of 32 bits' : undefined;
}

/** Integers are compared with the bound cut to an integer (MaximumInt takes an int64). */
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
  if (minItems !== undefined && list.length < minItems) {
    report(
      problem(
        'schema/length',
        path,
        `${fieldOf(path)} needs at least ${count(minItems, 'item')}; this has ${list.length}.`,
      ),
    );
  }
  if (maxItems !== undefined && list.length > maxItems) {
    report(
      problem(
        'schema/length',
        path,
        `${fieldOf(path)} can have at most ${count(maxItems, 'item')}; this has ${list.length}.`,
      ),
    );
  }
  if (
    uniqueItems &&
    new Set(list.map((item, index) => (hasUnknown(item) ? String(index) : identityOf(item)))).size < list.length
  ) {
    report(problem('schema/duplicate-item', path, `${fieldOf(path)} takes each item once. Remove the repeated one.`));
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
  if (least !== undefined && length < least && !hasUnknownKey(object)) {
    report(
      problem('schema/length', path, `${fieldOf(path)} needs at least ${count(least, 'field')}; this has ${length}.`),
    );
  }
  if (most !== undefined && length > most) {
    report(
      problem('schema/length', path, `${fieldOf(path)} can have at most ${count(most, 'field')}; this has ${length}.`),
    );
  }
}

function count(amount: number, thing: string): string {
  return `${amount} ${thing}${amount === 1 ? '' : 's'}`;
}
