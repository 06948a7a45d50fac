// The JSON Schema of a chart (`values.schema.json`, drafts 4 to 2020-12) as keywords and as a schema for completion and hover.
// References into the file itself are followed; those to elsewhere stand for any value, since nothing is fetched.
import { isRecord, plainJson } from '../schema/facts.ts';
import type { Schema } from '../schema/schema.ts';

export type Keywords = Readonly<Record<string, unknown>>;

/** Finds the target of a `$ref`; undefined if it isn't in the file. */
export type Resolve = (ref: string) => unknown;

const mostAnchors = 10_000;

export function resolverOf(root: unknown): Resolve {
  let anchors: ReadonlyMap<string, unknown> | undefined;
  return (ref) => {
    if (ref === '#') return root;
    if (ref.startsWith('#/')) return atPointer(root, ref.slice(2));
    anchors ??= anchorsIn(root);
    return anchors.get(ref);
  };
}

function atPointer(root: unknown, pointer: string): unknown {
  let at: unknown = root;
  for (const step of pointer.split('/')) {
    const key = decoded(step).replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(at)) at = at[Number(key)];
    else if (isRecord(at) && Object.hasOwn(at, key)) at = at[key];
    else return undefined;
  }
  return at;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** By what a reference to them looks like: `$id` as written, `#name` for anchors. */
function anchorsIn(root: unknown): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  const waiting: unknown[] = [root];
  for (let count = 0; waiting.length > 0 && count < mostAnchors; count += 1) {
    const at = waiting.pop();
    if (Array.isArray(at)) waiting.push(...at);
    if (!isRecord(at)) continue;
    const { $id, id, $anchor } = at;
    for (const name of [$id, id]) if (typeof name === 'string') found.set(name, at);
    if (typeof $anchor === 'string') found.set(`#${$anchor}`, at);
    waiting.push(...Object.values(at));
  }
  return found;
}

/** For completion and hover: what may be written, whichever alternative holds. Schemas that refer to themselves are cyclic. */
export function schemaOfJson(root: unknown): Schema {
  const resolve = resolverOf(root);
  return new Converter(resolve).convert(root, 0);
}

const deepest = 100;
const mostSchemas = 50_000;

class Converter {
  readonly #resolve: Resolve;
  readonly #known = new Map<object, Schema>();
  #count = 0;

  constructor(resolve: Resolve) {
    this.#resolve = resolve;
  }

  convert(json: unknown, depth: number): Schema {
    if (!isRecord(json) || depth > deepest) return anything;
    const known = this.#known.get(json);
    if (known) return known;
    this.#count += 1;
    if (this.#count > mostSchemas) return anything;
    const schema: Mutable = {};
    this.#known.set(json, schema);
    this.#fill(schema, json, depth);
    return schema;
  }

  #fill(schema: Mutable, json: Keywords, depth: number): void {
    this.#own(schema, json, depth);
    const target = typeof json.$ref === 'string' ? this.#resolve(json.$ref) : undefined;
    const all = [target, ...listOf(json.allOf)].filter(isRecord);
    const any = [...listOf(json.anyOf), ...listOf(json.oneOf), json.then, json.else].filter(isRecord);
    for (const one of all) merge(schema, this.convert(one, depth + 1), true);
    if (any.length > 0) {
      const either: Mutable = { ...this.convert(any[0], depth + 1) };
      delete either.required;
      for (const one of any.slice(1)) merge(either, this.convert(one, depth + 1), false);
      merge(schema, either, true);
    }
    if (schema.properties && schema.type === undefined) schema.type = 'object';
    if (typeof json.$ref === 'string' && target === undefined) schema['x-kubernetes-preserve-unknown-fields'] = true;
  }

  #own(schema: Mutable, json: Keywords, depth: number): void {
    const types = (Array.isArray(json.type) ? json.type : [json.type]).filter((one) => typeof one === 'string');
    const [type, ...others] = types.filter((one) => one !== 'null');
    if (others.length === 0 && type !== undefined && isType(type)) schema.type = type;
    if (types.includes('null')) schema.nullable = true;
    if (typeof json.title === 'string') schema.title = json.title;
    const description = [json.description, json.markdownDescription, json.title].find((one) => typeof one === 'string');
    if (description !== undefined) schema.description = description;
    if (Object.hasOwn(json, 'default')) schema.default = plainJson(json.default);
    if (Array.isArray(json.enum)) schema.enum = json.enum.filter((one) => one !== null);
    else if (Object.hasOwn(json, 'const')) schema.enum = [json.const];
    for (const bound of ['minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems'] as const)
      if (typeof json[bound] === 'number') schema[bound] = json[bound];
    if (typeof json.pattern === 'string') schema.pattern = json.pattern;
    if (Array.isArray(json.required)) schema.required = json.required.filter((one) => typeof one === 'string');
    if (isRecord(json.items)) schema.items = this.convert(json.items, depth + 1);
    if (isRecord(json.properties)) {
      const entries = Object.entries(json.properties).map(
        ([name, one]) => [name, this.convert(one, depth + 1)] as const,
      );
      schema.properties = Object.fromEntries(entries);
    }
    const patterns = isRecord(json.patternProperties) ? Object.values(json.patternProperties) : [];
    const rest = isRecord(json.additionalProperties) ? json.additionalProperties : patterns[0];
    if (isRecord(rest)) schema.additionalProperties = this.convert(rest, depth + 1);
    else if (json.additionalProperties === false) schema.additionalProperties = false;
  }
}

type Mutable = { -readonly [K in keyof Schema]: Schema[K] };

const anything: Schema = { 'x-kubernetes-preserve-unknown-fields': true };

const bounds = ['minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems', 'pattern'] as const;

/** Properties of alternatives are merged this deep: schemas may be cyclic. */
const deepestMerge = 6;

/** `isAll`: what it requires is required, rather than one of the alternatives. */
function merge(schema: Mutable, other: Schema, isAll: boolean, depth = 0): void {
  const { properties, required, enum: values, type, items, additionalProperties, description } = other;
  if (properties) schema.properties = mergedProperties(schema.properties ?? {}, properties, isAll, depth);
  if (isAll && required) schema.required = [...new Set([...(schema.required ?? []), ...required])];
  if (values) schema.enum = isAll ? (schema.enum ?? values) : [...new Set([...(schema.enum ?? []), ...values])];
  if (isAll && type !== undefined) schema.type ??= type;
  else if (!isAll && schema.type !== undefined && type !== undefined && type !== schema.type) delete schema.type;
  if (items) schema.items ??= items;
  if (typeof additionalProperties === 'object') schema.additionalProperties ??= additionalProperties;
  if (other.default !== undefined && schema.default === undefined) schema.default = other.default;
  if (!isAll) return;
  if (description !== undefined) schema.description ??= description;
  const mine = schema as Record<string, unknown>;
  for (const bound of bounds) if (other[bound] !== undefined) mine[bound] ??= other[bound];
}

function mergedProperties(
  own: Readonly<Record<string, Schema>>,
  others: Readonly<Record<string, Schema>>,
  isAll: boolean,
  depth: number,
): Readonly<Record<string, Schema>> {
  const merged: Record<string, Schema> = { ...own };
  for (const [name, other] of Object.entries(others)) {
    const before = Object.hasOwn(merged, name) ? merged[name] : undefined;
    if (!before || before === other || depth > deepestMerge) merged[name] = before ?? other;
    else {
      const both: Mutable = { ...before };
      merge(both, other, isAll, depth + 1);
      merged[name] = both;
    }
  }
  return merged;
}

function isType(text: string): text is NonNullable<Schema['type']> {
  return ['object', 'array', 'string', 'integer', 'number', 'boolean'].includes(text);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
