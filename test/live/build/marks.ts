// Labels, annotations, images and replicas.
import { app, type Fixture, kustomization, objects, refusal } from './pieces.ts';

const workloads = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: { matchLabels: { app: web } } }]
      topologySpreadConstraints: [{ labelSelector: { matchLabels: { app: web } } }]
      initContainers: [{ name: init, image: "busybox:1.36" }]
      containers:
        - { name: a, image: nginx }
        - { name: b, image: "nginx:1.25" }
        - { name: c, image: "nginx@sha256:abc" }
        - { name: d, image: "registry.example.com:5000/team/nginx:1@sha256:abc" }
        - { name: e, image: "nginx-extra:1" }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: store }
spec:
  volumeClaimTemplates: [{ metadata: { name: data } }]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: stateless }
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent, labels: }
spec: { template: { metadata: { annotations: } } }
---
apiVersion: batch/v1
kind: Job
metadata: { name: once }
spec: { selector: { matchLabels: { a: b } }, template: { spec: { containers: [{ image: "nginx:1" }] } } }
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: nightly }
spec: { jobTemplate: { spec: { template: { spec: { containers: [{ image: "nginx:1" }] } } } } }
---
apiVersion: v1
kind: Service
metadata: { name: front }
spec: { ports: [{ port: 80 }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: net }
spec:
  podSelector: { matchLabels: { app: web } }
  ingress: [{ from: [{ podSelector: { matchLabels: { app: web } } }, { namespaceSelector: {} }] }]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: pdb }
spec: { selector: { matchLabels: { app: web } } }
---
apiVersion: example.com/v1
kind: Fleet
metadata: { name: fleet }
spec:
  pods: [{ initContainers: [{ image: "nginx:1" }] }]
  image: "nginx:1"
  ship: { containers: }
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: ships.example.com }
spec: { containers: [{ image: "nginx:1" }] }
`;

const marked = (fields: string) => `# file: app/a.yaml\n${workloads}${kustomization(`resources: [a.yaml]\n${fields}`)}`;
const image = (fields: string) => ({ name: `images: ${fields}`, files: marked(`images: [${fields}]\n`) });

export const markFixtures: readonly Fixture[] = [
  { name: 'commonLabels', files: marked('commonLabels: { team: shop, app: other }\n') },
  { name: 'commonAnnotations', files: marked('commonAnnotations: { team: shop, empty: }\n') },
  { name: 'labels', files: marked('labels:\n  - pairs: { team: shop }\n') },
  {
    name: 'labels: includeSelectors',
    files: marked('labels:\n  - pairs: { team: shop }\n    includeSelectors: true\n'),
  },
  {
    name: 'labels: includeTemplates',
    files: marked('labels:\n  - pairs: { team: shop }\n    includeTemplates: true\n'),
  },
  {
    name: 'labels: includeVolumeClaimTemplates',
    files: marked('labels:\n  - pairs: { team: shop }\n    includeVolumeClaimTemplates: true\n'),
  },
  {
    name: 'labels: fields',
    files: marked(
      'labels:\n  - pairs: { team: shop }\n    fields: [{ path: spec/selector, create: true, kind: Fleet }, { path: spec/pods/labels, create: true }]\n  - pairs: { b: c }\n',
    ),
  },
  { name: 'labels and commonLabels', files: marked('labels:\n  - pairs: { a: b }\ncommonLabels: { a: c }\n') },
  { name: 'labels: without pairs', files: marked('labels:\n  - includeSelectors: true\n') },
  refusal(
    'conflicting-configuration',
    'path: metadata/labels',
    marked('labels:\n  - { pairs: { a: b }, fields: [{ path: metadata/labels }] }\n'),
  ),
  refusal(
    'not-a-map',
    'labels: [a]',
    objects('apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  labels: [a]\n').replace(
      'resources:',
      'labels: [{ pairs: { a: b } }]\nresources:',
    ),
  ),
  refusal(
    'not-a-container',
    'selector: web',
    objects('apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\nspec:\n  selector: web\n').replace(
      'resources:',
      'commonLabels: { a: b }\nresources:',
    ),
  ),
  refusal('wrong-type', 'team: 1', marked('commonLabels:\n  team: 1\n')),
  refusal('wrong-type', 'pairs: [a]', marked('labels:\n  - pairs: [a]\n')),
  refusal(
    'unknown-field',
    'includeSelector: true',
    marked('labels:\n  - pairs: { a: b }\n    includeSelector: true\n'),
  ),
  image('{ name: nginx, newTag: "2" }'),
  image('{ name: nginx, digest: "sha256:def" }'),
  image('{ name: nginx, newTag: "2", digest: "sha256:def" }'),
  image('{ name: nginx, newName: other }'),
  image('{ name: nginx, newName: "registry.example.com:5000/other", newTag: "3" }'),
  image('{ name: nginx, tagSuffix: -alpine }'),
  image('{ name: "registry.example.com:5000/team/nginx", newName: nginx }'),
  image('{ name: nginx, newName: busybox }, { name: busybox, newTag: "9" }'),
  image('{ name: "ngin.", newTag: "2" }'),
  image('{ name: "[", newTag: "2" }'),
  image('{ newTag: "2" }'),
  { name: 'imageTags', files: marked('imageTags: [{ name: nginx, newTag: "2" }]\n') },
  refusal('wrong-type', 'newTag: 1.25', marked('images:\n  - name: nginx\n    newTag: 1.25\n')),
  refusal(
    'not-a-map',
    '- nginx',
    objects(
      'apiVersion: example.com/v1\nkind: Ship\nmetadata: { name: a }\nspec:\n  containers:\n    - nginx\n',
    ).replace('resources:', 'images: [{ name: nginx, newTag: "2" }]\nresources:'),
  ),
  { name: 'replicas', files: marked('replicas: [{ name: web, count: 5 }, { name: store, count: 0 }]\n') },
  {
    name: 'replicas: by the name before the prefix',
    files: marked('namePrefix: a-\nreplicas: [{ name: web, count: 5 }]\n'),
  },
  {
    name: 'replicas: by the name after the prefix',
    files: marked('namePrefix: a-\nreplicas: [{ name: a-web, count: 5 }]\n'),
  },
  { name: 'replicas: without a count', files: marked('replicas: [{ name: web }]\n') },
  refusal('nothing-to-scale', 'name: agent', marked('replicas:\n  - name: agent\n    count: 1\n')),
  refusal('wrong-type', 'count: "1"', marked('replicas:\n  - name: web\n    count: "1"\n')),
  { name: 'sortOptions: fifo', files: app('sortOptions: { order: fifo }\n') },
  {
    name: 'sortOptions: kinds',
    files: app('sortOptions: { order: legacy, legacySortOptions: { orderFirst: [Ship], orderLast: [ConfigMap] } }\n'),
  },
  refusal('unknown-order', 'order: random', app('sortOptions:\n  order: random\n')),
  refusal(
    'unused-sort-options',
    'legacySortOptions',
    app('sortOptions:\n  order: fifo\n  legacySortOptions: { orderFirst: [Ship] }\n'),
  ),
  ...['originAnnotations', 'transformerAnnotations', 'managedByLabel'].map((option) => ({
    name: `buildMetadata: ${option}`,
    files: marked(
      `buildMetadata: [${option}]\nnamePrefix: a-\nconfigMapGenerator: [{ name: b }]\nlabels: [{ pairs: { a: b } }]\n`,
    ),
  })),
];
