// The way from `--context` to a server that answers, for verbs that ask it a few things and end.
import packageJson from '../../../../package.json' with { type: 'json' };
import { Consents } from '../../engine/credentials/consent.ts';
import { CredentialStore } from '../../engine/credentials/credentials.ts';
import { type Failure, failed, type Result } from '../../engine/failure.ts';
import { loadKubeConfig, targetOf } from '../../engine/kubeconfig/kubeconfig.ts';
import { endpointOf } from '../../engine/transport/dial.ts';
import { Transport } from '../../engine/transport/transport.ts';
import { type Discovery, discover } from '../../engine/watch/discovery.ts';
import type { Io } from '../io.ts';
import { selectionOf, tell } from './flags.ts';

export interface Connection {
  readonly context: string;
  /** The one asked for, else the context's. */
  readonly namespace: string;
  readonly transport: Transport;
  readonly discovery: Discovery;
}

/** What is empty is not given, as for kubectl. */
export interface Way {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly namespace: string | undefined;
}

/** Undefined where there is no way, which was told; otherwise the caller closes the transport. */
export async function connect(
  verb: string,
  { kubeconfig, context, namespace }: Way,
  io: Io,
  signal?: AbortSignal,
): Promise<Connection | undefined> {
  const target = targetOf(loadKubeConfig(selectionOf(io, kubeconfig)), context || undefined);
  if (!target.ok) {
    tell(io, verb, target.failure);
    return undefined;
  }
  const consents = new Consents(async () => true, io.env);
  const credentials = new CredentialStore({
    env: io.env,
    terminal: process.stdin.isTTY === true,
    // Who names a context on the command line means its credential plugin too, as with kubectl.
    allow: (program, exec, user) => consents.allow(program, exec, user),
  });
  const transport = new Transport({
    endpoint: endpointOf(target.value.cluster, undefined, io.env),
    credentials: credentials.for(target.value),
    userAgent: `capstan/${packageJson.version}`,
  });
  const { name, namespace: own } = target.value.context;
  const found = await Promise.race([discover(transport, signal), late(transport.server, signal)]);
  if (!found.ok) {
    tell(io, verb, unreachable(name, found.failure));
    transport.close();
    return undefined;
  }
  return { context: name, namespace: namespace || own || 'default', transport, discovery: found.value };
}

/** The time the caller gives, where that is shorter than what a connection takes to be given up. */
function late(server: string, signal: AbortSignal | undefined): Promise<Result<never>> {
  return new Promise((done) => {
    const tell = () =>
      done(
        failed('timeout', `${server} does not answer in the time given`, { remedy: 'Check the network and the VPN.' }),
      );
    if (signal?.aborted) tell();
    else signal?.addEventListener('abort', tell, { once: true });
  });
}

function unreachable(context: string, failure: Failure): { readonly message: string; readonly remedy: string } {
  if (failure.kind === 'unauthorized')
    return {
      message: `context "${context}": the API server does not accept the credential (401)`,
      remedy: 'It has expired or is for another cluster: sign in again, then retry.',
    };
  return { message: `context "${context}": ${failure.message}`, remedy: failure.remedy ?? '' };
}
