// Pools of machines that a Cluster's topology owns: what is changed in the pool itself, the controller of the topology reverts
// (https://cluster-api.sigs.k8s.io/tasks/experimental-features/cluster-class/operate-cluster).
import type { GroupKind } from '../../kube/identity.ts';
import { at, list, text } from '../fields.ts';
import type { LiveObject } from '../object.ts';
import { type Named, nameOf, refused, type Through } from './action.ts';

const prefix = 'topology.cluster.x-k8s.io';

/** The list in `spec.topology.workers`, and the label that names an entry of it, of each kind of pool. */
const lists: Readonly<Record<GroupKind, { readonly list: string; readonly label: string }>> = {
  'cluster.x-k8s.io/MachineDeployment': { list: 'machineDeployments', label: `${prefix}/deployment-name` },
  'cluster.x-k8s.io/MachinePool': { list: 'machinePools', label: `${prefix}/pool-name` },
};

/** How the replicas of the pool are changed in the topology; undefined if no topology owns it. */
export function poolInTopology({ groupKind, namespace, labels }: LiveObject): Through | undefined {
  const place = lists[groupKind];
  if (!place || labels[`${prefix}/owned`] === undefined) return undefined;
  const cluster = labels['cluster.x-k8s.io/cluster-name'] ?? '';
  const pool = labels[place.label];
  const named: Named = {
    groupKind: 'cluster.x-k8s.io/Cluster',
    ...(namespace === undefined ? {} : { namespace }),
    name: cluster,
  };
  return {
    named,
    change(raw, { values }) {
      if (at(raw, 'spec', 'paused') === true)
        return refused(`${nameOf(named)} is paused, so its topology changes nothing. Resume it first.`);
      const pools = list(raw, 'spec', 'topology', 'workers', place.list);
      if (!pools.some((one) => text(one, 'name') === pool))
        return refused(`The topology of ${nameOf(named)} has no pool ${pool ?? ''}.`);
      // A merge patch replaces lists as a whole; the resource version keeps it from undoing what others changed.
      const changed = pools.map((one) =>
        text(one, 'name') === pool ? { ...(one as object), replicas: Number(values.replicas) } : one,
      );
      return { body: { spec: { topology: { workers: { [place.list]: changed } } } }, asSeen: true };
    },
  };
}
