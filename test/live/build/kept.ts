// What kustomize keeps in the annotations of objects while it builds, which patches and replacements read, copy and drop.
import { type Fixture, kustomization, refusal } from './pieces.ts';

const config = (metadata = 'name: a') => `# file: app/a.yaml
apiVersion: v1
kind: ConfigMap
metadata: { ${metadata} }
`;

const named = (name: string, files: string): Fixture => ({ name: `kept: ${name}`, files });

const operated = (name: string, operation: string, more = ''): Fixture =>
  named(
    name,
    `${config()}${kustomization(`resources: [a.yaml]\n${more}patches:\n  - target: { kind: ConfigMap }\n    patch: |\n      - ${operation}\n`)}`,
  );

const tracked = 'buildMetadata: [originAnnotations, transformerAnnotations]\nnamePrefix: a-\n';

/** A ConfigMap of a base that renames it, and a Pod that uses it. */
const renamed = (more: string) => `# file: base/a.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: a }
# file: base/kustomization.yaml
resources: [a.yaml]
namePrefix: a-
# file: app/b.yaml
apiVersion: v1
kind: Pod
metadata: { name: b }
spec: { volumes: [{ configMap: { name: a } }] }
${kustomization(`resources: [../base, b.yaml]\n${more}`)}`;

const copied = (from: string, to: string) =>
  renamed(
    `replacements:\n  - source: { kind: ConfigMap, fieldPath: ${from} }\n    targets: [{ select: { kind: Pod }, fieldPaths: [${to}], options: { create: true } }]\n`,
  );

export const keptFixtures: readonly Fixture[] = [
  named('a list of annotations', `${config('name: a, annotations: [a, b]')}${kustomization('resources: [a.yaml]\n')}`),
  named('a text as annotations', `${config('name: a, annotations: a')}${kustomization('resources: [a.yaml]\n')}`),
  refusal(
    'wrong-type',
    'annotations: [a]',
    `${config('name: a, annotations: [a]')}${kustomization('resources: [a.yaml]\n')}`,
  ),
  operated('an operation sets a list', '{ op: add, path: /metadata/annotations, value: [a, b] }'),
  operated('an operation sets a text', '{ op: add, path: /metadata/annotations, value: a }'),
  operated('an operation sets maps and null', '{ op: add, path: /metadata/annotations, value: { a: [b], c: , d: 7 } }'),
  operated('an operation drops the origin', '{ op: add, path: /metadata/annotations, value: { a: b } }', tracked),
  operated(
    'an operation copies annotations',
    '{ op: copy, from: /metadata, path: /data }',
    `${tracked}configMapGenerator: [{ name: g, literals: [a=b] }]\n`,
  ),
  named(
    'two operations drop the origin, and a patch comes after',
    `${config()}${kustomization(`resources: [a.yaml]\nnamePrefix: a-\n${tracked}patches:\n  - { target: { kind: ConfigMap }, patch: '[{ "op": "add", "path": "/metadata/annotations", "value": { "a": "b" } }]' }\n  - { target: { kind: ConfigMap }, patch: '[{ "op": "add", "path": "/metadata/annotations", "value": { "c": "d" } }]' }\n  - { patch: '{ apiVersion: v1, kind: ConfigMap, metadata: { name: a }, data: { e: f } }' }\n`)}`,
  ),
  named(
    'a patch drops the origin',
    `${config()}${kustomization(`resources: [a.yaml]\n${tracked}patches: [{ patch: '{ apiVersion: v1, kind: ConfigMap, metadata: { name: a, annotations: } }' }]\n`)}`,
  ),
  named(
    'a patch drops earlier names',
    renamed(`patches: [{ patch: '{ apiVersion: v1, kind: ConfigMap, metadata: { name: a, annotations: } }' }]\n`),
  ),
  named('a replacement copies annotations', copied('metadata.annotations', 'spec.x')),
  named('a replacement copies earlier names', copied('metadata.annotations', 'metadata.annotations')),
  named(
    'labels in annotations, which are set anew after each step',
    `${config()}${kustomization('resources: [a.yaml]\nbuildMetadata: [originAnnotations]\nlabels: [{ pairs: { a: b }, fields: [{ path: metadata/annotations, create: true }] }]\ncommonAnnotations: { a: "" }\n')}`,
  ),
  {
    name: 'refused: not-a-scalar: a namespace in annotations',
    files: `${config()}${kustomization('resources: [a.yaml]\nnamespace: b\nconfigurations: [c.yaml]\n')}# file: app/c.yaml\nnamespace: [{ path: metadata/annotations, create: true }]\n`,
    refused: 'not-a-scalar',
  },
  named(
    'labels that are configured for annotations',
    `${config()}${kustomization('resources: [a.yaml]\nnamespace: b\ncommonLabels: { a: b }\nconfigurations: [c.yaml]\n')}# file: app/c.yaml\ncommonLabels: [{ path: metadata/annotations }]\n`,
  ),
  {
    name: 'refused: not-a-scalar: a prefix of annotations',
    files: `${config()}${kustomization('resources: [a.yaml]\nnamePrefix: a-\nconfigurations: [c.yaml]\n')}# file: app/c.yaml\nnamePrefix: [{ path: metadata/name }, { path: metadata/annotations }]\n`,
    refused: 'not-a-scalar',
  },
  ...['[b]', 'b', '""'].map((annotations) =>
    refusal(
      'wrong-type',
      `annotations: ${annotations}`,
      `${config(`name: a, annotations: ${annotations}`)}${kustomization('resources: [a.yaml]\nbuildMetadata: [managedByLabel]\n')}`,
    ),
  ),
  ...['kind', 'metadata/name'].map((path): Fixture => {
    const refused = path === 'kind' ? 'no-kind' : 'no-name';
    return {
      name: `refused: ${refused}: an object that is renamed without its ${path}`,
      files: `# file: base/a.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: a }
# file: base/kustomization.yaml
resources: [a.yaml]
patches: [{ target: { name: a }, patch: '[{"op": "remove", "path": "/${path}"}]' }]
${kustomization(`resources: [../base]\nnameSuffix: -b\npatches: [{ target: { labelSelector: "" }, patch: '[{"op": "add", "path": "/${path}", "value": "c"}]' }]\n`)}`,
      refused,
    };
  }),
  named(
    'a name of two objects',
    `${config()}---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: b }\n${kustomization('resources: [a.yaml]\nreplacements: [{ sourceValue: c, targets: [{ select: { name: a } }] }]\n')}`,
  ),
  {
    name: 'refused: duplicate: a replacement gives two objects one name',
    files: `${config()}---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: b }\n${kustomization('resources: [a.yaml]\nreplacements:\n  - sourceValue: b\n    targets:\n      - select: { name: a }\n        fieldPaths:\n          - metadata.name\n')}`,
    refused: 'duplicate',
    at: '- metadata.name',
  },
];

const bound = (subject: string, more = '', kind = 'RoleBinding') => `# file: app/a.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ${kind}
metadata: { name: a }
subjects:
  - ${subject}
${kustomization(`resources: [a.yaml]\n${more}`)}`;

export const subjectFixtures: readonly Fixture[] = [
  refusal('wrong-type', '- [a]', bound('[a]')),
  refusal('wrong-type', '- text', bound('text')),
  refusal('wrong-type', 'namespace: 7', bound('{ kind: ServiceAccount, name: a, namespace: 7 }')),
  refusal('wrong-type', 'namespace: 2020-01-01', bound('{ kind: ServiceAccount, name: a, namespace: 2020-01-01 }')),
  refusal('wrong-type', 'kind: 7', bound('{ kind: 7, name: a, namespace: a }')),
  refusal('wrong-type', 'name: { a: b }', bound('{ kind: User, name: { a: b } }', 'namespace: x\n')),
  refusal(
    'wrong-type',
    'apiVersion: null',
    `# file: app/a.yaml\napiVersion: null\nkind: Pod\nmetadata: { name: a }\n${kustomization('resources: [a.yaml]\n')}`,
  ),
  refusal(
    'wrong-type',
    'apiVersion: ~',
    `# file: app/a.yaml\napiVersion: ~\nkind: Pod\nmetadata: { name: a }\n${kustomization('resources: [a.yaml]\n')}`,
  ),
  {
    name: 'subjects: the namespace of a ServiceAccount that becomes a number',
    files: `# file: app/b.yaml\napiVersion: v1\nkind: ServiceAccount\nmetadata: { name: a }\n${bound('{ kind: ServiceAccount, name: a }').replace('[a.yaml]', '[a.yaml, b.yaml]')}namespace: "7"\n`,
  },
  {
    name: 'subjects: a text, in a kind of no configuration',
    files: bound('text').replace('rbac.authorization.k8s.io/v1', 'planted'),
  },
  { name: 'subjects: a map as name', files: bound('{ kind: ServiceAccount, name: { a: b }, namespace: a }') },
  refusal('wrong-type', '- [null]', bound('[null]', '', 'ClusterRoleBinding')),
  { name: 'subjects: a text in a ClusterRoleBinding', files: bound('text', '', 'ClusterRoleBinding') },
  { name: 'subjects: a number as the namespace of a User', files: bound('{ kind: User, name: a, namespace: 7 }') },
];

const mark = '\uFEFF';

const inFile = (name: string, text: string, more = 'target: { kind: ConfigMap }, '): Fixture => ({
  name: `form: ${name}`,
  files: `${config()}${kustomization(`resources: [a.yaml]\npatches: [{ ${more}path: p.yaml }]\n`)}# file: app/p.yaml\n${text}`,
});

const list = '[{ op: add, path: /metadata/labels, value: { a: b } }]\n';
const json = '[{ "op": "add", "path": "/metadata/labels", "value": { "a": "b" } }]\n';
const object = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { a: b }\n';

export const formFixtures: readonly Fixture[] = [
  inFile('a list after a byte order mark', `${mark}- ${list.slice(1, -2)}\n`),
  inFile('a list after two byte order marks', `${mark}${mark}- ${list.slice(1, -2)}\n`),
  inFile('a list in brackets after a byte order mark', mark + list),
  inFile('JSON after a byte order mark', mark + json),
  inFile('a list in brackets after a space', ` ${list}`),
  inFile('a list in brackets after a comment', `# a\n${list}`),
  { ...inFile('a list in brackets', list), refused: 'unreadable-patch' },
  { ...inFile('JSON before another document', `${json}---\n`), refused: 'unreadable-patch' },
  { ...inFile('an object after two byte order marks', mark + mark + object, ''), refused: 'no-kind' },
  {
    name: 'form: a byte order mark after the marker line that begins a file',
    files: `# file: app/a.yaml\n---\n${mark}apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n${kustomization('resources: [a.yaml]\n')}`,
  },
  {
    name: 'form: a second document after a byte order mark',
    files: `${config()}---\n${mark}${object.replace('name: a', 'name: b')}${kustomization('resources: [a.yaml]\n')}`,
  },
  {
    name: 'form: a kustomization after two byte order marks',
    files: `${config()}${kustomization(`${mark}${mark}resources: [a.yaml]\n`)}`,
  },
  {
    name: 'form: inline operations in brackets after an empty line',
    files: `${config()}${kustomization(`resources: [a.yaml]\npatchesJson6902:\n  - target: { kind: ConfigMap, name: a, version: v1 }\n    patch: |-\n\n      ${list}`)}`,
  },
];

const repeating = config().replace('name: a }', 'name: a }\ndata: { a: b, a: c }');
const other = '---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: b }\n';

export const repeatedFixtures: readonly Fixture[] = [
  refusal('duplicate-key', 'a: c', `${repeating}${kustomization('resources: [a.yaml]\n')}`),
  {
    name: 'repeated: in an object that a patch deletes',
    files: `${repeating}${other}${kustomization("resources: [a.yaml]\npatches: [{ patch: '{ apiVersion: v1, kind: ConfigMap, metadata: { name: a }, $patch: delete }' }]\n")}`,
  },
  {
    name: 'repeated: in annotations, where the last is set',
    files: `${config('name: a, annotations: { a: b, a: c }')}${kustomization('resources: [a.yaml]\n')}`,
  },
  {
    name: 'repeated: in a field that a patch deletes',
    files: `${repeating}${kustomization("resources: [a.yaml]\npatches: [{ patch: '{ apiVersion: v1, kind: ConfigMap, metadata: { name: a }, data: null }' }]\n")}`,
  },
  {
    name: 'refused: duplicate-key: an operation removes the field',
    files: `${repeating}${kustomization(`resources: [a.yaml]\npatches: [{ target: { kind: ConfigMap }, patch: '[{"op": "remove", "path": "/data"}]' }]\n`)}`,
    refused: 'duplicate-key',
  },
  {
    name: 'refused: duplicate-key: in an object of a list',
    files: `# file: app/a.yaml\napiVersion: v1\nkind: List\nitems: [{ apiVersion: v1, kind: ConfigMap, metadata: { name: a }, data: { a: b, a: c } }]\n${kustomization('resources: [a.yaml]\n')}`,
    refused: 'duplicate-key',
  },
];

const replacing = (name: string, fields: string): Fixture => ({
  name: `replacements: ${name}`,
  files: `${config('name: a-b').replace(' }', ' }\ndata: { a: b-c-d, b: x-y }')}${kustomization(`resources: [a.yaml]\nreplacements:\n  - ${fields}\n`)}`,
});

/** A source that is a target too. */
export const sourceFixtures: readonly Fixture[] = [
  replacing(
    'the source changes before the next target',
    'source: { kind: ConfigMap }\n    targets: [{ select: { kind: ConfigMap }, fieldPaths: [data.a, metadata.name], options: { delimiter: "-", index: 1 } }, { select: { kind: ConfigMap }, fieldPaths: [data.b] }]',
  ),
  replacing(
    'a map into itself',
    'source: { kind: ConfigMap, fieldPath: data }\n    targets: [{ select: { kind: ConfigMap }, fieldPaths: [data.x], options: { create: true } }]',
  ),
  replacing(
    'a map of which a target is part',
    'source: { kind: ConfigMap, fieldPath: data }\n    targets: [{ select: { kind: ConfigMap }, fieldPaths: [x.y, data.a, x.z], options: { create: true } }]',
  ),
];
