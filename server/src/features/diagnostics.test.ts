import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { yaml } from '../fixture.ts';
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
    [
      'patches',
      yaml`
        # file: p.yaml
        $0${broken}# file: kustomization.yaml
        patches:
          - path: p.yaml
      `,
    ],
    [
      'legacy patches',
      yaml`
        # file: p.yaml
        $0${broken}# file: o/kustomization.yaml
        patchesStrategicMerge: [../p.yaml]
      `,
    ],
    [
      'patches by directive',
      yaml`
        # file: p.yaml
        $0${broken}  $patch: replace
      `,
    ],
    [
      'files in a folder of patches',
      yaml`
        # file: o/patches/p.yaml
        $0${broken}`,
    ],
    [
      'chart templates',
      yaml`
        # file: c/Chart.yaml
        name: c
        # file: c/templates/d/x.yaml
        $0${broken}`,
    ],
    ['what braces break', `$0${broken}  {{ if .x }}\n`],
    [
      'inputs of generators',
      yaml`
        # file: f.yaml
        $0${broken}# file: kustomization.yaml
        configMapGenerator: [{ files: [a=f.yaml] }]
      `,
    ],
    [
      'what the configuration ignores',
      yaml`
        # file: v/f.yaml
        $0${broken}# file: .capstan.yaml
        ignores: [v/]
      `,
    ],
    [
      'other YAML',
      yaml`
        on: push
        jobs:
          a: [b
      `,
    ],
    [
      'unknown kinds',
      yaml`
        apiVersion: example.com/v1
        kind: Ship
        spec: { a: 1 }
      `,
    ],
    ['holes', broken.replace('"3"', '\u0024{REPLICAS}')],
    ['inputs of a ResourceSet', broken.replace('"3"', '<< inputs.replicas >>')],
    [
      'subjects whose namespace a kustomization sets',
      yaml`
        # file: b.yaml
        $0apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata:
          name: b
        roleRef: { kind: ClusterRole, name: b }
        subjects: [{ kind: ServiceAccount, name: b }]
        # file: kustomization.yaml
        namespace: apps
        resources: [b.yaml]
      `,
    ],
    [
      'metadata of a provider release',
      yaml`
        apiVersion: clusterctl.cluster.x-k8s.io/v1alpha3
        kind: Metadata
        releaseSeries: []
      `,
    ],
  ])('%s', (_, source) => {
    expect(findingsIn(source)).toEqual([]);
  });

  test('but a file that is applied is no patch, whatever it is called', () => {
    expect(
      findingsIn(yaml`
        # file: patches/p.yaml
        $0${broken}# file: kustomization.yaml
        resources: [patches/p.yaml]
      `),
    ).toEqual(['6 error schema/type']);
  });
});

describe('templates', () => {
  const cluster = yaml`
    apiVersion: bootstrap.cluster.x-k8s.io/v1beta2
    kind: KubeadmConfig
    metadata:
      name: \${ CLUSTER_NAME }
    spec:
      users:
        - name: root
          sshAuthorizedKeys: [\${SSH_KEYS}]
      verbosity: high
  `;

  test('clusterctl fills variables in before it reads YAML', () => {
    expect(
      findingsIn(yaml`
        # file: templates/cluster-template-a.yaml
        $0${cluster}`),
    ).toEqual(['9 error schema/type']);
    expect(
      findingsIn(yaml`
        # file: templates/a.yaml
        $0${cluster}`),
    ).toEqual(['8 error syntax/invalid']);
  });

  test('of Jinja', () => {
    const jinja = `{% if replicas %}\n${broken}{% endif %}\n`;
    expect(
      findingsIn(yaml`
        # file: a.yaml
        $0${jinja}
      `),
    ).toEqual([]);
  });

  test('of several CRDs equally near the newest counts', () => {
    const crd = (type: string) =>
      yaml`
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: { name: things.example.com }
        spec:
          group: example.com
          scope: Cluster
          names: { plural: things, singular: thing, kind: Thing, listKind: ThingList }
          versions: [{ name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object, properties: { size: { type: ${type} } } } } }]
      `;
    const thing = yaml`
      $0apiVersion: example.com/v1
      kind: Thing
      metadata: { name: a }
      size: 1
    `;
    const files = yaml`
      # file: a.yaml
      ${thing}
      # file: releases/1.10.0.yaml
      ${crd('integer')}# file: releases/1.9.0.yaml
      ${crd('string')}`;
    expect(findingsIn(files)).toEqual([]);
  });
});

describe('what kustomizations mend', () => {
  const release = yaml`
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: a
    spec:
      chartRef: { kind: OCIRepository, name: a }
  `;
  const base = yaml`
    # file: base/r.yaml
    $0${release}# file: base/kustomization.yaml
    resources: [r.yaml]
  `;
  const missing = ['5 error schema/required'];

  test('nothing without an overlay', () => {
    expect(findingsIn(base)).toEqual(missing);
    expect(
      findingsIn(yaml`
        ${base}# file: o/kustomization.yaml
        resources: [../base]
      `),
    ).toEqual(missing);
  });

  test('patches of an overlay, inline, targeted or in a file', () => {
    const overlay = yaml`
      ${base}# file: o/kustomization.yaml
      resources: [../base]
      patches:
    `;
    expect(findingsIn(`${overlay}  - { path: p.yaml, target: { kind: HelmRelease } }\n`)).toEqual([]);
    expect(findingsIn(`${overlay}  - { path: p.yaml, target: { kind: Deployment } }\n`)).toEqual(missing);
    const file = (text: string) =>
      findingsIn(yaml`
        ${overlay}
          - path: p.yaml
        # file: o/p.yaml
        ${text}`);
    expect(file(`${release}  interval: 1h\n`)).toEqual([]);
    expect(file(release)).toEqual(missing);
    expect(file(`${release}  interval: 1h\n`.replace('name: a', 'name: b'))).toEqual(missing);
    expect(file(`${release}  $patch: replace\n`)).toEqual([]);
    expect(
      findingsIn(yaml`
        ${overlay}
          - path: p.yaml
        # file: o/p.yaml
        ${broken}`),
    ).toEqual(missing);
    const inline = (name: string, patch: string, target = '') =>
      findingsIn(
        yaml`
          ${overlay}
            - patch: |
                kind: HelmRelease
                metadata: { name: ${name} }
                ${patch}
          ${target}`,
      );
    expect(inline('a', 'spec: { interval: 1h }')).toEqual([]);
    expect(inline('a', 'spec: { timeout: 1h }')).toEqual(missing);
    expect(inline('b', 'spec: { interval: 1h }')).toEqual(missing);
    expect(inline('any', 'spec: { interval: 1h }', '    target: { kind: HelmRelease }\n')).toEqual([]);
  });

  test('targets by expressions, operations, replacements', () => {
    const overlay = yaml`
      ${base}# file: o/kustomization.yaml
      resources: [../base]
    `;
    const targeted = (target: string, path: string) =>
      findingsIn(yaml`
        ${overlay}
        patches:
          - target: ${target}
            patch: '[{ op: add, path: ${path}, value: 1h }]'
      `);
    expect(targeted('{ kind: Helm.*, name: "a|b" }', '/spec/interval')).toEqual([]);
    expect(targeted('{ kind: HelmRelease }', '/spec')).toEqual([]);
    expect(targeted('{ kind: HelmRelease }', '/spec/timeout')).toEqual(missing);
    expect(targeted('{ kind: HelmRelease, name: b }', '/spec/interval')).toEqual(missing);
    expect(targeted('{ kind: HelmRelease, name: "(" }', '/spec/interval')).toEqual([]);
    const replaced = (path: string) =>
      findingsIn(
        yaml`
          ${overlay}
          replacements:
            - source: { kind: ConfigMap, name: c }
              targets: [{ select: { kind: HelmRelease }, fieldPaths: [${path}] }]
        `,
      );
    expect(replaced('spec.interval')).toEqual([]);
    expect(replaced('spec.timeout')).toEqual(missing);
    // With a prefix before it, a name tells nothing.
    expect(
      findingsIn(
        yaml`
          ${overlay}
          namePrefix: x-
          patches:
            - target: { name: x-a }
              patch: '[{ op: add, path: /spec/interval, value: 1h }]'
        `,
      ),
    ).toEqual([]);
  });

  test('values that a patch replaces', () => {
    const overlay = yaml`
      # file: base/kustomization.yaml
      resources: [d.yaml]
      # file: o/kustomization.yaml
      resources: [../base]
      patches:
    `;
    const patched = (patch: string) =>
      findingsIn(
        yaml`
          # file: base/d.yaml
          $0${broken}${overlay}
            - patch: |
                ${patch}
              target: { kind: Deployment }
        `,
      );
    expect(patched('[{ op: replace, path: /spec/replicas, value: 3 }]')).toEqual([]);
    expect(patched('{ spec: { replicas: 3 } }')).toEqual([]);
    expect(patched('{ spec: { paused: true } }')).toEqual(['6 error schema/type']);
  });

  test('names of vars', () => {
    const named = broken.replace('"3"', '"$(REPLICAS)"');
    const files = yaml`
      # file: d.yaml
      $0${named}# file: kustomization.yaml
      resources: [d.yaml]
    `;
    expect(findingsIn(files)).toEqual(['6 error schema/type']);
    expect(findingsIn(`${files}vars: [{ name: REPLICAS }]\n`)).toEqual([]);
    expect(findingsIn(`${files.replace('$(REPLICAS)', '3')}vars: [{ name: REPLICAS }]\n`)).toEqual([
      '6 error schema/type',
    ]);
  });

  test('labels that bring a selector', () => {
    const bare = broken.replace('"3"', '3').replace(/ {2}selector.*\n/, '');
    const files = yaml`
      # file: d.yaml
      $0${bare}# file: kustomization.yaml
      resources: [d.yaml]
      labels:
        - pairs: { app: web }
    `;
    expect(findingsIn(files)).toEqual(['5 error schema/required']);
    expect(findingsIn(`${files}    includeSelectors: true\n`)).toEqual([]);
  });

  test('components, and the patches of a Flux Kustomization', () => {
    const component = yaml`
      # file: c/kustomization.yaml
      kind: Component
      patches: [{ path: p.yaml, target: { kind: HelmRelease } }]
    `;
    expect(
      findingsIn(yaml`
        ${base}# file: o/kustomization.yaml
        resources: [../base]
        components: [../c]
        ${component}`),
    ).toEqual([]);
    const flux = yaml`
      # file: f.yaml
      apiVersion: kustomize.toolkit.fluxcd.io/v1
      kind: Kustomization
      spec:
        path: ./base
    `;
    expect(findingsIn(`${base}${flux}  patches: [{ patch: x, target: { kind: HelmRelease } }]\n`)).toEqual([]);
    expect(findingsIn(`${base}${flux}  patches: []\n`)).toEqual(missing);
    const patching = `${flux}  patches: [{ patch: 'spec: { interval: 1h }', target: { kind: HelmRelease } }]\n`;
    expect(findingsIn(`${base}${patching}`)).toEqual([]);
    expect(findingsIn(`${base}${patching.replace('interval', 'timeout')}`)).toEqual(missing);
    // A path from further up than the root here, or from a repository that lies below it.
    expect(findingsIn(`${base}${patching.replace('./base', './fleet/base')}`)).toEqual([]);
    expect(findingsIn(`${base.replaceAll('base/', 'fleet/base/')}${patching}`)).toEqual([]);
    expect(
      findingsIn(yaml`
        ${base.replaceAll('base/', 'fleet/base/')}${patching}
        # file: base/x.yaml
        a: 1
      `),
    ).toEqual(missing);
    // A folder without kustomization is all that is in it.
    expect(findingsIn(`${base.replaceAll('base/', 'base/app/')}${patching}`)).toEqual([]);
    expect(
      findingsIn(yaml`
        ${base.replaceAll('base/', 'base/app/')}${patching}
        # file: base/kustomization.yaml
        resources: []
      `),
    ).toEqual(missing);
    expect(
      findingsIn(yaml`
        ${base}${flux}  components: [../c]
        ${component}`),
    ).toEqual([]);
  });

  test('names of namespaces', () => {
    const namespace = yaml`
      # file: ns.yaml
      $0apiVersion: v1
      kind: Namespace
      metadata:
        name: _
      # file: kustomization.yaml
      resources: [ns.yaml]
    `;
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
    const config = yaml`
      # file: .capstan.yaml
      severities:
        schema/*: warning
    `;
    expect(
      findingsIn(yaml`
        # file: a.yaml
        $0${broken}${config}
      `),
    ).toEqual(['6 warning schema/type']);
    expect(
      findingsIn(yaml`
        # file: a.yaml
        $0${broken}${config}
          schema/type: off
      `),
    ).toEqual([]);
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
  const ship = yaml`
    apiVersion: example.com/v1
    kind: Ship
    metadata:
      name: a
    spec:
      mast: oak
  `;

  test('judge at once, also from a List and from among other documents', () => {
    expect(
      findingsIn(yaml`
        # file: a.yaml
        $0${ship}# file: crd.yaml
        ${crd('mast')}`),
    ).toEqual([]);
    expect(
      findingsIn(yaml`
        # file: a.yaml
        $0${ship}# file: crd.yaml
        ${crd('keel')}`),
    ).toEqual(['6 error schema/unknown-field']);
    expect(
      findingsIn(yaml`
        # file: a.yaml
        $0${ship}---
        ${crd('keel')}`),
    ).toEqual(['6 error schema/unknown-field']);
    const list = `apiVersion: v1\nkind: List\nitems:\n  - ${crd('keel').trim().replaceAll('\n', '\n    ')}\n`;
    expect(
      findingsIn(yaml`
        # file: a.yaml
        $0${ship}# file: list.yaml
        ${list}
      `),
    ).toEqual(['6 error schema/unknown-field']);
  });

  test('the nearest copy counts, and copies that differ are told', () => {
    const two = yaml`
      # file: x/crd.yaml
      ${crd('keel')}# file: y/crd.yaml
      ${crd('mast')}`;
    expect(
      findingsIn(yaml`
        # file: y/z/a.yaml
        $0${ship}${two}`),
    ).toEqual([]);
    expect(
      findingsIn(yaml`
        # file: x/a.yaml
        $0${ship}${two}`),
    ).toEqual(['6 error schema/unknown-field']);
    expect(findingsIn(two)).toEqual(['4 info info/crd-copies']);
    expect(
      findingsIn(yaml`
        # file: x/crd.yaml
        ${crd('keel')}# file: y/crd.yaml
        # same
        ${crd('keel')}`),
    ).toEqual([]);
  });

  test('CRDs of test data, vendored code and charts are for their own folders, and for others where nothing else is known', () => {
    for (const folder of ['chart/templates', 'vendor/x', 'pkg/testdata', 'test/e2e']) {
      const aside = yaml`
        # file: ${folder}/crd.yaml
        ${crd('keel')}`;
      expect(
        findingsIn(yaml`
          # file: z/a.yaml
          $0${ship}${aside}`),
      ).toEqual(['6 error schema/unknown-field']);
      const both = yaml`
        ${aside}# file: some/deep/folder/crd.yaml
        ${crd('mast')}`;
      expect(
        findingsIn(yaml`
          # file: z/a.yaml
          $0${ship}${both}`),
      ).toEqual([]);
      expect(findingsIn(`$0${both}`)).toEqual([]);
      if (folder === 'chart/templates') continue;
      expect(
        findingsIn(yaml`
          # file: ${folder}/a.yaml
          $0${ship}${both}`),
      ).toEqual(['6 error schema/unknown-field']);
    }
    const template = yaml`
      apiVersion: kustomize.toolkit.fluxcd.io/v1
      kind: Kustomization
      metadata:
        name: a
      spec: {}
    `;
    const old = crd('mast').replaceAll('Ship', 'Kustomization').replaceAll('ships', 'kustomizations');
    const flux = yaml`
      # file: pkg/testdata/one/crd.yaml
      ${old.replaceAll('example.com', 'kustomize.toolkit.fluxcd.io')}`;
    expect(
      findingsIn(yaml`
        # file: pkg/testdata/two/a.yaml
        $0${template}${flux}`),
    ).toHaveLength(3);
    expect(
      findingsIn(yaml`
        # file: pkg/testdata/one/a.yaml
        $0${template}${flux}`),
    ).toEqual([]);
  });

  test('an edit of the CRD changes the verdict, and its removal takes it back', () => {
    const { workspace } = fixture(yaml`
      # file: a.yaml
      ${ship}# file: crd.yaml
      ${crd('mast')}`);
    expect(diagnose(workspace, 'a.yaml')).toEqual([]);
    workspace.put('crd.yaml', crd('keel'));
    expect(diagnose(workspace, 'a.yaml')).toHaveLength(1);
    workspace.remove('crd.yaml');
    expect(diagnose(workspace, 'a.yaml')).toEqual([]);
  });
});

describe('pins', () => {
  test('answer in their folder only', () => {
    const template = yaml`
      apiVersion: kustomize.toolkit.fluxcd.io/v1
      kind: Kustomization
      metadata:
        name: a
      spec: {}
    `;
    const { workspace } = fixture(
      yaml`
        # file: old/a.yaml
        ${template}
        # file: new/a.yaml
        ${template}
        # file: .capstan.yaml
        folders:
          old: { schemas: [flux@2.10] }
      `,
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
    yaml`
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: a
      data: { a: 1 }
    `,
    yaml`
      ${broken}---
      apiVersion: v1
      kind: Namespace
      metadata:
        name: _
    `,
    yaml`
      patches:
        - path: b.yaml
    `,
    yaml`
      resources: [a.yaml, b.yaml]
      namespace: x
    `,
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
