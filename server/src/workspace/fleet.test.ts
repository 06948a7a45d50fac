import { describe, expect, test } from 'vitest';
import { builtAt } from '../kustomize/built.ts';
import { unknown } from '../syntax/tree.ts';
import { chains, cluster, config, fleetOf, flux, formsAt, source, web } from './fixture.ts';
import { Held } from './held.ts';

describe('an object in two clusters', () => {
  const { fleet } = fleetOf(
    [
      cluster('prod', '  postBuild: { substitute: { COLOR: red } }\n'),
      cluster('test', '  postBuild: { substituteFrom: [{ kind: ConfigMap, name: settings }] }\n'),
      `# file: clusters/test/settings/settings.yaml\n${config('settings', '{ COLOR: blue }')}`,
      web,
    ].join(''),
  );

  test('has a chain to each, from the entry point', () => {
    expect(chains(fleet, 'apps/base/web.yaml')).toEqual([
      'prod: flux-system/flux-system > flux-system/apps',
      'test: flux-system/flux-system > flux-system/apps',
    ]);
    expect(chains(fleet, 'clusters/prod/apps.yaml')).toEqual(['prod: flux-system/flux-system']);
    expect(chains(fleet, 'none.yaml')).toEqual([]);
  });

  test('has a form in each, by the variables of the cluster', () => {
    expect(formsAt(fleet, 'apps/base/web.yaml', 'data', 'color')).toEqual([
      ['red', 'prod'],
      ['blue', 'test'],
    ]);
    expect(formsAt(fleet, 'clusters/prod/apps.yaml', 'spec', 'path')).toEqual([['./apps/base', 'prod']]);
  });

  test('has one form if both get the same', () => {
    const same = fleetOf(cluster('prod', '') + cluster('test', '') + web).fleet;
    expect(formsAt(same, 'apps/base/web.yaml', 'data', 'color')).toEqual([['${COLOR:=none}', 'prod', 'test']]);
  });
});

describe('a Flux Kustomization is built as its applier changes it', () => {
  const patched = (patch: string) => `# file: clusters/prod/flux-system/sync.yaml
${flux('flux-system', './clusters/prod', `  patches:\n    - target: { kind: Kustomization }\n      patch: |\n${patch.replace(/^(?=.)/gm, '        ')}`)}# file: clusters/prod/apps.yaml
${flux('apps', './apps/${STAGE}')}# file: apps/live/web.yaml
${config('web', '{ color: "${COLOR}" }', 'shop')}`;

  test('by patches, which may be nested, and by variables', () => {
    const { fleet } = fleetOf(
      patched(`apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: any }
spec:
  path: ./apps/live
  postBuild: { substitute: { COLOR: red } }
  patches:
    - target: { kind: ConfigMap }
      patch: |
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: any }
        data: { size: large }
`).replace('kind: Kustomization }', 'kind: Kustomization, name: apps }'),
    );
    expect(formsAt(fleet, 'apps/live/web.yaml', 'data')).toEqual([[{ color: 'red', size: 'large' }, 'prod']]);
    const [form] = fleet.appliedForms('apps/live/web.yaml', 0);
    const size = builtAt(form!.object.value, ['data', 'size'])!;
    expect(size.origin.source.file).toBe('clusters/prod/flux-system/sync.yaml');
    expect(size.origin.end - size.origin.start).toBe('large'.length);
  });

  test('so that its path may be known in the cluster only', () => {
    const { fleet } = fleetOf(
      patched('').replace(/ {2}patches:[\s\S]*?(?=# file)/, '  postBuild: { substitute: { STAGE: live } }\n'),
    );
    expect(chains(fleet, 'apps/live/web.yaml')).toEqual(['prod: flux-system/flux-system > flux-system/apps']);
    expect(fleet.clusters().map(({ name }) => name)).toEqual(['prod']);
  });
});

test('a FluxInstance creates the entry point of its cluster', () => {
  const instance = `apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: { name: flux, namespace: flux-system }
spec:
  sync: { kind: OCIRepository, url: "oci://example.com/fleet", path: clusters/prod }
  kustomize:
    patches:
      - target: { kind: Deployment, name: source-controller }
        patch: '[{ "op": "remove", "path": "/spec/replicas" }]'
      - target: { kind: Kustomization }
        patch: |
          - { op: add, path: /spec/postBuild, value: { substitute: { BASE: base } } }
`;
  const { fleet } = fleetOf(`# file: clusters/prod/flux.yaml\n${instance}---\n${flux('apps', './apps/${BASE}')}${web}`);
  expect(chains(fleet, 'apps/base/web.yaml')).toEqual(['prod: flux-system/flux-system > flux-system/apps']);
});

test('a ResourceSet applies what it renders, with the variables of its applier', () => {
  const set = `apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSet
metadata: { name: tenants, namespace: flux-system }
spec:
  inputs: [{ path: "\${STAGE}/base" }]
  resources:
    - apiVersion: kustomize.toolkit.fluxcd.io/v1
      kind: Kustomization
      metadata: { name: apps, namespace: flux-system }
      spec: { path: << inputs.path >>, sourceRef: { kind: GitRepository, name: fleet } }
`;
  const { fleet } = fleetOf(
    `${cluster('prod', '  postBuild: { substitute: { STAGE: apps } }\n').replace('./apps/base', './sets').replace('name: apps,', 'name: sets,')}# file: sets/tenants.yaml\n${set}${web}`,
  );
  expect(chains(fleet, 'apps/base/web.yaml')).toEqual([
    'prod: flux-system/flux-system > flux-system/sets > flux-system/tenants > flux-system/apps',
  ]);
  const at = (text: string) => formsAt(fleet, 'sets/tenants.yaml', 'kind').concat(formsOf(text));
  const formsOf = (text: string) =>
    fleet.appliedForms('sets/tenants.yaml', set.indexOf(text)).map(({ appliers }) => appliers[0]!.is);
  expect(at('name: apps')).toEqual([['ResourceSet', 'prod'], 'resource-set']);
  expect(formsOf('name: tenants')).toEqual(['flux']);
});

test('with a kubeconfig, the chain ends in another cluster', () => {
  const rest = '  kubeConfig: { secretRef: { name: shop-kubeconfig } }\n';
  const { fleet } = fleetOf(cluster('hub', rest) + web);
  expect(chains(fleet, 'apps/base/web.yaml')).toEqual(['hub → shop: flux-system/flux-system > flux-system/apps']);
});

test('Flux in another cluster has its own variables and sources', () => {
  const rest = '  kubeConfig: { secretRef: { name: shop-kubeconfig } }\n';
  const { fleet } = fleetOf(
    `${cluster('hub', rest).replace('./apps/base', './spoke')}# file: spoke/all.yaml
${flux('apps', './apps/base', '  postBuild: { substituteFrom: [{ kind: ConfigMap, name: vars }] }\n', 'own')}---
${source('own', 'https://example.com/team/fleet')}---
${config('vars', '{ COLOR: red }')}---
${flux('loop', './spoke', rest, 'own')}${web}`,
  );
  expect(chains(fleet, 'apps/base/web.yaml')).toEqual([
    'hub → shop: flux-system/flux-system > flux-system/apps > flux-system/apps',
  ]);
  expect(formsAt(fleet, 'apps/base/web.yaml', 'data', 'color')).toEqual([['red', 'hub → shop']]);
});

test('without a Flux Kustomization that applies them, those of a folder are applied by hand', () => {
  const { fleet } = fleetOf(
    `# file: flux/prod/ks.yaml\n${flux('apps', './apps/base', '  postBuild: { substituteFrom: [{ kind: ConfigMap, name: vars }] }\n')}# file: flux/prod/vars.yaml\n${config('vars', '{ COLOR: red }')}${web}`,
  );
  expect(fleet.clusters().map(({ name, isAssumed }) => [name, isAssumed])).toEqual([['prod', true]]);
  expect(chains(fleet, 'apps/base/web.yaml')).toEqual(['prod: flux/prod > flux-system/apps']);
  expect(formsAt(fleet, 'apps/base/web.yaml', 'data', 'color')).toEqual([['red', 'prod']]);
});

test('without Flux, the kustomizations that nothing includes stand for clusters', () => {
  const { fleet } = fleetOf(`# file: base/kustomization.yaml
resources: [web.yaml]
${web.replace('apps/base', 'base')}# file: blue/kustomization.yaml
resources: [../base]
patches: [{ patch: '{ apiVersion: v1, kind: ConfigMap, metadata: { name: web, namespace: shop }, data: { color: blue } }' }]
# file: red/kustomization.yaml
resources: [../base]
`);
  expect(chains(fleet, 'base/web.yaml')).toEqual(['blue: blue', 'red: red']);
  expect(formsAt(fleet, 'base/web.yaml', 'data', 'color')).toEqual([
    ['blue', 'blue'],
    [unknown, 'red'],
  ]);
  expect(fleet.clusters()).toEqual([]);
});

test('clusters share the builds of what they have in common', () => {
  const { fleet } = fleetOf(
    cluster('prod', '') +
      cluster('test', '  postBuild: { substitute: { COLOR: red } }\n') +
      web.replace(
        '# file: apps/base/web.yaml',
        '# file: apps/base/kustomization.yaml\nresources: [web.yaml]\n# file: apps/base/web.yaml',
      ),
  );
  const [prod, other] = fleet
    .clusters()
    .map(({ appliers }) => appliers.find(({ name }) => name === 'flux-system/apps'));
  expect(prod!.base.objects).toHaveLength(1);
  expect(other!.base).toBe(prod!.base);
});

describe('the version of Flux decides whether a variable must be set', () => {
  const unset = (version: string) => {
    const { fleet } = fleetOf(
      `${cluster('prod', '  postBuild: { substitute: { COLOR: red } }\n')}# file: clusters/prod/flux.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { name: kustomize-controller, namespace: flux-system, labels: { app.kubernetes.io/version: ${version} } }
${web.replace('${SIZE:=small}', '${SIZE}')}`,
    );
    return fleet.clusters().flatMap(({ appliers }) => appliers.flatMap(({ result }) => result.fluxProblems));
  };

  test.each(['v2.9.0', 'v2.10.1', 'v3.0.0'])('%s', (version) => {
    expect(unset(version).map(({ reason }) => reason)).toEqual([{ kind: 'unset-variable', name: 'SIZE' }]);
  });

  test('v2.8.3', () => expect(unset('v2.8.3')).toEqual([]));
});

test('a cluster is followed again only if something that it reads changes', () => {
  const { workspace, fleet } = fleetOf(
    cluster('prod', '  postBuild: { substitute: { COLOR: red } }\n') +
      cluster('test', '') +
      web +
      web.replace('base', 'other'),
  );
  const before = fleet.clusters();
  expect(fleet.clusters()).toBe(before);
  workspace.put('apps/other/web.yaml', '# nothing\n');
  expect(fleet.clusters()).toBe(before);
  workspace.put(
    'clusters/prod/apps.yaml',
    flux('apps', './apps/base', '  postBuild: { substitute: { COLOR: green } }\n'),
  );
  const [prod, other] = fleet.clusters();
  expect(prod).not.toBe(before[0]);
  expect(other).toBe(before[1]);
  expect(formsAt(fleet, 'apps/base/web.yaml', 'data', 'color')).toEqual([
    ['green', 'prod'],
    ['${COLOR:=none}', 'test'],
  ]);
  workspace.put('apps/base/more.yaml', config('more', '{}'));
  expect(chains(fleet, 'apps/base/more.yaml')).toHaveLength(2);
  workspace.put('apps/base/web.yaml', config('web', '{ color: black }', 'shop'));
  expect(formsAt(fleet, 'apps/base/web.yaml', 'data', 'color')).toEqual([['black', 'prod', 'test']]);
});

test('edits of what a source excludes leave no builds behind', () => {
  const held = new Held();
  const sync = (ignore: string) =>
    `${flux('flux-system', './clusters/prod')}---\n${source('fleet', 'ssh://git@example.com/team/fleet.git').replace(/ }\n$/, `, ignore: "${ignore}" }\n`)}`;
  const { workspace, fleet } = fleetOf(
    [
      `# file: clusters/prod/sync.yaml\n${sync('')}`,
      `# file: clusters/prod/apps.yaml\n${flux('apps', './apps/prod')}---\n${flux('more', './more')}`,
      '# file: apps/prod/kustomization.yaml\nresources: [../base]\n',
      `# file: more/own.yaml\n${config('own', '{ a: b }')}`,
      `# file: more/other.yaml\n${config('other', '{ a: b }')}`,
      '# file: apps/base/kustomization.yaml\nresources: [web.yaml]\n',
      web,
    ].join(''),
    held,
  );
  const chained = ['prod: flux-system/flux-system > flux-system/apps'];
  expect(chains(fleet, 'apps/base/web.yaml')).toEqual(chained);
  const rooms: number[] = [];
  for (let edit = 0; edit < 5; edit += 1) {
    workspace.put('clusters/prod/sync.yaml', sync(`/docs${edit}`));
    expect(chains(fleet, 'apps/base/web.yaml')).toEqual(chained);
    // What an artifact excludes is asked of files, which have changed as well.
    workspace.put('apps/base/web.yaml', `${web.slice(web.indexOf('\n') + 1)}# ${edit}\n`);
    expect(chains(fleet, 'apps/base/web.yaml')).toEqual(chained);
    rooms.push(held.room);
  }
  // At most those before the last edit are kept beside the others.
  expect(rooms.slice(1)).toEqual(rooms.slice(1).map(() => rooms[1]));
  workspace.put('clusters/prod/sync.yaml', sync('more/own.yaml'));
  expect(fleet.appliedForms('more/own.yaml', 0)).toEqual([]);
  workspace.put('clusters/prod/sync.yaml', sync(''));
  expect(fleet.appliedForms('more/own.yaml', 0).length).toBe(1);
  expect(held.room).toBeGreaterThanOrEqual(rooms[1]!);
});
