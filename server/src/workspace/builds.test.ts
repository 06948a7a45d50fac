import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeEach, expect, test } from 'vitest';
import { testCatalog, yaml } from '../fixture.ts';
import { builtAt, builtValue, textAt } from '../kustomize/built.ts';
import type { FileSource } from '../kustomize/file-source.ts';
import { Builds } from './builds.ts';
import { Held } from './held.ts';
import { Workspace } from './workspace.ts';

const disk = new Map<string, string>();
const binary = new Map<string, Uint8Array>();
const links = new Map<string, string>();
const source: FileSource = {
  read: (path) => disk.get(path) ?? { reason: 'absent' },
  bytes: (path) => binary.get(path),
  kindOf: (path) => (disk.has(path) || binary.has(path) ? 'file' : undefined),
  realPath: (path) => links.get(path) ?? path,
};

let workspace: Workspace;
let builds: Builds;
beforeEach(() => {
  disk.clear();
  links.clear();
  workspace = new Workspace(testCatalog, source);
  builds = new Builds(workspace);
  workspace.put('base/kustomization.yaml', 'resources: [web.yaml]\n');
  workspace.put(
    'base/web.yaml',
    `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  template:
    spec:
      containers:
        - { name: main, image: one }
        - { name: side, image: two }
`,
  );
  workspace.put(
    'prod/kustomization.yaml',
    `resources: [../base]
patches:
  - path: patch.json
    target: { kind: Deployment }
  - patch: |
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web }
      spec: { template: { spec: { containers: [{ name: side, image: three }] } } }
`,
  );
  disk.set('prod/patch.json', '[{ "op": "add", "path": "/spec/replicas", "value": 2 }]');
});

const built = (...path: readonly (string | number)[]) => {
  const found = builtAt(builds.of('prod').objects[0]?.value, path);
  return found && builtValue(found);
};

test('a link out of the folder of a kustomization is outside of it', () => {
  links.set('base/web.yaml', 'other/web.yaml');
  expect(builds.of('base').problems.map(({ reason }) => reason.kind)).toEqual(['outside']);
});

test('lists of built-in kinds merge by key, and files without a YAML extension are read', () => {
  expect(builds.of('prod').problems).toEqual([]);
  expect(built('spec', 'template', 'spec', 'containers')).toEqual([
    { name: 'side', image: 'three' },
    { name: 'main', image: 'one' },
  ]);
  expect(built('spec', 'replicas')).toBe(2n);
});

test('a build is cached until something that it read changes', () => {
  const first = builds.of('prod');
  expect(builds.of('prod')).toBe(first);
  workspace.put(
    'base/other.yaml',
    yaml`
      apiVersion: v1
      kind: ConfigMap
      metadata: { name: other }
    `,
  );
  expect(builds.of('prod')).toBe(first);
  workspace.put('base/web.yaml', workspace.file('base/web.yaml')!.text.replace('image: one', 'image: new'));
  expect(builds.of('prod')).not.toBe(first);
  expect(built('spec', 'template', 'spec', 'containers', 1, 'image')).toBe('new');
});

test('a patch without a YAML extension is read again after a change', () => {
  expect(built('spec', 'replicas')).toBe(2n);
  disk.set('prod/patch.json', '[{ "op": "add", "path": "/spec/replicas", "value": 3 }]');
  workspace.changedData('prod/patch.json', true);
  expect(built('spec', 'replicas')).toBe(3n);
  disk.delete('prod/patch.json');
  workspace.changedData('prod/patch.json', false);
  expect(builds.of('prod').problems.map(({ reason }) => reason.kind)).toEqual(['missing']);
});

test('a missing file that is created is read', () => {
  workspace.remove('base/web.yaml');
  expect(builds.of('base').problems.map(({ reason }) => reason)).toEqual([{ kind: 'missing', path: 'web.yaml' }]);
  workspace.put(
    'base/web.yaml',
    yaml`
      apiVersion: v1
      kind: ConfigMap
      metadata: { name: web }
    `,
  );
  expect(builds.of('base').problems).toEqual([]);
});

test('a file that isn’t text is binary data of a ConfigMap, until it changes', () => {
  binary.set('prod/logo.bin', Uint8Array.of(255, 0, 1));
  workspace.put('prod/kustomization.yaml', 'configMapGenerator: [{ name: logo, files: [logo.bin] }]\n');
  expect(builds.of('prod').incomplete).toEqual([]);
  expect(built('binaryData')).toEqual({ 'logo.bin': '/wAB' });
  const first = built('metadata', 'name');
  binary.set('prod/logo.bin', Uint8Array.of(255, 0, 2));
  workspace.data.changed('prod/logo.bin');
  workspace.edition += 1;
  expect(built('binaryData')).toEqual({ 'logo.bin': '/wAC' });
  expect(built('metadata', 'name')).not.toBe(first);
  binary.clear();
});

test('overlays share what their base accumulates, with its problems, until a file of it changes', () => {
  workspace.put('base/kustomization.yaml', 'resources: [web.yaml, missing.yaml]\n');
  workspace.put('other/kustomization.yaml', 'resources: [../base]\nnamePrefix: x-\n');
  const problems = (folder: string) =>
    builds.of(folder).problems.map(({ reason, kustomization }) => [reason.kind, kustomization]);
  expect(problems('prod')).toEqual([['missing', 'base/kustomization.yaml']]);
  expect(problems('other')).toEqual([['missing', 'base/kustomization.yaml']]);
  expect(builds.of('other').reads).toContain('base/missing.yaml');
  workspace.put('base/missing.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: found }\n');
  expect([problems('prod'), problems('other')]).toEqual([[], []]);
  expect(builds.of('other').objects).toHaveLength(2);
});

test('an overlay follows the kustomization of a base whose objects it shares', () => {
  workspace.put('base/more.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: more }\n');
  workspace.put('base/kustomization.yaml', 'resources: [web.yaml, more.yaml]\n');
  workspace.put('other/kustomization.yaml', 'resources: [../base]\n');
  expect([builds.of('prod').objects.length, builds.of('other').objects.length]).toEqual([2, 2]);
  workspace.put('base/kustomization.yaml', 'resources: [web.yaml]\n');
  expect([builds.of('prod').objects.length, builds.of('other').objects.length]).toEqual([1, 1]);
});

test('a base that leads back to one overlay is not taken from another', () => {
  workspace.put('base/kustomization.yaml', 'resources: [web.yaml, ../loop]\n');
  workspace.put('loop/kustomization.yaml', 'resources: [../prod/part]\n');
  workspace.put('prod/part/kustomization.yaml', 'resources: [../../prod]\n');
  workspace.put('other/kustomization.yaml', 'resources: [../base]\n');
  const cycles = (folder: string) =>
    builds.of(folder).problems.flatMap(({ reason }) => (reason.kind === 'cycle' ? [reason.folder] : []));
  const alone = (folder: string) => new Builds(workspace).of(folder).problems.length;
  expect(cycles('other').length).toBeGreaterThan(0);
  expect(cycles('prod').length).toBeGreaterThan(0);
  expect(builds.of('prod').problems).toHaveLength(alone('prod'));
});

test('after an edit, the other objects of a build are the same values, whatever transforms them', () => {
  workspace.put(
    'base/kustomization.yaml',
    `resources: [web.yaml, service.yaml]
namespace: shop
labels: [{ pairs: { tier: front } }]
configMapGenerator: [{ name: settings, literals: [a=b] }]
`,
  );
  workspace.put('base/service.yaml', 'apiVersion: v1\nkind: Service\nmetadata: { name: web }\n');
  const before = builds.of('prod').objects;
  const text = workspace.file('base/web.yaml')!.text;
  workspace.put('base/web.yaml', text.replace('image: one', 'image: four'));
  const after = builds.of('prod').objects;
  const kept = (kind: string) => {
    const [old, now] = [before, after].map((objects) => objects.find(({ value }) => textAt(value, ['kind']) === kind));
    return old === now;
  };
  expect([kept('Service'), kept('ConfigMap'), kept('Deployment')]).toEqual([true, true, false]);
  workspace.put('base/service.yaml', 'apiVersion: v1\nkind: Service\nmetadata: { name: web, labels: { a: b } }\n');
  expect(builds.of('prod').objects.some((object) => before.includes(object))).toBe(true);
  expect(builds.of('prod').objects.filter((object) => after.includes(object))).toHaveLength(2);
});

test('what includes a build with too many objects makes none, however many levels there are', () => {
  const maps = (count: number) =>
    Array.from({ length: count }, (_, at) => `---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: c${at} }\n`).join(
      '',
    );
  const folders = (levels: number) =>
    Array.from({ length: levels }, (_, at) => [`l${at + 1}`, `l${at + 1}/a`, `l${at + 1}/b`]).flat();
  for (const folder of folders(8)) {
    const [level, prefix] = folder.split('/');
    const below = `../../l${Number(level!.slice(1)) - 1}`;
    const text = prefix ? `namePrefix: ${prefix}-\nresources: [${below}]\n` : 'resources: [a, b]\n';
    workspace.put(`${folder}/kustomization.yaml`, text);
  }
  workspace.put('l0/kustomization.yaml', 'resources: [all.yaml]\n');
  workspace.put('l0/all.yaml', maps(3000));
  const made = (levels: number) => new Set(folders(levels).flatMap((folder) => builds.of(folder).objects)).size;
  // 6,000 in the first level and 12,000 in the second; twice 12,000 would be too many for the third.
  expect(made(3)).toBe(6000 + 12_000 + 24_000);
  expect(made(8)).toBe(made(3));
  expect(builds.of('l8').incomplete).toEqual(['resources']);
  workspace.put('l0/all.yaml', maps(1));
  expect([builds.of('l8').objects.length, builds.of('l8').incomplete]).toEqual([256, []]);
});

test('all builds together have a bound, and what is replaced leaves its room', () => {
  const held = new Held(100);
  const bounded = new Builds(workspace, held);
  const maps = (count: number) =>
    Array.from({ length: count }, (_, at) => `---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: c${at} }\n`).join(
      '',
    );
  workspace.put('base/kustomization.yaml', 'resources: [all.yaml]\n');
  workspace.put('base/all.yaml', maps(30));
  for (const folder of ['a', 'b', 'c', 'd'])
    workspace.put(`${folder}/kustomization.yaml`, `namePrefix: ${folder}-\nresources: [../base]\n`);
  expect([bounded.of('base').objects.length, held.room]).toEqual([30, 70]);
  expect(['a', 'b', 'c', 'd'].map((folder) => bounded.of(folder).objects.length)).toEqual([30, 30, 0, 0]);
  expect(bounded.of('c').incomplete).toEqual(['resources']);
  expect(bounded.of('c').warnings.map(({ reason }) => reason.kind)).toEqual(['too-many-objects']);
  for (const count of [29, 30, 29, 30]) {
    workspace.put('base/all.yaml', maps(count));
    expect(['base', 'a', 'b'].map((folder) => bounded.of(folder).objects.length)).toEqual([count, count, count]);
    expect(held.room).toBe(100 - 3 * count);
  }
  workspace.put('base/all.yaml', maps(10));
  expect(['base', 'a', 'b', 'c', 'd'].map((folder) => bounded.of(folder).objects.length)).toEqual([10, 10, 10, 10, 10]);
});

test('no earlier build is kept, however often a base changes', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  workspace.put('middle/kustomization.yaml', 'namePrefix: m-\nresources: [../base]\n');
  workspace.put('prod/kustomization.yaml', 'nameSuffix: -p\nresources: [../middle]\n');
  const earlier: WeakRef<object>[] = [];
  for (let edit = 0; edit < 12; edit += 1) {
    workspace.put('base/kustomization.yaml', `resources: [web.yaml]\nlabels: [{ pairs: { edit: e${edit} } }]\n`);
    workspace.put('middle/kustomization.yaml', `namePrefix: m${edit}-\nresources: [../base]\n`);
    const { objects } = builds.of('prod');
    expect(objects).toHaveLength(1);
    earlier.push(new WeakRef(objects[0]!.value), new WeakRef(builds.of('base').objects[0]!.value));
  }
  // What a task reads through a WeakRef is kept until the task ends.
  return new Promise<void>((done) => setTimeout(done)).then(() => {
    collect();
    expect(earlier.slice(0, -4).filter((one) => one.deref() !== undefined)).toHaveLength(0);
  });
});

test('what is asked for between two steps of a build is the same, whatever step', () => {
  const whole = new Builds(workspace).of('prod');
  for (let before = 0; ; before += 1) {
    const held = new Held();
    const all = held.room;
    const builds = new Builds(workspace, held);
    const steps = builds.ofInSteps('prod');
    let next = steps.next();
    for (let taken = 0; taken < before && !next.done; taken += 1) next = steps.next();
    const isDone = next.done;
    const meanwhile = builds.of('prod');
    expect(meanwhile).toEqual(whole);
    while (!next.done) next = steps.next();
    expect(next.value).toBe(meanwhile);
    expect(builds.of('prod')).toBe(meanwhile);
    // Each object is counted once: that of the base, and that of the overlay.
    const counted = all - held.room;
    expect(counted).toBe(new Set([...builds.of('base').objects, ...meanwhile.objects]).size);
    if (isDone) break;
    expect(before).toBeLessThan(100);
  }
});

test('a build that is given up halfway leaves nothing behind', () => {
  const held = new Held();
  const all = held.room;
  const builds = new Builds(workspace, held);
  builds.of('prod');
  for (let edit = 0; edit < 20; edit += 1) {
    workspace.put('base/web.yaml', workspace.file('base/web.yaml')!.text.replace(/one\d*/, `one${edit}`));
    const steps = builds.ofInSteps('prod');
    for (let taken = 0; taken < edit && !steps.next().done; taken += 1);
  }
  workspace.put('base/web.yaml', workspace.file('base/web.yaml')!.text.replace(/one\d*/, 'last'));
  expect(builds.of('prod')).toEqual(new Builds(workspace).of('prod'));
  expect(all - held.room).toBe(new Set([...builds.of('base').objects, ...builds.of('prod').objects]).size);
});

test('a build has a step for each file and each patch, so that none takes long', () => {
  const names = Array.from({ length: 50 }, (_, index) => `${index}.yaml`);
  const patches = Array.from({ length: 10 }, () => '{ target: { kind: ConfigMap }, patch: "[]" }');
  workspace.put('large/kustomization.yaml', `resources: [${names}]\npatches: [${patches}]\n`);
  for (const name of names)
    workspace.put(`large/${name}`, `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a${name} }\n`);
  const steps = builds.ofInSteps('large');
  let count = 0;
  while (!steps.next().done) count += 1;
  expect(count).toBeGreaterThanOrEqual(names.length + patches.length);
  expect(builds.of('large').objects).toHaveLength(names.length);
});
