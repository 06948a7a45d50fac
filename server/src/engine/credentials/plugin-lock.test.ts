import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { alone } from './plugin-lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'capstan-lock-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('work with the same key runs one at a time, even if it fails', async () => {
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

test('a lock left by a process that has ended blocks no one', async () => {
  writeFileSync(join(folder, 'plugin-left behind.lock'), '999999999');
  // If the lock blocked, the test would time out.
  expect(await alone(folder, 'left behind', 600_000, async () => 'done')).toBe('done');
});

test('a holder that never ends is waited for only until the deadline', async () => {
  writeFileSync(join(folder, 'plugin-held.lock'), String(process.pid));
  const began = performance.now();
  expect(await alone(folder, 'held', 300, async () => 'done')).toBe('done');
  expect(performance.now() - began).toBeGreaterThan(200);
});

test('if the lock file cannot be created, the work runs without it', async () => {
  expect(await alone('/dev/null/state', 'key', 5000, async () => 'done')).toBe('done');
  expect(await alone(undefined, 'key', 5000, async () => 'done')).toBe('done');
});
