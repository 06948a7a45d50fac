// Tests the example fleet against the real programs: an API server with the CRDs of the bundled releases accepts every
// object, Cluster API's managers create clusters from its topologies, and Flux renders its chart.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { testCatalog } from '../../server/src/fixture.ts';
import { gvkOf } from '../../server/src/kube/identity.ts';
import { layeredStore } from '../../server/src/schema/store.ts';
import { problemsOf } from '../fleet/check.ts';
import { type Delivery, deliver } from '../fleet/delivery.ts';
import { type Kubectl, kubectlBuilds } from '../fleet/kubectl.ts';
import {
  at,
  documentsOf,
  fleet,
  fleetFiles,
  isChartFile,
  isKustomizationFile,
  isObject,
  type Json,
  listAt,
  textAt,
  titleOf,
} from '../fleet/repositories.ts';
import { provide } from '../testbed/cache.ts';
import { type ClusterApi, missingForClusterApi, startClusterApi } from '../testbed/cluster-api.ts';
import { type ControlPlane, startControlPlane, until } from '../testbed/controlplane.ts';
import { type Flux, missingForFlux, startFlux } from '../testbed/flux.ts';
import { startGitServer } from '../testbed/git-server.ts';
import { installCrds } from './verdict/crds.ts';
import type { ApiServer } from './verdict/server.ts';

const store = layeredStore([testCatalog.bundled]);

/** The path at which objects of its kind are created. */
function collectionOf(object: Json): string | undefined {
  const gvk = gvkOf(String(object.apiVersion), String(object.kind));
  const kind = gvk && store.lookup(gvk);
  if (!kind) return undefined;
  const namespace = textAt(object, 'metadata', 'namespace') ?? 'default';
  const group = gvk.group === '' ? `/api/${gvk.version}` : `/apis/${gvk.group}/${gvk.version}`;
  return `${group}${kind.scope === 'Namespaced' ? `/namespaces/${namespace}` : ''}/${kind.plural}`;
}

const missing = missingForClusterApi();
if (missing.length > 0) console.log(`skipped, not built: ${missing.join(', ')} (\`${provide('cluster-api')}\`)`);
const withoutFlux = missingForFlux();
if (withoutFlux.length > 0) console.log(`skipped, not built: ${withoutFlux.join(', ')} (\`${provide('flux')}\`)`);

let kubectl: Kubectl;
let delivery: Delivery;
beforeAll(async () => {
  kubectl = kubectlBuilds();
  delivery = await deliver(kubectl.build);
});
afterAll(() => kubectl?.remove());

describe('a real API server', () => {
  let controlPlane: ControlPlane;
  let clusterApi: ClusterApi | undefined;
  let flux: Flux | undefined;

  beforeAll(async () => {
    // Objects are created in the namespaces of all clusters, which nothing else creates.
    controlPlane = await startControlPlane({ apiServerFlags: ['--disable-admission-plugins=NamespaceLifecycle'] });
    if (missing.length === 0) clusterApi = await startClusterApi(controlPlane);
    if (withoutFlux.length === 0) flux = await startFlux(controlPlane);
    const { problems } = await installCrds({ send: sendTo(controlPlane), stop: async () => undefined }, store);
    // The CRDs of Cluster API and Flux were installed with their controllers.
    expect(problems.filter((problem) => !/already exists/.test(problem))).toEqual([]);
    await speakContract(controlPlane);
    // Classes are really created: admission checks clusters against them.
    if (clusterApi) await makeClasses();
  }, 240_000);
  afterAll(async () => {
    await flux?.stop();
    await clusterApi?.stop();
    await controlPlane?.stop();
  });

  const send = async (method: string, path: string, object?: Json) => {
    const { status, body } = await controlPlane.request(method, path, object);
    return { status, body: body as Json };
  };

  /** The server's error for an object; undefined if it accepts the object. */
  async function refusal(object: Json): Promise<string | undefined> {
    const path = collectionOf(object);
    if (path === undefined) return `${object.apiVersion} ${object.kind}: no schema`;
    // Flux decrypts first: the server never receives the SOPS block.
    const { sops: _sops, ...plain } = object;
    const { status, body } = await send('POST', `${path}?dryRun=All&fieldValidation=Strict`, plain);
    // An object that was really created is checked as an update.
    if (status !== 409) return status === 201 ? undefined : `${status} ${body.message}`;
    const name = textAt(object, 'metadata', 'name');
    const change = await controlPlane.request(
      'PATCH',
      `${path}/${name}?dryRun=All&fieldValidation=Strict&fieldManager=kustomize-controller&force=true`,
      plain,
      'application/apply-patch+yaml',
    );
    return change.status === 200 ? undefined : `${change.status} ${textAt(change.body, 'message')}`;
  }

  async function make(object: Json): Promise<void> {
    const { status, body } = await send('POST', collectionOf(object)!, object);
    // Several clusters of the fleet contain the vSphere class.
    if (status !== 201 && status !== 409) throw new Error(`${titleOf(object)}: ${textAt(body, 'message')}`);
  }

  async function makeClasses(): Promise<void> {
    const isClass = ({ kind }: Json) => kind === 'ClusterClass';
    for (const objects of delivery.clusters.values()) {
      const ofClasses = [...objects.values()].filter((object) => textAt(object, 'metadata', 'namespace') === 'classes');
      for (const object of ofClasses.filter((one) => !isClass(one))) await make(object);
      for (const one of ofClasses.filter(isClass)) {
        await make(one);
        await until(titleOf(one), undefined, async () => {
          const { body } = await send('GET', `${collectionOf(one)}/${textAt(one, 'metadata', 'name')}`);
          return listAt(body, 'status', 'conditions').some(
            (condition) => textAt(condition, 'type') === 'VariablesReady' && textAt(condition, 'status') === 'True',
          );
        });
      }
    }
  }

  test('accepts every object of every cluster', async () => {
    const refused: string[] = [];
    let taken = 0;
    for (const [cluster, objects] of delivery.clusters) {
      for (const object of objects.values()) {
        const problem = await refusal(object);
        if (problem === undefined) taken++;
        else refused.push(`${cluster}, ${titleOf(object)}: ${problem}`);
      }
    }
    expect(refused).toEqual([]);
    expect(taken).toBeGreaterThan(400);
  });

  test('accepts every document as written, except those that Flux must substitute first', async () => {
    const refused: string[] = [];
    let taken = 0;
    const manifests = fleetFiles().filter(
      (path) => path.endsWith('.yaml') && !isChartFile(path) && !isKustomizationFile(path),
    );
    for (const path of manifests) {
      for (const object of documentsOf(path).filter(isObject)) {
        if (JSON.stringify(object).includes('${')) continue;
        const problem = await refusal(object);
        if (problem === undefined) taken++;
        else refused.push(`${path}, ${titleOf(object)}: ${problem}`);
      }
    }
    expect(refused).toEqual([]);
    expect(taken).toBeGreaterThan(150);
  });

  test('rejects invalid objects', async () => {
    const cluster = delivery.clusters.get('aws-master')!.get('Cluster tenant-data/data-prod')!;
    const changed = (spec: Json) => ({ ...cluster, spec: { ...(cluster.spec as Json), ...spec } });
    const noGroup = changed({ infrastructureRef: { kind: 'AWSManagedCluster', name: 'data-prod' } });
    expect(await refusal(noGroup)).toMatch(/apiGroup: Required value/);
    expect(await refusal(changed({ infrastructureReference: {} }))).toMatch(
      /unknown field "spec.infrastructureReference"/,
    );
  });

  describe.skipIf(missing.length > 0)('with Cluster API', () => {
    test('admission rejects a variable that the class does not declare', async () => {
      const cluster = delivery.clusters.get('dc-master')!.get('Cluster tenant-plant/plant-lab')!;
      const topology = at(cluster, 'spec', 'topology') as Json;
      const variables = [...listAt(topology, 'variables'), { name: 'nobody', value: 1 }];
      const wrong = { ...cluster, spec: { ...(cluster.spec as Json), topology: { ...topology, variables } } };
      expect(await refusal(wrong)).toMatch(/nobody/);
    });

    test('creates clusters from the topologies', async () => {
      const topologies = [...delivery.clusters.values()]
        .flatMap((objects) => [...objects.values()])
        .filter((object) => object.kind === 'Cluster' && at(object, 'spec', 'topology') !== undefined);
      expect(topologies.map(titleOf).sort()).toEqual([
        'Cluster masters/dc-master',
        'Cluster tenant-plant/plant-lab',
        'Cluster tenant-plant/plant-north',
        'Cluster tenant-shop/shop-prod',
        'Cluster tenant-shop/shop-staging',
      ]);
      for (const topology of topologies) await make(topology);
      for (const topology of topologies) {
        await until(`the topology of ${titleOf(topology)}`, undefined, async () => {
          const { body } = await send('GET', `${collectionOf(topology)}/${textAt(topology, 'metadata', 'name')}`);
          return listAt(body, 'status', 'conditions').some(
            (condition) => textAt(condition, 'type') === 'TopologyReconciled' && textAt(condition, 'status') === 'True',
          );
        });
      }
      const infrastructure = 'infrastructure.cluster.x-k8s.io/v1beta2';
      const [prod] = await made('tenant-shop', 'shop-prod', infrastructure, 'awsclusters');
      expect(at(prod, 'spec', 'identityRef')).toEqual({ kind: 'AWSClusterRoleIdentity', name: 'prod' });
      expect(at(prod, 'spec', 'network', 'vpc', 'cidrBlock')).toBe('10.41.0.0/16');
      const [staging] = await made('tenant-shop', 'shop-staging', infrastructure, 'awsclusters');
      expect(at(staging, 'spec', 'identityRef')).toEqual({ kind: 'AWSClusterControllerIdentity', name: 'default' });
      const machines = await made('tenant-shop', 'shop-prod', infrastructure, 'awsmachinetemplates');
      expect(
        machines.map((template) => at(template, 'spec', 'template', 'spec', 'additionalTags', 'pool')).sort(),
      ).toEqual(['batch', 'web', undefined]);
      const [controlPlane] = await made(
        'tenant-plant',
        'plant-lab',
        'controlplane.cluster.x-k8s.io/v1beta2',
        'kubeadmcontrolplanes',
      );
      const kubeVip = listAt(controlPlane, 'spec', 'kubeadmConfigSpec', 'files').find(
        (file) => textAt(file, 'path') === '/etc/kubernetes/manifests/kube-vip.yaml',
      );
      const pod = parse(textAt(kubeVip, 'content')!) as Json;
      expect(listAt(pod, 'spec', 'containers', 0, 'env')).toContainEqual({ name: 'address', value: '10.20.16.7' });
      expect(listAt(controlPlane, 'spec', 'kubeadmConfigSpec', 'users')).toHaveLength(1);
      const images = await made('tenant-plant', 'plant-north', infrastructure, 'vspheremachinetemplates');
      expect(new Set(images.map((template) => at(template, 'spec', 'template', 'spec', 'template')))).toEqual(
        new Set(['ubuntu-2404-kube-v1.34.6']),
      );
      const checks = await made('tenant-plant', 'plant-north', 'cluster.x-k8s.io/v1beta2', 'machinehealthchecks');
      expect(checks).toHaveLength(3);
    });

    test.skipIf(withoutFlux.length > 0)('Flux makes azure-master of its chart', async () => {
      const git = await startGitServer(controlPlane.folder);
      try {
        const files = fleetFiles().filter((path) => path.startsWith('masters/'));
        const texts = files.map((path) => [path.replace('masters/', ''), readFileSync(join(fleet, path), 'utf8')]);
        git.commit('masters', Object.fromEntries(texts));
        const manager = delivery.clusters.get('manager')!;
        const source = manager.get('GitRepository flux-system/masters')!;
        const { secretRef: _login, ...from } = source.spec as Json;
        await make({ ...source, spec: { ...from, url: git.url('masters') } });
        const kustomization = manager.get('Kustomization flux-system/azure-master')!;
        // It would wait for the cluster, which gets no machines here.
        const {
          dependsOn: _others,
          healthChecks: _cluster,
          healthCheckExprs: _how,
          ...alone
        } = kustomization.spec as Json;
        await make({ ...kustomization, spec: alone });
        const path = '/apis/helm.toolkit.fluxcd.io/v2/namespaces/masters/helmreleases/azure-master';
        await until('the release azure-master', undefined, async () => {
          const { body } = await send('GET', path);
          const ready = listAt(body, 'status', 'conditions').find((condition) => textAt(condition, 'type') === 'Ready');
          if (textAt(ready, 'status') !== 'True') throw new Error(textAt(ready, 'message'));
          return true;
        });
      } finally {
        await git.stop();
      }
      const found = await Promise.all(
        [
          ['cluster.x-k8s.io/v1beta2', ['clusters', 'machinedeployments', 'machinehealthchecks']],
          ['controlplane.cluster.x-k8s.io/v1beta2', ['kubeadmcontrolplanes']],
          ['bootstrap.cluster.x-k8s.io/v1beta2', ['kubeadmconfigtemplates']],
          ['infrastructure.cluster.x-k8s.io/v1beta1', ['azureclusters', 'azuremachinetemplates']],
        ].flatMap(([apiVersion, plurals]) =>
          (plurals as readonly string[]).map(async (plural) => {
            const { body } = await send('GET', `/apis/${apiVersion}/namespaces/masters/${plural}`);
            const kind = String(body.kind).replace(/List$/, '');
            return listAt(body, 'items')
              .filter((item) => textAt(item, 'metadata', 'labels', 'helm.toolkit.fluxcd.io/name') === 'azure-master')
              .map((item): Json => ({ ...(item as Json), apiVersion, kind }));
          }),
        ),
      );
      const objects = found.flat();
      expect(objects.map(({ kind }) => kind).sort()).toEqual([
        'AzureCluster',
        'AzureMachineTemplate',
        'AzureMachineTemplate',
        'Cluster',
        'KubeadmConfigTemplate',
        'KubeadmControlPlane',
        'MachineDeployment',
        'MachineHealthCheck',
      ]);
      const sizes = objects.map((object) => textAt(object, 'spec', 'template', 'spec', 'vmSize'));
      expect(sizes).toEqual(expect.arrayContaining(['Standard_D4s_v5', 'Standard_E4s_v5']));
      // With the rendered objects in the manager, the exceptions for the chart are no longer needed.
      const manager = new Map(delivery.clusters.get('manager'));
      for (const object of objects) manager.set(titleOf(object), object);
      const clusters = new Map([...delivery.clusters, ['manager', manager]]);
      expect(problemsOf({ ...delivery, clusters })).toEqual([
        'cluster.x-k8s.io/Cluster masters/azure-master is listed as elsewhere, but nothing refers to it',
        '/Secret masters/azure-master-kubeconfig is listed as elsewhere, but nothing refers to it',
      ]);
    });

    /** The objects that Cluster API created for a cluster. */
    async function made(namespace: string, cluster: string, apiVersion: string, plural: string) {
      const selector = `labelSelector=cluster.x-k8s.io/cluster-name%3D${cluster}`;
      const { status, body } = await send('GET', `/apis/${apiVersion}/namespaces/${namespace}/${plural}?${selector}`);
      expect(status).toBe(200);
      return listAt(body, 'items');
    }
  });
});

function sendTo({ request }: ControlPlane): ApiServer['send'] {
  return async (method, path, body, contentType) => {
    const { status, body: answer } = await request(method, path, body, contentType);
    return { status, body: answer as Record<string, unknown> };
  };
}

/** Adds the labels that declare the versions of Cluster API's contract; releases have them, the modules' files don't. */
async function speakContract({ request }: ControlPlane): Promise<void> {
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  const { body } = await request('GET', path);
  for (const definition of listAt(body, 'items')) {
    const name = textAt(definition, 'metadata', 'name')!;
    const provider =
      /^(aws|azure|vsphere|nodeadm|eks)\w*\.(infrastructure|controlplane|bootstrap)\.cluster\.x-k8s\.io$/;
    if (!provider.test(name)) continue;
    const versions = listAt(definition, 'spec', 'versions').map((version) => textAt(version, 'name'));
    const own = name.startsWith('vsphere') ? { 'cluster.x-k8s.io/v1beta2': 'v1beta2' } : {};
    const labels = { 'cluster.x-k8s.io/v1beta1': versions.filter((one) => one !== 'v1alpha1').join('_'), ...own };
    const patch = { metadata: { labels } };
    const { status } = await request('PATCH', `${path}/${name}`, patch, 'application/merge-patch+json');
    if (status !== 200) throw new Error(`${name}: could not be labelled`);
  }
}
