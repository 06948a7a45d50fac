// Resolves an object of an open context to its kind's resource and the connection, or to the reason why it can't be read.
import { kindName, type LiveRef } from '../../kube/identity.ts';
import { failed, type Result, success } from '../failure.ts';
import type { Transport } from '../transport/transport.ts';
import type { Discovery, Resource } from '../watch/discovery.ts';
import { type RawObject, readObject } from '../watch/objects.ts';
import type { Session } from './session.ts';
import { sessionWords } from './session-words.ts';

export interface Connection {
  readonly transport: Transport;
  readonly discovery: Discovery;
}

export interface Served {
  readonly transport: Transport;
  readonly resource: Resource;
}

/** The connection and the served kinds, which are unknown until the context has been connected once. */
export function connectionOf({ context, discovery, transport, state }: Session): Result<Connection> {
  if (discovery && transport) return success({ discovery, transport });
  const words = sessionWords(state, 0, Date.now()).sentence;
  const remedy = ('why' in state ? state.why?.remedy : undefined) ?? 'Try again once it is connected.';
  return failed('config', `${context} is not connected${words ? ` (${words})` : ''}`, { remedy });
}

export function servedBy(session: Session, { groupKind }: LiveRef): Result<Served> {
  const { context } = session;
  const connection = connectionOf(session);
  if (!connection.ok) return connection;
  const { discovery, transport } = connection.value;
  const resource = discovery.resources.get(groupKind);
  if (!resource)
    return failed('notFound', `${context} no longer serves ${kindName(groupKind)}: its CRD is missing`, {
      remedy: 'Install the CRD again, or close the view of the object.',
    });
  return success({ transport, resource });
}

/** Reads the current object from the server, with every field. */
export async function readLive(session: Session, ref: LiveRef): Promise<Result<RawObject>> {
  const served = servedBy(session, ref);
  return served.ok ? readObject(served.value.transport, served.value.resource, ref) : served;
}
