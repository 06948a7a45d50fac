import { expect, test } from 'vitest';
import { keepSecret, OwnSecrets, presentable, printable, redact, redactObject, redactValue } from './redact.ts';

test('redacts secrets by their format', () => {
  expect(redact('clone of https://jo:pa55@git.example.com/x failed')).toBe(
    'clone of https://[redacted]@git.example.com/x failed',
  );
  expect(redact('authorization: Bearer abcdef123456')).not.toContain('abcdef');
  expect(redact('password=hunter22, next')).toBe('password=[redacted], next');
  expect(redact('-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----')).toBe('[private key]');
});

test('redacts the user information of a URL of any scheme, up to its last @', () => {
  expect(redact('socks5://u:p@h:1080')).toBe('socks5://[redacted]@h:1080');
  expect(redact('postgres://u:p@db/x?y=a@b')).toBe('postgres://[redacted]@db/x?y=a@b');
  expect(redact('clone https://u:p@ss@host/x')).toBe('clone https://[redacted]@host/x');
  expect(redact('ssh://git@host/x')).toBe('ssh://git@host/x');
  expect(redact('ssh://git:pw@host/x')).toBe('ssh://[redacted]@host/x');
});

test('redacts web tokens wherever they stand in a word', () => {
  const token = `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.sig_na-ture12`;
  expect(redact(token)).toBe('[token]');
  expect(redact(`a=${token}, b`)).toBe('a=[token], b');
  expect(redact(`prefix-${token}`)).toBe('prefix-[token]');
  expect(redact(`${token}.${token}`)).toBe('[token].[token]');
  expect(redact('eyJ.short and eyJ-also.short')).toBe('eyJ.short and eyJ-also.short');
});

test('redacts assignments inside other values', () => {
  expect(redact('url: https://x/?token=abc&y=1')).toBe('url: https://x/?token=[redacted]&y=1');
  expect(redact('{"password": "a b", "user": "c"}')).toBe('{"password": [redacted], "user": "c"}');
  expect(redact("spec.apiKey = 'a b' end")).toBe('spec.apiKey = [redacted] end');
});

// With quadratic work each of these would take minutes, above any time limit of a test.
test.each([
  'eyJ-',
  'eyJ.',
  'a-',
  'a.',
  'token',
  'token=',
  'token="',
  "a='",
  '://',
  '://a:',
  'bearer ',
  ' ',
  '-----BEGIN ',
  'AKIA',
])('the work grows with the length of the text: %j', (part) => {
  expect(redact(part.repeat(1_000_000 / part.length)).length).toBeGreaterThan(0);
});

test('an object of any depth is shown', () => {
  let value: unknown = 'leaf';
  for (let depth = 0; depth < 100_000; depth += 1) value = depth % 2 === 0 ? { password: value } : [value];
  expect(JSON.stringify(redactValue(value))).toContain('…');
});

test('redacts registered secrets, also with Markdown escapes', () => {
  keepSecret('s3cr-et_value');
  expect(redact('it says s3cr-et_value')).toBe('it says [redacted]');
  expect(redact('it says s3cr\\-et\\_value')).toBe('it says [redacted]');
});

test('the last two secrets of a repeatedly renewed credential are redacted', () => {
  const secrets = new OwnSecrets();
  const other = new OwnSecrets();
  for (const token of ['token-0001', 'token-0002', 'token-0003', 'token-0003']) secrets.use(token, undefined);
  other.use('token-0003');
  const shown = () => redact('token-0001 token-0002 token-0003');
  expect(shown()).toBe('token-0001 [redacted] [redacted]');
  secrets.use('token-0004');
  secrets.use('token-0005');
  // Another credential still uses it.
  expect(shown()).toBe('token-0001 token-0002 [redacted]');
});

test('truncated or colored text is redacted too', () => {
  keepSecret('long-secret-of-much-text');
  expect(presentable('it says long-secret-of-much-text', 15)).toBe('it says [redact…');
  expect(presentable('\u001b[1mlong-\u001b[0msecret-of-much-text')).toBe('[redacted]');
});

test('leaves ordinary text unchanged', () => {
  for (const words of [
    'tokens are counted',
    'the secret apps/db is not there',
    'https://git.example.com:8443/a@b',
    'waiting for secretRef',
  ])
    expect(redact(words)).toBe(words);
});

test('an object is shown with the names of its secrets but without their values', () => {
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

test('printable text has no escape sequences and no bidirectional characters', () => {
  expect(printable('\u001b[31mred\u001b[0m \u202eback')).toBe('red \ufffdback');
});

test('the value of a secret name is hidden whatever its shape', () => {
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
