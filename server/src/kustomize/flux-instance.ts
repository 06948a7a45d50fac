// The source and the Kustomization that a FluxInstance creates for its `sync`, which make it the entry point of its cluster.
import { type Built, type BuiltList, type BuiltMap, builtAt, type Origin, scalarOf, textAt } from './built.ts';
import { emptyConfig } from './config/field-specs.ts';
import { documentsIn } from './inline.ts';
import { type BuiltObject, gvkIn, idOf } from './objects.ts';
import { patchesTransformer } from './transformers/patches.ts';
import type { Step } from './transformers/transformer.ts';

/** Where an object has `sync`: an instance itself, or a release of its chart. */
export const syncPaths: Readonly<Record<string, readonly string[]>> = {
  'fluxcd.controlplane.io/FluxInstance': ['spec', 'sync'],
  'helm.toolkit.fluxcd.io/HelmRelease': ['spec', 'values', 'instance', 'sync'],
};

/** Empty for another kind, and for an instance that doesn't synchronize. */
export function objectsOfInstance(object: BuiltMap): readonly BuiltMap[] {
  const { group, kind } = gvkIn(object);
  const path = syncPaths[`${group}/${kind}`] ?? [];
  const sync = path.length > 0 ? builtAt(object, path) : undefined;
  if (sync?.kind !== 'map') return [];
  // A release often gets its namespace from what applies it; the one that the installation uses is the usual one.
  const namespace = idOf(object).namespace || 'flux-system';
  const { origin } = sync;
  const text = (field: string) => textAt(sync, [field]);
  const name = text('name') ?? namespace;
  const sourceKind = text('kind') ?? 'GitRepository';
  const head = (apiVersion: string, of: string, spec: Built): BuiltMap => {
    const metadata = mapOf({ name, namespace }, origin);
    return withEntries(mapOf({ apiVersion, kind: of }, origin), { metadata, spec });
  };
  const fields = (names: readonly string[]) =>
    Object.fromEntries(names.flatMap((field) => (sync.entries.has(field) ? [[field, sync.entries.get(field)!]] : [])));
  const created = [
    head('source.toolkit.fluxcd.io/v1', sourceKind, withEntries(mapOf({}, origin), fields(['url']))),
    head(
      'kustomize.toolkit.fluxcd.io/v1',
      'Kustomization',
      withEntries(mapOf({}, origin), { ...fields(['path']), sourceRef: mapOf({ kind: sourceKind, name }, origin) }),
    ),
  ];
  const patches = builtAt(object, [...path.slice(0, -1), 'kustomize', 'patches']);
  return patches?.kind === 'list' ? patched(created, patches) : created;
}

/** The patches of an instance are for all objects that it creates; those for others have no effect here. */
function patched(objects: readonly BuiltMap[], patches: BuiltList): readonly BuiltMap[] {
  const fields: BuiltMap = { kind: 'map', entries: new Map([['patches', patches]]), origin: patches.origin };
  const step: Step = {
    ...{ fields, config: emptyConfig, folderName: '', documentsIn },
    isNamespaced: () => true,
    schemaOf: () => undefined,
    documentsOf: () => undefined,
    contentOf: () => undefined,
    report: () => undefined,
    changes: undefined,
    leaveOut: () => undefined,
  };
  const given = objects.map((value): BuiltObject => ({ value, previous: [] }));
  return patchesTransformer(given, step).map(({ value }) => value);
}

function mapOf(texts: Readonly<Record<string, string>>, origin: Origin): BuiltMap {
  const entries = Object.entries(texts).map(([key, text]) => [key, scalarOf(text, origin)] as const);
  return { kind: 'map', entries: new Map(entries), origin };
}

function withEntries(map: BuiltMap, more: Readonly<Record<string, Built>>): BuiltMap {
  return { ...map, entries: new Map([...map.entries, ...Object.entries(more)]) };
}
