// A simulated API server with any number of objects: discovery, paged lists, watches and streaming lists over HTTP/2, as
// much as the engine and kubectl require. Runs as a separate process, controlled over IPC.
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { Socket } from 'node:net';
import { authority } from '../testbed/certificates.ts';

export interface GeneratedOptions {
  readonly clusters: number;
  readonly machines: number;
  readonly flux: number;
}

/** The parent's requests; each is answered by a message with the same `id`. */
export type Order =
  | { readonly id: number; readonly do: 'update'; readonly rate: number; readonly seconds: number }
  /** Ends all watches normally, as their timeout would. */
  | { readonly id: number; readonly do: 'endWatches' }
  /** Breaks all connections. */
  | { readonly id: number; readonly do: 'reset' }
  /** Discards all history, so that watches from earlier versions are rejected. */
  | { readonly id: number; readonly do: 'compact' }
  | { readonly id: number; readonly do: 'state' };

export interface GeneratedState {
  readonly sockets: number;
  readonly requests: number;
  /** Returns `uid resourceVersion` of every object. */
  readonly objects: readonly string[];
}

interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly objects: Map<string, Stored>;
}

interface Stored {
  readonly uid: string;
  version: number;
  text: string;
}

interface Watch {
  readonly kind: Kind;
  readonly response: Http2ServerResponse;
}

const options = JSON.parse(process.argv[2]!) as GeneratedOptions;
let version = 1000;
const kinds: readonly Kind[] = [
  generatedKind('cluster.x-k8s.io', 'v1beta2', 'Cluster', options.clusters),
  generatedKind('cluster.x-k8s.io', 'v1beta2', 'Machine', options.machines),
  generatedKind('kustomize.toolkit.fluxcd.io', 'v1', 'Kustomization', Math.ceil(options.flux / 2)),
  generatedKind('source.toolkit.fluxcd.io', 'v1', 'GitRepository', Math.floor(options.flux / 2)),
];
const watches = new Set<Watch>();
const sockets = new Set<Socket>();
let history: { readonly kind: Kind; readonly version: number; readonly line: string }[] = [];
let requests = 0;

function generatedKind(group: string, v: string, kind: string, count: number): Kind {
  const made: Kind = {
    group,
    version: v,
    kind,
    plural: `${kind.toLowerCase().replace(/y$/, 'ie')}s`,
    objects: new Map(),
  };
  for (let index = 0; index < count; index++) {
    const name = `${kind.toLowerCase()}-${String(index).padStart(5, '0')}`;
    const stored: Stored = { uid: `${kind}-uid-${index}`, version: ++version, text: '' };
    made.objects.set(name, stored);
    stored.text = textOf(made, name, index, stored, 0);
  }
  return made;
}

/** An object of realistic size and shape, including managed fields. */
function textOf({ group, version: v, kind }: Kind, name: string, index: number, stored: Stored, turn: number): string {
  const cluster = `cluster-${String(index % Math.max(1, options.clusters)).padStart(5, '0')}`;
  const condition = (type: string) => ({
    type,
    status: 'True',
    reason: type,
    message: `observed ${turn}`,
    lastTransitionTime: '2026-01-01T00:00:00Z',
  });
  const managed = ['f:conditions', 'f:observedGeneration', 'f:phase', 'f:addresses', 'f:nodeRef', 'f:lastUpdated'];
  return JSON.stringify({
    apiVersion: `${group}/${v}`,
    kind,
    metadata: {
      name,
      namespace: 'fleet',
      uid: stored.uid,
      resourceVersion: String(stored.version),
      generation: 1,
      creationTimestamp: '2026-01-01T00:00:00Z',
      labels: kind === 'Machine' ? { 'cluster.x-k8s.io/cluster-name': cluster } : {},
      managedFields: ['manager', 'controller'].map((manager) => ({
        manager,
        operation: 'Update',
        apiVersion: `${group}/${v}`,
        time: '2026-01-01T00:00:00Z',
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:status': Object.fromEntries(managed.map((field) => [field, { '.': {}, 'f:x': {} }])) },
      })),
    },
    spec: kind === 'Machine' ? { clusterName: cluster, version: 'v1.34.1' } : { interval: '10m', path: './' },
    status: {
      observedGeneration: 1,
      phase: 'Running',
      conditions: ['Available', 'Ready', 'BootstrapConfigReady', 'InfrastructureReady', 'UpToDate'].map(condition),
    },
  });
}

const servers = authority('generated');
const shown = servers.issue({ name: 'generated', hosts: ['127.0.0.1'] });
const server = createSecureServer({ cert: shown.certificate, key: shown.key, allowHTTP1: true });
server.on('connection', (socket: Socket) => {
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
  socket.on('error', () => undefined);
});
server.on('session', (session) => session.on('error', () => undefined));
server.on('tlsClientError', () => undefined);
server.on('request', (request: Http2ServerRequest, response: Http2ServerResponse) => {
  requests++;
  response.on('error', () => undefined);
  request.resume();
  const url = new URL(request.url, 'https://server');
  const kind = kinds.find(({ group, version: v, plural }) =>
    [`/apis/${group}/${v}/${plural}`, `/apis/${group}/${v}/namespaces/fleet/${plural}`].includes(url.pathname),
  );
  if (kind) return url.searchParams.has('watch') ? watch(kind, url, response) : page(kind, url, response);
  const answer = fixedAnswer(url.pathname, url.searchParams.has('watch'));
  // kubectl uses the aggregated form only if the header declares it.
  const form = /^\/apis?$/.test(url.pathname) ? ';g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' : '';
  response.writeHead(answer === undefined ? 404 : 200, { 'content-type': `application/json${form}` });
  if (answer !== 'watch') response.end(JSON.stringify(answer ?? { kind: 'Status', code: 404 }));
});

function fixedAnswer(path: string, watching: boolean): unknown {
  switch (path) {
    case '/version':
      return { major: '1', minor: '36', gitVersion: 'v1.36.3' };
    case '/readyz':
      return 'ok';
    case '/api':
      return discovery([]);
    case '/apis':
      return discovery(kinds);
    case '/api/v1/namespaces/kube-system':
      return { metadata: { uid: 'generated' } };
    case '/apis/apiextensions.k8s.io/v1/customresourcedefinitions':
      return watching ? 'watch' : { kind: 'List', metadata: { resourceVersion: '1' }, items: [] };
    case '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews':
      return { status: { resourceRules: [] } };
    default:
      return undefined;
  }
}

function discovery(served: readonly Kind[]): unknown {
  const groups = [...new Set(served.map(({ group }) => group))];
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map((name) => ({
      metadata: { name },
      versions: [
        {
          version: served.find(({ group }) => group === name)!.version,
          freshness: 'Current',
          resources: served
            .filter(({ group }) => group === name)
            .map(({ group, version: v, kind, plural }) => ({
              resource: plural,
              responseKind: { group, version: v, kind },
              scope: 'Namespaced',
              singularResource: kind.toLowerCase(),
              verbs: ['get', 'list', 'watch', 'patch'],
            })),
        },
      ],
    })),
  };
}

function page(kind: Kind, url: URL, response: Http2ServerResponse): void {
  const from = Number(url.searchParams.get('continue') ?? 0);
  const limit = Number(url.searchParams.get('limit') ?? 0) || kind.objects.size;
  const items = [...kind.objects.values()].slice(from, from + limit).map(({ text }) => text);
  const next = from + limit < kind.objects.size ? String(from + limit) : '';
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(
    `{"kind":"${kind.kind}List","apiVersion":"${kind.group}/${kind.version}","metadata":{"resourceVersion":"${version}","continue":"${next}"},"items":[${items.join(',')}]}`,
  );
}

function watch(kind: Kind, url: URL, response: Http2ServerResponse): void {
  const from = Number(url.searchParams.get('resourceVersion') ?? 0);
  const streaming = url.searchParams.get('sendInitialEvents') === 'true';
  response.writeHead(200, { 'content-type': 'application/json' });
  if (streaming) {
    for (const { text } of kind.objects.values()) response.write(`{"type":"ADDED","object":${text}}\n`);
    const metadata = { resourceVersion: String(version), annotations: { 'k8s.io/initial-events-end': 'true' } };
    response.write(`${JSON.stringify({ type: 'BOOKMARK', object: { kind: kind.kind, metadata } })}\n`);
  } else if (history.length > 0 ? from < history[0]!.version - 1 : from < version) {
    const gone = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' };
    response.end(`${JSON.stringify({ type: 'ERROR', object: gone })}\n`);
    return;
  } else {
    for (const event of history) if (event.kind === kind && event.version > from) response.write(event.line);
  }
  const one: Watch = { kind, response };
  watches.add(one);
  response.on('close', () => watches.delete(one));
}

let turn = 0;

function update(): void {
  const kind = kinds[turn % kinds.length]!;
  const index = turn % Math.max(1, kind.objects.size);
  const name = `${kind.kind.toLowerCase()}-${String(index).padStart(5, '0')}`;
  const stored = kind.objects.get(name);
  turn++;
  if (!stored) return;
  stored.version = ++version;
  stored.text = textOf(kind, name, index, stored, turn);
  const line = `{"type":"MODIFIED","object":${stored.text}}\n`;
  history.push({ kind, version, line });
  if (history.length > 20_000) history = history.slice(10_000);
  for (const one of watches) if (one.kind === kind) one.response.write(line);
}

async function obey(order: Order): Promise<unknown> {
  switch (order.do) {
    case 'update': {
      const began = Date.now();
      let done = 0;
      while (Date.now() - began < order.seconds * 1000) {
        const due = Math.floor(((Date.now() - began) / 1000) * order.rate);
        for (; done < due; done++) update();
        await new Promise((next) => setTimeout(next, 4));
      }
      return done;
    }
    case 'endWatches':
      for (const { response } of watches) response.end();
      return watches.size;
    case 'reset':
      for (const socket of sockets) socket.resetAndDestroy();
      return sockets.size;
    case 'compact':
      history = [];
      return 0;
    case 'state':
      return {
        sockets: sockets.size,
        requests,
        objects: kinds.flatMap(({ objects }) => [...objects.values()].map((one) => `${one.uid} ${one.version}`)),
      } satisfies GeneratedState;
  }
}

process.on('message', (order: Order) => {
  void obey(order).then((answer) => process.send?.({ id: order.id, answer }));
});
process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as { port: number }).port }));
