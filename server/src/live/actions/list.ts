// The list of all actions, in the order in which rows offer them.

import { edit } from './edit.ts';
import { remediate, remove } from './machines.ts';
import { annotate, label } from './metadata.ts';
import { showLogs, showObject, showRollout } from './pages.ts';
import { pause } from './pause.ts';
import { reconcile } from './reconcile.ts';
import { reconcileWithSource } from './reconcile-with-source.ts';
import { restart } from './restart.ts';
import { resume } from './resume.ts';
import { scale } from './scale.ts';
import { portForward, shell } from './streams.ts';
import { suspend } from './suspend.ts';
import { undo } from './undo.ts';

/** The actions that write to a cluster, with a dialog and a verb of the command line for each. */
export const changes = [
  reconcile,
  reconcileWithSource,
  suspend,
  resume,
  restart,
  scale,
  pause,
  undo,
  remediate,
  label,
  annotate,
  remove,
] as const;

/** `edit` has a document of its own instead of a dialog. */
export const actions = [...changes, edit, showRollout, showLogs, shell, portForward, showObject] as const;

export type Verb = (typeof actions)[number]['verb'];
export type ChangeVerb = (typeof changes)[number]['verb'] | typeof edit.verb;
