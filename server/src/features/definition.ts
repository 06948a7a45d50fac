// Definition and references, through the reference rows of kube/kinds: from a name to the object it means (or from a path
// to its file), and from an object to whatever names it.
import { type GroupKind, groupKindOf } from '../kube/identity.ts';
import type { Reference } from '../kube/kind.ts';
import { kindRow } from '../kube/kinds.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { nodeAt, placeAt, stringAt } from '../syntax/navigate.ts';
import type { Node, Path, ScalarNode } from '../syntax/tree.ts';
import { resolveAlias } from '../syntax/value.ts';
import { type DefinitionKey, definitionKey, type Workspace } from '../workspace/workspace.ts';
import type { Cursor } from './cursor.ts';
import { filesNamed } from './path-targets.ts';
import { objectAt, rowPath } from './place.ts';

/** A place in a file, in offsets of the file. */
export interface Site {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/** Where the object or the file that is named under the cursor is; several where several files define it. */
export function definition(cursor: Cursor): readonly Site[] {
  const named = targetAt(cursor);
  if (named) return named.keys.flatMap((key) => sitesOf(cursor.workspace, key));
  return filesNamed(cursor).map((path) => ({ path, start: 0, end: 0 }));
}

/** Everything that names the object under the cursor, be it its definition or a reference to it. */
export function references(cursor: Cursor, withDefinition: boolean): readonly Site[] {
  const keys = new Set(targetAt(cursor)?.keys ?? ownKey(cursor));
  if (keys.size === 0) return [];
  const { workspace } = cursor;
  const defined = withDefinition ? [...keys].flatMap((key) => sitesOf(workspace, key)) : [];
  const uses: Site[] = [];
  for (const file of workspace.files()) {
    for (const { start, document } of file.documents) {
      for (const use of usesIn(document.text)) {
        if (use.keys.some((key) => keys.has(key))) {
          uses.push({ path: file.path, start: start + use.node.start, end: start + use.node.end });
        }
      }
    }
  }
  return [...defined, ...uses];
}

interface Use {
  readonly keys: readonly DefinitionKey[];
  readonly node: ScalarNode;
}

/** Every name in a document that refers to another object. */
export function usesIn(text: string): readonly Use[] {
  const { root } = parseManifest(text);
  const object = objectAt(root, []);
  const row = object.gvk && kindRow(groupKindOf(object.gvk));
  if (!root || !row?.references) return [];
  return row.references.flatMap((reference) =>
    nodesAt(root, reference.path).flatMap((node) => useOf(node, reference) ?? []),
  );
}

/** The reference the cursor is in, whichever of its fields it is on. */
function targetAt({ manifest, offset }: Cursor): Use | undefined {
  const { root } = manifest;
  const place = placeAt(root, offset);
  const object = objectAt(root, place?.path ?? []);
  const row = object.gvk && kindRow(groupKindOf(object.gvk));
  if (!root || !place || !row) return undefined;
  const inObject = place.path.slice(object.path.length);
  for (const reference of row.references ?? []) {
    for (const path of [inObject, inObject.slice(0, -1)]) {
      if (rowPath(path) !== reference.path) continue;
      const node = nodeAt(root, [...object.path, ...path]);
      const use = node && useOf(node, reference);
      if (use) return use;
    }
  }
  return undefined;
}

function ownKey({ document, manifest, offset }: Cursor): Use['keys'] {
  const generated = document.facts.kustomization ? generatedIn(manifest.root) : [];
  const own = generated.find(({ node }) => node.start <= offset && offset <= node.end);
  if (own) return own.keys;
  const place = placeAt(manifest.root, offset);
  const { path, gvk } = objectAt(manifest.root, place?.path ?? []);
  const inObject = place?.path.slice(path.length) ?? [];
  const onName = rowPath(inObject) === 'metadata.name' || inObject.length === 0;
  const name = stringAt(manifest.root, [...path, 'metadata', 'name']);
  return gvk && onName && name !== undefined ? [definitionKey(groupKindOf(gvk), name)] : [];
}

function useOf(node: Node, { to }: Reference): Use | undefined {
  const target = resolveAlias(node);
  if (target?.type === 'scalar') return named(target, to);
  const name = target && nodeAt(target, ['name']);
  if (name?.type !== 'scalar') return undefined;
  const kind = stringAt(target, ['kind']);
  const group = stringAt(target, ['apiGroup']) ?? stringAt(target, ['apiVersion'])?.replace(/(?:^|\/)[^/]*$/, '');
  if (kind === undefined) return to.length === 1 ? named(name, to) : undefined;
  const fitting = to.filter(
    (one) => one.endsWith(`/${kind}`) && (group === undefined || one === groupKindOf({ group, kind })),
  );
  if (fitting.length > 0) return named(name, fitting);
  return to.length === 0 && group !== undefined ? named(name, [groupKindOf({ group, kind })]) : undefined;
}

function named(node: ScalarNode, kinds: readonly GroupKind[]): Use | undefined {
  const { value } = node;
  if (typeof value !== 'string' || value === '') return undefined;
  return { keys: kinds.map((kind) => definitionKey(kind, value)), node };
}

/** Nodes a row's path leads to: `spec.dependsOn[*]`. */
function nodesAt(root: Node, path: string): readonly Node[] {
  const steps: Path = path.split('.').flatMap((step) => (step.endsWith('[*]') ? [step.slice(0, -3), 0] : [step]));
  return steps.reduce<readonly Node[]>(
    (nodes, step) =>
      nodes.flatMap((one) => {
        const target = resolveAlias(one);
        if (step === 0) return target?.type === 'seq' ? target.items : [];
        const next = nodeAt(one, [step]);
        return next ? [next] : [];
      }),
    [root],
  );
}

function sitesOf(workspace: Workspace, key: DefinitionKey): readonly Site[] {
  return workspace.definitions(key).flatMap(({ path, document, object }) => {
    const placed = workspace.file(path)?.documents.find((one) => one.document === document);
    if (!placed) return [];
    const generator = () => generatedIn(parseManifest(document.text).root).find(({ keys }) => keys.includes(key))?.node;
    const { start, end } = object ?? generator() ?? { start: 0, end: 0 };
    return [{ path, start: placed.start + start, end: placed.start + end }];
  });
}

const generators: readonly (readonly [GroupKind, string])[] = [
  ['/ConfigMap', 'configMapGenerator[*].name'],
  ['/Secret', 'secretGenerator[*].name'],
];

/** The objects that a kustomization generates, each with its name. */
function generatedIn(root: Node | undefined): readonly Use[] {
  if (!root) return [];
  return generators.flatMap(([kind, path]) =>
    nodesAt(root, path).flatMap((node) => (node.type === 'scalar' ? (named(node, [kind]) ?? []) : [])),
  );
}
