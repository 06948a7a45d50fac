import { expect, test } from 'vitest';
import { Framing } from './framing.ts';

const message = (body: string, header = `Content-Length: ${Buffer.byteLength(body)}\r\n`) => `${header}\r\n${body}`;

/** In one piece, and byte by byte. */
function problemsOf(text: string): readonly (string | undefined)[] {
  const bytes = Buffer.from(text);
  const single = new Framing();
  let problem: string | undefined;
  for (const byte of bytes) problem ??= single.take(Uint8Array.of(byte));
  return [new Framing().take(bytes), problem];
}

test.each([
  message('{}') + message('{"é": 1}'),
  message('{}', 'content-length: 2\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n'),
  message(''),
  'Content-Le',
])('messages: %j', (text) => {
  expect(problemsOf(text)).toEqual([undefined, undefined]);
});

test.each([
  ['Content-Length: abc\r\n\r\n', 'has a Content-Length that is no number'],
  ['Content-Length: -5\r\n\r\n', 'has a Content-Length that is no number'],
  ['Content-Length:\r\n\r\n', 'has a Content-Length that is no number'],
  ['Content-Length: 99999999999\r\n\r\n', 'has a Content-Length of more than 536870912 bytes'],
  ['Content-Type: a\r\n\r\n{}', 'has no Content-Length'],
  ['\r\n\r\n', 'has no Content-Length'],
  ['junk\r\n\r\n', 'has a header that isn’t one'],
  [`${message('{}')}junk\n`, 'has a header that isn’t one'],
  ['x'.repeat(5000), 'has a header of more than 4096 bytes'],
])('no message: %j', (text, problem) => {
  expect(problemsOf(text)).toEqual([problem, problem]);
});

test('whether a message is complete', () => {
  const framing = new Framing();
  expect(framing.isWithin).toBe(false);
  framing.take(Buffer.from('Content-Length: 4\r\n\r\n{'));
  expect(framing.isWithin).toBe(true);
  framing.take(Buffer.from('"a'));
  framing.take(Buffer.from('}'));
  expect(framing.isWithin).toBe(false);
});
