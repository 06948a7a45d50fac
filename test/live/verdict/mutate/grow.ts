// Sets fields to values that their schemas allow, so that the object can only be invalid by rules and code.
import { fieldSchema } from '../../../../server/src/schema/defaults.ts';
import type { Schema } from '../../../../server/src/schema/schema.ts';
import type { Json, JsonObject } from '../cases.ts';
import type { Random } from '../random.ts';
import { generateValue } from '../seeds.ts';

interface Slot {
  readonly parent: JsonObject;
  readonly key: string;
  readonly schema: Schema;
}

/** Changes a field to another value of its schema, or adds a missing field; false if the schema has no fields. */
export function grow(object: JsonObject, schema: Schema, random: Random): boolean {
  const slots = slotsOf(object, schema);
  const wanted = random.chance(0.5);
  const fitting = slots.filter(({ parent, key }) => Object.hasOwn(parent, key) === wanted);
  if (fitting.length === 0) return false;
  const { parent, key, schema: field } = random.pick(fitting);
  parent[key] = generateValue(field, random.pick([0, 0.3, 0.7]), random, 4);
  return true;
}

function slotsOf(value: Json, schema: Schema, depth = 0): readonly Slot[] {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items ? value.flatMap((item) => slotsOf(item, items, depth + 1)) : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  const names = new Set([...Object.keys(schema.properties ?? {}), ...Object.keys(value)]);
  return [...names].flatMap((key) => {
    const field = fieldSchema(schema, key);
    if (!field || (depth === 0 && ['apiVersion', 'kind', 'metadata', 'status'].includes(key))) return [];
    const below = Object.hasOwn(value, key) ? slotsOf(value[key]!, field, depth + 1) : [];
    return [{ parent: value, key, schema: field }, ...below];
  });
}
