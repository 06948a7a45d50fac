// Under which object another one is shown, told by the object alone: controller owners and cluster labels for Cluster
// API, the labels of the Kustomization or HelmRelease that applied it for delivery.
import type { GroupKind } from '../kube/identity.ts';
import { groupOf } from '../kube/identity.ts';
import { roleOf } from '../kube/roles.ts';
import { clusterApiGroup, familyOf } from './family.ts';
import { keyOf, type LiveObject, type ObjectKey } from './object.ts';

const kustomization: GroupKind = 'kustomize.toolkit.fluxcd.io/Kustomization';
const helmRelease: GroupKind = 'helm.toolkit.fluxcd.io/HelmRelease';
const cluster: GroupKind = 'cluster.x-k8s.io/Cluster';

export type Branch = 'cluster-api' | 'flux' | 'workload';

/** The families of the explorer an object is shown in. */
export function branchOf(groupKind: GroupKind): Branch | undefined {
  const family = familyOf(groupKind);
  if (family === 'flux' || family === 'flux-source') return 'flux';
  if (family !== undefined) return family;
  return roleOf(groupKind) === undefined ? undefined : 'cluster-api';
}

/** What applied the object, in delivery. Sources stand at the top: what applies them is usually made from them. */
export function applierOf(object: LiveObject): ObjectKey | undefined {
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

/** In a cluster's tree: the controller, else the Cluster that owns it or whose label it bears. */
export function clusterParentOf(object: LiveObject): ObjectKey | undefined {
  if (object.groupKind === cluster) return undefined;
  const owner =
    object.owners.find(({ controller }) => controller) ?? object.owners.find(({ groupKind }) => groupKind === cluster);
  if (owner && (groupOf(owner.groupKind) === clusterApiGroup || roleOf(owner.groupKind) !== undefined)) {
    return keyOf(owner.groupKind, object.namespace, owner.name);
  }
  const label = object.labels['cluster.x-k8s.io/cluster-name'];
  return label === undefined ? undefined : keyOf(cluster, object.namespace, label);
}

export function parentOf(branch: Branch, object: LiveObject): ObjectKey | undefined {
  return branch === 'flux' ? applierOf(object) : branch === 'cluster-api' ? clusterParentOf(object) : undefined;
}
