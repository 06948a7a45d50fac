// Values and keys are those of the field, whatever its key is called elsewhere.
import { describe, expect, test } from 'vitest';
import { yaml } from '../../fixture.ts';
import { deployment, labelsAt } from '../fixture.ts';

describe('`type` has the values of its own field', () => {
  test.each([
    ['Service', 'spec:\n  type: $0\n', ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']],
    ['Secret', 'type: $0\n', ['Opaque', 'kubernetes.io/tls']],
    ['Pod', 'spec:\n  securityContext:\n    seccompProfile:\n      type: $0\n', ['RuntimeDefault', 'Unconfined']],
  ])('of a %s in %j', (kind, text, expected) => {
    const labels = labelsAt(`apiVersion: v1\nkind: ${kind}\n${text}`);
    expect(labels).toEqual(expect.arrayContaining(expected));
    expect(labels.includes('Opaque')).toBe(kind === 'Secret');
  });

  test('volumes of AWS machines, not of OpenStack’s', () => {
    const machine = (kind: string, version: string) => yaml`
      apiVersion: infrastructure.cluster.x-k8s.io/${version}
      kind: ${kind}
      spec:
        template:
          spec:
            rootVolume:
              type: $0
    `;
    expect(labelsAt(machine('AWSMachineTemplate', 'v1beta2'))).toContain('gp3');
    expect(labelsAt(machine('OpenStackMachineTemplate', 'v1beta1'))).toEqual([]);
  });

  test('types of a CRD’s schema and of its printer columns', () => {
    const crd = yaml`
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      spec:
        versions:
    `;
    expect(labelsAt(`${crd}    - additionalPrinterColumns:\n        - type: $0\n`)).toContain('date');
    const schema = `${crd}    - schema:\n        openAPIV3Schema:\n          properties:\n            spec:\n              type: $0\n`;
    expect(labelsAt(schema)).toContain('object');
    expect(labelsAt(schema)).not.toContain('date');
  });
});

test('a status of a condition is a string', () => {
  const check = yaml`
    apiVersion: cluster.x-k8s.io/v1beta2
    kind: MachineHealthCheck
    spec:
      checks:
        unhealthyNodeConditions:
          - type: Ready
            status: $0
  `;
  expect(labelsAt(check)).toEqual(['False', 'Unknown', 'True']);
});

test('every object of a kind is `*` in an Alert and a Receiver', () => {
  const alert = yaml`
    apiVersion: notification.toolkit.fluxcd.io/v1beta3
    kind: Alert
    spec:
      eventSources:
        - kind: HelmRelease
          name: $0
  `;
  expect(labelsAt(alert)).toEqual(['*']);
});

test('a Receiver takes `*` only with labels, however many names there are', () => {
  const sources = Array.from(
    { length: 60 },
    (_, at) =>
      `apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: { name: source-${at}, namespace: flux-system }\n`,
  );
  const receiver = (rest: string) => `# file: sources.yaml
${sources.join('---\n')}# file: receiver.yaml
apiVersion: notification.toolkit.fluxcd.io/v1
kind: Receiver
metadata: { name: hook, namespace: flux-system }
spec:
  type: github
  resources:
    - kind: GitRepository
${rest}      name: $0
`;
  const labels = labelsAt(receiver(''));
  expect(labels).toContain('source-59');
  expect(labels).not.toContain('*');
  expect(labelsAt(receiver('      matchLabels: { team: shop }\n'))).toContain('*');
});

test('labels of alerts are not those of objects', () => {
  const rules = yaml`
    apiVersion: monitoring.coreos.com/v1
    kind: PrometheusRule
    metadata:
      labels:
        app.kubernetes.io/name: a
    spec:
      groups:
        - name: a
          rules:
            - alert: A
              labels:
                $0
  `;
  expect(labelsAt(rules)).toEqual([]);
});

test('a claim requests storage, a container doesn’t', () => {
  const claim = 'apiVersion: v1\nkind: PersistentVolumeClaim\nspec:\n  resources:\n    requests:\n      $0\n';
  expect(labelsAt(claim)).toEqual(['storage']);
  const template = yaml`
    apiVersion: apps/v1
    kind: StatefulSet
    spec:
      volumeClaimTemplates:
        - spec:
            resources:
              requests:
                $0
  `;
  expect(labelsAt(template)).toEqual(['storage']);
  const container = yaml`
    ${deployment}
    spec:
      template:
        spec:
          containers:
            - resources:
                requests:
                  $0
  `;
  expect(labelsAt(container)).not.toContain('storage');
});

test('what runs comes first in the target of a patch', () => {
  const kustomization = yaml`
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    patches:
      - target:
          kind: $0
  `;
  expect(labelsAt(kustomization).slice(0, 3)).toEqual(['Deployment', 'HelmRelease', 'StatefulSet']);
});
