import { expect, test } from 'vitest';
import { kustomization, labelsAt } from '../fixture.ts';

const source = (name: string, ignore: string) => `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: ${name}
  namespace: flux-system
spec:
  interval: 10m
  url: https://git.example/${name}
  ignore: |
    ${ignore}
`;

const offered = (path: string) =>
  labelsAt(`# file: sources.yaml
${source('charts', '/*\n    !/charts')}---
${source('fleet', '/docs')}# file: apps/shop.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: shop
# file: cluster.yaml
${kustomization('apps', path).replace('name: flux-system }', 'name: $0 }')}`).toSorted();

test('a source that leaves out the folder is no source of it', () => {
  expect(offered('./apps')).toEqual(['fleet']);
});

test('what is known of no file may be in any', () => {
  expect(offered('./elsewhere')).toEqual(['charts', 'fleet']);
  expect(offered('./${folder}')).toEqual(['charts', 'fleet']);
});
