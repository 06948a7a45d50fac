// What one document tells the rest of its workspace: the objects it defines, the CRDs among them, and for a
// kustomization what it makes of other files. Plain data that depends on the document's text alone.
import { type GroupKind, type Gvk, groupKindOf, gvkOf } from '../kube/identity.ts';
import { type Delivery, deliveryOf } from '../kustomize/delivery.ts';
import { type KustomizationFacts, readKustomization } from '../kustomize/kustomization.ts';
import { isCrd } from '../schema/crd.ts';
import { type Manifest, parseManifest } from '../syntax/manifest.ts';
import { nodeAt, scalarAt, stringAt } from '../syntax/navigate.ts';
import type { Node, Path } from '../syntax/tree.ts';
import { resolveAlias, toValue } from '../syntax/value.ts';

export interface Facts {
  /** The document's object, or the items of a `List`. */
  readonly objects: readonly ObjectFacts[];
  readonly kustomization?: KustomizationFacts;
  /** Flux Kustomizations that change what they apply: the folder, as written, and how. */
  readonly deliveries: readonly Delivery[];
  /** Encrypted by SOPS. */
  readonly sops: boolean;
  /** `{{ }}` keeps it from being YAML. */
  readonly template: boolean;
  /** Values of keys called `version` or `...Version`, in whatever depth: what the fleet runs, for completion. */
  readonly versions: readonly { readonly key: string; readonly value: string }[];
  /** Has a top-level `apiVersion` or `kind`, also where the text around them is broken. */
  readonly manifest: boolean;
}

export interface ObjectFacts {
  /** From the document's root to the object. */
  readonly path: Path;
  readonly gvk: Gvk;
  readonly groupKind: GroupKind;
  /** Absent where unwritten or not knowable (`${NAME}`). */
  readonly name?: string;
  readonly namespace?: string;
  /** Offsets of the name, else of the kind. */
  readonly start: number;
  readonly end: number;
  /** The kind that a CustomResourceDefinition defines. */
  readonly defines?: GroupKind;
}

/** Never throws; objects without apiVersion or kind are left out. */
export function factsOf(text: string): Facts {
  const manifest = parseManifest(text);
  const { root, sops, template } = manifest;
  const objects = template ? [] : objectPaths(manifest).flatMap((path) => objectFacts(root, path));
  const kustomization = kustomizationOf(manifest);
  return {
    objects,
    ...(kustomization && { kustomization }),
    deliveries: objects.flatMap(({ groupKind, path }) =>
      groupKind === 'kustomize.toolkit.fluxcd.io/Kustomization' ? deliveryOf(nodeAt(root, [...path, 'spec'])) : [],
    ),
    sops,
    template,
    versions: versionsIn(text),
    manifest: isManifest(manifest),
  };
}

/** Paths of the objects in a document: its root, or the items of a `List` (also `ConfigMapList` and the like). */
export function objectPaths({
  root,
  apiVersion,
  kind,
}: Pick<Manifest, 'root' | 'apiVersion' | 'kind'>): readonly Path[] {
  if (apiVersion === undefined || !kind?.endsWith('List')) return [[]];
  const items = itemsOf(root);
  return items ? items.map((_, index) => ['items', index]) : [[]];
}

function itemsOf(root: Node | undefined): readonly Node[] | undefined {
  const items = nodeAt(root, ['items']);
  const list = items && resolveAlias(items);
  return list?.type === 'seq' ? list.items : undefined;
}

function objectFacts(root: Node | undefined, path: Path): ObjectFacts[] {
  const gvk = gvkOf(stringAt(root, [...path, 'apiVersion']) ?? '', stringAt(root, [...path, 'kind']) ?? '');
  if (!gvk) return [];
  const name = stringAt(root, [...path, 'metadata', 'name']);
  const namespace = stringAt(root, [...path, 'metadata', 'namespace']);
  const label = scalarAt(root, [...path, 'metadata', 'name']) ?? scalarAt(root, [...path, 'kind'])!;
  const defines = definedKind(root, path, gvk);
  return [
    {
      path,
      gvk,
      groupKind: groupKindOf(gvk),
      ...(name && { name }),
      ...(namespace && { namespace }),
      start: label.start,
      end: label.end,
      ...(defines && { defines }),
    },
  ];
}

function definedKind(root: Node | undefined, path: Path, { group, version, kind }: Gvk): GroupKind | undefined {
  if (!isCrd({ apiVersion: `${group}/${version}`, kind })) return undefined;
  const defined = stringAt(root, [...path, 'spec', 'names', 'kind']);
  return defined === undefined
    ? undefined
    : groupKindOf({ group: stringAt(root, [...path, 'spec', 'group']) ?? '', kind: defined });
}

const kustomizeGroup = 'kustomize.config.k8s.io/';

/** kustomize takes a file without apiVersion and kind for a Kustomization; `roles.ts` settles that by the file's name. */
function kustomizationOf({ root, apiVersion, kind }: Manifest): KustomizationFacts | undefined {
  if (apiVersion !== undefined && !apiVersion.startsWith(kustomizeGroup)) return undefined;
  if (kind !== undefined && kind !== 'Kustomization' && kind !== 'Component') return undefined;
  return root && readKustomization(toValue(root));
}

function versionsIn(text: string): Facts['versions'] {
  if (!/ersion: /.test(text)) return [];
  const found = text.matchAll(/^ *(?:- +)?(version|\w+Version): +["']?([^\s"'#]+)/gm);
  return [...found].flatMap(([, key, value]) => (key === 'apiVersion' ? [] : [{ key: key!, value: value! }]));
}

function isManifest({ apiVersion, kind, text }: Manifest): boolean {
  return (apiVersion !== undefined && kind !== undefined) || (/^apiVersion:/m.test(text) && /^kind:/m.test(text));
}
