// Checks the kind and version of an object: whether they are known, served or deprecated, and which ones were meant. The
// group of a CRD must contain a dot, so no CRD can add a kind to `apps` or the core group. An unknown kind there is still
// only a hint if no known kind has a similar name: it may belong to a distribution or another tool.
import { apiVersionOf, type Gvk, groupKindOf, gvkOf } from '../kube/identity.ts';
import { nearest } from '../schema/nearest.ts';
import type { KindSchema, SchemaStore } from '../schema/schema.ts';
import { unknown } from '../syntax/tree.ts';
import { hasUnknownKey, isObject, type ObjectValue, own } from '../syntax/value.ts';
import { errorAt, type Problem, type Unserved } from './problem.ts';

/** The kind of an object, or why it has none. */
export function identify(
  object: ObjectValue,
  store: SchemaStore,
): { readonly gvk: Gvk } | { readonly problems: readonly Problem[] } {
  const apiVersion = own(object, 'apiVersion');
  const kind = own(object, 'kind');
  if (typeof apiVersion === 'string' && typeof kind === 'string') {
    const gvk = gvkOf(apiVersion, kind);
    return gvk ? { gvk } : { problems: [] };
  }
  if (apiVersion === unknown || kind === unknown || hasUnknownKey(object)) return { problems: [] };
  if (!isObject(own(object, 'metadata'))) return { problems: [] };
  if (typeof apiVersion === 'string' && !isKnownGroup(apiVersion, store)) return { problems: [] };
  if (typeof kind === 'string' && !store.kinds().some((known) => known.gvk.kind === kind)) return { problems: [] };
  if (typeof apiVersion === 'string') return { problems: [unidentified('kind', object)] };
  return { problems: typeof kind === 'string' ? [unidentified('apiVersion', object)] : [] };
}

function unidentified(field: 'apiVersion' | 'kind', object: ObjectValue): Problem {
  const found = own(object, field);
  if (found === undefined || found === null) return errorAt('schema/required', [field], { is: 'unidentified' });
  return errorAt('schema/type', [field], { is: 'type', expected: ['string'], found });
}

function isKnownGroup(apiVersion: string, store: SchemaStore): boolean {
  const gvk = gvkOf(apiVersion, 'Any');
  return gvk !== undefined && store.hasGroup(gvk.group);
}

/** `kind` is the schema of the version; undefined if it is unknown. */
export function kindProblems(gvk: Gvk, kind: KindSchema | undefined, store: SchemaStore): readonly Problem[] {
  const versions = store.versions(gvk.group, gvk.kind);
  if (kind?.served && kind.line && versions.some(({ line }) => !line)) return [elsewhere(kind, versions)];
  if (kind?.served) return kind.deprecated === undefined ? [] : [deprecated(kind, store)];
  if (versions.length === 0) return unknownKind(gvk, store);
  const found = unserved(gvk, kind ?? versions[0]!, kind, versions);
  return kind?.builtin && kind.deprecated !== undefined ? [found, deprecated(kind, store)] : [found];
}

/** A version that only another release serves than the one that answers first, where the cluster may run either. */
function elsewhere({ gvk, line, origin }: KindSchema, versions: readonly KindSchema[]): Problem {
  const [main] = versions;
  const instead = versions.filter(({ served, deprecated }) => served && deprecated === undefined);
  const facts: Unserved = {
    ...{
      is: 'unserved',
      gvk,
      origin: main!.origin,
      state: line === 'newer' ? 'upcoming' : 'dropped',
      elsewhere: origin,
    },
    instead: instead.map((version) => apiVersionOf(version.gvk)),
  };
  if (line === 'newer') return { ...errorAt('info/newer-version', ['apiVersion'], facts), severity: 'info' };
  return { ...errorAt('deprecated/version', ['apiVersion'], facts), severity: 'warning' };
}

function unserved(
  gvk: Gvk,
  { origin }: KindSchema,
  kind: KindSchema | undefined,
  versions: readonly KindSchema[],
): Problem {
  const instead = versions.filter((version) => version.served).map((version) => apiVersionOf(version.gvk));
  // Whether a version of a built-in kind is enabled depends on the cluster.
  const state = !kind ? 'undefined' : kind.builtin ? 'off' : 'removed';
  const problem = errorAt('schema/unserved-version', ['apiVersion'], { is: 'unserved', gvk, origin, state, instead });
  return state === 'off' ? { ...problem, severity: 'warning' } : problem;
}

function deprecated({ gvk, origin }: KindSchema, store: SchemaStore): Problem {
  const instead = store
    .versions(gvk.group, gvk.kind)
    .find((version) => version.served && version.deprecated === undefined);
  const facts = { is: 'deprecated', gvk, origin, instead: instead && apiVersionOf(instead.gvk) } as const;
  return { ...errorAt('deprecated/version', ['apiVersion'], facts), severity: 'warning' };
}

function unknownKind(gvk: Gvk, store: SchemaStore): readonly Problem[] {
  if (gvk.group === 'extensions') return [removedGroup(gvk, store)];
  const meant = store.hasGroup(gvk.group) ? meantBy(gvk, store) : misspeltGroup(gvk, store);
  if (!meant && !store.hasGroup(gvk.group)) return [];
  // Other tools, such as Talos, have versions without a group; Kubernetes has one.
  if (!meant && gvk.group === '' && gvk.version !== 'v1') return [];
  const refused = meant !== undefined && !gvk.group.includes('.');
  return [
    {
      rule: refused ? 'schema/unknown-kind' : 'info/unknown-kind',
      severity: refused ? 'error' : 'hint',
      path: ['kind'],
      on: 'value',
      facts: { is: 'unknown-kind', gvk, refused, meant },
      ...(meant && { remedies: [{ kind: 'replace', value: meant.value, at: [meant.field] }] }),
    },
  ];
}

/** The group `extensions`, which Kubernetes removed: its kinds are in other groups under the same names. */
function removedGroup(gvk: Gvk, store: SchemaStore): Problem {
  const [home] = homesOf(gvk, store);
  const instead = home === undefined ? [] : [home];
  const facts: Unserved = { is: 'unserved', gvk, origin: 'Kubernetes', state: 'group-removed', instead };
  const remedies = home === undefined ? [] : [{ kind: 'replace', value: home } as const];
  return errorAt('schema/unserved-version', ['apiVersion'], facts, remedies);
}

function meantBy(
  gvk: Gvk,
  store: SchemaStore,
): { readonly field: 'apiVersion' | 'kind'; readonly value: string } | undefined {
  const [home, ...others] = homesOf(gvk, store);
  if (home !== undefined && others.length === 0) return { field: 'apiVersion', value: home };
  const group = store.kinds().filter((kind) => kind.served && kind.gvk.group === gvk.group);
  const near = nearest(gvk.kind, new Set(group.map((kind) => kind.gvk.kind)));
  return near === undefined ? undefined : { field: 'kind', value: near };
}

/** Other tools have groups of their own: one is misspelt only if the same kind is in a group that is nearly the same. */
function misspeltGroup(
  gvk: Gvk,
  store: SchemaStore,
): { readonly field: 'apiVersion'; readonly value: string } | undefined {
  const homes = new Map(homesOf(gvk, store).map((home) => [home.replace(/\/[^/]*$/, ''), home]));
  // `cert-manager/v1` and `helm.toolkit.fluxcd/v2` lack the end of their domain.
  const [cut, ...others] = [...homes.keys()].filter((group) => group.startsWith(`${gvk.group}.`));
  const meant = cut !== undefined && others.length === 0 ? cut : nearest(gvk.group, homes.keys(), mostTypos);
  const value = homes.get(meant ?? '');
  return value === undefined ? undefined : { field: 'apiVersion', value };
}

const mostTypos = 2;

/** For each group with a kind of this name, the apiVersion to use: the version as written if the group serves it. */
export function homesOf({ kind, version }: Gvk, store: SchemaStore): readonly string[] {
  const named = store.kinds().filter((one) => one.served && one.gvk.kind === kind);
  const groups = new Set(named.map(({ gvk }) => groupKindOf(gvk)));
  return [...groups].map((group) => {
    const versions = named.filter(({ gvk }) => groupKindOf(gvk) === group);
    const same = versions.find(({ gvk }) => gvk.version === version);
    return apiVersionOf((same ?? versions.find(({ storage }) => storage) ?? versions[0]!).gvk);
  });
}
