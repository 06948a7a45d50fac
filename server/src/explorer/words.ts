// What rows say beside what their objects say: of permissions, limits and kinds that can't be kept up to date.
import { nextAttemptWords } from '../engine/session/session-words.ts';
import type { Watched } from '../engine/watch/kinds.ts';
import { isBehind, isListOnly } from '../engine/watch/reflector-state.ts';
import { oneLine } from '../live/describe.ts';

export function limitWords(limit: number): string {
  return `Of a cluster ${limit} objects are kept with their state; what comes after them is counted only, so that no cluster takes all memory. The setting “capstan.objectsPerCluster” raises that.`;
}

/** At most three of many names. */
export function listWords(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more kinds` : names.join(', ');
}

export interface WatchWords {
  /** Kinds that may not be listed. */
  readonly denied: readonly string[];
  /** Kinds that may be listed and not watched. */
  readonly listOnly: readonly string[];
  /** A sentence for each kind that can't be read for another reason. */
  readonly troubled: readonly string[];
}

/** What is wrong with the watches of some kinds. */
export function watchWords(watched: readonly Watched[], now: number): WatchWords {
  return {
    denied: watched.flatMap(({ state, resource }) =>
      state.failure?.kind === 'forbidden' && !isListOnly(state) ? [resource.kind] : [],
    ),
    listOnly: watched.flatMap(({ state, resource }) => (isListOnly(state) ? [resource.kind] : [])),
    troubled: watched.flatMap(({ state, resource, reflector }) => {
      const { failure } = state;
      if (!failure || failure.kind === 'forbidden' || (state.synced && !isBehind(state))) return [];
      const said = failure.kind === 'throttled' ? `throttled by the server (${failure.message})` : failure.message;
      const old = state.synced ? 'not up to date: ' : '';
      return [`${resource.kind}: ${old}${oneLine(said)}${nextAttemptWords(reflector.retryAt ?? 0, now)}`];
    }),
  };
}
