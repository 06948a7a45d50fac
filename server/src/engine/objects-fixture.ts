// An API server for tests that serves given objects of any kind: discovery, lists, reads by name and the start of watches.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An object as a server stores it. */
export interface Stored {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

export interface Cluster {
  readonly url: string;
  /** Requests of these paths end without an answer, as often as said. */
  readonly cut: Map<string, number>;
  readonly asked: string[];
  /** The logs of every container. */
  logs: string;
  stop(): void;
}

const pluralOf = (kind: string) => (kind.endsWith('y') ? `${kind.slice(0, -1)}ies` : `${kind}s`).toLowerCase();

/** Serves the kinds of the objects, and the objects by name and as lists. */
export async function serving(
  objects: readonly Stored[],
  more: readonly (readonly [string, string])[] = [],
): Promise<Cluster> {
  const kinds = [...objects.map(({ apiVersion, kind }) => [apiVersion, kind] as const), ...more];
  const discovery = (isCore: boolean) => {
    const groups = new Map<string, Map<string, Set<string>>>();
    for (const [apiVersion, kind] of kinds) {
      const [group, version] = apiVersion.includes('/')
        ? (apiVersion.split('/') as [string, string])
        : ['', apiVersion];
      if ((group === '') !== isCore) continue;
      const versions = groups.get(group) ?? new Map<string, Set<string>>();
      groups.set(group, versions.set(version, (versions.get(version) ?? new Set()).add(kind)));
    }
    const verbs = ['get', 'list', 'watch', 'patch'];
    const items = [...groups].map(([name, versions]) => ({
      metadata: { name },
      versions: [...versions].map(([version, own]) => ({
        version,
        resources: [...own].map((kind) => ({
          resource: pluralOf(kind),
          responseKind: { kind },
          scope: 'Namespaced',
          verbs,
        })),
      })),
    }));
    return { kind: 'APIGroupDiscoveryList', items };
  };
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://a');
    cluster.asked.push(request.url!);
    const json = (value: unknown, code = 200) => response.writeHead(code).end(JSON.stringify(value));
    const left = cluster.cut.get(pathname) ?? 0;
    if (left > 0) {
      cluster.cut.set(pathname, left - 1);
      return response.destroy();
    }
    if (pathname === '/version') return json({ gitVersion: 'v1.36.0' });
    if (pathname === '/readyz') return response.end('ok');
    if (pathname.endsWith('/log')) return response.end(cluster.logs);
    if (pathname === '/api') return json(discovery(true));
    if (pathname === '/apis') return json(discovery(false));
    if (pathname.endsWith('/kube-system')) return json({ metadata: { uid: 'cluster-uid' } });
    const found = objects.filter((one) => {
      const { namespace, name } = one.metadata;
      const root = one.apiVersion.includes('/') ? `/apis/${one.apiVersion}` : `/api/${one.apiVersion}`;
      const collection = `${root}/namespaces/${namespace}/${pluralOf(one.kind)}`;
      const isListed = [collection, `${root}/${pluralOf(one.kind)}`].includes(pathname);
      return isListed || pathname === `${collection}/${name}`;
    });
    const isOne = found.length === 1 && pathname.endsWith(`/${found[0]!.metadata.name}`);
    if (isOne) return json(found[0]);
    const plural = pathname.split('/').at(-1);
    const kind = kinds.find(([, own]) => pluralOf(own) === plural)?.[1];
    if (kind === undefined) return json({ kind: 'Status', code: 404, message: 'not found' }, 404);
    const items = kind === 'Event' ? eventsFor(found, searchParams.get('fieldSelector')) : found;
    const metadata = { resourceVersion: '5', annotations: { 'k8s.io/initial-events-end': 'true' } };
    if (!searchParams.get('watch'))
      return json({ kind: `${kind}List`, apiVersion: found[0]?.apiVersion ?? 'v1', metadata, items });
    response.writeHead(200);
    for (const object of items) response.write(`${JSON.stringify({ type: 'ADDED', object })}\n`);
    response.write(`${JSON.stringify({ type: 'BOOKMARK', object: { metadata } })}\n`);
  });
  server.listen(0);
  await once(server, 'listening');
  const cluster: Cluster = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: new Map(),
    asked: [],
    logs: '',
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
  return cluster;
}

/** As a server selects them: a page of 500, of one object only if it is asked for. */
function eventsFor(events: readonly Stored[], selector: string | null): readonly Stored[] {
  const name = /involvedObject\.name=([^,]+)/.exec(selector ?? '')?.[1];
  const about = (event: Stored) => (event.involvedObject as { readonly name: string }).name;
  return events.filter((event) => name === undefined || about(event) === name).slice(0, 500);
}
