// Values: of enums, by format, and the parts and names of references.

import { describe, expect, test } from 'vitest';
import { yaml } from '../../fixture.ts';
import { applied, deployment, labelsAt, release } from '../fixture.ts';

describe('values', () => {
  test('of an enum and of a boolean', () => {
    expect(
      labelsAt(yaml`
        ${deployment}
        spec:
          strategy:
            type: $0
      `),
    ).toEqual(['RollingUpdate', 'Recreate']);
    expect(
      labelsAt(yaml`
        ${deployment}
        spec:
          paused: $0
      `),
    ).toEqual(['true', 'false']);
    expect(
      applied(
        yaml`
          ${deployment}
          spec:
            paused:$0
        `,
        'false',
      ),
    ).toBe(yaml`
      ${deployment}
      spec:
        paused: false
    `);
  });

  test('replace the whole word and keep its quotes', () => {
    expect(
      applied(
        yaml`
          ${deployment}
          spec:
            strategy:
              type: "Rec$0reat" # why
        `,
        'Recreate',
      ),
    ).toBe(
      yaml`
        ${deployment}
        spec:
          strategy:
            type: "Recreate" # why
      `,
    );
  });

  test('durations', () => {
    expect(
      labelsAt(yaml`
        ${release}
        spec:
          interval: $0
      `),
    ).toContain('10m');
  });

  test('by format: quantities, percentages, CIDRs, schedules, version ranges', () => {
    const requests = yaml`
      apiVersion: v1
      kind: Pod
      spec:
        containers:
          - name: a
            resources:
              requests:
    `;
    expect(labelsAt(`${requests}          $0\n`)).toEqual(['cpu', 'memory', 'ephemeral-storage']);
    expect(labelsAt(`${requests}          cpu: $0\n`)).toContain('100m');
    expect(labelsAt(`${requests}          memory: $0\n`)).toEqual(expect.arrayContaining(['128Mi', '1Gi']));
    const cluster = 'apiVersion: cluster.x-k8s.io/v1beta2\n';
    const rolling = yaml`
      ${cluster}
      kind: MachineDeployment
      spec:
        rollout:
          strategy:
            rollingUpdate:
    `;
    expect(applied(`${rolling}        maxSurge: $0\n`, '1')).toBe(`${rolling}        maxSurge: 1\n`);
    expect(applied(`${rolling}        maxSurge: $0\n`, '25%')).toMatch(/maxSurge: "?25%"?\n$/);
    const pods = yaml`
      ${cluster}
      kind: Cluster
      spec:
        clusterNetwork:
          pods:
            cidrBlocks:
              - $0
    `;
    expect(labelsAt(pods)).toContain('192.168.0.0/16');
    expect(
      applied(
        yaml`
          apiVersion: batch/v1
          kind: CronJob
          spec:
            schedule: $0
        `,
        '*/15 * * * *',
      ),
    ).toMatch(/schedule: "\*\/15 \* \* \* \*"\n$/);
    expect(
      labelsAt(yaml`
        ${release}
        spec:
          chart:
            spec:
              version: $0
      `).slice(0, 2),
    ).toEqual(['*', '>=1.0.0']);
  });

  test('durations for the timeout of a source have no hours', () => {
    const source = yaml`
      apiVersion: source.toolkit.fluxcd.io/v1
      kind: GitRepository
      spec:
    `;
    expect(labelsAt(`${source}  timeout: $0\n`)).not.toContain('1h');
    expect(labelsAt(`${source}  interval: $0\n`)).toContain('1h');
  });

  test('in references to provider objects: kinds that fit the field, their group, names in the workspace', () => {
    const other = yaml`
      # file: b.yaml
      apiVersion: infrastructure.cluster.x-k8s.io/v1beta1
      kind: AzureCluster
      metadata:
        name: prod
    `;
    const cluster = yaml`
      ${other}# file: a.yaml
      apiVersion: cluster.x-k8s.io/v1beta2
      kind: Cluster
      spec:
        infrastructureRef:
    `;
    const kinds = labelsAt(`${cluster}    kind: $0\n`);
    expect(kinds[0]).toBe('AzureCluster');
    expect(kinds).toContain('VSphereCluster');
    expect(kinds.filter((kind) => !kind.endsWith('Cluster'))).toEqual([]);
    expect(
      labelsAt(yaml`
        ${cluster}
            kind: AzureCluster
            apiGroup: $0
      `),
    ).toEqual(['infrastructure.cluster.x-k8s.io']);
    expect(
      labelsAt(yaml`
        ${cluster}
            kind: AzureCluster
            name: $0
      `),
    ).toEqual(['prod']);
    expect(
      labelsAt(yaml`
        ${cluster}
            kind: AWSCluster
            name: $0
      `),
    ).toEqual([]);
  });

  test.each([
    [
      'MachineDeployment',
      yaml`
        template:
            spec:
              infrastructureRef:
                kind:\x20`,
      'AWSMachineTemplate',
    ],
    [
      'MachineDeployment',
      yaml`
        template:
            spec:
              bootstrap:
                configRef:
                  kind:\x20`,
      'KubeadmConfigTemplate',
    ],
    [
      'MachinePool',
      yaml`
        template:
            spec:
              infrastructureRef:
                kind:\x20`,
      'AWSManagedMachinePool',
    ],
    [
      'MachinePool',
      yaml`
        template:
            spec:
              bootstrap:
                configRef:
                  kind:\x20`,
      'KubeadmConfig',
    ],
    [
      'Cluster',
      yaml`
        controlPlaneRef:
            kind:\x20`,
      'AzureManagedControlPlane',
    ],
    [
      'ClusterClass',
      yaml`
        infrastructure:
            templateRef:
              kind:\x20`,
      'VSphereClusterTemplate',
    ],
    [
      'ClusterClass',
      yaml`
        controlPlane:
            machineInfrastructure:
              templateRef:
                kind:\x20`,
      'VSphereMachineTemplate',
    ],
    [
      'ClusterClass',
      yaml`
        infrastructure:
            templateRef:
              kind: AWSClusterTemplate
              apiVersion:\x20`,
      'infrastructure.cluster.x-k8s.io/v1beta2',
    ],
  ])('%s: %j may be %s', (kind, spec, expected) => {
    const labels = labelsAt(yaml`
      apiVersion: cluster.x-k8s.io/v1beta2
      kind: ${kind}
      spec:
        ${spec}$0
    `);
    expect(labels).toContain(expected);
    const ending = /[A-Z][a-z]+(?:Template)?$/.exec(expected)?.[0] ?? '';
    expect(labels.filter((label) => !label.endsWith(ending))).toEqual([]);
  });

  test('in the parts of a reference whose kinds are known', () => {
    const binding = yaml`
      apiVersion: rbac.authorization.k8s.io/v1
      kind: RoleBinding
      roleRef:
    `;
    expect(labelsAt(`${binding}  kind: $0\n`)).toEqual(['Role', 'ClusterRole']);
    expect(labelsAt(`${binding}  apiGroup: $0\n`)).toEqual(['rbac.authorization.k8s.io']);
    const scaler = yaml`
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      spec:
        scaleTargetRef:
    `;
    expect(
      labelsAt(yaml`
        ${scaler}
            kind: Deployment
            apiVersion: $0
      `),
    ).toEqual(['apps/v1']);
  });

  describe('of the names a reference can reach', () => {
    const source = (name: string, namespace: string) => `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: ${name}
  namespace: ${namespace}
---
`;
    const secret = (name: string, namespace: string) => `apiVersion: v1
kind: Secret
metadata:
  name: ${name}
  namespace: ${namespace}
---
`;
    const kustomization = (fields: string) => `# file: a.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: a
  namespace: own
spec:
${fields}`;

    test('one without a namespace of its own: none of other namespaces', () => {
      const secrets = yaml`
        # file: b.yaml
        ${secret('theirs', 'other')}${secret('ours', 'own')}`;
      expect(labelsAt(`${secrets}${kustomization('  decryption:\n    secretRef:\n      name: $0\n')}`)).toEqual([
        'ours',
      ]);
    });

    test('one with a namespace: its own first, and only those of the one it writes', () => {
      const sources = yaml`
        # file: b.yaml
        ${source('a-theirs', 'other')}${source('ours', 'own')}`;
      const reference = '  sourceRef:\n    kind: GitRepository\n    name: $0\n';
      expect(labelsAt(`${sources}${kustomization(reference)}`)).toEqual(['ours', 'a-theirs']);
      expect(labelsAt(`${sources}${kustomization(`${reference}    namespace: other\n`)}`)).toEqual(['a-theirs']);
    });

    test('none of another cluster', () => {
      const sync = (name: string) => `# file: clusters/${name}/sync.yaml
${kustomization(`  path: ./clusters/${name}\n`).replace('# file: a.yaml\n', '')}
# file: clusters/${name}/source.yaml
${source(`of-${name}`, 'own')}`;
      const edited = kustomization('  sourceRef:\n    kind: GitRepository\n    name: $0\n');
      const at = edited.replace('# file: a.yaml', '# file: clusters/two/apps.yaml');
      expect(labelsAt(`${sync('one')}${sync('two')}${at}`)).toEqual(['of-two']);
    });
  });

  test('an object is not suggested as its own dependency', () => {
    const other = '# file: b.yaml\n' + release.replace('name: a', 'name: b');
    const self = yaml`
      # file: a.yaml
      ${release}
      spec:
        dependsOn:
          - name: $0
    `;
    expect(labelsAt(other + self)).toEqual(['b']);
  });

  test('the namespace of the object that a reference names comes first', () => {
    const source = (name: string, namespace: string) =>
      `apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\n`;
    const at = (name: string) => yaml`
      # file: b.yaml
      ${source('charts', 'sources').trimEnd()}
      ---
      ${source('own', 'web').trimEnd()}
      # file: a.yaml
      apiVersion: helm.toolkit.fluxcd.io/v2
      kind: HelmRelease
      metadata:
        name: a
        namespace: web
      spec:
        chart:
          spec:
            chart: a
            sourceRef:
              kind: HelmRepository
              name: ${name}
              namespace: $0
    `;
    expect(labelsAt(at('charts'))).toEqual(['sources', 'web']);
    expect(labelsAt(at('own'))).toEqual(['web', 'sources']);
  });

  test('of namespaces that are equally near, the one with related objects comes first', () => {
    const object = (head: string, namespace: string) => `${head}\nmetadata:\n  name: a\n  namespace: ${namespace}\n`;
    const others = [
      object('apiVersion: apps/v1\nkind: Deployment', 'aaa'),
      object('apiVersion: v1\nkind: ConfigMap', 'zzz'),
    ].join('---\n');
    const service = `# file: b.yaml\n${others}# file: a.yaml\napiVersion: v1\nkind: Service\nmetadata:\n  namespace: $0\n`;
    expect(labelsAt(service)).toEqual(['zzz', 'aaa']);
  });

  test('namespaces in the workspace', () => {
    const other = yaml`
      # file: ns.yaml
      apiVersion: v1
      kind: Namespace
      metadata:
        name: shop
      # file: a.yaml
    `;
    expect(labelsAt(`${other}${deployment}  namespace: $0\n`)).toEqual(['shop']);
  });
});
