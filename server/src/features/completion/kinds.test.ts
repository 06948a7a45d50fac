// apiVersion, kind and whole objects.

import { describe, expect, test } from 'vitest';
import { yaml } from '../../fixture.ts';
import { applied, cursorOf, deployment, fixture, labelsAt, release } from '../fixture.ts';
import { complete } from './completion.ts';

describe('apiVersion and kind', () => {
  test('a kind fills in its apiVersion', () => {
    expect(applied('kind: Helm$0\nmetadata:\n', 'HelmRelease', 'helm.toolkit.fluxcd.io/v2')).toBe(
      yaml`
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
      `,
    );
    expect(
      applied(
        yaml`
          apiVersion: apps/v1
          kind: $0
          metadata: {}
        `,
        'Cluster',
        'cluster.x-k8s.io/v1beta2',
      ),
    ).toBe(
      yaml`
        apiVersion: cluster.x-k8s.io/v1beta2
        kind: Cluster
        metadata: {}
      `,
    );
  });

  test('after a kind that ends the document the next key is chosen on the next line', () => {
    expect(applied('apiVersion: v1\nkind: Po$0', 'Pod')).toBe('apiVersion: v1\nkind: Pod\n');
    expect(applied('kind: Po$0\n---\nkind: Role\n', 'Pod')).toBe('apiVersion: v1\nkind: Pod\n\n---\nkind: Role\n');
    expect(applied('metadata: {}\nkind: Po$0', 'Pod')).toBe('metadata: {}\napiVersion: v1\nkind: Pod');
    expect(applied('{"apiVersion": "apps/v1", "kind": "Po$0"}', 'Pod')).toBe('{"apiVersion": "v1", "kind": "Pod"}');
    expect(applied("apiVersion: 'apps/v1'\nkind: Po$0\nspec: {}\n", 'Pod')).toBe(
      "apiVersion: 'v1'\nkind: Pod\nspec: {}\n",
    );
    const [pod] = complete(cursorOf(fixture('apiVersion: v1\nkind: Pod$0'))).filter(({ label }) => label === 'Pod');
    expect(pod?.again).toBe(true);
  });

  test('a file that is named for kustomize begins as a whole object, too', () => {
    const file = '# file: kustomization.yaml\n';
    expect(labelsAt(`${file}$0`)).toEqual(expect.arrayContaining(['apiVersion', 'resources', 'Kustomization']));
    expect(labelsAt(`${file}resources: []\n$0`)).not.toContain('Kustomization');
  });

  test('no object of ours is offered in a version that the CRDs of the workspace lack', () => {
    const crd = yaml`
      # file: gotk-components.yaml
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: { name: alerts.notification.toolkit.fluxcd.io }
      spec:
        group: notification.toolkit.fluxcd.io
        scope: Namespaced
        names: { kind: Alert, plural: alerts }
        versions:
          - name: v1beta1
            served: true
            storage: true
            schema: { openAPIV3Schema: { type: object, properties: { spec: { type: object } } } }
    `;
    const snippets = [
      {
        prefix: 'our-alert',
        description: '',
        object: {
          groupKind: 'notification.toolkit.fluxcd.io/Alert',
          apiVersion: 'notification.toolkit.fluxcd.io/v1beta3',
        },
        body: ['apiVersion: notification.toolkit.fluxcd.io/v1beta3', 'kind: Alert'],
      },
    ] as const;
    const labels = (files: string) =>
      complete(cursorOf(fixture(`${files}# file: a.yaml\n$0`)), snippets).map(({ label }) => label);
    expect(labels(crd)).not.toContain('our-alert');
    expect(labels(crd.replaceAll('v1beta1', 'v1beta3'))).toContain('Alert');
  });

  test("kustomize's own kinds come last in files of other names", () => {
    const flux = (path: string) =>
      `# file: b/kustomization.yaml\napiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n# file: ${path}\nKustomizatio$0`;
    const first = (path: string) =>
      complete(cursorOf(fixture(flux(path))))
        .toSorted((a, b) => (a.sort < b.sort ? -1 : 1))
        .find(({ label }) => label === 'Kustomization')?.detail;
    expect(first('apps.yaml')).toBe('kustomize.toolkit.fluxcd.io/v1');
    expect(first('a/kustomization.yaml')).toBe('kustomize.config.k8s.io/v1beta1');
  });

  test('an apiVersion fills in its kind', () => {
    expect(applied('apiVersion: helm.toolkit$0\n', 'helm.toolkit.fluxcd.io/v2')).toBe(
      yaml`
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
      `,
    );
    expect(
      labelsAt(yaml`
        apiVersion: $0
        kind: Deployment
      `),
    ).toEqual(['apps/v1']);
  });

  test('the missing one is suggested, with values that fit the other', () => {
    expect(
      applied(
        yaml`
          $0
          kind: HelmRelease
          metadata:
            name: a
        `,
        'apiVersion',
      ),
    ).toBe(
      yaml`
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: a
      `,
    );
    expect(
      applied(
        yaml`
          apiVersion: kustomize.toolkit.fluxcd.io/v1
          ki$0
          spec: {}
        `,
        'kind',
      ),
    ).toBe(
      yaml`
        apiVersion: kustomize.toolkit.fluxcd.io/v1
        kind: Kustomization
        spec: {}
      `,
    );
  });

  test('kinds used in the workspace come first, but not after they are removed', () => {
    const at = fixture(yaml`
      # file: b.yaml
      ${release}
      # file: a.yaml
      kind: $0
    `);
    const first = () => complete(cursorOf(at)).toSorted((a, b) => (a.sort < b.sort ? -1 : 1))[0]!.label;
    expect(first()).toBe('HelmRelease');
    at.workspace.put('b.yaml', deployment);
    expect(first()).toBe('Deployment');
  });

  test('Flux’s Kustomization and kustomize’s are distinct', () => {
    expect(
      labelsAt(yaml`
        apiVersion: kustomize.toolkit.fluxcd.io/v1
        kind: $0
      `)[0],
    ).toBe('Kustomization');
    expect(
      labelsAt(yaml`
        apiVersion: kustomize.toolkit.fluxcd.io/v1
        kind: Kustomization
        spec:
          $0
      `),
    ).toContain('prune');
  });

  test('whole objects are suggested in an empty document and between documents', () => {
    const object = yaml`
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: example
        namespace: default
      spec:
        selector:
          matchLabels:
            example: example
        template:
          metadata:
            labels:
              example: example
          spec:
            containers:
              - name: example
                image: registry.example.com/app:1.0.0`;
    expect(applied('Deploy$0', 'Deployment', 'apps/v1')).toBe(object.replace('  name: example', '  name: a'));
    expect(applied(`${deployment}---\nDeploy$0\n---\n${release}`, 'Deployment', 'apps/v1')).toBe(
      // The Deployment above has no namespace either.
      `${deployment}---\n${object.replace('  namespace: default\n', '')}\n---\n${release}`,
    );
  });
});

test('objects in the resources of a ResourceSet', () => {
  const set = yaml`
    apiVersion: fluxcd.controlplane.io/v1
    kind: ResourceSet
    metadata:
      name: a
    spec:
      resources:
  `;
  expect(applied(`${set}    - $0\n`, 'Namespace', 'v1')).toBe(
    `${set}    - apiVersion: v1\n      kind: Namespace\n      metadata:\n        name: example\n`,
  );
  const object = yaml`
    ${set}
        - apiVersion: apps/v1
          kind: Deployment
  `;
  expect(
    labelsAt(yaml`
      ${object}
            spec:
              repl$0
    `),
  ).toContain('replicas');
  expect(
    labelsAt(yaml`
      ${set}
          - apiVersion: apps/v1
            kind: $0
    `),
  ).toContain('StatefulSet');
});
