import { expect, test } from 'vitest';
import { named } from './naming.ts';

const snippet = 'kind: ConfigMap\nmetadata:\n  name: ${1:app}\n  namespace: ${2:shop}\n';

test('a file that is named after its object gives the object its name', () => {
  expect(named(snippet, 'example.yaml', 'settings.yaml')).toContain('name: ${1:settings}\n');
  expect(named(snippet, 'configmap-example.yaml', 'configmap-settings.yaml')).toContain('name: ${1:settings}\n');
});

test('any other file name says nothing about the object', () => {
  expect(named(snippet, 'configmap.yaml', 'settings.yaml')).toBe(snippet);
  expect(named(snippet, 'example.yaml', 'Settings_1.yaml')).toBe(snippet);
  expect(named(snippet, 'example.yaml', 'settings.yml')).toBe(snippet);
});
