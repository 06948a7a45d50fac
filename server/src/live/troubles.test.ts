import { expect, test } from 'vitest';
import type { Diagnosis } from './diagnosis.ts';
import { type LiveObject, objectKey, trim } from './object.ts';
import { type Trouble, troubleLine } from './troubles.ts';
import { troublesAmong } from './troubles-fixture.ts';

const flux = 'toolkit.fluxcd.io';
const ready = (status: string, reason: string, message: string) => ({
  conditions: [
    { type: 'Ready', status, reason, message, lastTransitionTime: '2026-03-01T10:00:00Z', observedGeneration: 1 },
  ],
});

function live(apiVersion: string, kind: string, name: string, rest: object, metadata: object = {}): LiveObject {
  return trim({
    apiVersion,
    kind,
    metadata: { name, namespace: 'apps', uid: name, generation: 1, ...metadata },
    ...rest,
  })!;
}

const source = (status: object) => live(`source.${flux}/v1`, 'GitRepository', 'fleet', { status });
const kustomization = (name: string, spec: object, status: object) =>
  live(`kustomize.${flux}/v1`, 'Kustomization', name, {
    spec: { sourceRef: { kind: 'GitRepository', name: 'fleet' }, ...spec },
    status,
  });
const waitsForSource = ready('False', 'ArtifactFailed', 'Source artifact not found, retrying in 30s');
const waitsFor = (name: string) => ready('False', 'DependencyNotReady', `dependency 'apps/${name}' is not ready`);

const shown = (troubles: readonly Trouble[]) => troubles.map((one) => `${one.state} ${one.cause} ${troubleLine(one)}`);

test('a source that fails explains all that wait for it, directly or through dependencies', () => {
  const denied = source(ready('False', 'GitOperationFailed', 'failed to checkout: authentication required'));
  const many = Array.from({ length: 60 }, (_, index) => kustomization(`k${index}`, {}, waitsForSource));
  const dependent = kustomization('last', { dependsOn: [{ name: 'k0' }] }, waitsFor('k0'));
  expect(shown(troublesAmong([...many, dependent, denied]))).toEqual([
    'failed credentials GitRepository apps/fleet: access is denied: failed to checkout: authentication required, 61 waiting',
  ]);
});

test('an object that is missing, or suspended before it was ready, is the cause', () => {
  const gone = kustomization('a', {}, ready('False', 'ArtifactFailed', "Source 'GitRepository/fleet' not found"));
  expect(shown(troublesAmong([gone]))).toEqual(['failed missing GitRepository apps/fleet: does not exist, 1 waiting']);
  const suspended = kustomization('base', { suspend: true }, ready('True', 'ReconciliationSucceeded', ''));
  const fine = source(ready('True', 'Succeeded', ''));
  expect(
    shown(troublesAmong([fine, suspended, kustomization('b', { dependsOn: [{ name: 'base' }] }, waitsFor('base'))])),
  ).toEqual(['suspended suspended Kustomization apps/base: suspended, 1 waiting']);
});

test('a Secret that a source needs and is not there is named', () => {
  const said = `failed to get secret 'apps/fleet-auth': secrets "fleet-auth" not found`;
  const [trouble] = troublesAmong([source(ready('False', 'AuthenticationFailed', said))]);
  expect(trouble).toMatchObject({ cause: 'missing', headline: 'Secret fleet-auth does not exist' });
  const remote = `failed to checkout: repository "https://git.example/fleet" not found`;
  expect(troublesAmong([source(ready('False', 'GitOperationFailed', remote))])[0]?.cause).toBe('source');
});

test('dependencies in a cycle are each their own cause', () => {
  const fine = source(ready('True', 'Succeeded', ''));
  const [a, b] = [
    kustomization('a', { dependsOn: [{ name: 'b' }] }, waitsFor('b')),
    kustomization('b', { dependsOn: [{ name: 'a' }] }, waitsFor('a')),
  ];
  expect(troublesAmong([fine, a, b]).map(({ name, followers }) => [name, followers.length])).toEqual([
    ['a', 0],
    ['b', 0],
  ]);
});

test('a sick workload explains the release that waits for it, with the cause that its pods show', () => {
  const release = live(`helm.${flux}/v2`, 'HelmRelease', 'web', {
    status: ready(
      'False',
      'InstallFailed',
      'Helm install failed: timeout waiting for: [Deployment/apps/web status: InProgress]',
    ),
  });
  const labels = { [`helm.${flux}/name`]: 'web', [`helm.${flux}/namespace`]: 'apps' };
  const web = live(
    'apps/v1',
    'Deployment',
    'web',
    { spec: { replicas: 1 }, status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1 } },
    { labels },
  );
  const crash: Diagnosis = { cause: 'crash', sentence: 'container web crashes', evidence: 'exit code 1', pods: 1 };
  expect(shown(troublesAmong([release, web], new Map([[objectKey(web), [crash]]])))).toEqual([
    'failed crash Deployment apps/web: container web crashes: exit code 1, 1 waiting',
  ]);
  // A release that cannot be rendered has its own cause.
  const broken = {
    ...release,
    status: ready('False', 'InstallFailed', 'execution error at (web/templates/a.yaml): value is required'),
  };
  expect(shown(troublesAmong([broken, web]))[0]).toMatch(/^failed helm HelmRelease/);
});

test('a machine explains its cluster', () => {
  const core = 'cluster.x-k8s.io/v1beta2';
  const owner = (kind: string, name: string) => ({
    labels: { 'cluster.x-k8s.io/cluster-name': 'demo' },
    ownerReferences: [{ apiVersion: core, kind, name, uid: name, controller: true }],
  });
  const failing = (message: string) => ({
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'False', reason: 'NotReady', message }] },
  });
  const cluster = live(core, 'Cluster', 'demo', {
    status: {
      phase: 'Provisioned',
      conditions: [
        { type: 'ControlPlaneInitialized', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' },
        {
          type: 'Available',
          status: 'False',
          reason: 'NotAvailable',
          message: 'workers failed',
          lastTransitionTime: '2026-02-01T00:00:00Z',
        },
      ],
    },
  });
  const pool = live(
    core,
    'MachineDeployment',
    'md',
    {
      spec: {},
      status: {
        conditions: [
          {
            type: 'Available',
            status: 'False',
            reason: 'NotAvailable',
            message: '0 available replicas, at least 1 required',
          },
        ],
      },
    },
    owner('Cluster', 'demo'),
  );
  const machine = live(
    core,
    'Machine',
    'm',
    failing('* NodeHealthy: Node is lost: error'),
    owner('MachineDeployment', 'md'),
  );
  expect(shown(troublesAmong([cluster, pool, machine]))).toEqual([
    'failed node Machine apps/m: the machine is not ready: NodeHealthy: Node is lost: error, 2 waiting',
  ]);
});

test('what is well has no trouble', () => {
  expect(
    troublesAmong([source(ready('True', 'Succeeded', '')), kustomization('a', {}, ready('True', 'Succeeded', ''))]),
  ).toEqual([]);
});

test('nodes, Jobs and namespaces that do not end are causes of their own', () => {
  const node = live(
    'v1',
    'Node',
    'a',
    { status: { conditions: [{ type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown', message: 'lost' }] } },
    { namespace: undefined },
  );
  const job = live('batch/v1', 'Job', 'migrate', {
    status: { conditions: [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded' }] },
  });
  const remaining = {
    type: 'NamespaceFinalizersRemaining',
    status: 'True',
    message: 'finalizers remain: example.com/a in 1 resource instances',
  };
  const space = live(
    'v1',
    'Namespace',
    'old',
    { status: { phase: 'Terminating', conditions: [remaining] } },
    { namespace: undefined, deletionTimestamp: '2026-03-01T10:00:00Z' },
  );
  expect(shown(troublesAmong([node, job, space]))).toEqual([
    'failed node Node a: lost',
    'failed crash Job apps/migrate: Backoff limit exceeded',
    'deleting finalizer Namespace old: finalizers remain: example.com/a in 1 resource instances',
  ]);
});
