import { describe, expect, test } from 'vitest';
import { yaml } from '../fixture.ts';
import { unknown } from '../syntax/tree.ts';
import { type BuildResult, build } from './build.ts';
import { type Built, builtAt, builtValue, textAt } from './built.ts';
import { buildFilesOf, textsOf } from './fixture.ts';

const overlay = `# file: base/kustomization.yaml
resources: [web.yaml]
# file: base/web.yaml
# The shop
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data: { a: "1", b: "2", c: "3" }
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  template: { spec: { containers: [{ name: main, image: one }] } }
# file: prod/kustomization.yaml
resources:
  - ../base
namespace: shop
patches:
  - path: replicas.yaml
  - target: { kind: ConfigMap }
    patch: |
      # Ours

      - op: replace
        path: /data/b
        value: \${B}
  - patch: |-
      apiVersion: v1
      kind: ConfigMap
      metadata: { name: settings }
      data: { c: null, d: "4" }
  - patch: '{ apiVersion: v1, kind: ConfigMap, metadata: { name: settings }, data: { e: "5" } }'
  - patch: "{ apiVersion: v1, kind: ConfigMap, metadata: { name: settings }, data: { f: \\"6\\" } }"
# file: prod/replicas.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 5
`;

/** `file: text` of an origin. */
function written(source: string, built: Built | undefined): string {
  if (!built) return 'nothing';
  const { source: document, start, end } = built.origin;
  return `${document.file}: ${textsOf(source)
    .get(document.file)!
    .slice(document.start + start, document.start + end)}`;
}

function run(source: string, folder: string): BuildResult {
  return build(folder, buildFilesOf(source));
}

describe('every value has its origin', () => {
  const { objects, problems, incomplete } = run(overlay, 'prod');
  const [settings, web] = objects.map(({ value }) => value);
  const from = (object: Built | undefined, ...path: readonly (string | number)[]) =>
    written(overlay, builtAt(object, path));

  test('the build is complete', () => {
    expect(problems).toEqual([]);
    expect(incomplete).toEqual([]);
    expect(builtValue(settings!)).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings', namespace: 'shop' },
      data: { a: '1', b: unknown, d: '4', e: '5', f: '6' },
    });
  });

  test.each([
    ['the base, in its second document', () => from(settings, 'data', 'a'), 'base/web.yaml: "1"'],
    ['an operation in the kustomization', () => from(settings, 'data', 'b'), 'prod/kustomization.yaml: ${B}'],
    ['a patch in the kustomization', () => from(settings, 'data', 'd'), 'prod/kustomization.yaml: "4"'],
    ['a patch file', () => from(web, 'spec', 'replicas'), 'prod/replicas.yaml: 5'],
    ['the namespace', () => from(web, 'metadata', 'namespace'), 'prod/kustomization.yaml: shop'],
    [
      'what merging leaves alone',
      () => from(web, 'spec', 'template', 'spec', 'containers', 0),
      'base/web.yaml: { name: main, image: one }',
    ],
    ['what is deleted', () => from(settings, 'data', 'c'), 'nothing'],
  ])('%s', (_name, found, expected) => {
    expect(found()).toBe(expected);
  });

  test('the values of a quoted patch have their own range, escapes included', () => {
    expect(from(settings, 'data', 'e')).toBe('prod/kustomization.yaml: "5"');
    expect(from(settings, 'data', 'f')).toBe('prod/kustomization.yaml: \\"6\\"');
  });

  test('a merged map keeps the origin of the object', () => {
    expect(from(settings, 'data')).toBe('base/web.yaml: { a: "1", b: "2", c: "3" }');
  });
});

describe('reads', () => {
  test('lists every path that was looked up, existing or not', () => {
    const { reads } = run(overlay, 'prod');
    expect(reads).toContain('prod/replicas.yaml');
    expect(reads).toContain('base/web.yaml');
    expect(reads).toContain('base/Kustomization');
    expect(reads).not.toContain('base/replicas.yaml');
  });
});

describe('problems', () => {
  test('have their field and origin, and the rest is built', () => {
    const source = overlay.replace(
      yaml`
          name: settings
        data:`,
      yaml`
          name: renamed
        data:`,
    );
    const { problems, objects } = run(source, 'prod');
    expect(problems.map(({ reason, field }) => [reason, field])).toEqual([
      [{ kind: 'no-match', id: 'v1 ConfigMap settings' }, ['patches', 2]],
      [{ kind: 'no-match', id: 'v1 ConfigMap settings' }, ['patches', 3]],
      [{ kind: 'no-match', id: 'v1 ConfigMap settings' }, ['patches', 4]],
    ]);
    const [first] = problems;
    const { source: document, start, end } = first!.origin;
    expect(textsOf(source).get(document.file)!.slice(start, end)).toBe('settings');
    expect(objects).toHaveLength(2);
  });

  test('a cycle is reported once', () => {
    const source = `# file: a/kustomization.yaml
resources: [../b]
# file: b/kustomization.yaml
resources: [../a]
`;
    expect(run(source, 'a').problems.map(({ reason, kustomization }) => [reason, kustomization])).toEqual([
      [{ kind: 'cycle', path: '../a', folder: 'a' }, 'b/kustomization.yaml'],
    ]);
  });

  test('a build ends if bases list each other twice', () => {
    const levels = Array.from(
      { length: 60 },
      (_, level) => `# file: l${level}/kustomization.yaml
components: [../l${level + 1}, ../l${level + 1}]
kind: Component
`,
    );
    const { incomplete } = run(
      yaml`
        ${levels.join('')}# file: l60/kustomization.yaml
        kind: Component
        resources: []
      `,
      'l0',
    );
    expect(incomplete).toEqual(['resources']);
  });

  // Each puts the text in front of itself, which would double it a hundred times.
  test('texts that grow with each replacement end at what a cluster can store', () => {
    const entry = `
      - source: { kind: ConfigMap, fieldPath: data.a }
        targets:
          - select: { kind: ConfigMap }
            fieldPaths: [data.a]
            options: { delimiter: "-", index: -1 }`;
    const { objects, problems, incomplete } = run(
      yaml`
        # file: a/kustomization.yaml
        resources: [a.yaml]
        replacements:${entry.repeat(100).replaceAll('\n', '\n        ')}
        # file: a/a.yaml
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: a }
        data: { a: text }
      `,
      'a',
    );
    expect([problems, incomplete]).toEqual([[], ['replacements']]);
    const text = builtAt(objects[0]!.value, ['data', 'a']);
    expect(text?.kind === 'scalar' && text.text.length).toBeLessThanOrEqual(1_500_000);
  });
});

describe('unsupported fields', () => {
  test('of all kustomizations are listed as incomplete', () => {
    const source = `# file: a/kustomization.yaml
resources: [../b]
transformers: ["{ apiVersion: example.com/v1, kind: Program, metadata: { name: a } }"]
# file: b/kustomization.yaml
helmCharts: [{ name: a }]
generators: []
`;
    expect(run(source, 'a').incomplete).toEqual(['helmCharts', 'transformers']);
  });

  test.each([
    'https://example.com/a.yaml',
    'github.com/owner/repository/base?ref=v1',
    'git@example.com:owner/repository.git',
  ])('remote resources are left out, which is no problem: %s', (path) => {
    const { problems, incomplete } = run(
      yaml`
        # file: a/kustomization.yaml
        resources: ["${path}"]
      `,
      'a',
    );
    expect([problems, incomplete]).toEqual([[], ['resources']]);
  });
});

test('a Secret that SOPS encrypted keeps its holes through a patch', () => {
  const source = `# file: a/kustomization.yaml
resources: [secret.yaml]
patches:
  - patch: |
      apiVersion: v1
      kind: Secret
      metadata: { name: a, labels: { app: a } }
# file: a/secret.yaml
apiVersion: v1
kind: Secret
metadata: { name: a }
stringData: { password: "ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]" }
sops: { mac: "ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]" }
`;
  const [secret] = run(source, 'a').objects;
  expect(builtValue(builtAt(secret!.value, ['stringData', 'password'])!)).toBe(unknown);
  expect(builtValue(builtAt(secret!.value, ['metadata', 'labels'])!)).toEqual({ app: 'a' });
});

test('values that aliases share stay shared through a patch', () => {
  const levels = Array.from({ length: 6 }, (_, level) => {
    const inner = level === 0 ? '{ a: b }' : `{ x: *l${level - 1}, y: *l${level - 1}, z: *l${level - 1} }`;
    return `  l${level}: &l${level} ${inner}\n`;
  });
  const source = `# file: a/kustomization.yaml
resources: [a.yaml]
patches:
  - patch: |
      apiVersion: example.com/v1
      kind: Any
      metadata: { name: a }
      more: 1
# file: a/a.yaml
apiVersion: example.com/v1
kind: Any
metadata: { name: a }
spec:
${levels.join('')}`;
  const [object] = run(source, 'a').objects;
  expect(builtAt(object!.value, ['spec', 'l5', 'x', 'y', 'z'])).toBe(
    builtAt(object!.value, ['spec', 'l5', 'z', 'y', 'x']),
  );
});

test('folders that double what they list are built up to a bound, and then incomplete', () => {
  const object = (at: number) => `---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: a${at} }\n`;
  const level = (at: number, below: string) =>
    ['x', 'y'].map((side) => `# file: ${side}${at}/kustomization.yaml\nnamePrefix: ${side}\nresources: [${below}]\n`);
  const files = [
    `# file: base/kustomization.yaml\nresources: [all.yaml]\n# file: base/all.yaml\n${Array.from({ length: 4000 }, (_, at) => object(at)).join('')}`,
    ...level(0, '../base'),
    ...[1, 2, 3, 4].flatMap((at) => level(at, `../x${at - 1}, ../y${at - 1}`)),
    '# file: top/kustomization.yaml\nresources: [../x4, ../y4]\n',
  ];
  const { objects, incomplete, warnings } = build('top', buildFilesOf(files.join('')));
  expect(incomplete).toContain('resources');
  expect(objects).toEqual([]);
  expect(warnings.map(({ reason, kustomization }) => [reason.kind, kustomization])).toEqual([
    ['too-many-objects', 'x3/kustomization.yaml'],
  ]);
});

describe('a schema that a component chooses', () => {
  const containers = (more: string, early: string) => {
    const source = `# file: part/kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
openapi: { path: schema.yaml }
# file: part/schema.yaml
definitions: {}
# file: a/kustomization.yaml
resources: [web.yaml, ${early}]
components: [../part]
patches:
  - patch: |
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web }
      spec: { template: { spec: { containers: [{ name: side, image: other }] } } }
# file: a/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec: { template: { spec: { containers: [{ name: main }, { name: side }] } } }
${more}`;
    const { objects, problems } = run(source, 'a');
    expect(problems).toEqual([]);
    const web = objects.find(({ value }) => textAt(value, ['kind']) === 'Deployment');
    return builtValue(builtAt(web!.value, ['spec', 'template', 'spec', 'containers'])!);
  };
  const map = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\n`;

  test('replaces that of kustomize if nothing was asked of it before', () => {
    expect(containers(`# file: a/b.yaml\n${map('b')}`, 'b.yaml')).toEqual([{ name: 'side', image: 'other' }]);
  });

  const merged = [{ name: 'side', image: 'other' }, { name: 'main' }];

  test('is beside that of kustomize after an object of a kind whose scope it has to look up', () => {
    expect(
      containers('# file: a/b.yaml\napiVersion: example.com/v1\nkind: Any\nmetadata: { name: b }\n', 'b.yaml'),
    ).toEqual(merged);
  });

  test('is beside that of kustomize after a base that merged by it', () => {
    const base = `# file: b/kustomization.yaml\nresources: [b.yaml]\npatches: [{ patch: "{ apiVersion: v1, kind: ConfigMap, metadata: { name: b } }" }]\n# file: b/b.yaml\n${map('b')}`;
    expect(containers(base, '../b')).toEqual(merged);
  });
});

test('a field that a component configures otherwise than for all kinds is refused, as where a base does', () => {
  const source = (field: string, kind: string) => `# file: part/kustomization.yaml
apiVersion: kustomize.config.k8s.io/${kind === 'Component' ? 'v1alpha1' : 'v1beta1'}
kind: ${kind}
configurations: [config.yaml]
# file: part/config.yaml
commonLabels: [{ path: metadata/labels, kind: Namespace }]
# file: a/kustomization.yaml
${field}: [../part]
`;
  for (const [field, kind] of [
    ['components', 'Component'],
    ['resources', 'Kustomization'],
  ] as const)
    expect(
      run(source(field, kind), 'a').problems.map(({ reason }) => reason.kind),
      field,
    ).toEqual(['conflicting-configuration']);
});

test('two keys of an object that are variables are two keys', () => {
  const { objects } = build(
    'app',
    buildFilesOf(`# file: app/kustomization.yaml
resources: [a.yaml]
# file: app/a.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: a }
data:
  \${A}: one
  \${B}: two
`),
  );
  const data = builtAt(objects[0]?.value, ['data']);
  expect(data?.kind === 'map' && [...data.entries.keys()]).toEqual(['${A}', '${B}']);
});
