import { expect, test } from 'vitest';
import { testCatalog } from '../fixture.ts';
import { textsOf } from '../kustomize/fixture.ts';
import { Fleet } from '../workspace/fleet.ts';
import { buildsOf } from '../workspace/fleets.ts';
import { Workspace } from '../workspace/workspace.ts';
import { compareSides, surroundingsOf } from './comparison.ts';
import { reportOf } from './report.ts';
import { setFiles } from './revert.ts';
import { type Side, sideOf } from './side.ts';
import { bothSides } from './spared.ts';

const kustomization = (name: string, path: string, more = '') => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: ${name}, namespace: flux-system }
spec:
  path: ./${path}
  prune: true
  sourceRef: { kind: GitRepository, name: flux-system }
  ${more}
`;

const configMap = (name: string, value: string) => `apiVersion: v1
kind: ConfigMap
metadata: { name: ${name}, namespace: flux-system }
data: { COLOR: ${value} }
`;

const settings = 'postBuild: { substituteFrom: [{ kind: ConfigMap, name: settings }] }';

const files = textsOf(`# file: cluster/flux.yaml
${kustomization('flux-system', 'cluster')}
# file: cluster/apps.yaml
${kustomization('web', 'apps/web', settings)}---
${kustomization('shop', 'apps/shop')}---
${kustomization('config', 'apps/config')}---
${kustomization('remote', 'apps/remote', 'kubeConfig: { secretRef: { name: other-kubeconfig } }')}
# file: apps/web/kustomization.yaml
resources: [config.yaml]
commonLabels: { app: web }
# file: apps/web/config.yaml
${configMap('web', '"${COLOR}"')}
# file: apps/shop/config.yaml
${configMap('shop', 'red')}
# file: apps/config/config.yaml
${configMap('settings', 'blue')}
# file: apps/remote/config.yaml
${configMap('remote', 'green')}
`);

interface Compared {
  /** Each object that changes, and in which clusters. */
  readonly changes: readonly string[];
  /** The Kustomizations that were built. */
  readonly built: readonly string[];
}

/** What a change of files means, which must be the same if everything is built. */
function compared(change: Readonly<Record<string, string | undefined>>): Compared {
  const workspace = new Workspace(testCatalog);
  for (const [path, text] of files) workspace.put(path, text);
  const changed = Object.keys(change);
  const set = (textOf: (path: string) => string | undefined) =>
    setFiles(workspace, changed, (path) => textOf(path) !== undefined, textOf);
  const toOlder = () => set((path) => files.get(path));
  const toCurrent = () => set((path) => change[path]);
  const spared = bothSides({ workspace, toOlder, toCurrent }, changed);
  const changes = changesOf(workspace, spared);
  toOlder();
  const fleet = new Fleet(workspace, buildsOf(workspace));
  const old = sideOf(workspace, changed, fleet);
  toCurrent();
  expect(changes).toEqual(changesOf(workspace, { old, now: sideOf(workspace, changed, fleet) }));
  const appliers = spared.now.targets.flatMap((target) => target.appliers);
  const built = appliers.filter(({ base }) => base.reads.length > 0);
  return { changes, built: built.map(({ name }) => name.replace('flux-system/', '')).sort() };
}

function changesOf(workspace: Workspace, { old, now }: { readonly old: Side; readonly now: Side }): readonly string[] {
  const surroundings = surroundingsOf(workspace);
  const { entries } = reportOf(compareSides(old, now, surroundings), surroundings);
  return entries.map(({ is, kind, name, targets }) => `${is} ${kind}/${name} in ${targets.join(', ')}`).sort();
}

test('only what reads a changed file is built', () => {
  expect(compared({ 'apps/shop/config.yaml': configMap('shop', 'white') })).toEqual({
    changes: ['changed ConfigMap/shop in cluster'],
    built: ['config', 'flux-system', 'shop'],
  });
});

test('what takes variables from a changed ConfigMap is built', () => {
  expect(compared({ 'apps/config/config.yaml': configMap('settings', 'white') })).toEqual({
    changes: ['changed ConfigMap/settings in cluster', 'changed ConfigMap/web in cluster'],
    built: ['config', 'flux-system', 'web'],
  });
});

test('what a new or a removed Kustomization brings is built, and what one with another spec does', () => {
  const added = `${kustomization('more', 'apps/shop', 'targetNamespace: more')}`;
  expect(compared({ 'cluster/more.yaml': added })).toEqual({
    changes: ['created ConfigMap/shop in cluster', 'created Kustomization/more in cluster'],
    built: ['config', 'flux-system', 'more'],
  });
  const without = files.get('cluster/apps.yaml')!.split('---\n').slice(0, 3).join('---\n');
  expect(compared({ 'cluster/apps.yaml': without }).changes).toEqual([
    'pruned ConfigMap/remote in cluster → other',
    'pruned Kustomization/remote in cluster',
  ]);
  const elsewhere = files.get('cluster/apps.yaml')!.replace('apps/shop', 'apps/web');
  expect(compared({ 'cluster/apps.yaml': elsewhere }).changes).toEqual([
    'changed Kustomization/shop in cluster',
    'created ConfigMap/web in cluster',
    'pruned ConfigMap/shop in cluster',
  ]);
});

test('a file that comes to a folder without a kustomization is part of it', () => {
  expect(compared({ 'apps/shop/more.yaml': configMap('more', 'white') }).changes).toEqual([
    'created ConfigMap/more in cluster',
  ]);
});

test('where the Kustomization that applies itself is gone, so is everything, in other clusters too', () => {
  const { changes } = compared({ 'cluster/flux.yaml': undefined });
  expect(changes).toContain('pruned ConfigMap/remote in cluster → other');
});

test('what another cluster gets stays, as long as the Kustomization that applies itself is in its own cluster', () => {
  expect(compared({ 'apps/remote/config.yaml': configMap('remote', 'white') }).changes).toEqual([
    'changed ConfigMap/remote in cluster → other',
  ]);
});
