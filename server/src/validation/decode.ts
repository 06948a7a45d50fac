// What happens when the server reads JSON into its own Go types, as it does with built-in kinds and with every object's
// metadata: a wrong type is fatal, an unknown field is refused by strictness, null means unset
// (sigs.k8s.io/json, and the UnmarshalJSON of Quantity, IntOrString and Time in apimachinery).

import type { Schema } from '../schema/schema.ts';
import { type Path, unknown, type Value } from '../syntax/tree.ts';
import { isList, isObject } from '../syntax/value.ts';
import { fieldOf, kindOf, type Problem, type Remedy, type Report, show, truthOf } from './problem.ts';
import { unknownField } from './unknown-fields.ts';

/** `schema` is the OpenAPI of a Go type. Reports what strict decoding refuses at and below the value. */
export function checkDecoding(value: Value, schema: Schema, path: Path, report: Report): void {
  walk(value, schema, [...path], [], report);
}

type Steps = (string | number)[];

function walk(value: Value, schema: Schema, path: Steps, above: Schema[], report: Report): void {
  if (value === null || value === unknown) return;
  const { type, format, items } = schema;
  if (schema['x-kubernetes-int-or-string']) checkIntOrString(value, path, report);
  else if (format === 'quantity') checkQuantity(value, path, report);
  // RawExtension, JSON and FieldsV1 keep what they get.
  else if (schema['x-kubernetes-preserve-unknown-fields']) return;
  else if (type === 'object') walkObject(value, schema, path, above, report);
  else if (type === 'array') {
    walkList(value, items ?? {}, path, report);
  } else {
    checkScalar(value, schema, path, report);
  }
}

function walkList(value: Value, items: Schema, path: Steps, report: Report): void {
  if (!isList(value)) {
    reportType(value, 'a list', path, report, goesInto(value, items) ? { kind: 'wrap' } : undefined);
    return;
  }
  value.forEach((item, index) => {
    path.push(index);
    walk(item, items, path, [], report);
    path.pop();
  });
}

function walkObject(value: Value, schema: Schema, path: Steps, above: Schema[], report: Report): void {
  if (!isObject(value)) {
    reportType(value, 'a map', path, report);
    return;
  }
  const { properties, additionalProperties } = schema;
  above.push(schema);
  for (const name in value) {
    path.push(name);
    if (properties && Object.hasOwn(properties, name)) {
      if (isSchemaProps(schema) && schemaOr.has(name)) walkSchemaOr(value[name]!, name, schema, path, report);
      else walk(value[name]!, properties[name]!, path, above, report);
    } else if (typeof additionalProperties === 'object') walk(value[name]!, additionalProperties, path, [], report);
    else if (!additionalProperties) report(unknownField(value, name, schema, path, above));
    path.pop();
  }
  above.pop();
}

/** Whether it is apiextensions' JSONSchemaProps, which OpenAPI types in part only. */
function isSchemaProps({ properties }: Schema): boolean {
  return properties !== undefined && Object.hasOwn(properties, 'x-kubernetes-list-map-keys');
}

const schemaOr: ReadonlySet<string> = new Set(['items', 'additionalProperties', 'additionalItems']);

/**
 * A schema, or a list of them, or a boolean (apiextensions v1/marshal.go). They are read by code of their own, which
 * isn't strict: unknown fields are dropped there.
 */
function walkSchemaOr(value: Value, name: string, props: Schema, path: Steps, report: Report): void {
  const lenient: Report = (problem) => {
    if (problem.rule !== 'schema/unknown-field') report(problem);
  };
  if (isObject(value)) walk(value, props, path, [], lenient);
  else if (name === 'items') {
    if (isList(value)) walkList(value, props, path, lenient);
  } else if (value !== null && value !== unknown && typeof value !== 'boolean') {
    reportType(value, 'a schema, true or false', path, report);
  }
}

function checkScalar(value: Value, { type, format }: Schema, path: Path, report: Report): void {
  switch (type) {
    case 'string':
      if (format === 'date-time') checkTime(value, path, report);
      else if (typeof value === 'string') {
        if (format === 'byte' && !isBase64(value))
          report(
            problem(
              'schema/format',
              path,
              `${fieldOf(path)} must be base64; ${show(value)} isn’t. To write plain text, use stringData in a Secret.`,
            ),
          );
      } else if (format === 'byte' && isList(value)) {
        // Go reads bytes from a list of numbers too.
        const odd = value.find((item) => item !== unknown && !(typeof item === 'bigint' && item >= 0n && item < 256n));
        if (odd !== undefined && odd !== null) reportType(value, 'a string in base64', path, report);
      } else {
        const scalar = !isList(value) && !isObject(value);
        reportType(value, 'a string', path, report, scalar ? { kind: 'quote' } : undefined);
      }
      break;
    case 'boolean':
      if (typeof value !== 'boolean') {
        const meant = typeof value === 'string' ? truthOf(value) : undefined;
        reportType(
          value,
          'true or false',
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
      if (typeof value !== 'bigint' && typeof value !== 'number') reportType(value, 'a number', path, report);
  }
}

function checkInteger(value: Value, format: string | undefined, path: Path, report: Report): void {
  if (typeof value !== 'bigint') {
    const meant = typeof value === 'string' && /^-?(?:0|[1-9]\d{0,17})$/.test(value) ? BigInt(value) : undefined;
    reportType(value, 'an integer', path, report, meant === undefined ? undefined : { kind: 'replace', value: meant });
  } else if (format === 'int32' && (value < -(2n ** 31n) || value >= 2n ** 31n)) {
    report(problem('schema/range', path, `${fieldOf(path)} must be an integer of 32 bits; ${value} is too large.`));
  } else if (value < -(2n ** 63n) || value >= 2n ** 63n) {
    report(problem('schema/range', path, `${fieldOf(path)} must be an integer of 64 bits; ${value} is too large.`));
  }
}

function checkIntOrString(value: Value, path: Path, report: Report): void {
  if (typeof value === 'string') return;
  if (typeof value === 'bigint') checkInteger(value, 'int32', path, report);
  else
    reportType(
      value,
      'an integer or a string',
      path,
      report,
      typeof value === 'boolean' || typeof value === 'number' ? { kind: 'quote' } : undefined,
    );
}

/** apimachinery pkg/api/resource/quantity.go: digits, which it takes for 0 where there are none, then a suffix or exponent. */
const quantity = /^[+-]?\d*\.?\d*(?:[eE][+-]?\d+|n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/;

/** White space around it is let pass but where JSON escapes it: the server trims the text of the JSON. */
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
  const message = `${fieldOf(path)} must be a quantity like 500m, 2 or 1.5Gi, not ${kindOf(value)}.`;
  report(problem(text === undefined ? 'schema/type' : 'schema/format', path, message));
}

/** Go's time.RFC3339, fractions of a second allowed. */
function checkTime(value: Value, path: Path, report: Report): void {
  if (typeof value !== 'string') {
    reportType(value, 'a time', path, report);
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
  if (!valid)
    report(
      problem(
        'schema/format',
        path,
        `${fieldOf(path)} must be a time like 2026-01-31T12:00:00Z; ${show(value)} isn’t.`,
      ),
    );
}

function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  return month >= 1 && month <= 12 && day >= 1 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** encoding/base64 StdEncoding: line breaks are skipped. */
function isBase64(text: string): boolean {
  const compact = text.replace(/[\r\n]/g, '');
  return compact.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(compact);
}

function goesInto(value: Value, items: Schema): boolean {
  if (items.type === 'object') return isObject(value);
  return items.type === 'string' ? typeof value === 'string' : items.type === 'integer' && typeof value === 'bigint';
}

function reportType(value: Value, expected: string, path: Path, report: Report, remedy?: Remedy): void {
  const where = path.length === 0 ? 'A manifest' : fieldOf(path);
  const yaml =
    remedy?.kind === 'quote' && typeof value === 'boolean'
      ? ' YAML reads yes, no, on, off, y and n as booleans too.'
      : '';
  const quote = remedy?.kind === 'quote' ? ' Put it in quotes.' : '';
  report({
    ...problem('schema/type', path, `${where} must be ${expected}, not ${kindOf(value)}.${yaml}${quote}`),
    ...(remedy && { remedies: [remedy] }),
  });
}

function problem(rule: Problem['rule'], path: Path, message: string): Problem {
  return { rule, path: [...path], field: fieldOf(path), on: 'value', message };
}
