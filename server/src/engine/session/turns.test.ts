import { expect, test, vi } from 'vitest';
import { Turns } from './turns.ts';

test('as many as may have a turn, then those that wait, in their order', async () => {
  const turns = new Turns({ most: 2, longest: 1000 });
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  for (const name of ['a', 'b', 'c', 'd'])
    void turns.take().then((end) => {
      begun.push(name);
      ends.set(name, end);
    });
  await Promise.resolve();
  expect(begun).toEqual(['a', 'b']);
  ends.get('b')!();
  // A turn ends once.
  ends.get('b')!();
  await Promise.resolve();
  expect(begun).toEqual(['a', 'b', 'c']);
});

test('what takes longer keeps nobody waiting', async () => {
  vi.useFakeTimers();
  try {
    const turns = new Turns({ most: 1, longest: 1000 });
    await turns.take();
    let isBegun = false;
    void turns.take().then(() => {
      isBegun = true;
    });
    await vi.advanceTimersByTimeAsync(999);
    expect(isBegun).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(isBegun).toBe(true);
  } finally {
    vi.useRealTimers();
  }
});
