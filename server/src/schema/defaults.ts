// Applies the server's changes to a custom resource between decoding and validation: it drops nulls and sets defaults
// (apiextensions-apiserver pkg/apiserver/schema/defaulting: prunenulls.go, algorithm.go).
import { unknown, type Value } from '../syntax/tree.ts';
import { hasUnknownKey, isList, isObject, markUnknownKeys, type ObjectValue } from '../syntax/value.ts';
import type { Schema } from './schema.ts';

/** Returns a new value that shares unchanged parts with the old one. */
export function complete(value: Value, schema: Schema | undefined): Value {
  if (!schema || value === unknown) return value;
  if (isList(value)) return completeList(value, schema.items);
  return isObject(value) ? completeObject(value, schema) : value;
}

/** The schema of a field: that of its property, or of the map's values. */
export function fieldSchema(schema: Schema, name: string): Schema | undefined {
  const { properties, additionalProperties } = schema;
  if (properties && Object.hasOwn(properties, name)) return properties[name];
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

/** Converts JSON from a schema (defaults, enum values), with integers as `bigint` like those of a parsed text. */
export function valueOfJson(json: unknown): Value {
  if (typeof json === 'number') return Number.isSafeInteger(json) ? BigInt(json) : json;
  if (Array.isArray(json)) return json.map(valueOfJson);
  if (typeof json === 'object' && json !== null) {
    return Object.fromEntries(Object.entries(json).map(([key, item]) => [key, valueOfJson(item)]));
  }
  return json as Value;
}

function completeList(list: readonly Value[], items: Schema | undefined): Value {
  if (!items) return list;
  let changed = false;
  const completed = list.map((item) => {
    const result = item === null && !items.nullable ? defaultOf(items) : complete(item, items);
    changed ||= result !== item;
    return result;
  });
  return changed ? completed : list;
}

function completeObject(object: ObjectValue, schema: Schema): Value {
  // Nothing is known of free contents, such as the values of a chart, which may be long.
  if (!schema.properties && typeof schema.additionalProperties !== 'object') return object;
  let result: Record<string, Value> | undefined;
  const copy = (): Record<string, Value> => {
    result ??= { ...object };
    return result;
  };
  for (const [name, value] of Object.entries(object)) {
    const field = fieldSchema(schema, name);
    if (!field) continue;
    if (value === null && !field.nullable) {
      const byDefault = defaultOf(field);
      if (field.default === undefined) delete copy()[name];
      else copy()[name] = complete(byDefault, field);
      continue;
    }
    const completed = complete(value, field);
    if (completed !== value) copy()[name] = completed;
  }
  for (const [name, field] of defaultedFields(schema)) {
    if (!Object.hasOwn(object, name) && !hasUnknownKey(object)) copy()[name] = complete(defaultOf(field), field);
  }
  if (result && hasUnknownKey(object)) markUnknownKeys(result);
  return result ?? object;
}

const defaults = new WeakMap<Schema, Value>();

function defaultOf(schema: Schema): Value {
  let value = defaults.get(schema);
  if (value === undefined) {
    value = schema.default === undefined ? null : valueOfJson(schema.default);
    defaults.set(schema, value);
  }
  return value;
}

const none: readonly (readonly [string, Schema])[] = [];
const defaulted = new WeakMap<Schema, readonly (readonly [string, Schema])[]>();

function defaultedFields(schema: Schema): readonly (readonly [string, Schema])[] {
  if (!schema.properties) return none;
  let fields = defaulted.get(schema);
  if (!fields) {
    fields = Object.entries(schema.properties).filter(
      ([, field]) => field.default !== undefined && field.default !== null,
    );
    defaulted.set(schema, fields);
  }
  return fields;
}
