import { expect, test, vi } from 'vitest';
import { parseManifest } from '../syntax/manifest.ts';
import { factsOf } from './facts.ts';

vi.mock(import('../syntax/manifest.ts'), { spy: true });

const lock = `lockfileVersion: '9.0'\npackages:\n${Array.from({ length: 2000 }, (_, index) => `  kind-of@${index}.0.0:\n    resolution: {integrity: sha512-x${index}==}\n`).join('')}`;

test('a long text without any key of an object or a kustomization isn’t parsed', () => {
  expect(factsOf(lock)).toMatchObject({ objects: [], deliveries: [], manifest: false });
  expect(parseManifest).not.toHaveBeenCalled();
});

test.each([
  ['apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n', { objects: [{ name: 'a' }], manifest: true }],
  ['{apiVersion: v1, "kind" : ConfigMap, metadata: {name: a}}\n', { objects: [{ name: 'a' }] }],
  ['resources: [a.yaml]\n', { kustomization: { applies: ['a.yaml'] } }],
  ['a: {{ .Values.a }}\n', { template: true }],
  ['sops: {mac: x}\n', { sops: true }],
])('%j is read in a long text, too', (text, facts) => {
  expect(factsOf(`${text}${'#\n'.repeat(30_000)}`)).toMatchObject(facts);
  expect(factsOf(text)).toMatchObject(facts);
});
