// What Flux refuses, and objects that two Kustomizations of one cluster apply.
import { describe, expect, test } from 'vitest';
import { diagnose } from '../features/diagnostics.ts';
import { cluster, fixture, foundBy, kustomization, shopConfig } from '../features/fixture.ts';

const found = (source: string) => foundBy(/^flux\//, source);

describe('flux/build', () => {
  test('a path that does not exist', () => {
    expect(found(cluster(kustomization('apps', './aps')) + `# file: apps/a.yaml\n${shopConfig('a')}`)).toContain(
      'clusters/prod/apps.yaml:6 ./aps error flux/build',
    );
  });

  test('a file below the folder that holds something else', () => {
    const files = `# file: apps/a.yaml\n${shopConfig('a')}# file: apps/values.yaml\ncolor: red\n`;
    expect(found(cluster(kustomization('apps', './apps')) + files)).toEqual([
      'apps/values.yaml:1 color: red error flux/build',
    ]);
  });

  test('an expression that cannot be substituted', () => {
    const files = `# file: apps/a.yaml\n${shopConfig('a').replace('red', '"${}"')}`;
    const substituted = kustomization('apps', './apps', '  postBuild: { substitute: { A: b } }\n');
    expect(found(cluster(substituted) + files).filter((one) => one.includes('build'))).toEqual([
      expect.stringMatching(/^apps\/a.yaml:6 .* error flux\/build$/),
    ]);
  });

  test('a patch of the Kustomization', () => {
    const patches =
      '  patches:\n    - patch: "- { op: ad, path: /data/a, value: b }"\n      target: { kind: ConfigMap }\n';
    const files = `# file: apps/a.yaml\n${shopConfig('a')}`;
    expect(found(cluster(kustomization('apps', './apps', patches)) + files)).toEqual([
      expect.stringMatching(/^clusters\/prod\/apps.yaml:10 .* error flux\/build$/),
    ]);
  });

  test('a path that does not exist, where nothing is known to apply the Kustomization', () => {
    const apps = `# file: apps/a.yaml\n${shopConfig('a')}`;
    const old = `# file: old/apps.yaml\n${kustomization('old', './aps')}`;
    expect(found(`${old}${cluster(kustomization('apps', './apps'))}${apps}`)).toEqual([
      'old/apps.yaml:6 ./aps warning flux/build',
    ]);
  });

  test('not a path of what was put away with its folder, also for another cluster', () => {
    const away = (rest: string) => `# file: old/web/web.yaml
${kustomization('web', './apps/web/app', rest)}# file: old/web/app/a.yaml
${shopConfig('a')}`;
    const remote = '  kubeConfig: { secretRef: { name: web-kubeconfig } }\n';
    for (const rest of ['', remote]) expect(found(`${away(rest)}${cluster('')}`)).toEqual([]);
    const elsewhere = away(remote).replace('old/web/app/', 'old/app/');
    expect(found(`${elsewhere}${cluster('')}`)).toEqual(['old/web/web.yaml:6 ./apps/web/app error flux/build']);
  });

  test('the path of an entry point, if its source is this repository by other paths', () => {
    const apps = `${kustomization('apps', './apps')}# file: apps/a.yaml\n${shopConfig('a')}`;
    const wrong = cluster(apps).replace('path: ./clusters/prod', 'path: ./clusters/prd');
    expect(found(wrong)).toEqual(['clusters/prod/flux-system/sync.yaml:6 ./clusters/prd error flux/build']);
  });

  test('not the path of an instance whose source has the name of this repository', () => {
    const instance = `# file: samples/instance.yaml
apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: { name: flux, namespace: flux-system }
spec:
  distribution: { version: 2.x, registry: ghcr.io/fluxcd }
  sync: { kind: GitRepository, url: "https://example.com/other.git", ref: refs/heads/main, path: tests }
`;
    const apps = `# file: apps/a.yaml\n${shopConfig('a')}`;
    expect(found(`${cluster(kustomization('apps', './apps'))}${apps}${instance}`)).toEqual([]);
  });

  test('not a path of another source, nor what else is wrong with what nothing is known to apply', () => {
    const other = kustomization('other', './deploy').replace(
      'GitRepository, name: flux-system',
      'GitRepository, name: other',
    );
    const patches = '  patches:\n    - patch: "- { op: ad, path: /data/a, value: b }"\n';
    const old = `# file: old/apps.yaml\n${other}---\n${kustomization('apps', './apps', patches)}`;
    expect(found(`${old}${cluster('')}# file: apps/a.yaml\n${shopConfig('a')}`)).toEqual([]);
  });
});

test.each([
  ['./Apps/shop', './apps/shop'],
  ['apps/shopp', 'apps/shop'],
  ['./ap/shop', undefined],
  ['./apps/other', undefined],
])('for the folder %s, %s is proposed', (path, near) => {
  const text = `${cluster(kustomization('apps', path))}# file: apps/shop/a.yaml\n${shopConfig('a')}`;
  const { workspace } = fixture(text);
  const [finding] = diagnose(workspace, 'clusters/prod/apps.yaml').filter(({ rule }) => rule === 'flux/build');
  expect(/Did you mean (.*)\?$/.exec(finding?.message ?? '')?.[1]).toBe(near);
  expect(finding?.fixes?.map(({ title }) => title)).toEqual(near === undefined ? undefined : [`Replace with ${near}`]);
});

test('a variable that nothing uses is a hint', () => {
  const substituted = kustomization('apps', './apps', '  postBuild:\n    substitute:\n      COLOR: red\n');
  expect(found(`${cluster(substituted)}# file: apps/a.yaml\n${shopConfig('a')}`)).toEqual([
    'clusters/prod/apps.yaml:11 COLOR hint flux/unused-variable',
  ]);
});

describe('an object with two owners', () => {
  const both = `${kustomization('a', './a')}---\n${kustomization('b', './b')}`;
  const files = `# file: a/a.yaml\n${shopConfig('same')}# file: b/b.yaml\n${shopConfig('same')}`;

  test('is found where each is written', () => {
    expect(found(cluster(both) + files)).toEqual([
      'a/a.yaml:4 same warning flux/two-owners',
      'b/b.yaml:4 same warning flux/two-owners',
    ]);
  });

  test('not in two clusters, with other names, or if an annotation shares it', () => {
    expect(found(cluster(kustomization('a', './a')) + cluster(kustomization('b', './b'), 'test') + files)).toEqual([]);
    expect(found(cluster(both.replace('path: ./b', 'path: ./b\n  namePrefix: x-')) + files)).toEqual([]);
    const shared = 'annotations: { kustomize.toolkit.fluxcd.io/ssa: Merge }\n  namespace';
    expect(found(cluster(both) + files.replaceAll('namespace', shared))).toEqual([]);
  });
});
