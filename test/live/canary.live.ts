// Puts canary values wherever a secret can be: Secrets, substitutions, Helm values, annotations, status messages,
// kubeconfigs, plugin output, headers and URLs. Then searches everything that Capstan writes for them.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { protocolVersion, type Row } from '../../server/src/protocol.ts';
import { type ControlPlane, startControlPlane } from '../testbed/controlplane.ts';
import { writePlugin } from '../testbed/exec-plugins.ts';
import { capstan } from './capstan.ts';
import { crd, crdPath, create, fill, flux, kustomization } from './faults/bed.ts';
import { until } from './faults/engine.ts';

const folder = mkdtempSync(join(tmpdir(), 'capstan-canary-'));
const home = join(folder, 'home');

/** Each value is unique, so that a leak identifies its source. None has the format of a token. */
const canaries = {
  secret: 'canary-secret-value-5a1d',
  annotation: 'canary-annotation-77b2',
  lastApplied: 'canary-last-applied-0c93',
  substitute: 'canary-substitute-e41f',
  helmValue: 'canary-helm-value-2b60',
  gitUrl: 'canary-git-url-91aa',
  token: 'canary-token-d00d8812',
  otherToken: 'canary-other-token-64ce',
  password: 'canary-password-3f7e',
  key: 'canaryKeyMaterialAb12',
  pluginOutput: 'canary-plugin-output-b8d4',
  pluginError: 'canary-plugin-error-19c7',
  pluginEnv: 'canary-plugin-env-5c22',
  proxy: 'canary-proxy-password-af05',
  header: 'canary-header-8e31',
} as const;

let server: ControlPlane;
const written: string[] = [];
let echo: ReturnType<typeof createServer>;

beforeAll(async () => {
  server = await startControlPlane();
  await fill(server);
  await plant();
  // A server that echoes the request, like a proxy's error page.
  echo = createServer((request, response) => {
    response.writeHead(500, { 'content-type': 'text/plain', 'x-request': canaries.header });
    response.end(`could not forward: authorization: ${request.headers.authorization}, token=${canaries.otherToken}`);
  });
  await new Promise<void>((done) => echo.listen(0, '127.0.0.1', () => done()));
});

afterAll(async () => {
  echo?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('no canary is in the messages, trace, log or files of the cluster server', async () => {
  const kubeconfig = writeKubeconfig();
  const said = await exercise(kubeconfig);
  // Verifies that the exercised paths produced output to search.
  expect(said).toContain('fleet');
  expect(said).toContain('could not refresh');
  expect(said).toContain('kind: Secret');
  expect(said).toContain('substitute');
  written.push(said, ...filesBelow(home));
  expect(leaks(said)).toEqual([]);
  expect(leaks(filesBelow(home).join('\n'))).toEqual([]);
});

test('no canary is in the output of the command line', async () => {
  const kubeconfig = writeKubeconfig();
  const env = { KUBECONFIG: kubeconfig, HOME: home, PATH: process.env.PATH };
  const runs = await Promise.all(
    [
      ['contexts'],
      ['contexts', '--format', 'json'],
      ['status', '--all-contexts', '--timeout', '8s'],
      ['status', '--all-contexts', '--timeout', '8s', '--format', 'json'],
      ['problems', '--all-contexts', '--timeout', '8s'],
      ['problems', '--all-contexts', '--timeout', '8s', '--format', 'json'],
      ['get', 'gitrepositories', '-A', '--context', 'fine'],
      ['get', 'gitrepositories', '-A', '--context', 'fine', '-o', 'wide'],
      ['get', 'gitrepositories', '-A', '--context', 'fine', '-o', 'json'],
      ['get', 'secrets', '-A', '--context', 'fine', '-o', 'json'],
      ['rollout', 'deployment/web', '-n', 'fleet', '--context', 'fine', '--watch=false'],
    ].map((args) => capstan(args, env)),
  );
  const said = runs.map(({ stdout, stderr }) => stdout + stderr).join('\n');
  expect(said).toContain('apps-0');
  written.push(said);
  expect(leaks(said)).toEqual([]);
});

test('the search finds canaries', () => {
  expect(written.length).toBeGreaterThan(1);
  for (const [name, value] of Object.entries(canaries)) {
    expect(leaks(`x${value}x`)).toEqual([name]);
    expect(leaks(Buffer.from(value).toString('base64'))).toEqual([name]);
    expect(leaks(encodeURIComponent(value))).toEqual([name]);
  }
});

function leaks(text: string): readonly string[] {
  return Object.entries(canaries)
    .filter(([, value]) =>
      [value, Buffer.from(value).toString('base64').replace(/=+$/, ''), encodeURIComponent(value)].some((form) =>
        text.includes(form),
      ),
    )
    .map(([name]) => name);
}

async function plant(): Promise<void> {
  const annotations = {
    'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ data: { password: canaries.lastApplied } }),
    'example.com/token': canaries.annotation,
  };
  await create(server, '/api/v1/namespaces/fleet/secrets', {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'planted', namespace: 'fleet', annotations },
    stringData: { password: canaries.secret },
  });
  await create(
    server,
    flux,
    kustomization('planted', {
      metadata: { name: 'planted', namespace: 'fleet', annotations },
      spec: {
        interval: '1m',
        prune: true,
        path: './',
        sourceRef: { kind: 'GitRepository', name: 'planted' },
        postBuild: { substitute: { password: canaries.substitute } },
      },
      status: {
        conditions: [
          {
            type: 'Ready',
            status: 'False',
            reason: 'Failed',
            message: `clone of https://jo:${canaries.gitUrl}@git.example.com failed: password=${canaries.secret}`,
          },
        ],
      },
    }),
  );
  await create(server, '/apis/source.toolkit.fluxcd.io/v1/namespaces/fleet/gitrepositories', {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata: { name: 'planted', namespace: 'fleet' },
    spec: { url: `https://jo:${canaries.gitUrl}@git.example.com/fleet.git`, interval: '1m' },
  });
  await create(server, crdPath, crd('helm.toolkit.fluxcd.io', 'HelmRelease', ['v2']));
  const releases = '/apis/helm.toolkit.fluxcd.io/v2/namespaces/fleet/helmreleases';
  await until('served', async () => (await server.request('GET', releases)).status === 200, 20);
  await create(server, releases, {
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: { name: 'planted', namespace: 'fleet', annotations },
    spec: { chart: { spec: { chart: 'c' } }, interval: '1m', values: { auth: { password: canaries.helmValue } } },
  });
  await create(server, '/apis/apps/v1/namespaces/fleet/deployments', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'fleet', annotations },
    spec: {
      replicas: 0,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'web', image: 'web', env: [{ name: 'PASSWORD', value: canaries.secret }] }] },
      },
    },
  });
}

function writeKubeconfig(): string {
  mkdirSync(home, { recursive: true });
  const exec = (name: string, behaviour: Parameters<typeof writePlugin>[2]) => ({
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: writePlugin(folder, name, behaviour).command,
      interactiveMode: 'Never',
      env: [{ name: 'LOGIN_SECRET', value: canaries.pluginEnv }],
    },
  });
  const tls = { 'insecure-skip-tls-verify': true };
  const key = `-----BEGIN PRIVATE KEY-----\n${canaries.key}\n-----END PRIVATE KEY-----\n`;
  const plain = { server: `http://127.0.0.1:${(echo.address() as { port: number }).port}` };
  const contexts: Readonly<Record<string, readonly [object, object]>> = {
    fine: [{ server: server.url, ...tls }, { token: server.token }],
    plugin: [{ server: server.url, ...tls }, exec('token', { kind: 'token', token: server.token })],
    refused: [{ server: server.url, ...tls }, { token: canaries.token }],
    password: [
      { server: server.url, ...tls },
      { username: 'jo', password: canaries.password },
    ],
    key: [
      { server: server.url, ...tls },
      {
        'client-certificate-data': Buffer.from('none').toString('base64'),
        'client-key-data': Buffer.from(key).toString('base64'),
      },
    ],
    leaking: [{ server: server.url, ...tls }, exec('leaking', { kind: 'leak', secret: canaries.pluginError })],
    printing: [{ server: server.url, ...tls }, exec('printing', { kind: 'token', token: canaries.pluginOutput })],
    proxied: [
      { server: server.url, ...tls, 'proxy-url': `http://jo:${canaries.proxy}@127.0.0.1:9` },
      { token: canaries.token },
    ],
    echo: [plain, { token: canaries.token }],
    both: [
      { server: server.url, ...tls },
      { token: canaries.token, username: 'jo', password: canaries.password },
    ],
  };
  const file = join(folder, 'kubeconfig');
  const entries = Object.entries(contexts);
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'fine',
    clusters: entries.map(([name, [cluster]]) => ({ name, cluster })),
    users: entries.map(([name, [, user]]) => ({ name, user })),
    contexts: entries.map(([name]) => ({ name, context: { cluster: name, user: name, namespace: 'fleet' } })),
  };
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}

/** Sends every request of the protocol; returns all responses, errors, notifications, questions and standard error. */
async function exercise(kubeconfig: string): Promise<string> {
  const main = join(import.meta.dirname, '../../server/src/cluster/main.ts');
  const child = spawn(process.execPath, ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', main], {
    env: { PATH: process.env.PATH, HOME: home, TMPDIR: home, NODE_DEBUG: '' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  child.stderr.on('data', (data: Buffer) => said.push(data.toString()));
  child.stdout.on('data', (data: Buffer) => said.push(data.toString()));
  const connection: MessageConnection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.onRequest('consent', () => ({ accepted: true }));
  connection.listen();
  const ask = async <T>(method: string, params: object): Promise<T | undefined> => {
    try {
      return await connection.sendRequest<T>(method, params);
    } catch {
      return undefined;
    }
  };
  await ask('initialize', { protocolVersion, trusted: true, readOnlyContexts: [], kubeconfig });
  const { contexts } = (await ask<{ contexts: readonly { name: string }[] }>('contexts', {}))!;
  await ask('open', { contexts: contexts.map(({ name }) => name) });
  const roots = async () => (await ask<readonly Row[]>('rows', { view: 'clusters' })) ?? [];
  await until('all settled', async () => (await roots()).every(({ state }) => state !== 'busy'), 30);
  const walk = async (rows: readonly Row[]): Promise<void> => {
    for (const row of rows) {
      if (row.ref && /planted|web/.test(row.ref.name)) {
        for (const method of ['object', 'rollout']) await ask(method, { ref: row.ref, context: row.context });
        // The second time it is suspended already.
        for (const verb of ['suspend', 'suspend']) {
          const of = { context: row.context, ref: row.ref, verb, values: { reason: '' } };
          const prepared = await ask<{ readonly id?: string }>('prepare', of);
          await ask('act', { id: prepared?.id ?? '', token: 't' });
        }
      }
      if (row.branch) await walk((await ask<readonly Row[]>('rows', { view: 'delivery', id: row.id })) ?? []);
    }
  };
  for (const view of ['clusters', 'delivery', 'workloads'])
    await walk((await ask<readonly Row[]>('rows', { view })) ?? []);
  const ref = { cluster: '', groupKind: '/Secret', namespace: 'fleet', name: 'planted' };
  await ask('object', { ref, context: 'fine' });
  for (const { name } of contexts) {
    await ask('terminal', { context: name });
    await ask('retry', { context: name });
  }
  await ask('nonsense', { token: 'x' });
  await until('all settled again', async () => (await roots()).every(({ state }) => state !== 'busy'), 30);
  connection.dispose();
  child.stdin.end();
  await new Promise((done) => child.once('exit', done));
  return said.join('');
}

function filesBelow(path: string): readonly string[] {
  return readdirSync(path).flatMap((name) => {
    const file = join(path, name);
    return statSync(file).isDirectory() ? filesBelow(file) : [readFileSync(file, 'utf8')];
  });
}
