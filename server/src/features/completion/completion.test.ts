import { describe, expect, test } from 'vitest';
import { applied, labelsAt } from '../fixture.ts';

const release = 'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: a\n';
const deployment = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: a\n';

describe('keys', () => {
  test('required ones first, those present and the controllers’ left out', () => {
    const labels = labelsAt(`${release}spec:\n  chart:\n    spec:\n      chart: x\n      $0\n`);
    expect(labels[0]).toBe('sourceRef');
    expect(labels).toContain('version');
    expect(labels).not.toContain('chart');
    expect(labelsAt(`${release}$0`)).toEqual(['spec']);
  });

  test('bring the structure they require', () => {
    expect(applied(`${release}spec:\n  $0\n`, 'chart')).toBe(
      `${release}spec:\n  chart:\n    spec:\n      chart: \n      sourceRef:\n        kind: HelmRepository\n        name: \n`,
    );
  });

  test('a word half typed with its value below becomes the key', () => {
    expect(applied(`${deployment}sp$0\n  replicas: 3\n`, 'spec')).toContain('\nspec:');
    expect(applied(`${deployment}spec:\n  repl$0: 3\n`, 'replicas')).toBe(`${deployment}spec:\n  replicas: 3\n`);
  });

  test('items of a list', () => {
    const spec = `${deployment}spec:\n  template:\n    spec:\n      containers:\n`;
    expect(labelsAt(`${spec}        - $0`)[0]).toBe('name');
    expect(applied(`${spec}        -$0`, 'name')).toBe(`${spec}        - name: `);
    expect(applied(`${spec}        - name: x\n          $0\n`, 'image')).toBe(
      `${spec}        - name: x\n          image: \n`,
    );
    expect(applied(`${spec}        - name: x\n        $0\n`, 'name')).toBe(
      `${spec}        - name: x\n        - name: \n`,
    );
    expect(applied(`${spec}        $0\n`, '- ')).toBe(`${spec}        - name: \n`);
  });

  test('behind the colon of a map, on the next line', () => {
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

  test('at a column no key can stand at the line is moved', () => {
    expect(applied(`${deployment}spec:\n  replicas: 1\n   $0\n`, 'paused')).toBe(
      `${deployment}spec:\n  replicas: 1\n  paused: true\n`,
    );
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
  test('of an enum, a boolean, a default', () => {
    expect(labelsAt(`${deployment}spec:\n  strategy:\n    type: $0\n`)).toEqual(['Recreate', 'RollingUpdate']);
    expect(labelsAt(`${deployment}spec:\n  paused: $0\n`)).toEqual(['true', 'false']);
    expect(applied(`${deployment}spec:\n  paused:$0\n`, 'false')).toBe(`${deployment}spec:\n  paused: false\n`);
  });

  test('replace the whole word, quotes kept', () => {
    expect(applied(`${deployment}spec:\n  strategy:\n    type: "Rec$0reat" # why\n`, 'Recreate')).toBe(
      `${deployment}spec:\n  strategy:\n    type: "Recreate" # why\n`,
    );
  });

  test('durations', () => {
    expect(labelsAt(`${release}spec:\n  interval: $0\n`)).toContain('10m');
  });

  test('namespaces of the workspace', () => {
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

  test('Flux’s Kustomization and kustomize’s are apart', () => {
    expect(labelsAt('apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: $0\n')[0]).toBe('Kustomization');
    expect(labelsAt('apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec:\n  $0\n')).toContain(
      'prune',
    );
  });

  test('whole objects in an empty document and between documents', () => {
    const object = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: \n';
    expect(applied('$0', 'Deployment', 'apps/v1')).toBe(object);
    expect(applied(`${deployment}---\n$0\n---\n${release}`, 'Deployment', 'apps/v1')).toBe(
      `${deployment}---\n${object}\n---\n${release}`,
    );
  });
});

describe('nothing', () => {
  test.each([
    ['in a comment', `${deployment}# $0\n`],
    ['behind a value', `${deployment}spec:\n  replicas: 1 # a $0\n`],
    ['in a block scalar', `apiVersion: v1\nkind: ConfigMap\ndata:\n  a: |\n    $0\n`],
    ['on a document marker', `--$0-\n${deployment}`],
    ['in a workflow', `on: push\njobs:\n  $0\n`],
    ['under a free-form field', `${release}spec:\n  values:\n    $0\n`],
  ])('%s', (_, text) => {
    expect(labelsAt(text)).toEqual([]);
  });
});
