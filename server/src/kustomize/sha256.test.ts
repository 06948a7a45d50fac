import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { base64Lines } from './base64.ts';
import { goJson } from './go-json.ts';
import { sha256 } from './sha256.ts';

const bytes = (length: number) => Uint8Array.from({ length }, (_, index) => (index * 37) % 256);

test.each([0, 1, 55, 56, 63, 64, 65, 119, 120, 1000])('SHA-256 of %i bytes', (length) => {
  expect(sha256(bytes(length))).toBe(createHash('sha256').update(bytes(length)).digest('hex'));
});

test.each([0, 1, 2, 3, 51, 52, 53, 200])('base64 of %i bytes, in lines of 70 characters', (length) => {
  const text = base64Lines(bytes(length));
  expect(text.replaceAll('\n', '')).toBe(Buffer.from(bytes(length)).toString('base64'));
  expect(text.includes('\n')).toBe(length > 51);
  expect(text.split('\n').every((line) => line.length <= 70)).toBe(true);
});

test('JSON has sorted keys and the escapes of Go', () => {
  expect(goJson({ b: '<&>\u2028', a: [1n, 2.5, true, null], '\u{1f600}': '', '\uffff': '' })).toBe(
    '{"a":[1,2.5,true,null],"b":"\\u003c\\u0026\\u003e\\u2028","\uffff":"","\u{1f600}":""}',
  );
  expect(goJson({ a: [], b: { c: 1n } }, '  ')).toBe('{\n  "a": [],\n  "b": {\n    "c": 1\n  }\n}');
});
