// Resources that are accepted and refused, scalars, and namespaces.
import { app, base, component, type Fixture, kustomization, objects, refusal, settings } from './pieces.ts';

const bindings = `# file: app/access.yaml
apiVersion: v1
kind: ServiceAccount
metadata: { name: robot }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: other, namespace: elsewhere }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: all }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
subjects:
  - { kind: ServiceAccount, name: default }
  - { kind: ServiceAccount, name: robot, namespace: default }
  - { kind: ServiceAccount, name: other, namespace: elsewhere }
  - { kind: ServiceAccount, name: stranger, namespace: far }
  - { kind: User, name: robot, apiGroup: rbac.authorization.k8s.io }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: some }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: view }
subjects:
  - { kind: ServiceAccount, name: robot }
  - { kind: ServiceAccount, name: other, namespace: elsewhere }
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: { name: hook }
webhooks:
  - name: a.example.com
    clientConfig: { service: { name: hooks, namespace: default, path: /a } }
  - name: b.example.com
    clientConfig: { service: { name: unknown, namespace: default } }
  - name: c.example.com
    clientConfig: { url: "https://c.example.com" }
---
apiVersion: v1
kind: Service
metadata: { name: hooks }
spec: { ports: [{ port: 443 }] }
---
apiVersion: v1
kind: Namespace
metadata: { name: old }
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: { name: v1.example.com }
spec: { group: example.com, version: v1, groupPriorityMinimum: 1, versionPriority: 1, service: { name: api, namespace: x } }
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: ships.example.com }
spec:
  group: example.com
  conversion: { strategy: Webhook, webhook: { clientConfig: { service: { name: api, namespace: x } } } }
---
apiVersion: example.com/v1
kind: ClusterShip
metadata: { name: unknown-scope }
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: newer }
spec: { failurePolicy: Fail }
`;

const keyed = (key: string) =>
  objects(`apiVersion: v1
kind: ConfigMap
metadata: { name: a }
data:
  ${key}: x
`);

export const objectFixtures: readonly Fixture[] = [
  ...['1', 'true', '1.5', '010', '2020-01-01'].map((key) => ({
    name: `refused: the key ${key}`,
    files: keyed(key),
    refused: 'key-not-text',
  })),
  ...['yes', '"1"', 'Off'].map((key) => ({ name: `resources: the key ${key}`, files: keyed(key) })),
  { name: 'resources: files', files: app('') },
  {
    name: 'resources: lists are replaced by their items',
    files: objects(
      'apiVersion: v1\nkind: List\nitems:\n  - { apiVersion: v1, kind: ConfigMap, metadata: { name: a } }\n  - { apiVersion: v1, kind: ConfigMap, metadata: { name: b } }\n',
    ),
  },
  {
    name: 'resources: empty documents are skipped',
    files: objects('---\n# nothing\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n---\n{}\n'),
  },
  {
    name: 'resources: anchors and merge keys',
    files: objects(
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, labels: &l { x: y } }\ndata:\n  <<: *l\n  z: "1"\n',
    ),
  },
  {
    name: 'resources: local configuration is not printed',
    files: objects(
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, annotations: { config.kubernetes.io/local-config: "true" } }\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: b }\n',
    ),
  },
  { name: 'resources: a folder and bases', files: `${base}${kustomization('bases: [../base]\n')}` },
  {
    name: 'resources: the same base twice, in two namespaces',
    files: `${base}# file: one/kustomization.yaml\nresources: [../base]\nnamespace: one\n# file: two/kustomization.yaml\nresources: [../base]\nnamespace: two\n${kustomization('resources: [../one, ../two]\n')}`,
  },
  {
    name: 'resources: variables are plain text',
    files: objects('apiVersion: v1\nkind: ConfigMap\nmetadata: { name: "${NAME}-a" }\ndata: { a: "${A}", b: "x" }\n'),
  },
  {
    name: 'components: receive the objects of resources, and apply after them',
    files: `${settings}${component('patches:\n  - patch: |\n      - { op: add, path: /data/c, value: "3" }\n    target: { kind: ConfigMap }\nresources: [more.yaml]\n')}# file: part/more.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: more }\ndata: { a: "1" }\n${kustomization('resources: [settings.yaml]\ncomponents: [../part]\nnamespace: shop\n')}`,
  },
  {
    name: 'namespace: namespaced objects, and fields with a namespace',
    files: `${bindings}${kustomization('resources: [access.yaml]\nnamespace: shop\n')}`,
  },
  {
    name: 'namespace: the outer one takes precedence',
    files: `${base}# file: mid/kustomization.yaml\nresources: [../base]\nnamespace: mid\n${kustomization('resources: [../mid]\nnamespace: top\n')}`,
  },
  {
    name: 'namespace: applies after patches, which match the old one',
    files: `${settings.replace('name: settings', 'name: settings\n  namespace: old')}${kustomization('resources: [settings.yaml]\nnamespace: new\npatches:\n  - patch: |\n      apiVersion: v1\n      kind: ConfigMap\n      metadata: { name: settings, namespace: old }\n      data: { c: "3" }\n')}`,
  },

  { name: 'refused: a missing file', files: kustomization('resources: [absent.yaml]\n'), refused: 'missing' },
  {
    name: 'refused: a folder without a kustomization',
    files: `# file: base/a.txt\n\n${kustomization('resources: [../base]\n')}`,
    refused: 'no-kustomization',
  },
  {
    name: 'refused: a folder with two kustomizations',
    files: `${base}# file: base/kustomization.yml\nresources: [settings.yaml]\n${kustomization('resources: [../base]\n')}`,
    refused: 'several-kustomizations',
  },
  {
    name: 'refused: a cycle',
    files: `# file: base/kustomization.yaml\nresources: [../app]\n${kustomization('resources: [../base]\n')}`,
    refused: 'cycle',
  },
  {
    name: 'refused: an ancestor folder',
    files: `# file: kustomization.yaml\nresources: [app]\n${kustomization('resources: [..]\n')}`,
    refused: 'cycle',
  },
  {
    name: 'refused: a file outside the folder',
    files: `# file: a.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n${kustomization('resources: [../a.yaml]\n')}`,
    refused: 'outside',
  },
  {
    name: 'refused: a duplicate object',
    files: `${settings}# file: app/b.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings, namespace: default }\n${kustomization('resources: [settings.yaml, b.yaml]\n')}`,
    refused: 'duplicate',
  },
  {
    name: 'refused: two objects that get the same id',
    files: `${settings}# file: app/b.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings, namespace: other }\n${kustomization('resources: [settings.yaml, b.yaml]\nnamespace: shop\n')}`,
    refused: 'namespace-conflict',
  },
  {
    name: 'refused: a component among resources',
    files: `${component('resources: []\n')}${kustomization('resources: [../part]\n')}`,
    refused: 'component-as-resource',
  },
  {
    name: 'refused: a base among components',
    files: `${base}${kustomization('components: [../base]\n')}`,
    refused: 'resource-as-component',
  },
  {
    name: 'refused: a file among components',
    files: `${settings}${kustomization('components: [settings.yaml]\n')}`,
    refused: 'not-a-folder',
  },
  { name: 'refused: an absolute folder', files: kustomization('resources: [/]\n'), refused: 'absolute' },
  {
    name: 'refused: an empty kustomization',
    files: kustomization('apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n'),
    refused: 'empty-kustomization',
  },
  {
    name: 'refused: a kustomization that is not YAML',
    files: kustomization('resources: [\n'),
    refused: 'unreadable-kustomization',
  },
  {
    name: 'refused: an unknown field',
    files: kustomization('resources: []\nresource: []\n'),
    refused: 'unknown-field',
  },
  { name: 'refused: a field of another type', files: kustomization('resources: a.yaml\n'), refused: 'wrong-type' },
  {
    name: 'refused: another version',
    files: kustomization('apiVersion: kustomize.config.k8s.io/v1\nkind: Kustomization\nresources: []\n'),
    refused: 'wrong-header',
  },
  {
    name: 'refused: an object without a kind',
    files: objects('apiVersion: v1\nmetadata: { name: a }\n'),
    refused: 'no-kind',
  },
  {
    name: 'refused: an object without a name',
    files: objects('apiVersion: v1\nkind: ConfigMap\ndata: {}\n'),
    refused: 'no-name',
  },
  {
    name: 'resources: booleans, numbers and times are resolved as in go-yaml v3',
    files: objects(`apiVersion: v1
kind: ConfigMap
metadata:
  name: yes
  annotations: { a: 1, b: true, c: off, d: }
  labels: { a: 1, b: }
data:
  on: Yes
  words: [y, Off, True, FALSE, tRUE, ~, null, 010, 0o10, 0x10, 1_000, 1e3, 1.50, 12:30, .5]
  times: [2020-01-01, 2020-1-2T3:4:5.600+02:00, 2020-01-01 10:00:00, 2020-13-01, 2020-01-01T00:00:00]
  quoted: ["yes", '2020-01-01']
`),
  },
  {
    name: 'resources: empty metadata',
    files: objects(`apiVersion: v1
kind: ConfigMap
metadata: { name: a, annotations: {}, labels: {}, creationTimestamp: null }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: b, annotations: , labels: null, namespace: }
`),
  },
  {
    name: 'patch: null deletes no label if there is a target',
    files: app(`patches:
  - target: { kind: Deployment }
    patch: |
      apiVersion: v1
      kind: Any
      metadata: { name: any, labels: { tier: null, size: 5 }, annotations: null }
`),
  },
  {
    name: 'patch: explicit and implicit nulls',
    files: `# file: app/a.yaml
apiVersion: example.com/v1
kind: Ship
metadata: { name: a }
spec: { written: null, tilde: ~, absent: , map: { absent: }, list: [{ absent: }] }
# file: app/kustomization.yaml
resources: [a.yaml]
patches:
  - patch: |
      apiVersion: example.com/v1
      kind: Ship
      metadata: { name: a }
      spec: { more: { a: null, b: { c: null } }, list2: [{ a: null }] }
`,
  },
  {
    name: 'objects: aliases as keys, directly before the colon',
    files: objects(
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: &a a }\ndata:\n  *a: b\n  c: { *a: d, e: *a }\n  f:\n    - *a: 1\n    - *a\n',
    ),
  },
  refusal(
    'invalid-yaml',
    '*a:b',
    objects('apiVersion: v1\nkind: ConfigMap\nmetadata: { name: &a a }\ndata:\n  *a:b\n'),
  ),
  {
    name: 'objects: folded text that a JSON patch passes on',
    files: `# file: app/a.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: a }
data:
  a: >
    one
     two
    three
${kustomization('resources: [a.yaml]\npatches: [{ target: { kind: ConfigMap }, patch: \'[{"op": "add", "path": "/data/b", "value": "c"}]\' }]\n')}`,
  },
  {
    name: 'objects: folded text in annotations and elsewhere',
    files: objects(`apiVersion: v1
kind: ConfigMap
metadata:
  name: a
  annotations:
    a: >
      one
       two
      three
  labels:
    a: >
      one
       two
data:
  a: >
    one
     two
    three
  b: >-
    one

    two
     three


     four
    five
`),
  },
  {
    name: 'objects: annotations and labels that aren’t text',
    files: objects(
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  annotations: { a: [b], c: { d: e }, e: 1, f: [] }\n  labels: { a: [b], c: { d: e }, e: 1 }\n',
    ),
  },
  refusal(
    'duplicate',
    '- ./a.yaml',
    `# file: app/a.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n${kustomization('resources:\n  - a.yaml\n  - ./a.yaml\n')}`,
  ),
  {
    name: 'refused: a namespace that is not a string',
    files: app('namespace: 7\n'),
    refused: 'wrong-type',
  },
  {
    name: 'refused: a resource that is not a string',
    files: kustomization('resources: [7]\n'),
    refused: 'wrong-type',
  },
  {
    name: 'refused: invalid YAML',
    files: objects('apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a\n'),
    refused: 'invalid-yaml',
  },
  { name: 'refused: a string instead of an object', files: objects('just text\n'), refused: 'no-object' },
];
