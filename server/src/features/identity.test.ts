// Which definition a name resolves to, by namespace and by scope, and from definition to use and back.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { yaml } from '../fixture.ts';
import { cursorAt } from './cursor.ts';
import { definition, references, type Site } from './definition.ts';
import { configMap, cursorOf, fixture, places, podUsing } from './fixture.ts';

const flux = (name: string, fields: string, mark = '') => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: ${name}${mark}
  namespace: flux-system
spec:
  interval: 10m
  prune: true
${fields}`;

describe('by namespace', () => {
  const defined = `# file: a.yaml
${configMap('settings', 'a')}
# file: b.yaml
${configMap('settings', 'b')}
`;
  const unknown = yaml`
    # file: unknown.yaml
    ${configMap('settings')}`;
  const from = (namespace: string | undefined, files: string) => {
    const found = fixture(yaml`
      ${files}
      # file: user.yaml
      ${podUsing('settings', namespace, '$0')}`);
    return places(found, definition(cursorOf(found)));
  };

  test('a name resolves only to the object in the same namespace', () => {
    expect(from('a', defined + unknown)).toEqual(['a.yaml:4']);
    expect(from('b', defined + unknown)).toEqual(['b.yaml:4']);
  });

  test('an unknown namespace may match any, unless another definition is known to match', () => {
    expect(from('c', defined)).toEqual([]);
    expect(from('c', defined + unknown)).toEqual(['unknown.yaml:4']);
    expect(from(undefined, defined + unknown)).toEqual(['a.yaml:4', 'b.yaml:4', 'unknown.yaml:4']);
  });

  test('uses are those in the same namespace', () => {
    const uses = `# file: use-a.yaml
${podUsing('settings', 'a')}
# file: use-b.yaml
${podUsing('settings', 'b')}
# file: use-unknown.yaml
${podUsing('settings')}
`;
    const own = fixture(`${defined.replace('name: settings', 'name: settings$0')}${uses}`);
    expect(places(own, references(cursorOf(own), false))).toEqual(['use-a.yaml:12', 'use-unknown.yaml:11']);
  });

  test('kustomize and Flux set the namespace, and the outermost takes precedence', () => {
    const files = `# file: base/kustomization.yaml
resources: [use.yaml]
namespace: base
# file: base/use.yaml
${podUsing('settings', 'written', '$0')}
# file: shop/kustomization.yaml
resources: [../base]
namespace: kustomize
# file: shop.yaml
${flux('shop', '  path: ./shop\n  targetNamespace: shop\n')}
---
${configMap('settings', 'shop')}
---
${configMap('settings', 'base')}
---
${configMap('settings', 'written')}
---
${configMap('settings', 'kustomize')}
`;
    const found = fixture(files);
    const [site, ...others] = definition(cursorOf(found));
    expect(others).toEqual([]);
    expect(found.workspace.file(site!.path)!.text.slice(site!.end).split('\n')[1]).toBe('  namespace: shop');
  });

  test('the namespace in a reference takes precedence over that of its object', () => {
    const source = (namespace: string) => `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: fleet
  namespace: ${namespace}
`;
    const found = fixture(`# file: own.yaml
${source('flux-system')}
# file: other.yaml
${source('shared')}
# file: user.yaml
${flux('apps', '  sourceRef:\n    kind: GitRepository\n    name: fleet$0\n    namespace: shared\n')}`);
    expect(places(found, definition(cursorOf(found)))).toEqual(['other.yaml:4']);
  });

  test('cluster-scoped objects have no namespace', () => {
    const role = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules: []
`;
    const binding = `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: readers
  namespace: a
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: reader$0
`;
    const found = fixture(`# file: x/kustomization.yaml
resources: [role.yaml, binding.yaml]
namespace: x
# file: x/role.yaml
${role}
# file: x/binding.yaml
${binding}`);
    expect(places(found, definition(cursorOf(found)))).toEqual(['x/role.yaml:4']);
  });
});

describe('by scope', () => {
  const cluster = (name: string, mark = '') => `# file: clusters/${name}/sync.yaml
${flux('flux-system', `  path: ./clusters/${name}\n`)}
# file: clusters/${name}/apps.yaml
${flux('apps', `  path: ./apps/${name}\n`, mark)}
# file: clusters/${name}/more.yaml
${flux('more', `  path: ./more/${name}\n  dependsOn:\n    - name: apps${name === 'two' ? '$0' : ''}\n`)}
`;

  test('a name resolves within its own cluster', () => {
    const found = fixture(cluster('one') + cluster('two'));
    expect(places(found, definition(cursorOf(found)))).toEqual(['clusters/two/apps.yaml:4']);
    expect(places(found, references(cursorOf(found), true))).toEqual([
      'clusters/two/apps.yaml:4',
      'clusters/two/more.yaml:11',
    ]);
  });

  test('without a known scope, definitions in the same folder take precedence', () => {
    const plain = (name: string, mark = '') => `# file: ${name}/map.yaml
${configMap('settings')}
# file: ${name}/pod.yaml
${podUsing('settings', undefined, mark)}
`;
    const found = fixture(plain('one') + plain('two', '$0'));
    expect(places(found, definition(cursorOf(found)))).toEqual(['two/map.yaml:4']);
  });

  test('an overlay does not use the ConfigMap of another overlay', () => {
    const overlay = (name: string, resources: string, mark = '') => `# file: ${name}/kustomization.yaml
resources: [pod.yaml${resources}]
# file: ${name}/pod.yaml
${podUsing('settings', undefined, mark)}
`;
    const map = yaml`
      # file: one/map.yaml
      ${configMap('settings')}`;
    const own = fixture(overlay('one', ', map.yaml', '$0') + overlay('two', '') + map);
    expect(places(own, definition(cursorOf(own)))).toEqual(['one/map.yaml:4']);
    const other = fixture(overlay('one', ', map.yaml') + overlay('two', '', '$0') + map);
    expect(places(other, definition(cursorOf(other)))).toEqual([]);
    // The name is used there although nothing defines it.
    expect(places(other, references(cursorOf(other), true))).toEqual(['two/pod.yaml:11']);
  });

  test('a name in a base resolves to the definition in each overlay', () => {
    const overlay = (name: string) => `# file: ${name}/kustomization.yaml
resources: [../base, map.yaml]
namespace: ${name}
# file: ${name}/map.yaml
${configMap('settings')}
`;
    const found = fixture(`${overlay('one')}${overlay('two')}# file: base/kustomization.yaml
resources: [pod.yaml]
# file: base/pod.yaml
${podUsing('settings', undefined, '$0')}`);
    expect(places(found, definition(cursorOf(found)))).toEqual(['one/map.yaml:4', 'two/map.yaml:4']);
  });
});

test('a generated Secret has the namespace of its kustomization', () => {
  const files = (namespace: string) => `# file: app/kustomization.yaml
resources: [pod.yaml]
namespace: app
secretGenerator:
  - name: key
# file: app/pod.yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: a
imagePullSecrets:
  - name: key$0
# file: other.yaml
apiVersion: v1
kind: Secret
metadata:
  name: key
  namespace: ${namespace}
`;
  const found = fixture(files('other'));
  expect(places(found, definition(cursorOf(found)))).toEqual(['app/kustomization.yaml:4']);
  expect(places(found, references(cursorOf(found), false))).toEqual(['app/pod.yaml:6']);
});

test('a reference of a manifest is found both ways or not at all', () => {
  const found = fixture(`# file: a/flux.yaml
${flux('sync', '  path: ./a\n')}
# file: clusters/b/map.yaml
${configMap('two', 'a')}
# file: clusters/b/pod.yaml
${podUsing('two', 'b')}
# file: clusters/a/flux.yaml
${flux('sync', '  path: ./b\n  targetNamespace: b\n')}`);
  const at = (path: string, word: string) => {
    const { text } = found.workspace.file(path)!;
    return cursorAt(found.workspace, path, text.lastIndexOf(word))!;
  };
  expect(definition(at('clusters/b/pod.yaml', 'two'))).toEqual([]);
  expect(references(at('clusters/b/map.yaml', 'two'), false)).toEqual([]);
});

test('uses and definitions agree, however the files are applied', () => {
  const folder = fc.constantFrom('a', 'b', 'clusters/a', 'clusters/b');
  const namespace = fc.option(fc.constantFrom('a', 'b', '${NAMESPACE}'), { nil: undefined });
  const name = fc.constantFrom('one', 'two');
  const kustomized = fc
    .record({ folder, of: folder, namespace: fc.constantFrom('', 'namespace: a\n', 'namespace: b\n') })
    .map((one) => [
      `${one.folder}/kustomization.yaml`,
      yaml`
        resources: [map.yaml, pod.yaml, ${'../'.repeat(one.folder.split('/').length)}${one.of}]
        ${one.namespace}configMapGenerator: [{ name: two }]
      `,
    ]);
  const file = fc.oneof(
    kustomized,
    fc.tuple(folder, name, namespace).map(([at, called, within]) => [`${at}/map.yaml`, configMap(called, within)]),
    fc.tuple(folder, name, namespace).map(([at, called, within]) => [`${at}/pod.yaml`, podUsing(called, within)]),
    fc.record({ folder, of: folder, target: fc.constantFrom('', '  targetNamespace: b\n') }).map((one) => [
      `${one.folder}/flux.yaml`,
      flux(
        'sync',
        yaml`
            path: ./${one.of}
          ${one.target}`,
      ),
    ]),
  );
  fc.assert(
    fc.property(fc.array(file, { minLength: 4, maxLength: 14 }), (files) => {
      const { workspace } = fixture(
        files
          .map(
            ([path, text]) => yaml`
              # file: ${path}
              ${text}`,
          )
          .join(''),
      );
      const at = ({ path, start }: Site) => cursorAt(workspace, path, start)!;
      for (const { path, documents } of workspace.files()) {
        for (const { start, document } of documents) {
          for (const { object } of workspace.index.definitionsIn(document)) {
            const own: Site = { path, start: start + object.start, end: start + object.end };
            // From each definition to its uses and back, from each use to its definitions and back.
            for (const use of references(at(own), false)) expect(definition(at(use))).toContainEqual(own);
            for (const use of object.uses) {
              const site: Site = { path, start: start + use.start, end: start + use.end };
              for (const target of definition(at(site))) expect(references(at(target), false)).toContainEqual(site);
            }
          }
        }
      }
    }),
    { numRuns: 200 },
  );
});
