// Runs a credential plugin: no shell, no terminal unless the caller has one to lend, a time limit, a limit on what it
// may print, and its whole process group ends with it. What it prints is never passed on unread: it may be a secret.
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, readFileSync, realpathSync } from 'node:fs';
import { delimiter, isAbsolute, join, sep } from 'node:path';
import { type Failure, failed, type Result, success } from '../failure.ts';
import type { Cluster, Exec } from '../kubeconfig/file.ts';
import { presentable, printable } from '../redact.ts';

/** client.authentication.k8s.io `ExecCredential.status`. */
export interface ExecStatus {
  readonly token?: string;
  readonly clientCertificateData?: string;
  readonly clientKeyData?: string;
  /** RFC 3339. */
  readonly expirationTimestamp?: string;
}

export interface ExecOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds. */
  readonly timeout: number;
  /** Whether the plugin may use our terminal. */
  readonly terminal: boolean;
  readonly signal?: AbortSignal;
}

const outputLimit = 1 << 20;
const group = 'client.authentication.k8s.io';

/** The program a command names, as the operating system would find it; never one of the current folder by itself. */
export function resolveProgram(exec: Exec, env: ExecOptions['env']): Result<string> {
  const { command } = exec;
  if (command === '')
    return failed('credential', 'the kubeconfig names no command for its credential plugin', {
      remedy: 'Set exec.command.',
      person: true,
    });
  const named = command.includes(sep) || command.includes('/');
  const folders = named ? [''] : (env.PATH ?? '').split(delimiter).filter(isAbsolute);
  const endings = process.platform === 'win32' ? windowsEndings(command, env) : [''];
  for (const folder of folders) {
    for (const ending of endings) {
      const path = named ? command + ending : join(folder, command + ending);
      try {
        accessSync(path, constants.X_OK);
        return success(realpathSync(path));
      } catch {}
    }
  }
  const hint = exec.installHint ? ` ${printable(exec.installHint, 500)}` : '';
  return failed('credential', `the credential plugin ${command} is not installed`, {
    remedy: `Install it, or put it on the PATH.${hint}`,
  });
}

/** As Windows finds programs: one without an ending of its own is none, whatever lies there under the mere name. */
export function windowsEndings(command: string, env: ExecOptions['env']): readonly string[] {
  const known = (env.PATHEXT || '.COM;.EXE;.BAT;.CMD').split(';').filter((ending) => ending.startsWith('.'));
  return [...(/\.[^.\\/]*$/.test(command) ? [''] : []), ...known];
}

/** `command` is what `resolveProgram` gave. */
export async function runPlugin(
  exec: Exec,
  command: string,
  cluster: Cluster,
  options: ExecOptions,
): Promise<Result<ExecStatus>> {
  const name = exec.command;
  if (exec.apiVersion !== `${group}/v1` && exec.apiVersion !== `${group}/v1beta1`) {
    return failed(
      'credential',
      `the credential plugin ${name} is configured for ${exec.apiVersion || 'no apiVersion'}`,
      { remedy: `Set exec.apiVersion to ${group}/v1 or ${group}/v1beta1.` },
    );
  }
  if (exec.interactiveMode === 'Always' && !options.terminal) {
    return failed('credential', `the credential plugin ${name} wants a terminal to sign in`, {
      remedy: `Sign in with ${printable([name, ...exec.args].join(' '), 200)} in a terminal, then retry.`,
      person: true,
    });
  }
  const terminal = options.terminal && exec.interactiveMode !== 'Never';
  const input = {
    apiVersion: exec.apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: terminal, ...(exec.provideClusterInfo ? { cluster: clusterInfo(cluster) } : {}) },
  };
  const ran = await run(name, command, exec.args, {
    ...options,
    terminal,
    env: {
      ...options.env,
      ...Object.fromEntries(exec.env.map((entry) => [entry.name, entry.value])),
      KUBERNETES_EXEC_INFO: JSON.stringify(input),
    },
  });
  return ran.ok ? readCredential(name, exec.apiVersion, ran.value) : ran;
}

/** As client-go's rest.ConfigToExecCluster, which reads the file of authorities; one that can't be read is told by dialing. */
function clusterInfo(cluster: Cluster): object {
  const ca = cluster.caData ?? (cluster.caFile ? fileText(cluster.caFile) : undefined);
  return {
    server: cluster.server,
    ...(cluster.tlsServerName ? { 'tls-server-name': cluster.tlsServerName } : {}),
    ...(cluster.insecure ? { 'insecure-skip-tls-verify': true } : {}),
    ...(ca ? { 'certificate-authority-data': Buffer.from(ca).toString('base64') } : {}),
    ...(cluster.proxyUrl ? { 'proxy-url': cluster.proxyUrl } : {}),
    ...(cluster.disableCompression ? { 'disable-compression': true } : {}),
    ...(cluster.execConfig === undefined ? {} : { config: cluster.execConfig }),
  };
}

function fileText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function run(name: string, command: string, args: readonly string[], options: ExecOptions): Promise<Result<string>> {
  if (options.signal?.aborted) return Promise.resolve(failed('aborted', 'signing in was given up'));
  return new Promise((done) => {
    let child: ChildProcess;
    const started: Started = {};
    // Before it starts: a signal that comes in between would end this process alone.
    const leave = endWithUs(started, !options.terminal);
    try {
      child = spawn(command, args, {
        env: options.env,
        shell: false,
        // A group of its own, so that what it starts ends with it. A terminal can only be read in the caller's group.
        detached: !options.terminal && process.platform !== 'win32',
        stdio: [options.terminal ? 'inherit' : 'ignore', 'pipe', options.terminal ? 'inherit' : 'pipe'],
        windowsHide: true,
      });
    } catch (error) {
      // Told at once rather than by an event: an environment beyond the system's limit, a NUL, a batch file.
      leave();
      done(notStarted(name, error as NodeJS.ErrnoException));
      return;
    }
    started.pid = child.pid;
    let failure: Failure | undefined;
    const out: Buffer[] = [];
    let printed = 0;
    let said = '';
    const stop = (why: Failure) => {
      failure ??= why;
      end(child.pid, !options.terminal);
      // What it started may have left the group and still hold the pipes.
      child.stdout?.destroy();
      child.stderr?.destroy();
    };
    const timer = setTimeout(
      () =>
        stop({
          kind: 'credential',
          message: `the credential plugin ${name} did not finish in ${options.timeout / 1000} s`,
          remedy: 'Run it in a terminal to see what it waits for, then retry.',
          person: true,
        }),
      options.timeout,
    );
    const aborted = () => stop({ kind: 'aborted', message: 'signing in was given up' });
    options.signal?.addEventListener('abort', aborted, { once: true });
    child.stdout?.on('data', (data: Buffer) => {
      printed += data.length;
      if (printed <= outputLimit) out.push(data);
      else
        stop({
          kind: 'credential',
          message: `the credential plugin ${name} prints more than 1 MiB`,
          remedy: 'It has to print one ExecCredential.',
        });
    });
    child.stderr?.on('data', (data: Buffer) => {
      if (said.length < 4000) said += data.toString('utf8');
    });
    const finish = (result: Result<string>) => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', aborted);
      leave();
      end(child.pid, !options.terminal);
      done(failure ? { ok: false, failure } : result);
    };
    child.on('error', (error) => finish(notStarted(name, error)));
    child.on('close', (code, signal) => {
      if (code === 0) return finish(success(Buffer.concat(out).toString('utf8')));
      const words = presentable(said.trim(), 300);
      finish(
        failed(
          'credential',
          `the credential plugin ${name} failed with ${signal ?? `exit code ${code}`}${words ? `: ${words}` : ''}`,
          { remedy: 'Sign in with it in a terminal, then retry.', person: true },
        ),
      );
    });
  });
}

function notStarted(name: string, { code = '', message }: NodeJS.ErrnoException): Result<never> {
  // A machine that is out of processes or memory is so for a moment.
  const person = !/^(EAGAIN|EMFILE|ENFILE|ENOMEM)$/.test(code);
  return failed('credential', `the credential plugin ${name} could not be started: ${presentable(message, 200)}`, {
    remedy: remedies[code] ?? 'Check exec.command, exec.args and exec.env of the kubeconfig.',
    ...(person ? { person } : {}),
  });
}

const remedies: Readonly<Record<string, string>> = {
  E2BIG: 'What it is told of the cluster is too long for the system: set provideClusterInfo to false.',
  EINVAL: 'A batch file cannot be run without a shell: name the program that it starts.',
  EAGAIN: 'The system is short of processes or memory; it is tried again.',
};

/** Signals that end a process by default. */
const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

interface Started {
  pid?: number | undefined;
}

const running = new Set<Started>();

/** In a group of its own it hears nothing of what ends this process. Returns what takes the watch away. */
function endWithUs(started: Started, grouped: boolean): () => void {
  if (!grouped) return () => undefined;
  if (running.size === 0) {
    process.on('exit', endAll);
    for (const signal of endings) process.on(signal, signalled);
  }
  running.add(started);
  return () => {
    if (running.delete(started) && running.size === 0) unwatch();
  };
}

function unwatch(): void {
  process.off('exit', endAll);
  for (const signal of endings) process.off(signal, signalled);
}

function endAll(): void {
  for (const { pid } of running) end(pid, true);
}

function signalled(signal: NodeJS.Signals): void {
  endAll();
  running.clear();
  unwatch();
  // Whoever else listens has heard it; without anyone it ends the process, as it would have.
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}

/** The group, dead children included: a plugin that has ended may have left some. */
function end(pid: number | undefined, grouped: boolean): void {
  if (pid === undefined) return;
  try {
    if (grouped && process.platform !== 'win32') process.kill(-pid, 'SIGKILL');
    else process.kill(pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}

function readCredential(name: string, apiVersion: string, output: string): Result<ExecStatus> {
  const refuse = (what: string) =>
    failed('credential', `the credential plugin ${name} ${what}`, {
      remedy: 'Run it in a terminal to see what it prints.',
      person: true,
    });
  let value: { apiVersion?: unknown; kind?: unknown; status?: ExecStatus } | null;
  try {
    value = JSON.parse(output);
  } catch {
    return refuse('prints no JSON');
  }
  if (typeof value !== 'object' || value === null || value.kind !== 'ExecCredential')
    return refuse('prints no ExecCredential');
  if (value.apiVersion !== apiVersion) {
    return refuse(`answers in ${printable(String(value.apiVersion), 80)}, while the kubeconfig asks for ${apiVersion}`);
  }
  const { status } = value;
  if (typeof status !== 'object' || status === null) return refuse('gives no status');
  const { token, clientCertificateData, clientKeyData } = status;
  if (!token && !clientCertificateData && !clientKeyData) return refuse('gives neither a token nor a certificate');
  if (!clientCertificateData !== !clientKeyData) return refuse('gives a certificate without its key, or the key alone');
  return success(status);
}
