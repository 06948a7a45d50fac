import { describe, expect, test } from 'vitest';
import { yaml } from '../../fixture.ts';
import { applied, cursorOf, fixture, labelsAt } from '../fixture.ts';
import { complete } from './completion.ts';

const release = yaml`
  apiVersion: helm.toolkit.fluxcd.io/v2
  kind: HelmRelease
  metadata:
    name: a
`;
const deployment = yaml`
  apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: a
`;

describe('keys', () => {
  test('required keys come first; existing keys and those of controllers are left out', () => {
    const labels = labelsAt(yaml`
      ${release}
      spec:
        chart:
          spec:
            chart: x
            $0
    `);
    expect(labels[0]).toBe('sourceRef');
    expect(labels).toContain('version');
    expect(labels).not.toContain('chart');
    expect(labelsAt(`${release}$0`)).toEqual(['spec']);
  });

  test('insert the structure they require', () => {
    expect(
      applied(
        yaml`
          ${release}
          spec:
            $0
        `,
        'chart',
      ),
    ).toBe(
      yaml`
        ${release}
        spec:
          chart:
            spec:
              chart:\x20
              sourceRef:
                kind: HelmRepository
                name:\x20
      `,
    );
  });

  test('insert the fixed parts of references', () => {
    const other = yaml`
      # file: b.yaml
      apiVersion: infrastructure.cluster.x-k8s.io/v1beta1
      kind: AzureCluster
      metadata:
        name: prod
    `;
    const cluster = yaml`
      apiVersion: cluster.x-k8s.io/v1beta2
      kind: Cluster
      spec:
    `;
    expect(
      applied(
        yaml`
          ${other}# file: a.yaml
          ${cluster}
            infra$0
        `,
        'infrastructureRef',
      ),
    ).toBe(
      yaml`
        ${cluster}
          infrastructureRef:
            apiGroup: infrastructure.cluster.x-k8s.io
            kind: AzureCluster
            name:\x20
      `,
    );
    const scaler = yaml`
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      spec:
    `;
    expect(applied(`${scaler}  scaleT$0\n`, 'scaleTargetRef')).toBe(
      yaml`
        ${scaler}
          scaleTargetRef:
            apiVersion: apps/v1
            kind: Deployment
            name:\x20
      `,
    );
    const binding = yaml`
      apiVersion: rbac.authorization.k8s.io/v1
      kind: RoleBinding
    `;
    expect(applied(`${binding}ro$0\n`, 'roleRef')).toBe(
      yaml`
        ${binding}
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: Role
          name:\x20
      `,
    );
  });

  test('a half-typed word with its value below becomes the key', () => {
    expect(
      applied(
        yaml`
          ${deployment}
          sp$0
            replicas: 3
        `,
        'spec',
      ),
    ).toContain(yaml`

      spec:`);
    expect(
      applied(
        yaml`
          ${deployment}
          spec:
            repl$0: 3
        `,
        'replicas',
      ),
    ).toBe(yaml`
      ${deployment}
      spec:
        replicas: 3
    `);
  });

  test('in the items of a list', () => {
    const spec = yaml`
      ${deployment}
      spec:
        template:
          spec:
            containers:
    `;
    expect(labelsAt(`${spec}        - $0`)[0]).toBe('name');
    expect(applied(`${spec}        -$0`, 'name')).toBe(`${spec}        - name: `);
    expect(
      applied(
        yaml`
          ${spec}
                  - name: x
                    $0
        `,
        'image',
      ),
    ).toBe(
      yaml`
        ${spec}
                - name: x
                  image:\x20
      `,
    );
    expect(
      applied(
        yaml`
          ${spec}
                  - name: x
                  $0
        `,
        'name',
      ),
    ).toBe(
      yaml`
        ${spec}
                - name: x
                - name:\x20
      `,
    );
    expect(applied(`${spec}        $0\n`, '- ')).toBe(yaml`
      ${spec}
              - name:\x20
                image:\x20
    `);
  });

  test('after the colon of a map, go on the next line', () => {
    expect(
      applied(
        yaml`
          ${deployment}
          spec:
            selector: $0
        `,
        'matchLabels',
      ),
    ).toBe(`${deployment}spec:\n  selector: \n    matchLabels:\n      \n`);
  });

  test('in flow style', () => {
    expect(applied(`${deployment}spec: {replicas: 1, $0}\n`, 'paused')).toBe(
      `${deployment}spec: {replicas: 1, paused: true}\n`,
    );
    expect(
      applied(
        yaml`
          ${deployment}
          spec: {
            replicas: 1,
            $0
          }
        `,
        'paused',
      ),
    ).toContain(yaml`
      paused: true
      }`);
    expect(labelsAt(`${deployment}spec: {$0`)).toContain('replicas');
  });

  test('at a column where no key is valid, move the line', () => {
    expect(
      applied(
        yaml`
          ${deployment}
          spec:
            replicas: 1
             $0
        `,
        'paused',
      ),
    ).toBe(
      yaml`
        ${deployment}
        spec:
          replicas: 1
          paused: true
      `,
    );
  });

  test('the usual keys come first; deprecated keys come last and are marked', () => {
    const kustomization = yaml`
      apiVersion: kustomize.toolkit.fluxcd.io/v1
      kind: Kustomization
      spec:
        $0
    `;
    expect(labelsAt(kustomization).slice(0, 5)).toEqual(['interval', 'sourceRef', 'prune', 'path', 'targetNamespace']);
    const alert = yaml`
      apiVersion: notification.toolkit.fluxcd.io/v1beta3
      kind: Alert
      spec:
        $0
    `;
    expect(labelsAt(alert).at(-1)).toBe('summary');
    const items = complete(cursorOf(fixture(alert)));
    expect(items.filter(({ deprecated }) => deprecated).map(({ label }) => label)).toEqual(['summary']);
  });

  test('in a free-form map: keys used in the workspace, and usual ones', () => {
    const other = yaml`
      # file: b.yaml
      ${deployment}
        labels:
          example.org/team: a
      # file: a.yaml
    `;
    const labels = labelsAt(yaml`
      ${other}
      ${deployment}
        labels:
          $0
    `);
    expect(labels[0]).toBe('example.org/team');
    expect(labels).toContain('app.kubernetes.io/name');
  });

  test('in annotations: those for the kind, with their values', () => {
    const cluster = yaml`
      apiVersion: cluster.x-k8s.io/v1beta2
      kind: Cluster
      metadata:
        name: a
        annotations:
    `;
    expect(labelsAt(`${cluster}    $0\n`)).toContain('topology.cluster.x-k8s.io/upgrade-concurrency');
    expect(
      labelsAt(yaml`
        ${deployment}
          annotations:
            $0
      `),
    ).not.toContain('cluster.x-k8s.io/paused');
    const prune = yaml`
      ${deployment}
        annotations:
          kustomize.toolkit.fluxcd.io/prune:\x20`;
    expect(applied(`${prune}$0\n`, 'disabled')).toBe(`${prune}disabled\n`);
    expect(
      applied(
        yaml`
          apiVersion: storage.k8s.io/v1
          kind: StorageClass
          metadata:
            annotations:
              storageclass.kubernetes.io/is-default-class: $0
        `,
        'true',
      ),
    ).toMatch(/class: "true"\n$/);
  });

  test('at another indentation if the typed text fits only there', () => {
    expect(applied(`${deployment}\n sp$0\n`, 'spec')).toMatch(/^ {2}name: a\n\nspec:/m);
    expect(applied(`${deployment}\n label$0\n`, 'labels')).toMatch(/^ {2}labels:/m);
  });

  test('keep CRLF and count in UTF-16', () => {
    const text = yaml`
      ${release}
      # 🚀 launch
      spec:
        ch$0
    `.replaceAll('\n', '\r\n');
    expect(applied(text, 'chart')).toBe(
      yaml`
        ${release}
        # 🚀 launch
        spec:
          chart:
            spec:
              chart:\x20
              sourceRef:
                kind: HelmRepository
                name:\x20
      `.replaceAll('\n', '\r\n'),
    );
  });
});

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

describe('apiVersion and kind', () => {
  test('a kind fills in its apiVersion', () => {
    expect(applied('kind: Helm$0\n', 'HelmRelease', 'helm.toolkit.fluxcd.io/v2')).toBe(
      yaml`
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
      `,
    );
    expect(
      applied(
        yaml`
          apiVersion: apps/v1
          kind: $0
        `,
        'Cluster',
        'cluster.x-k8s.io/v1beta2',
      ),
    ).toBe(
      yaml`
        apiVersion: cluster.x-k8s.io/v1beta2
        kind: Cluster
      `,
    );
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
        name:\x20
    `;
    expect(applied('$0', 'Deployment', 'apps/v1')).toBe(object);
    expect(applied(`${deployment}---\n$0\n---\n${release}`, 'Deployment', 'apps/v1')).toBe(
      `${deployment}---\n${object}\n---\n${release}`,
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
    `${set}    - apiVersion: v1\n      kind: Namespace\n      metadata:\n        name: \n      \n`,
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

describe('no items', () => {
  test.each([
    ['in a comment', `${deployment}# $0\n`],
    [
      'in the indentation of a line',
      yaml`
        ${deployment}
        spec:
         $0 replicas: 1
      `,
    ],
    [
      'after a value',
      yaml`
        ${deployment}
        spec:
          replicas: 1 # a $0
      `,
    ],
    [
      'in a block scalar',
      yaml`
        apiVersion: v1
        kind: ConfigMap
        data:
          a: |
            $0
      `,
    ],
    ['on a document marker', `--$0-\n${deployment}`],
    [
      'in a workflow',
      yaml`
        on: push
        jobs:
          $0
      `,
    ],
    [
      'under a free-form field',
      yaml`
        ${release}
        spec:
          values:
            $0
      `,
    ],
  ])('%s', (_, text) => {
    expect(labelsAt(text)).toEqual([]);
  });
});

describe('after *', () => {
  const pod = yaml`
    apiVersion: v1
    kind: Pod
    metadata:
      name: &name web
    spec: &spec
      containers:
  `;
  const first = yaml`
    ${pod}
        - &first
          name: *name
          resources: &small {limits: {cpu: 1}}
        -\x20`;

  test('the anchors above that don’t contain the cursor, nearest first', () => {
    expect(labelsAt(`${first}name: *$0\n`)).toEqual(['*small', '*first', '*name']);
    expect(
      labelsAt(yaml`
        ${first}name: b
              resources: *s$0
              image: c
      `),
    ).toContain('*small');
    expect(applied(`${first}{name: *na$0}\n`, '*name')).toBe(`${first}{name: *name}\n`);
    expect(labelsAt(`${first}*$0\n`)).toContain('*first');
    expect(labelsAt(`${pod}    - name: *$0\n`)).toEqual(['*name']);
  });

  test('only maps for a merge key', () => {
    expect(labelsAt(`${first}<<: *$0\n`)).toEqual(['*small', '*first']);
  });

  test('`*` itself where it is a value', () => {
    const role = yaml`
      apiVersion: rbac.authorization.k8s.io/v1
      kind: Role
      rules:
        - verbs:
            - *$0
    `;
    expect(labelsAt(role)).toEqual(['*']);
    expect(
      labelsAt(yaml`
        ${deployment}
        spec:
          replicas: *$0
      `),
    ).toEqual([]);
  });
});
