// Configurations, CRDs, OpenAPI schemas and built-in plugins.
import { app, component, type Fixture, kustomization, refusal, settings, ship, web } from './pieces.ts';

const configured = (config: string, fields: string) =>
  `# file: app/config.yaml\n${config}${app(`configurations: [config.yaml]\n${fields}`)}`;

const plugin = (kind: string, fields: string) =>
  `apiVersion: builtin\nkind: ${kind}\nmetadata: { name: plugin }\n${fields}`;
const transformer = (kind: string, fields: string, more = ''): Fixture => ({
  name: `transformers: ${kind}: ${fields.split('\n')[0]}`,
  files: `# file: app/plugin.yaml\n${plugin(kind, fields)}${more}${app('transformers: [plugin.yaml]\n')}`,
});
const generator = (kind: string, fields: string): Fixture => ({
  name: `generators: ${kind}`,
  files: `# file: app/plugin.yaml\n${plugin(kind, fields)}${app('generators: [plugin.yaml]\n')}`,
});
const refused = (reason: string, at: string, kind: string, fields: string, list = 'transformers') =>
  refusal(reason, at, `# file: app/plugin.yaml\n${plugin(kind, fields)}${app(`${list}:\n  - plugin.yaml\n`)}`);

const specs = (path: string) => `fieldSpecs: [{ path: ${path}, create: true }]\n`;

const definitions = `# file: app/crds.json
{
  "example.com/pkg.Ship": {
    "Schema": {
      "properties": {
        "apiVersion": { "type": "string" },
        "kind": { "type": "string" },
        "metadata": { "type": "object" },
        "spec": { "$ref": "example.com/pkg.Spec" }
      }
    }
  },
  "example.com/pkg.Spec": {
    "Schema": {
      "properties": {
        "port": { "x-kubernetes-object-ref-api-version": "v1", "x-kubernetes-object-ref-kind": "ConfigMap", "type": "object" },
        "crew": { "x-kubernetes-label-selector": "", "x-kubernetes-annotation": "" },
        "callSign": { "x-kubernetes-identity": "" }
      }
    }
  }
}
# file: app/harbour.yaml
apiVersion: example.com/v1
kind: Ship
metadata: { name: harbour }
spec: { port: { name: settings }, crew: { captain: Ann }, callSign: alpha }
`;

const schema = `# file: app/schema.yaml
definitions:
  v1.Ship:
    type: object
    x-kubernetes-group-version-kind: [{ group: example.com, version: v1, kind: Ship }]
    properties:
      spec:
        type: object
        properties:
          masts:
            type: array
            x-kubernetes-patch-merge-key: name
            x-kubernetes-patch-strategy: merge
            items: { $ref: "#/definitions/v1.Mast" }
  v1.Mast:
    type: object
    properties: { name: { type: string }, height: { type: integer }, parts: { $ref: "#/definitions/v1.Mast" } }
`;

const mast = `patches:
  - patch: |
      apiVersion: example.com/v1
      kind: Ship
      metadata: { name: ship }
      spec: { masts: [{ name: main, height: 20 }, { name: new, height: 1 }] }
  - patch: |
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web }
      spec: { template: { spec: { containers: [{ name: side, image: other }] } } }
`;

/** A component that chooses a schema, of ships and, in its own words, of Deployments. */
const choosing = `${schema.replace('# file: app/', '# file: part/')}  v1.Web:
    x-kubernetes-group-version-kind: [{ group: apps, version: v1, kind: Deployment }]
    properties: { spec: { properties: { template: { properties: { spec: { properties: { containers: { type: array } } } } } } } }
${component('openapi: { path: schema.yaml }\n')}`;

const patched = `# file: base/settings.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: based }
# file: base/kustomization.yaml
resources: [settings.yaml]
patches: [{ patch: "{ apiVersion: v1, kind: ConfigMap, metadata: { name: based }, data: { a: b } }" }]
`;

export const pluginFixtures: readonly Fixture[] = [
  ...['spec/template/*', 'spec/template/0/spec', 'spec/template/-', 'spec/template/[a=b]'].map((path) =>
    refusal(
      'item-of-map',
      path,
      configured(`replicas:\n  - path: ${path}\n    kind: Deployment\n`, 'replicas: [{ name: web, count: 3 }]\n'),
    ),
  ),
  {
    name: 'configurations: a path through lists without their steps',
    files: configured('images: [{ path: spec/masts/name }]\n', 'images: [{ name: fore, newName: aft }]\n'),
  },
  {
    name: 'configurations: names and references',
    files: configured(
      'nameReference:\n  - kind: ConfigMap\n    version: v1\n    fieldSpecs: [{ kind: Ship, path: spec/crew/captain }]\n  - kind: Ship\n    fieldSpecs: [{ kind: Deployment, path: metadata/labels/app }]\n',
      'namePrefix: a-\n',
    ),
  },
  {
    name: 'configurations: a prefix for one kind only',
    files: configured('namePrefix: [{ kind: Ship, path: metadata/name }]\n', 'namePrefix: a-\n'),
  },
  {
    name: 'configurations: labels',
    files: configured(
      'commonLabels: [{ kind: Ship, path: spec/crew, create: true }]\nlabels: [{ kind: Ship, path: spec/marks, create: true }]\n',
      'labels: [{ pairs: { a: b } }]\ncommonLabels: { c: d }\n',
    ),
  },
  {
    name: 'configurations: images',
    files: configured('images: [{ kind: Ship, path: spec/crew/captain }]\n', 'images: [{ name: Ann, newName: Bob }]\n'),
  },
  {
    name: 'configurations: replicas',
    files: configured('replicas: [{ kind: Ship, path: spec/crew/size }]\n', 'replicas: [{ name: ship, count: 7 }]\n'),
  },
  {
    name: 'configurations: namespaces',
    files: configured('namespace: [{ kind: Ship, path: spec/crew/home, create: true }]\n', 'namespace: shop\n'),
  },
  {
    name: 'configurations: annotations',
    files: configured(
      'commonAnnotations: [{ kind: Ship, path: spec/notes, create: true }]\n',
      'commonAnnotations: { a: b }\n',
    ),
  },
  {
    name: 'configurations: of a base apply to those above',
    files:
      `# file: base/config.yaml\nimages: [{ kind: Ship, path: spec/crew/captain }]\n${web}${settings}${ship}`.replaceAll(
        '# file: app/',
        '# file: base/',
      ) +
      '# file: base/kustomization.yaml\nresources: [web.yaml, settings.yaml, ship.yaml]\nconfigurations: [config.yaml]\n# file: app/kustomization.yaml\nresources: [../base]\nimages: [{ name: Ann, newName: Bob }]\n',
  },
  refusal('unknown-field', 'nameReferences', configured('nameReferences: []\n', '')),
  refusal('wrong-type', 'create: "yes"', configured('images:\n  - path: a\n    create: "yes"\n', '')),
  refusal(
    'conflicting-configuration',
    '[config.yaml]',
    configured('commonAnnotations: [{ path: metadata/annotations }]\n', ''),
  ),
  refusal('missing', 'none.yaml', app('configurations: [none.yaml]\n')),
  refusal(
    'conflicting-configuration',
    'components',
    `${component('configurations: [config.yaml]\n')}# file: part/config.yaml
commonLabels: [{ path: metadata/labels, kind: Namespace }]
${app('components: [../part]\n')}`,
  ),
  {
    name: 'crds',
    files: `${definitions}${app('crds: [crds.json]\nnamePrefix: a-\ncommonLabels: { l: m }\ncommonAnnotations: { note: o }\n').replace('resources: [', 'resources: [harbour.yaml, ')}`,
  },
  refusal(
    'wrong-type',
    'apiVersion',
    `# file: app/crd.yaml\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: ships.example.com }\n${app('crds: [crd.yaml]\n')}`,
  ),
  refusal('missing', 'none.json', app('crds:\n  - none.json\n')),
  {
    name: 'refused: crds: what begins with a brace is JSON',
    files: `${definitions.replace('"x-kubernetes-annotation": ""', '"x-kubernetes-annotation": ,')}${app('crds: [crds.json]\n')}`,
    refused: 'invalid-yaml',
  },
  {
    name: 'configurations: numbers without a form in JSON, as paths',
    files: configured(
      'namePrefix:\n  - path: .nan\n    create: true\n  - path: -.inf\n    create: true\n',
      'namePrefix: a-\n',
    ),
  },
  { name: 'openapi: a schema', files: `${schema}${app(`openapi: { path: schema.yaml }\n${mast}`)}` },
  { name: 'openapi: the version there is', files: app(`openapi: { version: v1.21.2 }\n${mast}`) },
  {
    name: 'openapi: of a component, after a kind without a known scope',
    files: `${choosing}${app(`components: [../part]\n${mast}`)}`,
  },
  {
    name: 'openapi: of a component, after a merge',
    files: `${patched}${choosing}${app(`components: [../part]\n${mast}`).replace('[web', '[../base, web')}`,
  },
  {
    name: 'openapi: of a component, before anything needs a schema',
    files: `${choosing}${app(`components: [../part]\n${mast.replace(/ {2}- patch[\s\S]*? {2}- patch/, '  - patch')}`).replace(', ship.yaml', '')}`,
  },
  refusal('unknown-openapi-version', 'v1.20.4', app('openapi:\n  version: v1.20.4\n')),
  refusal(
    'openapi-version-and-path',
    'v1.21.2',
    `${schema}${app('openapi:\n  version: v1.21.2\n  path: schema.yaml\n')}`,
  ),
  refusal('missing', 'none.yaml', app('openapi:\n  path: none.yaml\n')),
  transformer('AnnotationsTransformer', `annotations: { a: b, c: 1 }\n${specs('metadata/annotations')}`),
  transformer('LabelTransformer', `labels: { a: b }\n${specs('metadata/labels')}`),
  transformer('LabelTransformer', 'labels: { a: b }\n'),
  transformer('PrefixTransformer', `prefix: a-\n${specs('metadata/name')}`),
  transformer('SuffixTransformer', `suffix: -z\n${specs('metadata/name')}`),
  transformer('PrefixSuffixTransformer', `prefix: a-\nsuffix: -z\n${specs('metadata/name')}`),
  transformer('ImageTagTransformer', 'imageTag: { name: registry.example.com/web, newTag: "2" }\n'),
  transformer(
    'ReplicaCountTransformer',
    'replica: { name: web, count: 4 }\nfieldSpecs: [{ path: spec/replicas, kind: Deployment }]\n',
  ),
  transformer(
    'NamespaceTransformer',
    'fieldSpecs: [{ path: spec/crew/home, create: true, kind: Ship }]\n'.replace(
      'fieldSpecs',
      'unsetOnly: true\nfieldSpecs',
    ),
  ),
  transformer('PatchTransformer', 'target: { kind: Ship }\npatch: |\n  - { op: add, path: /spec/flag, value: blue }\n'),
  transformer(
    'PatchTransformer',
    'path: patch.yaml\n',
    '# file: app/patch.yaml\napiVersion: example.com/v1\nkind: Ship\nmetadata: { name: ship }\nspec: { flag: red }\n',
  ),
  transformer(
    'PatchJson6902Transformer',
    'target: { kind: Ship, name: ship }\njsonOp: |\n  - { op: add, path: /spec/flag, value: blue }\n',
  ),
  transformer(
    'PatchStrategicMergeTransformer',
    'paths: [patch.yaml]\npatches: |\n  apiVersion: example.com/v1\n  kind: Ship\n  metadata: { name: ship }\n  spec: { crew: { size: 9 } }\n',
    '# file: app/patch.yaml\napiVersion: example.com/v1\nkind: Ship\nmetadata: { name: ship }\nspec: { flag: red }\n',
  ),
  transformer(
    'ReplacementTransformer',
    'replacements:\n  - source: { kind: ConfigMap, name: settings, fieldPath: data.a }\n    targets: [{ select: { kind: Ship }, fieldPaths: [spec.crew.captain] }]\n',
  ),
  transformer(
    'ValueAddTransformer',
    'value: added\ntargets: [{ selector: { kind: Ship }, fieldPath: spec/crew/captain }, { fieldPath: metadata/namespace }]\n',
  ),
  transformer(
    'ValueAddTransformer',
    'targets: [{ selector: { kind: ConfigMap }, fieldPath: data/a, filePathPosition: 1 }, { selector: { kind: ConfigMap }, fieldPath: data/b, filePathPosition: 9 }]\n',
  ),
  transformer('HashTransformer', ''),
  {
    name: 'transformers: a namespace for ServiceAccounts in bindings',
    files: `# file: app/a.yaml\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: { name: a }\nsubjects: [{ kind: ServiceAccount, name: b, namespace: c }, { kind: User, name: d }]\n# file: app/plugin.yaml\napiVersion: builtin\nkind: NamespaceTransformer\nmetadata: { name: x, namespace: shop }\nsetRoleBindingSubjects: allServiceAccounts\n${kustomization('resources: [a.yaml]\ntransformers: [plugin.yaml]\n')}`,
  },
  {
    name: 'transformers: inline',
    files: app(
      'transformers:\n  - |-\n    apiVersion: builtin\n    kind: PrefixTransformer\n    metadata: { name: x }\n    prefix: in-\n    fieldSpecs: [{ path: metadata/name }]\n',
    ),
  },
  {
    name: 'transformers: from a folder with a kustomization',
    files: `# file: plugins/kustomization.yaml\nresources: [plugin.yaml]\npatches:\n  - target: { kind: PrefixTransformer }\n    patch: "- { op: replace, path: /prefix, value: b- }"\n# file: plugins/plugin.yaml\n${plugin('PrefixTransformer', `prefix: a-\n${specs('metadata/name')}`)}${app('transformers: [../plugins]\n')}`,
  },
  generator('ConfigMapGenerator', 'literals: [a=1]\noptions: { labels: { l: m } }\n'),
  generator('SecretGenerator', 'name: other\nliterals: [a=1]\n'),
  generator(
    'IAMPolicyGenerator',
    'cloud: gke\nkubernetesService: { name: robot, namespace: shop }\nserviceAccount: { name: account, projectId: project }\n',
  ),
  {
    ...generator('IAMPolicyGenerator', 'cloud: gke\nkubernetesService: { namespace: shop }\n'),
    name: 'refused: generators: IAMPolicyGenerator without an account',
    refused: 'invalid-yaml',
  },
  {
    name: 'validators: one that changes nothing',
    files: app(
      'validators:\n  - |-\n    apiVersion: builtin\n    kind: LabelTransformer\n    metadata: { name: x }\n    labels: { a: b }\n',
    ),
  },
  refusal(
    'validator-changes-objects',
    'apiVersion: builtin',
    app(
      `validators:\n  - |-\n    apiVersion: builtin\n    kind: LabelTransformer\n    metadata: { name: x }\n    labels: { a: b }\n    ${specs('metadata/labels')}`,
    ),
  ),
  refused('unknown-plugin', 'kind: NoTransformer', 'NoTransformer', ''),
  refused(
    'wrong-plugin',
    'kind: PrefixTransformer',
    'PrefixTransformer',
    `prefix: a-\n${specs('metadata/name')}`,
    'generators',
  ),
  refused('wrong-plugin', 'kind: ConfigMapGenerator', 'ConfigMapGenerator', 'literals: [a=1]\n'),
  refused('missing-setting', 'apiVersion: builtin', 'PrefixTransformer', 'prefix: a-\n'),
  refused('missing-setting', 'apiVersion: builtin', 'ValueAddTransformer', 'value: a\n'),
  refused('no-patch', 'apiVersion: builtin', 'PatchTransformer', ''),
  refused('unknown-subject-mode', 'setRoleBindingSubjects', 'NamespaceTransformer', 'setRoleBindingSubjects: some\n'),
  refused(
    'nothing-to-scale',
    'name: none',
    'ReplicaCountTransformer',
    'replica: { name: none, count: 4 }\nfieldSpecs: [{ path: spec/replicas, kind: Deployment }]\n',
  ),
  refused(
    'no-name',
    'apiVersion: builtin',
    'IAMPolicyGenerator',
    'cloud: gke\nserviceAccount: { name: a }\n',
    'generators',
  ),
  refusal(
    'duplicate',
    'transformers: [plugin',
    `# file: app/plugin.yaml\n${plugin('HashTransformer', '')}${app('transformers: [plugin.yaml, plugin.yaml]\n')}`,
  ),
  refused('unknown-cloud', 'cloud: aws', 'IAMPolicyGenerator', 'cloud: aws\n', 'generators'),
  refused('wrong-type', 'prefix: [a]', 'PrefixTransformer', `prefix: [a]\n${specs('metadata/name')}`),
  refusal('missing', 'none.yaml', app('transformers:\n  - none.yaml\n')),
];
