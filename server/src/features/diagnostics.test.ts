import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Workspace } from '../workspace/workspace.ts';
import { diagnose } from './diagnostics.ts';
import { codeActions } from './fixes/code-action.ts';
import { catalog, edited, fixture } from './fixture.ts';

/** `line rule` of each finding of the file with the cursor (else the first). */
function findingsIn(source: string): readonly string[] {
  const { workspace, path, text } = fixture(source);
  return diagnose(workspace, path).map(
    ({ start, rule, severity }) => `${text.slice(0, start).split('\n').length} ${severity} ${rule}`,
  );
}

const broken = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: "3"
  selector: { matchLabels: { app: web } }
  template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: web, image: web }] } }
`;

test('an object as the API server would refuse it', () => {
  expect(findingsIn(broken)).toEqual(['6 error schema/type']);
});

describe('what is not judged', () => {
  test.each([
    ['patches', `# file: p.yaml\n$0${broken}# file: kustomization.yaml\npatches:\n  - path: p.yaml\n`],
    ['legacy patches', `# file: p.yaml\n$0${broken}# file: o/kustomization.yaml\npatchesStrategicMerge: [../p.yaml]\n`],
    ['patches by directive', `# file: p.yaml\n$0${broken}  $patch: replace\n`],
    ['files in a folder of patches', `# file: o/patches/p.yaml\n$0${broken}`],
    ['chart templates', `# file: c/Chart.yaml\nname: c\n# file: c/templates/d/x.yaml\n$0${broken}`],
    ['what braces break', `$0${broken}  {{ if .x }}\n`],
    [
      'inputs of generators',
      `# file: f.yaml\n$0${broken}# file: kustomization.yaml\nconfigMapGenerator: [{ files: [a=f.yaml] }]\n`,
    ],
    ['what the configuration ignores', `# file: v/f.yaml\n$0${broken}# file: .capstan.yaml\nignores: [v/]\n`],
    ['other YAML', `on: push\njobs:\n  a: [b\n`],
    ['unknown kinds', `apiVersion: example.com/v1\nkind: Ship\nspec: { a: 1 }\n`],
    ['holes', broken.replace('"3"', '\u0024{REPLICAS}')],
    ['inputs of a ResourceSet', broken.replace('"3"', '<< inputs.replicas >>')],
    [
      'subjects whose namespace a kustomization sets',
      '# file: b.yaml\n$0apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata:\n  name: b\nroleRef: { kind: ClusterRole, name: b }\nsubjects: [{ kind: ServiceAccount, name: b }]\n# file: kustomization.yaml\nnamespace: apps\nresources: [b.yaml]\n',
    ],
    [
      'metadata of a provider release',
      `apiVersion: clusterctl.cluster.x-k8s.io/v1alpha3\nkind: Metadata\nreleaseSeries: []\n`,
    ],
  ])('%s', (_, source) => {
    expect(findingsIn(source)).toEqual([]);
  });

  test('but a file that is applied is no patch, whatever it is called', () => {
    expect(
      findingsIn(`# file: patches/p.yaml\n$0${broken}# file: kustomization.yaml\nresources: [patches/p.yaml]\n`),
    ).toEqual(['6 error schema/type']);
  });
});

describe('templates', () => {
  const cluster =
    'apiVersion: bootstrap.cluster.x-k8s.io/v1beta2\nkind: KubeadmConfig\nmetadata:\n  name: ${ CLUSTER_NAME }\nspec:\n  users:\n    - name: root\n      sshAuthorizedKeys: [${SSH_KEYS}]\n  verbosity: high\n';

  test('clusterctl fills variables in before it reads YAML', () => {
    expect(findingsIn(`# file: templates/cluster-template-a.yaml\n$0${cluster}`)).toEqual(['9 error schema/type']);
    expect(findingsIn(`# file: templates/a.yaml\n$0${cluster}`)).toEqual(['8 error syntax/invalid']);
  });

  test('of Jinja', () => {
    const jinja = `{% if replicas %}\n${broken}{% endif %}\n`;
    expect(findingsIn(`# file: a.yaml\n$0${jinja}`)).toEqual([]);
  });

  test('of several CRDs equally near the newest counts', () => {
    const crd = (type: string) =>
      `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: things.example.com }\nspec:\n  group: example.com\n  scope: Cluster\n  names: { plural: things, singular: thing, kind: Thing, listKind: ThingList }\n  versions: [{ name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object, properties: { size: { type: ${type} } } } } }]\n`;
    const thing = '$0apiVersion: example.com/v1\nkind: Thing\nmetadata: { name: a }\nsize: 1\n';
    const files = `# file: a.yaml\n${thing}# file: releases/1.10.0.yaml\n${crd('integer')}# file: releases/1.9.0.yaml\n${crd('string')}`;
    expect(findingsIn(files)).toEqual([]);
  });
});

describe('what kustomizations mend', () => {
  const release =
    'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: a\nspec:\n  chartRef: { kind: OCIRepository, name: a }\n';
  const base = `# file: base/r.yaml\n$0${release}# file: base/kustomization.yaml\nresources: [r.yaml]\n`;
  const missing = ['5 error schema/required'];

  test('nothing without an overlay', () => {
    expect(findingsIn(base)).toEqual(missing);
    expect(findingsIn(`${base}# file: o/kustomization.yaml\nresources: [../base]\n`)).toEqual(missing);
  });

  test('patches of an overlay, inline, targeted or in a file', () => {
    const overlay = `${base}# file: o/kustomization.yaml\nresources: [../base]\npatches:\n`;
    expect(findingsIn(`${overlay}  - { path: p.yaml, target: { kind: HelmRelease } }\n`)).toEqual([]);
    expect(findingsIn(`${overlay}  - { path: p.yaml, target: { kind: Deployment } }\n`)).toEqual(missing);
    const file = (text: string) => findingsIn(`${overlay}  - path: p.yaml\n# file: o/p.yaml\n${text}`);
    expect(file(`${release}  interval: 1h\n`)).toEqual([]);
    expect(file(release)).toEqual(missing);
    expect(file(`${release}  interval: 1h\n`.replace('name: a', 'name: b'))).toEqual(missing);
    expect(file(`${release}  $patch: replace\n`)).toEqual([]);
    expect(findingsIn(`${overlay}  - path: p.yaml\n# file: o/p.yaml\n${broken}`)).toEqual(missing);
    const inline = (name: string, patch: string, target = '') =>
      findingsIn(
        `${overlay}  - patch: |\n      kind: HelmRelease\n      metadata: { name: ${name} }\n      ${patch}\n${target}`,
      );
    expect(inline('a', 'spec: { interval: 1h }')).toEqual([]);
    expect(inline('a', 'spec: { timeout: 1h }')).toEqual(missing);
    expect(inline('b', 'spec: { interval: 1h }')).toEqual(missing);
    expect(inline('any', 'spec: { interval: 1h }', '    target: { kind: HelmRelease }\n')).toEqual([]);
  });

  test('targets by expressions, operations, replacements', () => {
    const overlay = `${base}# file: o/kustomization.yaml\nresources: [../base]\n`;
    const targeted = (target: string, path: string) =>
      findingsIn(`${overlay}patches:\n  - target: ${target}\n    patch: '[{ op: add, path: ${path}, value: 1h }]'\n`);
    expect(targeted('{ kind: Helm.*, name: "a|b" }', '/spec/interval')).toEqual([]);
    expect(targeted('{ kind: HelmRelease }', '/spec')).toEqual([]);
    expect(targeted('{ kind: HelmRelease }', '/spec/timeout')).toEqual(missing);
    expect(targeted('{ kind: HelmRelease, name: b }', '/spec/interval')).toEqual(missing);
    expect(targeted('{ kind: HelmRelease, name: "(" }', '/spec/interval')).toEqual([]);
    const replaced = (path: string) =>
      findingsIn(
        `${overlay}replacements:\n  - source: { kind: ConfigMap, name: c }\n    targets: [{ select: { kind: HelmRelease }, fieldPaths: [${path}] }]\n`,
      );
    expect(replaced('spec.interval')).toEqual([]);
    expect(replaced('spec.timeout')).toEqual(missing);
    // With a prefix before it, a name tells nothing.
    expect(
      findingsIn(
        `${overlay}namePrefix: x-\npatches:\n  - target: { name: x-a }\n    patch: '[{ op: add, path: /spec/interval, value: 1h }]'\n`,
      ),
    ).toEqual([]);
  });

  test('values that a patch replaces', () => {
    const overlay = `# file: base/kustomization.yaml\nresources: [d.yaml]\n# file: o/kustomization.yaml\nresources: [../base]\npatches:\n`;
    const patched = (patch: string) =>
      findingsIn(
        `# file: base/d.yaml\n$0${broken}${overlay}  - patch: |\n      ${patch}\n    target: { kind: Deployment }\n`,
      );
    expect(patched('[{ op: replace, path: /spec/replicas, value: 3 }]')).toEqual([]);
    expect(patched('{ spec: { replicas: 3 } }')).toEqual([]);
    expect(patched('{ spec: { paused: true } }')).toEqual(['6 error schema/type']);
  });

  test('names of vars', () => {
    const named = broken.replace('"3"', '"$(REPLICAS)"');
    const files = `# file: d.yaml\n$0${named}# file: kustomization.yaml\nresources: [d.yaml]\n`;
    expect(findingsIn(files)).toEqual(['6 error schema/type']);
    expect(findingsIn(`${files}vars: [{ name: REPLICAS }]\n`)).toEqual([]);
    expect(findingsIn(`${files.replace('$(REPLICAS)', '3')}vars: [{ name: REPLICAS }]\n`)).toEqual([
      '6 error schema/type',
    ]);
  });

  test('labels that bring a selector', () => {
    const bare = broken.replace('"3"', '3').replace(/ {2}selector.*\n/, '');
    const files = `# file: d.yaml\n$0${bare}# file: kustomization.yaml\nresources: [d.yaml]\nlabels:\n  - pairs: { app: web }\n`;
    expect(findingsIn(files)).toEqual(['5 error schema/required']);
    expect(findingsIn(`${files}    includeSelectors: true\n`)).toEqual([]);
  });

  test('components, and the patches of a Flux Kustomization', () => {
    const component =
      '# file: c/kustomization.yaml\nkind: Component\npatches: [{ path: p.yaml, target: { kind: HelmRelease } }]\n';
    expect(
      findingsIn(`${base}# file: o/kustomization.yaml\nresources: [../base]\ncomponents: [../c]\n${component}`),
    ).toEqual([]);
    const flux =
      '# file: f.yaml\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec:\n  path: ./base\n';
    expect(findingsIn(`${base}${flux}  patches: [{ patch: x, target: { kind: HelmRelease } }]\n`)).toEqual([]);
    expect(findingsIn(`${base}${flux}  patches: []\n`)).toEqual(missing);
    const patching = `${flux}  patches: [{ patch: 'spec: { interval: 1h }', target: { kind: HelmRelease } }]\n`;
    expect(findingsIn(`${base}${patching}`)).toEqual([]);
    expect(findingsIn(`${base}${patching.replace('interval', 'timeout')}`)).toEqual(missing);
    // A path from further up than the root here, or from a repository that lies below it.
    expect(findingsIn(`${base}${patching.replace('./base', './fleet/base')}`)).toEqual([]);
    expect(findingsIn(`${base.replaceAll('base/', 'fleet/base/')}${patching}`)).toEqual([]);
    expect(findingsIn(`${base.replaceAll('base/', 'fleet/base/')}${patching}# file: base/x.yaml\na: 1\n`)).toEqual(
      missing,
    );
    // A folder without kustomization is all that is in it.
    expect(findingsIn(`${base.replaceAll('base/', 'base/app/')}${patching}`)).toEqual([]);
    expect(
      findingsIn(`${base.replaceAll('base/', 'base/app/')}${patching}# file: base/kustomization.yaml\nresources: []\n`),
    ).toEqual(missing);
    expect(findingsIn(`${base}${flux}  components: [../c]\n${component}`)).toEqual([]);
  });

  test('names of namespaces', () => {
    const namespace =
      '# file: ns.yaml\n$0apiVersion: v1\nkind: Namespace\nmetadata:\n  name: _\n# file: kustomization.yaml\nresources: [ns.yaml]\n';
    expect(findingsIn(namespace)).toEqual(['4 error schema/name']);
    expect(findingsIn(`${namespace}namespace: shop\n`)).toEqual([]);
  });
});

describe('what is asked to be silent', () => {
  test('a comment on the line or above it', () => {
    expect(findingsIn(broken.replace('"3"', '"3" # capstan-ignore: schema/type'))).toEqual([]);
    expect(findingsIn(broken.replace('  replicas', '  # capstan-ignore: schema/*\n  replicas'))).toEqual([]);
    expect(findingsIn(broken.replace('  replicas', '  # capstan-ignore: schema/enum\n  replicas'))).toHaveLength(1);
  });

  test('severities of the configuration, the most specific first', () => {
    const config = '# file: .capstan.yaml\nseverities:\n  schema/*: warning\n';
    expect(findingsIn(`# file: a.yaml\n$0${broken}${config}`)).toEqual(['6 warning schema/type']);
    expect(findingsIn(`# file: a.yaml\n$0${broken}${config}  schema/type: off\n`)).toEqual([]);
  });
});

describe('the configuration itself', () => {
  test('reports what is wrong where it is, in the order of the text', () => {
    expect(
      findingsIn(`# file: .capstan.yaml
severities:
  schema/type: loud
  nonsense: error
ignore: [a]
ignores: a
folders:
  prod: { schemas: [cluster-api-provider-aws@2.13.0, nothing@9] }
targets: { flux: 2.9, helm: 3 }
`),
    ).toEqual([
      '2 error config/invalid',
      '3 error config/invalid',
      '4 error config/invalid',
      '5 error config/invalid',
      '7 error config/invalid',
      '8 error config/invalid',
    ]);
  });
});

describe('CRDs of the workspace', () => {
  const crd = (field: string) => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: ships.example.com
spec:
  group: example.com
  names: { kind: Ship, plural: ships, singular: ship, listKind: ShipList }
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema: { type: object, properties: { spec: { type: object, properties: { ${field}: { type: string } } } } }
`;
  const ship = 'apiVersion: example.com/v1\nkind: Ship\nmetadata:\n  name: a\nspec:\n  mast: oak\n';

  test('judge at once, also from a List and from among other documents', () => {
    expect(findingsIn(`# file: a.yaml\n$0${ship}# file: crd.yaml\n${crd('mast')}`)).toEqual([]);
    expect(findingsIn(`# file: a.yaml\n$0${ship}# file: crd.yaml\n${crd('keel')}`)).toEqual([
      '6 error schema/unknown-field',
    ]);
    expect(findingsIn(`# file: a.yaml\n$0${ship}---\n${crd('keel')}`)).toEqual(['6 error schema/unknown-field']);
    const list = `apiVersion: v1\nkind: List\nitems:\n  - ${crd('keel').trim().replaceAll('\n', '\n    ')}\n`;
    expect(findingsIn(`# file: a.yaml\n$0${ship}# file: list.yaml\n${list}`)).toEqual(['6 error schema/unknown-field']);
  });

  test('the nearest copy counts, and copies that differ are told', () => {
    const two = `# file: x/crd.yaml\n${crd('keel')}# file: y/crd.yaml\n${crd('mast')}`;
    expect(findingsIn(`# file: y/z/a.yaml\n$0${ship}${two}`)).toEqual([]);
    expect(findingsIn(`# file: x/a.yaml\n$0${ship}${two}`)).toEqual(['6 error schema/unknown-field']);
    expect(findingsIn(two)).toEqual(['4 info info/crd-copies']);
    expect(findingsIn(`# file: x/crd.yaml\n${crd('keel')}# file: y/crd.yaml\n# same\n${crd('keel')}`)).toEqual([]);
  });

  test('CRDs of test data, vendored code and charts are for their own folders, and for others where nothing else is known', () => {
    for (const folder of ['chart/templates', 'vendor/x', 'pkg/testdata', 'test/e2e']) {
      const aside = `# file: ${folder}/crd.yaml\n${crd('keel')}`;
      expect(findingsIn(`# file: z/a.yaml\n$0${ship}${aside}`)).toEqual(['6 error schema/unknown-field']);
      const both = `${aside}# file: some/deep/folder/crd.yaml\n${crd('mast')}`;
      expect(findingsIn(`# file: z/a.yaml\n$0${ship}${both}`)).toEqual([]);
      expect(findingsIn(`$0${both}`)).toEqual([]);
      if (folder === 'chart/templates') continue;
      expect(findingsIn(`# file: ${folder}/a.yaml\n$0${ship}${both}`)).toEqual(['6 error schema/unknown-field']);
    }
    const template =
      'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: a\nspec: {}\n';
    const old = crd('mast').replaceAll('Ship', 'Kustomization').replaceAll('ships', 'kustomizations');
    const flux = `# file: pkg/testdata/one/crd.yaml\n${old.replaceAll('example.com', 'kustomize.toolkit.fluxcd.io')}`;
    expect(findingsIn(`# file: pkg/testdata/two/a.yaml\n$0${template}${flux}`)).toHaveLength(3);
    expect(findingsIn(`# file: pkg/testdata/one/a.yaml\n$0${template}${flux}`)).toEqual([]);
  });

  test('an edit of the CRD changes the verdict, and its removal takes it back', () => {
    const { workspace } = fixture(`# file: a.yaml\n${ship}# file: crd.yaml\n${crd('mast')}`);
    expect(diagnose(workspace, 'a.yaml')).toEqual([]);
    workspace.put('crd.yaml', crd('keel'));
    expect(diagnose(workspace, 'a.yaml')).toHaveLength(1);
    workspace.remove('crd.yaml');
    expect(diagnose(workspace, 'a.yaml')).toEqual([]);
  });
});

describe('pins', () => {
  test('answer in their folder only', () => {
    const template = `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: a\nspec: {}\n`;
    const { workspace } = fixture(
      `# file: old/a.yaml\n${template}# file: new/a.yaml\n${template}# file: .capstan.yaml\nfolders:\n  old: { schemas: [flux@2.10] }\n`,
    );
    const origins = ['old/a.yaml', 'new/a.yaml'].map((path) => {
      const kind = workspace.schemas
        .storeFor(path)
        .lookup({ group: 'kustomize.toolkit.fluxcd.io', version: 'v1', kind: 'Kustomization' });
      return `${kind?.from} ${kind?.origin.split('.', 2).join('.')}`;
    });
    expect(origins).toEqual(['pinned flux 2.10', 'bundled flux 2.9']);
  });
});

describe('limits', () => {
  test('one message each for binary bytes and for too long a file', () => {
    const workspace = new Workspace(catalog);
    workspace.put('b.yaml', 'a: \0\0\0');
    workspace.put('l.yaml', 'a: 1\n'.repeat(60_000));
    expect(diagnose(workspace, 'b.yaml').map(({ rule }) => rule)).toEqual(['syntax/not-text']);
    expect(diagnose(workspace, 'l.yaml').map(({ rule }) => rule)).toEqual(['info/too-large']);
  });
});

describe('quick fixes', () => {
  test('leave the document clean of what they mend', () => {
    const { workspace, path, text } = fixture(broken);
    const [finding] = diagnose(workspace, path);
    const [fix] = codeActions(workspace, path, finding!.start, finding!.end);
    const after = edited(text, fix!.edits);
    expect(fix!.preferred).toBe(true);
    expect(after).toContain('replicas: 3\n');
    workspace.put(path, after);
    expect(diagnose(workspace, path)).toEqual([]);
  });

  test('the last one silences', () => {
    const { workspace, path, text } = fixture(broken);
    const [finding] = diagnose(workspace, path);
    const silence = codeActions(workspace, path, finding!.start, finding!.end).at(-1)!;
    workspace.put(path, edited(text, silence.edits));
    expect(diagnose(workspace, path)).toEqual([]);
  });
});

test('after any sequence of edits the findings are those of a fresh workspace', () => {
  const texts = [
    broken,
    broken.replace('"3"', '3'),
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata: { a: 1 }\n',
    `${broken}---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: _\n`,
    'patches:\n  - path: b.yaml\n',
    'resources: [a.yaml, b.yaml]\nnamespace: x\n',
    'severities: { schema/type: warning }\n',
    'ignores: [a.yaml]\n',
  ];
  const paths = ['a.yaml', 'b.yaml', 'kustomization.yaml', '.capstan.yaml'];
  const step = fc.record({
    path: fc.constantFrom(...paths),
    text: fc.option(fc.constantFrom(...texts)),
    look: fc.constantFrom(...paths),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const workspace = new Workspace(catalog);
      const now = new Map<string, string>();
      for (const { path, text, look } of steps) {
        if (text === null) workspace.remove(path);
        else workspace.put(path, text);
        if (text === null) now.delete(path);
        else now.set(path, text);
        diagnose(workspace, look);
      }
      const fresh = new Workspace(catalog);
      for (const [path, text] of now) fresh.put(path, text);
      for (const path of paths) expect(diagnose(workspace, path)).toEqual(diagnose(fresh, path));
    }),
    { numRuns: 150 },
  );
});
