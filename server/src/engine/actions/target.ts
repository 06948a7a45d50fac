// The object of an action and how to reach it: through a session, which watches it, or through the connection of a single
// command.
import type { LiveRef } from '../../kube/identity.ts';
import type { Named } from '../../live/actions/action.ts';
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
  /** The object from its watch; undefined if it isn't watched and must be read. */
  readonly watched: () => LiveObject | undefined;
  /** Called when the server fails on a request and may be unhealthy. */
  readonly suspect: () => void;
  /** Another object of the same cluster. */
  readonly other: (named: Named) => Result<Target>;
  /** True if no one waits for the outcome any longer. */
  readonly isClosed: () => boolean;
}

export function sessionTarget(session: Session, ref: LiveRef, readOnly: boolean): Result<Target> {
  const { groupKind, namespace, name } = ref;
  if (ref.cluster !== '' && ref.cluster !== session.clusterId)
    return failed('conflict', `${session.context} now connects to a different cluster than when the row was shown`, {
      remedy: 'Refresh the row and try again.',
    });
  const served = servedBy(session, ref);
  if (!served.ok) return served;
  return success({
    context: session.context,
    readOnly,
    transport: served.value.transport,
    // The version that the watch uses, if there is a watch.
    resource: session.kinds.get(groupKind)?.resource ?? served.value.resource,
    namespace,
    name,
    watched: () => session.store.get(keyOf(groupKind, namespace, name)),
    suspect: () => session.suspect(),
    other: (named) => sessionTarget(session, { ...named, cluster: ref.cluster }, readOnly),
    isClosed: () => session.state.is === 'idle',
  });
}

/** For example, `Kustomization fleet/apps`. */
export function whatOf({ resource, namespace, name }: Target): string {
  const shown = resource.namespaced ? namespace : undefined;
  return `${resource.kind} ${[shown, name].filter(Boolean).join('/')}`;
}
