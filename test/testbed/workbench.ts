// Finds a real VS Code for `npm start` and the host tier: the user's own `code`, the Electron build that
// @vscode/test-electron downloads, or npm's code-server, which contains the whole workbench and the Node extension host and
// runs in a browser. Reports what each is missing, with what to do.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { downloadAndUnzipVSCode, resolveCliPathFromVSCodeExecutablePath, SilentReporter } from '@vscode/test-electron';
import { cacheFolder } from './cache.ts';
import { freePorts } from './controlplane.ts';

export const codeServerVersion = '4.139.1';

/** Milliseconds without a response after which the Electron build is considered unreachable. */
const downloadTimeout = 5000;

export type Workbench =
  | { readonly kind: 'code'; readonly command: string }
  | { readonly kind: 'electron'; readonly executable: string }
  | { readonly kind: 'codeServer'; readonly main: string };

export interface Found {
  /** The first workbench that can run on this machine. */
  readonly workbench?: Workbench;
  /** One sentence for each workbench that can't run, in the order they were tried. */
  readonly missing: readonly string[];
}

/** Finds a workbench; `own` includes the user's `code`. Downloads or installs it if necessary; `say` prints progress. */
export async function findWorkbench(options: {
  readonly own: boolean;
  readonly say: (line: string) => void;
}): Promise<Found> {
  const missing: string[] = [];
  const command = options.own ? commandOnPath('code') : undefined;
  if (command !== undefined) return { workbench: { kind: 'code', command }, missing };
  if (options.own) missing.push('No `code` on the PATH.');

  const executable = await electron(options.say);
  if (typeof executable === 'string') return { workbench: { kind: 'electron', executable }, missing };
  missing.push(executable.missing);

  const main = codeServer(options.say);
  if (typeof main === 'string') return { workbench: { kind: 'codeServer', main }, missing };
  missing.push(main.missing);
  return { missing };
}

/** The path of a browser for code-server: `CHROMIUM`, else the first of the usual names on the PATH. */
export function browserOnPath(): string | undefined {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
  return process.env.CHROMIUM ?? names.map(commandOnPath).find((found) => found !== undefined);
}

export function commandOnPath(name: string): string | undefined {
  const suffixes = process.platform === 'win32' ? ['.cmd', '.exe', ''] : [''];
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders
    .flatMap((folder) => suffixes.map((suffix) => join(folder, name + suffix)))
    .find((path) => existsSync(path));
}

export interface Page {
  readonly folder: string;
  /** The extension under development. */
  readonly extension: string;
  /** File whose run() runs the extension's tests. */
  readonly tests?: string;
  /** File to open. */
  readonly file?: string;
}

export interface CodeServer {
  /** URL of a folder in the workbench with the extension under development, and its tests if there are any. */
  readonly url: (page: Page) => string;
  readonly stop: () => Promise<void>;
}

/**
 * Starts code-server's VS Code on the loopback interface with a token, and with separate data that `stop` removes. Its entry
 * point is called directly: code-server's own command line rejects `--enable-smoke-test-driver`, without which the
 * workbench ignores an extension under development. `extensions` is the folder of installed extensions.
 */
export async function startCodeServer(main: string, env: NodeJS.ProcessEnv, extensions?: string): Promise<CodeServer> {
  const [port] = await freePorts(1);
  const token = randomUUID();
  const data = mkdtempSync(join(tmpdir(), 'capstan-workbench-'));
  const server = spawn(
    process.execPath,
    [
      main,
      ...['--host', '127.0.0.1', '--port', String(port), '--connection-token', token],
      ...['--accept-server-license-terms', '--enable-smoke-test-driver', '--disable-workspace-trust'],
      ...['--telemetry-level', 'off', '--server-data-dir', data],
      ...(extensions === undefined ? [] : ['--extensions-dir', extensions]),
    ],
    { env, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const stop = async () => {
    await ended(server);
    rmSync(data, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await listening(server);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url({ folder, extension, tests, file }) {
      const uri = (path: string) => `vscode-remote://127.0.0.1:${port}${resolve(path)}`;
      const payload = [
        ['extensionDevelopmentPath', uri(extension)],
        ...(tests === undefined ? [] : [['extensionTestsPath', uri(tests)]]),
        ...(file === undefined ? [] : [['openFile', uri(file)]]),
        ['skipWelcome', 'true'],
      ];
      const query = new URLSearchParams({ tkn: token, folder: resolve(folder), payload: JSON.stringify(payload) });
      return `http://127.0.0.1:${port}/?${query}`;
    },
    stop,
  };
}

/** Installs an extension as `code --install-extension` does; returns the folder that VS Code gave it. */
export function installExtension(workbench: Workbench, vsix: string, extensions: string): string {
  const data = mkdtempSync(join(tmpdir(), 'capstan-install-'));
  const isServer = workbench.kind === 'codeServer';
  const command =
    workbench.kind === 'code'
      ? workbench.command
      : isServer
        ? process.execPath
        : resolveCliPathFromVSCodeExecutablePath(workbench.executable);
  const options = [isServer ? '--server-data-dir' : '--user-data-dir', data, '--extensions-dir', extensions];
  const accept = isServer ? ['--accept-server-license-terms'] : ['--no-sandbox'];
  try {
    const args = [...(isServer ? [workbench.main] : []), '--install-extension', vsix, ...options, ...accept];
    execFileSync(command, args, { stdio: 'pipe' });
    const known: readonly { readonly relativeLocation: string }[] = JSON.parse(
      readFileSync(join(extensions, 'extensions.json'), 'utf8'),
    );
    if (known.length !== 1) throw new Error(`VS Code lists ${known.length} extensions after the installation`);
    return join(extensions, known[0]!.relativeLocation);
  } finally {
    rmSync(data, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function electron(say: (line: string) => void): Promise<string | { readonly missing: string }> {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    return { missing: 'VS Code for the desktop requires a display, but DISPLAY is not set.' };
  }
  const cachePath = join(cacheFolder(), 'vscode');
  try {
    say('Looking for a VS Code to download ...');
    return await downloadAndUnzipVSCode({
      version: 'stable',
      cachePath,
      timeout: downloadTimeout,
      reporter: new SilentReporter(),
    });
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0];
    return { missing: `VS Code for the desktop could not be downloaded (${reason}).` };
  }
}

function codeServer(say: (line: string) => void): string | { readonly missing: string } {
  const folder = join(cacheFolder(), `code-server-${codeServerVersion}`);
  const main = join(folder, 'node_modules/code-server/lib/vscode/out/server-main.js');
  // The stamp is written after the whole installation: an interrupted one leaves the entry point but not the modules.
  const stamp = join(folder, 'package-lock.json');
  if (existsSync(main) && existsSync(stamp)) return main;
  const needed = [
    ...['g++', 'make'].filter((name) => commandOnPath(name) === undefined),
    ...(hasKerberosHeaders() ? [] : ['the libkrb5 headers']),
  ];
  if (needed.length > 0) {
    return {
      missing: `code-server compiles native modules during installation, which requires ${needed.join(', ')} (on Debian: apt-get install g++ make libkrb5-dev chromium).`,
    };
  }
  say(`Installing code-server ${codeServerVersion} into ${folder}; compiling takes some minutes, once ...`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const install = spawnSync('npm', ['install', '--no-audit', '--no-fund', `code-server@${codeServerVersion}`], {
    cwd: folder,
    env: { ...withoutNpm(process.env), npm_config_unsafe_perm: 'true', npm_config_package_lock: 'true' },
    encoding: 'utf8',
  });
  if (install.status === 0 && existsSync(main)) return main;
  return { missing: `code-server could not be installed: ${lastLine(install.stderr ?? install.error?.message ?? '')}` };
}

/** Removes the variables of the npm that runs us: its user agent refers to the Node that started it, not to ours. */
function withoutNpm(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^npm_(?!config_(?:registry|cache)$)/i.test(name)));
}

function hasKerberosHeaders(): boolean {
  if (process.platform !== 'linux') return true;
  if (existsSync('/usr/include/gssapi/gssapi.h')) return true;
  try {
    execFileSync('krb5-config', ['--cflags'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

/** Resolves once the server prints its address; rejects with its last output if it ends before. */
function listening(server: ChildProcess): Promise<void> {
  return new Promise((done, fail) => {
    let said = '';
    const heard = (chunk: Buffer) => {
      said = (said + chunk).slice(-4000);
      if (/Extension host agent listening|Web UI available/.test(said)) done();
    };
    server.stdout?.on('data', heard);
    server.stderr?.on('data', heard);
    server.once('error', fail);
    server.once('exit', (code) =>
      fail(new Error(`code-server ended during startup (exit ${code}): ${lastLine(said)}`)),
    );
    setTimeout(() => fail(new Error(`code-server did not start within a minute: ${lastLine(said)}`)), 60_000).unref();
  });
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const gone = new Promise((done) => server.once('exit', done));
  server.kill();
  const force = setTimeout(() => server.kill('SIGKILL'), 5000);
  await gone;
  clearTimeout(force);
}
