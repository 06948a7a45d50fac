// A build that is made again keeps the objects of the earlier one that are still the same, so that whatever was made of them holds.
import type { Accumulated } from '../kustomize/accumulate.ts';
import type { BuildResult } from '../kustomize/build.ts';
import { succeeds } from '../kustomize/complete.ts';
import { isSameList, type Recorded } from '../kustomize/run.ts';
import { unchanged } from '../kustomize/unchanged.ts';

/** With the objects of an earlier build that are still the same. */
export function withEarlier<T extends BuildResult>(now: T, before: T | undefined): T {
  return before ? { ...now, objects: unchanged(now.objects, before.objects) } : now;
}

export function keptRecording(now: Recorded<Accumulated>, before: Recorded<Accumulated>): Recorded<Accumulated> {
  const reads = isSameList(now.reads, before.reads) ? before.reads : now.reads;
  return { ...now, reads, accumulated: kept(now, before) };
}

function kept({ accumulated }: Recorded<Accumulated>, { accumulated: before }: Recorded<Accumulated>): Accumulated {
  const objects = unchanged(accumulated.objects, before.objects);
  const { config, variables } = accumulated;
  const hasVariables = variables.size > 0 || before.variables.size > 0;
  if (objects === before.objects && config === before.config && !hasVariables) return before;
  const now = { ...accumulated, objects };
  succeeds(now, before);
  return now;
}
