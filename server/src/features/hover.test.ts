import { describe, expect, test } from 'vitest';
import { complete } from './completion/completion.ts';
import { cursorOf, fixture } from './fixture.ts';
import { hover } from './hover.ts';

const text = (source: string) => hover(cursorOf(fixture(source)))?.text;
const kustomization = 'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: a\n';

describe('a note of our own', () => {
  test('stands between what the field is and what it takes', () => {
    const parts = text(`${kustomization}spec:\n  force$0: true\n`)!.split('\n\n');
    expect(parts[0]).toBe('**force** *boolean*');
    expect(parts[1]).toMatch(/^If true, recreates objects whose immutable fields changed/);
    expect(parts[2]).toBe('Default: `false`');
    expect(parts.at(-1)).toMatch(/^Schema: flux/);
  });

  test('says what a kind is for', () => {
    expect(text('apiVersion: cluster.x-k8s.io/v1beta2\nkind: Machine$0Pool\n')!.split('\n\n')[2]).toMatch(
      /^Workers whose/,
    );
    const items = complete(cursorOf(fixture('kind: Machine$0\n')));
    expect(items.find(({ label }) => label === 'MachinePool')?.documentation?.()).toMatch(/^Workers whose/);
  });

  test('is found inside lists', () => {
    expect(text(`${kustomization}spec:\n  dependsOn:\n    - name: b\n      read$0yExpr: "true"\n`)).toMatch(/CEL/);
  });

  test('is found on annotations and labels, wherever they stand', () => {
    expect(text(`${kustomization}  annotations:\n    kustomize.toolkit.fluxcd.io/pr$0une: disabled\n`)).toMatch(
      /keeps the object/,
    );
    const topology = 'apiVersion: cluster.x-k8s.io/v1beta2\nkind: Cluster\nspec:\n  topology:\n    workers:\n';
    const annotations = '      machineDeployments:\n        - metadata:\n            annotations:\n';
    expect(text(`${topology}${annotations}              topology.cluster.x-k8s.io/defer$0-upgrade: ""\n`)).toMatch(
      /keeps its version/,
    );
    expect(text(`${kustomization}  annotations:\n    example.org/pr$0une: disabled\n`)).not.toMatch(/keeps/);
  });

  test('is found on a value too', () => {
    expect(text(`${kustomization}spec:\n  prune: tr$0ue\n`)).toMatch(/Renaming an object/);
  });

  test('stands beside the item of a completion', () => {
    const items = complete(cursorOf(fixture(`${kustomization}spec:\n  $0\n`)));
    expect(items.find(({ label }) => label === 'wait')?.documentation?.()).toMatch(/every applied object/);
    expect(items.find(({ label }) => label === 'force')?.documentation?.()).toMatch(
      /immutable field[\s\S]*Default: `false`/,
    );
  });
});

test('a field of an object that a ResourceSet makes', () => {
  const set = 'apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSet\nspec:\n  resources:\n';
  expect(text(`${set}    - apiVersion: apps/v1\n      kind: Deployment\n      spec:\n        rep$0licas: 1\n`)).toMatch(
    /^\*\*replicas\*\* \*integer\*/,
  );
  expect(text(`${set}    - apiVersion: apps/v1\n      kind: Dep$0loyment\n`)).toMatch(/^\*\*Deployment\*\* apps\/v1/);
});

test('nothing is said of what isn’t known', () => {
  expect(text('on: push\njo$0bs: {}\n')).toBeUndefined();
  expect(text('apiVersion: example.org/v1\nkind: Thing\nsp$0ec: {}\n')).toMatch(/No schema for Thing/);
});

test('a field that no update may change is called so', () => {
  const network = 'apiVersion: infrastructure.cluster.x-k8s.io/v1beta2\nkind: ROSANetwork\nspec:\n';
  expect(text(`${network}  reg$0ion: eu-west-1\n`)).toContain('Immutable after creation');
  expect(text(`${kustomization}spec:\n  force$0: true\n`)).not.toContain('Immutable');
});

test('a kind of another of Kubernetes’ groups says which', () => {
  expect(text('apiVersion: extensions/v1beta1\nki$0nd: Ingress\n')).toMatch(/Ingress is of networking\.k8s\.io\/v1\./);
});

test('kustomize’s own file says by its name what it is', () => {
  const file = (body: string) => text(`# file: app/kustomization.yaml\n${body}`);
  expect(file('resou$0rces: []\n')).toMatch(/Only listed files are built/);
  expect(file('images:\n  - new$0Tag: "1"\n')).toMatch(/\*\*newTag\*\* \*string\*/);
  expect(file('commonLab$0els: {}\n')).toMatch(/Deprecated: use `labels`/);
});
