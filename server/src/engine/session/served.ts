// One object of an open context: its kind's resource and the connection, or why there is none.
import { kindName, type LiveRef } from '../../kube/identity.ts';
import { failed, type Result, success } from '../failure.ts';
import type { Transport } from '../transport/transport.ts';
import type { Resource } from '../watch/discovery.ts';
import { type RawObject, readObject } from '../watch/objects.ts';
import type { Session } from './session.ts';
import { sessionWords } from './session-words.ts';

export interface Served {
  readonly transport: Transport;
  readonly resource: Resource;
}

export function servedBy(session: Session, { groupKind }: LiveRef): Result<Served> {
  const { context, discovery, transport, state } = session;
  // Which kinds there are isn't known before it was connected.
  if (!discovery || !transport) {
    const words = sessionWords(state, 0, Date.now()).sentence;
    const remedy = ('why' in state ? state.why?.remedy : undefined) ?? 'Try again when it is.';
    return failed('config', `${context} is not connected${words ? ` (${words})` : ''}`, { remedy });
  }
  const resource = discovery.resources.get(groupKind);
  if (!resource)
    return failed('notFound', `${context} no longer serves ${kindName(groupKind)}: its CRD is not there`, {
      remedy: 'Install it again, or close what shows it.',
    });
  return success({ transport, resource });
}

/** The object as the server has it now, with every field. */
export async function readLive(session: Session, ref: LiveRef): Promise<Result<RawObject>> {
  const served = servedBy(session, ref);
  return served.ok ? readObject(served.value.transport, served.value.resource, ref) : served;
}
