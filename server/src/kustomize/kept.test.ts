import { expect, test } from 'vitest';
import { build } from './build.ts';
import { builtAt, builtValue } from './built.ts';
import { buildFilesOf } from './fixture.ts';

/** A Pod with the name of a ConfigMap that a base renames. */
function configOf(more: string): unknown {
  const { objects, problems } = build(
    'app',
    buildFilesOf(`# file: base/kustomization.yaml
namePrefix: a-
configMapGenerator: [{ name: a, options: { disableNameSuffixHash: true } }]
# file: app/kustomization.yaml
resources: [../base, pod.yaml]
${more}
# file: app/pod.yaml
apiVersion: v1
kind: Pod
metadata: { name: b }
spec: { volumes: [{ configMap: { name: a } }] }
`),
  );
  expect(problems).toEqual([]);
  const pod = objects.find(({ value }) => builtAt(value, ['spec']));
  const built = builtValue(builtAt(pod!.value, ['spec'])!) as { readonly volumes: unknown; readonly copy: unknown };
  return built.copy ?? built.volumes;
}

test('references follow a new name', () => {
  expect(configOf('')).toEqual([{ configMap: { name: 'a-a' } }]);
});

test('a patch that deletes annotations deletes the earlier names with them', () => {
  const patch = '{ apiVersion: v1, kind: ConfigMap, metadata: { name: a, annotations: null } }';
  expect(configOf(`patches: [{ patch: '${patch}' }]`)).toEqual([{ configMap: { name: 'a' } }]);
});

test('a patch that sets annotations does not', () => {
  const patch = '{ apiVersion: v1, kind: ConfigMap, metadata: { name: a, annotations: { c: d } } }';
  expect(configOf(`patches: [{ patch: '${patch}' }]`)).toEqual([{ configMap: { name: 'a-a' } }]);
});

test('operations keep the earlier names', () => {
  const patch = '[{"op": "add", "path": "/metadata/annotations", "value": {}}]';
  expect(configOf(`patches: [{ target: { kind: ConfigMap }, patch: '${patch}' }]`)).toEqual([
    { configMap: { name: 'a-a' } },
  ]);
});

test('a replacement copies what kustomize keeps', () => {
  const source = '{ kind: ConfigMap, fieldPath: metadata.annotations }';
  const targets = '[{ select: { kind: Pod }, fieldPaths: [spec.copy], options: { create: true } }]';
  expect(configOf(`replacements: [{ source: ${source}, targets: ${targets} }]`)).toEqual({
    'internal.config.kubernetes.io/generatorBehavior': 'unspecified',
    'internal.config.kubernetes.io/prefixes': 'a-',
    'internal.config.kubernetes.io/previousKinds': 'ConfigMap',
    'internal.config.kubernetes.io/previousNames': 'a',
    'internal.config.kubernetes.io/previousNamespaces': 'default',
  });
});
