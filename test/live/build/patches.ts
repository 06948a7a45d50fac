// Patches and their targets.
import { app, container, deployment, type Fixture, operations, patch, target } from './pieces.ts';

export const patchFixtures: readonly Fixture[] = [
  {
    name: 'patches: an empty field that a JSON patch passes on to a merge patch, without one it is dropped',
    files: `# file: app/a.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { name: a }
spec:
  selector:
    matchLabels:
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: b }
spec:
  selector:
    matchLabels:
# file: app/kustomization.yaml
resources: [a.yaml]
patches:
  - target: { name: a }
    patch: '[{ "op": "add", "path": "/spec/replicas", "value": 2 }]'
  - target: { kind: Deployment }
    patch: '{ apiVersion: apps/v1, kind: Deployment, metadata: { name: c, labels: { d: e } } }'
`,
  },
  {
    name: 'patches: a selector that no object is asked for',
    files: `# file: app/a.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: a }
# file: app/kustomization.yaml
resources: [a.yaml]
patches:
  - target: { kind: Pod, labelSelector: a b }
    patch: '[{ "op": "add", "path": "/metadata/labels", "value": {} }]'
`,
  },
  {
    name: 'patches: with a target, for objects without apiVersion, with an empty one, and after a number was set in it',
    files: `# file: app/a.yaml
kind: Sail
metadata: { name: a }
---
apiVersion:
kind: Sail
metadata: { name: b }
---
apiVersion: v1
kind: Sail
metadata: { name: c }
---
apiVersion: "v1"
kind: Sail
metadata: { name: d }
# file: app/kustomization.yaml
resources: [a.yaml]
replacements:
  - sourceValue: "7"
    targets: [{ select: { version: v1 }, fieldPaths: [apiVersion] }]
patches:
  - target: { kind: Sail }
    patch: '{ apiVersion: v2, kind: Sail, metadata: { name: any }, spec: { crew: 2 } }'
`,
  },
  {
    name: 'patchesStrategicMerge: an empty text is set in the apiVersion afterwards',
    files: `# file: app/a.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: a }
data: { empty: "" }
# file: app/kustomization.yaml
resources: [a.yaml]
patchesStrategicMerge: ['{ apiVersion: v1, kind: ConfigMap, metadata: { name: a }, data: { b: c } }']
replacements:
  - source: { kind: ConfigMap, fieldPath: data.empty }
    targets: [{ select: { kind: ConfigMap }, fieldPaths: [apiVersion, data.b] }]
`,
  },
  patch('a key that is set twice', `${deployment}spec: { paused: false, replicas: 5, paused: true }`),
  patch('maps merge', `${deployment}spec: { replicas: 5, paused: true }`),
  patch('null deletes', `${deployment}  annotations: null\nspec:\n  replicas: null`),
  patch(
    'lists of known kinds merge by key',
    container('- name: side\n  image: registry.example.com/side:2\n- name: third\n  image: c'),
  ),
  patch(
    'and by two keys',
    container(
      '- name: main\n  ports:\n    - { containerPort: 53, protocol: UDP, name: dns }\n    - { containerPort: 81, protocol: TCP }',
    ),
  ),
  patch('and by one of two', container('- name: main\n  ports:\n    - { containerPort: 80, name: http }')),
  patch(
    'items are deleted',
    container('- name: main\n  env:\n    - { name: A, $patch: delete }\n- name: side\n  $patch: delete'),
  ),
  patch('items are replaced', container('- name: main\n  $patch: replace\n  image: only')),
  patch('a list is replaced', container('- $patch: replace\n- name: only\n  image: x')),
  patch('a list is deleted', container('- name: main\n  env:\n    - $patch: delete')),
  patch('a map is replaced', `${deployment}spec:\n  $patch: replace\n  replicas: 1`),
  patch('a map is deleted', `${deployment}  annotations: { $patch: delete }`),
  patch('an object is deleted', `${deployment}$patch: delete`),
  patch('other lists are replaced', container('- name: main\n  args: [three]')),
  patch(
    'lists of kinds with a CRD are replaced',
    'apiVersion: example.com/v1\nkind: Ship\nmetadata: { name: ship }\nspec:\n  masts:\n    - { name: main, height: 20 }\n  crew: { size: null, mate: Bob }',
  ),
  patch('finalizers are a set', `${deployment}  finalizers: [b, a]`),
  patch(
    'new maps lose their nulls and directives',
    `${deployment}spec:\n  strategy: { type: Recreate, rollingUpdate: null, more: { $patch: merge, a: b } }`,
  ),
  patch('what it calls the object is passed over', `${deployment}  namespace: default\nspec: { replicas: 1 }`),
  patch('a type that differs', `${deployment}spec: { replicas: { a: b } }`, 'type-mismatch'),
  patch('an unknown directive', `${deployment}spec: { $patch: remove }`, 'unknown-directive'),
  patch('that matches nothing', 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: absent }\ndata: {}', 'no-match'),
  patch('without a name', 'apiVersion: v1\nkind: ConfigMap\ndata: {}', 'no-name'),
  patch('operations without a target', '- { op: add, path: /a, value: 1 }', 'no-target'),
  patch(
    'several in one text',
    `${deployment}spec: { replicas: 3 }\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { c: "3" }`,
  ),
  {
    name: 'patch: by path, for the objects that a target selects',
    files: `${app('patches:\n  - path: patch.yaml\n    target: { kind: Deployment|Ship }\n')}# file: app/patch.yaml\napiVersion: any/v1\nkind: Any\nmetadata: { name: any, labels: { patched: "yes" } }\n`,
  },
  {
    name: 'patch: operations in a JSON file',
    files: `${app('patches:\n  - path: patch.json\n    target: { name: web }\n')}# file: app/patch.json\n[{"op": "replace", "path": "/spec/replicas", "value": 9}]\n`,
  },
  {
    name: 'patch: one after the other',
    files: app(
      'patches:\n  - patch: |\n      - { op: replace, path: /data/a, value: "2" }\n    target: { kind: ConfigMap }\n  - patch: |\n      - { op: test, path: /data/a, value: "2" }\n      - { op: add, path: /data/c, value: "3" }\n    target: { kind: ConfigMap }\n',
    ),
  },
  {
    name: 'patch: several with a target',
    files: app(
      'patches:\n  - target: { kind: ConfigMap }\n    patch: |\n      apiVersion: v1\n      kind: ConfigMap\n      metadata: { name: a }\n      ---\n      apiVersion: v1\n      kind: ConfigMap\n      metadata: { name: b }\n',
    ),
    refused: 'several-patches',
  },
  {
    name: 'patch: neither text nor path',
    files: app('patches:\n  - target: { kind: ConfigMap }\n'),
    refused: 'no-patch',
  },
  {
    name: 'patch: text and path',
    files: `${app('patches:\n  - path: p.yaml\n    patch: "- {op: remove, path: /data}"\n    target: { kind: ConfigMap }\n')}# file: app/p.yaml\n[]\n`,
    refused: 'patch-and-path',
  },
  { name: 'patch: a missing file', files: app('patches:\n  - path: absent.yaml\n'), refused: 'missing' },
  {
    name: 'patch: a file outside the folder',
    files: `${app('patches:\n  - path: ../p.yaml\n')}# file: p.yaml\n${deployment}spec: { replicas: 1 }\n`,
    refused: 'outside',
  },
  {
    name: 'patchesStrategicMerge: files and inline text',
    files: `${app('patchesStrategicMerge:\n  - p.yaml\n  - |\n    apiVersion: v1\n    kind: ConfigMap\n    metadata: { name: settings }\n    data: { b: null }\n')}# file: app/p.yaml\n${deployment}spec: { replicas: 7 }\n`,
  },
  {
    name: 'patchesStrategicMerge: no match',
    files: app(
      'patchesStrategicMerge:\n  - |\n    apiVersion: v1\n    kind: ConfigMap\n    metadata: { name: absent }\n',
    ),
    refused: 'no-match',
  },
  {
    name: 'patchesJson6902: files and inline text',
    files: `${app('patchesJson6902:\n  - target: { version: v1, kind: ConfigMap, name: settings }\n    path: p.yaml\n  - target: { group: apps, version: v1, kind: Deployment, name: web }\n    patch: |\n      - op: remove\n        path: /spec/replicas\n')}# file: app/p.yaml\n- op: add\n  path: /data/c\n  value: "3"\n`,
  },
  {
    name: 'patchesJson6902: after the namespace',
    files: app(
      'namespace: shop\npatchesJson6902:\n  - target: { version: v1, kind: ConfigMap, name: settings, namespace: shop }\n    patch: |\n      - { op: replace, path: /metadata/namespace, value: other }\n',
    ),
  },
  {
    name: 'patchesJson6902: no name',
    files: app('patchesJson6902:\n  - target: { version: v1, kind: ConfigMap }\n    patch: "[]"\n'),
    refused: 'no-target',
  },

  operations(
    'add, replace, remove',
    '- { op: add, path: /spec/paused, value: true }\n- { op: replace, path: /spec/replicas, value: 3 }\n- { op: remove, path: /metadata/annotations/team }',
  ),
  operations(
    'in lists',
    '- { op: add, path: /spec/template/spec/containers/0/args/1, value: between }\n- { op: add, path: /spec/template/spec/containers/0/args/-, value: last }\n- { op: remove, path: /spec/template/spec/containers/1 }\n- { op: replace, path: /spec/template/spec/containers/-1/image, value: x }',
  ),
  operations(
    'move and copy',
    '- { op: move, from: /metadata/labels/tier, path: /metadata/labels/level }\n- { op: copy, from: /spec/replicas, path: /spec/minReadySeconds }',
  ),
  operations('escapes', '- { op: add, path: /metadata/annotations/example.com~1a~0b, value: c }'),
  operations('replace adds', '- { op: replace, path: /spec/minReadySeconds, value: 3 }'),
  operations('null is a value', '- { op: add, path: /spec/strategy, value: null }'),
  operations(
    'a test that succeeds',
    '- { op: test, path: /spec/replicas, value: 2 }\n- { op: remove, path: /spec/replicas }',
  ),
  operations('a test that fails', '- { op: test, path: /spec/replicas, value: 3 }', 'test-failed'),
  operations('remove what is missing', '- { op: remove, path: /spec/absent }', 'path-not-found'),
  operations('add below what is missing', '- { op: add, path: /spec/absent/a, value: b }', 'path-not-found'),
  operations(
    'an index after the end',
    '- { op: add, path: /spec/template/spec/containers/7, value: {} }',
    'path-not-found',
  ),
  operations(
    'values are resolved as by the API server',
    '- { op: add, path: /spec/paused, value: yes }\n- { op: add, path: /spec/at, value: 2020-01-01 }',
  ),
  operations('an operation without a path', '- { op: remove, pathh: /spec/replicas }', 'incomplete-operation'),
  operations('a copy without a source', '- { op: copy, path: /spec/a }', 'incomplete-operation'),
  operations('no operation at all on no object', '- { op: test, path: /spec/none }'),
  operations('an unknown operation', '- { op: append, path: /spec/replicas, value: 3 }', 'unknown-operation'),

  target('by kind and version', '{ group: apps, version: v1, kind: Deployment }'),
  target('patterns are anchored', '{ kind: Deploy }'),
  target('patterns', '{ kind: "Deploy.*|Ship", name: "w.b|ship" }'),
  target('no namespace means default', '{ namespace: default }'),
  target('labels', '{ labelSelector: "tier in (front, back), app=web, !absent" }'),
  target('labels that differ', '{ labelSelector: "tier!=front" }'),
  target('annotations', '{ annotationSelector: "team=shop" }'),
  target('that matches nothing', '{ kind: Pod }'),
  target('an invalid pattern', '{ name: "a(" }', 'invalid-pattern'),
  target('an invalid selector', '{ labelSelector: "a in b" }', 'invalid-selector'),
];
