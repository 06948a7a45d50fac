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

const crd = (plural: string, kind: string, properties: string) =>
  `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: ${plural}.example.com\nspec:\n  group: example.com\n  scope: Namespaced\n  names:\n    kind: ${kind}\n    plural: ${plural}\n  versions:\n    - name: v1\n      served: true\n      storage: true\n      schema:\n        openAPIV3Schema:\n          type: object\n          properties:\n${properties}`;
const property = (name: string) =>
  `            ${name}:\n              nullable: true\n              description: A text.\n              type: string\n`;

function firstInProperty(others: Readonly<Record<string, string>>): readonly string[] {
  const workspace = new Workspace(testCatalog);
  for (const [path, text] of Object.entries(others)) workspace.put(path, text);
  const text = crd('gears', 'Gear', '            teeth:\n              ');
  workspace.put('own.yaml', text);
  return complete(cursorAt(workspace, 'own.yaml', text.length)!)
    .toSorted((a, b) => (a.sort < b.sort ? -1 : 1))
    .map(({ label }) => label)
    .slice(0, 3);
}

test('what a map contains under other free keys, such as the names of properties, is usual', () => {
  const others = { 'a.yaml': crd('widgets', 'Widget', property('a')), 'b.yaml': crd('bolts', 'Bolt', property('b')) };
  expect(firstInProperty({})).not.toContain('nullable');
  expect(firstInProperty(others)).toEqual(['nullable', 'type', 'description']);
});

test('objects that take long to read are no examples', () => {
  const many = Array.from({ length: 1500 }, (_, index) => property(`p${index}`)).join('');
  expect(firstInProperty({ 'a.yaml': crd('widgets', 'Widget', many) })).toEqual(firstInProperty({}));
});
