import { expect, test } from 'vitest';
import { failureOfAnswer, failureOfStatus } from './failure.ts';

test('a wait beyond the range of timers is capped; otherwise it would be no wait', () => {
  const waits = [
    failureOfAnswer(429, { 'retry-after': '9999999' }, ''),
    failureOfAnswer(503, { 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT' }, ''),
    failureOfStatus({ code: 429, details: { retryAfterSeconds: 1e12 } }),
  ].map(({ retryAfter }) => retryAfter);
  expect(waits).toEqual([86_400_000, 86_400_000, 86_400_000]);
});

test('the header takes precedence over the body, and an invalid wait is ignored', () => {
  const body = JSON.stringify({ kind: 'Status', code: 429, details: { retryAfterSeconds: 3 } });
  expect(failureOfAnswer(429, { 'retry-after': '8' }, body).retryAfter).toBe(8000);
  expect(failureOfAnswer(429, { 'retry-after': 'soon' }, body).retryAfter).toBe(3000);
  expect(failureOfStatus({ code: 429, details: { retryAfterSeconds: 'x' } }).retryAfter).toBeUndefined();
});

test('any value in place of a Status is a failure', () => {
  for (const status of [undefined, null, 'no', 7, [], { message: { a: 1 }, reason: [], details: { causes: {} } }])
    expect(failureOfStatus(status)).toMatchObject({ kind: 'server', message: 'the API server returned status 500' });
});

test('a server’s message is shown without secrets and escape sequences, and truncated', () => {
  const { message } = failureOfStatus({ code: 500, message: `\u001b[31mBearer abcdefghij\u0007 ${'x'.repeat(9000)}` });
  expect(message.startsWith('Bearer [redacted]\ufffd xxx')).toBe(true);
  expect(message.length).toBeLessThan(2100);
});
