// Deletes a machine, or marks it for the health check that remediates it. A control plane keeps the members of etcd that it needs.
import type { GroupKind } from '../../kube/identity.ts';
import { groupOf, kindName, parseApiVersion } from '../../kube/identity.ts';
import { conditionsOf } from '../conditions.ts';
import { knownHealth } from '../describe.ts';
import { type LiveObject, trim } from '../object.ts';
import { type Change, nameOf, offered, type Related, refused, type Settled, type Step } from './action.ts';

const machine: GroupKind = 'cluster.x-k8s.io/Machine';
const controlPlane = 'cluster.x-k8s.io/control-plane';
const remediation = 'cluster.x-k8s.io/remediate-machine';

/** Kinds of which a single object is deleted to have its controller make another one. */
const deletable: ReadonlySet<GroupKind> = new Set([machine, '/Pod']);

export const remove: Change<'delete'> = {
  is: 'change',
  verb: 'delete',
  title: 'Delete',
  icon: 'trash',
  menu: { group: '9_danger@1' },
  summary: 'delete a machine or a pod; what owns it makes another one',
  parameters: [],
  needs: [{ verb: 'delete' }],
  offeredFor: (object) =>
    deletable.has(object.groupKind)
      ? offered
      : refused(`${nameOf(object)} is not deleted here; only machines and pods are.`),
  reads: (object) => (isControlPlane(object) ? siblingsOf(object) : undefined),
  change(object, { related }) {
    const others = related.flatMap((raw) => trim(raw, object.apiVersion, kindName(machine)) ?? []);
    const healthy = others.filter((other) => other.uid !== object.uid && isHealthy(other)).length;
    if (isControlPlane(object) && healthy < 2)
      return refused(
        `${nameOf(object)} is a member of a control plane of which ${healthy === 0 ? 'no other machine is' : 'only one other machine is'} healthy; without it, etcd may lose its quorum and the cluster its data.`,
      );
    return { is: 'removal' };
  },
  preview(object) {
    const owner = object.owners.find(({ controller }) => controller);
    const after = owner
      ? `${kindName(owner.groupKind)} ${owner.name} makes another one.`
      : 'Nothing owns it, so no other one is made.';
    return object.groupKind === machine
      ? `Drains its node, then deletes the machine and its infrastructure. ${after}`
      : `Ends its containers. ${after}`;
  },
  settled: ({ before, now, isGone, context }) =>
    isGone || now.uid !== before.uid
      ? { outcome: 'handled', message: `${nameOf(before)} is deleted on ${context}.` }
      : undefined,
  words: {
    doing: 'Deleting',
    progress: ({ now }) => (now.deleted === undefined ? undefined : knownHealth(now).reason || undefined),
    pending: ({ now }) =>
      `${nameOf(now)} is being deleted${now.finalizers.length > 0 ? `; waiting for ${now.finalizers.join(', ')}` : ''}.`,
  },
};

export const remediate: Change<'remediate'> = {
  is: 'change',
  verb: 'remediate',
  title: 'Remediate Machine',
  icon: 'heart',
  menu: { group: '2_act@7' },
  summary: 'have the health check of a machine replace it',
  parameters: [],
  needs: [{ verb: 'patch' }],
  offeredFor(object) {
    if (object.groupKind !== machine) return refused(`${nameOf(object)} is not a machine.`);
    if (object.annotations['cluster.x-k8s.io/skip-remediation'] !== undefined)
      return refused(
        `${nameOf(object)} has the annotation cluster.x-k8s.io/skip-remediation, so no health check acts on it.`,
      );
    return object.annotations[remediation] === undefined
      ? offered
      : { is: 'done', message: `${nameOf(object)} is already marked for remediation.` };
  },
  change: () => ({ body: { metadata: { annotations: { [remediation]: '' } } }, asSeen: false }),
  preview: () =>
    'Marks the machine as unhealthy. The MachineHealthCheck that selects it has it replaced, as far as its limits of unhealthy machines allow; without one, nothing happens.',
  settled: remediated,
  words: {
    doing: 'Remediating',
    progress: () => undefined,
    pending: ({ now }, waited) =>
      `${nameOf(now)} is marked for remediation; no health check has acted on it yet${waited ? '. Does a MachineHealthCheck select it?' : '.'}`,
  },
};

function remediated({ before, now, isGone, context }: Step): Settled | undefined {
  if (isGone || now.uid !== before.uid || now.deleted !== undefined)
    return { outcome: 'handled', message: `${nameOf(before)} is being replaced on ${context}.` };
  const check = conditionsOf(now.status).get('HealthCheckSucceeded');
  return check?.status === 'False'
    ? {
        outcome: 'handled',
        message: `${nameOf(now)} is found unhealthy on ${context}: ${check.message || check.reason}`,
      }
    : undefined;
}

function isControlPlane({ groupKind, labels }: LiveObject): boolean {
  return groupKind === machine && labels[controlPlane] !== undefined;
}

function isHealthy(object: LiveObject): boolean {
  return object.deleted === undefined && isControlPlane(object) && knownHealth(object).state === 'ready';
}

/** The machines of the same control plane. */
function siblingsOf({ apiVersion, labels }: LiveObject): Related {
  const cluster = labels['cluster.x-k8s.io/cluster-name'] ?? '';
  return {
    ...{ group: groupOf(machine), version: parseApiVersion(apiVersion)?.version ?? '', kind: kindName(machine) },
    ...{ plural: 'machines', namespaced: true },
    selector: {
      matchLabels: { 'cluster.x-k8s.io/cluster-name': cluster },
      matchExpressions: [{ key: controlPlane, operator: 'Exists' }],
    },
  };
}
