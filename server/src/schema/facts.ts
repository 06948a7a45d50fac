// Reads untrusted structural schemas into the type that all other code relies on. With `prose: 'drop'` only facts are
// kept (no title, no description): only these may be stored and shipped.
import type { Schema, ValidationRule } from './schema.ts';

/**
 * Returns a well-formed `Schema` for any value in a CRD or an OpenAPI document: keywords of the wrong type are dropped.
 * Shared and cyclic values (YAML anchors) are read once; schemas nested deeper than any real one become free-form.
 */
export function schemaOf(value: unknown, prose: 'keep' | 'drop'): Schema {
  return new SchemaReader(prose).read(value, 0);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Converts to the types of `JSON.parse`: integer literals may be bigint before, and unknown values symbols. */
export function plainJson(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plainJson);
  if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainJson(inner)]));
  return typeof value === 'symbol' ? undefined : value;
}

/** `apiextensions` schemas of real projects have fewer than 40 levels. */
const deepest = 120;

const freeForm: Schema = { 'x-kubernetes-preserve-unknown-fields': true };

type Check = (value: unknown) => unknown;

const text: Check = (value) => (typeof value === 'string' ? value : undefined);
const flag: Check = (value) => (typeof value === 'boolean' ? value : undefined);
const amount: Check = (value) => {
  const number = typeof value === 'bigint' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
};
const oneOf =
  (...allowed: readonly string[]): Check =>
  (value) =>
    allowed.includes(value as string) ? value : undefined;
const texts: Check = (value) =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string').sort() : undefined;

/**
 * Keywords whose value contains no schema, and how each is read. Keywords that aren't listed here or below are dropped.
 */
const plainKeywords: Readonly<Record<string, Check>> = {
  $ref: text,
  type: oneOf('object', 'array', 'string', 'integer', 'number', 'boolean'),
  format: text,
  default: plainJson,
  enum: (value) => (Array.isArray(value) ? value.map(plainJson) : undefined),
  nullable: flag,
  required: texts,
  minimum: amount,
  maximum: amount,
  exclusiveMinimum: flag,
  exclusiveMaximum: flag,
  multipleOf: amount,
  minLength: amount,
  maxLength: amount,
  pattern: text,
  minItems: amount,
  maxItems: amount,
  uniqueItems: flag,
  minProperties: amount,
  maxProperties: amount,
  'x-kubernetes-int-or-string': flag,
  'x-kubernetes-preserve-unknown-fields': flag,
  'x-kubernetes-embedded-resource': flag,
  'x-kubernetes-list-type': oneOf('atomic', 'set', 'map'),
  'x-kubernetes-list-map-keys': (value) =>
    Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined,
  'x-kubernetes-map-type': oneOf('atomic', 'granular'),
  'x-kubernetes-validations': rulesOf,
  'x-kubernetes-patch-merge-key': text,
  'x-kubernetes-patch-strategy': text,
};

const proseKeywords: Readonly<Record<string, Check>> = { title: text, description: text };

class SchemaReader {
  readonly #keywords: readonly (readonly [string, Check])[];
  readonly #known = new Map<object, Schema>();

  constructor(prose: 'keep' | 'drop') {
    this.#keywords = Object.entries(prose === 'keep' ? { ...plainKeywords, ...proseKeywords } : plainKeywords);
  }

  read(value: unknown, depth: number): Schema {
    // What is unknown may be any schema.
    if (typeof value === 'symbol') return freeForm;
    if (!isRecord(value)) return {};
    if (depth > deepest) return freeForm;
    const known = this.#known.get(value);
    if (known) return known;
    const schema: Record<string, unknown> = {};
    this.#known.set(value, schema);
    for (const [keyword, check] of this.#keywords) {
      if (!Object.hasOwn(value, keyword)) continue;
      const read = check(value[keyword]);
      if (read !== undefined) schema[keyword] = read;
    }
    const below = (inner: unknown) => this.read(inner, depth + 1);
    if (isRecord(value.properties)) {
      const entries = Object.entries(value.properties).map(([name, inner]) => [name, below(inner)] as const);
      schema.properties = Object.fromEntries(entries);
    }
    // Any field may be among those that aren't known.
    if (typeof value.properties === 'symbol') schema['x-kubernetes-preserve-unknown-fields'] = true;
    if (isRecord(value.items)) schema.items = below(value.items);
    if (isRecord(value.not)) schema.not = below(value.not);
    const rest = value.additionalProperties;
    if (typeof rest === 'boolean') schema.additionalProperties = rest;
    else if (isRecord(rest)) schema.additionalProperties = below(rest);
    for (const keyword of ['allOf', 'anyOf', 'oneOf'] as const) {
      const list = value[keyword];
      if (Array.isArray(list)) schema[keyword] = list.map(below);
    }
    return schema;
  }
}

const reasons = oneOf('FieldValueInvalid', 'FieldValueForbidden', 'FieldValueRequired', 'FieldValueDuplicate');

function rulesOf(value: unknown): readonly ValidationRule[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.filter(isRecord).flatMap((rule) => {
    if (typeof rule.rule !== 'string') return [];
    return [
      {
        rule: rule.rule,
        ...(typeof rule.message === 'string' && { message: rule.message }),
        ...(typeof rule.messageExpression === 'string' && { messageExpression: rule.messageExpression }),
        ...(reasons(rule.reason) !== undefined && { reason: rule.reason as NonNullable<ValidationRule['reason']> }),
        ...(typeof rule.fieldPath === 'string' && { fieldPath: rule.fieldPath }),
        ...(typeof rule.optionalOldSelf === 'boolean' && { optionalOldSelf: rule.optionalOldSelf }),
      },
    ];
  });
}
