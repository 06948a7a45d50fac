import { expect, test } from 'vitest';
import { compareSides, surroundingsOf } from '../change/comparison.ts';
import type { Documents } from '../change/documents.ts';
import { setFiles } from '../change/revert.ts';
import { bothSides } from '../change/spared.ts';
import { testCatalog } from '../fixture.ts';
import { textsOf } from '../kustomize/fixture.ts';
import { Workspace } from '../workspace/workspace.ts';
import { differencesAt, differencesOfClusters } from './differences.ts';

const cluster = (name: string) => `# file: clusters/${name}/sync.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec: { path: ./clusters/${name}, prune: true, sourceRef: { kind: GitRepository, name: flux-system } }
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: apps, namespace: flux-system }
spec:
  path: ./apps
  prune: true
  sourceRef: { kind: GitRepository, name: flux-system }
  postBuild: { substitute: { COLOR: ${name} } }
`;

const files = textsOf(`${cluster('blue')}${cluster('red')}# file: apps/web.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: web, namespace: shop }
data: { color: "\${COLOR}", size: small }
# file: apps/same.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: same, namespace: shop }
data: { size: small }
# file: apps/key.yaml
apiVersion: v1
kind: Secret
metadata: { name: key, namespace: shop }
stringData: { token: "canary-\${COLOR}", user: canary-user }
`);

function workspaceOf(): Workspace {
  const workspace = new Workspace(testCatalog);
  for (const [path, text] of files) workspace.put(path, text);
  return workspace;
}

function changed(path: string, from: string, to: string, at: string, offset = 0): Documents {
  const workspace = workspaceOf();
  const set = (text: string) =>
    setFiles(
      workspace,
      [path],
      () => true,
      () => text,
    );
  const old = files.get(path)!;
  const toCurrent = () => set(old.replace(from, to));
  const sides = bothSides({ workspace, toOlder: () => set(old), toCurrent }, [path]);
  return differencesAt(workspace, compareSides(sides.old, sides.now, surroundingsOf(workspace)), at, offset);
}

const lines = (text: string) => text.split('\n').filter((line) => /^#|size|color|token|user/.test(line));

test('a change that several clusters get alike is there once, before and after it', () => {
  const { old, now } = changed('apps/same.yaml', 'small', 'large', 'apps/same.yaml');
  expect(lines(old)).toEqual(['# ConfigMap shop/same in blue, red', '  size: small']);
  expect(lines(now)).toEqual(['# ConfigMap shop/same in blue, red', '  size: large']);
});

test('of another file, nothing differs', () => {
  expect(changed('apps/same.yaml', 'small', 'large', 'apps/web.yaml')).toEqual({ old: '', now: '' });
});

test('on a Flux Kustomization, everything that it applies', () => {
  const offset = files.get('clusters/red/sync.yaml')!.indexOf('name: apps');
  const { now } = changed('apps/same.yaml', 'small', 'large', 'clusters/red/sync.yaml', offset);
  expect(lines(now)).toContain('  size: large');
});

test('values of Secrets are hidden, and it is said that they changed', () => {
  const { old, now } = changed('apps/key.yaml', 'canary-user', 'canary-other', 'apps/key.yaml');
  expect(old + now).not.toContain('canary');
  expect(lines(old)).toEqual(['# Secret shop/key in blue, red', '  token: (hidden)', '  user: (hidden)']);
  expect(lines(now)).toEqual(['# Secret shop/key in blue, red', '  token: (hidden)', '  user: (hidden, changed)']);
});

test('two clusters are compared object by object', () => {
  const { old, now } = differencesOfClusters(workspaceOf(), 'apps/web.yaml', 0, ['blue', 'red']);
  expect(lines(old)).toEqual(['# ConfigMap shop/web', '  color: blue', '  size: small']);
  expect(lines(now)).toEqual(['# ConfigMap shop/web', '  color: red', '  size: small']);
  const keys = differencesOfClusters(workspaceOf(), 'apps/key.yaml', 0, ['blue', 'red']);
  expect(keys.old + keys.now).not.toContain('canary');
});
