// When memory is given back: once after files were opened and the hand rests, never between two keys.
import { beforeEach, expect, test, vi } from 'vitest';
import { type Collect, memoryAtRest } from './memory.ts';

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(process, 'memoryUsage').mockReturnValue({ heapUsed: 1e6 } as NodeJS.MemoryUsage);
});

test('memory is collected after files were opened, and once more with compaction when nothing happens for longer', () => {
  const collect = vi.fn<Collect>(async () => {});
  const memory = memoryAtRest(() => false, collect);
  memory.opened();
  vi.advanceTimersByTime(60);
  memory.opened();
  vi.advanceTimersByTime(60);
  expect(collect).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1_000);
  expect(collect).toHaveBeenCalledExactlyOnceWith({ type: 'major', execution: 'async' });
  memory.edited();
  vi.advanceTimersByTime(1_500);
  expect(collect).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(10_000);
  expect(collect.mock.calls).toEqual([
    [{ type: 'major', execution: 'async' }],
    [{ type: 'major', execution: 'async', flavor: 'last-resort' }],
  ]);
});

test('typing puts it off, and causes none by itself', () => {
  const collect = vi.fn(async () => {});
  const memory = memoryAtRest(() => false, collect);
  memory.edited();
  vi.advanceTimersByTime(10_000);
  expect(collect).not.toHaveBeenCalled();
  memory.opened();
  for (let key = 0; key < 20; key += 1) {
    vi.advanceTimersByTime(90);
    memory.edited();
  }
  expect(collect).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1_000);
  expect(collect).toHaveBeenCalledOnce();
});

test('it waits until the files of all roots are read', () => {
  const collect = vi.fn<Collect>(async () => {});
  let isReading = true;
  memoryAtRest(() => isReading, collect).opened();
  vi.advanceTimersByTime(10_000);
  expect(collect).not.toHaveBeenCalled();
  isReading = false;
  vi.advanceTimersByTime(10_000);
  expect(collect).toHaveBeenCalledTimes(2);
});

test('a large heap is left to V8, which collects it in steps', () => {
  vi.mocked(process.memoryUsage).mockReturnValue({ heapUsed: 1e9 } as NodeJS.MemoryUsage);
  const collect = vi.fn(async () => {});
  memoryAtRest(() => false, collect).opened();
  vi.advanceTimersByTime(10_000);
  expect(collect).not.toHaveBeenCalled();
});

test('a process without the collector does nothing', () => {
  const memory = memoryAtRest(() => false, undefined);
  memory.opened();
  expect(() => vi.advanceTimersByTime(10_000)).not.toThrow();
  expect(vi.getTimerCount()).toBe(0);
});
