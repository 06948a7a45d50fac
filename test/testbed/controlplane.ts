// A real control plane for a test: etcd and kube-apiserver, optionally the controller manager and the scheduler, on free
// loopback ports in a separate folder. Ready in about 3 s. Everything started here ends with `stop()` or with the test process.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { generateKeyPairSync, randomInt } from 'node:crypto';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { program } from './cache.ts';

export interface ControlPlaneOptions {
  readonly controllerManager?: boolean;
  readonly scheduler?: boolean;
  /** Additional users: name to groups. Their token is `NAME-token`; RBAC grants them nothing by default. */
  readonly users?: Readonly<Record<string, readonly string[]>>;
  readonly apiServerFlags?: readonly string[];
  readonly controllerManagerFlags?: readonly string[];
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ControlPlane {
  readonly folder: string;
  /** One context, `admin`. */
  readonly kubeconfig: string;
  readonly port: number;
  readonly url: string;
  readonly token: string;
  readonly certificate: string;
  readonly key: string;
  kubectl(args: readonly string[], input?: string): Promise<Ran>;
  /** Fails unless kubectl exits 0. */
  apply(manifest: unknown): Promise<void>;
  request(
    method: string,
    path: string,
    body?: unknown,
    contentType?: string,
  ): Promise<{ readonly status: number; readonly body: unknown }>;
  /** Stops only the API server; etcd keeps its data. */
  stopApiServer(signal?: NodeJS.Signals): Promise<void>;
  startApiServer(): Promise<void>;
  /** The address of etcd's JSON gateway. */
  readonly etcdUrl: string;
  stopEtcd(signal?: NodeJS.Signals): Promise<void>;
  /** Starts with the data in the folder's `etcd`. */
  startEtcd(): void;
  stop(): Promise<void>;
}

const adminToken = 'admin-token';

export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const folder = mkdtempSync(join(tmpdir(), 'capstan-controlplane-'));
  const [client, peer, port] = (await freePorts(3)) as [number, number, number];
  const url = `https://127.0.0.1:${port}`;
  const processes = new Processes(folder);
  writeKeys(folder);
  writeTokens(folder, options.users ?? {});
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, kubeconfigText(url, adminToken));
  let etcd: ChildProcess;
  const startEtcd = () => {
    etcd = processes.start('etcd', program('kubernetes', 'etcd'), [
      `--data-dir=${join(folder, 'etcd')}`,
      `--listen-client-urls=http://127.0.0.1:${client}`,
      `--advertise-client-urls=http://127.0.0.1:${client}`,
      `--listen-peer-urls=http://127.0.0.1:${peer}`,
      '--unsafe-no-fsync',
      '--log-level=error',
    ]);
  };
  startEtcd();
  let apiServer: ChildProcess;
  const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });

  const send: ControlPlane['request'] = (method, path, body, contentType = 'application/json') =>
    new Promise((done, failed) => {
      const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
      const headers = {
        authorization: `Bearer ${adminToken}`,
        ...(text !== undefined && { 'content-type': contentType }),
      };
      const attempt = () => {
        const sent = request({ host: '127.0.0.1', port, path, method, headers, agent }, (response) => {
          let answer = '';
          response.on('data', (data) => (answer += data));
          response.on('end', () => done({ status: response.statusCode ?? 0, body: parsed(answer) }));
        });
        // The server may have closed an idle connection in the meantime.
        sent.on('error', (error) => (sent.reusedSocket ? attempt() : failed(error)));
        sent.end(text);
      };
      attempt();
    });

  const startApiServer = async () => {
    apiServer = processes.start('kube-apiserver', program('kubernetes', 'kube-apiserver'), [
      `--etcd-servers=http://127.0.0.1:${client}`,
      `--secure-port=${port}`,
      '--bind-address=127.0.0.1',
      `--cert-dir=${join(folder, 'certs')}`,
      `--service-account-key-file=${join(folder, 'sa.pub')}`,
      `--service-account-signing-key-file=${join(folder, 'sa.key')}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      `--token-auth-file=${join(folder, 'tokens.csv')}`,
      '--authorization-mode=RBAC',
      '--service-cluster-ip-range=10.0.0.0/24',
      '--allow-privileged',
      // Without the controller manager, nothing creates the default ServiceAccount that pods require.
      ...(options.controllerManager ? [] : ['--disable-admission-plugins=ServiceAccount']),
      ...(options.apiServerFlags ?? []),
    ]);
    await until('kube-apiserver', processes, async () => (await send('GET', '/readyz')).status === 200);
  };

  const kubectl: ControlPlane['kubectl'] = (args, input) =>
    runProgram(program('kubernetes', 'kubectl'), ['--kubeconfig', kubeconfig, ...args], input);
  const stop = async () => {
    agent.destroy();
    await processes.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await startApiServer();
    if (options.controllerManager) await startControllerManager(folder, kubeconfig, processes, options, kubectl);
    if (options.scheduler)
      processes.start('kube-scheduler', program('kubernetes', 'kube-scheduler'), [
        ...[`--kubeconfig=${kubeconfig}`, '--leader-elect=false', '--secure-port=0'],
      ]);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    folder,
    kubeconfig,
    port,
    url,
    token: adminToken,
    certificate: join(folder, 'certs/apiserver.crt'),
    key: join(folder, 'certs/apiserver.key'),
    kubectl,
    async apply(manifest) {
      const text = typeof manifest === 'string' ? manifest : JSON.stringify(manifest);
      const { code, stderr } = await kubectl(['apply', '--server-side', '-f', '-'], text);
      if (code !== 0) throw new Error(`kubectl apply failed: ${stderr}`);
    },
    request: send,
    stopApiServer: (signal) => processes.end(apiServer, signal),
    startApiServer,
    etcdUrl: `http://127.0.0.1:${client}`,
    stopEtcd: (signal) => processes.end(etcd, signal),
    startEtcd,
    stop,
  };
}

async function startControllerManager(
  folder: string,
  kubeconfig: string,
  processes: Processes,
  options: ControlPlaneOptions,
  kubectl: ControlPlane['kubectl'],
): Promise<void> {
  processes.start('kube-controller-manager', program('kubernetes', 'kube-controller-manager'), [
    `--kubeconfig=${kubeconfig}`,
    `--service-account-private-key-file=${join(folder, 'sa.key')}`,
    '--secure-port=0',
    '--use-service-account-credentials=false',
    '--leader-elect=false',
    '--controllers=*,-nodeipam,-cloud-node-lifecycle,-service-lb-controller,-node-route-controller',
    ...(options.controllerManagerFlags ?? []),
  ]);
  await until(
    'the default ServiceAccount',
    processes,
    async () => (await kubectl(['get', 'serviceaccount', 'default'])).code === 0,
  );
}

/** A kubeconfig with one context of that name; it doesn't verify the server certificate. */
export function kubeconfigText(server: string, token: string, name = 'admin'): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  });
}

function writeKeys(folder: string): void {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(join(folder, 'sa.key'), privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 });
  writeFileSync(join(folder, 'sa.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
  mkdirSync(join(folder, 'certs'));
}

function writeTokens(folder: string, users: Readonly<Record<string, readonly string[]>>): void {
  const rows = Object.entries(users).map(
    ([name, groups], index) => `${name}-token,${name},${index + 2},"${groups.join(',')}"`,
  );
  writeFileSync(join(folder, 'tokens.csv'), [`${adminToken},admin,1,"system:masters"`, ...rows, ''].join('\n'), {
    mode: 0o600,
  });
}

/** Its standard input closes when the process that started it ends for any reason; the remaining processes are killed. */
const guard = `all=' '
while read -r what pid; do
  case $what in
    start) all="$all$pid " ;;
    end) all=$(printf %s "$all" | sed "s/ $pid / /") ;;
  esac
done
[ "$all" = ' ' ] || kill -9 $all`;

/** Child processes that end with the test, even if it fails, is interrupted or killed. */
export class Processes {
  readonly #folder: string;
  readonly #guard = spawn('sh', ['-c', guard], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  readonly #running = new Map<ChildProcess, string>();
  readonly #atExit = () => {
    for (const child of this.#running.keys()) child.kill('SIGKILL');
  };

  constructor(folder: string) {
    this.#folder = folder;
    process.on('exit', this.#atExit);
    this.#guard.unref();
    (this.#guard.stdin as Socket).unref();
    this.#guard.stdin.on('error', () => {});
  }

  /** Writes the output to NAME.log in the folder. */
  start(name: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
    const log = openSync(join(this.#folder, `${name}.log`), 'a');
    const child = spawn(command, [...args], {
      cwd: this.#folder,
      env: { ...process.env, ...env },
      stdio: ['ignore', log, log],
    });
    if (child.pid === undefined) {
      child.once('error', () => {});
      // Must not be killed: it has no pid, and the signal would go to this whole process group.
      throw new Error(`${name} could not be started: ${command} does not exist or is not executable`);
    }
    this.#running.set(child, name);
    this.#guard.stdin.write(`start ${child.pid}\n`);
    return child;
  }

  /** The processes that ended unexpectedly, with the end of their output. */
  ended(): readonly string[] {
    return [...this.#running]
      .filter(([child]) => child.exitCode !== null || child.signalCode !== null)
      .map(([, name]) => `${name} ended: ${readFileSync(join(this.#folder, `${name}.log`), 'utf8').slice(-600)}`);
  }

  async end(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.#running.delete(child);
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((done) => child.once('exit', done));
      child.kill(signal);
      const force = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await gone;
      clearTimeout(force);
    }
    this.#guard.stdin.write(`end ${child.pid}\n`);
  }

  async stop(): Promise<void> {
    // Stopped in reverse order, so that no process connects to one that has ended.
    for (const child of [...this.#running.keys()].reverse()) await this.end(child);
    process.off('exit', this.#atExit);
    this.#guard.stdin.end();
  }
}

export function runProgram(
  command: string,
  args: readonly string[],
  input?: string,
  env: NodeJS.ProcessEnv = {},
): Promise<Ran> {
  return new Promise((done) => {
    const child = execFile(
      command,
      [...args],
      { maxBuffer: 1 << 28, env: { ...process.env, ...env } },
      (error, stdout, stderr) =>
        done({ code: error ? (typeof error.code === 'number' ? error.code : 1) : 0, stdout, stderr }),
    );
    // The program may end without reading its input.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input ?? '');
  });
}

/** Waits until `check` returns true, at most a minute; the error names a process that ended in the meantime. */
export async function until(
  what: string,
  processes: Processes | undefined,
  check: () => Promise<boolean>,
  seconds = 60,
): Promise<void> {
  const end = Date.now() + seconds * 1000;
  let last = '';
  while (Date.now() < end) {
    try {
      if (await check()) return;
    } catch (error) {
      last = (error as Error).message;
    }
    const dead = processes?.ended() ?? [];
    if (dead.length > 0) throw new Error(dead.join('\n'));
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`${what} was not ready within ${seconds} s. ${last}`);
}

/**
 * Free loopback ports below the ephemeral range: an ephemeral port may be taken by any connection before the program that
 * is to listen on it has started.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(10_000, 19_000);
    if (!ports.has(port) && (await isFree(port))) ports.add(port);
  }
  return [...ports];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
