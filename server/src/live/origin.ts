// What an object of a cluster comes from: who created it, up to what Flux applied, and through which Kustomizations. The
// files that are the source of it are found by that (features/written.ts).
import type { GroupKind } from '../kube/identity.ts';
import { folderOfPath } from '../kustomize/flux-kustomization.ts';
import { text } from './fields.ts';
import { keyOf, type LiveObject, type ObjectKey, objectKey } from './object.ts';

/** A Flux Kustomization that applies something; without a name, what applies a folder of files is unknown. */
export interface FluxApplier {
  readonly namespace: string;
  readonly name: string;
  /** `spec.path` without `./`; empty for the root of the source, undefined if it is unknown. */
  readonly path: string | undefined;
}

/** An object that files may define. */
export interface Origin {
  readonly groupKind: GroupKind;
  readonly namespace?: string;
  readonly name: string;
  /** The one that applies it first, then the one that applies that, ... */
  readonly appliers: readonly FluxApplier[];
  /** What in it an object that is made from it comes from: a field, and the `name` of an item in it. */
  readonly part?: { readonly path: readonly string[]; readonly name?: string };
}

type Target = Pick<Origin, 'groupKind' | 'namespace' | 'name'>;

const cluster: GroupKind = 'cluster.x-k8s.io/Cluster';
export const kustomization: GroupKind = 'kustomize.toolkit.fluxcd.io/Kustomization';

/** The labels that tell what applied an object, by the kind that sets them. */
const appliedBy: readonly (readonly [GroupKind, string])[] = [
  ['helm.toolkit.fluxcd.io/HelmRelease', 'helm.toolkit.fluxcd.io'],
  ['fluxcd.controlplane.io/ResourceSet', 'resourceset.fluxcd.controlplane.io'],
  [kustomization, 'kustomize.toolkit.fluxcd.io'],
];

/** Where Cluster API's topology controller takes an object from, by the label that it sets (api/core: labels of topologies). */
const topologyParts = [
  ['topology.cluster.x-k8s.io/deployment-name', ['spec', 'topology', 'workers', 'machineDeployments']],
  ['topology.cluster.x-k8s.io/pool-name', ['spec', 'topology', 'workers', 'machinePools']],
  ['cluster.x-k8s.io/control-plane', ['spec', 'topology', 'controlPlane']],
] as const;

/** Longer chains are cut: owners may form a circle. */
const mostMakers = 12;

/**
 * The object first, then what made it, and what made that. It asks for one object after the other; of one that it doesn't get,
 * only the name is known, and it is the last.
 */
export function* originsOf(object: LiveObject): Generator<Target, readonly Origin[], LiveObject | undefined> {
  const objects = new Map<ObjectKey, Target | LiveObject>([[objectKey(object), object]]);
  for (let at: LiveObject | undefined = object; at && objects.size <= mostMakers; ) {
    const maker: Target | undefined = makerOf(at);
    if (!maker || objects.has(objectKey(maker))) break;
    at = yield maker;
    objects.set(objectKey(maker), at ?? maker);
  }
  const chain = [...objects.values()];
  const known = (key: ObjectKey) => {
    const found = objects.get(key);
    return found && isRead(found) ? found : undefined;
  };
  const part = partOf(chain);
  return chain.map((one, index) => {
    // What a controller creates has no labels of Flux, or copies of them.
    const labelled = chain.slice(index).find((other) => isRead(other) && labelsOf(other).length > 0);
    const appliers = labelled && isRead(labelled) ? appliersOf(labelled, known) : [];
    const isTopology = one.groupKind === cluster && index > 0;
    return { ...targetOf(one), appliers, ...(isTopology && part && { part }) };
  });
}

function isRead(one: Target | LiveObject): one is LiveObject {
  return 'labels' in one;
}

/** The Kustomizations above an object, the nearest first; one that applies itself is among them. */
export function appliersOf(
  object: LiveObject,
  get: (key: ObjectKey) => LiveObject | undefined,
): readonly FluxApplier[] {
  const found: FluxApplier[] = [];
  // Labels are whatever somebody wrote: they may form a circle.
  const seen = new Set<ObjectKey>();
  for (let at: LiveObject | undefined = object; at; ) {
    const [label] = labelsOf(at);
    const key = label && objectKey(label);
    if (!label || key === undefined || seen.has(key) || seen.size > mostMakers) break;
    seen.add(key);
    at = get(key);
    if (label.groupKind !== kustomization) continue;
    const path = at && folderOfPath(text(at.spec, 'path') ?? '');
    found.push({ namespace: label.namespace ?? '', name: label.name, path });
  }
  return found;
}

/** A Kustomization, and those above it. */
export function appliersFrom(
  object: LiveObject,
  get: (key: ObjectKey) => LiveObject | undefined,
): readonly FluxApplier[] {
  const { namespace = '', name, spec } = object;
  const above = appliersOf(object, get).filter((one) => one.name !== name || one.namespace !== namespace);
  return [{ namespace, name, path: folderOfPath(text(spec, 'path') ?? '') }, ...above];
}

/** The nearest: an object of a release may be applied by a Kustomization in other labels, which it has from its chart. */
function labelsOf({ labels }: LiveObject): readonly Target[] {
  return appliedBy.flatMap(([groupKind, prefix]): readonly Target[] => {
    const [name, namespace] = [labels[`${prefix}/name`], labels[`${prefix}/namespace`]];
    return name && namespace ? [{ groupKind, namespace, name }] : [];
  });
}

/** Its controller, what Flux applied it with, or another owner. */
function makerOf(object: LiveObject): Target | undefined {
  const { owners, namespace } = object;
  const own = objectKey(object);
  const owner = owners.find(({ controller }) => controller);
  const applied = labelsOf(object).find((target) => objectKey(target) !== own);
  const other = owner ?? (applied ? undefined : owners[0]);
  if (!other) return applied ?? clusterOf(object);
  // An owner is in the same namespace, or in none.
  return { groupKind: other.groupKind, ...(namespace !== undefined && { namespace }), name: other.name };
}

function clusterOf({ groupKind, namespace, labels }: LiveObject): Target | undefined {
  const name = labels['cluster.x-k8s.io/cluster-name'];
  if (name === undefined || groupKind === cluster) return undefined;
  return { groupKind: cluster, ...(namespace !== undefined && { namespace }), name };
}

/** By the labels of what is made. */
function partOf(chain: readonly (Target | LiveObject)[]): Origin['part'] {
  for (const one of chain) {
    if (!isRead(one)) continue;
    for (const [label, path] of topologyParts) {
      const name = one.labels[label];
      if (name !== undefined) return name === '' ? { path } : { path, name };
    }
  }
  return undefined;
}

function targetOf({ groupKind, namespace, name }: Target): Target {
  return { groupKind, ...(namespace !== undefined && { namespace }), name };
}

type Sameness = 'certain' | 'possible' | 'no';

/**
 * Whether files and a cluster mean the same object by a name: `certain` if the same Kustomizations apply it, from the same
 * folders; `possible` if that of one is unknown; `no` if they are others. `files` may end with a folder that something
 * without a name applies, since what Flux is started with is often not in the repository.
 */
export function sameAppliers(files: readonly FluxApplier[], live: readonly FluxApplier[]): Sameness {
  const [first, second] = [files[0], live[0]];
  if (!first || !second) return 'possible';
  if (first.name !== '' && (first.name !== second.name || first.namespace !== second.namespace)) return 'no';
  const paths = new Map(live.map((one) => [keyOf(kustomization, one.namespace, one.name), one.path]));
  const verdicts = files.map(({ namespace, name, path }, depth): Sameness => {
    const other = name === '' ? live[depth]?.path : paths.get(keyOf(kustomization, namespace, name));
    if (path === undefined || other === undefined) return name === '' ? 'possible' : 'certain';
    return name === '' ? sameFolder(path, other) : path === other ? 'certain' : 'no';
  });
  return (['no', 'possible'] as const).find((one) => verdicts.includes(one)) ?? 'certain';
}

/** What Flux applies may be a part of the folder, or the folder a part of it; an artifact may have a part of the repository. */
function sameFolder(folder: string, applied: string): Sameness {
  const isWithin = (inner: string, outer: string) => outer === '' || `${inner}/`.startsWith(`${outer}/`);
  if (isWithin(folder, applied) || isWithin(applied, folder)) return 'certain';
  return `/${folder}`.endsWith(`/${applied}`) ? 'possible' : 'no';
}
