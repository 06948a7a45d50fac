// What kustomize keeps beside the values of an object: earlier ids in its annotations, the quotes of a text, and one node for
// all fields that a transformer set at once.
import { app, type Fixture, kustomization, objects, operations, patch, refusal } from './pieces.ts';

const named = (name: string) => `# file: app/a.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
`;

/** A base whose Deployment gets its labels and selector from \`commonLabels\`. */
const labelled = (more: string, labels = 'commonLabels: { app: web }') => `# file: base/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  template:
    spec: { containers: [{ name: main, image: web }] }
# file: base/kustomization.yaml
resources: [web.yaml]
${labels}
${kustomization(`resources: [../base]\n${more}`)}`;

const overridden = `patches:
  - patch: |
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web, labels: { app: other } }
`;

const shared: readonly Fixture[] = [
  { name: 'shared: a label that a patch changes', files: labelled(overridden) },
  {
    name: 'shared: a label that another transformer changes',
    files: labelled('labels: [{ pairs: { app: other } }]\n'),
  },
  {
    name: 'shared: a label that a replacement changes',
    files: labelled(
      'replacements:\n  - sourceValue: other\n    targets:\n      - { select: { kind: Deployment }, fieldPaths: [spec.template.metadata.labels.app] }\n',
    ),
  },
  {
    name: 'shared: a JSON patch changes one label',
    files: labelled(
      'patches:\n  - target: { kind: Deployment }\n    patch: |\n      - { op: replace, path: /metadata/labels/app, value: other }\n',
    ),
  },
  {
    name: 'shared: nothing after a JSON patch',
    files: labelled(
      `patches:\n  - target: { kind: Deployment }\n    patch: |\n      - { op: add, path: /spec/replicas, value: 2 }\n${overridden.replace('patches:\n', '')}`,
    ),
  },
  {
    name: 'shared: annotations of an object and of its Pods',
    files: labelled(
      'commonAnnotations: { app: other }\npatches:\n  - patch: |\n      apiVersion: apps/v1\n      kind: Deployment\n      metadata: { name: web, annotations: { app: third } }\n',
      'commonAnnotations: { app: web }',
    ),
  },
  {
    name: 'shared: labels that were there before are not',
    files: labelled(overridden, 'labels: [{ pairs: { app: web }, includeTemplates: true }]').replace(
      '{ name: web }',
      '{ name: web, labels: { app: own } }',
    ),
  },
];

const quoted: readonly Fixture[] = [
  patch(
    'a number in place of a quoted text',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { a: 7, b: true, c: 7 }\n',
  ),
  {
    name: 'patch: a number in place of a generated text',
    files: app(
      'configMapGenerator: [{ name: settings, behavior: merge, literals: [a=1, b=x] }]\npatches:\n  - patch: |\n      apiVersion: v1\n      kind: ConfigMap\n      metadata: { name: settings }\n      data: { a: 7, b: 7 }\n',
    ),
  },
  {
    name: 'replacements: a number as the name of a patched object',
    files: app(
      `patches:\n  - patch: |\n      apiVersion: v1\n      kind: ConfigMap\n      metadata: { name: settings }\nreplacements:\n  - { sourceValue: "7", targets: [{ select: { kind: ConfigMap } }] }\n`,
    ),
  },
  {
    name: 'namePrefix: a name that becomes a number',
    files: `${named('"1"')}---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: b1 }\n${kustomization('resources: [a.yaml]\nnamePrefix: "1"\n')}`,
  },
];

const items: readonly Fixture[] = [
  patch(
    'a text in a list of containers',
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec: { template: { spec: { containers: [main] } } }\n',
  ),
  {
    name: 'refused: a text in the list that a patch merges',
    files: app(
      'patches:\n  - patch: |\n      apiVersion: apps/v1\n      kind: Deployment\n      metadata: { name: web }\n      spec: { template: { spec: { containers: [{ name: main, args: [x] }] } } }\n',
    ).replace('        - name: side\n', '        - text\n        - name: side\n'),
    refused: 'type-mismatch',
  },
  patch(
    'the name stays if the metadata is deleted',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings, $patch: delete }\ndata: { c: "3" }\n',
  ),
  patch(
    'a container without a name',
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec: { template: { spec: { containers: [{ name: "", image: a }] } } }\n',
  ),
  patch(
    'the whole object is never replaced',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\n$patch: replace\ndata: { c: "3" }\n',
  ),
  {
    name: 'patch: lists of kinds that Kubernetes has dropped are merged',
    files: `# file: app/hook.yaml
apiVersion: admissionregistration.k8s.io/v1beta1
kind: ValidatingWebhookConfiguration
metadata: { name: hook }
webhooks:
  - { name: a.example.com, failurePolicy: Ignore }
  - { name: b.example.com, failurePolicy: Ignore }
${kustomization(`resources: [hook.yaml]
patches:
  - patch: |
      apiVersion: admissionregistration.k8s.io/v1beta1
      kind: ValidatingWebhookConfiguration
      metadata: { name: hook }
      webhooks: [{ name: b.example.com, sideEffects: None }]
`)}`,
  },
  {
    name: 'patch: an empty namespace is removed',
    files: objects('apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: "" }\n').concat(
      'patches:\n  - patch: |\n      apiVersion: v1\n      kind: ConfigMap\n      metadata: { name: a }\n      data: { a: "1" }\n',
    ),
  },
];

const bound = (more: string) => `# file: base/access.yaml
apiVersion: v1
kind: ServiceAccount
metadata: { name: robot }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: all }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
subjects: [{ kind: ServiceAccount, name: robot, namespace: shop }]
${more}# file: base/kustomization.yaml
resources: [access.yaml]
namespace: shop
${kustomization('resources: [../base]\nnamespace: shop\nnameSuffix: "-1"\n')}`;

const read: readonly Fixture[] = [
  { name: 'references: to an object that was moved to the namespace', files: bound('') },
  {
    name: 'references: to an object that was moved where another was before',
    files: bound('---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: shop }\n'),
  },
  {
    name: 'refused: a subject that is no map',
    files: objects(
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: { name: a }\nsubjects: [robot]\n',
    ).concat('namespace: shop\n'),
    refused: 'not-a-map',
  },
  {
    name: 'operations: of a repeated key, the last is used',
    files: app(
      'patches:\n  - target: { kind: ConfigMap }\n    patch: |\n      - op: add\n        path: /data/c\n        value: x\n        value: y\n',
    ),
  },
  {
    name: 'objects: a key of the object itself that is no text',
    files: objects('apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ntrue: { a: b }\n1: c\n'),
  },
  {
    name: 'refused: a directive before an object',
    files: objects('%YAML 1.1\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n'),
    refused: 'invalid-yaml',
  },
  {
    name: 'refused: a text in the way of a reference, without any rename',
    files: objects(
      'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { containers: [{ name: a, env: [text] }] }\n',
    ),
    refused: 'not-a-container',
  },
];

export const historyFixtures: readonly Fixture[] = [
  {
    name: 'refused: a patch for the version that an operation changed',
    files: `# file: app/a.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: a }
# file: app/kustomization.yaml
resources: [a.yaml]
patches:
  - target: { kind: ConfigMap }
    patch: '[{ "op": "replace", "path": "/apiVersion", "value": "v2" }]'
  - patch: '{ apiVersion: v1, kind: ConfigMap, metadata: { name: a }, data: { b: c } }'
`,
    refused: 'no-match',
  },
  refusal('comma-in-id', 'apiVersion', `${named('a,b')}${kustomization('resources: [a.yaml]\nnamePrefix: x-\n')}`),
  refusal('comma-in-id', 'v1', `${named('a,b')}${kustomization('resources: [a.yaml]\nnamespace: shop\n')}`),
  {
    name: 'history: a comma in a name that isn’t changed',
    files: `${named('a,b')}${kustomization('resources: [a.yaml]\n')}`,
  },
  operations(
    'labels are read again',
    '- { op: add, path: /metadata/labels/a, value: "7" }\n- { op: add, path: /spec/a, value: [1, "1"] }',
  ),
  ...shared,
  ...quoted,
  ...items,
  ...read,
];
