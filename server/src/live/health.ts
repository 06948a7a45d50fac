// The health of an object: a state and a short reason. It is conservative: a change that the controller has not observed is
// not ready, a paused or suspended object is reported as such, and the state is "unknown" if nothing indicates it.

import { roleOf } from '../kube/roles.ts';
import { clusterApiHealth } from './cluster-api-health.ts';
import { conditionsOf, wordsOf } from './conditions.ts';
import { familyOf, isFlux, isStatic } from './family.ts';
import { at } from './fields.ts';
import { fluxHealth } from './flux-health.ts';
import type { Health } from './health-state.ts';
import { kindHealth } from './kind-health.ts';
import type { LiveObject } from './object.ts';
import { workloadHealth } from './workload-health.ts';

export function healthOf(object: LiveObject): Health {
  const { groupKind } = object;
  if (object.deleted !== undefined) return deleting(object);
  if (isStatic(groupKind)) return { state: at(object.spec, 'suspend') === true ? 'suspended' : 'none', reason: '' };
  if (isFlux(groupKind)) return fluxHealth(object);
  if (familyOf(groupKind) === 'workload') return workloadHealth(object);
  if (familyOf(groupKind) === 'cluster-api' || roleOf(groupKind) !== undefined) return clusterApiHealth(object);
  return kindHealth(object);
}

/** Conditions that explain why a deletion takes time, the first that is True: those of a namespace, and Cluster API's. */
const deletionSteps = [
  'NamespaceDeletionDiscoveryFailure',
  'NamespaceDeletionGroupVersionParsingFailure',
  'NamespaceDeletionContentFailure',
  'NamespaceFinalizersRemaining',
  'NamespaceContentRemaining',
  'Deleting',
];

function deleting({ deleted, finalizers, status }: LiveObject): Health {
  const conditions = conditionsOf(status);
  const step = deletionSteps
    .map((type) => conditions.get(type))
    .find((condition) => condition?.status === 'True' && condition.message !== '');
  const reason = step ? wordsOf(step) : finalizers.length > 0 ? `waiting for finalizer ${finalizers[0]}` : '';
  return { state: 'deleting', reason, since: deleted! };
}
