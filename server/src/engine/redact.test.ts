import { expect, test } from 'vitest';
import { keepSecret, OwnSecrets, presentable, printable, redact, redactObject } from './redact.ts';

test('takes out what is a secret by its shape', () => {
  expect(redact('clone of https://jo:pa55@git.example.com/x failed')).toBe(
    'clone of https://[redacted]@git.example.com/x failed',
  );
  expect(redact('authorization: Bearer abcdef123456')).not.toContain('abcdef');
  expect(redact('password=hunter22, next')).toBe('password=[redacted], next');
  expect(redact('-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----')).toBe('[private key]');
});

test('takes out what it was told, also where Markdown escapes it', () => {
  keepSecret('s3cr-et_value');
  expect(redact('it says s3cr-et_value')).toBe('it says [redacted]');
  expect(redact('it says s3cr\\-et\\_value')).toBe('it says [redacted]');
});

test('of a credential that is renewed for ever the last two are known', () => {
  const secrets = new OwnSecrets();
  const other = new OwnSecrets();
  for (const token of ['token-0001', 'token-0002', 'token-0003', 'token-0003']) secrets.use(token, undefined);
  other.use('token-0003');
  const shown = () => redact('token-0001 token-0002 token-0003');
  expect(shown()).toBe('token-0001 [redacted] [redacted]');
  secrets.use('token-0004');
  secrets.use('token-0005');
  // Another one still uses it.
  expect(shown()).toBe('token-0001 token-0002 [redacted]');
});

test('what is cut or coloured is no less a secret', () => {
  keepSecret('long-secret-of-much-text');
  expect(presentable('it says long-secret-of-much-text', 15)).toBe('it says [redact…');
  expect(presentable('\u001b[1mlong-\u001b[0msecret-of-much-text')).toBe('[redacted]');
});

test('leaves words alone', () => {
  for (const words of [
    'tokens are counted',
    'the secret apps/db is not there',
    'https://git.example.com:8443/a@b',
    'waiting for secretRef',
  ])
    expect(redact(words)).toBe(words);
});

test('an object is shown without its secrets and with the names of them', () => {
  const shown = redactObject({
    apiVersion: 'v1',
    kind: 'HelmRelease',
    metadata: {
      name: 'app',
      managedFields: [],
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': 'all', 'example.com/token': 't', note: 'n' },
    },
    spec: {
      values: { auth: { password: 'p', clientSecret: 'c', existingSecret: 'q', username: 'u' }, tokens: 3 },
      valuesFrom: [{ kind: 'Secret', name: 'values', valuesKey: 'values.yaml' }],
      env: [
        { name: 'DB_PASSWORD', value: 'v' },
        { name: 'HOST', value: 'h' },
      ],
      secretRef: { name: 'git' },
      url: 'https://jo:pw@git.example.com/x',
    },
  });
  expect(shown).toEqual({
    apiVersion: 'v1',
    kind: 'HelmRelease',
    metadata: { name: 'app', annotations: { 'example.com/token': '***', note: 'n' } },
    spec: {
      values: { auth: { password: '***', clientSecret: '***', existingSecret: 'q', username: 'u' }, tokens: 3 },
      valuesFrom: [{ kind: 'Secret', name: 'values', valuesKey: 'values.yaml' }],
      env: [
        { name: 'DB_PASSWORD', value: '***' },
        { name: 'HOST', value: 'h' },
      ],
      secretRef: { name: 'git' },
      url: 'https://[redacted]@git.example.com/x',
    },
  });
});

test('a line has no escape sequences and no characters that turn text around', () => {
  expect(printable('\u001b[31mred\u001b[0m \u202eback')).toBe('red \ufffdback');
});

test('what stands under a secret’s name is hidden in whatever shape', () => {
  const values = {
    adminPassword: 12345,
    token: ['canary'],
    password: { value: 'canary', valueFrom: { secretKeyRef: { name: 'db', key: 'pass' } } },
    credentials: { secretRef: { name: 'aws' }, region: 'eu' },
    env: [{ name: 'API_KEY', value: 'canary' }],
  };
  const shown = redactObject({ apiVersion: 'v1', kind: 'X', metadata: { name: 'a' }, spec: { values } });
  expect((shown.spec as { values: unknown }).values).toEqual({
    adminPassword: '***',
    token: ['***'],
    password: { value: '***', valueFrom: { secretKeyRef: { name: 'db', key: 'pass' } } },
    credentials: { secretRef: { name: 'aws' }, region: 'eu' },
    env: [{ name: 'API_KEY', value: '***' }],
  });
});
