// Texts of rows about permissions, the object limit, and kinds that can't be kept up to date.
import { nextAttemptWords } from '../engine/session/session-words.ts';
import type { Watched } from '../engine/watch/kinds.ts';
import { isBehind, isListOnly } from '../engine/watch/reflector-state.ts';
import { firstOf, oneLine } from '../syntax/shown.ts';

export function limitWords(limit: number): string {
  return `To limit memory use, the state of at most ${limit} objects per cluster is kept; objects over the limit are only counted. To keep more, raise the setting “capstan.objectsPerCluster”.`;
}

/** The first three names and the number of the others. */
export function listWords(names: readonly string[]): string {
  return firstOf(names, 3, 'more kinds');
}

interface WatchWords {
  /** Kinds that the user has no permission to list. */
  readonly denied: readonly string[];
  /** Kinds that the user has permission to list but not to watch. */
  readonly listOnly: readonly string[];
  /** A message for each kind that can't be read for another reason. */
  readonly troubled: readonly string[];
}

/** Problems of the watches of kinds. */
export function watchWords(watched: readonly Watched[], now: number): WatchWords {
  return {
    denied: watched.flatMap(({ state, resource }) =>
      state.failure?.kind === 'forbidden' && !isListOnly(state) ? [resource.kind] : [],
    ),
    listOnly: watched.flatMap(({ state, resource }) => (isListOnly(state) ? [resource.kind] : [])),
    troubled: watched.flatMap(({ state, resource, reflector }) => {
      const { failure } = state;
      if (!failure || failure.kind === 'forbidden' || (state.synced && !isBehind(state))) return [];
      const reason = failure.kind === 'throttled' ? `throttled by the server (${failure.message})` : failure.message;
      const old = state.synced ? 'not up to date: ' : '';
      return [`${resource.kind}: ${old}${oneLine(reason)}${nextAttemptWords(reflector.retryAt ?? 0, now)}`];
    }),
  };
}
