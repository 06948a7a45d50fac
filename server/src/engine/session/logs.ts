// The logs of a pod, or of the pods of a workload, line by line: read once or followed, bounded in pods, lines and bytes. What
// containers write may hold secrets: lines are redacted here.
import { at, list, text } from '../../live/fields.ts';
import type { LiveObject } from '../../live/object.ts';
import { type Failure, type Result, success } from '../failure.ts';
import { presentable } from '../redact.ts';
import type { Transport } from '../transport/transport.ts';
import { listObjects, readObject } from '../watch/objects.ts';
import { podCollection, podSelectorOf } from './inspect.ts';

/** A pod with its containers, init containers last. */
export interface LoggedPod {
  readonly name: string;
  readonly containers: readonly string[];
  /** Of the annotation that kubectl reads, else the first. */
  readonly main: string;
}

export interface LogQuery {
  /** By default the main one of each pod. */
  readonly container?: string | undefined;
  /** Of the run before the last restart. */
  readonly previous: boolean;
  readonly follow: boolean;
  /** The last lines of each container. */
  readonly tail: number;
}

export interface LogSink {
  /** Called for each line as it arrives. */
  readonly line: (pod: string, text: string) => void;
  /** What a reader has to know beside the lines; a `failure` if a log can't be read. */
  readonly note: (is: 'failure' | 'fact', text: string) => void;
}

/** Further pods of a workload are only counted. */
export const mostPods = 10;
export const mostLines = 5_000;
const limits = { bytes: 8 << 20, line: 8_000, follow: 2 ** 31 - 1, again: 5_000 } as const;

/** The pods of the object by name, the newest first; the object itself if it is a pod. */
export async function loggedPods(
  transport: Transport,
  object: LiveObject,
  signal?: AbortSignal,
): Promise<Result<readonly LoggedPod[]>> {
  const { namespace, name, groupKind } = object;
  const options = signal ? { signal } : {};
  if (groupKind === '/Pod') {
    const pod = await readObject(transport, podCollection, { namespace, name }, options);
    return pod.ok ? success([podOf(pod.value)]) : pod;
  }
  const labelSelector = podSelectorOf(object);
  // Without a selector, it would be every pod of the namespace.
  if (labelSelector === '') return success([]);
  const pods = await listObjects(transport, podCollection, { namespace, labelSelector }, options);
  if (!pods.ok) return pods;
  const created = (pod: unknown) => text(pod, 'metadata', 'creationTimestamp') ?? '';
  const newest = [...list(pods.value, 'items')].sort((a, b) => (created(a) < created(b) ? 1 : -1));
  return success(newest.map(podOf));
}

function podOf(pod: unknown): LoggedPod {
  const names = (field: string) => list(pod, 'spec', field).map((container) => text(container, 'name') ?? '');
  const containers = [...names('containers'), ...names('initContainers')];
  const wanted = text(at(pod, 'metadata', 'annotations'), 'kubectl.kubernetes.io/default-container');
  const main = wanted !== undefined && containers.includes(wanted) ? wanted : (containers[0] ?? '');
  return { name: text(pod, 'metadata', 'name') ?? '', containers, main };
}

/** Resolves when all logs have ended or, if they are followed, once the signal aborts. */
export async function readLogs(
  transport: Transport,
  object: LiveObject,
  query: LogQuery,
  sink: LogSink,
  signal: AbortSignal,
): Promise<void> {
  const running = new Map<string, Promise<void>>();
  const isOne = object.groupKind === '/Pod';
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    const pods = await loggedPods(transport, object, signal);
    if (!pods.ok) {
      if (!signal.aborted) sink.note('failure', pods.failure.message);
      break;
    }
    if (isFirst && pods.value.length === 0) sink.note('fact', 'There are no pods.');
    if (isFirst && pods.value.length > mostPods)
      sink.note('fact', `Of ${pods.value.length} pods, the logs of the newest ${mostPods} are read.`);
    for (const pod of pods.value.slice(0, mostPods))
      if (!running.has(pod.name)) running.set(pod.name, readOne(transport, object.namespace, pod, query, sink, signal));
    if (!query.follow || isOne) break;
    // A rollout replaces pods: the new ones are followed as well.
    await pause(limits.again, signal);
  }
  await Promise.all(running.values());
}

async function readOne(
  transport: Transport,
  namespace: string | undefined,
  { name, containers, main }: LoggedPod,
  { container = main, previous, follow, tail }: LogQuery,
  { line, note }: LogSink,
  signal: AbortSignal,
): Promise<void> {
  if (!containers.includes(container)) return note('failure', `Pod ${name} has no container ${container}.`);
  const parameters = new URLSearchParams({
    container,
    tailLines: `${Math.min(tail, mostLines)}`,
    ...(follow ? { follow: 'true' } : { limitBytes: `${limits.bytes}` }),
    ...(previous ? { previous: 'true' } : {}),
  });
  const of = [namespace ?? '', name].map(encodeURIComponent);
  const path = `/api/v1/namespaces/${of[0]}/pods/${of[1]}/log?${parameters}`;
  const request = { path, accept: '*/*', signal, ...(follow ? { quiet: limits.follow } : {}) };
  const read = await transport.lines(request, (text) => line(name, presentable(text, limits.line)));
  if (signal.aborted) return;
  if (!read.ok) note('failure', `Pod ${name}, container ${container}: ${failureWords(read.failure)}`);
  else if (follow) note('fact', `Pod ${name}, container ${container}: the log has ended.`);
}

function failureWords({ message, remedy }: Failure): string {
  return `${message}${remedy === undefined ? '' : `. ${remedy}`}`;
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const end = () => {
      clearTimeout(timer);
      done();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}
