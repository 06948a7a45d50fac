// Every action, in the order rows offer them.
import { showObject, showRollout } from './pages.ts';
import { reconcile } from './reconcile.ts';
import { resume } from './resume.ts';
import { suspend } from './suspend.ts';

/** What is written to clusters. */
export const changes = [reconcile, suspend, resume] as const;

export const actions = [...changes, showRollout, showObject] as const;

export type Verb = (typeof actions)[number]['verb'];
export type ChangeVerb = (typeof changes)[number]['verb'];
