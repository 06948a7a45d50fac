// Which listed versions succeed what is bundled, and what a release changes.
import { expect, test } from 'vitest';
import { storeCrds } from '../../server/src/schema/stored.ts';
import { changesBetween } from './changes.ts';
import { newerReleases, newerThan } from './newer.ts';

test('newer patches of each bundled minor, and newer minors', () => {
  const listed = ['1.33.9', '1.34.4', '1.35.4', '1.35.6', '1.36.3', '1.37.0', '1.37.2', '1.38.0-rc.1'];
  expect(newerThan(['1.34.4', '1.35.4', '1.36.3'], listed)).toEqual([
    ['1.35.4', '1.35.6'],
    ['1.36.3', '1.37.2'],
  ]);
  // A line that is named by its minor only.
  expect(newerThan(['2.9.5', '2.10'], ['2.9.5', '2.10.1'])).toEqual([]);
});

test('few projects are asked for at once, those that failed again, and what stays unknown has its reason', async () => {
  const present = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) =>
    storeCrds({ name, version: '1.0.0', sources: [] }, [], (text) => text),
  );
  const asked: string[] = [];
  let [running, most] = [0, 0];
  const { newer, unknown } = await newerReleases(present, async (name) => {
    asked.push(name);
    most = Math.max(most, (running += 1));
    await new Promise((done) => setTimeout(done, 1));
    running -= 1;
    const isSecond = asked.filter((one) => one === name).length > 1;
    return name === 'g' || (name === 'b' && !isSecond) ? 'handshake timeout' : ['1.0.0', '1.0.1'];
  });
  expect(newer.map(({ name, to }) => `${name} ${to}`).sort()).toEqual(
    ['a', 'b', 'c', 'd', 'e', 'f'].map((one) => `${one} 1.0.1`),
  );
  expect([...unknown]).toEqual([['g', 'handshake timeout']]);
  expect(asked.slice(7)).toEqual(['b', 'g']);
  expect(most).toBeLessThanOrEqual(4);
});

test('kinds, versions and fields that come, go and change', () => {
  const crd = (version: string, properties: object, more: readonly string[] = [], deprecated = false) => ({
    ...{ group: 'a.example', kind: 'A', plural: 'as', scope: 'Namespaced' as const, problems: [] },
    versions: [version, ...more].map((name) => ({
      ...{ name, served: true, storage: name === version, details: {}, schema: { properties } as object },
      ...(deprecated && name !== version && { deprecated: true as const }),
    })),
  });
  const release = (version: string, one: ReturnType<typeof crd>) =>
    storeCrds({ name: 'a', version, sources: [] }, [one], (text) => text);
  const before = release(
    '1',
    crd('v1beta1', { old: { type: 'string' }, same: {}, spec: { type: 'object', properties: {} } }),
  );
  const after = release(
    '2',
    crd(
      'v1',
      { same: {}, added: { properties: { inner: {} } }, spec: { type: 'object', required: ['x'] } },
      ['v1beta1'],
      true,
    ),
  );
  expect(changesBetween(before, after)).toEqual([
    '+ a.example/v1 A (served, stored)',
    '~ a.example/v1beta1 A: served, stored is now served, deprecated',
    '- a.example/v1beta1 A old',
    '+ a.example/v1beta1 A added',
    '~ a.example/v1beta1 A spec',
  ]);
  expect(changesBetween(after, after)).toEqual([]);
});
