// The pod that `capstan shell` and `capstan port-forward` connect to, in the context that they name, and the record that they did.
import { auditTo } from '../../engine/actions/audit.ts';
import type { Target } from '../../engine/actions/target.ts';
import type { Result } from '../../engine/failure.ts';
import { type ConnectedPod, permittedPod } from '../../engine/streams/pod.ts';
import { recordOf } from '../../engine/streams/record.ts';
import { findResource } from '../../engine/watch/discovery.ts';
import type { Stream } from '../../live/actions/action.ts';
import type { Io } from '../io.ts';
import { type Connection, connect } from './connect.ts';
import { reportProblem } from './flags.ts';
import type { WantedObject } from './one-object.ts';
import { targetIn } from './target.ts';

/** Milliseconds to wait for the server to respond at first. */
const connectTimeout = 30_000;

export interface Reached {
  readonly connection: Connection;
  readonly target: Target;
  readonly pod: ConnectedPod;
  /** The pod again, after the first is gone. */
  readonly again: () => Promise<Result<ConnectedPod>>;
  /** Keeps that the pod was connected to, for `capstan actions`. */
  readonly record: (message: string) => void;
}

/** What `use` resolves to; 1 after a failure, which is reported. */
export async function withPod(
  verb: string,
  action: Stream,
  wanted: WantedObject,
  io: Io,
  use: (reached: Reached) => Promise<number>,
): Promise<number> {
  const connection = await connect(verb, wanted, io, AbortSignal.timeout(connectTimeout));
  if (!connection) return 1;
  const { context, discovery, namespace, transport } = connection;
  const fail = (message: string, remedy = '') => {
    reportProblem(io, verb, { message, remedy });
    return 1;
  };
  try {
    const resource = findResource(discovery, wanted.kind);
    if (!resource) return fail(`context "${context}": the server has no kind "${wanted.kind}"`);
    const target = targetIn(connection, resource, resource.namespaced ? namespace : undefined, wanted.name);
    const again = () => permittedPod(target, action);
    const pod = await again();
    if (!pod.ok) return fail(pod.failure.message, pod.failure.remedy);
    const record = (message: string) => {
      const problem = recordOf(auditTo(io.env), context, verb, pod.value, message);
      if (problem !== undefined) fail(problem);
    };
    return await use({ connection, target, pod: pod.value, again, record });
  } finally {
    transport.close();
  }
}
