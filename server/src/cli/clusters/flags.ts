// Flags shared by the verbs that contact clusters: the kubeconfig, durations as kubectl writes them, and the report of a
// failure.
import { isAbsolute, join } from 'node:path';
import type { Failure } from '../../engine/failure.ts';
import type { Selection } from '../../engine/kubeconfig/kubeconfig.ts';
import { presentable } from '../../engine/redact.ts';
import { parseDuration } from '../../kube/values/duration.ts';
import type { Problem } from '../../protocol.ts';
import type { Io } from '../io.ts';

/** An empty flag is treated as unset, as in kubectl: scripts write `--kubeconfig "$FILE"`. */
export function selectionOf(io: Io, kubeconfig: string | undefined): Selection {
  if (kubeconfig) return { explicit: isAbsolute(kubeconfig) ? kubeconfig : join(io.cwd, kubeconfig) };
  return { ...(io.env.KUBECONFIG ? { list: io.env.KUBECONFIG } : {}), ...(io.env.HOME ? { home: io.env.HOME } : {}) };
}

/** Milliseconds of a duration or, as in kubectl, of a plain number of seconds. Undefined if it is neither, or negative. */
export function millisecondsOf(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const duration = parseDuration(text);
  return duration.ok && duration.value >= 0n ? Number(duration.value) / 1e6 : undefined;
}

/** `--format` and `--timeout`, in milliseconds, or the problem with one of them. A timeout of zero means the default. */
export function commonFlags(
  { format = 'text', timeout }: { readonly format?: string; readonly timeout?: string },
  fallback: string,
): { readonly json: boolean; readonly timeout: number } | string {
  if (format !== 'text' && format !== 'json') return `--format must be text or json, not "${format}"`;
  const time = millisecondsOf(timeout ?? fallback);
  if (time === undefined) return `--timeout must be a duration such as 30s or 2m, not "${timeout}"`;
  return { json: format === 'json', timeout: time || millisecondsOf(fallback)! };
}

/** Prints a failure and its remedy on standard error, as text that is safe for a terminal. */
export function reportProblem(io: Io, verb: string, { message, remedy }: Failure | Problem): void {
  io.stderr.write(`capstan ${verb}: ${presentable(`${message}${remedy ? `. ${remedy}` : ''}`)}\n`);
}

/** The object of `KIND/NAME` or `KIND NAME`; `usual` is the kind of a name alone. A text says what is missing. */
export function namedObject(
  words: readonly string[],
  usual?: string,
): { readonly kind: string; readonly name: string } | string {
  const parts = words.flatMap((word) => word.split('/'));
  const [kind = '', name = '', ...more] = parts.length === 1 && usual !== undefined ? [usual, ...parts] : parts;
  return kind === '' || name === '' || more.length > 0 ? 'one KIND/NAME is required' : { kind, name };
}
