import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { Reach } from './reach.ts';

test('four lists run at a time, and a list that waited leaves no listener on its signal', async () => {
  const reach = new Reach(() => undefined);
  const { signal } = new AbortController();
  let [running, most] = [0, 0];
  const work = async () => {
    most = Math.max(most, ++running);
    await new Promise((done) => setImmediate(done));
    running--;
  };
  await Promise.all(Array.from({ length: 10 }, () => reach.list(work, signal)));
  expect([most, running, getEventListeners(signal, 'abort').length]).toEqual([4, 0, 0]);
});

test('a caller that cancels while waiting does not block others', async () => {
  const reach = new Reach(() => undefined);
  const [kept, given] = [new AbortController(), new AbortController()];
  const ends: (() => void)[] = [];
  const held = Array.from({ length: 4 }, () =>
    reach.list(() => new Promise<void>((done) => ends.push(done)), kept.signal),
  );
  const waiting = reach.list(async () => 'given', given.signal);
  const last = reach.list(async () => 'last', kept.signal);
  given.abort();
  expect(await waiting).toBe('given');
  for (const end of ends) end();
  expect(await last).toBe('last');
  await Promise.all(held);
});
