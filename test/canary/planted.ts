// Secrets that are recognised wherever they appear, in everything that may have one: files of a repository, objects of a cluster, a
// kubeconfig.
import type { Stored } from '../../server/src/engine/objects-fixture.ts';

/** What is found of secrets in a text, as they are written, in base64 or as a number, with what stands before. */
export function canaryIn(text: string): readonly string[] {
  return [...text.matchAll(/.{0,60}(?:canary|Y2FuYXJ5|8800990011).{0,20}/gi)].map(([found]) => found);
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Files by path. Each secret is another one on each side. */
export function repository(side: 'was' | 'now'): Readonly<Record<string, string>> {
  const canary = (name: string) => `canary-${name}-${side}`;
  const flux = (kind: string, name: string, spec: string) =>
    `apiVersion: ${kind === 'Kustomization' ? 'kustomize' : 'source'}.toolkit.fluxcd.io/v1\nkind: ${kind}\nmetadata: { name: ${name}, namespace: flux-system }\nspec: ${spec}\n---\n`;
  const url = (name: string, scheme = 'https') => `"${scheme}://jo:${canary(name)}@${name}.example.com/a"`;
  return {
    'clusters/prod/sync.yaml': [
      flux('GitRepository', 'flux-system', `{ interval: 1m, url: ${url('git')} }`),
      flux(
        'Kustomization',
        'flux-system',
        `{ interval: 1m, prune: true, path: ./clusters/prod, sourceRef: { kind: GitRepository, name: flux-system } }`,
      ),
      flux(
        'Kustomization',
        'apps',
        `{ interval: 1m, prune: true, path: ./apps, sourceRef: { kind: GitRepository, name: flux-system }, postBuild: { substitute: { PASSWORD: ${canary('substitute')} }, substituteFrom: [{ kind: Secret, name: variables }] } }`,
      ),
      flux('GitRepository', 'wrong', `{ interval: 1m, url: ${url('wrong', 'ftp')}, reff: ${url('unknown')} }`),
      flux('HelmRepository', 'charts', `{ interval: 1m, url: ${url('charts')}, type: oci }`),
      flux('OCIRepository', 'images', `{ interval: 1m, url: ${url('images', 'oci')}, ref: { tag: [a] } }`),
    ].join(''),
    'clusters/prod/variables.yaml': `apiVersion: v1\nkind: Secret\nmetadata: { name: variables, namespace: flux-system }\nstringData: { FROM_SECRET: ${canary('variable')} }\n`,
    'clusters/prod/release.yaml': `apiVersion: helm.toolkit.fluxcd.io/v2beta1
kind: HelmRelease
metadata: { name: app, namespace: flux-system }
spec:
  interval: 1m
  chart: { spec: { chart: app, version: 1.0.0, sourceRef: { kind: HelmRepository, name: charts } } }
  values: { auth: { password: ${canary('values')} }, database: ${url('database', 'postgres')} }
---
apiVersion: v1
kind: Secret
metadata: { name: beside, namespace: flux-system }
stringData: { password: ${canary('beside')} }
`,
    'apps/kustomization.yaml': `resources: [secret.yaml, web.yaml, ${url('base')}, none.yaml]
secretGenerator:
  - name: made
    literals: [password=${canary('literal')}]
    envs: [secret.env]
  - name: wrong
    literals: [${canary('novalue')}]
configMapGenerator:
  - name: map
    literals: [${url('literal').replaceAll('"', '')}]
`,
    'apps/secret.env': `TOKEN=${canary('env')}\n`,
    'apps/secret.yaml': `apiVersion: v1
kind: Secret
metadata: { name: s, namespace: web, annotations: { note: ${url('note')} } }
type: [Opaque]
stringData: { password: ${canary('string')}, n: 8800990011 }
data: { a: ${base64(canary('data'))}, b: ${canary('plain')} }
`,
    'apps/web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: web }
spec:
  replicas: \${FROM_SECRET}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: ${url('image')}, env: [{ name: PASSWORD, value: "\${PASSWORD}" }, { name: TOKEN, value: ${canary('token')} }] }] }
`,
    'crds/things.yaml': `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: things.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { plural: things, kind: Thing }
  versions:
    - name: v1
      served: true
      storage: true
      schema: { openAPIV3Schema: { type: object, properties: { spec: { type: object, properties: { url: { type: string, pattern: "^https://[a-z.]+$", default: ${url('default')} }, token: { type: string, enum: [a, b] } } } } } }
`,
    'apps/thing.yaml': `apiVersion: example.com/v1\nkind: Thing\nmetadata: { name: a, namespace: web }\nspec: { url: ${url('thing')} }\n`,
  };
}

const message =
  'clone of https://jo:canary-message@git.example.com failed: password=canary-password, Bearer canary-bearer';
const annotations = {
  'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ data: { password: 'canary-last-applied' } }),
  'example.com/token': 'canary-annotation',
};
const condition = {
  type: 'Ready',
  status: 'False',
  reason: 'Failed',
  message,
  observedGeneration: 1,
  lastTransitionTime: '2026-01-02T03:04:05Z',
};

function object(apiVersion: string, kind: string, name: string, rest: object = {}, metadata: object = {}): Stored {
  const own = {
    name,
    namespace: 'fleet',
    uid: `uid-${kind}-${name}`,
    resourceVersion: '5',
    generation: 1,
    annotations,
  };
  return { apiVersion, kind, metadata: { ...own, ...metadata }, ...rest };
}

const owned = (kind: string, name: string, apiVersion = 'apps/v1') => ({
  ownerReferences: [{ apiVersion, kind, name, uid: `uid-${kind}-${name}`, controller: true }],
});
const container = {
  name: 'web',
  image: 'https://jo:canary-image@registry/web',
  env: [{ name: 'PASSWORD', value: 'canary-environment' }],
};
const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [container] } };
const kubeconfig = JSON.stringify({
  clusters: [{ name: 'c1', cluster: { server: 'https://jo:canary-server@c1.example.com' } }],
  users: [{ name: 'c1', user: { token: 'canary-kubeconfig-token' } }],
  contexts: [{ name: 'c1', context: { cluster: 'c1', user: 'c1' } }],
});

/** The objects of a cluster. */
export const planted: readonly Stored[] = [
  object('v1', 'Secret', 'planted', { type: 'Opaque', data: { password: base64('canary-secret') } }),
  object('v1', 'Secret', 'c1-kubeconfig', { type: 'cluster.x-k8s.io/secret', data: { value: base64(kubeconfig) } }),
  object('apps/v1', 'Deployment', 'web', {
    spec: { replicas: 1, selector: { matchLabels: { app: 'web' } }, template },
    status: {
      observedGeneration: 1,
      replicas: 1,
      updatedReplicas: 1,
      unavailableReplicas: 1,
      conditions: [{ ...condition, type: 'Available', reason: 'x' }],
    },
  }),
  object(
    'apps/v1',
    'ReplicaSet',
    'web-a',
    { spec: { replicas: 1, selector: { matchLabels: { app: 'web' } }, template }, status: { replicas: 1 } },
    owned('Deployment', 'web'),
  ),
  object(
    'v1',
    'Pod',
    'web-1',
    {
      spec: { containers: [container] },
      status: {
        phase: 'Pending',
        conditions: [condition],
        containerStatuses: [
          { name: 'web', ready: false, restartCount: 3, state: { waiting: { reason: 'ImagePullBackOff', message } } },
        ],
      },
    },
    { ...owned('ReplicaSet', 'web-a'), labels: { app: 'web' } },
  ),
  object('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', 'planted', {
    spec: {
      interval: '1m',
      prune: true,
      path: './',
      sourceRef: { kind: 'GitRepository', name: 'planted' },
      postBuild: { substitute: { a: 'canary-substitute' } },
    },
    status: { conditions: [condition], inventory: { entries: [{ id: 'fleet_web_apps_Deployment', v: 'v1' }] } },
  }),
  object('source.toolkit.fluxcd.io/v1', 'GitRepository', 'planted', {
    spec: { url: 'https://jo:canary-git@git.example.com/fleet.git', interval: '1m' },
    status: { conditions: [condition] },
  }),
  object('cluster.x-k8s.io/v1beta2', 'Cluster', 'c1', {
    spec: {},
    status: { conditions: [{ ...condition, type: 'Available' }] },
  }),
  object(
    'cluster.x-k8s.io/v1beta2',
    'Machine',
    'm1',
    { spec: { clusterName: 'c1', bootstrap: { dataSecretName: 'x' } }, status: { conditions: [condition] } },
    { labels: { 'cluster.x-k8s.io/cluster-name': 'c1' }, ...owned('Cluster', 'c1', 'cluster.x-k8s.io/v1beta2') },
  ),
  object('v1', 'Event', 'e1', {
    involvedObject: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: 'fleet',
      name: 'web',
      uid: 'uid-Deployment-web',
    },
    ...{
      type: 'Warning',
      reason: 'Failed',
      message,
      count: 2,
      source: { component: 'x' },
      lastTimestamp: '2026-01-02T03:04:05Z',
    },
  }),
];

/** The context `c`, of a server without TLS, and others that fail. */
export function kubeconfigOf(server: string): string {
  const users = {
    c: { token: 'canary-token' },
    password: { username: 'jo', password: 'canary-user-password' },
    key: {
      'client-certificate-data': base64('none'),
      'client-key-data': base64('-----BEGIN PRIVATE KEY-----\ncanaryKeyMaterial\n-----END PRIVATE KEY-----\n'),
    },
    plugin: {
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1',
        interactiveMode: 'Never',
        command: '/bin/sh',
        args: ['-c', 'echo token=canary-plugin >&2; exit 1'],
        env: [{ name: 'SECRET', value: 'canary-plugin-env' }],
      },
    },
  };
  const clusters: Readonly<Record<string, object>> = {
    c: { server },
    password: { server: 'https://jo:canary-server-password@127.0.0.1:1' },
    key: { server: 'https://127.0.0.1:1', 'proxy-url': 'socks5://jo:canary-proxy@127.0.0.1:9' },
    plugin: { server: 'https://127.0.0.1:1' },
  };
  const names = Object.keys(users);
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'c',
    users: Object.entries(users).map(([name, user]) => ({ name, user })),
    clusters: Object.entries(clusters).map(([name, one]) => ({ name, cluster: one })),
    contexts: names.map((name) => ({ name, context: { cluster: name, user: name, namespace: 'fleet' } })),
  });
}
