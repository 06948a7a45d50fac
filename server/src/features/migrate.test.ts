// Moving Flux manifests to the API versions that a release stores.
import { describe, expect, test } from 'vitest';
import { testCatalog, yaml } from '../fixture.ts';
import { Workspace } from '../workspace/workspace.ts';
import { type Destination, migrated } from './migrate.ts';

function migrate(text: string, { version = '2.9', path = 'a.yaml' } = {}) {
  const workspace = new Workspace(testCatalog);
  workspace.list([path]);
  workspace.put(path, text);
  const { store } = workspace.schemas.released('flux', version)!;
  const to: Destination = {
    store,
    before: workspace.schemas.everyRelease(),
    isOf: ({ group, kind }) => store.versions(group, kind)[0]?.origin.startsWith('flux ') ?? false,
  };
  const result = migrated(workspace, path, to);
  if (result) {
    workspace.put(path, result.text);
    expect(migrated(workspace, path, to)?.moves ?? []).toEqual([]);
  }
  return result;
}

describe('an object', () => {
  test('keeps its comments, the order of its fields and its quotes', () => {
    const result = migrate(yaml`
      # The apps.
      apiVersion: "kustomize.toolkit.fluxcd.io/v1beta2" # was v1beta1
      kind: Kustomization
      metadata: {name: apps, namespace: flux-system}
      spec:
        validation: client # gone
        interval: 10m # often
        path: ./apps
        prune: true
        patchesStrategicMerge:
          # more of them
          - apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec: {replicas: 3}
        sourceRef:
          kind: GitRepository
          name: flux-system
    `);
    expect(result?.text).toBe(yaml`
      # The apps.
      apiVersion: "kustomize.toolkit.fluxcd.io/v1" # was v1beta1
      kind: Kustomization
      metadata: {name: apps, namespace: flux-system}
      spec:
        # gone
        interval: 10m # often
        path: ./apps
        prune: true
        patches:
          # more of them
          - patch: |
              apiVersion: apps/v1
              kind: Deployment
              metadata: {name: web}
              spec: {replicas: 3}
        sourceRef:
          kind: GitRepository
          name: flux-system
    `);
    expect(result?.moves).toEqual([{ start: 53, kind: 'Kustomization', from: 'v1beta2', to: 'v1', fields: true }]);
    expect(result?.left).toEqual([]);
  });

  test('whose patches use an anchor or an alias keeps them, and they are left to do', () => {
    for (const replicas of ['&replicas 3', '*interval']) {
      const result = migrate(yaml`
        apiVersion: kustomize.toolkit.fluxcd.io/v1beta2
        kind: Kustomization
        metadata: {name: apps, namespace: flux-system}
        spec:
          interval: &interval 10m
          prune: true
          sourceRef: {kind: GitRepository, name: flux-system}
          patchesStrategicMerge:
            - {apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: ${replicas}}}
      `);
      expect(result?.text).toContain(replicas);
      expect(result?.left).toHaveLength(1);
    }
  });

  test('that has an anchor in a field that is gone keeps the field, which is left to do', () => {
    const result = migrate(yaml`
      apiVersion: kustomize.toolkit.fluxcd.io/v1beta2
      kind: Kustomization
      metadata: {name: apps, namespace: flux-system}
      spec:
        validation: &mode client
        interval: 10m
        prune: true
        sourceRef: {kind: GitRepository, name: flux-system}
        targetNamespace: *mode
    `);
    expect(result?.text).toContain('validation: &mode client');
    expect(result?.left).toHaveLength(1);
  });

  test('keeps the comments of a field that is gone', () => {
    const result = migrate(yaml`
      apiVersion: kustomize.toolkit.fluxcd.io/v1beta2
      kind: Kustomization
      metadata: {name: apps, namespace: flux-system}
      spec:
        interval: 10m
        prune: true
        sourceRef: {kind: GitRepository, name: flux-system}
        # before it is applied
        validation: client # by kubectl
    `);
    expect(result?.text).toMatch(/ {2}# before it is applied\n {2}# by kubectl\n?$/);
    expect(result?.left).toEqual([]);
  });

  test('with comments at other columns than the operations of a patch', () => {
    const result = migrate(yaml`
      apiVersion: kustomize.toolkit.fluxcd.io/v1beta2
      kind: Kustomization
      metadata: {name: apps, namespace: flux-system}
      spec:
        interval: 10m
        prune: true
        sourceRef: {kind: GitRepository, name: flux-system}
        patchesJson6902:
          - target: {kind: Ingress, name: e}
            patch:
                # deeper
              - op: add
                path: /spec
        # not as deep
                value: []
    `);
    expect(result?.text).toContain(
      [
        '      patch: |',
        '        # deeper',
        '        - op: add',
        '          path: /spec',
        '        # not as deep',
        '          value: []',
      ].join('\n'),
    );
    expect(result?.left).toEqual([]);
  });

  test('whose source is of a kind that no version accepts there stays as it is', () => {
    const result = migrate(yaml`
      apiVersion: helm.toolkit.fluxcd.io/v2beta1
      kind: HelmRelease
      metadata: {name: a, namespace: b}
      spec:
        interval: 10m
        chart: {spec: {chart: c, version: 1.0.0, sourceRef: {kind: OCIRepository, name: d}}}
    `);
    expect(result?.text).toContain('{spec: {chart: c, version: 1.0.0, sourceRef: {kind: OCIRepository, name: d}}}');
  });

  test('with operations below their key at its own column', () => {
    const result = migrate(yaml`
      apiVersion: helm.toolkit.fluxcd.io/v2beta1
      kind: HelmRelease
      metadata: {name: a, namespace: b}
      spec:
        interval: 10m
        chart: {spec: {chart: c, sourceRef: {kind: HelmRepository, name: d}}}
        postRenderers:
          - kustomize:
              patchesJson6902:
                - target: {version: v1, kind: Ingress, name: e}
                  patch: # the host
                  - op: add # first

                    path: /spec/rules
                    value: []
    `);
    expect(result?.text).toContain(
      [
        '        patches:',
        '          - target: {version: v1, kind: Ingress, name: e}',
        '            patch: | # the host',
        '              - op: add # first',
        '',
        '                path: /spec/rules',
        '                value: []',
      ].join('\n'),
    );
    expect(result?.left).toEqual([]);
  });

  test('whose version a release stores, or is newer, stays as it is', () => {
    const alert = (version: string) => yaml`
      apiVersion: notification.toolkit.fluxcd.io/${version}
      kind: Alert
      metadata: {name: a, namespace: b}
      spec: {providerRef: {name: c}, eventSources: [{kind: HelmRelease, name: d}]}
    `;
    expect(migrate(alert('v1beta3'))).toBeUndefined();
    expect(migrate(alert('v1'))).toBeUndefined();
    expect(migrate(alert('v1beta1'))?.text).toBe(alert('v1beta3'));
    expect(migrate(alert('v1beta3'), { version: '2.10' })?.text).toBe(alert('v1'));
  });

  test('of which something can’t be moved names it', () => {
    const result = migrate(
      yaml`
        apiVersion: notification.toolkit.fluxcd.io/v1beta3
        kind: Provider
        metadata: {name: a, namespace: b}
        spec:
          type: slack
          proxy: http://proxy.example.com
          interval: 1m
      `,
      { version: '2.10' },
    );
    expect(result?.text).not.toContain('interval');
    expect(result?.left.map(({ kind, message }) => `${kind}: ${message}`)).toEqual([
      expect.stringMatching(/^Provider: .*\bproxy\b/),
    ]);
  });

  test('that uses what a template of messages no longer has names it', () => {
    const result = migrate(yaml`
      apiVersion: image.toolkit.fluxcd.io/v1beta2
      kind: ImageUpdateAutomation
      metadata: {name: a, namespace: b}
      spec:
        interval: 1m
        sourceRef: {kind: GitRepository, name: c}
        git:
          commit:
            author: {email: bot@example.com}
            messageTemplate: '{{range .Updated.Images}}{{.}}{{end}}'
    `);
    expect(result?.left).toHaveLength(1);
  });

  test('that was refused before isn’t reported as left', () => {
    const result = migrate(yaml`
      apiVersion: source.toolkit.fluxcd.io/v1beta2
      kind: GitRepository
      metadata: {name: a, namespace: b}
      spec: {url: https://example.com/a, interval: often}
    `);
    expect(result?.moves).toHaveLength(1);
    expect(result?.left).toEqual([]);
  });
});

describe('other texts get the version only', () => {
  test('references, whichever field comes first, patches in block scalars, resources of sets and comments', () => {
    const before = yaml`
      apiVersion: fluxcd.controlplane.io/v1
      kind: ResourceSet
      metadata: {name: a, namespace: b}
      spec:
        resources:
          - apiVersion: helm.toolkit.fluxcd.io/v2beta1
            kind: HelmRelease
            metadata: {name: << inputs.name >>}
      # - apiVersion: source.toolkit.fluxcd.io/v1beta2
      #   kind: OCIRepository
      ---
      apiVersion: kustomize.toolkit.fluxcd.io/v1
      kind: Kustomization
      metadata: {name: a, namespace: b}
      spec:
        healthChecks:
          - kind: HelmRelease
            name: c
            apiVersion: helm.toolkit.fluxcd.io/v2beta1
          - kind: HelmRelease
            apiVersion: helm.toolkit.fluxcd.io/v2beta2
            name: d
        patches:
          - patch: |
              apiVersion: helm.toolkit.fluxcd.io/v2beta1
              kind: HelmRelease
              metadata: {name: all}
    `;
    const after = before
      .replaceAll('v2beta1', 'v2')
      .replaceAll('v2beta2', 'v2')
      .replace('source.toolkit.fluxcd.io/v1beta2', 'source.toolkit.fluxcd.io/v1');
    expect(migrate(before)?.text).toBe(after);
  });

  test('a template, which isn’t YAML', () => {
    const before = yaml`
      {{- if .Values.source }}
      apiVersion: source.toolkit.fluxcd.io/v1beta2
      kind: HelmRepository
      metadata:
        name: {{ .Values.name }}
      {{- end }}
    `;
    expect(migrate(before)?.text).toBe(before.replace('v1beta2', 'v1'));
  });

  test('line ends stay', () => {
    const text =
      'apiVersion: helm.toolkit.fluxcd.io/v2beta1\r\nkind: HelmRelease\r\nmetadata: {name: a}\r\nspec: {interval: 1m}\r\n';
    expect(migrate(text)?.text).toBe(text.replace('v2beta1', 'v2'));
  });
});
