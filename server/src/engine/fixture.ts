// A minimal API server for session tests, over plain HTTP: three workload kinds with one object, and what it owns.
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Api {
  readonly url: string;
  /** Status of every list and watch of workloads; 401 applies to all requests; 200 returns one Deployment. */
  lists: number;
  /** Status of watches only. */
  watches: number;
  /** Status of the namespace that identifies the cluster. */
  identity: number;
  /** The verb that the user's rules allow. */
  rules: string;
  /** Lists don't contain the Deployment. */
  empty: boolean;
  /** ReplicaSets and Pods of the namespace `shop`, by plural; a change of a list isn't watched, `push` sends it. */
  readonly owned: { readonly replicasets: object[]; readonly pods: object[] };
  /** Sends the objects of the kind as modified to its watches. */
  push(plural: 'replicasets' | 'pods'): void;
  /** Sends the Deployment with this status to its watches; `null`: it is deleted. */
  report(status: object | null): void;
  /** The paths of the open watches of owned objects, with their label selector. */
  readonly followed: () => readonly string[];
  /** Status of requests for pods. */
  pods: number;
  /** Ends the open watches. */
  cut(): void;
  stop(): void;
}

export async function startApi(): Promise<Api> {
  const watches = new Map<ServerResponse, string>();
  const following = new Map<ServerResponse, string>();
  let reported = 5;
  const kinds = ['Deployment', 'StatefulSet', 'DaemonSet'];
  const verbs = ['get', 'list', 'watch', 'patch'];
  const object = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop', uid: 'u1', resourceVersion: '5', generation: 1 },
    spec: { replicas: 0, selector: { matchLabels: { app: 'web' } } },
    status: { observedGeneration: 1 },
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://a');
    const json = (value: unknown, status = 200) => response.writeHead(status).end(JSON.stringify(value));
    const refuse = (code: number) => json({ kind: 'Status', code, message: `said ${code}` }, code);
    if (api.lists === 401) return refuse(401);
    if (url.pathname === '/version') return json({ gitVersion: 'v1.36.0' });
    if (url.pathname === '/readyz') return response.end('ok');
    if (url.pathname === '/api') {
      const pods = { resource: 'pods', responseKind: { kind: 'Pod' }, scope: 'Namespaced', verbs };
      const items = [{ metadata: { name: '' }, versions: [{ version: 'v1', resources: [pods] }] }];
      return json({ kind: 'APIGroupDiscoveryList', items });
    }
    if (url.pathname === '/apis') {
      const resources = [...kinds, 'ReplicaSet'].map((kind) => ({
        resource: `${kind.toLowerCase()}s`,
        responseKind: { kind },
        scope: 'Namespaced',
        verbs,
      }));
      const items = [{ metadata: { name: 'apps' }, versions: [{ version: 'v1', resources }] }];
      return json({ kind: 'APIGroupDiscoveryList', items });
    }
    if (url.pathname.endsWith('/kube-system'))
      return api.identity === 200 ? json({ metadata: { uid: 'cluster-uid' } }) : refuse(api.identity);
    if (url.pathname.endsWith('selfsubjectrulesreviews'))
      return json({ status: { resourceRules: [{ verbs: [api.rules], apiGroups: ['apps'], resources: ['*'] }] } });
    const owned = /namespaces\/shop\/(replicasets|pods)$/.exec(url.pathname)?.[1] as keyof Api['owned'] | undefined;
    if (owned === 'pods' && api.pods !== 200) return refuse(api.pods);
    if (owned !== undefined) {
      const metadata = { resourceVersion: '5', annotations: { 'k8s.io/initial-events-end': 'true' } };
      if (!url.searchParams.get('watch')) return json({ metadata, items: api.owned[owned] });
      following.set(response, `${owned} ${url.searchParams.get('labelSelector')}`);
      response.once('close', () => following.delete(response));
      response.writeHead(200);
      for (const one of api.owned[owned]) response.write(`${JSON.stringify({ type: 'ADDED', object: one })}\n`);
      response.write(`${JSON.stringify({ type: 'BOOKMARK', object: { metadata } })}\n`);
      return;
    }
    if (!url.pathname.startsWith('/apis/apps')) return refuse(403);
    if (url.pathname.endsWith('/deployments/web')) return json(object);
    if (api.lists !== 200) return refuse(api.lists);
    const isEmpty = api.empty || !url.pathname.endsWith('/deployments');
    if (!url.searchParams.get('watch')) {
      const metadata = { resourceVersion: '5' };
      return json({ kind: 'DeploymentList', apiVersion: 'apps/v1', metadata, items: isEmpty ? [] : [object] });
    }
    if (api.watches !== 200) return refuse(api.watches);
    watches.set(response, url.pathname);
    response.once('close', () => watches.delete(response));
    response.writeHead(200);
    if (url.searchParams.get('sendInitialEvents')) {
      if (!isEmpty) response.write(`${JSON.stringify({ type: 'ADDED', object })}\n`);
      const metadata = { resourceVersion: '5', annotations: { 'k8s.io/initial-events-end': 'true' } };
      response.write(`${JSON.stringify({ type: 'BOOKMARK', object: { metadata } })}\n`);
    } else response.flushHeaders();
  });
  server.listen(0);
  await once(server, 'listening');
  const api: Api = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lists: 200,
    watches: 200,
    identity: 200,
    rules: 'none',
    empty: false,
    pods: 200,
    owned: { replicasets: [], pods: [] },
    push(plural) {
      for (const [response, path] of following)
        if (path.startsWith(plural))
          for (const one of api.owned[plural]) response.write(`${JSON.stringify({ type: 'MODIFIED', object: one })}\n`);
    },
    report(status) {
      const metadata = { ...object.metadata, resourceVersion: `${++reported}` };
      const event = {
        type: status ? 'MODIFIED' : 'DELETED',
        object: { ...object, metadata, ...(status && { status }) },
      };
      for (const [response, path] of watches)
        if (path.endsWith('/deployments')) response.write(`${JSON.stringify(event)}\n`);
    },
    followed: () => [...following.values()].sort(),
    stop() {
      server.closeAllConnections();
      server.close();
    },
    cut() {
      for (const watch of watches.keys()) watch.end();
      watches.clear();
    },
  };
  return api;
}

/** A kubeconfig with the context `c`. */
export function configFor(server: string): string {
  return JSON.stringify({
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    clusters: [{ name: 'c', cluster: { server } }],
    users: [{ name: 'u', user: { token: 'secret-token' } }],
  });
}
