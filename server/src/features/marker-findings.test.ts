// Markers of image automation that name no ImagePolicy, and those with an unknown part.
import { describe, expect, test } from 'vitest';
import { diagnose } from './diagnostics.ts';
import { cluster, edited, fixture, foundBy, kustomization } from './fixture.ts';

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

  test.each([
    ['{$imagepolicy: "flux-system:shop"}', 'flux-system:shop'],
    ['{"$imagepolicy": "flux-system:shop"', 'flux-system:shop'],
    ["{'$imagepolicy': 'flux-system:shop:tag'}", 'flux-system:shop:tag'],
    ['$imagepolicy: flux-system:shop', 'flux-system:shop'],
    ['{"$imagepolicy": "shop"}', undefined],
    ['{"$imagepolicy": "flux-system:shop"} renovate: ignore', undefined],
  ])('%s isn’t read', (comment, meant) => {
    const at = fixture(
      apps('flux-system:shop')
        .replace('# file: apps/kustomization.yaml', '# file: apps/kustomization.yaml$0')
        .replace('$0\n', '\n$0')
        .replace('{"$imagepolicy": "flux-system:shop"}', () => comment),
    );
    const findings = diagnose(at.workspace, at.path).filter(({ rule }) => rule === 'flux/image-marker');
    expect(findings.map(({ start, end }) => at.text.slice(start, end))).toEqual([`# ${comment}`]);
    const fixed = edited(at.text, findings[0]!.fixes?.[0]?.edits ?? []);
    expect(fixed.includes(`# {"$imagepolicy": "${meant}"}`)).toBe(meant !== undefined);
  });

  test('in words is none', () => {
    const words = '# Put a comment with $imagepolicy there, such as # {"$imagepolicy": }';
    expect(found(apps('flux-system:shop').replace('resources: []', words))).toEqual([]);
  });

  const automation = (path: string, source = 'flux-system') => `${policy('shop', 'flux-system')}---
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageUpdateAutomation
metadata: { name: shop, namespace: flux-system }
spec:
  interval: 1h
  sourceRef: { kind: GitRepository, name: ${source} }
  git: { commit: { author: { email: flux@example.com } } }
  update: { path: ${path}, strategy: Setters }
`;

  test.each([
    ['./apps', []],
    ['.', []],
    ['./app', ['apps/kustomization.yaml:4 shop warning flux/image-marker']],
    ['./clusters/prod', ['apps/kustomization.yaml:4 shop warning flux/image-marker']],
  ])('is updated by an automation of %s', (path, wanted) => {
    expect(found(apps('flux-system:shop', automation(path)))).toEqual(wanted);
  });

  test('may be updated by an automation of another repository', () => {
    expect(found(apps('flux-system:shop', automation('./other', 'elsewhere')))).toEqual([]);
  });
});
