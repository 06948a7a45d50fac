import { describe, expect, test } from 'vitest';
import type { Accumulated } from '../accumulate.ts';
import { build } from '../build.ts';
import type { Reason } from '../build-problem.ts';
import { emptyMap } from '../built.ts';
import { buildFilesOf } from '../fixture.ts';
import type { BuiltObject } from '../objects.ts';
import type { Recorded, Share } from '../run.ts';
import { type Changes, changeAgain, type Made } from './transformer.ts';

describe('a change of a folder that was accumulated before', () => {
  const object = (): BuiltObject => ({
    value: emptyMap({ source: { file: 'a.yaml', start: 0 }, start: 0, end: 0 }),
    previous: [],
  });
  const [a, b, other] = [object(), object(), object()];

  /** The objects that are changed in a round, each to a new one unless it is `a`, for which something is reported. */
  function round(objects: readonly BuiltObject[], by: readonly unknown[], earlier: readonly Made[]) {
    const changes: Changes = { earlier, now: [], dependsOnAll: false };
    const changed: BuiltObject[] = [];
    const reported: string[] = [];
    const step = { changes, report: ({ kind }: Reason) => void reported.push(kind) };
    const result = changeAgain(objects, step, by, (one, report) => {
      changed.push(one);
      if (one === a) report({ kind: 'no-object' }, [], a!.value.origin);
      return one === a ? a : { ...one };
    });
    expect(reported).toEqual(objects.includes(a!) ? ['no-object'] : []);
    return { changed, result, made: changes.now };
  }

  const by = [{}, {}];
  const first = round([a, b, other], by, []);

  test('is made of what came, and where something is reported', () => {
    const came = object();
    const { changed, result } = round([a, b, came], by, first.made);
    expect(changed).toEqual([a, came]);
    expect(changed[1]).toBe(came);
    expect(result[0]).toBe(a);
    expect(result[1]).toBe(first.result[1]);
  });

  test.each([
    ['is made of all if it depends on something else', [by[0], {}]],
    ['is made of all if it is another change', [by[0]]],
  ])('%s', (_, others) => {
    expect(round([a, b, other], others, first.made).changed).toHaveLength(3);
  });

  test('is made of an object in another place', () => {
    expect(round([b, a], by, first.made).changed).toHaveLength(2);
  });
});

test('objects of an overlay that an edit of its base doesn’t concern are transformed once', () => {
  const records = new Map<string, Recorded<Accumulated>>();
  const share: Share<Accumulated> = function* (folder, record) {
    const recorded = yield* record(records.get(folder), false);
    records.set(folder, recorded);
    return recorded;
  };
  const built = (image: string, tier: string) => {
    build(
      'prod',
      buildFilesOf(`# file: base/kustomization.yaml
resources: [web.yaml, more.yaml]
# file: base/web.yaml
apiVersion: v1
kind: Pod
metadata: { name: web }
spec: { containers: [{ name: web, image: ${image} }] }
# file: base/more.yaml
apiVersion: v1
kind: Pod
metadata: { name: more }
spec: { containers: [{ name: more, image: more }] }
# file: prod/kustomization.yaml
resources: [../base]
labels: [{ pairs: { tier: ${tier} } }]
images: [{ name: more, newTag: "1" }]
patches: [{ patch: '[{ "op": "add", "path": "/metadata/labels", "value": { a: b } }]', target: { name: more } }]
`),
      { share },
    );
    return records.get('prod')!.accumulated.objects;
  };
  built('one', 'front');
  const before = built('two', 'front');
  const after = built('three', 'front');
  expect(before.map((object, index) => object === after[index])).toEqual([false, true]);
  const labelled = built('three', 'back');
  expect(after.map((object, index) => object === labelled[index])).toEqual([false, false]);
});

test.each([
  ['isn’t accumulated again where each object is transformed by itself', '', false],
  ['is where several are', 'replacements: [{ source: { name: web }, targets: [] }]\n', true],
])('after an edit of its base, an overlay %s; the edited object alone is transformed', (_, field, isRead) => {
  const pods = Array.from({ length: 20 }, (_, index) => (index === 0 ? 'web' : `pod-${index}`));
  const records = new Map<string, Recorded<Accumulated>>();
  const share: Share<Accumulated> = function* (folder, record) {
    // Only files of the base change.
    const recorded = yield* record(records.get(folder), folder === 'prod');
    records.set(folder, recorded);
    return recorded;
  };
  const looked: string[] = [];
  const built = (image: string) => {
    const files = buildFilesOf(`# file: base/kustomization.yaml
resources: [${pods.map((name) => `${name}.yaml`)}]
${pods
  .map(
    (name) => `# file: base/${name}.yaml
apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec: { containers: [{ name: main, image: ${name === 'web' ? image : 'other'} }] }
`,
  )
  .join('')}# file: prod/kustomization.yaml
resources: [../base]
labels: [{ pairs: { tier: front } }]
patches: [{ path: patch.yaml }]
${field}# file: prod/patch.yaml
apiVersion: v1
kind: Pod
metadata: { name: web }
spec: { containers: [{ name: main, args: [serve] }] }
`);
    const kindOf = (path: string) => {
      looked.push(path);
      return files.kindOf(path);
    };
    return build('prod', { ...files, kindOf }, { share });
  };
  for (const image of ['one', 'two', 'three']) expect(built(image).problems).toEqual([]);
  const before = records.get('prod')!;
  looked.length = 0;
  expect(built('four').problems).toEqual([]);
  expect(looked.includes('prod/patch.yaml')).toBe(isRead);
  const after = records.get('prod')!;
  const made = after.made!.map(({ to }, index) => to.filter((one, at) => one !== before.made![index]!.to[at]).length);
  expect(made).toEqual([1, 1]);
});
