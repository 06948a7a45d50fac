// Builds whose bases were edited are those of a workspace that is read anew, whatever the kustomizations between do; and where
// each object is transformed by itself, only the edited one is transformed again.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testCatalog } from '../fixture.ts';
import { builtValue } from '../kustomize/built.ts';
import { inWalkOrder } from '../kustomize/paths.ts';
import { Builds } from './builds.ts';
import { Workspace } from './workspace.ts';

const base: Readonly<Record<string, string>> = {
  'base/kustomization.yaml': `resources: [web.yaml, more.yaml, config.yaml]
namespace: shop
labels: [{ pairs: { tier: front } }]
configMapGenerator: [{ name: settings, literals: [a=b] }]
`,
  'base/web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, labels: { app: web } }
spec:
  replicas: 1
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - { name: main, image: example.com/one, args: [serve] }
        - { name: side, image: two, envFrom: [{ configMapRef: { name: config } }, { configMapRef: { name: settings } }] }
`,
  'base/more.yaml': `apiVersion: v1
kind: Service
metadata: { name: more, labels: { app: web } }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: more }
subjects: [{ kind: ServiceAccount, name: default }]
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: more }
`,
  'base/config.yaml': `apiVersion: v1
kind: ConfigMap
metadata: { name: config, annotations: { a: b } }
data: { host: example.com, port: "80" }
`,
};

/** What a kustomization that lists the base does besides. */
const overlays: Readonly<Record<string, string>> = {
  plain: '',
  names: 'namePrefix: a-\nnameSuffix: -b\nnamespace: other\n',
  labels: 'labels: [{ pairs: { site: a }, includeSelectors: true }]\ncommonAnnotations: { c: d }\n',
  images: 'images: [{ name: example.com/one, newTag: "2" }]\nreplicas: [{ name: web, count: 3 }]\n',
  merge: `patches:
  - patch: |
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web, namespace: shop }
      spec: { template: { spec: { containers: [{ name: side, image: three }] } } }
`,
  selected: `patches:
  - target: { labelSelector: app=web }
    patch: '[{ "op": "add", "path": "/metadata/labels/patched", "value": "yes" }]'
  - target: { annotationSelector: a=b }
    patch: '[{ "op": "test", "path": "/data/port", "value": "80" }]'
`,
  moved: `patches:
  - target: { kind: ConfigMap, name: config }
    options: { allowNameChange: true }
    patch: '[{ "op": "copy", "from": "/data/host", "path": "/metadata/name" }]'
`,
  deleted: `patches:
  - patch: |
      $patch: delete
      apiVersion: v1
      kind: Service
      metadata: { name: more, namespace: shop }
`,
  replacements: `replacements:
  - source: { kind: ConfigMap, name: config, fieldPath: data.host }
    targets:
      - { select: { kind: Deployment }, fieldPaths: [spec.template.spec.containers.0.image] }
`,
  variables: `vars: [{ name: HOST, objref: { kind: ConfigMap, name: config, apiVersion: v1 }, fieldref: { fieldPath: data.host } }]
`,
  generators:
    'configMapGenerator: [{ name: config, behavior: merge, literals: [more=less] }, { name: new, literals: [x=y] }]\n',
  components: 'components: [../component]\nnamePrefix: c-\n',
  plugin: 'transformers: [prefix.yaml]\n',
  second: 'resources: [../merge, ../component-free]\nnameSuffix: -second\n',
};

const files: Readonly<Record<string, string>> = {
  ...base,
  ...Object.fromEntries(
    Object.entries(overlays).map(([name, text]) => [
      `${name}/kustomization.yaml`,
      text.startsWith('resources') ? text : `resources: [../base]\n${text}`,
    ]),
  ),
  'component/kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
resources: [own.yaml]
patches:
  - target: { kind: Deployment }
    patch: '[{ "op": "add", "path": "/spec/paused", "value": true }]'
labels: [{ pairs: { component: a }, includeTemplates: true }]
`,
  'component/own.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: own }\n',
  'component-free/kustomization.yaml': 'resources: [own.yaml]\n',
  'component-free/own.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: own }\n',
  'plugin/prefix.yaml':
    'apiVersion: builtin\nkind: PrefixTransformer\nmetadata: { name: x }\nprefix: p-\nfieldSpecs: [{ path: metadata/name }]\n',
};

/** Each replaces a text of the base's files. */
const edits: readonly (readonly [path: string, from: string, to: string])[] = [
  ['web.yaml', 'image: two', 'image: changed'],
  ['web.yaml', 'example.com/one', 'example.com/other'],
  ['web.yaml', 'name: side', 'name: aside'],
  ['web.yaml', 'app: web }\nspec', 'app: api }\nspec'],
  ['web.yaml', 'name: web', 'name: api'],
  ['web.yaml', 'kind: Deployment', 'kind: StatefulSet'],
  ['web.yaml', 'replicas: 1', 'replicas: {}'],
  ['web.yaml', 'containers:\n', 'containers: # here\n'],
  ['web.yaml', 'metadata: { name', 'metadata: {name'],
  ['more.yaml', 'app: web }\nspec', 'app: api }\nspec'],
  ['more.yaml', 'name: default', 'name: "default"'],
  ['more.yaml', '[{ kind: ServiceAccount', '[1, { kind: ServiceAccount'],
  ['more.yaml', 'kind: Service\n', 'kind: Secret\n'],
  ['config.yaml', 'host: example.com', 'host: example.org'],
  ['config.yaml', 'port: "80"', 'port: "81"'],
  // What names it has its place, which is another then.
  ['config.yaml', 'port: "80"', 'port: "8080"'],
  ['config.yaml', 'a: b }', 'a: c }'],
  ['config.yaml', 'name: config,', 'name: config, namespace: none,'],
  ['kustomization.yaml', 'namespace: shop', 'namespace: mall'],
  ['kustomization.yaml', 'a=b', 'a=c'],
  ['kustomization.yaml', 'tier: front', 'tier: back'],
];

function started(): Workspace {
  const workspace = new Workspace(testCatalog);
  const paths = Object.keys(files).sort(inWalkOrder);
  workspace.list(paths);
  for (const path of paths) workspace.put(path, files[path]!);
  return workspace;
}

const shown = (builds: Builds, folder: string) => {
  const { objects, problems, warnings, incomplete, reads } = builds.of(folder);
  return {
    objects: objects.map((one) => ({ ...one, json: builtValue(one.value) })),
    problems,
    warnings,
    incomplete,
    reads,
  };
};

/** Edits a file of the base: the other way round if that was done before. */
function edit(workspace: Workspace, [name, from, to]: (typeof edits)[number]): void {
  const path = `base/${name}`;
  const { text } = workspace.file(path)!;
  workspace.put(path, text.includes(to) ? text.replace(to, from) : text.replace(from, to));
}

describe.each(Object.keys(overlays))('%s', (folder) => {
  test('is built', () => {
    expect(new Builds(started()).of(folder)).toMatchObject({ problems: [], incomplete: [] });
  });

  test('after any edits of the base, the build is that of the files', () => {
    const some = fc.array(fc.constantFrom(...edits), { minLength: 4, maxLength: 30 });
    fc.assert(
      fc.property(some, (all) => {
        const workspace = started();
        const builds = new Builds(workspace);
        shown(builds, folder);
        for (const one of all) {
          edit(workspace, one);
          // Most edits are taken back, since nothing is made again of what is refused.
          expect(shown(builds, folder), one.join(' ')).toEqual(shown(new Builds(workspace), folder));
          if (one[0] !== 'kustomization.yaml') edit(workspace, one);
          expect(shown(builds, folder), one.join(' ')).toEqual(shown(new Builds(workspace), folder));
        }
      }),
      { numRuns: 8 },
    );
  });
});
