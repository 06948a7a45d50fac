// The environment of a fault case: a real control plane with a small fleet, proxies, engines, and the comparison of a store
// with a fresh list. Everything a case creates through its bed ends with the case.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from '../../../server/src/engine/session/session.ts';
import { collectionPath } from '../../../server/src/engine/watch/discovery.ts';
import { type ControlPlane, type ControlPlaneOptions, startControlPlane } from '../../testbed/controlplane.ts';
import { type HttpProxy, type HttpProxyOptions, startHttpProxy } from '../../testbed/http-proxy.ts';
import { startTcpProxy, type TcpProxy } from '../../testbed/tcp-proxy.ts';
import { type Access, type Engine, startEngine, until } from './engine.ts';

export interface Figures {
  /** Milliseconds from the fault until it is shown. */
  readonly noticed?: number;
  /** Milliseconds from the end of the fault until data is live. */
  readonly recovered?: number;
  /** Requests sent during the fault. */
  readonly requests?: number;
  readonly note?: string;
}

export interface Fault {
  readonly id: string;
  readonly title: string;
  /** Takes longer than a few seconds: only run by `npm run faults`. */
  readonly slow?: true;
  run(bed: Bed): Promise<Figures>;
}

export interface Bed {
  /** The control plane shared by all cases; a case that damages it uses a separate one. */
  readonly server: ControlPlane;
  controlPlane(options?: ControlPlaneOptions): Promise<ControlPlane>;
  /** In front of the shared control plane by default. */
  tcp(target?: ControlPlane): Promise<TcpProxy>;
  http(options?: Partial<HttpProxyOptions>, target?: ControlPlane): Promise<HttpProxy>;
  /** `of`: the control plane of its contexts. */
  engine(
    contexts: Readonly<Record<string, Access>>,
    options?: Parameters<typeof startEngine>[1] & { readonly of?: ControlPlane },
  ): Engine;
  /** An engine with one context via the port, open and live. */
  live(port: number, options?: Parameters<Bed['engine']>[1] & { readonly access?: Partial<Access> }): Promise<Engine>;
  after(cleanup: () => unknown): void;
  /** Declares that nothing is live at the end of this case, so there is no store to compare. */
  nothingToCompare(why: string): void;
}

export interface OpenBed extends Bed {
  /** Waits for equality and returns the number of compared objects; rejects if it isn't reached. */
  compareAll(): Promise<number>;
  /** Ends engines first, returns what they leaked, then ends the rest. */
  close(): Promise<readonly string[]>;
}

export function openBed(server: ControlPlane): OpenBed {
  const cleanups: (() => unknown)[] = [];
  const engines: { readonly engine: Engine; readonly of: ControlPlane }[] = [];
  const proxies: { readonly name: string; live(): number }[] = [];
  let excuse: string | undefined;
  const bed: Bed = {
    server,
    async controlPlane(options) {
      const own = await startControlPlane(options);
      cleanups.push(() => own.stop());
      await fill(own);
      return own;
    },
    async tcp(target = server) {
      const proxy = await startTcpProxy({ port: target.port });
      cleanups.push(() => proxy.stop());
      proxies.push({ name: 'TCP proxy', live: () => proxy.live });
      return proxy;
    },
    async http(options = {}, target = server) {
      const proxy = await startHttpProxy({ target, certificate: target.certificate, key: target.key, ...options });
      cleanups.push(() => proxy.stop());
      proxies.push({ name: 'HTTP proxy', live: () => proxy.sockets });
      return proxy;
    },
    engine(contexts, { of = server, ...options } = {}) {
      const engine = startEngine(contexts, options);
      engines.push({ engine, of });
      return engine;
    },
    async live(port, { access = {}, ...options } = {}) {
      const engine = bed.engine({ one: { server: `https://127.0.0.1:${port}`, ...access } }, options);
      engine.open('one');
      await until(
        'live',
        () => engine.is('live'),
        20,
        () => JSON.stringify(engine.session().state),
      );
      await settled(engine.session());
      return engine;
    },
    after: (cleanup) => cleanups.push(cleanup),
    nothingToCompare: (why) => {
      excuse = why;
    },
  };
  return {
    ...bed,
    async compareAll() {
      let compared = 0;
      for (const { engine, of } of engines) {
        for (const context of engine.fleet.config.contexts.keys()) {
          const session = engine.fleet.session(context);
          if (session?.state.is === 'live') compared += await equal(session, of);
        }
      }
      if (compared === 0 && excuse === undefined) throw new Error('no object was compared with a fresh list');
      return compared;
    },
    async close() {
      const left: string[] = [];
      for (const { engine } of engines) await engine.dispose();
      await sleep(200);
      for (const { name, live } of proxies) if (live() > 0) left.push(`${live()} connections of the ${name}`);
      for (const cleanup of cleanups.reverse()) await cleanup();
      return left;
    },
  };
}

export async function settled(session: Session): Promise<void> {
  await session.settled(AbortSignal.timeout(20_000));
}

/** Waits until every kind's objects equal a fresh list by uid and resourceVersion; returns their number. */
export async function equal(session: Session, server: ControlPlane, seconds = 15): Promise<number> {
  let difference: string | number = 'nothing compared';
  await until(
    'the store equals a fresh list',
    async () => typeof (difference = await compare(session, server)) === 'number',
    seconds,
    () => `(${session.context}: ${difference})`,
  );
  return difference as unknown as number;
}

async function compare(session: Session, server: ControlPlane): Promise<string | number> {
  let compared = 0;
  for (const [groupKind, { resource, namespace, state }] of session.kinds) {
    if (!state.synced) {
      if (state.failure?.kind === 'forbidden') continue;
      return `${groupKind} is not synced: ${state.failure?.message ?? 'still listing'}`;
    }
    const { status, body } = await server.request('GET', collectionPath(resource, namespace));
    if (status !== 200) return `the list of ${groupKind} returned status ${status}`;
    const { items } = body as { items: readonly { metadata: { uid: string; resourceVersion: string } }[] };
    const fresh = items.map(({ metadata }) => `${metadata.uid} ${metadata.resourceVersion}`).sort();
    const held = [...session.store.ofKind(groupKind)]
      .filter((object) => namespace === undefined || object.namespace === namespace)
      .map(({ uid, resourceVersion }) => `${uid} ${resourceVersion}`)
      .sort();
    if (fresh.join() !== held.join()) return `${groupKind}: ${held.length} held, ${fresh.length} listed`;
    compared += fresh.length;
  }
  return compared;
}

export const flux = '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/fleet/kustomizations';
export const fluxKind = 'kustomize.toolkit.fluxcd.io/Kustomization' as const;

/** Creates the kinds of a fleet and a few objects of each. */
export async function fill(server: ControlPlane): Promise<void> {
  const crds = [
    crd('kustomize.toolkit.fluxcd.io', 'Kustomization', ['v1']),
    crd('source.toolkit.fluxcd.io', 'GitRepository', ['v1']),
    crd('cluster.x-k8s.io', 'Cluster', ['v1beta2', 'v1beta1']),
    crd('cluster.x-k8s.io', 'Machine', ['v1beta2', 'v1beta1']),
  ];
  for (const definition of crds) await create(server, crdPath, definition);
  await create(server, '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'fleet' } });
  for (const definition of crds) {
    const { group, names, versions } = definition.spec;
    await until(
      `${names.plural} served`,
      async () =>
        (await server.request('GET', `/apis/${group}/${versions[0]!.name}/${names.plural}?limit=1`)).status === 200,
      30,
    );
  }
  await many(20, (index) => create(server, flux, kustomization(`apps-${index}`)));
  await many(3, (index) =>
    create(server, '/apis/source.toolkit.fluxcd.io/v1/namespaces/fleet/gitrepositories', {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'GitRepository',
      metadata: { name: `repository-${index}` },
      spec: { url: 'https://git.example.com/fleet.git', interval: '1m' },
    }),
  );
  await many(5, (index) => create(server, clusters, clusterApi('Cluster', `cluster-${index}`)));
  await many(15, (index) =>
    create(server, clusters.replace(/clusters$/, 'machines'), clusterApi('Machine', `machine-${index}`)),
  );
}

export const clusters = '/apis/cluster.x-k8s.io/v1beta2/namespaces/fleet/clusters';
export const crdPath = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

export function kustomization(name: string, more: object = {}) {
  return {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name, namespace: 'fleet' },
    spec: { interval: '10m', prune: true, path: './', sourceRef: { kind: 'GitRepository', name: 'repository-0' } },
    ...more,
  };
}

export function clusterApi(kind: 'Cluster' | 'Machine', name: string, version = 'v1beta2') {
  return { apiVersion: `cluster.x-k8s.io/${version}`, kind, metadata: { name, namespace: 'fleet' }, spec: {} };
}

/** The first version is the stored one. */
export function crd(group: string, kind: string, versions: readonly string[]) {
  const plural = kind.endsWith('y') ? `${kind.slice(0, -1)}ies`.toLowerCase() : `${kind.toLowerCase()}s`;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
      versions: versions.map((name, index) => ({
        name,
        served: true,
        storage: index === 0,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      })),
    },
  };
}

export async function create(server: ControlPlane, path: string, object: object): Promise<unknown> {
  return answered(await server.request('POST', path, object), `POST ${path}`);
}

export async function patch(server: ControlPlane, path: string, change: object): Promise<unknown> {
  return answered(await server.request('PATCH', path, change, 'application/merge-patch+json'), `PATCH ${path}`);
}

export async function remove(server: ControlPlane, path: string): Promise<void> {
  answered(await server.request('DELETE', path), `DELETE ${path}`);
}

function answered({ status, body }: { readonly status: number; readonly body: unknown }, what: string): unknown {
  if (status >= 300) throw new Error(`${what}: ${status} ${JSON.stringify(body).slice(0, 300)}`);
  return body;
}

/** Runs `work` for each index below `count`, eight at a time. */
export async function many(count: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      while (next < count) await work(next++);
    }),
  );
}
