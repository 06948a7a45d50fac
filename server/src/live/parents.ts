// The parent of an object in the tree, derived from the object alone: its controller or its cluster label for Cluster API,
// the labels of the Kustomization or HelmRelease that applied it for Flux.
import type { GroupKind } from '../kube/identity.ts';
import { groupOf } from '../kube/identity.ts';
import { roleOf } from '../kube/roles.ts';
import { clusterApiGroup, familyOf } from './family.ts';
import { keyOf, type LiveObject, type ObjectKey } from './object.ts';

const kustomization: GroupKind = 'kustomize.toolkit.fluxcd.io/Kustomization';
const helmRelease: GroupKind = 'helm.toolkit.fluxcd.io/HelmRelease';
const cluster: GroupKind = 'cluster.x-k8s.io/Cluster';

export type Branch = 'cluster-api' | 'flux' | 'workload';

/** The branch of the explorer that shows objects of the kind; undefined for other kinds. */
export function branchOf(groupKind: GroupKind): Branch | undefined {
  const family = familyOf(groupKind);
  if (family === 'flux' || family === 'flux-source') return 'flux';
  if (family !== undefined) return family;
  return roleOf(groupKind) === undefined ? undefined : 'cluster-api';
}

/** The Flux object that applied the object. Sources are roots, since their applier usually depends on them. */
function applierOf(object: LiveObject): ObjectKey | undefined {
  if (familyOf(object.groupKind) === 'flux-source' && object.groupKind !== 'source.toolkit.fluxcd.io/HelmChart')
    return undefined;
  return (
    labelled(object, helmRelease, 'helm.toolkit.fluxcd.io') ??
    labelled(object, kustomization, 'kustomize.toolkit.fluxcd.io')
  );
}

function labelled(
  { labels, groupKind, namespace, name }: LiveObject,
  applier: GroupKind,
  prefix: string,
): ObjectKey | undefined {
  const [byName, byNamespace] = [labels[`${prefix}/name`], labels[`${prefix}/namespace`]];
  if (!byName || !byNamespace) return undefined;
  const key = keyOf(applier, byNamespace, byName);
  return key === keyOf(groupKind, namespace, name) ? undefined : key;
}

/** The controller or, failing that, the Cluster that owns the object or that its label names. */
function clusterParentOf(object: LiveObject): ObjectKey | undefined {
  if (object.groupKind === cluster) return undefined;
  const owner =
    object.owners.find(({ controller }) => controller) ?? object.owners.find(({ groupKind }) => groupKind === cluster);
  if (owner && (groupOf(owner.groupKind) === clusterApiGroup || roleOf(owner.groupKind) !== undefined)) {
    return keyOf(owner.groupKind, object.namespace, owner.name);
  }
  const label = object.labels['cluster.x-k8s.io/cluster-name'];
  return label === undefined ? undefined : keyOf(cluster, object.namespace, label);
}

/** ReplicaSets of a Deployment, Jobs of a CronJob, and the Pods of all. */
function controllerOf({ owners, namespace }: LiveObject): ObjectKey | undefined {
  const owner = owners.find(({ controller }) => controller);
  return owner && keyOf(owner.groupKind, namespace, owner.name);
}

export function parentOf(branch: Branch, object: LiveObject): ObjectKey | undefined {
  switch (branch) {
    case 'flux':
      return applierOf(object);
    case 'cluster-api':
      return clusterParentOf(object);
    case 'workload':
      return controllerOf(object);
  }
}
