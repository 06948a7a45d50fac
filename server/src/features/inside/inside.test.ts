import { describe, expect, test } from 'vitest';
import { applied, cursorOf, fixture, labelsAt } from '../fixture.ts';
import { hover } from '../hover.ts';

const kustomization = (patch: string, target = 'kind: Deployment') => `
# file: kustomization.yaml
resources:
  - web.yaml
patches:
  - target:
      ${target}
    patch: ${patch}
# file: web.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
`;

describe('completion in an inline patch', () => {
  test('keys of the target’s kind, of which nothing is required', () => {
    const labels = labelsAt(kustomization('|\n      spec:\n        $0'));
    expect(labels).toContain('replicas');
    expect(labels).toContain('template');
    expect(labels).not.toContain('patches');
    expect(applied(kustomization('|\n      spec:\n        $0'), 'template')).toContain(
      '    patch: |\n      spec:\n        template:\n          \n',
    );
  });

  test('an item of a list that is merged begins with its key', () => {
    const source = kustomization(
      '|-\n      spec:\n        template:\n          spec:\n            containers:\n              $0',
    );
    expect(applied(source, '- ')).toContain('            containers:\n              - name: \n');
  });

  test('values', () => {
    expect(labelsAt(kustomization('|\n      spec:\n        strategy:\n          type: $0'))).toEqual([
      'RollingUpdate',
      'Recreate',
    ]);
  });

  test('in the middle of a text, and of a kind that the patch names itself', () => {
    const text = (cursor: string) => `
# file: kustomization.yaml
patches:
  - patch: |
      apiVersion: v1
      kind: Service
      metadata:
        name: web
      spec:
        ${cursor}
        ports: []
`;
    expect(labelsAt(text('ty$0'))).toContain('type');
    expect(labelsAt(text('type: $0'))).toContain('LoadBalancer');
  });

  test('in an empty text', () => {
    expect(labelsAt(kustomization('|\n      $0'))).toContain('spec');
  });

  test('directives come last', () => {
    expect(labelsAt(kustomization('|\n      spec:\n        $0')).at(-1)).toBe('$patch');
  });

  test('Flux Kustomizations and HelmReleases', () => {
    const text = (fields: string) => `
apiVersion: ${fields}
          kind: Deployment
        patch: |
          spec:
            re$0
`;
    const flux = text(
      'kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: apps\nspec:\n  patches:\n      - target:',
    );
    expect(labelsAt(flux)).toContain('replicas');
    const helm = text(
      'helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: apps\nspec:\n  postRenderers:\n  - kustomize:\n      patches:\n      - target:',
    );
    expect(labelsAt(helm)).toContain('replicas');
  });

  test('nothing is offered in a text of any language, or for a target of unknown kind', () => {
    expect(labelsAt(kustomization('|\n      spec:\n        $0', 'kind: Deployment|StatefulSet'))).toEqual([]);
  });
});

test('hover in an inline patch describes the target’s field', () => {
  const at = fixture(kustomization('|\n      spec:\n        repl$0icas: 2\n'));
  const found = hover(cursorOf(at));
  expect(found?.text).toContain('replicas');
  expect(at.text.slice(found?.start, found?.end)).toBe('replicas');
});
