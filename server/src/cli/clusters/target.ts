// The object of an action, over the connection of a single command: nothing is watched.
import type { Target } from '../../engine/actions/target.ts';
import { failed, success } from '../../engine/failure.ts';
import type { Resource } from '../../engine/watch/discovery.ts';
import { kindName } from '../../kube/identity.ts';
import type { Connection } from './connect.ts';

/** `namespace`: undefined for an object of the cluster. */
export function targetIn(
  connection: Pick<Connection, 'context' | 'transport' | 'discovery'>,
  resource: Resource,
  namespace: string | undefined,
  name: string,
): Target {
  const { context, transport, discovery } = connection;
  return {
    ...{ context, readOnly: false, transport, resource, namespace, name },
    watched: () => undefined,
    suspect: () => undefined,
    other: (one) => {
      const served = discovery.resources.get(one.groupKind);
      return served
        ? success(targetIn(connection, served, one.namespace, one.name))
        : failed('notFound', `${context} does not serve ${kindName(one.groupKind)}`);
    },
    isClosed: () => false,
  };
}
