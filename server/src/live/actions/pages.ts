// The actions that open a document: the object's rollout status and the object as YAML.
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

export const showObject: Page<'showObject'> = {
  is: 'page',
  verb: 'showObject',
  offeredFor: () => offered,
};
