// What kustomize refuses is reported where the kustomization causes it; each refusal is one of kustomize 5.8.3.
import { describe, expect, test } from 'vitest';
import { yaml } from '../fixture.ts';
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

  test('a path with a variable, and one above the root', () => {
    expect(found('resources: ["${DIR}/a.yaml", ../../elsewhere/a.yaml]\n')).toEqual([]);
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
