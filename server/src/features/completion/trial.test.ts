// What the API server would reject beside what is there isn't suggested.
import { expect, test } from 'vitest';
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
