// What may be written in the values of a release, for completion and hover: the chart's JSON Schema, the keys and defaults of its
// `values.yaml`, and the values of its subcharts below their names.
import type { Schema } from '../schema/schema.ts';
import type { Chart } from './chart.ts';
import { schemaOfDefaults } from './defaults.ts';
import { schemaOfJson } from './json-schema.ts';

const known = new WeakMap<Chart, Schema>();

/** The same (`===`) for the same chart. */
export function valuesSchema(chart: Chart): Schema {
  const before = known.get(chart);
  if (before) return before;
  const below = chart.dependencies.flatMap((one) =>
    one.chart && !one.chart.isLibrary ? [[one.name, valuesSchema(one.chart)] as const] : [],
  );
  const defaults = schemaOfDefaults(chart.valuesText);
  const own = chart.jsonSchema === undefined ? defaults : combined(schemaOfJson(chart.jsonSchema), defaults);
  const schema = withSubcharts(own, chart, below);
  known.set(chart, schema);
  return schema;
}

function withSubcharts(own: Schema, chart: Chart, below: readonly (readonly [string, Schema])[]): Schema {
  const properties: Record<string, Schema> = { ...own.properties };
  for (const [name, schema] of below) properties[name] = combined(schema, properties[name] ?? noSchema);
  for (const { conditions } of chart.dependencies)
    for (const condition of conditions) addSwitch(properties, condition.split('.'));
  const globals = below.flatMap(([, schema]) => schema.properties?.global ?? []);
  if (chart.dependencies.length > 0 || globals.length > 0)
    properties.global = globals.reduce((all, one) => combined(all, one), properties.global ?? freeMap);
  return { ...own, type: 'object', properties };
}

/** A condition of a subchart that the defaults lack. */
function addSwitch(properties: Record<string, Schema>, [name = '', ...rest]: readonly string[]): void {
  const before = properties[name];
  if (rest.length === 0) properties[name] ??= { type: 'boolean' };
  else {
    const inner = { ...before?.properties };
    addSwitch(inner, rest);
    properties[name] = { ...freeMap, ...before, properties: inner };
  }
}

const noSchema: Schema = {};

const freeMap: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

type Mutable = { -readonly [K in keyof Schema]: Schema[K] };

/** Schemas may be cyclic: each pair is combined once. */
const pairs = new WeakMap<Schema, WeakMap<Schema, Schema>>();

/** Of what both tell: defaults and comments of `defaults`, types and bounds of `schema`. Nothing with a default is required. */
function combined(schema: Schema, defaults: Schema): Schema {
  const before = pairs.get(schema)?.get(defaults);
  if (before) return before;
  const { required: all, ...kept } = schema;
  const made: Mutable = { ...kept };
  const ofSchema = pairs.get(schema) ?? new WeakMap<Schema, Schema>();
  pairs.set(schema, ofSchema.set(defaults, made));
  const isTold =
    schema.type !== undefined || schema.enum !== undefined || schema['x-kubernetes-preserve-unknown-fields'];
  if (!isTold && defaults.type !== undefined) made.type = defaults.type;
  if (made.type === 'array' && !schema.items && defaults.items) made.items = defaults.items;
  if (defaults.default !== undefined) made.default = defaults.default;
  const description = schema.description ?? defaults.description;
  if (description !== undefined) made.description = description;
  const properties = propertiesOf(schema, defaults);
  if (Object.keys(properties).length > 0) made.properties = properties;
  const required = all?.filter((name) => !Object.hasOwn(defaults.properties ?? {}, name));
  if (required && required.length > 0) made.required = required;
  return made;
}

function propertiesOf(schema: Schema, defaults: Schema): Readonly<Record<string, Schema>> {
  const properties: Record<string, Schema> = { ...schema.properties };
  const rest = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
  for (const [name, own] of Object.entries(defaults.properties ?? {})) {
    const told = Object.hasOwn(properties, name) ? properties[name] : rest;
    if (told) properties[name] = combined(told, own);
    else if (schema.additionalProperties !== false) properties[name] = own;
  }
  return properties;
}
