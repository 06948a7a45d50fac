// How a document is read whose place in a field or in a kustomization tells what it is: a patch by the schema of the kind that
// it is for, a list of operations, objects.
import { type Gvk, groupKindOf } from '../../kube/identity.ts';
import type { TextContent, TextField } from '../../kube/texts.ts';
import type { BuiltMap } from '../../kustomize/built.ts';
import type { BuiltObject } from '../../kustomize/objects.ts';
import { partialStore } from '../../schema/partial.ts';
import type { SchemaStore } from '../../schema/schema.ts';
import type { Manifest } from '../../syntax/manifest.ts';
import type { Node, Path } from '../../syntax/tree.ts';
import type { Role } from '../../workspace/roles.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { operationsKind, operationsStore } from './operations.ts';
import { patchedBy, targetOf } from './patched.ts';
import { targetKinds } from './target.ts';

export interface Reading {
  readonly role: Role;
  /** The kind of an object that doesn't say it itself. */
  readonly assumed: Gvk | undefined;
  /** The kinds that a patch is for; empty if they are unknown. */
  readonly targets: readonly Gvk[];
  /** The schemas of whole objects. */
  readonly whole: SchemaStore;
  /** The schemas for what is at a path of a tree. */
  schemas(root: Node | undefined, path: Path): SchemaStore;
  /** The objects that a patch is for, as far as they are known. */
  objects(): readonly BuiltMap[];
}

export interface Known {
  readonly schemas: SchemaStore;
  isInUse(kind: Gvk): boolean;
  /** All objects that the patch could be for. */
  objects(): readonly BuiltObject[];
}

export function knownIn(workspace: Workspace, path: string): Omit<Known, 'objects'> {
  return {
    schemas: workspace.schemas.storeFor(path),
    isInUse: (gvk) => workspace.index.hasKind(groupKindOf(gvk)),
  };
}

/** `root` is the tree with the field, `path` that of the text in it, `manifest` the text. */
export function readingOf(
  { field, path }: { readonly field: TextField; readonly path: Path },
  root: Node | undefined,
  manifest: Manifest,
  { schemas, isInUse, objects }: Known,
): Reading {
  const holds = contentOf(field.holds, manifest);
  if (holds === 'objects') {
    const own: Reading['schemas'] = () => schemas;
    return { role: 'manifest', assumed: undefined, targets: [], whole: schemas, schemas: own, objects: () => [] };
  }
  const target = targetOf(field, path, root);
  const targets = targetKinds(target, manifest.root, schemas, isInUse);
  const isOperations = holds === 'operations';
  return {
    ...{ role: 'patch', targets, whole: schemas },
    assumed: isOperations ? operationsKind : targets[0],
    schemas: (tree, at) => (isOperations ? operationsStore(schemas, targets, tree, at) : partialStore(schemas)),
    objects: () => patchedBy(objects(), target, manifest.root),
  };
}

/** A patch is a list of operations if it is a list. */
export function contentOf(holds: TextContent, { root, text }: Pick<Manifest, 'root' | 'text'>): TextContent {
  if (holds !== 'patch') return holds;
  const isList = root ? root.type === 'seq' : /^\s*(?:-|\[)/.test(text);
  return isList ? 'operations' : 'merge-patch';
}
