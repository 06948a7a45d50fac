// Extracts from one document what the rest of the workspace needs: the objects it defines, their references, CRDs, and the
// effects of a kustomization or Flux Kustomization on other files. Plain data that depends only on the text.
import { type GroupKind, type Gvk, groupKindOf, gvkOf } from '../kube/identity.ts';
import type { Role } from '../kube/kind.ts';
import { kindRow } from '../kube/kinds.ts';
import { embeddedIn, referencesOf, type Within } from '../kube/references.ts';
import { type Delivery, deliveryOf, syncOf } from '../kustomize/delivery.ts';
import { syncPaths } from '../kustomize/flux-instance.ts';
import { type KustomizationFacts, kustomizationFields, readKustomization } from '../kustomize/kustomization.ts';
import { type Crd, isCrd, readCrd } from '../schema/crd.ts';
import { type Manifest, parseManifest } from '../syntax/manifest.ts';
import { nodeAt, scalarAt, stringAt } from '../syntax/navigate.ts';
import { nodes } from '../syntax/reader.ts';
import type { Node, Path } from '../syntax/tree.ts';
import { resolveAlias, toValue } from '../syntax/value.ts';

export interface Facts {
  /** The document's object, or the items of a `List`. */
  readonly objects: readonly ObjectFacts[];
  /** Objects embedded in those, which are applied as well. */
  readonly embedded: readonly ObjectFacts[];
  /** The ConfigMaps and Secrets that a kustomization generates, without kustomize's hash suffix. */
  readonly generated: readonly ObjectFacts[];
  readonly kustomization?: KustomizationFacts;
  /** What the document's Flux Kustomizations apply, and how they change it. */
  readonly deliveries: readonly Delivery[];
  /** Encrypted by SOPS. */
  readonly sops: boolean;
  /** Not YAML because of `{{ }}`. */
  readonly template: boolean;
  /** The values of keys named `version` or `...Version` at any depth: versions in use, for completion. */
  readonly versions: readonly { readonly key: string; readonly value: string }[];
  /** Has a top-level `apiVersion` and `kind`, even if the rest of the text is invalid. */
  readonly manifest: boolean;
}

export interface ObjectFacts {
  /** From the document's root to the object. */
  readonly path: Path;
  readonly gvk: Gvk;
  readonly groupKind: GroupKind;
  /** Undefined if it is missing or unknown (`${NAME}`). */
  readonly name?: string;
  readonly namespace?: string;
  /** Offsets of the name or, without one, of the kind. */
  readonly start: number;
  readonly end: number;
  /** The kind that a CustomResourceDefinition defines. */
  readonly defines?: GroupKind;
  /** What it says of that kind, without the schemas. */
  readonly head?: Crd;
  /** In the order of the text. */
  readonly uses: readonly UseFacts[];
}

/** A reference of the object to another. */
export interface UseFacts {
  /** From the object to the reference: the name itself or a map around it. */
  readonly path: Path;
  readonly name: string;
  /** Offsets of the name. */
  readonly start: number;
  readonly end: number;
  /** The possible kinds of the target; never empty. */
  readonly targets: readonly GroupKind[];
  readonly within: Within;
  /** A missing target is valid. */
  readonly optional: boolean;
  readonly role?: Role;
  /** Cycles along it are an error. */
  readonly acyclic?: true;
}

/** Never throws; objects without apiVersion or kind are skipped. */
export function factsOf(text: string): Facts {
  return isData(text) ? { ...noFacts, versions: versionsIn(text) } : factsIn(text);
}

/** Above this length (UTF-16 units), a text is looked at before it is parsed: a lock file takes as long as a hundred manifests. */
const long = 50_000;

/** Whether a long text can be neither an object nor a kustomization, for which a key is missing. */
function isData(text: string): boolean {
  return text.length > long && !ofManifest.test(text);
}

/** A `kind`, a field of a kustomization, the root of a text in braces, a block of SOPS, or a template. */
const ofManifest = new RegExp(
  `["'\\s{,]kind["']?\\s*:|^["']?(?:${[...kustomizationFields, 'kind', 'sops'].join('|')})["']?\\s*:|^[ \\t]*[{[]|\\{\\{|\\{%`,
  'm',
);

const generators = { configMapGenerator: 'ConfigMap', secretGenerator: 'Secret' } as const;

const decisive: readonly (readonly string[])[] = [
  ...['CustomResourceDefinition', ...Object.keys(generators)].map((word) => [word]),
  ['kustomize.toolkit.fluxcd.io', 'Kustomization'],
  ...Object.entries(syncPaths).map(([groupKind, path]) => [...groupKind.split('/'), ...path]),
];

/**
 * Whether the facts of a text may have CRDs, deliveries or generators, which decide what other files mean, or anything that its
 * text doesn't say word by word. `false` is certain.
 */
export function mayDecide(text: string): boolean {
  return text.includes('\\') || decisive.some((words) => words.every((word) => text.includes(word)));
}

export const noFacts: Facts = {
  ...{ objects: [], embedded: [], generated: [], deliveries: [], versions: [] },
  ...{ sops: false, template: false, manifest: false },
};

function factsIn(text: string): Facts {
  const manifest = parseManifest(text);
  const { root, sops, template } = manifest;
  // Walking the expanded aliases of such a document would take forever.
  const walks =
    root &&
    !template &&
    !(manifest.text.includes('*') && manifest.findings.some(({ rule }) => rule === 'syntax/alias-bomb'));
  const objects = template ? [] : objectPaths(manifest).flatMap((path) => objectFacts(root, path));
  const kustomization = kustomizationOf(manifest);
  return {
    objects: walks ? objects.map((object) => withUses(object, root)) : objects,
    embedded: walks ? objects.flatMap((object) => embeddedObjects(object, root)) : [],
    generated: walks && kustomization ? generatedObjects(root) : [],
    ...(kustomization && { kustomization }),
    deliveries: objects.flatMap(({ groupKind, namespace, path }) => {
      if (groupKind === 'kustomize.toolkit.fluxcd.io/Kustomization') return deliveryOf(nodeAt(root, [...path, 'spec']));
      const sync = syncPaths[groupKind];
      return sync ? syncOf(nodeAt(root, [...path, ...sync]), namespace ?? 'flux-system') : [];
    }),
    sops,
    template,
    versions: versionsIn(text),
    manifest: isManifest(manifest),
  };
}

/** The paths of the objects in a document: its root, or the items of a `List` or of a typed list such as `ConfigMapList`. */
function objectPaths({ root, apiVersion, kind }: Pick<Manifest, 'root' | 'apiVersion' | 'kind'>): readonly Path[] {
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
  const head = defines && headOf(root, path, gvk);
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
      ...(head && { head }),
      uses: [],
    },
  ];
}

function withUses(object: ObjectFacts, root: Node): ObjectFacts {
  const row = kindRow(object.groupKind);
  const node = row?.references && nodeAt(root, object.path);
  if (!node) return object;
  const uses = referencesOf(node, row, nodes).map(
    ({ path, name, node: { start, end }, targets, within, optional, reference: { role, acyclic } }): UseFacts => ({
      ...{ path, name, start, end, targets, within, optional },
      ...(role && { role }),
      ...(acyclic && { acyclic }),
    }),
  );
  return uses.length === 0 ? object : { ...object, uses: uses.sort((a, b) => a.start - b.start) };
}

/** Only one level: objects embedded in embedded objects are skipped. */
function embeddedObjects(object: ObjectFacts, root: Node): readonly ObjectFacts[] {
  const row = kindRow(object.groupKind);
  const node = row?.embeds && nodeAt(root, object.path);
  if (!node) return [];
  return embeddedIn(node, row, nodes)
    .flatMap((path) => objectFacts(root, [...object.path, ...path]))
    .map((one) => withUses(one, root));
}

function generatedObjects(root: Node): readonly ObjectFacts[] {
  return Object.entries(generators).flatMap(([field, kind]) => {
    const list = nodes.field(root, field);
    return (list === undefined ? [] : nodes.items(list)).flatMap((_, index): ObjectFacts[] => {
      const path = [field, index];
      const label = scalarAt(root, [...path, 'name']);
      const namespace = stringAt(root, [...path, 'namespace']);
      if (typeof label?.value !== 'string') return [];
      const gvk: Gvk = { group: '', version: 'v1', kind };
      const { value: name, start, end } = label;
      return [{ path, gvk, groupKind: groupKindOf(gvk), name, ...(namespace && { namespace }), start, end, uses: [] }];
    });
  });
}

function definedKind(root: Node | undefined, path: Path, { group, version, kind }: Gvk): GroupKind | undefined {
  if (!isCrd({ apiVersion: `${group}/${version}`, kind })) return undefined;
  const defined = stringAt(root, [...path, 'spec', 'names', 'kind']);
  return defined === undefined
    ? undefined
    : groupKindOf({ group: stringAt(root, [...path, 'spec', 'group']) ?? '', kind: defined });
}

const versionFields = ['name', 'served', 'storage', 'deprecated', 'deprecationWarning'] as const;

/** A repository may have hundreds of CRDs, and to read their schemas takes a hundred times as long. */
function headOf(root: Node | undefined, path: Path, { group, version, kind }: Gvk): Crd | undefined {
  const read = (...at: Path) => {
    const node = nodeAt(root, [...path, 'spec', ...at]);
    return node && toValue(node);
  };
  const versions = nodeAt(root, [...path, 'spec', 'versions']);
  const list = versions?.type === 'seq' ? versions.items : [];
  const spec = {
    ...{ group: read('group'), scope: read('scope'), names: read('names') },
    versions: list.map((_, index) =>
      Object.fromEntries(versionFields.map((field) => [field, read('versions', index, field)])),
    ),
  };
  return readCrd({ apiVersion: `${group}/${version}`, kind, spec }, 'drop');
}

const kustomizeGroup = 'kustomize.config.k8s.io/';

/** kustomize treats a file without apiVersion and kind as a Kustomization; `roles.ts` decides by the file's name. */
function kustomizationOf({ root, apiVersion, kind }: Manifest): KustomizationFacts | undefined {
  if (apiVersion !== undefined && !apiVersion.startsWith(kustomizeGroup)) return undefined;
  if (kind !== undefined && kind !== 'Kustomization' && kind !== 'Component') return undefined;
  return root && readKustomization(root);
}

function versionsIn(text: string): Facts['versions'] {
  if (!/ersion: /.test(text)) return [];
  const found = text.matchAll(/^ *(?:- +)?(version|\w+Version): +["']?([^\s"'#]+)/gm);
  return [...found].flatMap(([, key, value]) => (key === 'apiVersion' ? [] : [{ key: key!, value: value! }]));
}

function isManifest({ apiVersion, kind, text }: Manifest): boolean {
  return (apiVersion !== undefined && kind !== undefined) || (/^apiVersion:/m.test(text) && /^kind:/m.test(text));
}
