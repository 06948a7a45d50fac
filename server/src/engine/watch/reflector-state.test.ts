import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { failureOfStatus } from '../failure.ts';
import {
  type Happened,
  isBehind,
  isListOnly,
  isLive,
  jittered,
  type ReflectorState,
  reflect,
  startReflector,
  type Task,
  waitTime,
  watchSeconds,
} from './reflector-state.ts';

const failure = (code: number, reason = '') => failureOfStatus({ code, reason, message: 'said' });
const run = (start: ReflectorState, ...events: readonly Happened[]) => events.reduce(reflect, start);
const streaming = startReflector({ stream: true });
const paging = startReflector({ stream: false });
const listed: Happened = { event: 'listed', resourceVersion: '10' };

describe('listing', () => {
  test('begins with a streaming list if the server may support it, and watches from its bookmark', () => {
    expect(streaming.task).toEqual({ do: 'stream', resourceVersion: '' });
    const live = run(streaming, listed);
    expect(live.task).toEqual({ do: 'watch', resourceVersion: '10' });
    expect(isLive(live)).toBe(true);
  });

  test('falls back to pages when the stream is refused or ends early', () => {
    for (const event of [
      { event: 'failed', failure: failure(422) },
      { event: 'failed', failure: failure(400) },
      { event: 'ended', quickly: true },
    ] as const) {
      expect(run(streaming, event).task).toMatchObject({ do: 'page', limit: 500 });
    }
  });

  test('relists when there is room for omitted objects, but only from a watch', () => {
    const again = run(streaming, listed, { event: 'relist' });
    expect(again.task).toEqual({ do: 'stream', resourceVersion: '' });
    expect(isLive(again)).toBe(true);
    expect(run(paging, { event: 'relist' })).toBe(paging);
  });

  test('pages carry the continue token, and the last page starts the watch', () => {
    const more = run(paging, { event: 'page', resourceVersion: '5', continueToken: 'next' });
    expect(more.task).toMatchObject({ do: 'page', continueToken: 'next', limit: 500 });
    expect(more.synced).toBe(false);
    expect(run(more, { event: 'page', resourceVersion: '6' }).task).toEqual({ do: 'watch', resourceVersion: '6' });
  });

  test('an expired continue token is followed by one complete list', () => {
    const more = run(paging, { event: 'page', resourceVersion: '5', continueToken: 'next' });
    expect(run(more, { event: 'failed', failure: failure(410) }).task).toEqual({
      do: 'page',
      resourceVersion: '',
      limit: 0,
    });
  });
});

describe('watching', () => {
  const live = run(streaming, listed, { event: 'moved', resourceVersion: '12' });

  test('resumes from the last version after an end or a connection failure, without a list', () => {
    expect(run(live, { event: 'ended', quickly: false }).task).toEqual({ do: 'watch', resourceVersion: '12' });
    const broken = run(live, { event: 'failed', failure: { kind: 'reset', message: 'broke' } });
    expect(broken.task).toMatchObject({ do: 'wait', next: { do: 'watch', resourceVersion: '12' } });
  });

  test('relists at once and unseen when the version is gone, and waits if that repeats', () => {
    const first = run(live, { event: 'failed', failure: failure(410) });
    expect(first.task).toMatchObject({ do: 'stream', resourceVersion: '' });
    expect(isLive(first)).toBe(true);
    expect(run(first, { event: 'failed', failure: failure(410) }).task.do).toBe('wait');
  });

  test('a server that serves each list and rejects each watch from it is retried with growing waits', () => {
    let state = live;
    const waits: number[] = [];
    for (let count = 0; count < 5; count++) {
      state = run(state, { event: 'failed', failure: failure(410) });
      waits.push(state.task.do === 'wait' ? state.task.for : 0);
      state = run(state, { event: 'waited', at: 0 }, listed);
    }
    expect(waits).toEqual([0, 800, 1600, 3200, 6400]);
    const healed = run(state, { event: 'moved', resourceVersion: '13' });
    expect(run(healed, { event: 'failed', failure: failure(410) }).task.do).toBe('stream');
  });

  test('falls back to the most recent version when its version is newer than the server’s', () => {
    const tooNew = failureOfStatus({ code: 504, details: { causes: [{ reason: 'ResourceVersionTooLarge' }] } });
    expect(run(live, { event: 'failed', failure: tooNew }).task).toMatchObject({ do: 'stream', resourceVersion: '' });
  });

  test('a watch that repeatedly ends at once is slowed down', () => {
    const once = run(live, { event: 'ended', quickly: true });
    const twice = run(once, { event: 'waited', at: 0 }, { event: 'ended', quickly: true });
    expect([once.task, twice.task]).toMatchObject([
      { do: 'wait', for: 800 },
      { do: 'wait', for: 1600 },
    ]);
  });
});

test('a forbidden list is retried after five minutes, a missing kind only when something changes', () => {
  expect(run(paging, { event: 'failed', failure: failure(403) }).task).toMatchObject({ do: 'wait', for: 300_000 });
  const absent = run(streaming, { event: 'failed', failure: failure(404) });
  expect(absent.task.do).toBe('rest');
  expect(run(absent, { event: 'retry' }).task.do).toBe('stream');
});

test('a user who may list but not watch is served by periodic lists', () => {
  const refused: Happened = { event: 'failed', failure: failure(403) };
  const listing = run(streaming, refused);
  expect([listing.task, listing.failure]).toEqual([{ do: 'page', resourceVersion: '', limit: 500 }, undefined]);
  const seen = run(listing, { event: 'page', resourceVersion: '7' }, refused);
  expect(seen.task).toMatchObject({ do: 'wait', for: 300_000, next: { do: 'page' } });
  expect([isListOnly(seen), isBehind(seen)]).toEqual([true, false]);
  // If the permission to watch is revoked, the objects become outdated.
  const revoked = run(streaming, { event: 'opened' }, listed, refused);
  expect(revoked.task).toMatchObject({ do: 'wait', next: { do: 'watch' } });
  expect([isListOnly(revoked), isBehind(revoked)]).toEqual([false, true]);
});

test('the server’s Retry-After is respected', () => {
  const throttled = run(streaming, { event: 'failed', failure: { ...failure(429), retryAfter: 9000 } });
  expect(throttled.task).toMatchObject({ do: 'wait', for: 9000 });
});

test('waits double up to 30 s and reset after a list or an event', () => {
  let state = streaming;
  const waits: number[] = [];
  for (let count = 0; count < 8; count++) {
    state = run(state, { event: 'failed', failure: failure(500) });
    if (state.task.do === 'wait') waits.push(state.task.for);
    state = run(state, { event: 'waited', at: 0 });
  }
  expect(waits).toEqual([800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000]);
  expect(run(state, listed).failures).toBe(0);
});

const version = fc.string({ minLength: 1 });
const anyEvent: fc.Arbitrary<Happened> = fc.oneof(
  fc.record({ event: fc.constant('page' as const), resourceVersion: version }),
  fc.record({ event: fc.constant('listed' as const), resourceVersion: version }),
  fc.record({ event: fc.constant('moved' as const), resourceVersion: version }),
  fc.record({ event: fc.constant('ended' as const), quickly: fc.boolean() }),
  fc
    .constantFrom(400, 401, 403, 404, 410, 422, 429, 500, 504)
    .map((code) => ({ event: 'failed' as const, failure: failure(code) })),
  fc.constant({ event: 'waited' as const, at: 0 }),
  fc.constant({ event: 'retry' as const }),
);

test('for any events, a watch never starts without a version, and a synced reflector stays synced', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 40 }), fc.boolean(), (events, stream) => {
      let state = startReflector({ stream });
      for (const event of events) {
        const before = state;
        state = reflect(state, event);
        if (before.synced) expect(state.synced).toBe(true);
        const next = state.task.do === 'wait' ? state.task.next : state.task;
        expect(next.do).not.toBe('wait');
        if (next.do === 'watch') expect(next.resourceVersion).not.toBe('');
        if (state.task.do === 'wait') expect(state.task.for).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});

test('jitter spreads a wait from 0.5 to 1.5 times its length, and watches last 5 to 10 minutes', () => {
  expect([jittered(1000, 0), jittered(1000, 0.999)]).toEqual([500, 1499]);
  const asked: Extract<Task, { do: 'wait' }> = { do: 'wait', for: 9000, atLeast: 9000, next: { do: 'rest' } };
  expect(waitTime(asked, 0)).toBe(9000);
  expect(waitTime({ do: 'wait', for: 800, next: { do: 'rest' } }, 0)).toBe(400);
  expect([watchSeconds(0), watchSeconds(0.999)]).toEqual([300, 600]);
});

test('a watch that is allowed again clears the denial before its first event, but not a failure within the watch', () => {
  const denied = run(streaming, { event: 'opened' }, listed, { event: 'failed', failure: failure(403) });
  const { failure: none, task, failures } = run(denied, { event: 'retry' }, { event: 'opened' });
  expect([none, task.do, failures]).toEqual([undefined, 'watch', 1]);
  const ill = run(streaming, listed, { event: 'failed', failure: failure(500) });
  expect(run(ill, { event: 'retry' }, { event: 'opened' }).failure?.kind).toBe('server');
});
