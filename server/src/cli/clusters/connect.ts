// Connects to the server of `--context`, for verbs that send it a few requests and exit.
import packageJson from '../../../../package.json' with { type: 'json' };
import { Consents } from '../../engine/credentials/consent.ts';
import { CredentialStore } from '../../engine/credentials/credentials.ts';
import { type Failure, failed, type Result } from '../../engine/failure.ts';
import { loadKubeConfig, targetOf } from '../../engine/kubeconfig/kubeconfig.ts';
import { endpointOf } from '../../engine/transport/dial.ts';
import { Transport } from '../../engine/transport/transport.ts';
import { type Discovery, discover } from '../../engine/watch/discovery.ts';
import type { Io } from '../io.ts';
import { reportProblem, selectionOf } from './flags.ts';

export interface Connection {
  readonly context: string;
  /** The requested one, else the context's, else `default`. */
  readonly namespace: string;
  readonly transport: Transport;
  readonly discovery: Discovery;
}

/** An empty string is treated as unset, as in kubectl. */
export interface ConnectFlags {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly namespace: string | undefined;
}

/** Returns undefined after reporting a failure; otherwise the caller must close the transport. */
export async function connect(
  verb: string,
  { kubeconfig, context, namespace }: ConnectFlags,
  io: Io,
  signal?: AbortSignal,
): Promise<Connection | undefined> {
  const target = targetOf(loadKubeConfig(selectionOf(io, kubeconfig)), context || undefined);
  if (!target.ok) {
    reportProblem(io, verb, target.failure);
    return undefined;
  }
  const consents = new Consents(async () => true, io.env);
  const credentials = new CredentialStore({
    env: io.env,
    terminal: process.stdin.isTTY === true,
    // Naming a context on the command line consents to its credential plugin, as with kubectl.
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
    reportProblem(io, verb, unreachable(name, found.failure));
    transport.close();
    return undefined;
  }
  return { context: name, namespace: namespace || own || 'default', transport, discovery: found.value };
}

/** Fails when the caller's signal aborts, which may be before the connection itself times out. */
function late(server: string, signal: AbortSignal | undefined): Promise<Result<never>> {
  return new Promise((done) => {
    const fail = () =>
      done(
        failed('timeout', `${server} does not respond within the timeout`, {
          remedy: 'Check the network and the VPN.',
        }),
      );
    if (signal?.aborted) fail();
    else signal?.addEventListener('abort', fail, { once: true });
  });
}

function unreachable(context: string, failure: Failure): { readonly message: string; readonly remedy: string } {
  if (failure.kind === 'unauthorized')
    return {
      message: `context "${context}": the API server does not accept the credential (401)`,
      remedy: 'The credential has expired or is for another cluster: sign in again, then retry.',
    };
  return { message: `context "${context}": ${failure.message}`, remedy: failure.remedy ?? '' };
}
