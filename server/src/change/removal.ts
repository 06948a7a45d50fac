// What happens to an object that leaves the files: whether its applier deletes it, and what goes with it.
import { type GroupKind, groupOf, kindName } from '../kube/identity.ts';
import { roleOf } from '../kube/roles.ts';
import { type BuiltMap, textAt } from '../kustomize/built.ts';
import type { Applier } from '../workspace/cluster.ts';

export type Fate =
  /** The applier deletes it. */
  | { readonly is: 'pruned' }
  /** It leaves the inventory and stays in the cluster. */
  | { readonly is: 'kept'; readonly why: WhyKept }
  /** It was applied by hand, which deletes nothing. */
  | { readonly is: 'dropped' };

export type WhyKept =
  /** `prune` is off. */
  | 'prune-off'
  /** An annotation or a label of the object excludes it. */
  | 'excluded'
  | 'deletion-policy'
  /** What is suspended isn't pruned when it is deleted. */
  | 'suspended'
  /** The applier is no longer in the files, but stays in the cluster, and so does everything it applied. */
  | 'applier-stays'
  /** The files of the cluster are gone altogether: Flux can't build what it applied, and deletes nothing. */
  | 'no-path'
  /** Of an object that Helm renders: an annotation tells Helm to keep it. */
  | 'resource-policy'
  /** Helm never deletes what is in the folder `crds/` of a chart. */
  | 'in-crds'
  /** The HelmRelease stays in the cluster. */
  | 'release-stays'
  /** A release that is suspended isn't uninstalled when it is deleted. */
  | 'release-suspended';

/** The new side. */
export interface Aftermath {
  /** What an applier of the old side has become. */
  successor(applier: Applier): Applier | undefined;
  hasFolder(path: string): boolean;
}

/**
 * Of an object that an applier no longer has, or that is left without its applier. As kustomize-controller (garbage collection
 * and finalizer) and flux-operator do it.
 */
export function fateOf(object: BuiltMap, before: Applier | undefined, aftermath: Aftermath): Fate {
  const group = before && groups[before.is];
  if (!before || !group) return { is: 'dropped' };
  if (isExcluded(object, group)) return { is: 'kept', why: 'excluded' };
  const after = aftermath.successor(before);
  if (after) return isPruning(after) ? { is: 'pruned' } : { is: 'kept', why: 'prune-off' };
  const { flux, by } = before;
  // The outermost Kustomization is in its own inventory.
  const own = flux && (by ? fateOf(flux.object, by, aftermath) : ownFate(before, aftermath));
  if (own?.is === 'kept') return own.why === 'no-path' ? own : { is: 'kept', why: 'applier-stays' };
  // A Kustomization that was applied by hand is deleted by hand, if at all.
  if (own?.is === 'dropped') return own;
  const policy = textAt(flux?.spec, ['deletionPolicy']) ?? 'MirrorPrune';
  if (textAt(flux?.spec, ['suspend']) === 'true') return { is: 'kept', why: 'suspended' };
  if (policy === 'Orphan') return { is: 'kept', why: 'deletion-policy' };
  return policy !== 'MirrorPrune' || isPruning(before) ? { is: 'pruned' } : { is: 'kept', why: 'prune-off' };
}

function ownFate(applier: Applier, { hasFolder }: Aftermath): Fate {
  if (applier.folder !== undefined && !hasFolder(applier.folder)) return { is: 'kept', why: 'no-path' };
  return isPruning(applier) ? { is: 'pruned' } : { is: 'kept', why: 'prune-off' };
}

/** A ResourceSet always deletes what is no longer in it. */
function isPruning({ flux }: Applier): boolean {
  return !flux || textAt(flux.spec, ['prune']) === 'true';
}

const groups: Readonly<Record<Applier['is'], string | undefined>> = {
  flux: 'kustomize.toolkit.fluxcd.io',
  'resource-set': 'fluxcd.controlplane.io',
  kustomization: undefined,
  folder: undefined,
};

function isExcluded(object: BuiltMap, group: string): boolean {
  return ['prune', 'reconcile'].some((name) =>
    ['annotations', 'labels'].some((field) => textAt(object, ['metadata', field, `${group}/${name}`]) === 'disabled'),
  );
}

/** What is deleted with an object, from what is most expensive to lose. */
export type Loss = 'cluster' | 'machines' | 'namespace' | 'definition' | 'volumes' | 'delivery' | 'release';

/** Undefined if only the object itself goes. */
export function lossOf(groupKind: GroupKind): Loss | undefined {
  const known = losses.get(groupKind);
  if (known) return known;
  switch (roleOf(groupKind)) {
    case 'controlPlane':
      return 'cluster';
    case 'infrastructure':
      return kindName(groupKind).endsWith('Cluster') ? 'cluster' : 'machines';
    default:
      return groupOf(groupKind).endsWith('snapshot.storage.k8s.io') ? 'volumes' : undefined;
  }
}

const losses: ReadonlyMap<GroupKind, Loss> = new Map<GroupKind, Loss>([
  ['cluster.x-k8s.io/Cluster', 'cluster'],
  ['cluster.x-k8s.io/MachineDeployment', 'machines'],
  ['cluster.x-k8s.io/MachineSet', 'machines'],
  ['cluster.x-k8s.io/MachinePool', 'machines'],
  ['cluster.x-k8s.io/Machine', 'machines'],
  ['/Namespace', 'namespace'],
  ['apiextensions.k8s.io/CustomResourceDefinition', 'definition'],
  ['/PersistentVolumeClaim', 'volumes'],
  ['/PersistentVolume', 'volumes'],
  ['apps/StatefulSet', 'volumes'],
  ['kustomize.toolkit.fluxcd.io/Kustomization', 'delivery'],
  ['fluxcd.controlplane.io/ResourceSet', 'delivery'],
  ['fluxcd.controlplane.io/FluxInstance', 'delivery'],
  ['helm.toolkit.fluxcd.io/HelmRelease', 'release'],
]);

const order: readonly (Loss | undefined)[] = [
  ...(['cluster', 'machines', 'namespace', 'definition', 'volumes', 'delivery', 'release'] as const),
  undefined,
];

/** Lower is worse. */
export function rankOf(loss: Loss | undefined): number {
  return order.indexOf(loss);
}
