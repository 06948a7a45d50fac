import { expect, test } from 'vitest';
import { applied, labelsAt } from '../fixture.ts';

const files = (fields: string, resources = '[base]') => `
# file: base/kustomization.yaml
configMapGenerator:
  - name: settings
    literals: [a=b]
resources: [secret.yaml]
# file: base/secret.yaml
apiVersion: v1
kind: Secret
metadata:
  name: keys
# file: app/kustomization.yaml
resources: ${resources.replace('base', '../base')}
${fields}
`;

const generator = (list: string, name: string, field = 'behavior: $0') =>
  `${list}Generator:\n  - name: ${name}\n    ${field}`;

test('an object that is listed can only be changed', () => {
  expect(labelsAt(files(generator('configMap', 'settings')))).toEqual(['merge', 'replace']);
  expect(labelsAt(files(generator('secret', 'keys')))).toEqual(['merge', 'replace']);
});

test('an object that isn’t listed can only be created', () => {
  expect(labelsAt(files(generator('configMap', 'keys')))).toEqual(['create']);
  expect(labelsAt(files(generator('configMap', 'settings'), '[]'))).toEqual(['create']);
});

test('with a base that isn’t in files, either may be right', () => {
  const remote = '[base, "https://example.com/a//base"]';
  expect(labelsAt(files(generator('configMap', 'a'), remote))).toEqual(['create', 'merge', 'replace']);
});

test('the value that the key is accepted with', () => {
  const text = files(generator('configMap', 'settings', '$0'));
  expect(applied(text, 'behavior')).toContain('behavior: merge');
});
