import { expect, test } from 'vitest';
import { valueAt } from '../syntax/value.ts';
import { build } from './build.ts';
import { builtValue } from './built.ts';
import { buildFilesOf } from './fixture.ts';

const base = `# file: base/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec: { template: { spec: { containers: [{ name: main, image: web }] } } }
# file: base/kustomization.yaml
resources: [web.yaml]
commonLabels: { app: web }
`;

function labelsOf(more: string): readonly unknown[] {
  const { objects, problems } = build(
    'app',
    buildFilesOf(`${base}# file: app/kustomization.yaml\nresources: [../base]\n${more}`),
  );
  expect(problems).toEqual([]);
  const value = builtValue(objects[0]!.value);
  return [
    ['metadata', 'labels', 'app'],
    ['spec', 'selector', 'matchLabels', 'app'],
    ['spec', 'template', 'metadata', 'labels', 'app'],
  ].map((path) => valueAt(value, path));
}

const merge =
  'patches: [{ patch: "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, labels: {app: other}}}" }]\n';

test('a label that commonLabels set in several fields changes in all of them', () => {
  expect(labelsOf('')).toEqual(['web', 'web', 'web']);
  expect(labelsOf(merge)).toEqual(['other', 'other', 'other']);
  expect(labelsOf('labels: [{ pairs: { app: other } }]\n')).toEqual(['other', 'other', 'other']);
});

test('after a JSON patch, each field is changed alone', () => {
  const json = `patches:\n- { target: { kind: Deployment }, patch: '[{"op": "replace", "path": "/metadata/labels/app", "value": "third"}]' }\n`;
  expect(labelsOf(json)).toEqual(['third', 'web', 'web']);
  expect(labelsOf(json + merge.replace('patches: [', '- ').replace(/\]\n$/, '\n'))).toEqual(['other', 'web', 'web']);
});
