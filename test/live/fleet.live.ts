// The example fleet before the real things: kubectl builds its folders, an API server with the CRDs of the bundled
// releases takes every object, and Cluster API's managers make machines' templates of its topologies.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gvkOf } from '../../server/src/kube/identity.ts';
import { openCatalog } from '../../server/src/schema/load.ts';
import { layeredStore } from '../../server/src/schema/store.ts';
import { buildWithoutPatches } from '../fleet/build.ts';
import { problemsOf } from '../fleet/check.ts';
import { type Delivery, deliver } from '../fleet/delivery.ts';
import { type Kubectl, kubectlBuilds } from '../fleet/kubectl.ts';
import {
  at,
  documentsOf,
  fleetFiles,
  isChartFile,
  isKustomizationFile,
  isObject,
  type Json,
  listAt,
  textAt,
  titleOf,
} from '../fleet/repositories.ts';
import { provide, setFolder } from '../testbed/cache.ts';
import { type ClusterApi, missingForClusterApi, startClusterApi } from '../testbed/cluster-api.ts';
import { type ControlPlane, startControlPlane, until } from '../testbed/controlplane.ts';
import { installCrds } from './verdict/crds.ts';
import { type ApiServer, startApiServer } from './verdict/server.ts';

const schemas = join(import.meta.dirname, '../../server/schemas');
const store = layeredStore([openCatalog((key) => readFileSync(join(schemas, key), 'utf8')).bundled]);

/** Where objects of its kind are made. */
function collectionOf(object: Json): string | undefined {
  const gvk = gvkOf(String(object.apiVersion), String(object.kind));
  const kind = gvk && store.lookup(gvk);
  if (!kind) return undefined;
  const namespace = textAt(object, 'metadata', 'namespace') ?? 'default';
  const group = gvk.group === '' ? `/api/${gvk.version}` : `/apis/${gvk.group}/${gvk.version}`;
  return `${group}${kind.scope === 'Namespaced' ? `/namespaces/${namespace}` : ''}/${kind.plural}`;
}

let kubectl: Kubectl;
let delivery: Delivery;
beforeAll(async () => {
  kubectl = kubectlBuilds();
  delivery = await deliver(kubectl.build);
});
afterAll(() => kubectl?.remove());

describe('builds', () => {
  const folders = fleetFiles()
    .filter(isKustomizationFile)
    .map((path) => path.replace(/\/kustomization\.yaml$/, ''));

  test.each(folders)('kubectl kustomize %s', async (folder) => {
    const built = await kubectl.build(folder, {});
    // kustomize adds a hash to the names of what it generates.
    const titles = built.map((object) => titleOf(object).replace(/^(ConfigMap .*)-[a-z0-9]{10}$/, '$1'));
    expect(titles.sort()).toEqual(buildWithoutPatches(folder).map(titleOf).sort());
  });

  test('what is delivered hangs together', () => {
    expect(problemsOf(delivery)).toEqual([]);
  });

  test('patches and variables did their work', () => {
    const aws = delivery.clusters.get('aws-master')!;
    const prod = aws.get('Cluster tenant-shop/shop-prod');
    expect(listAt(prod, 'spec', 'topology', 'variables')).toContainEqual({ name: 'account', value: 'prod' });
    expect(textAt(aws.get('Prometheus monitoring/aggregate'), 'spec', 'resources', 'limits', 'memory')).toBe('16Gi');
    expect(textAt(aws.get('Prometheus monitoring/aggregate'), 'spec', 'externalLabels', 'environment')).toBe('aws');
    const vector = [...aws.values()].find((object) => /^ConfigMap logging\/log-gateway-/.test(titleOf(object)));
    expect(textAt(vector, 'data', 'vector.yaml')).toContain('"${ENVIRONMENT}"');
    expect(JSON.stringify([...aws.values()].filter((object) => object !== vector))).not.toMatch(/\$\{/);
  });
});

describe('a real API server', () => {
  let server: ApiServer;
  beforeAll(async () => {
    server = await startApiServer(setFolder('kubernetes'));
    const { problems } = await installCrds(server, store);
    expect(problems).toEqual([]);
  }, 180_000);
  afterAll(() => server?.stop());

  /** What it says of an object; undefined where it takes it. */
  async function refusal(object: Json): Promise<string | undefined> {
    const path = collectionOf(object);
    if (path === undefined) return `${object.apiVersion} ${object.kind}: no schema`;
    const { status, body } = await server.send(
      'POST',
      `${path}?dryRun=All&fieldValidation=Strict`,
      JSON.stringify(object),
    );
    return status === 201 ? undefined : `${status} ${body.message}`;
  }

  test('takes every object of every cluster', async () => {
    const refused: string[] = [];
    let taken = 0;
    for (const [cluster, objects] of delivery.clusters) {
      for (const object of objects.values()) {
        // Flux decrypts first: the server never sees the block of SOPS.
        const { sops: _sops, ...plain } = object;
        const problem = await refusal(plain);
        if (problem === undefined) taken++;
        else refused.push(`${cluster}, ${titleOf(object)}: ${problem}`);
      }
    }
    expect(refused).toEqual([]);
    expect(taken).toBeGreaterThan(400);
  });

  test('takes every document as written, but for what Flux has to fill in first', async () => {
    const refused: string[] = [];
    let taken = 0;
    for (const path of fleetFiles().filter(
      (name) => name.endsWith('.yaml') && !isChartFile(name) && !isKustomizationFile(name),
    )) {
      for (const object of documentsOf(path).filter(isObject)) {
        if (JSON.stringify(object).includes('${')) continue;
        const { sops: _sops, ...plain } = object;
        const problem = await refusal(plain);
        if (problem === undefined) taken++;
        else refused.push(`${path}, ${titleOf(object)}: ${problem}`);
      }
    }
    expect(refused).toEqual([]);
    expect(taken).toBeGreaterThan(150);
  });

  test('refuses what is wrong', async () => {
    const cluster = delivery.clusters.get('aws-master')!.get('Cluster tenant-data/data-prod')!;
    const wrong = {
      ...cluster,
      spec: { ...(cluster.spec as Json), infrastructureRef: { kind: 'AWSManagedCluster', name: 'data-prod' } },
    };
    expect(await refusal(wrong)).toMatch(/422 .*apiGroup: Required value/);
    expect(at(cluster, 'spec', 'infrastructureRef', 'apiGroup')).toBe('infrastructure.cluster.x-k8s.io');
  });
});

const missing = missingForClusterApi();
if (missing.length > 0) console.log(`skipped, not built: ${missing.join(', ')} (\`${provide('cluster-api')}\`)`);

describe.skipIf(missing.length > 0)('Cluster API', () => {
  let controlPlane: ControlPlane;
  let clusterApi: ClusterApi;

  beforeAll(async () => {
    controlPlane = await startControlPlane();
    clusterApi = await startClusterApi(controlPlane);
    const existing = /already exists/;
    const { problems } = await installCrds({ send: sendTo(controlPlane), stop: async () => undefined }, store);
    expect(problems.filter((problem) => !existing.test(problem))).toEqual([]);
    await speakContract(controlPlane);
  }, 240_000);
  afterAll(async () => {
    await clusterApi?.stop();
    await controlPlane?.stop();
  });

  const post = async (object: Json, query = '') => {
    const { status, body } = await controlPlane.request('POST', `${collectionOf(object)}${query}`, object);
    return { status, body: body as Json };
  };
  const get = async (object: Json): Promise<Json> => {
    const path = `${collectionOf(object)}/${textAt(object, 'metadata', 'name')}`;
    return (await controlPlane.request('GET', path)).body as Json;
  };

  /** Made for real; what another cluster of the fleet has too is there already. */
  async function make(object: Json): Promise<void> {
    const { status, body } = await post(object);
    if (status !== 201 && status !== 409) throw new Error(`${titleOf(object)}: ${textAt(body, 'message')}`);
  }

  async function reconciled(one: Json): Promise<void> {
    await until(titleOf(one), undefined, async () => {
      const found = await get(one);
      return listAt(found, 'status', 'conditions').some(
        (condition) => textAt(condition, 'type') === 'VariablesReady' && textAt(condition, 'status') === 'True',
      );
    });
  }

  const ours = /^(?:[\w-]+\.)?cluster\.x-k8s\.io\//;

  test('its admission takes the objects of every cluster', async () => {
    const refused: string[] = [];
    let taken = 0;
    for (const [cluster, objects] of delivery.clusters) {
      const all = [...objects.values()];
      for (const object of all.filter(({ kind }) => kind === 'Namespace')) await make(object);
      // Classes for real: admission compares clusters with them.
      const isOfClass = (object: Json) => textAt(object, 'metadata', 'namespace') === 'classes';
      for (const object of all.filter(isOfClass).filter(({ kind }) => kind !== 'ClusterClass')) await make(object);
      for (const object of all.filter(({ kind }) => kind === 'ClusterClass')) await make(object);
      for (const object of all.filter(({ kind }) => kind === 'ClusterClass')) await reconciled(object);
      for (const object of all) {
        if (!ours.test(String(object.apiVersion)) || isOfClass(object)) continue;
        const { status, body } = await post(object, '?dryRun=All&fieldValidation=Strict');
        if (status === 201) taken++;
        else refused.push(`${cluster}, ${titleOf(object)}: ${status} ${textAt(body, 'message')}`);
      }
    }
    expect(refused).toEqual([]);
    expect(taken).toBeGreaterThan(60);
  });
});

function sendTo({ request }: ControlPlane): ApiServer['send'] {
  return async (method, path, body, contentType) => {
    const { status, body: answer } = await request(method, path, body, contentType);
    return { status, body: answer as Record<string, unknown> };
  };
}

/** The labels by which releases say which of their versions speak Cluster API's contract; the modules' files lack them. */
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
