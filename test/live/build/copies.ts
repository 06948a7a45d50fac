// Replacements and vars.
import { app, component, type Fixture, kustomization, objects, refusal } from './pieces.ts';

const data = `# file: app/data.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: source, labels: { role: source } }
data: { host: db.example.com, port: "5432", image: "registry.example.com/team/web:1.2", list: "a,b,c", json: '{"a": {"b": "x<y"}, "c": ["s", 2.50]}', pretty: "{\\n  \\"a\\": \\"b\\",\\n  \\"c\\": []\\n}", yaml: "a:\\n  b: 1\\nlist:\\n- name: x\\n" }
items: [{ name: one, value: 1 }, { name: two, value: 2 }]
flag: true
map: { x: y }
empty: {}
`;

const replaced = (replacements: string, more = '') =>
  `${data}${app(`${more}replacements:\n${replacements}`).replace('resources: [', 'resources: [data.yaml, ')}`;

const copy = (name: string, fieldPath: string, target: string): Fixture => ({
  name: `replacements: ${name}`,
  files: replaced(
    `  - source: { kind: ConfigMap, name: source, fieldPath: "${fieldPath}" }\n    targets:\n      - ${target}\n`,
  ),
});

const web = (fieldPaths: string, options = '') =>
  `{ select: { kind: Deployment }, fieldPaths: [${fieldPaths}]${options === '' ? '' : `, options: ${options}`} }`;
const refused = (reason: string, at: string, replacements: string) => refusal(reason, at, replaced(replacements));
const source = '  - source: { kind: ConfigMap, name: source, fieldPath: data.host }\n';

const variables = (vars: string, more = '') => `# file: app/all.yaml
apiVersion: v1
kind: Service
metadata: { name: front, namespace: shop }
spec: { ports: [{ port: 8080 }] }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: source, labels: { a: "$(NAME)" }, annotations: { a: "x-$(NAME)-$(PORT)" } }
data: { a: "$(NAME)" }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  template:
    metadata: { annotations: { a: "$(NAME)" } }
    spec:
      containers:
        - name: main
          command: ["$(NAME)", "$$(NAME)", "$(OTHER)", "$(NAME", "$x", "$"]
          args: ["--port=$(PORT)", "$(PORT)"]
          env: [{ name: A, value: "$(PORT)" }, { name: B, value: "http://$(NAME):$(PORT)" }, { name: C }]
${kustomization(`resources: [all.yaml]\n${more}vars:\n${vars}`)}`;

const name = '  - { name: NAME, objref: { kind: Service, version: v1, name: front } }\n';
const port =
  '  - { name: PORT, objref: { kind: Service, apiVersion: v1, name: front }, fieldref: { fieldPath: "spec.ports[0].port" } }\n';

export const copyFixtures: readonly Fixture[] = [
  {
    name: 'refused: replacements: a null that is set is no map for names in it',
    files: objects(
      'apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: a }\n---\napiVersion: apps/v1\nkind: DaemonSet\nmetadata: { name: a }\nspec: { template: { spec: {} } }\n',
    ).replace(
      'resources:',
      'namePrefix: a-\nreplacements: [{ sourceValue: "null", targets: [{ select: { kind: DaemonSet }, fieldPaths: [spec.template] }] }]\nresources:',
    ),
    refused: 'not-a-container',
  },
  {
    name: 'replacements: a text in place of a number that is replaced as a whole, and a number in an item that is created',
    files: `# file: app/a.yaml
apiVersion: example.com/v1
kind: Ship
metadata: { name: a }
spec: { masts: [{ height: 7, sails: 2 }] }
---
apiVersion: example.com/v1
kind: Boat
metadata: { name: b }
# file: app/kustomization.yaml
resources: [a.yaml]
replacements:
  - sourceValue: many
    targets:
      - select: { group: example.com }
        fieldPaths: ["spec.masts.[height=7].sails"]
        options: { create: true }
      - select: { kind: Ship }
        fieldPaths: [spec]
`,
  },
  copy('a string', 'data.host', web('metadata.labels.host, metadata.annotations.team', '{ create: true }')),
  copy('a number', 'items.0.value', web('spec.replicas')),
  copy('a text into a number', 'data.port', web('spec.replicas')),
  copy('by the name of an item', 'items.[name=two].value', web('"spec.template.spec.containers.[name=main].image"')),
  copy('all items', 'data.host', web('spec.template.spec.containers.*.image')),
  copy('items by pattern', 'data.host', web('"spec.template.spec.containers.[name=^.*i].image"')),
  copy('an index', 'data.host', web('spec.template.spec.containers.1.image')),
  copy('a primitive item', 'data.host', web('"spec.template.spec.containers.0.args.[=one]"')),
  copy('a new item', 'data.host', web('"spec.template.spec.containers.[name=new].image"', '{ create: true }')),
  copy('a new index', 'data.host', web('spec.template.spec.containers.2.image', '{ create: true }')),
  copy('a map', 'map', web('spec.template.spec.volumes.0.emptyDir')),
  copy('a new map', 'map', web('spec.fresh', '{ create: true }')),
  copy('a list', 'items', web('spec.template.spec.containers.0.env')),
  copy('a boolean into a text', 'flag', web('metadata.labels.tier')),
  copy('a new number', 'data.port', web('spec.fresh', '{ create: true }')),
  copy(
    'keys with dots',
    'data.host',
    web('"metadata.labels.[example.com/host]", metadata.labels.example\\.org/host', '{ create: true }'),
  ),
  copy('the default path', 'data.host', '{ select: { kind: Ship } }'),
  copy('part of a target', 'data.port', web('spec.template.spec.containers.0.image', '{ delimiter: ":", index: 1 }')),
  copy('a part before', 'data.port', web('spec.template.spec.containers.0.image', '{ delimiter: "/", index: -1 }')),
  copy('a part behind', 'data.port', web('spec.template.spec.containers.0.image', '{ delimiter: "/", index: 9 }')),
  copy('inside JSON', 'data.host', '{ select: { name: source }, fieldPaths: [data.json.a.b, data.json.c.0] }'),
  copy('inside pretty JSON', 'data.host', '{ select: { name: source }, fieldPaths: [data.pretty.a] }'),
  copy('inside JSON, of another type', 'data.host', '{ select: { name: source }, fieldPaths: [data.json.c.1] }'),
  copy(
    'inside JSON, a new field',
    'data.host',
    '{ select: { name: source }, fieldPaths: [data.json.a.z], options: { create: true } }',
  ),
  copy('inside YAML', 'data.host', '{ select: { name: source }, fieldPaths: ["data.yaml.list.[name=x].name"] }'),
  copy(
    'of objects by label',
    'data.host',
    '{ select: { labelSelector: tier=front }, fieldPaths: [metadata.labels.app] }',
  ),
  copy(
    'of all but some',
    'data.host',
    '{ select: { version: v1 }, reject: [{ kind: Deployment }, { labelSelector: role=source }], fieldPaths: [metadata.name] }',
  ),
  copy('of a pattern', 'data.host', '{ select: { kind: "Dep.*", name: "w.b" }, fieldPaths: [metadata.labels.app] }'),
  {
    name: 'replacements: part of a source',
    files: replaced(
      '  - source: { kind: ConfigMap, name: source, fieldPath: data.image, options: { delimiter: ":", index: 1 } }\n    targets: [{ select: { kind: Ship }, fieldPaths: [metadata.name] }]\n',
    ),
  },
  {
    name: 'replacements: a given value',
    files: replaced(
      '  - sourceValue: given\n    targets: [{ select: { kind: Ship }, fieldPaths: [spec.crew.captain, spec.crew.size2], options: { create: true } }]\n',
    ),
  },
  {
    name: 'replacements: the name before the prefix, and references',
    files: replaced(
      '  - source: { kind: ConfigMap, name: settings }\n    targets: [{ select: { kind: Ship, name: ship }, fieldPaths: [spec.crew.captain] }]\n',
      'namePrefix: a-\n',
    ),
  },
  {
    name: 'replacements: in files',
    files: `# file: app/one.yaml\nsource: { kind: ConfigMap, name: source, fieldPath: data.host }\ntargets: [{ select: { kind: Ship }, fieldPaths: [spec.crew.captain] }]\n# file: app/two.yaml\n- source: { kind: ConfigMap, name: source, fieldPath: data.port }\n  targets: [{ select: { kind: Deployment }, fieldPaths: [metadata.labels.app] }]\n${replaced('  - path: one.yaml\n  - path: two.yaml\n')}`,
  },
  {
    name: 'replacements: in a component',
    files: `${data}${component('replacements:\n  - source: { kind: ConfigMap, name: source, fieldPath: data.host }\n    targets: [{ select: { kind: Ship }, fieldPaths: [spec.crew.captain] }]\n')}${app('components: [../part]\n').replace('resources: [', 'resources: [data.yaml, ')}`,
  },
  refused('incomplete-replacement', '- source', `${source}`),
  refused('incomplete-replacement', '- targets', '  - targets: [{ select: { kind: Ship } }]\n'),
  refused('source-and-value', '- source', `${source}    sourceValue: a\n    targets: [{ select: { kind: Ship } }]\n`),
  refused(
    'path-and-replacement',
    '- path',
    '  - path: one.yaml\n    sourceValue: a\n    targets: [{ select: { kind: Ship } }]\n',
  ),
  refused('missing', 'none.yaml', '  - path: none.yaml\n'),
  refused(
    'no-source',
    'name: none',
    '  - source: { kind: ConfigMap, name: none }\n    targets: [{ select: { kind: Ship } }]\n',
  ),
  refused('several-sources', 'version: v1', '  - source: { version: v1 }\n    targets: [{ select: { kind: Ship } }]\n'),
  refused(
    'no-source-field',
    'data.none',
    '  - source: { kind: ConfigMap, name: source, fieldPath: data.none }\n    targets: [{ select: { kind: Ship } }]\n',
  ),
  refused(
    'no-source-field',
    'fieldPath: empty',
    '  - source: { kind: ConfigMap, name: source, fieldPath: empty }\n    targets: [{ select: { kind: Ship } }]\n',
  ),
  refused(
    'no-target-field',
    'spec.none',
    `${source}    targets:\n      - select: { kind: Ship }\n        fieldPaths:\n          - spec.none\n`,
  ),
  refused('target-without-select', 'fieldPaths', `${source}    targets:\n      - fieldPaths: [spec.crew]\n`),
  refused(
    'delimiter-of-container',
    'spec.crew',
    `${source}    targets:\n      - select: { kind: Ship }\n        fieldPaths: [spec.crew]\n        options: { delimiter: "/" }\n`,
  ),
  refused(
    'delimiter-of-container',
    'fieldPath: map',
    '  - source: { kind: ConfigMap, name: source, fieldPath: map, options: { delimiter: "/" } }\n    targets: [{ select: { kind: Ship } }]\n',
  ),
  refused(
    'index-out-of-range',
    'index: 7',
    '  - source: { kind: ConfigMap, name: source, fieldPath: data.list, options: { delimiter: ",", index: 7 } }\n    targets: [{ select: { kind: Ship } }]\n',
  ),
  refused(
    'index-out-of-range',
    'containers.9',
    `${source}    targets:\n      - select: { kind: Deployment }\n        fieldPaths:\n          - spec.template.spec.containers.9.image\n`,
  ),
  refused(
    'value-of-another-type',
    'spec.replicas',
    `${source}    targets:\n      - select: { kind: Deployment }\n        fieldPaths:\n          - spec.replicas\n`,
  ),
  refused('invalid-pattern', 'name: "("', `${source}    targets:\n      - select: { name: "(" }\n`),
  refused('invalid-selector', 'labelSelector', `${source}    targets:\n      - select: { labelSelector: "a b" }\n`),
  refused(
    'unknown-field',
    'fieldpath2',
    `${source}    targets:\n      - select: { kind: Ship }\n        fieldpath2: [a]\n`,
  ),
  { name: 'vars', files: variables(name + port) },
  { name: 'vars: of a renamed object', files: variables(name + port, 'namePrefix: a-\n') },
  {
    name: 'vars: of a base',
    files: `${variables(name + port).replaceAll('# file: app/', '# file: low/')}${kustomization('resources: [../low]\nnameSuffix: -z\n')}`,
  },
  {
    name: 'vars: more fields',
    files: `# file: app/config.yaml\nvarReference: [{ path: data, kind: ConfigMap }]\n${variables(name + port, 'configurations: [config.yaml]\n')}`,
  },
  {
    name: 'vars: with a namespace',
    files: variables(
      '  - { name: NAME, objref: { kind: Service, apiVersion: v1, name: front, namespace: shop }, fieldref: { fieldPath: metadata.namespace } }\n',
    ),
  },
  refusal(
    'unresolved-variable',
    'name: NAME',
    variables('  - { name: NAME, objref: { kind: Service, apiVersion: v1, name: none } }\n'),
  ),
  refusal(
    'unresolved-variable',
    'name: GONE',
    variables(
      '  - { name: GONE, objref: { kind: Service, apiVersion: v1, name: front }, fieldref: { fieldPath: spec.none } }\n',
    ),
  ),
  refusal('repeated-variable', 'version: v1', variables(name + name)),
  refusal(
    'repeated-variable',
    'name: NAME',
    `${variables(name).replaceAll('# file: app/', '# file: low/')}${kustomization(`resources: [../low]\nvars:\n${name}`)}`,
  ),
  refusal(
    'ambiguous-variable',
    'name: A',
    `${objects('apiVersion: v1\nkind: Pod\nmetadata: { name: a, namespace: one }\n---\napiVersion: v1\nkind: Pod\nmetadata: { name: a, namespace: two }\n')}vars:\n  - { name: A, objref: { kind: Pod, apiVersion: v1, name: a } }\n`,
  ),
];
