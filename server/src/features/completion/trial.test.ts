// What the API server would reject beside what is there isn't suggested.
import { describe, expect, test } from 'vitest';
import { yaml } from '../../fixture.ts';
import { applied, deployment, labelsAt, release } from '../fixture.ts';

const service = (type: string) => yaml`
  apiVersion: v1
  kind: Service
  metadata:
    name: a
  spec:
    type: ${type}
    ports:
      - port: 80
    $0
`;

test('a key that needs another value beside it', () => {
  expect(labelsAt(service('LoadBalancer'))).toContain('allocateLoadBalancerNodePorts');
  expect(labelsAt(service('ClusterIP'))).not.toContain('allocateLoadBalancerNodePorts');
});

test('a list that its place excludes, whatever its items are', () => {
  const crd = (place: string) => yaml`
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata: { name: exporters.example.com }
    spec:
      group: example.com
      names: { kind: Exporter, plural: exporters }
      scope: Namespaced
      versions:
        - name: v1
          served: true
          storage: true
          schema:
            openAPIV3Schema:
              type: object
              ${place}
  `;
  const lists = ['x-kubernetes-list-map-keys', 'x-kubernetes-validations'];
  const offered = (place: string) => labelsAt(crd(place)).filter((label) => lists.includes(label));
  expect(offered('properties: { a: { type: array, items: { type: object }, $0 } }').toSorted()).toEqual(lists);
  expect(offered('anyOf: [{ minProperties: 1, $0 }]')).toEqual([]);
});

test('what an empty map lacks already is no reason against the keys beside it', () => {
  const clusterClass = (rest: string) => yaml`
    apiVersion: cluster.x-k8s.io/v1beta2
    kind: ClusterClass
    metadata:
      name: a
    spec:
      controlPlane: {}
      ${rest}
  `;
  expect(labelsAt(clusterClass('$0'))).toEqual(expect.arrayContaining(['infrastructure', 'workers']));
});

test('what a rule about the object reports, unless a value beside it helps', () => {
  const kustomization = (wait: string) => yaml`
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: a
    spec:
      interval: 10m
      ${wait}
      $0
  `;
  const keys = ['healthChecks', 'healthCheckExprs'];
  const offered = (wait: string) => labelsAt(kustomization(wait)).filter((label) => keys.includes(label));
  expect(offered('prune: true').toSorted()).toEqual(keys.toSorted());
  expect(offered('wait: true')).toEqual(['healthCheckExprs']);
  expect(offered('wait: false')).toEqual(['healthChecks']);
  const receiver = yaml`
    apiVersion: notification.toolkit.fluxcd.io/v1
    kind: Receiver
    metadata:
      name: a
    spec:
      type: generic
      resources:
        - kind: GitRepository
          $0
  `;
  expect(labelsAt(receiver)).toContain('name');
});

test('any of many values where each that is tried is refused', () => {
  const namespaces = Array.from({ length: 100 }, (_, index) => `space-${index}x`);
  const objects = namespaces.map((name) => `---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n`);
  const values = (kind: string) =>
    labelsAt(`# file: namespaces.yaml
${objects.join('')}
# file: a.yaml
apiVersion: v1
kind: ${kind}
metadata:
  name: a
data:
  namespace: $0
`);
  expect(values('ConfigMap').length).toBeGreaterThan(90);
  expect(values('Secret')).toEqual([]);
});

test('any of many values where only one that is tried is accepted', () => {
  const pod = (name: string, volumes: string, mount: string) => `---
apiVersion: v1
kind: Pod
metadata:
  name: ${name}
spec:
  containers:
    - name: a
      image: a
      volumeMounts:
        - name: ${mount}
          mountPath: /a
  volumes:
${volumes}`;
  const others = Array.from({ length: 100 }, (_, index) => `    - name: volume-${index}x\n      emptyDir: {}\n`);
  const labels = (mount: string) =>
    labelsAt(`${['b', 'c', 'd'].map((name) => `# file: ${name}.yaml\n${pod(name, others.join(''), 'volume-7x')}`).join('')}
# file: a.yaml
${pod('a', '    - name: $0\n      emptyDir: {}\n', mount)}`);
  expect(labels('volume-7x')).toEqual(['volume-7x']);
  expect(labels('${NAME}').length).toBeGreaterThan(90);
});

test('a second one of keys that exclude each other', () => {
  const chart = yaml`
    ${release}
    spec:
      interval: 10m
      chartRef:
        kind: OCIRepository
        name: a
      $0
  `;
  expect(labelsAt(chart)).toContain('values');
  expect(labelsAt(chart)).not.toContain('chart');
  const volume = yaml`
    ${deployment}
    spec:
      template:
        spec:
          volumes:
            - name: a
              emptyDir: {}
              $0
  `;
  expect(labelsAt(volume)).not.toContain('configMap');
});

test('a value that a field beside it excludes', () => {
  const subject = yaml`
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRoleBinding
    metadata:
      name: a
    roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
    subjects:
      - kind: ServiceAccount
        name: a
        namespace: a
        apiGroup: $0
  `;
  expect(labelsAt(subject)).not.toContain('rbac.authorization.k8s.io');
});

test('the value that a key is accepted with is a valid one', () => {
  const definition = yaml`
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata:
      name: as.example.org
    spec:
      group: example.org
      names: {kind: A, plural: as}
      scope: Namespaced
      versions: []
      preserveU$0
  `;
  expect(applied(definition, 'preserveUnknownFields')).toContain('preserveUnknownFields: false');
});

test('fields that are not written yet are no obstacle', () => {
  const above = yaml`
    ${deployment}
    spec:
      selector:
        $0
      template:
        metadata:
          labels:
            app: a
  `;
  expect(labelsAt(above)).toContain('matchLabels');
  expect(labelsAt(above.replace('$0', 'matchL$0\n      app: a'))).toContain('matchLabels');
  const selector = yaml`
    ${deployment}
    spec:
      selector:
        matchLabels:
          app: a
      $0
  `;
  expect(labelsAt(selector)).toContain('template');
});

test('what a value or a key needs beside it is inserted with it', () => {
  const subject = yaml`
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRoleBinding
    metadata:
      name: a
    roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
    subjects:
      - name: a
        kind: $0
  `;
  expect(applied(subject, 'ServiceAccount')).toContain('    kind: ServiceAccount\n    namespace: \n');
  const container = yaml`
    apiVersion: v1
    kind: Pod
    metadata:
      name: a
    spec:
      containers:
        - name: a
          image: a
          $0
  `;
  expect(applied(container, 'restartPolicyRules')).toMatch(/\n {6}restartPolicy: \n$/);
});

test('the value that another field must have is set with a key, unless it is written', () => {
  const job = (fields: string) => yaml`
    apiVersion: batch/v1
    kind: Job
    metadata:
      name: a
    spec:
      ${fields}
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: a
              image: a
  `;
  const policy = '  successPolicy:\n    rules:\n      - \n';
  expect(applied(job('$0'), 'successPolicy')).toContain(`${policy}  completionMode: Indexed\n`);
  expect(applied(job('completionMode: Indexed\n  $0'), 'successPolicy')).toContain(policy);
  expect(labelsAt(job('completionMode: NonIndexed\n  $0'))).not.toContain('successPolicy');
});

test('a free key that the API server’s code refuses beside what is written', () => {
  const quota = (scope: string) => yaml`
    apiVersion: v1
    kind: ResourceQuota
    metadata:
      name: a
    spec:
      scopeSelector:
        matchExpressions:
          - operator: In
            scopeName: ${scope}
            values: [a]
      hard:
        $0
  `;
  expect(labelsAt(quota('PriorityClass'))).toContain('pods');
  expect(labelsAt(quota('PriorityClass'))).not.toContain('persistentvolumeclaims');
});

test('an object that depends on this one', () => {
  const kustomization = (name: string, on: string) =>
    `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: ${name}\nspec:\n  dependsOn:\n    - name: ${on}\n`;
  const files = ['b on a', 'c on b', 'd on e'].map((one) => {
    const [name, on] = one.split(' on ');
    return `# file: ${name}.yaml\n${kustomization(name!, on!)}`;
  });
  expect(labelsAt(`${files.join('')}# file: a.yaml\n${kustomization('a', '$0')}`)).toEqual(['d']);
});

test('in a long object, what is far from the cursor is no part of it', () => {
  const labels = Array.from({ length: 900 }, (_, index) => `    label-${index}: a value that takes some room`);
  const long = service('ClusterIP').replace('  name: a\n', `  name: a\n  labels:\n${labels.join('\n')}\n`);
  expect(long.length).toBeGreaterThan(20_000);
  expect(labelsAt(long)).toContain('externalIPs');
  expect(labelsAt(long)).not.toContain('allocateLoadBalancerNodePorts');
});

describe('keys of a schema in a CRD', () => {
  const keysBeside = (fields: string) => labelsAt(crd(fields));
  const crd = (fields: string) =>
    `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: as.example.com
spec:
  group: example.com
  scope: Namespaced
  names: { kind: A, plural: as, singular: a }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              ${fields}
              $0
`;
  test('what another type needs', () => {
    const ofObject = keysBeside('type: object');
    expect(ofObject).toEqual(expect.arrayContaining(['properties', 'x-kubernetes-map-type']));
    for (const key of ['x-kubernetes-list-type', 'x-kubernetes-list-map-keys']) expect(ofObject).not.toContain(key);
    const ofList = keysBeside('type: array');
    expect(ofList).toEqual(expect.arrayContaining(['items', 'x-kubernetes-list-type', 'x-kubernetes-list-map-keys']));
    expect(ofList).not.toContain('x-kubernetes-map-type');
  });

  test('what a key needs beside it, with the value that it needs', () => {
    const accepted = (fields: string, label: string) => applied(crd(fields), label);
    expect(accepted('type: array', 'x-kubernetes-list-type')).toMatch(
      /x-kubernetes-list-type: map\n +x-kubernetes-list-map-keys:/,
    );
    expect(accepted('x-kubernetes-preserve-unknown-fields: true', 'x-kubernetes-map-type')).toMatch(
      /x-kubernetes-map-type: \w+\n +type: object\n/,
    );
    expect(accepted('x-kubernetes-preserve-unknown-fields: true', 'x-kubernetes-list-map-keys')).toMatch(
      /\n +type: array\n/,
    );
  });

  test('what no CRD may have, whatever its value', () => {
    expect(keysBeside('type: object')).not.toContain('$ref');
  });
});

test('a value that the kind can’t have', () => {
  const job = yaml`
    apiVersion: batch/v1
    kind: Job
    metadata:
      name: a
    spec:
      template:
        spec:
          restartPolicy: $0
          containers:
            - name: a
              image: a
  `;
  expect(labelsAt(job)).toEqual(expect.arrayContaining(['OnFailure', 'Never']));
  expect(labelsAt(job)).not.toContain('Always');
});

test('what is added because it is missing may lack something in turn', () => {
  const source = yaml`
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata:
      name: web
    spec:
      scaleTargetRef:
        apiVersion: apps/v1
        kind: Deployment
        name: web
      maxReplicas: 3
      $0
  `;
  expect(applied(source, 'metrics')).toMatch(
    /type: Resource\n\s+resource:\n[\s\S]*type: Utilization\n\s+averageUtilization:/,
  );
});

test('what is there and empty is no reason against the keys beside it', () => {
  const spec = 'apiVersion: apps/v1\nkind: Deployment\nspec:\n  template: {}\n  $0\n';
  expect(labelsAt(spec)).toEqual(expect.arrayContaining(['selector', 'replicas']));
});
