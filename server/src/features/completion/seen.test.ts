// What the workspace tells is found without reading all of its files.
import { expect, test, vi } from 'vitest';
import { testCatalog } from '../../fixture.ts';
import { Workspace } from '../../workspace/workspace.ts';
import { cursorAt } from '../cursor.ts';
import { complete } from './completion.ts';

const cluster = (namespace: string, version: string) =>
  `apiVersion: cluster.x-k8s.io/v1beta2\nkind: Cluster\nmetadata:\n  name: c\n  namespace: ${namespace}\nspec:\n  topology:\n    version: ${version}\n`;

test('completion of namespaces and versions reads no list of files', () => {
  const workspace = new Workspace(testCatalog);
  workspace.put('a.yaml', 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n');
  workspace.put('b.yaml', cluster('b', 'v1.35.0'));
  workspace.put('c.yaml', cluster('b', 'v1.34.1'));
  const files = vi.spyOn(workspace, 'files');
  const labels = (text: string) => {
    workspace.put('own.yaml', text.replace('$0', ''));
    return complete(cursorAt(workspace, 'own.yaml', text.indexOf('$0'))!).map(({ label }) => label);
  };
  expect(labels('apiVersion: v1\nkind: Pod\nmetadata:\n  namespace: $0\n')).toEqual(['b', 'a']);
  expect(labels(cluster('a', '$0'))).toEqual(expect.arrayContaining(['v1.34.1', 'v1.35.0']));
  expect(files).not.toHaveBeenCalled();
});
