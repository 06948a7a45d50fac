// What is shown of an object as a document: its rollout, and the object itself.
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
