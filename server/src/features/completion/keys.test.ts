// Keys: which are suggested, in which order, and the text that each inserts.

import { describe, expect, test } from 'vitest';
import { yaml } from '../../fixture.ts';
import { applied, cursorOf, deployment, fixture, labelsAt, release } from '../fixture.ts';
import { complete } from './completion.ts';

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
    expect(labelsAt(kustomization).slice(0, 5)).toEqual(['interval', 'sourceRef', 'path', 'prune', 'targetNamespace']);
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

  test('after name and namespace the usual keys of metadata follow', () => {
    expect(labelsAt(`${deployment}  namespace: shop\n  $0\n`).slice(0, 2)).toEqual(['labels', 'annotations']);
  });

  test('a usual key that was passed over comes before the unusual ones', () => {
    const file = yaml`
      apiVersion: bootstrap.cluster.x-k8s.io/v1beta2
      kind: KubeadmConfig
      spec:
        files:
          - path: /etc/motd
            owner: root:root
            c$0
    `;
    expect(labelsAt(file).filter((label) => label.startsWith('content'))[0]).toBe('content');
  });

  test('keys that are inserted with a map come before the others where it was begun by hand', () => {
    const service = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: a\nspec:\n  type: ClusterIP\n  $0\n';
    expect(labelsAt(service).slice(0, 2)).toEqual(['ports', 'selector']);
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

test('a key is inserted with what it needs also where another key would supply it', () => {
  const definition = (rest: string) => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: shops.example.com
spec:
  group: example.com
  scope: Namespaced
  names: { kind: Shop, plural: shops }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            template:
              type: object
              ${rest}
`;
  const key = 'x-kubernetes-embedded-resource';
  expect(applied(definition('$0'), key)).toBe(definition(`${key}: true\n              properties:\n                `));
  // Where the type isn't written yet, there are more keys to choose from.
  const untyped = (rest: string) => definition(rest).replace('              type: object\n', '');
  expect(applied(untyped('$0'), key)).toBe(untyped(`${key}: true\n              properties:\n                `));
  const beside = 'x-kubernetes-preserve-unknown-fields: true\n              ';
  expect(applied(definition(`${beside}$0`), key)).toBe(definition(`${beside}${key}: true`));
});
