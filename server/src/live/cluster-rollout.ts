// The rollout of a Cluster: its topology, control plane and workers together, with the sequence of checks that kubectl has for
// workloads. The control plane is upgraded before the workers, version by version
// (core/reconcilers/topology/cluster/status.go in kubernetes-sigs/cluster-api).
import { type Conditions, conditionsOf, wordsOf } from './conditions.ts';
import { at, flag, number } from './fields.ts';
import type { LiveObject } from './object.ts';
import type { Rollout } from './rollout-state.ts';

export function clusterRollout(object: LiveObject): Rollout {
  const { name, generation, spec, status, deleted } = object;
  const quoted = JSON.stringify(name);
  const waiting = (message: string): Rollout => ({ is: 'waiting', message });
  const wait = (words: string) => waiting(`Waiting for cluster ${quoted} rollout to finish: ${words}...`);
  if (deleted !== undefined) return waiting(`cluster ${quoted} is being deleted`);
  if (generation > (number(status, 'observedGeneration') ?? 0))
    return waiting('Waiting for cluster spec update to be observed...');
  const conditions = conditionsOf(status);
  if (flag(spec, 'paused') || conditions.get('Paused')?.status === 'True')
    return waiting(`cluster ${quoted} is paused; nothing rolls out until it is resumed`);
  const topology = conditions.get('TopologyReconciled');
  if (topology?.observedGeneration !== undefined && topology.observedGeneration < generation)
    return waiting('Waiting for cluster spec update to be observed...');
  if (topology?.status === 'False') return wait(wordsOf(topology));
  const counted = countsOf(object, 'controlPlane', 'control plane') ?? countsOf(object, 'workers', 'worker');
  if (counted !== undefined) return wait(counted);
  const busy = busyWords(conditions);
  if (busy !== undefined) return wait(busy);
  const available = conditions.get('Available') ?? conditions.get('Ready');
  if (available === undefined)
    return {
      is: 'waiting',
      unknown: true,
      message: `Waiting for cluster ${quoted} rollout to finish: its status does not report whether it is available...`,
    };
  if (available.status !== 'True') return wait(wordsOf(available));
  return { is: 'done', message: `cluster ${quoted} successfully rolled out` };
}

/** The counts of one part of the cluster, as long as they are not all as desired. */
function countsOf({ status }: LiveObject, field: string, what: string): string | undefined {
  const counts = at(status, field) ?? at(status, 'v1beta2', field);
  const desired = number(counts, 'desiredReplicas');
  if (desired === undefined) return undefined;
  const [all, updated, available] = ['replicas', 'upToDateReplicas', 'availableReplicas'].map(
    (name) => number(counts, name) ?? 0,
  ) as [number, number, number];
  if (updated < desired) return `${updated} out of ${desired} ${what} machines are up to date`;
  if (all > desired) return `${all - desired} old ${what} machines are pending termination`;
  if (available < desired) return `${available} of ${desired} ${what} machines are available`;
  return undefined;
}

function busyWords(conditions: Conditions): string | undefined {
  for (const type of ['RollingOut', 'Remediating', 'ScalingUp', 'ScalingDown']) {
    const condition = conditions.get(type);
    if (condition?.status === 'True') return wordsOf(condition);
  }
  for (const type of ['ControlPlaneMachinesUpToDate', 'WorkerMachinesUpToDate']) {
    const condition = conditions.get(type);
    if (condition?.status === 'False') return wordsOf(condition);
  }
  return undefined;
}
