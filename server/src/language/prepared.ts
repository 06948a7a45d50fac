// Prepares what a whole repository means for its clusters, in slices, so that no request waits for all of it.
import { preparing, preparingFiles } from '../features/latest-findings.ts';
import type { Steps } from '../syntax/steps.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { inSlices } from './run.ts';

interface Preparing {
  readonly edition: number;
  readonly done: Promise<boolean>;
}

const running = new WeakMap<Workspace, Preparing>();
const reading = new WeakMap<Workspace, Promise<void>>();

/** Notes that a file of a workspace is worked on, or all of it; called for each step. */
export type Working = (path?: string) => void;

/** Resolves to false if the workspace changed in the meantime; everything that was asked for one state is prepared once. */
export function prepared(workspace: Workspace, working: Working): Promise<boolean> {
  const { edition } = workspace;
  const before = running.get(workspace);
  if (before?.edition === edition) return before.done;
  const done = withoutErrors(inSlices(noted(preparing(workspace), working))).then(() => workspace.edition === edition);
  running.set(workspace, { edition, done });
  void done.then(() => restRead(workspace));
  return done;
}

/** Reads what no finding needed, which suggestions may need. */
export function restRead(workspace: Workspace): Promise<void> {
  const before = reading.get(workspace);
  if (before) return before;
  const done = withoutErrors(inSlices(workspace.readRest())).then(() => void reading.delete(workspace));
  reading.set(workspace, done);
  return done;
}

/** The same, for the findings of some files. */
export async function preparedFor(workspace: Workspace, paths: readonly string[], working: Working): Promise<boolean> {
  if (!(await prepared(workspace, working))) return false;
  const { edition } = workspace;
  let judged: string | undefined;
  const judging = (path: string | undefined) => {
    judged = path;
    working(judged);
  };
  await withoutErrors(inSlices(noted(preparingFiles(workspace, paths, judging), () => working(judged))));
  return workspace.edition === edition;
}

function* noted(steps: Steps<void>, working: Working): Steps<void> {
  for (;;) {
    working();
    if (steps.next().done) return;
    yield;
  }
}

/** What is thrown here is thrown again where it is needed, and becomes a finding there. */
function withoutErrors(preparation: Promise<void>): Promise<void> {
  return preparation.catch(() => undefined);
}
