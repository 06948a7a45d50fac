// Reads the one object that a verb names, of any kind, for verbs that show something about it.
import { findResource } from '../../engine/watch/discovery.ts';
import { readObject } from '../../engine/watch/objects.ts';
import { type LiveObject, trim } from '../../live/object.ts';
import type { Io } from '../io.ts';
import { type ConnectFlags, type Connection, connect } from './connect.ts';
import { reportProblem } from './flags.ts';

/** Milliseconds to wait for the server to respond at first. */
const connectTimeout = 30_000;

export interface WantedObject extends ConnectFlags {
  readonly kind: string;
  readonly name: string;
}

/** What `show` resolves to; 1 after the object could not be read, which is reported. */
export async function withObject(
  verb: string,
  wanted: WantedObject,
  io: Io,
  show: (object: LiveObject, connection: Connection, fail: (message: string) => number) => Promise<number>,
): Promise<number> {
  const connection = await connect(verb, wanted, io, AbortSignal.timeout(connectTimeout));
  if (!connection) return 1;
  const { transport, discovery, namespace, context } = connection;
  const fail = (message: string) => {
    reportProblem(io, verb, { message, remedy: '' });
    return 1;
  };
  try {
    const resource = findResource(discovery, wanted.kind);
    if (!resource) return fail(`context "${context}": the server has no kind "${wanted.kind}"`);
    const read = await readObject(transport, resource, { namespace, name: wanted.name });
    if (!read.ok) return fail(read.failure.message);
    const object = trim(read.value);
    return object
      ? await show(object, connection, fail)
      : fail('the API server responded with something other than an object');
  } finally {
    transport.close();
  }
}
