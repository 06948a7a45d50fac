// The object an action is for and how to reach it: in a session, which watches it, or over a connection of one command.
import type { LiveRef } from '../../kube/identity.ts';
import { keyOf, type LiveObject } from '../../live/object.ts';
import { failed, type Result, success } from '../failure.ts';
import { servedBy } from '../session/served.ts';
import type { Session } from '../session/session.ts';
import type { Transport } from '../transport/transport.ts';
import type { Resource } from '../watch/discovery.ts';

export interface Target {
  readonly context: string;
  readonly readOnly: boolean;
  readonly transport: Transport;
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly name: string;
  /** The object as its watch has it; undefined where none does, and it is read. */
  readonly watched: () => LiveObject | undefined;
  /** The server failed on a request and may be ill. */
  readonly suspect: () => void;
  /** Nobody waits any longer. */
  readonly isClosed: () => boolean;
}

export function sessionTarget(session: Session, ref: LiveRef, readOnly: boolean): Result<Target> {
  const { groupKind, namespace, name } = ref;
  if (ref.cluster !== '' && ref.cluster !== session.clusterId)
    return failed('conflict', `${session.context} leads to another cluster than the row was made from`, {
      remedy: 'Refresh the row and try again.',
    });
  const served = servedBy(session, ref);
  if (!served.ok) return served;
  return success({
    context: session.context,
    readOnly,
    transport: served.value.transport,
    // The version its watch settled on, where it has one.
    resource: session.kinds.get(groupKind)?.resource ?? served.value.resource,
    namespace,
    name,
    watched: () => session.store.get(keyOf(groupKind, namespace, name)),
    suspect: () => session.suspect(),
    isClosed: () => session.state.is === 'idle',
  });
}

/** `Kustomization fleet/apps`. */
export function whatOf({ resource, namespace, name }: Target): string {
  const shown = resource.namespaced ? namespace : undefined;
  return `${resource.kind} ${[shown, name].filter(Boolean).join('/')}`;
}
