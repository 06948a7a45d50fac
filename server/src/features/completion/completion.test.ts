import { describe, expect, test } from 'vitest';
import { applied, cursorOf, fixture, labelsAt } from '../fixture.ts';
import { complete } from './completion.ts';

const release = 'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: a\n';
const deployment = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: a\n';

describe('keys', () => {
  test('required keys come first; existing keys and those of controllers are left out', () => {
    const labels = labelsAt(`${release}spec:\n  chart:\n    spec:\n      chart: x\n      $0\n`);
    expect(labels[0]).toBe('sourceRef');
    expect(labels).toContain('version');
    expect(labels).not.toContain('chart');
    expect(labelsAt(`${release}$0`)).toEqual(['spec']);
  });

  test('insert the structure they require', () => {
    expect(applied(`${release}spec:\n  $0\n`, 'chart')).toBe(
      `${release}spec:\n  chart:\n    spec:\n      chart: \n      sourceRef:\n        kind: HelmRepository\n        name: \n`,
    );
  });

  test('insert the fixed parts of references', () => {
    const other =
      '# file: b.yaml\napiVersion: infrastructure.cluster.x-k8s.io/v1beta1\nkind: AzureCluster\nmetadata:\n  name: prod\n';
    const cluster = 'apiVersion: cluster.x-k8s.io/v1beta2\nkind: Cluster\nspec:\n';
    expect(applied(`${other}# file: a.yaml\n${cluster}  infra$0\n`, 'infrastructureRef')).toBe(
      `${cluster}  infrastructureRef:\n    apiGroup: infrastructure.cluster.x-k8s.io\n    kind: AzureCluster\n    name: \n`,
    );
    const scaler = 'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nspec:\n';
    expect(applied(`${scaler}  scaleT$0\n`, 'scaleTargetRef')).toBe(
      `${scaler}  scaleTargetRef:\n    apiVersion: apps/v1\n    kind: Deployment\n    name: \n`,
    );
    const binding = 'apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\n';
    expect(applied(`${binding}ro$0\n`, 'roleRef')).toBe(
      `${binding}roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: Role\n  name: \n`,
    );
  });

  test('a half-typed word with its value below becomes the key', () => {
    expect(applied(`${deployment}sp$0\n  replicas: 3\n`, 'spec')).toContain('\nspec:');
    expect(applied(`${deployment}spec:\n  repl$0: 3\n`, 'replicas')).toBe(`${deployment}spec:\n  replicas: 3\n`);
  });

  test('in the items of a list', () => {
    const spec = `${deployment}spec:\n  template:\n    spec:\n      containers:\n`;
    expect(labelsAt(`${spec}        - $0`)[0]).toBe('name');
    expect(applied(`${spec}        -$0`, 'name')).toBe(`${spec}        - name: `);
    expect(applied(`${spec}        - name: x\n          $0\n`, 'image')).toBe(
      `${spec}        - name: x\n          image: \n`,
    );
    expect(applied(`${spec}        - name: x\n        $0\n`, 'name')).toBe(
      `${spec}        - name: x\n        - name: \n`,
    );
    expect(applied(`${spec}        $0\n`, '- ')).toBe(`${spec}        - name: \n          image: \n`);
  });

  test('after the colon of a map, go on the next line', () => {
    expect(applied(`${deployment}spec:\n  selector: $0\n`, 'matchLabels')).toBe(
      `${deployment}spec:\n  selector: \n    matchLabels:\n      \n`,
    );
  });

  test('in flow style', () => {
    expect(applied(`${deployment}spec: {replicas: 1, $0}\n`, 'paused')).toBe(
      `${deployment}spec: {replicas: 1, paused: true}\n`,
    );
    expect(applied(`${deployment}spec: {\n  replicas: 1,\n  $0\n}\n`, 'paused')).toContain('paused: true\n}');
    expect(labelsAt(`${deployment}spec: {$0`)).toContain('replicas');
  });

  test('at a column where no key is valid, move the line', () => {
    expect(applied(`${deployment}spec:\n  replicas: 1\n   $0\n`, 'paused')).toBe(
      `${deployment}spec:\n  replicas: 1\n  paused: true\n`,
    );
  });

  test('the usual keys come first; deprecated keys come last and are marked', () => {
    const kustomization = 'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec:\n  $0\n';
    expect(labelsAt(kustomization).slice(0, 5)).toEqual(['interval', 'sourceRef', 'prune', 'path', 'targetNamespace']);
    const alert = 'apiVersion: notification.toolkit.fluxcd.io/v1beta3\nkind: Alert\nspec:\n  $0\n';
    expect(labelsAt(alert).at(-1)).toBe('summary');
    const items = complete(cursorOf(fixture(alert)));
    expect(items.filter(({ deprecated }) => deprecated).map(({ label }) => label)).toEqual(['summary']);
  });

  test('in a free-form map: keys used in the workspace, and usual ones', () => {
    const other = `# file: b.yaml\n${deployment}  labels:\n    example.org/team: a\n# file: a.yaml\n`;
    const labels = labelsAt(`${other}${deployment}  labels:\n    $0\n`);
    expect(labels[0]).toBe('example.org/team');
    expect(labels).toContain('app.kubernetes.io/name');
  });

  test('in annotations: those for the kind, with their values', () => {
    const cluster = 'apiVersion: cluster.x-k8s.io/v1beta2\nkind: Cluster\nmetadata:\n  name: a\n  annotations:\n';
    expect(labelsAt(`${cluster}    $0\n`)).toContain('topology.cluster.x-k8s.io/upgrade-concurrency');
    expect(labelsAt(`${deployment}  annotations:\n    $0\n`)).not.toContain('cluster.x-k8s.io/paused');
    const prune = `${deployment}  annotations:\n    kustomize.toolkit.fluxcd.io/prune: `;
    expect(applied(`${prune}$0\n`, 'disabled')).toBe(`${prune}disabled\n`);
    expect(
      applied(
        'apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata:\n  annotations:\n    storageclass.kubernetes.io/is-default-class: $0\n',
        'true',
      ),
    ).toMatch(/class: "true"\n$/);
  });

  test('at another indentation if the typed text fits only there', () => {
    expect(applied(`${deployment}\n sp$0\n`, 'spec')).toMatch(/^ {2}name: a\n\nspec:/m);
    expect(applied(`${deployment}\n label$0\n`, 'labels')).toMatch(/^ {2}labels:/m);
  });

  test('keep CRLF and count in UTF-16', () => {
    const text = `${release}# 🚀 launch\nspec:\n  ch$0\n`.replaceAll('\n', '\r\n');
    expect(applied(text, 'chart')).toBe(
      `${release}# 🚀 launch\nspec:\n  chart:\n    spec:\n      chart: \n      sourceRef:\n        kind: HelmRepository\n        name: \n`.replaceAll(
        '\n',
        '\r\n',
      ),
    );
  });
});

describe('values', () => {
  test('of an enum and of a boolean', () => {
    expect(labelsAt(`${deployment}spec:\n  strategy:\n    type: $0\n`)).toEqual(['RollingUpdate', 'Recreate']);
    expect(labelsAt(`${deployment}spec:\n  paused: $0\n`)).toEqual(['true', 'false']);
    expect(applied(`${deployment}spec:\n  paused:$0\n`, 'false')).toBe(`${deployment}spec:\n  paused: false\n`);
  });

  test('replace the whole word and keep its quotes', () => {
    expect(applied(`${deployment}spec:\n  strategy:\n    type: "Rec$0reat" # why\n`, 'Recreate')).toBe(
      `${deployment}spec:\n  strategy:\n    type: "Recreate" # why\n`,
    );
  });

  test('durations', () => {
    expect(labelsAt(`${release}spec:\n  interval: $0\n`)).toContain('10m');
  });

  test('by format: quantities, percentages, CIDRs, schedules, version ranges', () => {
    const requests = `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: a\n      resources:\n        requests:\n`;
    expect(labelsAt(`${requests}          $0\n`)).toEqual(['cpu', 'memory', 'ephemeral-storage']);
    expect(labelsAt(`${requests}          cpu: $0\n`)).toContain('100m');
    expect(labelsAt(`${requests}          memory: $0\n`)).toEqual(expect.arrayContaining(['128Mi', '1Gi']));
    const cluster = 'apiVersion: cluster.x-k8s.io/v1beta2\n';
    const rolling = `${cluster}kind: MachineDeployment\nspec:\n  rollout:\n    strategy:\n      rollingUpdate:\n`;
    expect(applied(`${rolling}        maxSurge: $0\n`, '1')).toBe(`${rolling}        maxSurge: 1\n`);
    expect(applied(`${rolling}        maxSurge: $0\n`, '25%')).toMatch(/maxSurge: "?25%"?\n$/);
    const pods = `${cluster}kind: Cluster\nspec:\n  clusterNetwork:\n    pods:\n      cidrBlocks:\n        - $0\n`;
    expect(labelsAt(pods)).toContain('192.168.0.0/16');
    expect(applied('apiVersion: batch/v1\nkind: CronJob\nspec:\n  schedule: $0\n', '*/15 * * * *')).toMatch(
      /schedule: "\*\/15 \* \* \* \*"\n$/,
    );
    expect(labelsAt(`${release}spec:\n  chart:\n    spec:\n      version: $0\n`).slice(0, 2)).toEqual(['*', '>=1.0.0']);
  });

  test('durations for the timeout of a source have no hours', () => {
    const source = 'apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nspec:\n';
    expect(labelsAt(`${source}  timeout: $0\n`)).not.toContain('1h');
    expect(labelsAt(`${source}  interval: $0\n`)).toContain('1h');
  });

  test('in references to provider objects: kinds that fit the field, their group, names in the workspace', () => {
    const other =
      '# file: b.yaml\napiVersion: infrastructure.cluster.x-k8s.io/v1beta1\nkind: AzureCluster\nmetadata:\n  name: prod\n';
    const cluster = `${other}# file: a.yaml\napiVersion: cluster.x-k8s.io/v1beta2\nkind: Cluster\nspec:\n  infrastructureRef:\n`;
    const kinds = labelsAt(`${cluster}    kind: $0\n`);
    expect(kinds[0]).toBe('AzureCluster');
    expect(kinds).toContain('VSphereCluster');
    expect(kinds.filter((kind) => !kind.endsWith('Cluster'))).toEqual([]);
    expect(labelsAt(`${cluster}    kind: AzureCluster\n    apiGroup: $0\n`)).toEqual([
      'infrastructure.cluster.x-k8s.io',
    ]);
    expect(labelsAt(`${cluster}    kind: AzureCluster\n    name: $0\n`)).toEqual(['prod']);
    expect(labelsAt(`${cluster}    kind: AWSCluster\n    name: $0\n`)).toEqual([]);
  });

  test.each([
    ['MachineDeployment', 'template:\n    spec:\n      infrastructureRef:\n        kind: ', 'AWSMachineTemplate'],
    [
      'MachineDeployment',
      'template:\n    spec:\n      bootstrap:\n        configRef:\n          kind: ',
      'KubeadmConfigTemplate',
    ],
    ['MachinePool', 'template:\n    spec:\n      infrastructureRef:\n        kind: ', 'AWSManagedMachinePool'],
    ['MachinePool', 'template:\n    spec:\n      bootstrap:\n        configRef:\n          kind: ', 'KubeadmConfig'],
    ['Cluster', 'controlPlaneRef:\n    kind: ', 'AzureManagedControlPlane'],
    ['ClusterClass', 'infrastructure:\n    templateRef:\n      kind: ', 'VSphereClusterTemplate'],
    [
      'ClusterClass',
      'controlPlane:\n    machineInfrastructure:\n      templateRef:\n        kind: ',
      'VSphereMachineTemplate',
    ],
    [
      'ClusterClass',
      'infrastructure:\n    templateRef:\n      kind: AWSClusterTemplate\n      apiVersion: ',
      'infrastructure.cluster.x-k8s.io/v1beta2',
    ],
  ])('%s: %j may be %s', (kind, spec, expected) => {
    const labels = labelsAt(`apiVersion: cluster.x-k8s.io/v1beta2\nkind: ${kind}\nspec:\n  ${spec}$0\n`);
    expect(labels).toContain(expected);
    const ending = /[A-Z][a-z]+(?:Template)?$/.exec(expected)?.[0] ?? '';
    expect(labels.filter((label) => !label.endsWith(ending))).toEqual([]);
  });

  test('in the parts of a reference whose kinds are known', () => {
    const binding = 'apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nroleRef:\n';
    expect(labelsAt(`${binding}  kind: $0\n`)).toEqual(['Role', 'ClusterRole']);
    expect(labelsAt(`${binding}  apiGroup: $0\n`)).toEqual(['rbac.authorization.k8s.io']);
    const scaler = 'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nspec:\n  scaleTargetRef:\n';
    expect(labelsAt(`${scaler}    kind: Deployment\n    apiVersion: $0\n`)).toEqual(['apps/v1']);
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
      const secrets = `# file: b.yaml\n${secret('theirs', 'other')}${secret('ours', 'own')}`;
      expect(labelsAt(`${secrets}${kustomization('  decryption:\n    secretRef:\n      name: $0\n')}`)).toEqual([
        'ours',
      ]);
    });

    test('one with a namespace: its own first, and only those of the one it writes', () => {
      const sources = `# file: b.yaml\n${source('a-theirs', 'other')}${source('ours', 'own')}`;
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
    const self = `# file: a.yaml\n${release}spec:\n  dependsOn:\n    - name: $0\n`;
    expect(labelsAt(other + self)).toEqual(['b']);
  });

  test('namespaces in the workspace', () => {
    const other = '# file: ns.yaml\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n# file: a.yaml\n';
    expect(labelsAt(`${other}${deployment}  namespace: $0\n`)).toEqual(['shop']);
  });
});

describe('apiVersion and kind', () => {
  test('a kind fills in its apiVersion', () => {
    expect(applied('kind: Helm$0\n', 'HelmRelease', 'helm.toolkit.fluxcd.io/v2')).toBe(
      'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n',
    );
    expect(applied('apiVersion: apps/v1\nkind: $0\n', 'Cluster', 'cluster.x-k8s.io/v1beta2')).toBe(
      'apiVersion: cluster.x-k8s.io/v1beta2\nkind: Cluster\n',
    );
  });

  test('an apiVersion fills in its kind', () => {
    expect(applied('apiVersion: helm.toolkit$0\n', 'helm.toolkit.fluxcd.io/v2')).toBe(
      'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n',
    );
    expect(labelsAt('apiVersion: $0\nkind: Deployment\n')).toEqual(['apps/v1']);
  });

  test('the missing one is suggested, with values that fit the other', () => {
    expect(applied('$0\nkind: HelmRelease\nmetadata:\n  name: a\n', 'apiVersion')).toBe(
      'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: a\n',
    );
    expect(applied('apiVersion: kustomize.toolkit.fluxcd.io/v1\nki$0\nspec: {}\n', 'kind')).toBe(
      'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec: {}\n',
    );
  });

  test('kinds used in the workspace come first, but not after they are removed', () => {
    const at = fixture(`# file: b.yaml\n${release}# file: a.yaml\nkind: $0\n`);
    const first = () => complete(cursorOf(at)).toSorted((a, b) => (a.sort < b.sort ? -1 : 1))[0]!.label;
    expect(first()).toBe('HelmRelease');
    at.workspace.put('b.yaml', deployment);
    expect(first()).toBe('Deployment');
  });

  test('Flux’s Kustomization and kustomize’s are distinct', () => {
    expect(labelsAt('apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: $0\n')[0]).toBe('Kustomization');
    expect(labelsAt('apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec:\n  $0\n')).toContain(
      'prune',
    );
  });

  test('whole objects are suggested in an empty document and between documents', () => {
    const object = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: \n';
    expect(applied('$0', 'Deployment', 'apps/v1')).toBe(object);
    expect(applied(`${deployment}---\n$0\n---\n${release}`, 'Deployment', 'apps/v1')).toBe(
      `${deployment}---\n${object}\n---\n${release}`,
    );
  });
});

test('objects in the resources of a ResourceSet', () => {
  const set = 'apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSet\nmetadata:\n  name: a\nspec:\n  resources:\n';
  expect(applied(`${set}    - $0\n`, 'Namespace', 'v1')).toBe(
    `${set}    - apiVersion: v1\n      kind: Namespace\n      metadata:\n        name: \n      \n`,
  );
  const object = `${set}    - apiVersion: apps/v1\n      kind: Deployment\n`;
  expect(labelsAt(`${object}      spec:\n        repl$0\n`)).toContain('replicas');
  expect(labelsAt(`${set}    - apiVersion: apps/v1\n      kind: $0\n`)).toContain('StatefulSet');
});

describe('no items', () => {
  test.each([
    ['in a comment', `${deployment}# $0\n`],
    ['in the indentation of a line', `${deployment}spec:\n $0 replicas: 1\n`],
    ['after a value', `${deployment}spec:\n  replicas: 1 # a $0\n`],
    ['in a block scalar', `apiVersion: v1\nkind: ConfigMap\ndata:\n  a: |\n    $0\n`],
    ['on a document marker', `--$0-\n${deployment}`],
    ['in a workflow', `on: push\njobs:\n  $0\n`],
    ['under a free-form field', `${release}spec:\n  values:\n    $0\n`],
  ])('%s', (_, text) => {
    expect(labelsAt(text)).toEqual([]);
  });
});

describe('after *', () => {
  const pod = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: &name web\nspec: &spec\n  containers:\n';
  const first = `${pod}    - &first\n      name: *name\n      resources: &small {limits: {cpu: 1}}\n    - `;

  test('the anchors above that don’t contain the cursor, nearest first', () => {
    expect(labelsAt(`${first}name: *$0\n`)).toEqual(['*small', '*first', '*name']);
    expect(labelsAt(`${first}name: b\n      resources: *s$0\n      image: c\n`)).toContain('*small');
    expect(applied(`${first}{name: *na$0}\n`, '*name')).toBe(`${first}{name: *name}\n`);
    expect(labelsAt(`${first}*$0\n`)).toContain('*first');
    expect(labelsAt(`${pod}    - name: *$0\n`)).toEqual(['*name']);
  });

  test('only maps for a merge key', () => {
    expect(labelsAt(`${first}<<: *$0\n`)).toEqual(['*small', '*first']);
  });

  test('`*` itself where it is a value', () => {
    const role = 'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nrules:\n  - verbs:\n      - *$0\n';
    expect(labelsAt(role)).toEqual(['*']);
    expect(labelsAt(`${deployment}spec:\n  replicas: *$0\n`)).toEqual([]);
  });
});
