// Held against counting all files again, after random changes.
import { expect, test } from 'vitest';
import { testCatalog } from '../fixture.ts';
import { Workspace } from './workspace.ts';

const texts = [
  'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n',
  'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n  namespace: b\n',
  'apiVersion: cluster.x-k8s.io/v1beta2\nkind: Cluster\nmetadata:\n  name: c\n  namespace: b\nspec:\n  topology:\n    version: v1.35.0\n',
  'apiVersion: cluster.x-k8s.io/v1beta2\nkind: Cluster\nmetadata:\n  name: d\nspec:\n  topology:\n    version: v1.34.1\n',
  'a: 1\n',
  'apiVersion: v1\nkind: [',
];
const paths = ['a.yaml', 'x/a.yaml', 'x/b.yaml', 'x/y/c.yaml'];

/** The same workspace with its files read at once. */
function fresh(workspace: Workspace): Workspace {
  const other = new Workspace(testCatalog);
  for (const { path, text } of workspace.files()) other.put(path, text);
  return other;
}

const group = 'cluster.x-k8s.io';

test('what is counted as files come, change and go is what counting all of them gives', () => {
  const workspace = new Workspace(testCatalog);
  let seed = 11;
  const random = (below: number) => {
    seed = (seed * 16807) % 2147483647;
    return seed % below;
  };
  let most = 0;
  for (let step = 0; step < 300; step += 1) {
    const path = paths[random(paths.length)]!;
    const parts = Array.from({ length: random(4) }, () => texts[random(texts.length)]!);
    if (random(5) === 0) workspace.remove(path);
    else workspace.put(path, parts.join('---\n'));
    const other = fresh(workspace);
    expect(workspace.inUse.namespaces).toEqual(other.inUse.namespaces);
    expect(workspace.inUse.versions(group, 'version')).toEqual(other.inUse.versions(group, 'version'));
    most = Math.max(most, workspace.inUse.versions(group, 'version').size);
  }
  expect(most).toBe(2);
  for (const path of paths) workspace.remove(path);
  expect(workspace.inUse.namespaces.size).toBe(0);
  expect(workspace.inUse.versions(group, 'version').size).toBe(0);
});
