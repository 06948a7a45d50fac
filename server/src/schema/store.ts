// Schema stores and their composition, which decides the source of a kind that several sources define.
import { type GroupKind, groupKindOf } from '../kube/identity.ts';
import type { KindSchema, KindSummary, Schema, SchemaStore } from './schema.ts';

/** Of two entries for the same version, the first takes precedence. */
export function storeOf(kinds: Iterable<KindSchema>): SchemaStore {
  const byKind = new Map<GroupKind, KindSchema[]>();
  const groups = new Set<string>();
  for (const kind of kinds) {
    groups.add(kind.gvk.group);
    const versions = byKind.get(groupKindOf(kind.gvk));
    if (!versions) byKind.set(groupKindOf(kind.gvk), [kind]);
    else if (!versions.some((known) => known.gvk.version === kind.gvk.version)) versions.push(kind);
  }
  for (const versions of byKind.values()) versions.sort((a, b) => byVersionPriority(a.gvk.version, b.gvk.version));
  const all = [...byKind.values()].flat();
  return {
    lookup: (gvk) => byKind.get(groupKindOf(gvk))?.find((kind) => kind.gvk.version === gvk.version),
    versions: (group, kind) => byKind.get(groupKindOf({ group, kind })) ?? [],
    kinds: () => all,
    hasGroup: (group) => groups.has(group),
  };
}

/**
 * Queries `sources` in order: the folder's pins, the workspace's CRDs of the scope, the bundled releases, a cluster's
 * CRDs. The first source with any version of a kind determines all its versions, as one CRD does in a cluster; later
 * sources only add kinds. Custom kinds get the `apiVersion`, `kind` and `metadata` that the server adds.
 */
export function layeredStore(sources: readonly SchemaStore[]): SchemaStore {
  const versions = (group: string, kind: string): readonly KindSchema[] => {
    for (const source of sources) {
      const known = source.versions(group, kind);
      if (known.length > 0) return known.map(published);
    }
    return [];
  };
  const completed = new WeakMap<KindSchema, KindSchema>();
  const published = (kind: KindSchema): KindSchema => {
    if (kind.builtin) return kind;
    const known = completed.get(kind) ?? publishedKind(kind, objectMeta);
    completed.set(kind, known);
    return known;
  };
  let meta: Schema | undefined;
  const objectMeta = (): Schema => {
    meta ??= versions('', 'Namespace')[0]?.schema.properties?.metadata ?? {
      type: 'object',
      'x-kubernetes-preserve-unknown-fields': true,
    };
    return meta;
  };
  let kinds: readonly KindSummary[] | undefined;
  return {
    lookup(gvk) {
      const source = sources.find((one) => one.versions(gvk.group, gvk.kind).length > 0);
      const found = source?.lookup(gvk);
      return found && published(found);
    },
    others(gvk) {
      const source = sources.find((one) => one.versions(gvk.group, gvk.kind).length > 0);
      return (source?.others?.(gvk) ?? []).map(published);
    },
    versions,
    kinds: () => (kinds ??= mergedKinds(sources)),
    hasGroup: (group) => sources.some((source) => source.hasGroup(group)),
  };
}

/**
 * Compares by Kubernetes' version priority, highest first: v2, v1, v1beta2, v1beta1, v1alpha1, then names of any other
 * form in alphabetical order. Source: apimachinery `pkg/version/helpers.go`.
 */
export function byVersionPriority(a: string, b: string): number {
  const [rankA, rankB] = [versionRank(a), versionRank(b)];
  if (!rankA || !rankB) return Number(!rankA) - Number(!rankB) || (a < b ? -1 : a > b ? 1 : 0);
  return rankB[0]! - rankA[0]! || rankB[1]! - rankA[1]! || rankB[2]! - rankA[2]!;
}

const stability = ['alpha', 'beta', undefined];

function versionRank(version: string): readonly number[] | undefined {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  return match ? [stability.indexOf(match[2]), Number(match[1]), Number(match[3] ?? 0)] : undefined;
}

function mergedKinds(sources: readonly SchemaStore[]): readonly KindSummary[] {
  const known = new Set<GroupKind>();
  return sources.flatMap((source) => {
    const added = source.kinds().filter((kind) => !known.has(groupKindOf(kind.gvk)));
    for (const kind of added) known.add(groupKindOf(kind.gvk));
    return added;
  });
}

/** A CRD's version as published by the server: `metadata` is ObjectMeta, of which a CRD may only narrow the name. */
function publishedKind(kind: KindSchema, objectMeta: () => Schema): KindSchema {
  const { gvk, plural, scope, served, storage, deprecated, origin, from, builtin, line } = kind;
  let schema: Schema | undefined;
  return {
    ...{ gvk, plural, scope, served, storage, origin, from, builtin },
    ...(deprecated !== undefined && { deprecated }),
    ...(line && { line }),
    get details() {
      return kind.details ?? {};
    },
    get schema() {
      schema ??= withObjectMeta(kind.schema, objectMeta());
      return schema;
    },
  };
}

function withObjectMeta(schema: Schema, objectMeta: Schema): Schema {
  const own = schema.properties?.metadata;
  const narrowed = Object.entries(own?.properties ?? {}).map(
    ([name, narrower]) => [name, { ...objectMeta.properties?.[name], ...narrower }] as const,
  );
  return {
    ...schema,
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      ...schema.properties,
      metadata: { ...own, ...objectMeta, properties: { ...objectMeta.properties, ...Object.fromEntries(narrowed) } },
    },
  };
}
