// Manifests that nothing applies, in repositories of Flux.
import { describe, expect, test } from 'vitest';
import { cluster, foundBy, kustomization, shopConfig } from './fixture.ts';

const found = (source: string) => foundBy(/^info\/orphan/, source);

describe('info/orphan', () => {
  const apps = `${cluster(kustomization('apps', './apps'))}# file: apps/a.yaml\n${shopConfig('a')}`;

  test('says once that nothing applies a file', () => {
    expect(found(`${apps}# file: old/b.yaml\n${shopConfig('b')}---\n${shopConfig('c')}`)).toEqual([
      'old/b.yaml:4 b info info/orphan',
    ]);
  });

  test('not in a repository without Flux, nor if a path is unknown', () => {
    expect(found(`# file: old/b.yaml\n${shopConfig('b')}`)).toEqual([]);
    const more = `${kustomization('apps', './apps')}---\n${kustomization('more', './${MORE}')}`;
    const open = '  postBuild: { substituteFrom: [{ kind: Secret, name: made }] }\n';
    const unknown = cluster(more).replace('# file: clusters/prod/apps', `${open}# file: clusters/prod/apps`);
    expect(found(`${unknown}# file: apps/a.yaml\n${shopConfig('a')}# file: old/b.yaml\n${shopConfig('b')}`)).toEqual(
      [],
    );
  });

  test('not for components, patches, values, encrypted files, copies of CRDs and tests', () => {
    const component = `# file: c/kustomization.yaml\napiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [c.yaml]\n# file: c/c.yaml\n${shopConfig('c')}`;
    expect(found(apps + component)).toEqual([]);
    expect(found(`${apps}# file: patches/b.yaml\n${shopConfig('b')}`)).toEqual([]);
    expect(found(`${apps}# file: b/values.yaml\ncolor: red\n`)).toEqual([]);
    expect(found(`${apps}# file: b/b.sops.yaml\n${shopConfig('b')}sops: { mac: "ENC[x]" }\n`)).toEqual([]);
    expect(found(`${apps}# file: tests/b.yaml\n${shopConfig('b')}`)).toEqual([]);
  });
});
