// A minimal API server for tests of actions, over plain HTTP: one Kustomization to read and patch, and an authorizer that
// allows or denies the patch.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { transportTo } from '../transport/fixture.ts';
import type { Resource } from '../watch/discovery.ts';
import type { Target } from './target.ts';

type Json = Record<string, unknown>;

export interface Kustomization extends Json {
  metadata: Json & { uid: string; resourceVersion: string; generation: number; annotations?: Record<string, string> };
  spec: Json;
  status: Json;
}

export interface FluxApi {
  readonly url: string;
  /** The requests: method, last segment of the path, and ` dryRun` for dry runs, as in `PATCH apps dryRun`. */
  readonly asked: string[];
  object: Kustomization;
  isGone: boolean;
  /** Whether the authorizer allows a write. */
  allowed: boolean;
  /** Called before the server responds to a write; true if it has responded itself. */
  onPatch: (dryRun: boolean, response: ServerResponse) => boolean | undefined;
  /** Called after a write was made. */
  onWritten: () => void;
  stop(): void;
}

export const kustomizations: Resource = {
  group: 'kustomize.toolkit.fluxcd.io',
  version: 'v1',
  versions: ['v1'],
  kind: 'Kustomization',
  plural: 'kustomizations',
  namespaced: true,
  verbs: ['get', 'list', 'watch', 'patch', 'delete'],
  shortNames: ['ks'],
  singular: 'kustomization',
};

interface DeleteOptions {
  readonly preconditions: { readonly uid: string };
  readonly dryRun?: readonly string[];
}

const path = '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/fleet/kustomizations/apps';

export async function startFluxApi(): Promise<FluxApi> {
  const server = createServer(async (request, response) => {
    const url = new URL(request.url!, 'http://a');
    const options = request.method === 'DELETE' ? (JSON.parse(await bodyOf(request)) as DeleteOptions) : undefined;
    // Of a deletion with a body, the server ignores the query.
    const dryRun = options ? options.dryRun?.includes('All') === true : url.searchParams.has('dryRun');
    const json = (value: unknown, status = 200) => response.writeHead(status).end(JSON.stringify(value));
    const refuse = (code: number, message: string) => json({ kind: 'Status', code, message }, code);
    if (url.pathname === '/version') return json({ gitVersion: 'v1.36.0' });
    if (url.pathname === '/readyz') return response.end('ok');
    if (url.pathname === '/api') return json({ kind: 'APIGroupDiscoveryList', items: [] });
    if (url.pathname === '/apis') return json(discovery());
    api.asked.push(`${request.method} ${url.pathname.split('/').at(-1)}${dryRun ? ' dryRun' : ''}`);
    if (url.pathname.endsWith('/selfsubjectaccessreviews')) return json({ status: { allowed: api.allowed } }, 201);
    if (url.pathname !== path) return refuse(404, 'not found');
    if (api.isGone) return refuse(404, 'not found');
    if (options) {
      if (options.preconditions.uid !== api.object.metadata.uid)
        return refuse(409, 'the UID in the precondition does not match');
      api.isGone = !dryRun;
      return json({ kind: 'Status', status: 'Success' });
    }
    if (request.method === 'GET') return json(api.object);
    const patch = JSON.parse(await bodyOf(request)) as Kustomization;
    if (api.onPatch(dryRun, response)) return;
    const { uid, resourceVersion } = patch.metadata;
    const { metadata } = api.object;
    // As the server refuses it: the uid is a precondition only beside a resourceVersion, else it is a field that can't change.
    if (uid !== metadata.uid && resourceVersion === undefined)
      return refuse(422, `metadata.uid: Invalid value: "${uid}": field is immutable`);
    if (uid !== metadata.uid) return refuse(409, 'the UID in the precondition does not match');
    if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion)
      return refuse(409, 'the object has been modified');
    const after = merged(api.object, patch) as Kustomization;
    after.metadata.resourceVersion = `${Number(metadata.resourceVersion) + 1}`;
    if (JSON.stringify(after.spec) !== JSON.stringify(api.object.spec)) after.metadata.generation++;
    if (!dryRun) {
      api.object = after;
      api.onWritten();
    }
    if (!response.destroyed) json(after);
  }).listen(0);
  await once(server, 'listening');
  const api: FluxApi = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    object: {
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata: { name: 'apps', namespace: 'fleet', uid: 'u1', resourceVersion: '5', generation: 1 },
      spec: { path: './apps', prune: true },
      status: {
        observedGeneration: 1,
        conditions: [{ type: 'Ready', status: 'True', reason: 'ok', message: 'Applied revision: main@sha1:1' }],
      },
    },
    isGone: false,
    allowed: true,
    onPatch: () => undefined,
    onWritten: () => undefined,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
  return api;
}

/** Handles a request as a Flux controller does: the status reports it as handled. */
export function handle(api: FluxApi): void {
  const { metadata, status } = api.object;
  api.object = {
    ...api.object,
    metadata: { ...metadata, resourceVersion: `${Number(metadata.resourceVersion) + 1}` },
    status: {
      ...status,
      observedGeneration: metadata.generation,
      lastHandledReconcileAt: metadata.annotations?.['reconcile.fluxcd.io/requestedAt'],
    },
  };
}

/** The Kustomization over a separate connection, which `close` closes. */
export function targetOf(api: FluxApi): Target & { close(): void } {
  const transport = transportTo(api.url);
  return {
    context: 'prod',
    readOnly: false,
    transport,
    resource: kustomizations,
    namespace: 'fleet',
    name: 'apps',
    watched: () => undefined,
    suspect: () => undefined,
    other: ({ name }) => ({ ok: true, value: { ...targetOf(api), name } }),
    isClosed: () => false,
    close: () => transport.close(),
  };
}

function discovery() {
  const { plural, kind, shortNames, singular, verbs, group, version } = kustomizations;
  const resource = {
    ...{ resource: plural, responseKind: { kind }, scope: 'Namespaced', verbs },
    ...{ shortNames, singularResource: singular },
  };
  const items = [{ metadata: { name: group }, versions: [{ version, resources: [resource] }] }];
  return { kind: 'APIGroupDiscoveryList', items };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const piece of request) body += piece;
  return body;
}

/** RFC 7396. */
function merged(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const result: Json = { ...(target as Json | undefined) };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = merged(result[name], value);
  }
  return result;
}
