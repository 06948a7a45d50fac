// Flux Kustomizations that our builds and those of `flux build` are compared for: one per field of the spec and per way a
// substituted value is read.

export interface FluxFixture {
  readonly name: string;
  /** The fields after `interval`, `path` (`./app`), `prune` and `sourceRef`. */
  readonly spec: string;
  /** Each after a line `# file: path`. */
  readonly files: string;
  /** The kind of the problem if Flux refuses. */
  readonly refused?: string;
}

const base = `# file: app/kustomization.yaml
resources: [web.yaml]
# file: app/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: nginx }] }
`;

const config = (...data: readonly string[]) => `# file: app/config.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: config, namespace: apps }
data:
${data.map((line) => `  ${line}\n`).join('')}`;

const variables = (...lines: readonly string[]) =>
  `postBuild:\n  substitute:\n${lines.map((line) => `    ${line}\n`).join('')}`;

export const fluxFixtures: readonly FluxFixture[] = [
  { name: 'no fields', spec: '', files: base },
  { name: 'targetNamespace', spec: 'targetNamespace: other\n', files: base },
  {
    name: 'targetNamespace over namespace',
    spec: 'targetNamespace: other\n',
    files: base.replace('resources: [web.yaml]', 'resources: [web.yaml]\nnamespace: own'),
  },
  {
    name: 'patches after those of the kustomization',
    spec: `patches:
  - target: { kind: Deployment }
    patch: |
      - op: replace
        path: /spec/replicas
        value: 7
  - patch: |
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web, namespace: shop }
      spec: { template: { spec: { containers: [{ name: web, image: "nginx:\${TAG}" }] } } }
${variables('TAG: "1.29"')}`,
    files: base.replace(
      'resources: [web.yaml]',
      'resources: [web.yaml]\npatches: [{ target: { name: web }, patch: "- { op: replace, path: /spec/replicas, value: 5 }" }]',
    ),
  },
  {
    name: 'a patch without a match',
    spec: 'patches: [{ patch: "{ apiVersion: v1, kind: Service, metadata: { name: none } }" }]\n',
    files: base,
    refused: 'no-match',
  },
  {
    name: 'commonMetadata',
    spec: 'commonMetadata: { labels: { team: a, app: b }, annotations: { note: "1" } }\n',
    files: base,
  },
  {
    name: 'components',
    spec: 'components: [../parts/one]\n',
    files: `${base}# file: parts/one/kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
patches: [{ target: { kind: Deployment }, patch: "- { op: replace, path: /spec/replicas, value: 9 }" }]
`,
  },
  { name: 'namePrefix and nameSuffix', spec: 'namePrefix: a-\nnameSuffix: -b\n', files: base },
  {
    name: 'a prefix instead of that of the kustomization',
    spec: 'namePrefix: a-\n',
    files: base.replace('resources: [web.yaml]', 'resources: [web.yaml]\nnamePrefix: own-'),
  },
  {
    name: 'images',
    spec: 'images: [{ name: nginx, newName: registry.example.com/nginx, newTag: "1.29" }]\n',
    files: base,
  },
  {
    name: 'images with those of the kustomization',
    spec: 'images: [{ name: nginx, newTag: "1.29" }, { name: other, newTag: "2" }]\n',
    files: base.replace(
      'resources: [web.yaml]',
      `resources: [web.yaml]\nimages: [{ name: nginx, newName: mirror/nginx, digest: "sha256:${'0'.repeat(64)}" }]`,
    ),
  },
  {
    name: 'a kustomization without resources',
    spec: variables('COLOR: red'),
    files: `# file: app/kustomization.yaml
configMapGenerator: [{ name: settings, namespace: apps, literals: ["color=\${COLOR}"] }]
`,
  },
  {
    name: 'generated names, with references',
    spec: variables('COLOR: red'),
    files: base
      .replace(
        'resources: [web.yaml]',
        'resources: [web.yaml]\nconfigMapGenerator: [{ name: settings, namespace: shop, literals: ["color=${COLOR}"] }]',
      )
      .replace('image: nginx }', 'image: nginx, envFrom: [{ configMapRef: { name: settings } }] }'),
  },
  {
    name: 'an empty kustomization',
    spec: '',
    files: '# file: app/kustomization.yaml\nkind: Kustomization\napiVersion: kustomize.config.k8s.io/v1beta1\n',
  },
  { name: 'an empty folder', spec: '', files: '# file: app/notes.txt\nnothing\n' },
  {
    name: 'a list of objects',
    spec: variables('A: b'),
    files: `# file: app/list.yaml
apiVersion: v1
kind: List
items:
  - { apiVersion: v1, kind: ConfigMap, metadata: { name: a }, data: { a: "\${A}" } }
  - { apiVersion: v1, kind: ConfigMap, metadata: { name: b }, data: { a: "\${A}" } }
`,
  },
  {
    name: 'a patch for an object in the namespace that it had',
    spec: `targetNamespace: other
patches:
  - target: { kind: Deployment, namespace: shop }
    patch: |
      - { op: replace, path: /spec/replicas, value: 4 }
`,
    files: base,
  },
  { name: 'a missing component', spec: 'components: [../parts/two]\n', files: base, refused: 'missing' },
  {
    name: 'ignoreMissingComponents',
    spec: 'components: [../parts/two]\nignoreMissingComponents: true\n',
    files: base,
  },
  {
    name: 'a remote component',
    spec: 'components: ["https://example.com/parts"]\n',
    files: base,
    refused: 'component-not-local',
  },
  {
    name: 'a folder without a kustomization',
    spec: '',
    files: `# file: app/b.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: b }
# file: app/a/deep/er.yml
apiVersion: v1
kind: ConfigMap
metadata: { name: deep }
---
# nothing
# file: app/c/kustomization.yaml
resources: [../b/c.yaml]
nameSuffix: ""
namespace: inner
# file: app/c/ignored.yaml
not: an object
# file: app/notes.txt
text
# file: app/b/c.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: c }
`,
  },
  {
    name: 'nested folders with a kustomization',
    spec: '',
    files: `# file: app/b.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: b }
# file: app/a/deep/er.yml
apiVersion: v1
kind: ConfigMap
metadata: { name: deep }
---
# nothing
# file: app/c/kustomization.yaml
resources: [one.yaml]
namespace: inner
# file: app/c/one.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: one }
# file: app/c/ignored.yaml
not: an object
# file: app/notes.txt
text
`,
  },
  {
    name: 'a file that is no manifest',
    spec: '',
    files: `${base.replace('# file: app/kustomization.yaml\nresources: [web.yaml]\n', '')}# file: app/values.yaml\nreplicas: 1\n`,
    refused: 'not-a-manifest',
  },
  {
    name: 'files outside of the folder',
    spec: '',
    files: `${base.replace('[web.yaml]', '[web.yaml, ../shared/extra.yaml]')}# file: shared/extra.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: extra }
`,
  },
  {
    name: 'an unknown field of the kustomization',
    spec: '',
    files: base.replace('resources: [web.yaml]', 'resources: [web.yaml]\nresource: [none.yaml]'),
  },
  {
    name: 'types of substituted values',
    spec: variables(
      'NUMBER: "5"',
      'AGREED: "yes"',
      'NOTHING: "null"',
      'EMPTY: ""',
      'LIST: "[a, b]"',
      'MAP: "{ a: b }"',
      `QUOTED: '"5"'`,
      'COMMENT: "a # b"',
      'LINES: "a\\nb"',
      'OCTAL: "0644"',
      'DATE: "2024-01-02"',
    ),
    files: config(
      'number: ${NUMBER}',
      'quoted: "${NUMBER}"',
      'text: "a: ${NUMBER}"',
      'mixed: x${NUMBER}',
      'agreed: ${AGREED}',
      'nothing: ${NOTHING}',
      'empty: ${EMPTY}',
      'list: ${LIST}',
      'map: ${MAP}',
      'string: ${QUOTED}',
      'comment: ${COMMENT}',
      'lines: ${LINES}',
      'octal: ${OCTAL}',
      'date: ${DATE}',
      'block: |',
      '  a: ${NUMBER}',
      '  b: ${LIST}',
      'dash: "- ${NUMBER}"',
      'trailing: "${NUMBER} "',
      'tab: "\\t${NUMBER}"',
      'emoji: "\u{1F600} ${NUMBER}"',
      'apostrophe: "it\'s ${NUMBER}: #x"',
      'items: ["${NUMBER}", "a${NUMBER}", "${MAP}"]',
      'escaped: $${NUMBER}',
      'dollars: a$$b',
      '"key${NUMBER}": 1',
    ),
  },
  {
    name: 'a value that is not YAML in its place',
    spec: variables('MAP: "a: b"'),
    files: config('map: ${MAP}'),
    refused: 'not-yaml',
  },
  {
    name: 'a value with a colon in a list',
    spec: variables('MAP: "a: b"'),
    files: config('list:', '  - ${MAP}'),
  },
  {
    name: 'a quote in a quoted text',
    spec: variables(`QUOTE: "it's"`),
    files: config('text: "a: ${QUOTE}"'),
    refused: 'not-yaml',
  },
  {
    name: 'a key that is set twice',
    spec: variables('KEY: b'),
    files: config('b: "1"', '${KEY}: "2"'),
  },
  {
    name: 'objects that are exempt',
    spec: variables('A: b'),
    files: `${config('a: ${A}')}---
apiVersion: v1
kind: ConfigMap
metadata: { name: label, labels: { kustomize.toolkit.fluxcd.io/substitute: disabled } }
data: { a: "\${A} $$" }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: annotation, annotations: { kustomize.toolkit.fluxcd.io/substitute: disabled } }
data: { a: "\${A-b}" }
`,
  },
  { name: 'no variables', spec: 'postBuild: { substitute: {} }\n', files: config('a: ${A:=b} $$') },
  {
    name: 'always',
    spec: 'postBuild: { substituteStrategy: Always }\n',
    files: config('a: ${A:=b} $$'),
  },
  {
    name: 'an invalid name',
    spec: variables('A-B: c'),
    files: config('a: b'),
    refused: 'invalid-variable-name',
  },
];
