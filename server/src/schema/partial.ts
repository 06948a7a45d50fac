// The schemas of partial objects: what a patch may contain. Nothing is required but the keys by which a strategic merge finds
// the items of a list, and directives stand beside the fields. A list that a patch replaces as a whole keeps
// its schema.
import type { KindSchema, Schema, SchemaStore } from './schema.ts';

const stores = new WeakMap<SchemaStore, SchemaStore>();

/** The store with the schemas of patches; the same (`===`) for the same store. */
export function partialStore(store: SchemaStore): SchemaStore {
  const known = stores.get(store);
  if (known) return known;
  const partial: SchemaStore = {
    lookup: (gvk) => {
      const kind = store.lookup(gvk);
      return kind && partialKind(kind);
    },
    versions: (group, kind) => store.versions(group, kind).map(partialKind),
    kinds: () => store.kinds(),
    hasGroup: (group) => store.hasGroup(group),
  };
  stores.set(store, partial);
  return partial;
}

const kinds = new WeakMap<KindSchema, KindSchema>();

function partialKind(kind: KindSchema): KindSchema {
  const known = kinds.get(kind);
  if (known) return known;
  const { gvk, plural, scope, served, storage, deprecated, origin, from, builtin } = kind;
  const partial: KindSchema = {
    ...{ gvk, plural, scope, served, storage, origin, from, builtin },
    ...(deprecated !== undefined && { deprecated }),
    get details() {
      return kind.details ?? {};
    },
    get schema() {
      return partialSchema(kind.schema);
    },
  };
  kinds.set(kind, partial);
  return partial;
}

const schemas = new WeakMap<Schema, Schema>();
const itemSchemas = new WeakMap<Schema, Schema>();

/** The same (`===`) for the same schema. Its parts are made when they are read: schemas may be cyclic. */
export function partialSchema(schema: Schema): Schema {
  const known = schemas.get(schema);
  if (known) return known;
  const partial = made(schema, undefined);
  schemas.set(schema, partial);
  return partial;
}

/** An item that a patch merges with the one that has the same value of the key. */
function mergedItem(schema: Schema, key: string): Schema {
  const known = itemSchemas.get(schema);
  if (known) return known;
  const partial = made(schema, [key]);
  itemSchemas.set(schema, partial);
  return partial;
}

function made(schema: Schema, needed: readonly string[] | undefined): Schema {
  const { properties, additionalProperties, items, ...others } = schema;
  const key = schema['x-kubernetes-patch-merge-key'];
  const partial: Schema = { ...ofPart(others, key !== undefined), ...(needed && { required: needed }) };
  if (properties) define(partial, 'properties', () => partialProperties(properties));
  if (additionalProperties !== undefined) {
    define(partial, 'additionalProperties', () =>
      typeof additionalProperties === 'object' ? partialSchema(additionalProperties) : additionalProperties,
    );
  }
  if (items) define(partial, 'items', () => (key === undefined ? items : mergedItem(items, key)));
  return partial;
}

/** Without what only a whole map or list can satisfy. */
function ofPart(schema: Schema, isMergedList: boolean): Schema {
  const { required, minProperties, anyOf, oneOf, allOf, not, 'x-kubernetes-validations': _rules, ...bare } = schema;
  const { minItems, ...rest } = bare;
  const isCombined = schema['x-kubernetes-int-or-string'] === true;
  return {
    ...(isMergedList ? rest : bare),
    ...(isCombined && anyOf && { anyOf }),
  };
}

/** The directives of a strategic merge (kubectl pkg/util/strategicpatch). */
const directive: Schema = { type: 'string', enum: ['delete', 'replace', 'merge'] };

function partialProperties(properties: Readonly<Record<string, Schema>>): Readonly<Record<string, Schema>> {
  const parts = Object.entries(properties).map(([name, schema]) => [name, partialSchema(schema)] as const);
  return { ...Object.fromEntries(parts), $patch: directive };
}

/** A property that is computed when it is first read. */
function define<K extends 'properties' | 'additionalProperties' | 'items'>(
  schema: Schema,
  name: K,
  compute: () => Schema[K],
): void {
  let known: { readonly value: Schema[K] } | undefined;
  Object.defineProperty(schema, name, { get: () => (known ??= { value: compute() }).value, enumerable: true });
}
