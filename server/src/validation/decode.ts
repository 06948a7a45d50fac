// Checks what the server checks when it decodes JSON into Go types, which it does for built-in kinds and for the metadata
// of every object: a wrong type is fatal, strict decoding refuses an unknown field, and null means unset
// (sigs.k8s.io/json, and the UnmarshalJSON of Quantity, IntOrString and Time in apimachinery).

import type { Schema } from '../schema/schema.ts';
import { type Path, unknown, type Value } from '../syntax/tree.ts';
import { isList, isObject } from '../syntax/value.ts';
import { booleanOf, type Expected, errorAt, missingSpace, type Remedy, type Report } from './problem.ts';
import { unknownField } from './unknown-fields.ts';

/** How decoding differs between programs. */
export interface Decoding {
  /** Field names are case-insensitive, as in encoding/json. */
  readonly anyCase?: true;
  /** The names of lists of maps that may contain strings as well. */
  readonly textItems?: ReadonlySet<string>;
}

export const strict: Decoding = {};

/**
 * Reports what strict decoding refuses at and below the value, by default as the API server decodes. `schema` is the
 * OpenAPI schema of a Go type.
 */
export function checkDecoding(
  value: Value,
  schema: Schema,
  path: Path,
  report: Report,
  decoding: Decoding = strict,
): void {
  walk(value, schema, [...path], { report, decoding });
}

type Steps = (string | number)[];

interface Context {
  readonly report: Report;
  readonly decoding: Decoding;
}

function walk(value: Value, schema: Schema, path: Steps, context: Context): void {
  if (value === null || value === unknown) return;
  const { type, format, items } = schema;
  if (schema['x-kubernetes-int-or-string']) checkIntOrString(value, path, context.report);
  else if (format === 'quantity') checkQuantity(value, path, context.report);
  // RawExtension, JSON and FieldsV1 accept anything.
  else if (schema['x-kubernetes-preserve-unknown-fields']) return;
  else if (type === 'object') walkObject(value, schema, path, context);
  else if (type === 'array') walkList(value, items ?? {}, path, context);
  else checkScalar(value, schema, path, context.report);
}

function walkList(value: Value, items: Schema, path: Steps, context: Context): void {
  if (!isList(value)) {
    const wrap: Remedy | undefined = goesInto(value, items) ? { kind: 'wrap' } : undefined;
    reportType(value, ['array'], path, context.report, missingSpace(value, 'array') ?? wrap);
    return;
  }
  const texts = context.decoding.textItems?.has(String(path.at(-1))) === true;
  value.forEach((item, index) => {
    if (texts && typeof item === 'string') return;
    path.push(index);
    walk(item, items, path, context);
    path.pop();
  });
}

function walkObject(value: Value, schema: Schema, path: Steps, context: Context): void {
  if (!isObject(value)) {
    reportType(value, ['object'], path, context.report, missingSpace(value, 'object'));
    return;
  }
  const { properties, additionalProperties } = schema;
  for (const name in value) {
    path.push(name);
    const field = properties && propertyOf(properties, name, context.decoding);
    if (field) {
      if (isSchemaProps(schema) && schemaOr.has(name)) walkSchemaOr(value[name]!, name, schema, path, context);
      else walk(value[name]!, field, path, context);
    } else if (typeof additionalProperties === 'object') walk(value[name]!, additionalProperties, path, context);
    else if (!additionalProperties) context.report(unknownField(value, schema, path));
    path.pop();
  }
}

function propertyOf(
  properties: Readonly<Record<string, Schema>>,
  name: string,
  { anyCase }: Decoding,
): Schema | undefined {
  if (Object.hasOwn(properties, name)) return properties[name];
  const known = anyCase && Object.keys(properties).find((one) => one.toLowerCase() === name.toLowerCase());
  return known === undefined ? undefined : properties[known];
}

/** Whether it is apiextensions' JSONSchemaProps, which OpenAPI describes only in part. */
function isSchemaProps({ properties }: Schema): boolean {
  return properties !== undefined && Object.hasOwn(properties, 'x-kubernetes-list-map-keys');
}

const schemaOr: ReadonlySet<string> = new Set(['items', 'additionalProperties', 'additionalItems']);

/**
 * A schema, a list of schemas or a boolean (apiextensions v1/marshal.go). Their own UnmarshalJSON isn't strict: it drops
 * unknown fields.
 */
function walkSchemaOr(value: Value, name: string, props: Schema, path: Steps, { report, decoding }: Context): void {
  const lenient: Context = {
    report: (problem) => {
      if (problem.rule !== 'schema/unknown-field') report(problem);
    },
    decoding,
  };
  if (isObject(value)) walk(value, props, path, lenient);
  else if (name === 'items') {
    if (isList(value)) walkList(value, props, path, lenient);
  } else if (value !== null && value !== unknown && typeof value !== 'boolean') {
    reportType(value, ['schema'], path, report);
  }
}

function checkScalar(value: Value, { type, format }: Schema, path: Path, report: Report): void {
  switch (type) {
    case 'string':
      if (format === 'date-time') checkTime(value, path, report);
      else if (typeof value === 'string') {
        if (format === 'byte' && !isBase64(value))
          report(errorAt('schema/format', path, { is: 'format', format, found: value }));
      } else if (format === 'byte' && isList(value)) {
        // Go also decodes bytes from a list of numbers.
        const odd = value.find((item) => item !== unknown && !(typeof item === 'bigint' && item >= 0n && item < 256n));
        if (odd !== undefined && odd !== null) reportType(value, ['bytes'], path, report);
      } else {
        const scalar = !isList(value) && !isObject(value);
        reportType(value, ['string'], path, report, scalar ? { kind: 'quote' } : undefined);
      }
      break;
    case 'boolean':
      if (typeof value !== 'boolean') {
        const meant = typeof value === 'string' ? booleanOf(value) : undefined;
        reportType(
          value,
          ['boolean'],
          path,
          report,
          meant === undefined ? undefined : { kind: 'replace', value: meant },
        );
      }
      break;
    case 'integer':
      checkInteger(value, format, path, report);
      break;
    case 'number':
      if (typeof value !== 'bigint' && typeof value !== 'number') reportType(value, ['number'], path, report);
  }
}

function checkInteger(value: Value, format: string | undefined, path: Path, report: Report): void {
  if (typeof value !== 'bigint') {
    const meant = typeof value === 'string' && /^-?(?:0|[1-9]\d{0,17})$/.test(value) ? BigInt(value) : undefined;
    reportType(value, ['integer'], path, report, meant === undefined ? undefined : { kind: 'replace', value: meant });
  } else if (format === 'int32' && (value < -(2n ** 31n) || value >= 2n ** 31n)) {
    report(errorAt('schema/range', path, { is: 'size', found: value, type: 'int32' }));
  } else if (value < -(2n ** 63n) || value >= 2n ** 63n) {
    report(errorAt('schema/range', path, { is: 'size', found: value, type: 'int64' }));
  }
}

function checkIntOrString(value: Value, path: Path, report: Report): void {
  if (typeof value === 'string') return;
  if (typeof value === 'bigint') checkInteger(value, 'int32', path, report);
  else
    reportType(
      value,
      ['integer', 'string'],
      path,
      report,
      typeof value === 'boolean' || typeof value === 'number' ? { kind: 'quote' } : undefined,
    );
}

/** apimachinery pkg/api/resource/quantity.go: digits (none is read as 0), then a suffix or exponent. */
const quantity = /^[+-]?\d*\.?\d*(?:[eE][+-]?\d+|n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/;

/** Surrounding whitespace is allowed unless JSON escapes it: the server trims the JSON text. */
export function isQuantity(text: string): boolean {
  const bare = text.replace(/^[ \u00a0]+|[ \u00a0]+$/g, '');
  return bare !== '' && quantity.test(bare);
}

function checkQuantity(value: Value, path: Path, report: Report): void {
  const text =
    typeof value === 'string'
      ? value
      : typeof value === 'bigint' || typeof value === 'number'
        ? String(value)
        : undefined;
  if (text !== undefined && isQuantity(text)) return;
  const rule = text === undefined ? 'schema/type' : 'schema/format';
  report(errorAt(rule, path, { is: 'type', expected: ['quantity'], found: value }));
}

/** Go's time.RFC3339; fractions of a second are allowed. */
function checkTime(value: Value, path: Path, report: Report): void {
  if (typeof value !== 'string') {
    reportType(value, ['time'], path, report);
    return;
  }
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})([.,]\d+)?(Z|[+-](\d{2}):(\d{2}))$/.exec(value);
  const [year, month, day, hour, minute, second] = (match ?? []).slice(1, 7).map(Number) as number[];
  const valid =
    match &&
    isDay(year!, month!, day!) &&
    hour! < 24 &&
    minute! < 60 &&
    second! < 60 &&
    Number(match[9] ?? 0) <= 24 &&
    Number(match[10] ?? 0) < 60;
  if (!valid) report(errorAt('schema/format', path, { is: 'format', format: 'date-time', found: value }));
}

function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  return month >= 1 && month <= 12 && day >= 1 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** encoding/base64 StdEncoding, which ignores line breaks. */
function isBase64(text: string): boolean {
  const compact = text.replace(/[\r\n]/g, '');
  return compact.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(compact);
}

function goesInto(value: Value, items: Schema): boolean {
  if (items.type === 'object') return isObject(value);
  return items.type === 'string' ? typeof value === 'string' : items.type === 'integer' && typeof value === 'bigint';
}

function reportType(found: Value, expected: readonly Expected[], path: Path, report: Report, remedy?: Remedy): void {
  report(errorAt('schema/type', path, { is: 'type', expected, found }, remedy && [remedy]));
}
