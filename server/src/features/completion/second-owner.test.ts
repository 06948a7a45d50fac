// What another Kustomization of a cluster applies isn't suggested, nor a namespace in which it would be the same.
import { describe, expect, test } from 'vitest';
import { flux, instance, labels } from './fixture.ts';

test('a folder that another Kustomization applies', () => {
  const part = (name: string) => `# file: parts/${name}/kustomization.yaml
resources: [${name}.yaml]
# file: parts/${name}/${name}.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
  namespace: shop
`;
  const source = `${instance}# file: clusters/prod/parts.yaml\n${flux('a', './parts/a')}${flux('b', '$0')}${part('a')}${part('b')}`;
  const [before, after] = labels(source);
  expect(before).toEqual(expect.arrayContaining(['./parts/a', './parts/b']));
  expect(after).toContain('./parts/b');
  expect(after).not.toContain('./parts/a');
});

test('a folder that defines an object which another Kustomization applies from another file', () => {
  const object = (kind: string, name: string) => `apiVersion: v1
kind: ${kind}
metadata:
  name: ${name}
`;
  const part = (name: string, text: string) => `# file: parts/${name}/kustomization.yaml
resources: [${name}.yaml]
# file: parts/${name}/${name}.yaml
${text}`;
  const source = (target: string) => `${instance}# file: clusters/prod/parts.yaml
${flux('a', './parts/a')}${flux('b', '$0')}${target}
${part('a', `${object('Namespace', 'shop')}---\n${object('ConfigMap', 'a')}  namespace: shop\n`)}
${part('b', object('ConfigMap', 'a'))}
${part('c', object('ConfigMap', 'c'))}
${part('d', object('Namespace', 'shop'))}`;
  const [before, after] = labels(source(''));
  expect(before).toEqual(expect.arrayContaining(['./parts/b', './parts/c', './parts/d']));
  expect(after).toEqual(expect.arrayContaining(['./parts/b', './parts/c']));
  expect(after).not.toContain('./parts/d');
  const moved = labels(source('  targetNamespace: shop\n'))[1];
  expect(moved).toContain('./parts/c');
  expect(moved).not.toContain('./parts/b');
});

test('a folder with a Namespace that the Kustomization would rename', () => {
  const source = (name: string) => `${instance}# file: clusters/prod/parts.yaml
${flux('a', '$0')}  targetNamespace: shop
# file: parts/a/kustomization.yaml
resources: [a.yaml]
# file: parts/a/a.yaml
apiVersion: v1
kind: Namespace
metadata:
  name: ${name}
`;
  expect(labels(source('shop'))[1]).toContain('./parts/a');
  expect(labels(source('tools'))[1]).not.toContain('./parts/a');
});

test('a namespace that would rename the Namespace of the Kustomization', () => {
  const target = (of: string) => `${instance}# file: clusters/prod/apps.yaml
${flux('apps', './apps')}  targetNamespace: $0
# file: apps/namespace.yaml
apiVersion: v1
kind: ${of}
metadata:
  name: shop
`;
  expect(labels(target('Namespace'), 'shop')[1]).toEqual(['shop']);
  expect(labels(target('ConfigMap'), 'shop')[1]).toContain('flux-system');
});

test('a folder in which the Kustomization would copy itself into another namespace', () => {
  const source = (target: string) => `# file: apps/kustomization.yaml
resources: [shop/ks.yaml]
# file: apps/shop/ks.yaml
${flux('shop', '$0')}  ${target}
# file: apps/shop/app/kustomization.yaml
namespace: shop
`;
  expect(labels(source('targetNamespace: shop'))[0]).toEqual(['./apps/shop/app']);
  expect(labels(source(''))[0]?.toSorted()).toEqual(['./apps', './apps/shop/app']);
});

test('its own folder, if the Kustomization is applied from there', () => {
  const source = (listed: string) => `# file: apps/shop/kustomization.yaml
resources: [${listed}]
# file: apps/shop/ks.yaml
${flux('shop', '$0')}
`;
  expect(labels(source('ks.yaml'))[0]).toEqual([]);
  expect(labels(source('app.yaml'))[0]).toEqual(['./apps/shop']);
});

describe('a namespace in which another Kustomization applies the same object', () => {
  const object = (kind: string, name: string, namespace: string) => `---
apiVersion: v1
kind: ${kind}
metadata:
  name: ${name}
  ${namespace}
`;
  const files = (apps: string, platform: string, set: string, target = '') => `${instance}
# file: clusters/prod/parts.yaml
${flux('apps', './apps')}  ${target}
${flux('platform', './platform')}
# file: apps/kustomization.yaml
${set}
resources: [a.yaml]
# file: apps/a.yaml
${apps}
# file: platform/kustomization.yaml
resources: [a.yaml]
# file: platform/a.yaml
${platform}`;
  const two = object('ConfigMap', 'a', 'namespace: shop') + object('ConfigMap', 'b', 'namespace: free');

  test('that of a kustomization, which renames Namespaces too', () => {
    const [before, after] = labels(
      files(object('Namespace', 'own', ''), object('Namespace', 'shop', '') + two, 'namespace: $0'),
      'own',
    );
    expect(before).toEqual(expect.arrayContaining(['shop', 'free']));
    expect(after).toContain('free');
    expect(after).not.toContain('shop');
  });

  test('that of a kustomization', () => {
    const [, after] = labels(files(object('ConfigMap', 'a', ''), two, 'namespace: $0'), 'own');
    expect(after).toContain('free');
    expect(after).not.toContain('shop');
  });

  test('that of a Flux Kustomization', () => {
    const [, after] = labels(files(object('ConfigMap', 'a', ''), two, '', 'targetNamespace: $0'), 'own');
    expect(after).toContain('free');
    expect(after).not.toContain('shop');
  });

  test('that of an object', () => {
    const [, after] = labels(files(object('ConfigMap', 'a', 'namespace: $0'), two, ''), 'own');
    expect(after).toContain('free');
    expect(after).not.toContain('shop');
  });
});
