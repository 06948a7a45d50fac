// The actions that connect to a pod: a shell in a container, and a port of the pod that is forwarded to this machine. Of a workload
// or a Service it is one of its pods. What runs in a shell may change anything, so neither is offered where nothing may be changed.
import type { GroupKind } from '../../kube/identity.ts';
import { familyOf } from '../family.ts';
import { text } from '../fields.ts';
import type { LiveObject } from '../object.ts';
import { nameOf, offered, refused, type Stream } from './action.ts';

/**
 * A WebSocket is a GET, which Kubernetes authorizes as `get`; since 1.35 it requires `create` as well, as for SPDY
 * (feature AuthorizePodWebsocketUpgradeCreatePermission). Whoever grants only `get` meant reading.
 */
const needsOf = (subresource: string) => (['create', 'get'] as const).map((verb) => ({ verb, subresource }));

export const shell: Stream<'shell'> = {
  is: 'stream',
  verb: 'shell',
  needs: needsOf('exec'),
  offeredFor: (object) =>
    hasPods(object) ? running(object) : refused(`${nameOf(object)} has no pods to open a shell in.`),
};

export const portForward: Stream<'portForward'> = {
  is: 'stream',
  verb: 'portForward',
  needs: needsOf('portforward'),
  offeredFor: (object) =>
    hasPods(object) || object.groupKind === '/Service'
      ? running(object)
      : refused(`${nameOf(object)} has no pods to forward ports of.`),
};

/** Beside the workloads. */
const owners: ReadonlySet<GroupKind> = new Set(['/Pod', 'batch/Job', 'apps/ReplicaSet']);

function hasPods({ groupKind }: LiveObject): boolean {
  return familyOf(groupKind) === 'workload' || owners.has(groupKind);
}

function running(object: LiveObject) {
  const phase = object.groupKind === '/Pod' ? text(object.status, 'phase') : undefined;
  return phase === 'Succeeded' || phase === 'Failed'
    ? refused(`${nameOf(object)} has ended (${phase}): nothing runs in it.`)
    : offered;
}
