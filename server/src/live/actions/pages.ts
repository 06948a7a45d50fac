// The actions that open a document: the object's rollout status, the logs of its pods, and the object as YAML.
import type { GroupKind } from '../../kube/identity.ts';
import { familyOf } from '../family.ts';
import { rolloutOf } from '../rollout.ts';
import { nameOf, offered, type Page, refused } from './action.ts';

export const showRollout: Page<'showRollout'> = {
  is: 'page',
  verb: 'showRollout',
  offeredFor: (object) =>
    familyOf(object.groupKind) === 'workload' || rolloutOf(object) !== undefined
      ? offered
      : refused(`${nameOf(object)} has no rollout.`),
};

export const showLogs: Page<'showLogs'> = {
  is: 'page',
  verb: 'showLogs',
  offeredFor: (object) =>
    familyOf(object.groupKind) === 'workload' || ownsPods.has(object.groupKind)
      ? offered
      : refused(`${nameOf(object)} has no pods of its own.`),
};

/** Beside the workloads. */
const ownsPods: ReadonlySet<GroupKind> = new Set(['/Pod', 'batch/Job', 'apps/ReplicaSet']);

export const showObject: Page<'showObject'> = {
  is: 'page',
  verb: 'showObject',
  offeredFor: () => offered,
};
