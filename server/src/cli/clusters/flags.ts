// What the verbs that talk to clusters have in common: where the kubeconfig is, how kubectl writes durations, and how a
// failure is told.
import { isAbsolute, join } from 'node:path';
import type { Failure } from '../../engine/failure.ts';
import type { Selection } from '../../engine/kubeconfig/kubeconfig.ts';
import { presentable } from '../../engine/redact.ts';
import type { Problem } from '../../protocol.ts';
import type { Io } from '../io.ts';

/** An empty flag is none at all, as for kubectl: scripts write `--kubeconfig "$FILE"`. */
export function selectionOf(io: Io, kubeconfig: string | undefined): Selection {
  if (kubeconfig) return { explicit: isAbsolute(kubeconfig) ? kubeconfig : join(io.cwd, kubeconfig) };
  return { ...(io.env.KUBECONFIG ? { list: io.env.KUBECONFIG } : {}), ...(io.env.HOME ? { home: io.env.HOME } : {}) };
}

/** Milliseconds; Go's time.ParseDuration, and a plain number of seconds. Undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const units: Readonly<Record<string, number>> = {
    ns: 1e-6,
    us: 1e-3,
    µs: 1e-3,
    ms: 1,
    s: 1000,
    m: 60_000,
    h: 3_600_000,
  };
  if (!/^([+]?)((\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined;
  let sum = 0;
  for (const [, value, , unit] of text.matchAll(/(\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)/g))
    sum += Number(value) * units[unit!]!;
  return sum;
}

/** `--format` and `--timeout`, in milliseconds; or what is wrong with one of them. No time at all means the usual one. */
export function commonFlags(
  { format = 'text', timeout }: { readonly format?: string; readonly timeout?: string },
  usual: string,
): { readonly json: boolean; readonly timeout: number } | string {
  if (format !== 'text' && format !== 'json') return `--format takes text or json, not "${format}"`;
  const time = parseDuration(timeout ?? usual);
  if (time === undefined) return `--timeout takes a duration such as 30s or 2m, not "${timeout}"`;
  return { json: format === 'json', timeout: time || parseDuration(usual)! };
}

export function tell(io: Io, verb: string, { message, remedy }: Failure | Problem): void {
  io.stderr.write(`capstan ${verb}: ${presentable(`${message}${remedy ? `. ${remedy}` : ''}`)}\n`);
}
