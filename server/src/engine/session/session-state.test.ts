import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Failure } from '../failure.ts';
import {
  idleSession,
  isDropped,
  isOpen,
  nextTry,
  type SessionEvent,
  type SessionModel,
  step,
} from './session-state.ts';
import { sessionWords } from './session-words.ts';

const refused: Failure = { kind: 'refused', message: 'https://a refuses the connection' };
const run = (...events: readonly SessionEvent[]): SessionModel => events.reduce(step, idleSession);
const opened: SessionEvent = { event: 'open', now: 0 };
const reached = (now: number): SessionEvent => ({ event: 'reached', now, version: 'v1.36.3' });
const lost = (now: number, failure = refused): SessionEvent => ({ event: 'failed', now, failure });
const broken = (now: number): SessionEvent => ({ event: 'broken', now, failure: refused });

test('a connection that the server drops is expected back, an address that refuses is not', () => {
  const dropped: Failure = { kind: 'reset', message: 'the connection was lost' };
  expect(isDropped(run(opened, reached(100), lost(200, dropped)).state)).toBe(true);
  expect(isDropped(run(opened, lost(200)).state)).toBe(false);
});
const live = [opened, reached(100), { event: 'synced', now: 200 }] as const;

describe('connecting', () => {
  test('connects, lists, then is live', () => {
    expect(run(opened).state.is).toBe('connecting');
    expect(run(opened, reached(100)).state.is).toBe('syncing');
    expect(run(...live).state).toEqual({ is: 'live', since: 200, version: 'v1.36.3' });
  });

  test('a server that was never reached is unreachable and retried with growing waits', () => {
    let model = run(opened);
    const waits: number[] = [];
    for (let count = 0; count < 9; count++) {
      model = step(model, lost(0));
      waits.push(nextTry(model)!);
    }
    expect(model.state.is).toBe('unreachable');
    expect(waits).toEqual([500, 1000, 2000, 3000, 4000, 5000, 5000, 10_000, 15_000]);
  });

  test('a server that does not respond at all is retried at short intervals for some minutes', () => {
    let model = run(opened);
    const silent: Failure = { kind: 'timeout', message: 'https://a does not respond' };
    const waits = Array.from({ length: 40 }, () => nextTry((model = step(model, lost(0, silent))))!);
    expect(Math.max(...waits.slice(0, 29))).toBe(8000);
    expect(waits[39]).toBe(30_000);
  });

  test('a rejected credential is retried with growing waits, since each attempt runs its plugin', () => {
    let model = run(opened);
    const no: Failure = { kind: 'unauthorized', message: 'Unauthorized' };
    const waits = Array.from({ length: 6 }, () => nextTry((model = step(model, lost(0, no))))!);
    expect(waits).toEqual([30_000, 60_000, 120_000, 240_000, 300_000, 300_000]);
  });

  test('a failure that only the user can resolve is not retried automatically', () => {
    const model = run(opened, lost(0, { kind: 'credential', message: 'sign in', person: true }));
    expect(model.state.is).toBe('auth-needed');
    expect(nextTry(model)).toBeUndefined();
    expect(step(model, { event: 'retry', now: 5 }).state.is).toBe('connecting');
  });
});

describe('a connection failure', () => {
  test('is checked first, and not shown if the server responds', () => {
    const model = run(...live, broken(60_000));
    expect(model.state.is).toBe('live');
    expect([isOpen(model), nextTry(model)]).toEqual([false, 0]);
    const healed = step(model, reached(60_050));
    expect(healed.state).toEqual(run(...live).state);
    expect(isOpen(healed)).toBe(true);
  });

  test('that persists makes the context stale from then on, and live again when the server is back', () => {
    const stale = run(...live, broken(60_000), lost(60_010), lost(61_000));
    expect(stale.state).toMatchObject({ is: 'stale', since: 60_010, version: 'v1.36.3' });
    expect(step(stale, reached(70_000)).state).toMatchObject({ is: 'live', since: 70_000 });
  });

  test('right after the last one waits instead of retrying in a loop', () => {
    const once = run(...live, broken(60_000), reached(60_001));
    const again = step(step(once, broken(60_002)), lost(60_003));
    expect(nextTry(again)! - 60_003).toBeGreaterThanOrEqual(500);
  });

  test('is one failure, however many requests it affects', () => {
    const once = run(...live, broken(60_000));
    expect(step(step(once, broken(60_000)), broken(60_000))).toBe(once);
    const early = run(...live, broken(300));
    expect(step(early, broken(300))).toBe(early);
  });
});

test('closing resets the session, and late responses do not reopen it', () => {
  const closed = run(...live, { event: 'close' });
  expect(closed).toEqual(idleSession);
  expect(step(closed, reached(1)).state.is).toBe('idle');
  expect(step(closed, lost(1)).state.is).toBe('idle');
  expect(run(...live, { event: 'removed' }, reached(1)).state.is).toBe('gone');
});

const anyEvent: fc.Arbitrary<SessionEvent> = fc.nat(100_000).chain((now) =>
  fc.oneof(
    fc.constantFrom<SessionEvent>(opened, { event: 'close' }, { event: 'removed' }),
    fc.constant<SessionEvent>({ event: 'retry', now }),
    fc.constant<SessionEvent>({ event: 'synced', now }),
    fc.constant<SessionEvent>(reached(now)),
    fc.constant<SessionEvent>(broken(now)),
    fc
      .constantFrom<Failure>(
        refused,
        { kind: 'unauthorized', message: 'no' },
        { kind: 'forbidden', message: 'no' },
        { kind: 'throttled', message: 'slow', retryAfter: 7000 },
      )
      .map((failure): SessionEvent => lost(now, failure)),
  ),
);

test('every state that isn’t final has a next attempt, a sentence, or an action', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 30 }), (events) => {
      const model = run(...events);
      const { sentence, action } = sessionWords(model.state, 3, 0);
      if (!['idle'].includes(model.state.is)) expect(sentence.length).toBeGreaterThan(0);
      if (['stale', 'unreachable', 'denied', 'auth-needed', 'idle'].includes(model.state.is))
        expect(action).toBeDefined();
      if (['connecting', 'stale', 'unreachable', 'denied'].includes(model.state.is))
        expect(nextTry(model)).toBeDefined();
      if (isOpen(model)) expect(['live', 'syncing']).toContain(model.state.is);
    }),
  );
});

test('a server that responds but is unhealthy is live, with the problem in its sentence', () => {
  const ill = step(run(...live), { event: 'health', unhealthy: 'the API server is unhealthy: etcd' });
  expect(sessionWords(ill.state, 3, 0).sentence).toBe('v1.36.3, the API server is unhealthy: etcd');
  expect(step(ill, { event: 'health' }).state).toEqual(run(...live).state);
});

test('a stale context has the time of the next attempt and an action', () => {
  const { state } = run(...live, broken(60_000), lost(60_010), lost(61_000), lost(63_000));
  const words = sessionWords(state, 0, 63_000);
  expect(words.action).toBe('retryContext');
  expect(words.sentence).toMatch(
    /^last seen \d\d:\d\d: https:\/\/a refuses the connection, next attempt at \d\d:\d\d:\d\d$/,
  );
});
