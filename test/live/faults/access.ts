// Faults of served kinds and permissions: C10 to C16.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { idOf } from '../../../server/src/explorer/row-id.ts';
import type { ControlPlane } from '../../testbed/controlplane.ts';
import {
  clusterApi,
  crd,
  crdPath,
  create,
  equal,
  type Fault,
  flux,
  fluxKind,
  kustomization,
  many,
  patch,
  remove,
} from './bed.ts';
import { type Engine, until } from './engine.ts';

const rbac = '/apis/rbac.authorization.k8s.io/v1';
const buckets = 'source.toolkit.fluxcd.io/Bucket';

export const accessFaults: readonly Fault[] = [
  {
    id: 'C10',
    title: 'only one namespace is readable, and not all kinds',
    async run(bed) {
      const own = await bed.controlPlane({ users: { jo: ['readers'] } });
      await grant(own, 'namespaces/fleet/role', 'readers', ['kustomizations', 'clusters']);
      const engine = bed.engine(
        { one: { server: own.url, user: { token: 'jo-token' }, namespace: 'fleet' } },
        { of: own },
      );
      engine.open('one');
      const noticed = await until(
        'live',
        () => engine.is('live'),
        20,
        () => engine.row().description,
      );
      await equal(engine.session(), own);
      assert.equal(engine.session().store.countOf(fluxKind), 20);
      const row = engine.rows(idOf({ context: 'one' })).find(({ label }) => label === 'Flux')!;
      assert.match(row.description, /namespace fleet only/);
      assert.match(row.description, /no permission to list .*GitRepository/);
      assert.match(row.tooltip, /GitRepository: no permission to list and watch/);
      const from = engine.asked.length;
      await sleep(20_000);
      const refused = engine.asked.slice(from).filter(({ path }) => /gitrepositories|machines/.test(path));
      assert.equal(refused.length, 0, 'no retry loop');
      return { noticed, requests: engine.asked.length - from, note: '0 retries in 20 s' };
    },
  },
  {
    id: 'C11',
    title: 'permission granted at run time, then revoked',
    slow: true,
    async run(bed) {
      const own = await bed.controlPlane({ users: { jo: ['readers'] } });
      await grant(own, 'clusterrole', 'readers', ['clusters']);
      const engine = bed.engine({ one: { server: own.url, user: { token: 'jo-token' } } }, { of: own });
      engine.open('one');
      await until(
        'live',
        () => engine.is('live'),
        20,
        () => engine.row().description,
      );
      // After the first check of the permissions.
      await sleep(3000);
      const from = engine.asked.length;
      await grant(own, 'clusterrole', 'flux', ['kustomizations'], 'readers');
      const noticed = await until('its objects', () => engine.session().store.countOf(fluxKind) === 20, 70);
      await remove(own, `${rbac}/clusterrolebindings/flux`);
      const denied = () => engine.session().kinds.get(fluxKind)?.state.failure?.kind === 'forbidden';
      const revoked = await until('denied again', denied, 70);
      assert.match(
        engine.rows(idOf({ context: 'one' })).find(({ label }) => label === 'Flux')!.description,
        /no permission to list .*Kustomization/,
      );
      assert.ok(noticed <= 60_000 && revoked <= 60_000, `${noticed} and ${revoked} ms, must be at most a minute`);
      return { noticed, recovered: revoked, requests: engine.asked.length - from, note: 'granted and revoked' };
    },
  },
  {
    id: 'C12',
    title: 'CRD installed while the context is open',
    async run(bed) {
      const proxy = await bed.tcp();
      const engine = await bed.live(proxy.port);
      const from = engine.asked.length;
      await sleep(2000);
      assert.equal(engine.asked.slice(from).filter(({ path }) => /buckets/.test(path)).length, 0, 'nothing is polled');
      await install(bed.server, 'Bucket', 'buckets');
      bed.after(() => uninstall(bed.server, 'buckets'));
      const noticed = await until('the kind', () => engine.session().kinds.get(buckets)?.state.synced === true, 15);
      assert.ok(noticed <= 5000, `${noticed} ms, must be at most 5 s`);
      return { noticed, requests: engine.asked.length - from };
    },
  },
  {
    id: 'C13',
    title: 'CRD removed while its objects are watched',
    async run(bed) {
      const path = await install(bed.server, 'Bucket', 'buckets');
      const proxy = await bed.tcp();
      const engine = await bed.live(proxy.port);
      await many(3, (index) => create(bed.server, path, bucket(index)));
      await until('its objects', () => engine.session().store.countOf(buckets) === 3, 10);
      const from = engine.asked.length;
      await remove(bed.server, `${crdPath}/buckets.source.toolkit.fluxcd.io`);
      const noticed = await until(
        'the kind removed',
        () => !engine.session().kinds.has(buckets) && engine.session().store.countOf(buckets) === 0,
        30,
      );
      await sleep(5000);
      const requests = engine.asked.slice(from).filter(({ path }) => /buckets/.test(path)).length;
      assert.ok(requests <= 3, `${requests} requests for a removed kind`);
      assert.ok(engine.is('live'));
      return { noticed, requests };
    },
  },
  {
    id: 'C14',
    title: 'served, stored and preferred version change',
    async run(bed) {
      const own = await bed.controlPlane();
      const path = `${crdPath}/machines.cluster.x-k8s.io`;
      const engine = await bed.live(own.port, { of: own });
      const uids = () => [...engine.session().store.ofKind('cluster.x-k8s.io/Machine')].map(({ uid }) => uid).sort();
      const before = uids();
      assert.equal(before.length, 15);
      const from = engine.asked.length;
      const version = (name: string, served: boolean, storage: boolean) => ({
        name,
        served,
        storage,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      });
      const began = performance.now();
      const steps = [
        [version('v1beta2', true, false), version('v1beta1', true, true)],
        [version('v1', true, false), version('v1beta2', true, false), version('v1beta1', true, true)],
        [version('v1', true, true), version('v1beta2', false, false), version('v1beta1', false, false)],
      ];
      for (const versions of steps) {
        await patch(own, path, { spec: { versions } });
        await sleep(3000);
        assert.deepEqual(uids(), before, 'the same objects, without duplicates');
        await equal(engine.session(), own);
      }
      assert.equal(engine.session().kinds.get('cluster.x-k8s.io/Machine')?.resource.version, 'v1');
      return { recovered: performance.now() - began - 9000, requests: engine.asked.length - from };
    },
  },
  {
    id: 'C15',
    title: 'conversion webhook down',
    slow: true,
    async run(bed) {
      const own = await bed.controlPlane();
      const path = await install(own, 'Bucket', 'buckets', ['v1beta1']);
      await many(3, (index) => create(own, path, bucket(index, 'v1beta1')));
      const definition = crd('source.toolkit.fluxcd.io', 'Bucket', ['v1beta1', 'v1']);
      await patch(own, `${crdPath}/buckets.source.toolkit.fluxcd.io`, {
        spec: { versions: definition.spec.versions, conversion: deadWebhook },
      });
      // Every machine is stored as v1beta2 and only v1beta1 is served: no version works without conversion.
      const machines = crd('cluster.x-k8s.io', 'Machine', ['v1beta2', 'v1beta1']);
      const [stored, other] = machines.spec.versions;
      await patch(own, `${crdPath}/machines.cluster.x-k8s.io`, {
        spec: { versions: [{ ...stored, served: false }, other], conversion: deadWebhook },
      });
      await sleep(2000);
      const engine = bed.engine({ one: { server: own.url } }, { of: own });
      const began = performance.now();
      engine.open('one');
      await until(
        'the stored version works',
        () => engine.session().store.countOf(buckets) === 3,
        20,
        () => JSON.stringify(engine.session().kinds.get(buckets)?.state),
      );
      assert.equal(engine.session().kinds.get(buckets)?.resource.version, 'v1beta1');
      const row = () => engine.rows(idOf({ context: 'one' })).find(({ label }) => label === 'Cluster API')!;
      await until(
        'the reason',
        () => /conversion webhook for .*failed/.test(row().description),
        20,
        () => row().description,
      );
      const noticed = performance.now() - began;
      const from = engine.asked.length;
      await sleep(10_000);
      const requests = engine.asked.slice(from).filter(({ path }) => /machines/.test(path)).length;
      assert.ok(requests <= 8, `${requests} requests for one kind in 10 s`);
      await patch(own, `${crdPath}/machines.cluster.x-k8s.io`, {
        spec: { versions: machines.spec.versions, conversion: { strategy: 'None', webhook: null } },
      });
      const recovered = await until(
        'its objects',
        () => engine.session().store.countOf('cluster.x-k8s.io/Machine') === 15,
        60,
      );
      return { noticed, recovered, requests };
    },
  },
  {
    id: 'C16',
    title: 'aggregated API down: discovery is partial',
    async run(bed) {
      const own = await bed.controlPlane();
      await create(own, '/apis/apiregistration.k8s.io/v1/apiservices', {
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        metadata: { name: 'v1beta1.metrics.k8s.io' },
        spec: {
          group: 'metrics.k8s.io',
          version: 'v1beta1',
          groupPriorityMinimum: 100,
          versionPriority: 100,
          insecureSkipTLSVerify: true,
          service: { namespace: 'kube-system', name: 'metrics-server' },
        },
      });
      await sleep(2000);
      const engine = bed.engine({ one: { server: own.url } }, { of: own });
      engine.open('one');
      const recovered = await until(
        'live nevertheless',
        () => engine.is('live'),
        10,
        () => engine.row().description,
      );
      await create(own, flux, kustomization('beside-metrics'));
      // A kind added while discovery is partial is discovered, and none is removed.
      const kinds = engine.session().kinds.size;
      await install(own, 'Bucket', 'buckets');
      await until('a new kind', () => engine.session().kinds.has(buckets), 15);
      assert.equal(engine.session().kinds.size, kinds + 1);
      return { recovered, requests: engine.asked.length, note: staleOf(engine) };
    },
  },
];

const deadWebhook = {
  strategy: 'Webhook',
  webhook: { conversionReviewVersions: ['v1'], clientConfig: { url: 'https://127.0.0.1:9/convert' } },
};

function staleOf(engine: Engine): string {
  return `stale groups: ${engine.session().discovery?.stale.join(', ') || 'none'}`;
}

function bucket(index: number, version = 'v1') {
  const { spec: _of, ...object } = clusterApi('Machine', `bucket-${index}`);
  return { ...object, apiVersion: `source.toolkit.fluxcd.io/${version}`, kind: 'Bucket', spec: { bucketName: 'b' } };
}

/** Installs a Flux source kind; returns the path of its objects once it is served. */
async function install(server: ControlPlane, kind: string, plural: string, versions = ['v1']): Promise<string> {
  await create(server, crdPath, crd('source.toolkit.fluxcd.io', kind, versions));
  const path = `/apis/source.toolkit.fluxcd.io/${versions[0]}/namespaces/fleet/${plural}`;
  await until('served', async () => (await server.request('GET', path)).status === 200, 20);
  return path;
}

async function uninstall(server: ControlPlane, plural: string): Promise<void> {
  const path = `${crdPath}/${plural}.source.toolkit.fluxcd.io`;
  await remove(server, path);
  await until('gone', async () => (await server.request('GET', path)).status === 404, 20);
}

/** Grants a group get, list and watch of the named Cluster API and Flux resources. */
async function grant(
  server: ControlPlane,
  scope: 'clusterrole' | 'namespaces/fleet/role',
  name: string,
  resources: readonly string[],
  group = name,
): Promise<void> {
  const kind = scope === 'clusterrole' ? 'ClusterRole' : 'Role';
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const rules = [
    {
      apiGroups: ['kustomize.toolkit.fluxcd.io', 'cluster.x-k8s.io', 'source.toolkit.fluxcd.io'],
      resources,
      verbs: ['get', 'list', 'watch'],
    },
  ];
  await create(server, `${rbac}/${scope}s`, { apiVersion, kind, metadata: { name }, rules });
  await create(server, `${rbac}/${scope}bindings`, {
    apiVersion,
    kind: `${kind}Binding`,
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: group }],
  });
}
