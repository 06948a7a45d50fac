// Markers of image automation that name no ImagePolicy, and those with an unknown part.
import { describe, expect, test } from 'vitest';
import { cluster, foundBy, kustomization } from './fixture.ts';

const found = (source: string) => foundBy(/^(?:reference\/missing|flux\/image-marker)$/, source);

const policy = (name: string, namespace: string) => `apiVersion: image.toolkit.fluxcd.io/v1
kind: ImagePolicy
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  imageRepositoryRef: { name: ${name} }
  policy: { semver: { range: "*" } }
---
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageRepository
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  interval: 10m
  image: registry.example.com/${name}
`;

const apps = (marker: string, policies = policy('shop', 'flux-system')) => `${cluster(
  kustomization('apps', './apps'),
)}# file: clusters/prod/policies.yaml
${policies}# file: apps/kustomization.yaml
resources: []
images:
  - name: shop
    newTag: 1.0.0 # {"$imagepolicy": "${marker}"}
`;

describe('a marker of image automation', () => {
  test('names a policy of a cluster', () => {
    expect(found(apps('flux-system:shop'))).toEqual([]);
    expect(found(apps('flux-system:shop:tag'))).toEqual([]);
  });

  test.each([
    ['flux-system:shpo:tag', 'shpo warning reference/missing'],
    ['flux-system:other', 'other warning reference/missing'],
    ['apps:shop:tag', 'apps warning reference/missing'],
    ['flux-system:shop:version', 'version warning flux/image-marker'],
  ])('%s', (marker, wanted) => {
    expect(found(apps(marker))).toEqual([`apps/kustomization.yaml:4 ${wanted}`]);
  });

  test('whose policies may be in another repository is left alone', () => {
    expect(found(apps('flux-system:shop', ''))).toEqual([]);
    expect(found(apps('images:other'))).toEqual([]);
    expect(
      found(`${apps('flux-system:other')}# file: elsewhere/policy.yaml\n${policy('other', 'flux-system')}`),
    ).toEqual([]);
    const open = kustomization('more', './more').replace('name: flux-system', 'name: another-repository');
    expect(found(apps('flux-system:shpo', `${policy('shop', 'flux-system')}---\n${open}`))).toEqual([]);
  });
});
