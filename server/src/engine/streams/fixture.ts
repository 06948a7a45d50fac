// An API server for tests of streams, over plain HTTP: pods, an authorizer, and WebSockets that a test answers.
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Target } from '../actions/target.ts';
import { transportTo } from '../transport/fixture.ts';
import type { Resource } from '../watch/discovery.ts';

/** The server's end of a WebSocket of `ws`, which client-node depends on. */
export interface Peer {
  send(data: Buffer): void;
  close(): void;
  on(event: 'message', then: (data: Buffer) => void): void;
  on(event: 'close', then: () => void): void;
}

interface Acceptor {
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, then: (peer: Peer) => void): void;
}

export interface PodsApi {
  readonly url: string;
  /** The paths of upgrades, with the query. */
  readonly asked: string[];
  readonly pods: object[];
  /** The access that the authorizer denies: `create pods/exec`. */
  readonly denied: Set<string>;
  /** Answers instead of the upgrade. */
  refuse: (path: string) => { readonly status: number; readonly message: string } | undefined;
  serve: (peer: Peer, path: string) => void;
  stop(): void;
}

export async function startPodsApi(): Promise<PodsApi> {
  const ws = createRequire(import.meta.url)('ws') as {
    readonly WebSocketServer: new (options: object) => Acceptor;
  };
  const acceptor = new ws.WebSocketServer({
    noServer: true,
    handleProtocols: (offered: Set<string>) => (offered.has('v5.channel.k8s.io') ? 'v5.channel.k8s.io' : false),
  });
  const server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://a');
    const json = (value: unknown, status = 200) => response.writeHead(status).end(JSON.stringify(value));
    if (url.pathname.endsWith('selfsubjectaccessreviews')) {
      let body = '';
      request.on('data', (piece) => (body += piece));
      request.on('end', () => {
        const { verb, resource, subresource } = JSON.parse(body).spec.resourceAttributes;
        json({ status: { allowed: !api.denied.has(`${verb} ${resource}/${subresource}`) } }, 201);
      });
      return undefined;
    }
    const name = /\/pods\/([^/]+)$/.exec(url.pathname)?.[1];
    if (name === undefined) return json({ kind: 'PodList', apiVersion: 'v1', items: api.pods });
    const found = api.pods.find((pod) => (pod as { metadata: { name: string } }).metadata.name === name);
    return found ? json(found) : json({ kind: 'Status', code: 404, message: `pods "${name}" not found` }, 404);
  });
  const open = new Set<Duplex>();
  server.on('upgrade', (request, socket, head) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    const path = request.url!;
    api.asked.push(path);
    const refusal = api.refuse(path);
    if (refusal) {
      const body = JSON.stringify({ kind: 'Status', code: refusal.status, message: refusal.message });
      socket.end(`HTTP/1.1 ${refusal.status} No\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
      return;
    }
    acceptor.handleUpgrade(request, socket, head, (peer) => api.serve(peer, path));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const api: PodsApi = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    pods: [],
    denied: new Set(),
    refuse: () => undefined,
    serve: () => undefined,
    stop() {
      for (const socket of open) socket.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
  return api;
}

/** A frame of a channel. */
export function frame(channel: number, data: string | Buffer): Buffer {
  return Buffer.concat([Buffer.from([channel]), Buffer.from(data)]);
}

const pods: Resource = {
  ...{ group: '', version: 'v1', versions: ['v1'], kind: 'Pod', plural: 'pods', singular: 'pod', shortNames: [] },
  ...{ namespaced: true, verbs: ['get', 'list', 'watch', 'patch', 'delete'] },
};

/** A pod of the namespace `shop`, over a separate connection, which `close` closes. */
export function podTarget(api: PodsApi, name: string, resource = pods): Target & { close(): void } {
  const transport = transportTo(api.url);
  return {
    ...{ context: 'dev', readOnly: false, transport, resource, namespace: 'shop', name },
    watched: () => undefined,
    suspect: () => undefined,
    other: (named) => ({ ok: true, value: { ...podTarget(api, named.name), transport } }),
    isClosed: () => false,
    close: () => transport.close(),
  };
}

export function pod(name: string, more: object = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', uid: name },
    spec: { containers: [{ name: 'web', ports: [{ name: 'http', containerPort: 8080 }] }] },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
    ...more,
  };
}
