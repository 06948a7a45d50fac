import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { heartbeat } from './heartbeat.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1000);

test('a process that responds, even with errors, is not lost', async () => {
  const lost = vi.fn();
  let asked = 0;
  const stop = heartbeat(async () => {
    if (asked++ % 2 === 0) throw new Error('busy');
  }, lost);
  await seconds(60);
  stop();
  expect(asked).toBe(12);
  expect(lost).not.toHaveBeenCalled();
});

test('a process that stops responding is reported as lost once', async () => {
  const lost = vi.fn();
  heartbeat(() => new Promise(() => {}), lost);
  await seconds(15);
  expect(lost).not.toHaveBeenCalled();
  await seconds(60);
  expect(lost).toHaveBeenCalledTimes(1);
});

test('a late response is accepted', async () => {
  const lost = vi.fn();
  const stop = heartbeat(() => new Promise((done) => setTimeout(done, 12_000)), lost);
  await seconds(120);
  stop();
  expect(lost).not.toHaveBeenCalled();
});

test('no request is sent after the heartbeat has ended', async () => {
  const ask = vi.fn(async () => {});
  heartbeat(ask, () => {})();
  await seconds(60);
  expect(ask).not.toHaveBeenCalled();
});
