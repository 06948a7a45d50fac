// Renaming anchors and objects, and what is refused because a rename would not be exact.
import { describe, expect, test } from 'vitest';
import { sync } from '../../rules/rule.ts';
import { references } from '../definition.ts';
import { configMap, cursorOf, edited, fixture, podUsing } from '../fixture.ts';
import { prepareRename, rename } from './rename.ts';

/** The files that change, or why nothing does. */
function renamed(source: string, name: string): Readonly<Record<string, string>> | string {
  const at = fixture(source);
  const result = rename(cursorOf(at), name);
  if ('refused' in result) return result.refused;
  const paths = [...new Set(result.edits.map(({ path }) => path))];
  return Object.fromEntries(
    paths.map((path) => [
      path,
      edited(
        at.workspace.file(path)!.text,
        result.edits.filter((edit) => edit.path === path),
      ),
    ]),
  );
}

function prepared(source: string): string | undefined {
  const at = fixture(source);
  const result = prepareRename(cursorOf(at));
  if (result === undefined) return undefined;
  return 'refused' in result ? result.refused : `${at.text.slice(result.start, result.end)} ${result.name}`;
}

describe('an anchor', () => {
  const text = 'a: &b {c: 1}\nd: *b\ne:\n  <<: *b\nf: &g 1\n';

  test('is renamed with its aliases, from any of them', () => {
    const wanted = { 'a.yaml': text.replaceAll('b', 'x-1') };
    expect(renamed(text.replace('&b', '&$0b'), 'x-1')).toEqual(wanted);
    expect(renamed(text.replace('d: *b', 'd: *b$0'), 'x-1')).toEqual(wanted);
    expect(prepared(text.replace('d: *b', 'd: *$0b'))).toBe('b b');
  });

  test('keeps its name if the new one is taken or no name', () => {
    expect(renamed(text.replace('&b', '&$0b'), 'g')).toMatch(/already has an anchor &g/);
    expect(renamed(text.replace('&b', '&$0b'), 'x y')).toMatch(/must be letters/);
    expect(renamed(text.replace('&b', '&$0b'), '')).toMatch(/must be letters/);
  });
});

describe('an object', () => {
  const kustomization = '# file: kustomization.yaml\nresources: [map.yaml, pod.yaml]\n';

  test('is renamed where it is defined and in all references, from any of them', () => {
    const files = (definition: string, use: string) =>
      `${kustomization}# file: map.yaml\n${configMap(definition)}# file: pod.yaml\n${podUsing(use)}---\n${podUsing('b')}`;
    const wanted = {
      'map.yaml': configMap('web-2'),
      'pod.yaml': `${podUsing('web-2')}---\n${podUsing('b')}`,
    };
    expect(renamed(files('a$0', 'a'), 'web-2')).toEqual(wanted);
    expect(renamed(files('a', '$0a'), 'web-2')).toEqual(wanted);
    expect(prepared(files('a', 'a$0'))).toBe('a a');
  });

  test('is renamed where a reference writes the namespace that a kustomization moves it from', () => {
    const account = (name: string) =>
      `kind: ServiceAccount\napiVersion: v1\nmetadata: {name: ${name}, namespace: kube-system}\n`;
    const binding = (name: string, namespace: string) => `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: b-${namespace}}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: ServiceAccount, name: ${name}, namespace: ${namespace}}]
`;
    const files = (name: string) => `# file: kustomization.yaml
namespace: shop
resources: [base]
# file: base/kustomization.yaml
resources: [account.yaml, binding.yaml, other.yaml]
# file: base/account.yaml
${account(name)}# file: base/binding.yaml
${binding('a', 'kube-system')}# file: base/other.yaml
${binding('a', 'elsewhere')}`;
    expect(renamed(files('a$0'), 'c')).toEqual({
      'base/account.yaml': account('c'),
      'base/binding.yaml': binding('c', 'kube-system'),
    });
  });

  test('keeps its quotes, and gets quotes where the name would be a number', () => {
    const files = `${kustomization}# file: map.yaml\n${configMap('"a$0"')}# file: pod.yaml\n${podUsing('a')}`;
    expect(renamed(files, '12')).toEqual({ 'map.yaml': configMap('"12"'), 'pod.yaml': podUsing('"12"') });
  });

  test('is renamed in its patches and where kustomizations select it', () => {
    const files = (mark: string) => `# file: kustomization.yaml
resources: [map.yaml, pod.yaml]
patches:
  - path: patch.yaml
  - target: {kind: ConfigMap, name: a}
    patch: "[{op: remove, path: /data}]"
  - target: {kind: Secret, name: a}
    patch: "[{op: remove, path: /data}]"
vars:
  - {name: X, objref: {kind: ConfigMap, name: a}}
# file: map.yaml
${configMap(`a${mark}`)}# file: patch.yaml
${configMap('a')}data: {x: y}
# file: pod.yaml
${podUsing('a')}`;
    const result = renamed(files('$0'), 'b');
    expect(result).toMatchObject({
      'map.yaml': configMap('b'),
      'patch.yaml': `${configMap('b')}data: {x: y}\n`,
      'pod.yaml': podUsing('b'),
    });
    expect((result as Record<string, string>)['kustomization.yaml']).toMatch(
      /ConfigMap, name: b}[\s\S]*Secret, name: a}[\s\S]*objref: {kind: ConfigMap, name: b}/,
    );
  });

  test('is renamed in the patches that are texts of a kustomization', () => {
    const files = (name: string) => `resources: [map.yaml]
patches:
  - patch: |
      kind: Secret
      metadata: {name: a}
      ---
      kind: ConfigMap
      metadata: {name: "${name}"}
  - patch: '{kind: ConfigMap, metadata: {name: ${name}, namespace: other}}'
`;
    expect(
      renamed(`# file: kustomization.yaml\n${files('a')}# file: map.yaml\n${configMap('a$0', 'shop')}`, 'b'),
    ).toEqual({
      'map.yaml': configMap('b', 'shop'),
      'kustomization.yaml': files('b').replace('name: b, namespace: other', 'name: a, namespace: other'),
    });
  });

  test('is renamed in the fields that a configuration declares', () => {
    const files = `# file: kustomization.yaml
resources: [map.yaml, release.yaml]
configurations: [names.yaml]
# file: names.yaml
nameReference:
  - kind: ConfigMap
    fieldSpecs: [{kind: HelmRelease, path: spec/values/mounts/name}]
# file: map.yaml
${configMap('a$0')}# file: release.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: a}
spec: {values: {mounts: [{name: a}, {name: c}], other: {name: a}}}
`;
    expect(renamed(files, 'b')).toEqual({
      'map.yaml': configMap('b'),
      'release.yaml': files.split('# file: release.yaml\n')[1]!.replace('mounts: [{name: a}', 'mounts: [{name: b}'),
    });
  });

  test('generated by a kustomization is renamed in its generator', () => {
    const files = `# file: kustomization.yaml\nresources: [pod.yaml]\nconfigMapGenerator: [{name: a}]\n# file: pod.yaml\n${podUsing('a$0')}`;
    expect(renamed(files, 'b')).toEqual({
      'kustomization.yaml': 'resources: [pod.yaml]\nconfigMapGenerator: [{name: b}]\n',
      'pod.yaml': podUsing('b'),
    });
  });

  test('is renamed in its own file only where several files of a folder define it', () => {
    const file = (path: string, mark = '') => `# file: ${path}\n${configMap(`a${mark}`)}---\n${podUsing('a')}`;
    const both = file('x.yaml', '$0') + file('y.yaml');
    expect(renamed(both, 'b')).toEqual({ 'x.yaml': `${configMap('b')}---\n${podUsing('b')}` });
    expect(renamed(`${both}# file: z.yaml\n${podUsing('a')}`, 'b')).toMatch(/Several files define this object/);
  });

  test('that shares its name by an anchor leaves it to the others', () => {
    const shared = (name: string, first: string, use: string) =>
      `${configMap(name).trimEnd()}\n  labels: {app: ${first}, tier: *x}\n---\n${podUsing(use)}`;
    expect(renamed(shared('&x a$0', '*x', 'a'), 'b')).toEqual({ 'a.yaml': shared('b', '&x a', 'b') });
    expect(renamed(shared('&x "a$0"', '*x', 'a'), 'b')).toEqual({ 'a.yaml': shared('"b"', '&x "a"', 'b') });
    expect(renamed(shared('&x a', '*x', 'a$0'), 'b')).toEqual({ 'a.yaml': shared('b', '&x a', 'b') });
    const list = (name: string, label: string, first: string, second: string) => `apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: ConfigMap, metadata: {labels: {app: ${label}}, name: ${name}}}
  - {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {volumes: [{configMap: {name: ${first}}}, {configMap: {name: ${second}}}]}}
`;
    expect(renamed(list('&x a$0', 'c', '*x', '*x'), 'b')).toEqual({ 'a.yaml': list('&x b', 'c', '*x', '*x') });
    expect(renamed(list('*x', '&x a', 'a$0', '*x'), 'b')).toEqual({ 'a.yaml': list('b', '&x a', 'b', 'b') });
  });

  test('of the same name in another place is not renamed', () => {
    const cluster = (name: string, mark = '') =>
      `# file: ${name}/kustomization.yaml\nresources: [map.yaml, pod.yaml]\n# file: ${name}/map.yaml\n${configMap(`a${mark}`)}# file: ${name}/pod.yaml\n${podUsing('a')}`;
    expect(Object.keys(renamed(cluster('x', '$0') + cluster('y'), 'b'))).toEqual(['x/map.yaml', 'x/pod.yaml']);
  });
});

describe('an object of a cluster', () => {
  const fleet = (files: string) => `${sync}# file: clusters/prod/files.yaml\n${files}`;
  const cluster = 'apiVersion: cluster.x-k8s.io/v1beta2\nkind: Cluster\nmetadata: {name: blue$0, namespace: capi}\n';
  const apps = (secret: string) => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: capi}
spec:
  sourceRef: {kind: GitRepository, name: flux-system, namespace: flux-system}
  path: ./apps
  kubeConfig: {secretRef: {name: ${secret}}}
`;

  test('is renamed with the objects that a controller names after it', () => {
    expect(
      renamed(fleet(`${cluster}---\n${apps('blue-kubeconfig')}---\n${apps('other-kubeconfig')}`), 'green'),
    ).toEqual({
      'clusters/prod/files.yaml': `${cluster.replace('blue$0', 'green')}---\n${apps('green-kubeconfig')}---\n${apps('other-kubeconfig')}`,
    });
  });

  const patching = (name: string, mark = '') => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: parent, namespace: flux-system}
spec:
  sourceRef: {kind: GitRepository, name: flux-system}
  path: ./children
  patches:
    - target: {kind: Kustomization}
      patch: |
        kind: Kustomization
        metadata: {name: all}
        spec:
          postBuild:
            substituteFrom:
              - {kind: ConfigMap, name: ${name}}
---
${configMap(`${name}${mark}`, 'flux-system')}`;

  test('whose name is that of an anchor of another keeps the anchor', () => {
    const role = (name: string, used: string) => `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: ${name}, namespace: capi}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: &n "reader", namespace: capi}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: ${used}}
subjects: [{kind: ServiceAccount, name: *n}]
`;
    expect(renamed(fleet(role('reader$0', '*n')), 'b')).toEqual({ 'clusters/prod/files.yaml': role('b', 'b') });
  });

  test('is renamed where only a patch in a text names it', () => {
    const child = `# file: children/child.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: child, namespace: flux-system}
spec: {path: ./nothing, sourceRef: {kind: GitRepository, name: flux-system}}
`;
    const source = `${child}${fleet(patching('settings', '$0'))}`;
    expect(renamed(source, 'b')).toEqual({ 'clusters/prod/files.yaml': patching('b') });
    expect(references(cursorOf(fixture(source)), false)).toHaveLength(1);
  });
});

describe('a rename is refused', () => {
  const kustomization = (more = '') => `# file: kustomization.yaml\nresources: [map.yaml, pod.yaml]\n${more}`;
  const files = (more = '', mark = '$0') =>
    `${kustomization(more)}# file: map.yaml\n${configMap(`a${mark}`)}# file: pod.yaml\n${podUsing('a')}`;

  test.each([
    ['of a reference that no file defines', podUsing('a$0'), /No file defines a/],
    ['of a Namespace', 'apiVersion: v1\nkind: Namespace\nmetadata: {name: a$0}\n', /Namespace can’t be renamed/],
    [
      'of a CustomResourceDefinition',
      'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a$0.b.c}\n',
      /must be that of its plural and group/,
    ],
    ['below a prefix', files('namePrefix: x-\n'), /changes the names of objects in map.yaml/],
    ['of a variable', `${configMap('a')}data: {b: "\${CLUS$0TER}"}\n`, /The variable CLUSTER can’t be renamed/],
    [
      'selected by a pattern',
      files('patches: [{target: {kind: ConfigMap, name: "a.*"}, path: p.yaml}]\n'),
      /selects this/,
    ],
    ['selected without a kind', files('patches: [{target: {name: a}, path: p.yaml}]\n'), /and perhaps others by “a”/],
    [
      'used by a configuration that is missing',
      files('configurations: [names.yaml]\n'),
      /has a configuration that can’t be read/,
    ],
    [
      'in a file encrypted by SOPS',
      `${configMap('a$0')}data: {b: "ENC[AES256_GCM,data:x]"}\nsops: {mac: "ENC[AES256_GCM,data:y]"}\n`,
      /encrypted by SOPS/,
    ],
    [
      'where a reference may name another object',
      `# file: x/map.yaml\n${configMap('a$0', 'n')}# file: y/pod.yaml\n${podUsing('a')}`,
      /reference in y\/pod.yaml may name this object or another/,
    ],
  ])('%s', (_, source, reason) => {
    const both = [prepared(source), renamed(source, 'b')];
    expect(both).toEqual([expect.stringMatching(reason), expect.stringMatching(reason)]);
  });

  test('to a name that is invalid or taken', () => {
    expect(renamed(files(), 'A')).toMatch(/must be lower-case letters/);
    expect(renamed(files(), '')).toMatch(/The name must/);
    expect(renamed(`${files()}---\n${configMap('b')}`, 'b')).toMatch(
      /pod.yaml already defines a ConfigMap of this name/,
    );
  });

  test('to a name that the API server refuses for this kind', () => {
    const instance =
      'apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: {name: flux$0}\nspec: {distribution: {version: "2.x", registry: ghcr.io/fluxcd}}\n';
    expect(renamed(instance, 'b')).toMatch(/flux/);
    expect(prepared(instance)).toBe('flux flux');
  });

  test('where there is no name', () => {
    expect(prepared(`${configMap('a')}data: {b$0: c}\n`)).toBeUndefined();
    expect(prepared('$0')).toBeUndefined();
  });
});
