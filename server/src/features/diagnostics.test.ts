import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testCatalog, yaml } from '../fixture.ts';
import { Workspace } from '../workspace/workspace.ts';
import { diagnose } from './diagnostics.ts';
import { codeActions } from './fixes/code-action.ts';
import { definition, edited, findingsIn, fixture } from './fixture.ts';

const broken = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: "3"
  selector: { matchLabels: { app: web } }
  template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: web, image: web }] } }
`;

test('an object that the API server would reject', () => {
  expect(findingsIn(broken)).toEqual(['6 error schema/type']);
});

describe('a patch that a kustomization lists', () => {
  const base = `# file: web.yaml\n${broken.replace('"3"', '3')}`;
  const patch = (replicas: string, kustomization: string) =>
    findingsIn(`# file: p.yaml
$0apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: ${replicas}
# file: kustomization.yaml
resources: [web.yaml]
${kustomization}
${base}`);

  test.each(['patches: [{ path: p.yaml }]', 'patchesStrategicMerge: [p.yaml]'])(
    'lacks what an object requires, but its values are those of the object: %s',
    (kustomization) => {
      expect(patch('3', kustomization)).toEqual([]);
      expect(patch('"3"', kustomization)).toEqual(['5 error schema/type']);
    },
  );
});

describe('not checked', () => {
  test.each([
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
    ['templates that break YAML', `$0${broken}  {{ if .x }}\n`],
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
    ['placeholders of substitution', broken.replace('"3"', '\u0024{REPLICAS}')],
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
        subjects: [{ kind: ServiceAccount, name: default }]
        # file: kustomization.yaml
        namespace: apps
        resources: [b.yaml]
      `,
    ],
    [
      'alerts about objects of the Flux Operator, which adds its kinds to the CRD',
      yaml`
        apiVersion: notification.toolkit.fluxcd.io/v1beta3
        kind: Alert
        metadata: { name: a }
        spec:
          providerRef: { name: a }
          eventSources: [{ kind: FluxInstance, name: "*" }, { kind: ResourceSet, name: "*" }]
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

  test('except an applied file in a folder of patches', () => {
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

  test('clusterctl substitutes variables before it parses YAML', () => {
    expect(
      findingsIn(yaml`
        # file: templates/cluster-template-a.yaml
        $0${cluster}`),
    ).toEqual(['9 error schema/type']);
    expect(
      findingsIn(yaml`
        # file: templates/a.yaml
        $0${cluster}`),
    ).toEqual(['8 error syntax/invalid', '9 error schema/type']);
  });

  test('Jinja templates are not checked', () => {
    const jinja = `{% if replicas %}\n${broken}{% endif %}\n`;
    expect(
      findingsIn(yaml`
        # file: a.yaml
        $0${jinja}
      `),
    ).toEqual([]);
  });

  test('of several equally near CRDs, the newest is used', () => {
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

describe('suppression', () => {
  test('by a comment on the line or above it', () => {
    expect(findingsIn(broken.replace('"3"', '"3" # capstan-ignore: schema/type'))).toEqual([]);
    expect(findingsIn(broken.replace('  replicas', '  # capstan-ignore: schema/*\n  replicas'))).toEqual([]);
    expect(findingsIn(broken.replace('  replicas', '  # capstan-ignore: schema/enum\n  replicas'))).toHaveLength(1);
  });

  test('by severities in the configuration, of which the most specific applies', () => {
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

describe('the configuration file', () => {
  test('has a finding for each invalid entry, in the order of the text', () => {
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

describe('limits', () => {
  test('a binary file and a file that is too large have one finding each', () => {
    const workspace = new Workspace(testCatalog);
    workspace.put('b.yaml', 'a: \0\0\0');
    workspace.put('l.yaml', 'a: 1\n'.repeat(60_000));
    expect(diagnose(workspace, 'b.yaml').map(({ rule }) => rule)).toEqual(['syntax/not-text']);
    expect(diagnose(workspace, 'l.yaml').map(({ rule }) => rule)).toEqual(['info/too-large']);
  });
});

describe('quick fixes', () => {
  test('remove their finding', () => {
    const { workspace, path, text } = fixture(broken);
    const [finding] = diagnose(workspace, path);
    const [fix] = codeActions(workspace, path, finding!.start, finding!.end);
    const after = edited(text, fix!.edits);
    expect(fix!.preferred).toBe(true);
    expect(after).toContain('replicas: 3\n');
    workspace.put(path, after);
    expect(diagnose(workspace, path)).toEqual([]);
  });

  test('the last one suppresses the finding', () => {
    const { workspace, path, text } = fixture(broken);
    const [finding] = diagnose(workspace, path);
    const silence = codeActions(workspace, path, finding!.start, finding!.end).at(-1)!;
    workspace.put(path, edited(text, silence.edits));
    expect(diagnose(workspace, path)).toEqual([]);
  });
});

test('after any sequence of edits, findings equal those of a new workspace', () => {
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
      const workspace = new Workspace(testCatalog);
      const now = new Map<string, string>();
      for (const { path, text, look } of steps) {
        if (text === null) workspace.remove(path);
        else workspace.put(path, text);
        if (text === null) now.delete(path);
        else now.set(path, text);
        diagnose(workspace, look);
      }
      const fresh = new Workspace(testCatalog);
      for (const [path, text] of now) fresh.put(path, text);
      for (const path of paths) expect(diagnose(workspace, path)).toEqual(diagnose(fresh, path));
    }),
    { numRuns: 150 },
  );
});

test('what SOPS wrote belongs to a kind that has such a field, and to no other', () => {
  const schema = `required: [sops]
properties:
  sops: { type: object, properties: { mac: { type: string } } }
  data: { type: object, additionalProperties: { type: string } }
`;
  const encrypted = (head: string, mac: string) => `# file: secret.yaml
$0${head}
metadata: { name: a, namespace: b }
data: { a: 'ENC[AES256_GCM,data:aa,iv:bb,tag:cc,type:str]' }
sops:
  mac: ${mac}
# file: crd.yaml
${definition('Sealed', schema)}`;
  const [own, other] = ['apiVersion: example.com/v1\nkind: Sealed', 'apiVersion: v1\nkind: Secret'];
  expect(findingsIn(encrypted(own, 'abc'))).toEqual([]);
  expect(findingsIn(encrypted(own, '[a]'))).toContain('6 error schema/type');
  expect(findingsIn(encrypted(other, 'abc'))).toEqual([]);
});
