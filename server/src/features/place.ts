// From a place in a document to the field of its object: which object of the document it belongs to, and the schema that
// stands there.
import { type Gvk, groupKindOf, gvkOf } from '../kube/identity.ts';
import { kindRow } from '../kube/kinds.ts';
import { embeddedIn } from '../kube/references.ts';
import type { KindSchema, Schema, SchemaStore } from '../schema/schema.ts';
import { stringAt } from '../syntax/navigate.ts';
import { nodes } from '../syntax/reader.ts';
import type { Node, Path } from '../syntax/tree.ts';

/** The object that a place belongs to. */
export interface ObjectPlace {
  /** From the document's root to the object. */
  readonly path: Path;
  readonly apiVersion: string | undefined;
  readonly kind: string | undefined;
  /** Where both are readable. */
  readonly gvk: Gvk | undefined;
}

/**
 * An item of a `List`, or an object embedded in another, is one of its own; the rest belongs to the document's. `assumed`
 * is what a document is that says it, in part or as a whole, only by its file's name.
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
  /** What answers for the object; another than the object's own inside an embedded resource. */
  readonly kind: KindSchema;
  /** From the object to the field. */
  readonly path: Path;
  readonly schema: Schema;
  /** The schema the field's name stands in; absent for the object itself. */
  readonly parent?: Schema;
}

/** Undefined where no schema is known for the object, or the schema says nothing of the place. */
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
    // In the schemas of a CRD these two hold schemas as well; OpenAPI says nothing of them, as they may also be others.
    const nested = step === 'items' || step === 'additionalProperties';
    return nested && Object.hasOwn(properties, 'x-kubernetes-list-map-keys') ? schema : properties[step];
  }
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

/** `string`, `integer or string`, `[]object`, `map of string`: the type in the field's words. */
export function typeName(schema: Schema): string {
  if (schema.format === 'quantity') return 'quantity';
  if (schema['x-kubernetes-int-or-string'] === true) return 'integer or string';
  if (schema.type === 'array') return `[]${schema.items ? typeName(schema.items) : 'any'}`;
  if (schema.type === 'object' && typeof schema.additionalProperties === 'object') {
    return `map of ${typeName(schema.additionalProperties)}`;
  }
  return schema.type ?? 'any';
}

/** `spec.containers[*].image`: a path as the rows of kube/kinds write it. */
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
