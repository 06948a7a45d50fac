import { describe, expect, test } from 'vitest';
import { yaml } from '../../fixture.ts';
import { diagnose } from '../diagnostics.ts';
import { edited, fixture } from '../fixture.ts';
import { fixesFor } from './code-action.ts';
import type { Candidate } from './subject.ts';

/** Applies the first fix of the first finding until nothing is found. */
function repaired(source: string): { readonly titles: readonly string[]; readonly text: string } {
  const { workspace, path } = fixture(source);
  const titles: string[] = [];
  for (let round = 0; round < 20; round += 1) {
    const file = workspace.file(path)!;
    let first: Candidate | undefined;
    for (const finding of diagnose(workspace, path)) first ??= fixesFor(workspace, file, finding)[0];
    if (!first) break;
    titles.push(first.title);
    workspace.put(path, edited(file.text, first.edits));
  }
  const left = diagnose(workspace, path).map(({ rule, message }) => `${rule}: ${message}`);
  return { titles: [...titles, ...left], text: workspace.file(path)!.text };
}

describe('the shape of an older version is written as that of the newer one', () => {
  test('a class, references and their group', () => {
    const { titles, text } = repaired(yaml`
      apiVersion: cluster.x-k8s.io/v1beta2
      kind: Cluster
      metadata:
        name: a
      spec:
        infrastructureRef:
          apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
          kind: AWSCluster
          name: a
          namespace: b
        topology:
          class: std # the usual one
          version: v1.34.0
          workers:
            machineDeployments:
              - class: worker
                name: md
                nodeDrainTimeout: 10m
                strategy:
                  type: RollingUpdate
                  rollingUpdate:
                    maxSurge: 1
                    deletePolicy: Oldest
    `);
    expect(titles).toEqual([
      'Move to spec.infrastructureRef.apiGroup',
      'Remove namespace',
      'Move to spec.topology.classRef.name',
      'Move to spec.topology.workers.machineDeployments[0].deletion.nodeDrainTimeoutSeconds',
      'Move to spec.topology.workers.machineDeployments[0].rollout.strategy',
    ]);
    expect(text).toBe(yaml`
      apiVersion: cluster.x-k8s.io/v1beta2
      kind: Cluster
      metadata:
        name: a
      spec:
        infrastructureRef:
          apiGroup: infrastructure.cluster.x-k8s.io
          kind: AWSCluster
          name: a
        topology:
          classRef:
            name: std # the usual one
          version: v1.34.0
          workers:
            machineDeployments:
              - class: worker
                name: md
                deletion:
                  nodeDrainTimeoutSeconds: 600
                  order: Oldest
                rollout:
                  strategy:
                    type: RollingUpdate
                    rollingUpdate:
                      maxSurge: 1
    `);
  });

  test('a health check, and durations in it', () => {
    const { titles, text } = repaired(yaml`
      apiVersion: cluster.x-k8s.io/v1beta2
      kind: MachineHealthCheck
      metadata:
        name: a
      spec:
        clusterName: a
        maxUnhealthy: 40%
        nodeStartupTimeout: 10m
        selector:
          matchLabels: {a: b}
        unhealthyConditions:
          - type: Ready
            status: Unknown
            timeout: 5m
    `);
    expect(titles.filter((title) => !title.startsWith('Move'))).toEqual([]);
    expect(text).toBe(yaml`
      apiVersion: cluster.x-k8s.io/v1beta2
      kind: MachineHealthCheck
      metadata:
        name: a
      spec:
        clusterName: a
        remediation:
          triggerIf:
            unhealthyLessThanOrEqualTo: 40%
        checks:
          nodeStartupTimeoutSeconds: 600
          unhealthyNodeConditions:
            - type: Ready
              status: Unknown
              timeoutSeconds: 300
        selector:
          matchLabels: {a: b}
    `);
  });

  test('arguments as a map', () => {
    const { titles, text } = repaired(yaml`
      apiVersion: bootstrap.cluster.x-k8s.io/v1beta2
      kind: KubeadmConfigTemplate
      metadata:
        name: a
      spec:
        template:
          spec:
            joinConfiguration:
              nodeRegistration:
                kubeletExtraArgs:
                  cloud-provider: external
                  v: 2
    `);
    expect(titles).toEqual(['Make it a list with name']);
    expect(text.split('\n').slice(9)).toEqual([
      '          kubeletExtraArgs:',
      '            - name: cloud-provider',
      '              value: external',
      '            - name: v',
      '              value: "2"',
      '',
    ]);
  });

  test('patches of Flux', () => {
    const { titles, text } = repaired(yaml`
      apiVersion: kustomize.toolkit.fluxcd.io/v1
      kind: Kustomization
      metadata:
        name: a
      spec:
        interval: 1m
        prune: true
        sourceRef: {kind: GitRepository, name: a}
        path: \${CLUSTER}
        validation: client
        patchesStrategicMerge:
          - apiVersion: v1
            kind: ConfigMap
            metadata:
              name: a
    `);
    expect(titles).toEqual(['Remove validation', 'Move to spec.patches']);
    expect(text).toContain(`  sourceRef: {kind: GitRepository, name: a}
  path: \${CLUSTER}
  patches:
    - patch: |
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: a
`);
  });
});

test('a chart in an OCIRepository is named by chartRef', () => {
  const source = yaml`
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: a
    spec:
      interval: 1m
      chart:
        spec:
          chart: a
          sourceRef:
            kind: OCIRepository
            name: b
  `;
  const [finding] = diagnose(fixture(source).workspace, 'a.yaml');
  expect(finding?.message).toBe(
    'spec.chart.spec.sourceRef.kind must be HelmRepository, GitRepository or Bucket, not “OCIRepository”. Use spec.chartRef for it.',
  );
  const { titles, text } = repaired(source);
  expect(titles).toEqual(['Move to spec.chartRef']);
  expect(text).toBe(yaml`
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: a
    spec:
      interval: 1m
      chartRef:
        kind: OCIRepository
        name: b
  `);
});

test('what is empty in an older version is unset in the newer one, which refuses it', () => {
  const { titles, text } = repaired(yaml`
    apiVersion: bootstrap.cluster.x-k8s.io/v1alpha9
    kind: KubeadmConfigTemplate
    metadata:
      name: a
    spec:
      template:
        spec:
          files: []
          joinConfiguration:
            nodeRegistration:
              name: b
              kubeletExtraArgs: {}
  `);
  expect(titles).toEqual(['Change to bootstrap.cluster.x-k8s.io/v1beta2 and move its fields']);
  expect(text).toBe(yaml`
    apiVersion: bootstrap.cluster.x-k8s.io/v1beta2
    kind: KubeadmConfigTemplate
    metadata:
      name: a
    spec:
      template:
        spec:
          joinConfiguration:
            nodeRegistration:
              name: b
  `);
});
