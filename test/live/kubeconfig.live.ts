// Compares how kubectl (`config view --minify`, `auth whoami`) and the engine read each kubeconfig fixture, and the user
// that the server authenticates: both must match.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Consents } from '../../server/src/engine/credentials/consent.ts';
import { CredentialStore } from '../../server/src/engine/credentials/credentials.ts';
import { loadKubeConfig, type Target, targetOf } from '../../server/src/engine/kubeconfig/kubeconfig.ts';
import { endpointOf } from '../../server/src/engine/transport/dial.ts';
import { Transport } from '../../server/src/engine/transport/transport.ts';
import { program } from '../testbed/cache.ts';
import { authority } from '../testbed/certificates.ts';
import { type ControlPlane, runProgram, startControlPlane } from '../testbed/controlplane.ts';
import { writePlugin } from '../testbed/exec-plugins.ts';
import { type ForwardProxy, startForwardProxy } from '../testbed/forward-proxy.ts';
import { type Fixture, fixtures, type Parts } from './kubeconfig/fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'capstan-kubeconfig-'));
let server: ControlPlane;
let proxies: readonly ForwardProxy[] = [];
let parts: Parts;

beforeAll(async () => {
  const servers = authority('servers');
  const clients = authority('clients');
  const shown = servers.issue({ name: 'kube-apiserver', hosts: ['127.0.0.1', 'localhost'] });
  const client = clients.issue({ name: 'carol', groups: ['admins', 'system:masters'] });
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  server = await startControlPlane({
    users: { dave: ['system:masters'] },
    apiServerFlags: [
      `--client-ca-file=${file('clients.crt', clients.certificate)}`,
      `--tls-cert-file=${file('server.crt', shown.certificate)}`,
      `--tls-private-key-file=${file('server.key', shown.key)}`,
    ],
  });
  const user = { name: 'jo', password: 'word' };
  proxies = [await startForwardProxy({ kind: 'connect', user }), await startForwardProxy({ kind: 'socks', user })];
  const [http, socks] = proxies as [ForwardProxy, ForwardProxy];
  const [cert, key] = [file('tls.crt', client.certificate), file('tls.key', client.key)];
  parts = {
    server: server.url,
    ca: servers.certificate,
    certificate: client.certificate,
    key: client.key,
    token: server.token,
    otherToken: 'dave-token',
    plugin: writePlugin(folder, 'token-plugin', { kind: 'token', token: server.token }).command,
    certificatePlugin: writePlugin(folder, 'certificate-plugin', { kind: 'certificate', cert, key, expiresIn: 3600 })
      .command,
    proxy: `http://jo:word@127.0.0.1:${http.port}`,
    socks: `socks5://jo:word@127.0.0.1:${socks.port}`,
  };
});

afterAll(async () => {
  for (const proxy of proxies) await proxy.stop();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

// Test names must be known before the server: fixtures with placeholders have the same names.
const placeholder = 'x';
const names = fixtures({
  server: 'https://x',
  ca: placeholder,
  certificate: placeholder,
  key: placeholder,
  token: placeholder,
  otherToken: placeholder,
  plugin: placeholder,
  certificatePlugin: placeholder,
  proxy: placeholder,
  socks: placeholder,
}).map(({ name }) => name);

test('there are at least forty fixtures with unique names', () => {
  expect(names.length).toBeGreaterThanOrEqual(40);
  expect(new Set(names).size).toBe(names.length);
});

test.each(names)('%s', async (name) => {
  const fixture = fixtures(parts).find((one) => one.name === name)!;
  const env = write(fixture);
  const kubectl = (...args: readonly string[]) => runProgram(program('kubernetes', 'kubectl'), args, '', env);
  const view = await kubectl('config', 'view', '--minify', '--raw', '-o', 'json');
  const found = targetOf(loadKubeConfig({ list: env.KUBECONFIG! }));
  const who = await whoAmI(env, found.ok ? found.value : undefined);
  // An entry that kubectl shows but rejects on use may be rejected at once.
  if (view.code !== 0) expect(found.ok).toBe(false);
  else if (found.ok) expect(ours(found.value)).toEqual(theirs(JSON.parse(view.stdout), dirname(env.KUBECONFIG!)));
  else expect(who).toBe('refused');
  if (fixture.offline) {
    expect(found.ok).toBe(true);
    return;
  }
  const answer = await kubectl('auth', 'whoami', '-o', 'json');
  const expected: unknown = answer.code === 0 ? JSON.parse(answer.stdout).status.userInfo : 'refused';
  expect(who, answer.stderr).toEqual(expected);
});

function write({ name, files, list = ['config'], env = {} }: Fixture): Record<string, string> {
  const home = join(folder, name.replace(/[^a-z]+/gi, '-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), text);
  }
  return {
    PATH: process.env.PATH ?? '',
    HOME: home,
    KUBECONFIG: list.map((path) => join(home, path)).join(delimiter),
    ...Object.fromEntries(Object.entries(env).map(([key, path]) => [key, join(home, path)])),
  };
}

/** The server's response to the engine's request, or that there is none. */
async function whoAmI(env: Record<string, string>, target: Target | undefined): Promise<unknown> {
  if (!target) return 'refused';
  const consents = new Consents(async () => true, env);
  const store = new CredentialStore({
    env,
    terminal: false,
    allow: (path, exec, user) => consents.allow(path, exec, user),
  });
  const transport = new Transport({
    endpoint: endpointOf(target.cluster, undefined, env),
    credentials: store.for(target),
    userAgent: 'capstan/test',
  });
  const answer = await transport.json<{ status: { userInfo: unknown } }>({
    method: 'POST',
    path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
    body: JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }),
    quiet: 5000,
  });
  transport.close();
  return answer.ok ? answer.value.status.userInfo : 'refused';
}

type Json = Record<string, unknown>;

/** The fields that determine server and identity, in kubectl's spelling. */
function ours({ context, cluster, user }: Target): Json {
  const data = (pem: string | undefined) => (pem === undefined ? undefined : Buffer.from(pem).toString('base64'));
  return plain({
    context: context.name,
    namespace: context.namespace,
    server: cluster.server,
    'tls-server-name': cluster.tlsServerName,
    'insecure-skip-tls-verify': cluster.insecure || undefined,
    'certificate-authority': cluster.caFile,
    'certificate-authority-data': data(cluster.caData),
    'proxy-url': cluster.proxyUrl,
    'disable-compression': cluster.disableCompression || undefined,
    'client-certificate': user.clientCertificate,
    'client-certificate-data': data(user.clientCertificateData),
    'client-key': user.clientKey,
    'client-key-data': data(user.clientKeyData),
    token: user.token,
    tokenFile: user.tokenFile,
    username: user.username,
    password: user.password,
    as: user.as,
    'as-uid': user.asUid,
    'as-groups': user.asGroups.length > 0 ? user.asGroups : undefined,
    'as-user-extra': Object.keys(user.asUserExtra).length > 0 ? user.asUserExtra : undefined,
    exec: user.exec && [
      user.exec.command,
      user.exec.args,
      user.exec.env,
      user.exec.apiVersion,
      user.exec.interactiveMode,
    ],
  });
}

/** `config view` shows paths as written, relative to the file; fixtures with paths have only one file. */
function theirs(view: Json, base: string): Json {
  const path = (value: unknown) => (typeof value === 'string' ? resolve(base, value) : undefined);
  const only = (list: string, field: string) => ((view[list] as Json[] | null)?.[0]?.[field] ?? {}) as Json;
  const { cluster: _cluster, user: _user, extensions: _context, ...context } = only('contexts', 'context');
  const { extensions: _inCluster, ...cluster } = only('clusters', 'cluster');
  const { extensions: _inUser, exec, ...user } = only('users', 'user') as Json & { exec?: Json };
  return plain({
    context: view['current-context'],
    ...context,
    ...cluster,
    ...user,
    'certificate-authority': path(cluster['certificate-authority']),
    'client-certificate': path(user['client-certificate']),
    'client-key': path(user['client-key']),
    tokenFile: path(user.tokenFile),
    exec: exec && [
      String(exec.command).includes('/') ? path(exec.command) : exec.command,
      exec.args ?? [],
      exec.env ?? [],
      exec.apiVersion,
      exec.interactiveMode,
    ],
  });
}

/** Removes absent and empty values. */
function plain(fields: Json): Json {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''));
}
