// A new manifest goes where its siblings are, in their style, and is listed where they are listed.
import { describe, expect, test } from 'vitest';
import { snippetTexts } from '../disk/snippets.ts';
import { yaml } from '../fixture.ts';
import { gvkOf } from '../kube/identity.ts';
import { readSnippets } from './completion/snippets.ts';
import { configMap, deployment, edited, fixture, release } from './fixture.ts';
import { kindChoices, listingOf, proposeManifest } from './new-manifest.ts';

const snippets = readSnippets(snippetTexts());
const helmRelease = gvkOf('helm.toolkit.fluxcd.io/v2', 'HelmRelease')!;
const map = gvkOf('v1', 'ConfigMap')!;

describe('kinds', () => {
  const { workspace } = fixture(release);
  const kinds = kindChoices(workspace, 'a.yaml');

  test('of the workspace come first, each once', () => {
    expect(kinds[0]).toEqual({ apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease', isUsed: true });
    const names = kinds.map(({ apiVersion, kind }) => `${apiVersion.replace(/\/?[^/]*$/, '')}/${kind}`);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(300);
  });

  test('are those that can be written: no reviews, nothing deprecated', () => {
    const names = kinds.map(({ kind }) => kind);
    expect(names).not.toContain('SubjectAccessReview');
    expect(names).not.toContain('Endpoints');
  });
});

describe('the proposed file', () => {
  const propose = (source: string, gvk = map, near = 'new.yaml') =>
    proposeManifest(fixture(source).workspace, snippets, gvk, near)!;

  test('is beside the nearest of its kind, named as that is', () => {
    const source = `# file: b/releases/podinfo.yaml\n${release.replace('name: a', 'name: podinfo')}# file: c/helmrelease.yaml\n${release}`;
    expect(propose(source, helmRelease, 'b/x.yaml').path).toBe('b/releases/example.yaml');
    expect(propose(source, helmRelease, 'c/x.yaml').path).toBe('c/helmrelease-2.yaml');
  });

  test('is named after its kind if there is none yet', () => {
    expect(propose(deployment, helmRelease, 'apps/a.yaml').path).toBe('apps/helm-release.yaml');
    expect(propose(deployment, gvkOf('kustomize.toolkit.fluxcd.io/v1', 'Kustomization'), 'a.yaml').path).toBe(
      'flux-kustomization.yaml',
    );
    expect(propose(deployment, gvkOf('kustomize.config.k8s.io/v1beta1', 'Kustomization'), 'apps/a.yaml').path).toBe(
      'apps/kustomization.yaml',
    );
  });

  test('has the namespace and the layout of its siblings', () => {
    const source = yaml`
      # file: a.yaml
      apiVersion: v1
      kind: ConfigMap
      metadata:
          name: settings
          namespace: shop
    `;
    expect(propose(source).snippet).toContain('    namespace: ${2:shop}\n');
  });

  test('is not proposed for a kind that nothing serves', () => {
    expect(
      proposeManifest(fixture(release).workspace, snippets, gvkOf('example.com/v1', 'Nothing')!, 'a.yaml'),
    ).toBeUndefined();
  });
});

describe('a kustomization beside it', () => {
  const listed = (resources: string, path = 'apps/new.yaml') => {
    const { workspace } = fixture(
      `# file: apps/a.yaml\n${configMap('a')}# file: apps/kustomization.yaml\n${resources}`,
    );
    const listing = listingOf(workspace, path);
    return listing && edited(resources, [{ start: listing.at, end: listing.at, text: listing.text }]);
  };

  test('lists it last, as it lists the others', () => {
    expect(listed('resources:\n  - a.yaml # first\nnamespace: shop\n')).toBe(
      'resources:\n  - a.yaml # first\n  - new.yaml\nnamespace: shop\n',
    );
    expect(listed('resources:\n- ./a.yaml')).toBe('resources:\n- ./a.yaml\n- ./new.yaml');
  });

  test('is left alone if it lists no files of the folder, or lists it already', () => {
    expect(listed('resources:\n  - ../base\n')).toBeUndefined();
    expect(listed('resources: [a.yaml]\n')).toBeUndefined();
    expect(listed('namespace: shop\n')).toBeUndefined();
    expect(listed('resources:\n  - a.yaml\n', 'apps/a.yaml')).toBeUndefined();
    expect(listed('resources:\n  - a.yaml\n', 'other/new.yaml')).toBeUndefined();
  });
});
