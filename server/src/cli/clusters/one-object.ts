// Reads the one object that a verb names, of any kind, for verbs that show something about it.
import { parseArgs } from 'node:util';
import { findResource } from '../../engine/watch/discovery.ts';
import { readObject } from '../../engine/watch/objects.ts';
import { type LiveObject, trim } from '../../live/object.ts';
import type { Io } from '../io.ts';
import { misuse } from '../misuse.ts';
import { type ConnectFlags, type Connection, connect } from './connect.ts';
import { commonFlags, namedObject, reportProblem } from './flags.ts';

/** Milliseconds to wait for the server to respond at first. */
const connectTimeout = 30_000;

export interface WantedObject extends ConnectFlags {
  readonly kind: string;
  readonly name: string;
}

export type ShownObject = WantedObject & { readonly json: boolean };

/** The arguments of a verb that only shows something about an object: `help`, or what is wrong with them, as a text. */
export function parseObject(args: readonly string[]): ShownObject | string {
  const options = {
    namespace: { type: 'string', short: 'n' },
    context: { type: 'string' },
    kubeconfig: { type: 'string' },
    format: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    if (values.help) return 'help';
    const named = namedObject(positionals);
    if (typeof named === 'string') return named;
    const common = commonFlags(values, '30s');
    if (typeof common === 'string') return common;
    const { namespace, context, kubeconfig } = values;
    return { ...named, namespace, context, kubeconfig, json: common.json };
  } catch (error) {
    return misuse(error);
  }
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
