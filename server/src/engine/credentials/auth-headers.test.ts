import { expect, test } from 'vitest';
import { impersonationHeaders, wireHeaders } from './auth-headers.ts';

const user = { name: 'u', file: '/k', asGroups: [], asUserExtra: {} };

test('a token with a line break is a failure, not an exception', () => {
  expect(wireHeaders({ authorization: 'Bearer a\nb' })).toMatchObject({
    ok: false,
    failure: { kind: 'credential', person: true },
  });
});

test('non-ASCII names are sent as UTF-8, as kubectl sends them', () => {
  const made = wireHeaders(impersonationHeaders({ ...user, as: 'Łukasz', asGroups: ['Jürgen'] }));
  expect(made).toMatchObject({ ok: true });
  const { 'impersonate-user': name, 'impersonate-group': groups } = made.ok ? made.value : {};
  expect(Buffer.from(String(name), 'latin1').toString('utf8')).toBe('Łukasz');
  expect(Buffer.from(String(groups), 'latin1').toString('utf8')).toBe('Jürgen');
});

test('any name of an impersonation extra produces a valid header', () => {
  const headers = impersonationHeaders({ ...user, as: 'a', asUserExtra: { 'acme.com/(Ü) 100%': ['x'] } });
  expect(Object.keys(headers)).toContain('impersonate-extra-acme.com%2f%28%c3%9c%29%20100%25');
  expect(wireHeaders(headers).ok).toBe(true);
});
