// configMapGenerator, secretGenerator, generatorOptions, and behaviors.
import { app, base, type Fixture, kustomization, refusal, settings } from './pieces.ts';

const files = `# file: app/data.txt
line one
  line <two> & "more"
# file: app/values.env
# A comment

A=1
B = two
C
  D=x=y
E="quoted"
`;

const generated = (fields: string) => `${files}${kustomization(fields)}`;
const configMap = (name: string, fields: string): Fixture => ({
  name: `configMapGenerator: ${name}`,
  files: generated(`configMapGenerator:\n  - name: made\n    ${fields}\n`),
});
const secret = (name: string, fields: string): Fixture => ({
  name: `secretGenerator: ${name}`,
  files: generated(`secretGenerator:\n  - name: made\n    ${fields}\n`),
});

const merged = (behavior: string, more = '') =>
  `${base}${kustomization(`resources: [../base]\nconfigMapGenerator:\n  - name: settings\n    behavior: ${behavior}\n    literals: [b=2]\n${more}`)}`;

const layered = (fields: string, over: string) =>
  `# file: base/kustomization.yaml\n${fields}${kustomization(`resources: [../base]\n${over}`)}`;

const baseGenerator =
  'configMapGenerator:\n  - name: made\n    literals: [a=1, b=2]\n    options: { labels: { l: base }, annotations: { note: base } }\n';
const baseSecret = 'secretGenerator:\n  - name: made\n    type: example.com/t\n    literals: [a=1, b=2]\n';

const user = `# file: app/pod.yaml
apiVersion: v1
kind: Pod
metadata: { name: user }
spec:
  containers: [{ envFrom: [{ configMapRef: { name: made } }, { secretRef: { name: made } }] }]
`;

export const generatorFixtures: readonly Fixture[] = [
  configMap(
    'literals',
    'literals: [a=1, "b=two words", c=, "d=x=y", \'e="quoted"\', "f=\'single\'", "g=\\"half", "h=<&>"]',
  ),
  configMap('files', 'files: [data.txt, renamed=data.txt, ./values.env]'),
  configMap('envs', 'envs: [values.env]'),
  configMap('env', 'env: values.env'),
  configMap('envs, literals and files', 'envs: [values.env]\n    literals: [z=1]\n    files: [data.txt]'),
  configMap('nothing', 'namespace: shop'),
  configMap('empty lists', 'literals: []\n    files: []'),
  configMap('options', 'literals: [a=1]\n    options: { labels: { l: m }, annotations: { note: o }, immutable: true }'),
  configMap('disableNameSuffixHash', 'literals: [a=1]\n    options: { disableNameSuffixHash: true }'),
  configMap('unknown behavior', 'literals: [a=1]\n    behavior: whatever'),
  configMap('a variable', 'literals: ["a=${NAME}"]'),
  configMap('characters', 'literals: ["a=é\\u00ff😀", "b=\\t"]'),
  secret('literals', 'literals: [a=1, b=two]'),
  secret('type', 'type: kubernetes.io/tls\n    literals: [tls.crt=1, tls.key=2]'),
  secret('nothing', 'namespace: shop'),
  secret('files', 'files: [data.txt]'),
  secret('a long value', `literals: ["a=${'long '.repeat(40)}"]`),
  secret('a value of one line', `literals: ["a=${'x'.repeat(51)}", "b=${'x'.repeat(52)}", "c=${'x'.repeat(54)}"]`),
  secret('options', 'literals: [a=1]\n    options: { labels: { l: m }, annotations: { note: o }, immutable: true }'),
  {
    name: 'generatorOptions',
    files: generated(
      'generatorOptions: { labels: { l: all, k: all }, annotations: { note: all }, disableNameSuffixHash: true, immutable: true }\nconfigMapGenerator:\n  - name: made\n    literals: [a=1]\n    options: { labels: { l: own }, disableNameSuffixHash: false }\nsecretGenerator:\n  - name: made\n',
    ),
  },
  {
    name: 'generators: references follow the hash',
    files: `${user}${kustomization('resources: [pod.yaml]\nnamePrefix: a-\nconfigMapGenerator: [{ name: made, literals: [a=1] }]\nsecretGenerator: [{ name: made, literals: [a=1] }]\n')}`,
  },
  {
    name: 'generators: patches change the hash',
    files: kustomization(
      'configMapGenerator: [{ name: made, literals: [a=1] }]\npatches:\n  - patch: |\n      apiVersion: v1\n      kind: ConfigMap\n      metadata: { name: made }\n      data: { b: "2" }\n',
    ),
  },
  {
    name: 'generators: in two bases with one name',
    files: `# file: one/kustomization.yaml\nnamespace: one\nconfigMapGenerator: [{ name: made, literals: [a=1] }]\n# file: two/kustomization.yaml\nnamespace: two\nconfigMapGenerator: [{ name: made, literals: [a=2] }]\n${kustomization('resources: [../one, ../two]\n')}`,
  },
  { name: 'behavior: merge into a resource', files: merged('merge') },
  { name: 'behavior: replace a resource', files: merged('replace') },
  {
    name: 'behavior: merge into a generated one',
    files: layered(
      baseGenerator,
      'configMapGenerator:\n  - name: made\n    behavior: merge\n    literals: [b=3, c=4]\n    options: { labels: { l: top } }\n',
    ),
  },
  {
    name: 'behavior: replace a generated one',
    files: layered(baseGenerator, 'configMapGenerator:\n  - name: made\n    behavior: replace\n    literals: [c=4]\n'),
  },
  {
    name: 'behavior: merge after a prefix',
    files: layered(
      `namePrefix: p-\n${baseGenerator}`,
      'configMapGenerator:\n  - name: made\n    behavior: merge\n    literals: [c=4]\n',
    ),
  },
  {
    name: 'behavior: merge into a generated Secret',
    files: layered(baseSecret, 'secretGenerator:\n  - name: made\n    behavior: merge\n    literals: [b=3]\n'),
  },
  {
    name: 'behavior: merge into a Secret with stringData',
    files: `# file: app/secret.yaml\napiVersion: v1\nkind: Secret\nmetadata: { name: made }\nstringData: { a: text }\ndata: { b: Mg== }\n${kustomization('resources: [secret.yaml]\nsecretGenerator:\n  - name: made\n    behavior: merge\n    literals: [c=3]\n')}`,
  },
  {
    name: 'behavior: merge without the hash',
    files: layered(
      baseGenerator,
      'configMapGenerator:\n  - name: made\n    behavior: merge\n    options: { disableNameSuffixHash: true }\n',
    ),
  },
  {
    name: 'config.kubernetes.io and internal annotations',
    files: `# file: app/a.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  annotations: { config.kubernetes.io/path: a.yaml, config.kubernetes.io/index: "0", internal.config.kubernetes.io/path: a.yaml, internal.config.kubernetes.io/index: "0", config.k8s.io/id: "1", kept: "yes" }\n${kustomization('resources: [a.yaml]\n')}`,
  },
  {
    name: 'internal annotations: a hash for a resource',
    files: `# file: app/a.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  annotations: { internal.config.kubernetes.io/needsHashSuffix: enabled }\ndata: { a: "1" }\n${kustomization('resources: [a.yaml]\n')}`,
  },
  refusal('unnamed-generator', '- literals', kustomization('configMapGenerator:\n  - literals: [a=1]\n')),
  refusal(
    'invalid-literal',
    'novalue',
    kustomization('configMapGenerator:\n  - name: made\n    literals:\n      - novalue\n'),
  ),
  refusal(
    'invalid-literal',
    '"=value"',
    kustomization('configMapGenerator:\n  - name: made\n    literals:\n      - "=value"\n'),
  ),
  refusal(
    'invalid-file-source',
    '=a.txt',
    kustomization('secretGenerator:\n  - name: made\n    files:\n      - "=a.txt"\n'),
  ),
  refusal('invalid-file-source', 'a=', kustomization('secretGenerator:\n  - name: made\n    files:\n      - a=\n')),
  refusal(
    'invalid-file-source',
    'a=b=c',
    kustomization('secretGenerator:\n  - name: made\n    files:\n      - a=b=c\n'),
  ),
  refusal('missing', 'none.txt', kustomization('secretGenerator:\n  - name: made\n    files:\n      - none.txt\n')),
  refusal('missing', 'none.env', kustomization('secretGenerator:\n  - name: made\n    envs:\n      - none.env\n')),
  refusal(
    'outside',
    '../base/settings.yaml',
    `${base}${kustomization('configMapGenerator:\n  - name: made\n    files:\n      - ../base/settings.yaml\n')}`,
  ),
  refusal(
    'repeated-key',
    'a=2',
    kustomization('configMapGenerator:\n  - name: made\n    literals:\n      - a=1\n      - a=2\n'),
  ),
  refusal(
    'already-exists',
    'name: made # again',
    kustomization('configMapGenerator:\n  - name: made\n  - name: made # again\n'),
  ),
  refusal(
    'already-exists',
    'name: settings # again',
    `${settings}${kustomization('resources: [settings.yaml]\nconfigMapGenerator:\n  - name: settings # again\n')}`,
  ),
  refusal('nothing-to-change', 'name: none', app('configMapGenerator:\n  - name: none\n    behavior: merge\n')),
  refusal('nothing-to-change', 'name: gone', app('secretGenerator:\n  - name: gone\n    behavior: replace\n')),
  refusal(
    'several-to-change',
    'name: made # of both',
    `# file: one/kustomization.yaml\nnamePrefix: one-\nconfigMapGenerator: [{ name: made }]\n# file: two/kustomization.yaml\nnamePrefix: two-\nconfigMapGenerator: [{ name: made }]\n${kustomization('resources: [../one, ../two]\nconfigMapGenerator:\n  - name: made # of both\n    behavior: merge\n')}`,
  ),
  refusal('key-not-text', '1=a', kustomization('configMapGenerator:\n  - name: made\n    literals:\n      - 1=a\n')),
  refusal(
    'key-not-text',
    'n: o',
    kustomization('configMapGenerator:\n  - name: made\n    options:\n      annotations:\n        n: o\n'),
  ),
  refusal('unknown-field', 'literal:', kustomization('configMapGenerator:\n  - name: made\n    literal: [a=1]\n')),
];
