// The items that authors of manifests expect at the top of the list, and items that must not be suggested.

import { describe, expect, test } from 'vitest';
import { yaml } from '../../fixture.ts';
import { applied, labelsAt } from '../fixture.ts';

const deployment = yaml`
  apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: a
`;
const source = yaml`
  apiVersion: source.toolkit.fluxcd.io/v1
  kind: OCIRepository
  metadata:
    name: a
`;

describe('kinds', () => {
  test('the usual ones come first, not in alphabetical order', () => {
    expect(labelsAt('kind: $0\n').slice(0, 2)).toEqual(['Kustomization', 'HelmRelease']);
    expect(labelsAt('apiVersion: $0\n').slice(0, 2)).toEqual([
      'kustomize.toolkit.fluxcd.io/v1',
      'helm.toolkit.fluxcd.io/v2',
    ]);
    expect(
      labelsAt(yaml`
        apiVersion: v1
        kind: $0
      `).slice(0, 3),
    ).toEqual(['Namespace', 'ConfigMap', 'Secret']);
    expect(applied('apiVersion: apps/$0\n', 'apps/v1')).toBe(yaml`
      apiVersion: apps/v1
      kind: Deployment
    `);
  });

  test('deprecated versions are offered only where the word asks for one', () => {
    expect(labelsAt('apiVersion: cluster.x$0\n')).toContain('cluster.x-k8s.io/v1beta2');
    expect(labelsAt('apiVersion: cluster.x$0\n')).not.toContain('cluster.x-k8s.io/v1beta1');
    expect(labelsAt('apiVersion: cluster.x-k8s.io/v1beta1$0\n')).toContain('cluster.x-k8s.io/v1beta1');
    expect(labelsAt('$0')).not.toContain('Endpoints');
    expect(labelsAt('apiVersion: v1\nkind: $0\n')).not.toContain('Endpoints');
    expect(labelsAt('apiVersion: v1\nkind: Endpoints$0\n')).toContain('Endpoints');
  });

  test('of a version that is deprecated for all kinds are offered where it is written', () => {
    expect(labelsAt('apiVersion: cluster.x-k8s.io/v1beta1\nkind: $0\n')[0]).toBe('Cluster');
  });

  test('that what is written doesn’t fit are not offered', () => {
    const kinds = (text: string) => labelsAt(`apiVersion: v1\n${text}kind: $0\n`);
    expect(kinds('data:\n  a: YQ==\n')).toEqual(['ConfigMap', 'Secret']);
    expect(kinds('data:\n  a: not base64\n')).toEqual(['ConfigMap']);
    expect(kinds('spec:\n  ports:\n    - port: 80\n')).toEqual(['Service']);
    // One slip leaves the kind that fits best.
    expect(kinds('spec:\n  ports:\n    - prot: 80\n')).toEqual(['Service']);
    expect(labelsAt('kind: HorizontalPodAutoscaler\nspec:\n  metrics: []\napiVersion: $0\n')).toEqual([
      'autoscaling/v2',
    ]);
  });

  test('the kind of a reference comes before its name, which depends on it', () => {
    const repository = 'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec:\n  sourceRef:\n    ';
    expect(labelsAt(`${repository}$0\n`)).toEqual(['kind', 'name', 'namespace', 'apiVersion']);
    expect(labelsAt(`${repository}kind: $0\n`)[0]).toBe('GitRepository');
  });

  test('in health checks and in the targets of patches', () => {
    const kustomization = yaml`
      apiVersion: kustomize.toolkit.fluxcd.io/v1
      kind: Kustomization
      spec:
    `;
    const checks = yaml`
      ${kustomization}
        healthChecks:
          - apiVersion: $0
            kind: Deployment
    `;
    expect(labelsAt(checks)).toEqual(['apps/v1']);
    const other = yaml`
      # file: b.yaml
      ${deployment}
      # file: a.yaml
    `;
    expect(
      labelsAt(yaml`
        ${other}
        ${kustomization}
          healthChecks:
            - kind: $0
      `).slice(0, 2),
    ).toContain('Deployment');
    expect(
      labelsAt(yaml`
        ${other}
        ${kustomization}
          healthChecks:
            - kind: Deployment
              name: $0
      `),
    ).toEqual(['a']);
    expect(
      labelsAt(yaml`
        ${kustomization}
          patches:
            - target:
                kind: $0
      `),
    ).toContain('StatefulSet');
    expect(applied(`${kustomization}  healthCh$0\n`, 'healthChecks')).toMatch(
      /- apiVersion: \n {6}kind: \n {6}name: \n {6}namespace: \n$/,
    );
  });
});

describe('values', () => {
  test('the usual value of an enum comes first', () => {
    expect(
      labelsAt(
        yaml`
          ${deployment}
          spec:
            template:
              spec:
                containers:
                  - ports:
                      - protocol: $0
        `,
      )[0],
    ).toBe('TCP');
  });

  test('of fields that only the API server’s code restricts', () => {
    const scaler = yaml`
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      spec:
        metrics:
          - type:\x20`;
    expect(labelsAt(`${scaler}$0\n`)[0]).toBe('Resource');
    expect(
      labelsAt(yaml`
        apiVersion: v1
        kind: Secret
        type: $0
      `),
    ).toContain('kubernetes.io/tls');
    expect(
      labelsAt(yaml`
        ${source}
        spec:
          layerSelector:
            mediaType: $0
      `),
    ).toHaveLength(1);
  });

  test('in a role: groups, the resources of those groups, verbs that are not listed yet', () => {
    const rules = yaml`
      apiVersion: rbac.authorization.k8s.io/v1
      kind: Role
      rules:
    `;
    expect(
      labelsAt(yaml`
        ${rules}
          - apiGroups:
              - $0
      `),
    ).toContain('apps');
    expect(applied(`${rules}  - apiGroups: [$0]\n`, '""')).toBe(`${rules}  - apiGroups: [""]\n`);
    const apps = `${rules}  - apiGroups: [apps]\n`;
    expect(
      labelsAt(yaml`
        ${apps}
            resources:
              - $0
      `)[0],
    ).toBe('deployments');
    expect(
      labelsAt(yaml`
        ${apps}
            resources:
              - $0
      `),
    ).not.toContain('pods');
    expect(
      labelsAt(yaml`
        ${apps}
            verbs:
              - get
              - $0
      `)[0],
    ).toBe('list');
    const binding = yaml`
      apiVersion: rbac.authorization.k8s.io/v1
      kind: RoleBinding
      subjects:
    `;
    expect(labelsAt(`${binding}  - kind: $0\n`)).toEqual(['ServiceAccount', 'Group', 'User']);
  });

  test('a value that exists only because it is being typed is not suggested', () => {
    expect(labelsAt(`${deployment}  namespace: sho$0\n`)).toEqual([]);
    const cluster = yaml`
      apiVersion: cluster.x-k8s.io/v1beta2
      kind: Cluster
      spec:
        topology:
          version: v1.3$0
    `;
    expect(labelsAt(cluster)).toEqual([]);
    expect(
      labelsAt(yaml`
        ${deployment}
          labels:
            te$0
      `),
    ).not.toContain('te');
  });
});

describe('labels', () => {
  test('a selector suggests the labels of the file', () => {
    const labelled = yaml`
      ${deployment}
        labels:
          example.org/team: shop
    `;
    expect(
      labelsAt(yaml`
        ${labelled}
        spec:
          selector:
            matchLabels:
              $0
      `)[0],
    ).toBe('example.org/team');
    expect(
      labelsAt(yaml`
        ${labelled}
        spec:
          selector:
            matchLabels:
              example.org/team: $0
      `),
    ).toEqual(['shop']);
    const service = yaml`
      apiVersion: v1
      kind: Service
      spec:
        selector:
          $0
    `;
    expect(labelsAt(`${labelled}---\n${service}`)[0]).toBe('example.org/team');
  });

  test('a selector of a workload suggests only the labels of its pods', () => {
    const workload = yaml`
      ${deployment}
        labels:
          team: shop
      spec:
        selector:
          matchLabels:
            $0
        template:
          metadata:
            labels:
              app: a
    `;
    expect(labelsAt(workload)).toEqual(['app']);
    expect(labelsAt(workload.replace('$0', 'app: $0'))).toEqual(['a']);
  });

  test('a selector does not suggest labels for controllers', () => {
    const selector = yaml`
      ${deployment}
      spec:
        selector:
          matchLabels:
            $0
    `;
    expect(labelsAt(selector)[0]).toBe('app.kubernetes.io/name');
    expect(labelsAt(selector).filter((label) => label.includes('toolkit.fluxcd.io'))).toEqual([]);
  });
});

test('keys that belong together are inserted together, the likeliest choice first', () => {
  expect(applied(`${deployment}sp$0\n`, 'spec')).toBe(
    `${deployment}spec:\n  selector:\n    matchLabels:\n      \n  template:\n    metadata:\n      labels:\n        \n    spec:\n      containers:\n        - name: \n          image: \n`,
  );
  const flux = yaml`
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
  `;
  expect(applied(`${flux}sp$0\n`, 'spec')).toBe(
    yaml`
      ${flux}
      spec:
        interval:\x20
        sourceRef:
          kind: GitRepository
          name:\x20
        path:\x20
        prune: true
    `,
  );
  const role = yaml`
    apiVersion: rbac.authorization.k8s.io/v1
    kind: Role
  `;
  expect(applied(`${role}ru$0\n`, 'rules')).toMatch(/apiGroups:.*resources:.*verbs:/s);
  const binding = yaml`
    apiVersion: rbac.authorization.k8s.io/v1
    kind: RoleBinding
  `;
  expect(applied(`${binding}sub$0\n`, 'subjects')).toMatch(/- kind: ServiceAccount\n {4}name: \n$/);
});

test('the schema of a CRD is completed at any depth', () => {
  const schema = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
spec:
  versions:
    - schema:
        openAPIV3Schema:
          type: object
          properties:
            list:
              type: array
              items:
                `;
  expect(labelsAt(`${schema}$0\n`)[0]).toBe('type');
  expect(labelsAt(`${schema}type: $0\n`)).toContain('integer');
});
