// The example fleet is what it says: clean for `capstan lint`, of current APIs, every path and every reference resolved.
// The live tier asks kubectl and a real API server the same (test/live/fleet.live.ts).
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { lintPaths } from '../server/src/cli/lint/check.ts';
import { testCatalog } from '../server/src/fixture.ts';
import { gvkOf } from '../server/src/kube/identity.ts';
import { layeredStore } from '../server/src/schema/store.ts';
import { readConfig } from '../server/src/workspace/config.ts';
import { buildWithoutPatches, filesOf } from './fleet/build.ts';
import { problemsOf } from './fleet/check.ts';
import { type Delivery, deliver } from './fleet/delivery.ts';
import {
  documentsOf,
  fleet,
  fleetFiles,
  groupKindOf,
  isChartFile,
  isKustomizationFile,
  isObject,
  type Json,
  listAt,
  textAt,
  titleOf,
} from './fleet/repositories.ts';

const files = fleetFiles();
const manifests = files.filter((path) => path.endsWith('.yaml') && !isChartFile(path) && !isKustomizationFile(path));
const objects = manifests.flatMap((path) =>
  documentsOf(path)
    .filter(isObject)
    .map((object) => ({ path, object })),
);

let delivery: Delivery;
beforeAll(async () => {
  delivery = await deliver(async (folder) => buildWithoutPatches(folder));
});

test('it is a real-sized repository', () => {
  expect(files.length).toBeGreaterThanOrEqual(40);
  expect(files.length).toBeLessThanOrEqual(80);
});

test('capstan lint finds nothing', async () => {
  const { findings, refused } = await lintPaths(['examples/fleet'], join(import.meta.dirname, '..'), {}, undefined);
  expect(refused).toEqual([]);
  expect(
    findings.map(({ file, range, rule, message }) => `${file}:${range.start.line + 1} ${rule} ${message}`),
  ).toEqual([]);
});

test('its configuration is one', () => {
  expect(readConfig(readFileSync(join(fleet, '.capstan.yaml'), 'utf8'))).toMatchObject({
    findings: [],
    config: { targets: { flux: '2.9', 'cluster-api': '1.14' } },
  });
});

describe('files', () => {
  test('what a kustomization names is there', () => {
    const kustomizations = files.filter(isKustomizationFile);
    expect(kustomizations.length).toBeGreaterThan(5);
    const absent = kustomizations.flatMap((path) => {
      const [kustomization] = documentsOf(path);
      const entries = [
        ...listAt(kustomization, 'resources'),
        ...listAt(kustomization, 'patches').flatMap((patch) => textAt(patch, 'path') ?? []),
        ...listAt(kustomization, 'configMapGenerator').flatMap((generator) => listAt(generator, 'files')),
      ];
      return entries
        .filter((entry) => !existsSync(join(fleet, path, '..', String(entry))))
        .map((entry) => `${path}: ${entry}`);
    });
    expect(absent).toEqual([]);
  });

  test('every manifest is applied by something', () => {
    const applied = new Set(delivery.steps.flatMap(({ folder }) => (folder === undefined ? [] : filesOf(folder))));
    const inputs = ['manager/bootstrap/k3s.yaml', 'masters/azure/values.yaml', 'platform/services/logging/vector.yaml'];
    const left = manifests.filter((path) => !applied.has(path) && !/(?:^|\/)\.[\w.]+$/.test(path));
    expect(left).toEqual(inputs);
  });

  test('no object stands in two files', () => {
    const places = new Map<string, string[]>();
    for (const { path, object } of objects) {
      const key = `${path.split('/')[0]}: ${groupKindOf(object)} ${titleOf(object)}`;
      places.set(key, [...(places.get(key) ?? []), path]);
    }
    // Made by the bootstrap cluster first, then by the manager itself.
    places.delete('manager: kustomize.toolkit.fluxcd.io/Kustomization Kustomization flux-system/manager-cluster');
    expect([...places].filter(([, paths]) => paths.length > 1)).toEqual([]);
  });
});

describe('delivery', () => {
  test('it reaches all clusters', () => {
    expect([...delivery.clusters.keys()]).toEqual(['bootstrap', 'manager', 'aws-master', 'azure-master', 'dc-master']);
  });

  test('paths, references, namespaces, classes and owners hold', () => {
    expect(problemsOf(delivery)).toEqual([]);
  });

  test.each([
    [
      'reference',
      'aws-master',
      'Cluster tenant-data/data-prod',
      {
        controlPlaneRef: {
          apiGroup: 'controlplane.cluster.x-k8s.io',
          kind: 'AWSManagedControlPlane',
          name: 'data-pord',
        },
      },
      /controlPlaneRef refers to .*data-pord, which does not exist/,
    ],
    [
      'dependency',
      'aws-master',
      'Kustomization flux-system/operators',
      { dependsOn: [{ name: 'shop-prod' }] },
      /operators is a cycle/,
    ],
    [
      'topology',
      'dc-master',
      'Cluster tenant-plant/plant-lab',
      { topology: { classRef: { name: 'vsphere-ha', namespace: 'classes' }, version: 'v1.30.0' } },
      /the class does not support v1\.30\.0(?:.|\n)*controlPlaneEndpoint is required/,
    ],
    [
      'JSON pointer',
      'aws-master',
      'AWSMachineTemplate classes/ec2-ha-worker',
      { template: { spec: { instanceType: 'm7i.large' } } },
      /rootVolume\/size does not exist/,
    ],
  ])('a broken %s is noticed', (_what, cluster, title, spec, message) => {
    const held = new Map(delivery.clusters.get(cluster));
    const object = held.get(title)!;
    held.set(title, { ...object, spec: { ...(object.spec as Json), ...spec } });
    const clusters = new Map([...delivery.clusters, [cluster, held]]);
    expect(problemsOf({ ...delivery, clusters }).join('\n')).toMatch(message);
  });
});

describe('APIs', () => {
  const store = layeredStore([testCatalog.bundled]);

  test('every kind is known, served and not deprecated', () => {
    const wrong = objects.flatMap(({ path, object }) => {
      const gvk = gvkOf(String(object.apiVersion), String(object.kind));
      const schema = gvk && store.lookup(gvk);
      if (schema?.served && !schema.deprecated) return [];
      return [`${path}: ${object.apiVersion} ${object.kind} ${schema ? 'is on its way out' : 'has no schema'}`];
    });
    expect(objects.length).toBeGreaterThan(150);
    expect(wrong).toEqual([]);
  });

  test('the story has its kinds', () => {
    const kinds = new Set(objects.map(({ object }) => `${object.apiVersion} ${object.kind}`));
    const promised = [
      ...['Cluster', 'ClusterClass', 'MachineDeployment', 'MachinePool', 'MachineHealthCheck', 'MachineDrainRule'].map(
        (kind) => `cluster.x-k8s.io/v1beta2 ${kind}`,
      ),
      'controlplane.cluster.x-k8s.io/v1beta2 KubeadmControlPlane',
      'controlplane.cluster.x-k8s.io/v1beta2 AWSManagedControlPlane',
      'infrastructure.cluster.x-k8s.io/v1beta2 AWSManagedMachinePool',
      'infrastructure.cluster.x-k8s.io/v1beta2 AWSClusterRoleIdentity',
      'infrastructure.cluster.x-k8s.io/v1beta2 VSphereClusterIdentity',
      'infrastructure.cluster.x-k8s.io/v1beta1 AzureClusterIdentity',
      'addons.cluster.x-k8s.io/v1beta2 ClusterResourceSet',
      ...[
        'CoreProvider',
        'BootstrapProvider',
        'ControlPlaneProvider',
        'InfrastructureProvider',
        'AddonProvider',
        'IPAMProvider',
      ].map((kind) => `operator.cluster.x-k8s.io/v1alpha2 ${kind}`),
      'secrets.hashicorp.com/v1beta1 VaultDynamicSecret',
      ...['GitRepository', 'OCIRepository', 'HelmRepository'].map((kind) => `source.toolkit.fluxcd.io/v1 ${kind}`),
      'kustomize.toolkit.fluxcd.io/v1 Kustomization',
      'helm.toolkit.fluxcd.io/v2 HelmRelease',
      'notification.toolkit.fluxcd.io/v1beta3 Provider',
      'notification.toolkit.fluxcd.io/v1beta3 Alert',
      'notification.toolkit.fluxcd.io/v1 Receiver',
      'image.toolkit.fluxcd.io/v1 ImageUpdateAutomation',
      'monitoring.coreos.com/v1 Prometheus',
      'policy/v1 PodDisruptionBudget',
      'networking.k8s.io/v1 NetworkPolicy',
    ];
    expect(promised.filter((kind) => !kinds.has(kind))).toEqual([]);
  });

  test('machines on AWS have an instance profile, and no key lies anywhere', () => {
    const templates = objects.filter(({ object }) => object.kind === 'AWSMachineTemplate');
    expect(templates.length).toBeGreaterThan(4);
    for (const { object } of templates)
      expect(textAt(object, 'spec', 'template', 'spec', 'iamInstanceProfile')).toMatch(/^[\w.-]+$/);
    expect(objects.filter(({ object }) => object.kind === 'AWSClusterStaticIdentity')).toEqual([]);
    const text = files.map((path) => readFileSync(join(fleet, path), 'utf8')).join('\n');
    expect(text).not.toMatch(/\bAKIA[0-9A-Z]{16}\b|PRIVATE KEY|AGE-SECRET-KEY|clientSecret/);
  });

  test('one Secret is encrypted as SOPS does', () => {
    const sops = objects.filter(({ object }) => object.sops !== undefined);
    expect(sops.map(({ path }) => path)).toEqual(['manager/flux/receiver-token.sops.yaml']);
    const secret = sops[0]!.object;
    for (const value of Object.values(secret.stringData as Json)) {
      expect(value).toMatch(/^ENC\[AES256_GCM,data:[\w+/=]+,iv:[\w+/]{43}=,tag:[\w+/]{22}==,type:str\]$/);
    }
    expect(secret.sops).toMatchObject({ age: [{ recipient: expect.stringMatching(/^age1[02-9ac-hj-np-z]{58}$/) }] });
    const [rules] = documentsOf('manager/.sops.yaml');
    expect(listAt(rules, 'creation_rules').map((rule) => textAt(rule, 'age'))).toEqual([
      textAt(listAt(secret.sops, 'age')[0], 'recipient'),
    ]);
  });
});
