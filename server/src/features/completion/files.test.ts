// Kustomization files, and the paths of files and folders that manifests reference.

import { describe, expect, test } from 'vitest';
import { yaml } from '../../fixture.ts';
import { diagnose } from '../diagnostics.ts';
import { applied, cursorOf, fixture, kustomization, labelsAt, shopConfig } from '../fixture.ts';
import { complete } from './completion.ts';

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

describe('spec.path gets no folder', () => {
  const folders = ['apps/web', 'archive/old']
    .map(
      (one) =>
        `# file: ${one}/kustomization.yaml\nresources: [config.yaml]\n# file: ${one}/config.yaml\n${shopConfig('a')}`,
    )
    .join('');
  const sync = (ignore: string) => `# file: clusters/prod/flux-system/sync.yaml
${kustomization('flux-system', './clusters/prod')}---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: flux-system, namespace: flux-system }
spec:
  interval: 1h
  url: https://git.example.org/fleet
  ignore: "${ignore}"
`;
  const next = (rest: string) => `# file: clusters/prod/next.yaml\n${kustomization('next', '$0', rest)}`;

  test('that the source ignores', () => {
    const paths = (ignore: string) => {
      const at = fixture(`${folders}${sync(ignore)}${next('')}`);
      for (const { path } of at.workspace.files()) diagnose(at.workspace, path);
      return complete(cursorOf(at)).map(({ label }) => label);
    };
    expect(paths('')).toEqual(['./apps/web', './archive/old']);
    expect(paths('/archive')).toEqual(['./apps/web']);
  });

  test('from which a component would be outside of the source', () => {
    const parts = '# file: parts/kustomization.yaml\napiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n';
    const deep = `# file: apps/web/test/kustomization.yaml\nresources: [config.yaml]\n# file: apps/web/test/config.yaml\n${shopConfig('b')}`;
    const at = (component: string) =>
      labelsAt(`${parts}${folders}${deep}${sync('')}${next(`  components: [${component}]\n`)}`);
    expect(at('../../parts')).toEqual(['./apps/web', './archive/old']);
    expect(at('../../../parts')).toEqual(['./apps/web/test']);
  });
});
