import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { alone } from './plugin-lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'capstan-lock-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('one at a time under one key, whatever becomes of each', async () => {
  let [now, most] = [0, 0];
  const work = async () => {
    most = Math.max(most, ++now);
    await sleep(30);
    now--;
    throw new Error('failed');
  };
  const all = await Promise.allSettled([1, 2, 3].map(() => alone(folder, 'a key of some length', 5000, work)));
  expect(most).toBe(1);
  expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(readdirSync(folder)).toEqual([]);
});

test('what a process left that is no more holds nobody up', async () => {
  writeFileSync(join(folder, 'plugin-left behind.lock'), '999999999');
  // One that was held up would be for longer than any test may last.
  expect(await alone(folder, 'left behind', 600_000, async () => 'done')).toBe('done');
});

test('a holder that never ends is waited for, and then not', async () => {
  writeFileSync(join(folder, 'plugin-held.lock'), String(process.pid));
  const began = performance.now();
  expect(await alone(folder, 'held', 300, async () => 'done')).toBe('done');
  expect(performance.now() - began).toBeGreaterThan(200);
});

test('where no file can be made the work is done all the same', async () => {
  expect(await alone('/dev/null/state', 'key', 5000, async () => 'done')).toBe('done');
  expect(await alone(undefined, 'key', 5000, async () => 'done')).toBe('done');
});
