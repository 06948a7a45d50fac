// Runs a credential plugin without a shell, without a terminal unless the caller provides one, with limits on time and
// output; its whole process group ends with it. Its output is never passed on unchecked, since it may contain secrets.
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, realpathSync } from 'node:fs';
import { delimiter, isAbsolute, join, sep } from 'node:path';
import { type Failure, failed, type Result, success } from '../failure.ts';
import type { Cluster, Exec } from '../kubeconfig/file.ts';
import { presentable, printable } from '../redact.ts';
import { readNamed } from './named-file.ts';

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

/** Resolves the command to a program as the operating system would, but never implicitly from the current folder. */
export function resolveProgram(exec: Exec, env: ExecOptions['env']): Result<string> {
  const { command } = exec;
  if (command === '')
    return failed('credential', 'exec.command of the kubeconfig is required for a credential plugin', {
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

/** The extensions Windows tries: a file without an extension isn't a program, even if it has the exact name. */
export function windowsEndings(command: string, env: ExecOptions['env']): readonly string[] {
  const known = (env.PATHEXT || '.COM;.EXE;.BAT;.CMD').split(';').filter((ending) => ending.startsWith('.'));
  return [...(/\.[^.\\/]*$/.test(command) ? [''] : []), ...known];
}

/** `command` is the result of `resolveProgram`. */
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
      exec.apiVersion
        ? `exec.apiVersion of the credential plugin ${name} must be ${group}/v1 or ${group}/v1beta1, not ${exec.apiVersion}`
        : `exec.apiVersion of the credential plugin ${name} is required`,
      { remedy: `Set exec.apiVersion to ${group}/v1 or ${group}/v1beta1.` },
    );
  }
  if (exec.interactiveMode === 'Always' && !options.terminal) {
    return failed('credential', `the credential plugin ${name} requires a terminal to sign in`, {
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

/**
 * As client-go's rest.ConfigToExecCluster, which reads the certificate authority file; an unreadable one is reported when
 * the connection is dialed.
 */
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
    return readNamed(file);
  } catch {
    return undefined;
  }
}

function run(name: string, command: string, args: readonly string[], options: ExecOptions): Promise<Result<string>> {
  if (options.signal?.aborted) return Promise.resolve(failed('aborted', 'the sign-in was canceled'));
  return new Promise((done) => {
    let child: ChildProcess;
    const started: Started = {};
    // Registered before the spawn: otherwise a signal in between would end this process but not the plugin.
    const leave = endWithUs(started, !options.terminal);
    try {
      child = spawn(command, args, {
        env: options.env,
        shell: false,
        // A separate group, so that its child processes end with it. A terminal can only be read in the caller's group.
        detached: !options.terminal && process.platform !== 'win32',
        stdio: [options.terminal ? 'inherit' : 'ignore', 'pipe', options.terminal ? 'inherit' : 'pipe'],
        windowsHide: true,
      });
    } catch (error) {
      // Thrown rather than emitted as an event: an environment beyond the system's limit, a NUL, a batch file.
      leave();
      done(notStarted(name, error as NodeJS.ErrnoException));
      return;
    }
    started.pid = child.pid;
    let failure: Failure | undefined;
    const out: Buffer[] = [];
    let printed = 0;
    let stderr = '';
    const stop = (why: Failure) => {
      failure ??= why;
      end(child.pid, !options.terminal);
      // A child process may have left the group and still hold the pipes.
      child.stdout?.destroy();
      child.stderr?.destroy();
    };
    const timer = setTimeout(
      () =>
        stop({
          kind: 'credential',
          message: `the credential plugin ${name} did not finish within ${options.timeout / 1000} s`,
          remedy: 'Run it in a terminal to see what it is waiting for, then retry.',
          person: true,
        }),
      options.timeout,
    );
    const aborted = () => stop({ kind: 'aborted', message: 'the sign-in was canceled' });
    options.signal?.addEventListener('abort', aborted, { once: true });
    child.stdout?.on('data', (data: Buffer) => {
      printed += data.length;
      if (printed <= outputLimit) out.push(data);
      else
        stop({
          kind: 'credential',
          message: `the credential plugin ${name} prints more than 1 MiB`,
          remedy: 'It must print one ExecCredential.',
        });
    });
    child.stderr?.on('data', (data: Buffer) => {
      if (stderr.length < 4000) stderr += data.toString('utf8');
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
      const output = presentable(stderr.trim(), 300);
      finish(
        failed(
          'credential',
          `the credential plugin ${name} failed with ${signal ?? `exit code ${code}`}${output ? `: ${output}` : ''}`,
          { remedy: 'Sign in with it in a terminal, then retry.', person: true },
        ),
      );
    });
  });
}

function notStarted(name: string, { code = '', message }: NodeJS.ErrnoException): Result<never> {
  // A shortage of processes, file descriptors or memory is usually temporary.
  const person = !/^(EAGAIN|EMFILE|ENFILE|ENOMEM)$/.test(code);
  return failed('credential', `the credential plugin ${name} could not be started: ${presentable(message, 200)}`, {
    remedy: remedies[code] ?? 'Check exec.command, exec.args and exec.env of the kubeconfig.',
    ...(person ? { person } : {}),
  });
}

const remedies: Readonly<Record<string, string>> = {
  E2BIG: 'The cluster information passed to it exceeds the system limit: set provideClusterInfo to false.',
  EINVAL: 'A batch file cannot run without a shell: use the program that it starts.',
  EAGAIN: 'The system is short of processes or memory; Capstan retries.',
};

/** Signals that end a process by default. */
const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

interface Started {
  pid?: number | undefined;
}

const running = new Set<Started>();

/** A plugin in a separate group doesn't get the signals that end this process. Returns a function that unregisters it. */
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
  // Other listeners have received it; if there are none, it ends the process, as it would have by default.
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}

/** Kills the whole group, even after the plugin has ended: it may have left child processes. */
function end(pid: number | undefined, grouped: boolean): void {
  if (pid === undefined) return;
  try {
    if (grouped && process.platform !== 'win32') process.kill(-pid, 'SIGKILL');
    else process.kill(pid, 'SIGKILL');
  } catch {
    // No process is left.
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
    return refuse('does not print JSON');
  }
  if (typeof value !== 'object' || value === null || value.kind !== 'ExecCredential')
    return refuse('does not print an ExecCredential');
  if (value.apiVersion !== apiVersion) {
    return refuse(
      `prints apiVersion ${printable(String(value.apiVersion), 80)}, but the kubeconfig sets ${apiVersion}`,
    );
  }
  const { status } = value;
  if (typeof status !== 'object' || status === null) return refuse('prints no status');
  const { token, clientCertificateData, clientKeyData } = status;
  if (!token && !clientCertificateData && !clientKeyData) return refuse('prints neither a token nor a certificate');
  if (!clientCertificateData !== !clientKeyData)
    return refuse('prints only one of clientCertificateData and clientKeyData; both are required');
  return success(status);
}
