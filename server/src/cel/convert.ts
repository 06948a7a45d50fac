// Converts JSON values to CEL values by schema (k8s.io/apiserver pkg/cel/common/valuesunstructured.go, schemas.go).
// Conversion is lazy: a rule pays only for the fields it reads.
import { parseBase64Url } from '../kube/values/base64.ts';
import { parseDuration } from '../kube/values/duration.ts';
import { parseDate, parseTime } from '../kube/values/time.ts';
import type { Schema } from '../schema/schema.ts';
import { unknown, type Value } from '../syntax/tree.ts';
import { hasUnknownKey, isList, isObject, type ObjectValue } from '../syntax/value.ts';
import { escapeName, unescapeName } from './names.ts';
import { type CelValue, failure, type List, type MapValue, noOverload, unknownValue } from './value.ts';

const string: Schema = { type: 'string' };

/** Adds the fields that rules at the root of an object can read beside the schema's own fields. */
export function withObjectMeta(schema: Schema): Schema {
  const known = withMeta.get(schema);
  if (known) return known;
  const metadata: Schema = { type: 'object', properties: { name: string, generateName: string } };
  const { name, generateName } = schema.properties?.metadata?.properties ?? {};
  const complete = name?.type === 'string' && generateName?.type === 'string';
  const properties = { ...schema.properties, kind: string, apiVersion: string };
  const result: Schema = {
    ...schema,
    type: 'object',
    properties: { ...properties, metadata: complete ? schema.properties!.metadata! : metadata },
  };
  withMeta.set(schema, result);
  return result;
}

const withMeta = new WeakMap<Schema, Schema>();

/** Whether rules can read values of a schema: not if it has no known type, or is a list or map of such values. */
export function isExposed(schema: Schema): boolean {
  if (schema['x-kubernetes-int-or-string']) return true;
  switch (schema.type) {
    case 'array':
      return schema.items !== undefined && isExposed(atRoot(schema.items));
    case 'object':
      return typeof schema.additionalProperties !== 'object' || isExposed(atRoot(schema.additionalProperties));
    default:
      return schema.type !== undefined || schema['x-kubernetes-embedded-resource'] === true;
  }
}

/** A value that is invalid by its schema is unknown: other checks report it. */
export function toCel(value: Value, schema: Schema): CelValue {
  if (value === unknown) return unknownValue;
  if (value === null) return schema.nullable ? null : failure('invalid data, got null for schema with nullable=false');
  if (schema['x-kubernetes-int-or-string']) return typeof value === 'string' ? value : (integer(value) ?? unknownValue);
  switch (schema.type) {
    case 'object':
      return isObject(value) ? mapValue(value, atRoot(schema)) : unknownValue;
    case 'array':
      return isList(value) && schema.items ? listValue(value, schema, schema.items) : unknownValue;
    case 'string':
      return typeof value === 'string' ? text(value, schema.format) : unknownValue;
    case 'integer':
      return integer(value) ?? unknownValue;
    case 'number':
      return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : unknownValue;
    case 'boolean':
      return typeof value === 'boolean' ? value : unknownValue;
    default:
      return schema['x-kubernetes-preserve-unknown-fields'] ? { kind: 'opaque', value } : unknownValue;
  }
}

function atRoot(schema: Schema): Schema {
  return schema['x-kubernetes-embedded-resource'] ? withObjectMeta(schema) : schema;
}

function integer(value: Value): bigint | undefined {
  const whole = typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value;
  if (typeof whole !== 'bigint') return undefined;
  return whole >= -(2n ** 63n) && whole < 2n ** 63n ? whole : undefined;
}

function text(value: string, format: string | undefined): CelValue {
  switch (format) {
    case 'duration': {
      const duration = parseDuration(value);
      // The server also accepts other forms here, such as “1 day”.
      return duration.ok ? { kind: 'duration', nanoseconds: duration.value } : unknownValue;
    }
    case 'date': {
      const date = parseDate(value);
      return date.ok ? { kind: 'timestamp', nanoseconds: date.value.nanoseconds } : unknownValue;
    }
    case 'date-time': {
      const time = parseTime(/(Z|[+-]\d\d:\d\d)$/.test(value) ? value : `${value}Z`);
      return time.ok ? { kind: 'timestamp', nanoseconds: time.value.nanoseconds } : unknownValue;
    }
    case 'byte': {
      const bytes = parseBase64Url(value);
      return bytes.ok ? { kind: 'bytes', bytes: bytes.value } : failure(`Invalid byte formatted string ${value}`);
    }
    default:
      return value;
  }
}

function listValue(values: readonly Value[], schema: Schema, itemSchema: Schema): List {
  let items: readonly CelValue[] | undefined;
  const type = schema['x-kubernetes-list-type'];
  const identity =
    type === 'set'
      ? 'set'
      : type === 'map'
        ? (schema['x-kubernetes-list-map-keys'] ?? []).map((key) => escapeName(key) ?? key)
        : undefined;
  return {
    kind: 'list',
    get items() {
      items ??= values.map((value) => toCel(value, itemSchema));
      return items;
    },
    ...(identity && { identity }),
  };
}

function mapValue(value: ObjectValue, schema: Schema): MapValue {
  const { properties, additionalProperties } = schema;
  const open = hasUnknownKey(value);
  const fieldSchema = (name: string): Schema | undefined => {
    if (properties) return Object.hasOwn(properties, name) ? properties[name] : undefined;
    return typeof additionalProperties === 'object' ? additionalProperties : undefined;
  };
  let keys: readonly CelValue[] | undefined;
  return {
    kind: 'map',
    open,
    get keys() {
      keys ??= Object.keys(value)
        .filter((name) => fieldSchema(name) !== undefined)
        .map((name) => (properties ? (escapeName(name) ?? name) : name));
      return keys;
    },
    find(key) {
      if (typeof key !== 'string') return noOverload;
      const name = properties ? unescapeName(key) : key;
      const field = name !== undefined && Object.hasOwn(value, name) ? value[name] : undefined;
      // Null in a nullable field is treated as a missing field.
      if (name === undefined || field === undefined || (properties && field === null)) return undefined;
      const known = fieldSchema(name);
      return known && toCel(field, known);
    },
  };
}
