// Discovers the kinds a server serves, with their versions and verbs. Sends one or two requests to servers with aggregated
// discovery (Kubernetes 1.26 and newer), else one for each group. These requests are our own: no client of
// @kubernetes/client-node requests aggregated discovery, and servers without it answer the same request with plain groups.
import type { V1APIGroupList, V1APIResourceList } from '@kubernetes/client-node';
import type { GroupKind } from '../../kube/identity.ts';
import { groupKindOf } from '../../kube/identity.ts';
import { type Failure, type Result, success } from '../failure.ts';
import type { Transport } from '../transport/transport.ts';

export interface Resource {
  readonly group: string;
  /** The group's most preferred version that serves the kind. */
  readonly version: string;
  /** All served versions, preferred first: another may work if conversion to this one fails. */
  readonly versions: readonly string[];
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
  readonly singular: string;
}

/** The fields that a path is built from. */
export type Collection = Pick<Resource, 'group' | 'version' | 'kind' | 'plural' | 'namespaced'>;

export interface Discovery {
  readonly resources: ReadonlyMap<GroupKind, Resource>;
  /** Groups whose aggregated API server doesn't respond; their kinds are unknown rather than absent. */
  readonly stale: readonly string[];
}

interface AggregatedList {
  readonly kind?: string;
  readonly items?: readonly {
    readonly metadata?: { readonly name?: string };
    readonly versions?: readonly {
      readonly version: string;
      readonly freshness?: string;
      readonly resources?: readonly {
        readonly resource: string;
        readonly responseKind?: { readonly kind?: string };
        readonly scope?: string;
        readonly singularResource?: string;
        readonly shortNames?: readonly string[];
        readonly verbs?: readonly string[];
      }[];
    }[];
  }[];
}

const aggregated = ['v2', 'v2beta1'].map(
  (version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`,
);
const accept = [...aggregated, 'application/json'].join(',');

export async function discover(transport: Transport, signal?: AbortSignal): Promise<Result<Discovery>> {
  const request = { accept, ...(signal ? { signal } : {}) };
  const [apis, core] = await Promise.all([
    transport.json<AggregatedList & V1APIGroupList>({ ...request, path: '/apis' }),
    transport.json<AggregatedList>({ ...request, path: '/api' }),
  ]);
  if (!apis.ok) return apis;
  if (!core.ok) return core;
  if (apis.value.kind === 'APIGroupDiscoveryList') return success(fromAggregated([core.value, apis.value]));
  return byGroup(transport, apis.value, signal);
}

export function fromAggregated(lists: readonly AggregatedList[]): Discovery {
  const found = new Map<GroupKind, Resource>();
  const stale: string[] = [];
  for (const item of lists.flatMap((list) => list.items ?? [])) {
    const group = item.metadata?.name ?? '';
    for (const { version, freshness, resources = [] } of item.versions ?? []) {
      if (freshness === 'Stale') stale.push(group);
      for (const resource of resources) {
        const kind = resource.responseKind?.kind;
        if (!kind) continue;
        add(found, {
          group,
          version,
          versions: [version],
          kind,
          plural: resource.resource,
          namespaced: resource.scope !== 'Cluster',
          verbs: resource.verbs ?? [],
          shortNames: resource.shortNames ?? [],
          singular: resource.singularResource ?? kind.toLowerCase(),
        });
      }
    }
  }
  return { resources: found, stale: [...new Set(stale)] };
}

async function byGroup(
  transport: Transport,
  { groups = [] }: V1APIGroupList,
  signal?: AbortSignal,
): Promise<Result<Discovery>> {
  const found = new Map<GroupKind, Resource>();
  const stale: string[] = [];
  let refused: Failure | undefined;
  const all = [
    { group: '', version: 'v1', path: '/api/v1' },
    ...groups.flatMap(({ name, versions, preferredVersion }) =>
      [...versions]
        .sort(
          (a, b) => Number(b.version === preferredVersion?.version) - Number(a.version === preferredVersion?.version),
        )
        .map(({ groupVersion, version }) => ({ group: name, version, path: `/apis/${groupVersion}` })),
    ),
  ];
  const lists = await Promise.all(
    all.map(({ path }) => transport.json<V1APIResourceList>({ path, ...(signal ? { signal } : {}) })),
  );
  lists.forEach((list, index) => {
    const { group, version } = all[index]!;
    if (!list.ok) {
      refused = list.failure;
      stale.push(group);
      return;
    }
    for (const { name, kind, namespaced, verbs = [], shortNames = [], singularName = '' } of list.value.resources ??
      []) {
      if (name.includes('/')) continue;
      add(found, {
        group,
        version,
        versions: [version],
        kind,
        plural: name,
        namespaced,
        verbs,
        shortNames,
        singular: singularName || kind.toLowerCase(),
      });
    }
  });
  if (found.size === 0 && refused) return { ok: false, failure: refused };
  return success({ resources: found, stale: [...new Set(stale)] });
}

/** Versions arrive preferred first; later versions of the same kind are alternatives. */
function add(found: Map<GroupKind, Resource>, resource: Resource): void {
  const key = groupKindOf(resource);
  const known = found.get(key);
  found.set(key, known ? { ...known, versions: [...known.versions, resource.version] } : resource);
}

/** Served by every server, so usable without discovery. */
export const namespaces: Collection = {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
};

/** Likewise. */
export const definitions: Collection = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
};

/** Path of the kind's collection, across all namespaces if none is given. */
export function collectionPath({ group, version, plural, namespaced }: Collection, namespace?: string): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return namespaced && namespace !== undefined
    ? `${root}/namespaces/${encodeURIComponent(namespace)}/${plural}`
    : `${root}/${plural}`;
}

export function objectPath(resource: Collection, namespace: string | undefined, name: string): string {
  return `${collectionPath(resource, namespace)}/${encodeURIComponent(name)}`;
}

/**
 * Resolves a resource the user entered: a kind, plural, singular or short name, with or without `.group` and version,
 * case-insensitive, as kubectl resolves it. Among several groups it prefers what kubectl prefers: core, then apps, then by
 * name.
 */
export function findResource(discovery: Discovery, named: string): Resource | undefined {
  const [name = '', ...suffix] = named.toLowerCase().split('.');
  const wanted = suffix.join('.');
  const matches = [...discovery.resources.values()].filter(
    ({ kind, plural, singular, shortNames, group, versions }) => {
      if (![kind.toLowerCase(), plural, singular, ...shortNames].includes(name)) return false;
      return (
        wanted === '' ||
        wanted === group ||
        versions.some((version) => wanted === `${version}.${group}`) ||
        (group === '' && versions.includes(wanted))
      );
    },
  );
  const rank = (group: string) => (group === '' ? 0 : group === 'apps' ? 1 : group === 'extensions' ? 3 : 2);
  return matches.sort((a, b) => rank(a.group) - rank(b.group) || (a.group < b.group ? -1 : 1))[0];
}
