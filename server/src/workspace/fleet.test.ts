import { describe, expect, test } from 'vitest';
import { testCatalog } from '../fixture.ts';
import { builtAt, builtValue } from '../kustomize/built.ts';
import type { FileSource } from '../kustomize/file-source.ts';
import { textsOf } from '../kustomize/fixture.ts';
import { unknown } from '../syntax/tree.ts';
import { Builds } from './builds.ts';
import { Fleet } from './fleet.ts';
import { Held } from './held.ts';
import { Workspace } from './workspace.ts';

function fleetOf(source: string, held = new Held()): { readonly workspace: Workspace; readonly fleet: Fleet } {
  const texts = textsOf(source);
  const files: FileSource = {
    read: (path) => texts.get(path) ?? { reason: 'absent' },
    kindOf: (path) => (texts.has(path) ? 'file' : undefined),
  };
  const workspace = new Workspace(testCatalog, files);
  for (const [path, text] of texts) if (/\.yaml$/.test(path)) workspace.put(path, text);
  return { workspace, fleet: new Fleet(workspace, new Builds(workspace, held)) };
}

/** `cluster: applier > applier` for each chain of a file. */
function chains(fleet: Fleet, file: string): readonly string[] {
  return fleet
    .chainsOf(file)
    .map(({ cluster, appliers }) => `${cluster}: ${appliers.map(({ name }) => name).join(' > ')}`);
}

/** The values at a path in each form of the object that a file begins with. */
function formsAt(fleet: Fleet, file: string, ...path: readonly (string | number)[]): readonly unknown[] {
  return fleet.appliedForms(file, 0).map(({ object, appliers }) => {
    const found = builtAt(object.value, path);
    return [found && builtValue(found), ...appliers.map(({ cluster }) => cluster)];
  });
}

const flux = (name: string, path: string, rest = '', source = 'fleet') => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: ${name}, namespace: flux-system }
spec:
  path: ${path}
  sourceRef: { kind: GitRepository, name: ${source} }
${rest}`;
const config = (name: string, data: string, namespace = 'flux-system') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}, namespace: ${namespace} }\ndata: ${data}\n`;
const source = (name: string, url: string) =>
  `apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: { name: ${name}, namespace: flux-system }\nspec: { url: "${url}" }\n`;

const web = `# file: apps/base/web.yaml
${config('web', '{ color: "${COLOR:=none}", size: "${SIZE:=small}" }', 'shop')}`;

/** A cluster in `clusters/NAME` with a Kustomization for `apps/base`. */
const cluster = (name: string, rest: string) => `# file: clusters/${name}/flux-system/sync.yaml
${flux('flux-system', `./clusters/${name}`)}---
${source('fleet', 'ssh://git@example.com/team/fleet.git')}# file: clusters/${name}/apps.yaml
${flux('apps', './apps/base', rest)}`;

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

describe('sources', () => {
  const apps = (sourceName: string, extra: string) =>
    fleetOf(
      `# file: clusters/prod/sync.yaml
${flux('flux-system', './clusters/prod')}---
${source('fleet', 'https://example.com/team/fleet')}---
${extra}---
${flux('apps', './apps/base', '', sourceName)}${web}`,
    ).fleet;

  test('are told apart by URL', () => {
    const same = apps('mirror', source('mirror', 'git@example.com:team/fleet.git'));
    expect(chains(same, 'apps/base/web.yaml')).toEqual(['prod: flux-system/flux-system > flux-system/apps']);
    const other = apps('mirror', source('mirror', 'https://example.com/team/other.git'));
    expect(chains(other, 'apps/base/web.yaml')).toEqual([]);
    expect(other.clusters()[0]!.appliers.map(({ name, result }) => [name, result.incomplete])).toEqual([
      ['flux-system/flux-system', []],
      ['flux-system/apps', ['path']],
    ]);
  });

  test('are unknown if only the root would be the folder, unless Flux is bootstrapped there', () => {
    const files = (file: string, name: string) =>
      fleetOf(`# file: ${file}\n${flux(name, './', '', 'unknown')}${web}`).fleet;
    expect(chains(files('docs/example.yaml', 'apps'), 'apps/base/web.yaml')).toEqual([]);
    expect(chains(files('flux-system/sync.yaml', 'flux-system'), 'apps/base/web.yaml')).toEqual([
      'flux-system: flux-system/flux-system',
    ]);
  });

  test('may be clones beside the repository', () => {
    const { fleet } = fleetOf(
      `# file: fleet/clusters/prod/sync.yaml
${flux('flux-system', './clusters/prod')}---
${source('fleet', 'https://example.com/team/fleet')}---
${source('other', 'https://example.com/team/other.git')}---
${flux('apps', './base', '', 'other')}${web.replace('apps/base', 'other/base')}`,
    );
    expect(chains(fleet, 'other/base/web.yaml')).toEqual(['prod: flux-system/flux-system > flux-system/apps']);
    expect(fleet.clusters().map(({ isAssumed }) => isAssumed)).toEqual([false]);
  });

  test('may be artifacts made of folders of the repository', () => {
    const generator = `apiVersion: source.extensions.fluxcd.io/v1beta1
kind: ArtifactGenerator
metadata: { name: parts, namespace: flux-system }
spec:
  sources: [{ alias: fleet, kind: GitRepository, name: fleet }]
  artifacts:
    - name: apps
      copy:
        - { from: "@fleet/apps/base/**", to: "@artifact/base/" }
        - { from: "@fleet/apps/more/**", to: "@artifact/more/" }
`;
    const { fleet } = fleetOf(
      `# file: clusters/prod/sync.yaml
${flux('flux-system', './clusters/prod')}---
${generator}---
${flux('apps', './base', '', 'apps').replace('GitRepository', 'ExternalArtifact')}${web}`,
    );
    expect(chains(fleet, 'apps/base/web.yaml')).toEqual(['prod: flux-system/flux-system > flux-system/apps']);
    // The source that bootstrap creates may be in no file.
    const copied = (folder: string) => {
      const other = generator
        .replace('name: fleet', 'name: other')
        .replace(/.*more.*\n/, '')
        .replaceAll('apps/', folder);
      const applied = flux('apps', './base', '', 'apps').replace('GitRepository', 'ExternalArtifact');
      const source = `# file: clusters/prod/sync.yaml\n${flux('flux-system', './clusters/prod')}---\n${other}---\n${applied}${web}`;
      return chains(fleetOf(source).fleet, 'apps/base/web.yaml').join();
    };
    expect(copied('apps/')).toContain('flux-system/apps');
    expect(copied('others/')).not.toContain('flux-system/apps');
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
