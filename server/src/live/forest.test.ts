import { expect, test } from 'vitest';
import { forestOf } from './forest.ts';
import { type LiveObject, type ObjectKey, objectKey, trim } from './object.ts';

const source = (kind: string, name: string, labels: object = {}) =>
  trim({
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind,
    metadata: { name, namespace: 'flux-system', uid: name, labels },
  })!;

function kustomization(name: string, from: string, inventory: readonly string[] = [], by?: string): LiveObject {
  const labels = by && {
    'kustomize.toolkit.fluxcd.io/name': by,
    'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
  };
  return trim({
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name, namespace: 'flux-system', uid: name, ...(labels && { labels }) },
    spec: { sourceRef: { kind: 'GitRepository', name: from } },
    status: { inventory: { entries: inventory.map((id) => ({ id, v: 'v1' })) } },
  })!;
}

const release = (name: string, from: string) =>
  trim({
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: { name, namespace: 'flux-system', uid: name },
    spec: { chart: { spec: { chart: 'c', sourceRef: { kind: 'HelmRepository', name: from } } } },
  })!;

/** The tree as lines, two spaces a level. */
function tree(objects: readonly LiveObject[], root?: ObjectKey): readonly string[] {
  const all = new Map(objects.map((object) => [objectKey(object), object]));
  const forest = forestOf('flux', all, (key) => all.get(key), root);
  const lines = (keys: readonly ObjectKey[], indent: string): readonly string[] =>
    keys.flatMap((key) => [`${indent}${key.split('|').at(-1)}`, ...lines(forest.children(key), `${indent}  `)]);
  return lines(forest.roots(), '');
}

const bootstrapped = [
  source('GitRepository', 'fleet'),
  kustomization('all', 'fleet', [
    'flux-system_fleet_source.toolkit.fluxcd.io_GitRepository',
    'flux-system_all_kustomize.toolkit.fluxcd.io_Kustomization',
    'flux-system_charts_source.toolkit.fluxcd.io_HelmRepository',
  ]),
  kustomization('apps', 'fleet', [], 'all'),
  source('HelmRepository', 'charts'),
];

test('a source comes first, below it what is applied from it and what that applies', () => {
  expect(tree(bootstrapped)).toEqual(['fleet', '  all', '    charts', '    apps']);
});

test('what nothing applies is below its source, if that exists', () => {
  const objects = [source('HelmRepository', 'charts'), release('web', 'charts'), release('lost', 'gone')];
  expect(tree(objects)).toEqual(['charts', '  web', 'lost']);
});

test('two sources that each deliver the other are in the tree once', () => {
  const objects = [
    source('GitRepository', 'a'),
    source('GitRepository', 'b'),
    kustomization('from-a', 'a', ['flux-system_b_source.toolkit.fluxcd.io_GitRepository']),
    kustomization('from-b', 'b', ['flux-system_a_source.toolkit.fluxcd.io_GitRepository']),
  ];
  expect(
    tree(objects)
      .map((line) => line.trim())
      .sort(),
  ).toEqual(['a', 'b', 'from-a', 'from-b']);
});

test('the tree of one Kustomization has its source where the inventory has it', () => {
  expect(tree(bootstrapped, objectKey(bootstrapped[1]!))).toEqual(['all', '  fleet', '  charts', '  apps']);
});
