import { describe, expect, test } from 'vitest';
import { yaml } from '../fixture.ts';
import { complete } from './completion/completion.ts';
import { cursorOf, fixture } from './fixture.ts';
import { hover } from './hover.ts';

const text = (source: string) => hover(cursorOf(fixture(source)))?.text;
const kustomization = yaml`
  apiVersion: kustomize.toolkit.fluxcd.io/v1
  kind: Kustomization
  metadata:
    name: a
`;

describe('our note', () => {
  test('is between the field’s type and its default', () => {
    const parts = text(yaml`
      ${kustomization}
      spec:
        force$0: true
    `)!.split('\n\n');
    expect(parts[0]).toBe('**force** *boolean*');
    expect(parts[1]).toMatch(/^If true, recreates objects whose immutable fields changed/);
    expect(parts[2]).toBe('Default: `false`');
    expect(parts.at(-1)).toMatch(/^Schema: flux/);
  });

  test('describes a kind', () => {
    expect(
      text(yaml`
        apiVersion: cluster.x-k8s.io/v1beta2
        kind: Machine$0Pool
      `)!.split('\n\n')[2],
    ).toMatch(/^Workers whose/);
    const items = complete(cursorOf(fixture('kind: Machine$0\n')));
    expect(items.find(({ label }) => label === 'MachinePool')?.documentation?.()).toMatch(/^Workers whose/);
  });

  test('is shown inside lists', () => {
    expect(
      text(yaml`
        ${kustomization}
        spec:
          dependsOn:
            - name: b
              read$0yExpr: "true"
      `),
    ).toMatch(/CEL/);
  });

  test('is shown on annotations and labels in any metadata', () => {
    expect(
      text(yaml`
        ${kustomization}
          annotations:
            kustomize.toolkit.fluxcd.io/pr$0une: disabled
      `),
    ).toMatch(/keeps the object/);
    const topology = yaml`
      apiVersion: cluster.x-k8s.io/v1beta2
      kind: Cluster
      spec:
        topology:
          workers:
    `;
    const annotations = '      machineDeployments:\n        - metadata:\n            annotations:\n';
    expect(text(`${topology}${annotations}              topology.cluster.x-k8s.io/defer$0-upgrade: ""\n`)).toMatch(
      /keeps its version/,
    );
    expect(
      text(yaml`
        ${kustomization}
          annotations:
            example.org/pr$0une: disabled
      `),
    ).not.toMatch(/keeps/);
  });

  test('is shown on a value', () => {
    expect(
      text(yaml`
        ${kustomization}
        spec:
          prune: tr$0ue
      `),
    ).toMatch(/Renaming an object/);
  });

  test('is shown with a completion item', () => {
    const items = complete(
      cursorOf(
        fixture(yaml`
          ${kustomization}
          spec:
            $0
        `),
      ),
    );
    expect(items.find(({ label }) => label === 'wait')?.documentation?.()).toMatch(/every applied object/);
    expect(items.find(({ label }) => label === 'force')?.documentation?.()).toMatch(
      /immutable field[\s\S]*Default: `false`/,
    );
  });
});

test('a field of an object in a ResourceSet', () => {
  const set = yaml`
    apiVersion: fluxcd.controlplane.io/v1
    kind: ResourceSet
    spec:
      resources:
  `;
  expect(
    text(yaml`
      ${set}
          - apiVersion: apps/v1
            kind: Deployment
            spec:
              rep$0licas: 1
    `),
  ).toMatch(/^\*\*replicas\*\* \*integer\*/);
  expect(
    text(yaml`
      ${set}
          - apiVersion: apps/v1
            kind: Dep$0loyment
    `),
  ).toMatch(/^\*\*Deployment\*\* apps\/v1/);
});

test('an unknown document has no hover, and an unknown kind has no schema', () => {
  expect(
    text(yaml`
      on: push
      jo$0bs: {}
    `),
  ).toBeUndefined();
  expect(
    text(yaml`
      apiVersion: example.org/v1
      kind: Thing
      sp$0ec: {}
    `),
  ).toMatch(/No schema for Thing/);
});

test('an immutable field is reported as immutable', () => {
  const network = yaml`
    apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
    kind: ROSANetwork
    spec:
  `;
  expect(text(`${network}  reg$0ion: eu-west-1\n`)).toContain('Immutable after creation');
  expect(
    text(yaml`
      ${kustomization}
      spec:
        force$0: true
    `),
  ).not.toContain('Immutable');
});

test('a kind in the wrong built-in group is reported with its group', () => {
  expect(
    text(yaml`
      apiVersion: extensions/v1beta1
      ki$0nd: Ingress
    `),
  ).toMatch(/Ingress is in networking\.k8s\.io\/v1\./);
});

test('a kustomization file is recognized by its name', () => {
  const file = (body: string) =>
    text(yaml`
      # file: app/kustomization.yaml
      ${body}`);
  expect(file('resou$0rces: []\n')).toMatch(/Only listed files are built/);
  expect(
    file(yaml`
      images:
        - new$0Tag: "1"
    `),
  ).toMatch(/\*\*newTag\*\* \*string\*/);
  expect(file('commonLab$0els: {}\n')).toMatch(/Deprecated: use `labels`/);
});
