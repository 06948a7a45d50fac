// Kustomization files, and the paths of files and folders that manifests reference.

import { describe, expect, test } from 'vitest';
import { yaml } from '../../fixture.ts';
import { applied, labelsAt } from '../fixture.ts';

const deployment = yaml`
  apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: a
`;

describe('a kustomization file', () => {
  const at = (text: string) => yaml`
    # file: app/web.yaml
    ${deployment}
    # file: app/kustomization.yaml
    ${text}`;

  test('needs no apiVersion and kind', () => {
    expect(labelsAt(at('$0')).slice(0, 4)).toEqual(['apiVersion', 'kind', 'resources', 'namespace']);
    expect(labelsAt(at('$0'))).toEqual(expect.arrayContaining(['Kustomization', 'Component']));
    expect(labelsAt(at('apiVersion: $0\n'))).toEqual([
      'kustomize.config.k8s.io/v1beta1',
      'kustomize.config.k8s.io/v1alpha1',
    ]);
    expect(
      labelsAt(
        at(yaml`
          images:
            - name: a
              $0
        `),
      ),
    ).toContain('newTag');
    expect(
      labelsAt(
        at(yaml`
          configMapGenerator:
            - behavior: $0
        `),
      ),
    ).toEqual(['create', 'merge', 'replace']);
  });

  test('gets paths in the author’s style', () => {
    expect(
      labelsAt(
        at(yaml`
          resources:
            - ./$0
        `),
      ),
    ).toEqual(['./web.yaml']);
    const other = yaml`
      # file: app/other.yaml
      a: 1
    `;
    expect(
      labelsAt(
        other +
          at(yaml`
            resources:
              - ./other.yaml
              - $0
          `),
      ),
    ).toEqual(['./web.yaml']);
  });

  test('is recognized by its name if apiVersion or kind is missing', () => {
    expect(
      labelsAt(
        at(yaml`
          kind: Kustomization
          $0`),
      ).slice(0, 3),
    ).toEqual(['apiVersion', 'resources', 'namespace']);
    expect(
      labelsAt(
        at(yaml`
          kind: Kustomization
          resources:
            - $0
        `),
      ),
    ).toEqual(['web.yaml']);
    expect(
      labelsAt(
        at(yaml`
          apiVersion: kustomize.config.k8s.io/v1alpha1
          images:
            - $0
        `),
      ),
    ).toContain('newTag');
    expect(
      applied(
        at(yaml`
          kind: Component
          $0`),
        'apiVersion',
      ),
    ).toBe(
      yaml`
        kind: Component
        apiVersion: kustomize.config.k8s.io/v1alpha1`,
    );
  });

  test('gets files of its folder and folders with a kustomization', () => {
    const others = yaml`
      # file: base/kustomization.yaml
      resources: []
      # file: base/x.yaml
      a: 1
      # file: tls/kustomization.yaml
      kind: Component
      apiVersion: kustomize.config.k8s.io/v1alpha1
    `;
    expect(
      labelsAt(
        others +
          at(yaml`
            resources:
              - $0
          `),
      ),
    ).toEqual(['web.yaml', '../base']);
    expect(
      labelsAt(
        others +
          at(yaml`
            components:
              - $0
          `),
      ),
    ).toEqual(['../tls']);
    expect(
      labelsAt(
        others +
          at(yaml`
            resources:
              - web.yaml
              - $0
          `),
      ),
    ).toEqual(['../base']);
  });
});

test('spec.path gets the folders that Flux can apply, the nearest first', () => {
  const folders = ['apps/web', 'infra', 'clusters/a/apps'].map(
    (one) => yaml`
      # file: ${one}/kustomization.yaml
      resources: []
    `,
  );
  const flux = yaml`
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    spec:
      path:\x20`;
  const file = yaml`
    ${folders.join('')}# file: clusters/a/apps.yaml
    ${flux}`;
  expect(labelsAt(`${file}$0\n`)).toEqual(['./clusters/a/apps', './apps/web', './infra']);
  expect(applied(`${file}./in$0\n`, './infra')).toBe(`${flux}./infra\n`);
});
