// The open context of the cluster that a Kustomization or HelmRelease applies to through its kubeconfig. The kubeconfig itself is a
// Secret, which nobody reads for a tree. What tells is the endpoint of the Cluster whose kubeconfig it is by name, as Cluster API
// names it, or else what was applied: objects of the inventory that have the labels of their applier.
import type { Fleet } from '../engine/session/fleet.ts';
import type { Session } from '../engine/session/session.ts';
import { number, text } from '../live/fields.ts';
import { inventoryOf } from '../live/inventory.ts';
import { keyOf, type LiveObject } from '../live/object.ts';

/** Undefined if no open context, or more than one, may be it. */
export function remoteSession(fleet: Fleet, session: Session, applier: LiveObject): Session | undefined {
  if (!inventoryOf(applier).remote) return undefined;
  const others = [...fleet.sessions.values()].filter(
    (other) => other !== session && other.state.is !== 'gone' && other.clusterId !== session.clusterId,
  );
  const endpoint = endpointOf(session, applier);
  const named = others.filter((other) => endpoint !== undefined && serverOf(fleet, other) === endpoint);
  const found = named.length > 0 ? named : others.filter((other) => hasApplied(other, applier));
  // Several contexts may be ways into one cluster.
  const clusters = new Set(found.map(({ clusterId }) => clusterId));
  return clusters.size === 1 ? found[0] : undefined;
}

/** `host:port` of the control plane of the Cluster whose kubeconfig the applier uses. */
function endpointOf(session: Session, { spec, namespace }: LiveObject): string | undefined {
  const secret = text(spec, 'kubeConfig', 'secretRef', 'name');
  const name = secret === undefined ? undefined : /^(.+)-kubeconfig$/.exec(secret)?.[1];
  const cluster = name && session.store.get(keyOf('cluster.x-k8s.io/Cluster', namespace, name));
  const host = cluster ? text(cluster.spec, 'controlPlaneEndpoint', 'host') : undefined;
  return host === undefined ? undefined : `${host}:${number(cluster, 'spec', 'controlPlaneEndpoint', 'port') ?? 443}`;
}

function serverOf({ config }: Fleet, { context }: Session): string | undefined {
  const { server = '' } = config.clusters.get(config.contexts.get(context)?.cluster ?? '') ?? {};
  if (!URL.canParse(server)) return undefined;
  const { hostname, port, protocol } = new URL(server);
  return `${hostname.replace(/^\[|\]$/g, '')}:${port || (protocol === 'http:' ? 80 : 443)}`;
}

function hasApplied({ store }: Session, applier: LiveObject): boolean {
  const prefix = `${applier.groupKind.split('/')[0]}`;
  return inventoryOf(applier).entries.some(({ key }) => {
    const { labels } = store.get(key) ?? { labels: {} as Readonly<Record<string, string>> };
    return labels[`${prefix}/name`] === applier.name && labels[`${prefix}/namespace`] === applier.namespace;
  });
}
