import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Hand } from './hand.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('someone is typing until a second after the last edit', () => {
  const hand = new Hand();
  expect(hand.isTyping).toBe(false);
  hand.edited();
  vi.advanceTimersByTime(400);
  hand.edited();
  vi.advanceTimersByTime(999);
  expect(hand.isTyping).toBe(true);
  vi.advanceTimersByTime(1);
  expect(hand.isTyping).toBe(false);
  expect(vi.getTimerCount()).toBe(0);
});

// The suggestions asked for then had the complete word once more, and Enter accepted it.
test('a host that stood still after an edit takes the request for one of typing', () => {
  const hand = new Hand();
  hand.edited();
  vi.setSystemTime(Date.now() + 60_000);
  vi.advanceTimersToNextTimer();
  expect(hand.isTyping).toBe(true);
});

test('no timer is left when the window closes', () => {
  const hand = new Hand();
  hand.edited();
  hand.dispose();
  expect([hand.isTyping, vi.getTimerCount()]).toEqual([false, 0]);
});
