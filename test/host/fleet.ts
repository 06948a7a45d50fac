// A real cluster for the workbench to show: an API server with Flux's and Cluster API's own definitions, Flux's
// source-controller acting on them, and a kubeconfig that also names contexts which can't be reached.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../testbed/workbench.ts';

export interface HostFleet {
  /** KUBECONFIG, and CAPSTAN_KUBECTL for the suites to change objects with. */
  readonly env: NodeJS.ProcessEnv;
  readonly kubectl: (args: readonly string[], input?: string) => Promise<string>;
  readonly stop: () => Promise<void>;
}

const run = promisify(execFile);

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'capstan/testbed');
const kubernetes = process.env.KUBEBUILDER_ASSETS ?? join(cache, 'kubernetes-1.36.3');
const flux = join(cache, 'flux-2.9.5');

/** The binaries this needs and the machine lacks. */
export function missingForFleet(): readonly string[] {
  const needed = [
    ...['etcd', 'kube-apiserver', 'kubectl'].map((name) => join(kubernetes, name)),
    join(flux, 'source-controller'),
  ];
  return needed.filter((path) => !existsSync(path));
}

export async function startFleet(): Promise<HostFleet> {
  const folder = mkdtempSync(join(tmpdir(), 'capstan-fleet-'));
  const processes: ChildProcess[] = [];
  const start = (command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    processes.push(spawn(command, args, { env: { ...process.env, ...env }, stdio: 'ignore' }));
  };
  const charts = createServer((_request, response) => response.end('apiVersion: v1\nentries: {}\n'));
  await new Promise<void>((done) => charts.listen(0, '127.0.0.1', done));
  const stop = async () => {
    for (const running of processes.reverse()) await ended(running);
    charts.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const kubeconfig = join(folder, 'kubeconfig');
  const kubectl = async (args: readonly string[], input?: string) => {
    const running = run(join(kubernetes, 'kubectl'), ['--kubeconfig', kubeconfig, ...args]);
    running.child.stdin?.end(input);
    return (await running).stdout;
  };

  try {
    const port = await startControlPlane(folder, start);
    writeFileSync(kubeconfig, kubeconfigText(`https://127.0.0.1:${port}`));
    await until(async () => (await kubectl(['get', '--raw', '/readyz'])) === 'ok', 'the API server');
    await kubectl(['apply', '-f', '-'], await definitions());
    const chartsUrl = `http://127.0.0.1:${(charts.address() as AddressInfo).port}`;
    await until(async () => (await kubectl(['apply', '-f', '-'], objects(chartsUrl))) !== '', 'the objects');
    await startSourceController(folder, kubeconfig, start);
    await kubectl(['wait', '--for=condition=Ready', '--timeout=60s', 'helmrepository/charts', '-n', 'apps']);
    return { env: { KUBECONFIG: kubeconfig, CAPSTAN_KUBECTL: join(kubernetes, 'kubectl') }, kubectl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Start = (command: string, args: readonly string[], env?: NodeJS.ProcessEnv) => void;

async function startControlPlane(folder: string, start: Start): Promise<number> {
  const [client, peer, port] = [await freePort(), await freePort(), await freePort()];
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(join(folder, 'sa.key'), privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 });
  writeFileSync(join(folder, 'sa.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
  writeFileSync(join(folder, 'tokens.csv'), 'admintoken,admin,1,"system:masters"\n', { mode: 0o600 });
  const etcd = `http://127.0.0.1:${client}`;
  start(join(kubernetes, 'etcd'), [
    ...['--data-dir', join(folder, 'etcd'), '--unsafe-no-fsync', '--log-level', 'error'],
    ...['--listen-client-urls', etcd, '--advertise-client-urls', etcd],
    ...['--listen-peer-urls', `http://127.0.0.1:${peer}`],
  ]);
  start(join(kubernetes, 'kube-apiserver'), [
    ...['--etcd-servers', etcd, '--secure-port', `${port}`, '--bind-address', '127.0.0.1'],
    ...['--cert-dir', join(folder, 'certs'), '--token-auth-file', join(folder, 'tokens.csv')],
    ...[
      '--service-account-key-file',
      join(folder, 'sa.pub'),
      '--service-account-signing-key-file',
      join(folder, 'sa.key'),
    ],
    ...['--service-account-issuer', 'https://kubernetes.default.svc', '--authorization-mode', 'RBAC'],
    ...['--service-cluster-ip-range', '10.0.0.0/24', '--disable-admission-plugins', 'ServiceAccount'],
  ]);
  return port;
}

async function startSourceController(folder: string, kubeconfig: string, start: Start): Promise<void> {
  const [storage, metrics, health] = [await freePort(), await freePort(), await freePort()];
  mkdirSync(join(folder, 'artifacts'));
  const address = `127.0.0.1:${storage}`;
  start(
    join(flux, 'source-controller'),
    [
      ...['--storage-path', join(folder, 'artifacts'), '--storage-addr', address, '--storage-adv-addr', address],
      ...['--events-addr', '', '--metrics-addr', `127.0.0.1:${metrics}`, '--health-addr', `127.0.0.1:${health}`],
    ],
    { KUBECONFIG: kubeconfig, RUNTIME_NAMESPACE: 'flux-system' },
  );
}

const modules = [
  ['github.com/fluxcd/source-controller@v1.9.6', 'config/crd/bases'],
  ['github.com/fluxcd/kustomize-controller@v1.9.5', 'config/crd/bases'],
] as const;

/** The definitions as they are in the releases' Go modules. */
async function definitions(): Promise<string> {
  const texts: string[] = [];
  for (const [module, bases] of modules) {
    const { stdout } = await run('go', ['mod', 'download', '-json', module], { cwd: tmpdir() });
    const folder = join((JSON.parse(stdout) as { readonly Dir: string }).Dir, bases);
    texts.push(...readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')));
  }
  return texts.join('\n---\n');
}

/** Contexts: one that answers, one where nobody listens. */
function kubeconfigText(server: string): string {
  const cluster = (name: string, address: string) => ({
    name,
    cluster: { server: address, 'insecure-skip-tls-verify': true },
  });
  const context = (name: string) => ({ name, context: { cluster: name, user: 'admin' } });
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'aws-master',
    clusters: [cluster('aws-master', server), cluster('dc-master', 'https://127.0.0.1:1')],
    contexts: [context('aws-master'), context('dc-master')],
    users: [{ name: 'admin', user: { token: 'admintoken' } }],
  });
}

function objects(chartsUrl: string): string {
  const labels = { app: 'checkout' };
  const container = { name: 'checkout', image: 'registry.example/checkout:2.14.0' };
  const list = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'apps' } },
    {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'HelmRepository',
      metadata: { name: 'charts', namespace: 'apps' },
      spec: { interval: '1h', url: chartsUrl },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'checkout', namespace: 'apps' },
      spec: {
        replicas: 3,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [container] } },
      },
    },
  ];
  return list.map((object) => JSON.stringify(object)).join('\n---\n');
}

async function until(check: () => Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + 60_000;
  let last = '';
  while (Date.now() < end) {
    try {
      if (await check()) return;
    } catch (error) {
      last = (error as Error).message;
    }
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error(`${what}: not ready within a minute. ${last}`);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once('exit', done));
  child.kill();
  const force = setTimeout(() => child.kill('SIGKILL'), 5000);
  await gone;
  clearTimeout(force);
}
