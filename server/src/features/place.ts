// From a path in a document to its object and field: which object of the document contains it, and the schema of the
// field.
import { type Gvk, groupKindOf, gvkOf } from '../kube/identity.ts';
import { kindRow } from '../kube/kinds.ts';
import { embeddedIn } from '../kube/references.ts';
import type { KindSchema, Schema, SchemaStore } from '../schema/schema.ts';
import { stringAt } from '../syntax/navigate.ts';
import { nodes } from '../syntax/reader.ts';
import type { Node, Path } from '../syntax/tree.ts';

/** The object that contains a path. */
export interface ObjectPlace {
  /** From the document's root to the object. */
  readonly path: Path;
  readonly apiVersion: string | undefined;
  readonly kind: string | undefined;
  /** Set if apiVersion and kind are readable. */
  readonly gvk: Gvk | undefined;
}

/**
 * An item of a `List` and an object embedded in another are separate objects; every other path belongs to the document's
 * object. `assumed` is the kind implied by the file's name, used if apiVersion or kind is missing.
 */
export function objectAt(root: Node | undefined, path: Path, assumed?: Gvk): ObjectPlace {
  const listKind = stringAt(root, ['kind']);
  const inItem = listKind?.endsWith('List') === true && path[0] === 'items' && typeof path[1] === 'number';
  const objectPath = inItem ? path.slice(0, 2) : enclosingObject(root, path);
  const apiVersion = stringAt(root, [...objectPath, 'apiVersion']);
  const kind = stringAt(root, [...objectPath, 'kind']);
  const known = objectPath.length === 0 && (apiVersion === undefined || kind === undefined) ? assumed : undefined;
  return { path: objectPath, apiVersion, kind, gvk: known ?? gvkOf(apiVersion ?? '', kind ?? '') };
}

/** The path of the embedded object that contains `path`; empty if there is none. */
function enclosingObject(root: Node | undefined, path: Path): Path {
  const outer = gvkOf(stringAt(root, ['apiVersion']) ?? '', stringAt(root, ['kind']) ?? '');
  const row = outer && kindRow(groupKindOf(outer));
  if (!root || !row?.embeds) return [];
  return embeddedIn(root, row, nodes).find((object) => object.every((step, depth) => step === path[depth])) ?? [];
}

export interface Field {
  readonly object: ObjectPlace;
  /** The schema in use; inside an embedded resource, the schema of that resource instead of the object's. */
  readonly kind: KindSchema;
  /** From the object to the field. */
  readonly path: Path;
  readonly schema: Schema;
  /** The schema that has the field as a property or item; absent for the object itself. */
  readonly parent?: Schema;
}

/** Undefined if the object has no schema or its schema has no such field. */
export function fieldAt(root: Node | undefined, path: Path, schemas: SchemaStore, assumed?: Gvk): Field | undefined {
  const object = objectAt(root, path, assumed);
  let kind = object.gvk && schemas.lookup(object.gvk);
  if (!kind) return undefined;
  let schema: Schema = kind.schema;
  let parent: Schema | undefined;
  for (let depth = object.path.length; depth < path.length; depth += 1) {
    const step = path[depth]!;
    const next = childSchema(schema, step);
    if (!next) return undefined;
    parent = schema;
    schema = next;
    const origin = schema['x-capstan-origin'];
    if (origin !== undefined) kind = { ...kind, origin, from: 'chart' };
    if (schema['x-kubernetes-embedded-resource'] !== true) continue;
    const embedded = embeddedKind(root, path.slice(0, depth + 1), schemas);
    if (embedded) {
      kind = embedded;
      schema = embedded.schema;
    }
  }
  return { object, kind, path: path.slice(object.path.length), schema, ...(parent && { parent }) };
}

/** The schema of a key or an item. */
export function childSchema(schema: Schema, step: string | number): Schema | undefined {
  if (typeof step === 'number') return schema.items;
  const { properties, additionalProperties } = schema;
  if (properties && Object.hasOwn(properties, step)) {
    // In a CRD's schema the values of these two are schemas too; OpenAPI leaves them untyped, as other values are allowed.
    const nested = step === 'items' || step === 'additionalProperties';
    return nested && Object.hasOwn(properties, 'x-kubernetes-list-map-keys') ? schema : properties[step];
  }
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

/** `string`, `integer or string`, `[]object`, `map of string`: the type as shown to users. */
export function typeName(schema: Schema): string {
  if (schema.format === 'quantity') return 'quantity';
  if (schema['x-kubernetes-int-or-string'] === true) return 'integer or string';
  if (schema.type === 'array') return `[]${schema.items ? typeName(schema.items) : 'any'}`;
  if (schema.type === 'object' && typeof schema.additionalProperties === 'object') {
    return `map of ${typeName(schema.additionalProperties)}`;
  }
  return schema.type ?? 'any';
}

/** `spec.containers[*].image`: a path in the notation of the rows in kube/kinds. */
export function rowPath(path: Path): string {
  let printed = '';
  for (const step of path) {
    if (typeof step === 'number') printed += '[*]';
    else printed += printed === '' ? step : `.${step}`;
  }
  return printed;
}

function embeddedKind(root: Node | undefined, path: Path, schemas: SchemaStore): KindSchema | undefined {
  const gvk = gvkOf(stringAt(root, [...path, 'apiVersion']) ?? '', stringAt(root, [...path, 'kind']) ?? '');
  return gvk && schemas.lookup(gvk);
}
