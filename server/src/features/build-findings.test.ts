// What kustomize refuses is reported where the kustomization causes it; each refusal is one of kustomize 5.8.3.
import { describe, expect, test } from 'vitest';
import { testCatalog, yaml } from '../fixture.ts';
import { Workspace } from '../workspace/workspace.ts';
import { buildFindings } from './build-findings.ts';
import { diagnose } from './diagnostics.ts';
import { fixture } from './fixture.ts';

const settings = `# file: app/cm.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: a }
data: { k: v }
`;

function found(kustomization: string, others = settings): readonly string[] {
  const { workspace, text } = fixture(`# file: app/kustomization.yaml\n${kustomization}${others}`);
  return diagnose(workspace, 'app/kustomization.yaml').map(
    ({ rule, severity, start }) => `${text.slice(0, start).split('\n').length} ${severity} ${rule}`,
  );
}

const patch = (entry: string) => `resources: [cm.yaml]\npatches:\n  - ${entry}\n`;

describe('refused', () => {
  test.each([
    ['a file that is missing', 'resources:\n  - cm.yaml\n  - servce.yaml\n', 3],
    [
      'an operation that is unknown',
      patch('{ target: { kind: ConfigMap }, patch: "- { op: ad, path: /data/a, value: b }" }'),
      3,
    ],
    ['a patch and a path', patch('{ path: cm.yaml, patch: "{}" }'), 3],
    ['neither', patch('{ target: { kind: ConfigMap } }'), 3],
    ['a patch that isn’t YAML', patch('{ target: { kind: ConfigMap }, patch: "[" }'), 3],
    ['a JSON patch without a target', patch('{ patch: "- { op: add, path: /data/a, value: b }" }'), 3],
    ['a literal without a value', 'configMapGenerator:\n  - name: b\n    literals:\n      - novalue\n', 4],
    ['two generators of one name', 'configMapGenerator:\n  - name: b\n  - name: b\n', 3],
    ['a merge into nothing', 'resources: [cm.yaml]\nconfigMapGenerator:\n  - name: b\n    behavior: merge\n', 3],
    [
      'a path that isn’t there',
      patch('{ target: { kind: ConfigMap }, patch: "- { op: replace, path: /spec/a, value: b }" }'),
      3,
    ],
    [
      'a patch for an object that isn’t there',
      patch('patch: "{ apiVersion: v1, kind: ConfigMap, metadata: { name: b } }"'),
      3,
    ],
    ['a cycle', 'resources: [../app]\n', 1],
    ['an order', 'resources: [cm.yaml]\nsortOptions:\n  order: random\n', 3],
  ])('%s', (_name, kustomization, line) => {
    expect(found(kustomization)).toEqual([`${line} error kustomize/build`]);
  });
});

test('a folder with two kustomizations, whatever their names', () => {
  const { workspace } = fixture(
    `# file: app/kustomization.yaml\nresources: [cm.yaml]\n${settings}# file: app/Kustomization\nresources: []\n`,
  );
  expect(diagnose(workspace, 'app/kustomization.yaml')).toEqual([
    expect.objectContaining({ rule: 'kustomize/build', message: expect.stringContaining('several kustomizations') }),
  ]);
});

test('kustomizations that lead back to each other, also where Flux builds them', () => {
  const { workspace } = fixture(`# file: clusters/prod/flux-system/sync.yaml
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: flux-system, namespace: flux-system }
spec: { interval: 1m, url: "ssh://git@example.com/team/fleet.git" }
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec: { interval: 10m, prune: true, path: ./a, sourceRef: { kind: GitRepository, name: flux-system } }
# file: a/kustomization.yaml
resources: [../b]
# file: b/kustomization.yaml
resources: [cm.yaml, ../c]
# file: c/kustomization.yaml
resources: [../b]
# file: b/cm.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: a }
`);
  const found = ['a', 'b', 'c'].map((folder) =>
    diagnose(workspace, `${folder}/kustomization.yaml`).map(
      ({ rule, start, end }) => `${rule} ${workspace.file(`${folder}/kustomization.yaml`)!.text.slice(start, end)}`,
    ),
  );
  expect(found).toEqual([[], ['kustomize/build ../c'], ['kustomize/build ../b']]);
});

/** `path:line rule` of the errors in all files. */
function errorsIn(source: string): readonly string[] {
  const { workspace } = fixture(source);
  return [...workspace.files()].flatMap(({ path, text }) =>
    diagnose(workspace, path)
      .filter(({ severity }) => severity === 'error')
      .map(({ rule, start }) => `${path}:${text.slice(0, start).split('\n').length} ${rule}`),
  );
}

const web = `# file: base/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: web }] }
# file: base/kustomization.yaml
resources: [web.yaml]
`;

describe('in other files', () => {
  test('a patch for an object that isn’t there', () => {
    const patch = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: wbe\nspec: { replicas: 2 }\n';
    const source = `${web}# file: over/kustomization.yaml\nresources: [../base]\npatches: [{ path: p.yaml }]\n# file: over/p.yaml\n${patch}`;
    expect(errorsIn(source)).toEqual(['over/p.yaml:4 kustomize/build']);
  });

  test('a path of a JSON patch', () => {
    const patch = '- op: remove\n  path: /spec/none\n';
    const source = `${web}# file: over/kustomization.yaml\nresources: [../base]\npatches: [{ path: p.yaml, target: { kind: Deployment } }]\n# file: over/p.yaml\n${patch}`;
    expect(errorsIn(source)).toEqual(['over/p.yaml:2 kustomize/build']);
  });

  test('an object without a kind', () => {
    expect(
      errorsIn('# file: kustomization.yaml\nresources: [a.yaml]\n# file: a.yaml\nmetadata: { name: a }\n'),
    ).toEqual(['a.yaml:1 kustomize/build']);
  });

  test('an object that another file has too', () => {
    const source = `${settings}# file: app/b.yaml\n# again\n${settings.split('\n').slice(1).join('\n')}# file: app/kustomization.yaml\nresources: [cm.yaml, b.yaml]\n`;
    expect(errorsIn(source)).toEqual(['app/b.yaml:2 kustomize/build']);
  });

  test('a patch of a component, for the kustomization that lists it', () => {
    const component = `# file: part/kustomization.yaml
kind: Component
apiVersion: kustomize.config.k8s.io/v1alpha1
patches:
  - patch: |
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: wbe }
`;
    expect(errorsIn(`${web}${component}`)).toEqual([]);
    const over = '# file: over/kustomization.yaml\nresources: [../base]\ncomponents: [../part]\n';
    expect(errorsIn(`${web}${component}${over}`)).toEqual(['part/kustomization.yaml:7 kustomize/build']);
  });
});

test('what is wrong with an object of a base is at the field that makes it so', () => {
  const over = '# file: over/kustomization.yaml\nresources:\n  - ../base\n  - web.yaml\n# file: over/web.yaml\n';
  const source = `${web}${over}${web.split('\n').slice(1, 10).join('\n')}\n`;
  expect(errorsIn(source)).toEqual(['over/web.yaml:1 kustomize/build']);
  const reversed = source.replace('  - ../base\n  - web.yaml', '  - web.yaml\n  - ../base');
  expect(errorsIn(reversed)).toEqual(['over/kustomization.yaml:3 kustomize/build']);
});

test('an entry that is listed twice', () => {
  expect(found('resources:\n  - cm.yaml\n  - ./cm.yaml\n')).toEqual(['3 error kustomize/build']);
});

describe('a file above the root, which kustomize reads with an option only,', () => {
  test.each([
    ['resources:\n  - cm.yaml\n  - ../../a.yaml\n', 3],
    ['resources: [cm.yaml]\npatches: [{ path: ../../none.yaml }]\n', 2],
    ['resources: [cm.yaml]\nconfigMapGenerator:\n  - name: b\n    files: [../../a]\n', 4],
    ['resources: [cm.yaml]\nconfigMapGenerator:\n  - name: b\n    envs: [../../a.env]\n', 4],
    ['resources: [cm.yaml]\ntransformers: [../../a.yaml]\n', 2],
    ['resources: [cm.yaml]\nreplacements: [{ path: ../../a.yaml }]\n', 2],
    ['resources: [cm.yaml]\nconfigurations: [../../a.yaml]\n', 2],
    ['resources: [cm.yaml]\ncrds: [../../a.json]\n', 2],
    ['resources: [cm.yaml]\nopenapi: { path: ../../a.json }\n', 2],
  ])('%j', (kustomization, line) => {
    expect(found(kustomization)).toEqual([`${line} warning kustomize/build`]);
  });

  test('Flux never reads, whereas it reads other files of the repository', () => {
    const sync = `# file: clusters/prod/sync.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec: { interval: 1m, prune: true, path: ./app, sourceRef: { kind: GitRepository, name: flux-system } }
`;
    const others = `${settings}# file: b.yaml\n${settings.split('\n').slice(1).join('\n').replace('name: a', 'name: b')}${sync}`;
    expect(found('resources: [cm.yaml, ../b.yaml]\n', others)).toEqual([]);
    expect(found('resources: [cm.yaml, ../../b.yaml]\n', others)).toEqual(['1 warning kustomize/build']);
  });
});

test('a cycle is in each kustomization that closes it', () => {
  const source = `${settings}# file: app/kustomization.yaml\nresources: [cm.yaml, ../over]\n# file: over/kustomization.yaml\nresources:\n  - ../app\n`;
  expect(errorsIn(source)).toEqual([
    'app/kustomization.yaml:1 kustomize/build',
    'over/kustomization.yaml:2 kustomize/build',
  ]);
});

describe('not reported', () => {
  test('what depends on objects that aren’t known', () => {
    const remote = 'resources: ["https://example.com/a.yaml"]\nreplicas: [{ name: a, count: 1 }]\n';
    expect(found(remote)).toEqual([]);
  });

  test('what depends on the objects of a component', () => {
    const component =
      'kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\nreplicas: [{ name: a, count: 1 }]\n';
    expect(found(component)).toEqual([]);
  });

  test('a path with a variable, and a folder above the root, which kustomize builds', () => {
    expect(found('resources: ["${DIR}/a.yaml", ../../elsewhere]\ncomponents: [../../parts]\n')).toEqual([]);
  });

  test('a patch for an object that may be in a file that is too large to read', () => {
    const patch = 'patch: "{ apiVersion: v1, kind: ConfigMap, metadata: { name: b } }"';
    const large = `# file: app/cm.yaml\n${'#\n'.repeat(50_001)}`;
    expect(found(`resources: [cm.yaml]\npatches: [{ ${patch} }]\n`, large)).toEqual([]);
  });

  test('what a comment suppresses', () => {
    expect(found('resources:\n  # capstan-ignore: kustomize/build\n  - none.yaml\n')).toEqual([]);
  });
});

test('a missing file of a Secret is named, unlike its literals', () => {
  const { workspace } = fixture(yaml`
    # file: kustomization.yaml
    secretGenerator:
      - name: a
        envs: [secrets.sops.env]
      - name: b
        literals: [hunter2-hunter2]
  `);
  const messages = diagnose(workspace, 'kustomization.yaml').map(({ message }) => message);
  expect(messages.join('\n')).toContain('secrets.sops.env');
  expect(messages.join('\n')).not.toContain('hunter2');
  expect(messages).toHaveLength(2);
});

test('a file that appears ends the finding', () => {
  const { workspace } = fixture(yaml`
    # file: app/kustomization.yaml
    resources: [a.yaml]
  `);
  expect(diagnose(workspace, 'app/kustomization.yaml')).toHaveLength(1);
  workspace.put('app/a.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n');
  expect(diagnose(workspace, 'app/kustomization.yaml')).toEqual([]);
});

test('deprecated fields are warnings', () => {
  expect(found('resources: [cm.yaml]\ncommonLabels: { a: b }\n')).toEqual(['2 warning deprecated/kustomization-field']);
});

const declared = 'vars: [{ name: A, objref: { kind: ConfigMap, apiVersion: v1, name: settings } }]\n';

test('a variable that nothing uses is a warning where nothing lists the kustomization', () => {
  const files = `# file: base/kustomization.yaml
resources: [a.yaml]
${declared}# file: base/a.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
`;
  const rulesIn = (text: string) => {
    const { workspace } = fixture(text);
    return buildFindings(workspace, 'base/kustomization.yaml').map(({ rule, severity }) => `${severity} ${rule}`);
  };
  expect(rulesIn(files)).toEqual(['warning deprecated/kustomization-field', 'warning kustomize/build']);
  expect(rulesIn(`${files}# file: app/kustomization.yaml\nresources: [../base]\n`)).toEqual([
    'warning deprecated/kustomization-field',
  ]);
});

test('a name that is missing in a map waits while the map is written', () => {
  const { workspace } = fixture(`# file: kustomization.yaml
namespace: shop
resources: [binding.yaml]
# file: binding.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: a }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: a }
subjects:
  - kind: ServiceAccount
`);
  const refusals = diagnose(workspace, 'binding.yaml').filter(({ rule }) => rule === 'kustomize/build');
  expect(refusals.map(({ unfinished }) => unfinished)).toEqual(['map']);
});

test.each(['!t ', '&a ', '&a', '!t'])('what is missing at the end of %j is reported within the text', (text) => {
  const workspace = new Workspace(testCatalog);
  workspace.list(['kustomization.yaml']);
  workspace.put('kustomization.yaml', text);
  const findings = diagnose(workspace, 'kustomization.yaml');
  expect(findings.length).toBeGreaterThan(0);
  for (const { start, end } of findings) {
    expect(end).toBeLessThanOrEqual(text.length);
    expect(start).toBeLessThan(end);
  }
});
