// `npm start`: first runs Capstan in the terminal, which works on every machine (lints examples/fleet, lists the contexts
// without connecting to any), then opens the same folder in an available VS Code. `--terminal` skips the second part.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  browserOnPath,
  commandOnPath,
  findWorkbench,
  startCodeServer,
  type Workbench,
} from '../test/testbed/workbench.ts';

const root = join(import.meta.dirname, '..');
const fleet = join(root, 'examples/fleet');
const { values: args } = parseArgs({ options: { terminal: { type: 'boolean' } } });

capstan('lint', 'examples/fleet');
capstan('contexts');
if (args.terminal) process.exit(0);

console.log('\nThe workbench');
const { workbench, missing } = await findWorkbench({ own: true, say: (line) => console.log(line) });
for (const reason of missing) console.log(`  ${reason}`);
if (workbench === undefined) {
  console.log(
    'No VS Code is available; the output above is Capstan in the terminal. Put `code` on the PATH to open VS Code.',
  );
  process.exit(0);
}
await open(workbench);

/** Prints a Capstan command as a user would type it, and runs it. */
function capstan(...line: readonly string[]): void {
  console.log(`\n$ capstan ${line.join(' ')}`);
  spawnSync(process.execPath, [join(root, 'dist/cli.js'), ...line], { cwd: root, stdio: 'inherit' });
}

async function open(workbench: Workbench): Promise<void> {
  const folder = [`--extensionDevelopmentPath=${root}`, fleet];
  switch (workbench.kind) {
    case 'code':
      console.log(`Opening examples/fleet in ${workbench.command}, the VS Code on the PATH.`);
      detached(workbench.command, ['--new-window', ...folder]);
      return;
    case 'electron':
      console.log(`Opening examples/fleet in the downloaded VS Code: ${workbench.executable}`);
      // A separate profile, so that it doesn't join a running VS Code.
      detached(workbench.executable, [
        ...folder,
        '--disable-workspace-trust',
        '--skip-welcome',
        `--user-data-dir=${join(workbench.executable, '../../capstan-user')}`,
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ]);
      return;
    case 'codeServer':
      await serve(workbench.main);
  }
}

/** Runs code-server until interrupted, and opens a browser if one is available. */
async function serve(main: string): Promise<void> {
  const server = await startCodeServer(main, process.env);
  const url = server.url({ folder: fleet, extension: root });
  const display = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  const browser = display ? (commandOnPath('xdg-open') ?? commandOnPath('open') ?? browserOnPath()) : undefined;
  console.log(
    browser === undefined
      ? 'Serving examples/fleet in code-server. No browser is available; open this address in one:'
      : `Opening examples/fleet in code-server with ${browser}. If no window opens, use this address:`,
  );
  console.log(`  ${url}\nPress Ctrl-C to stop.`);
  if (browser !== undefined) detached(browser, [url]);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void server.stop().then(() => process.exit(0)));
  }
}

function detached(command: string, commandArgs: readonly string[]): void {
  const windows = process.platform === 'win32';
  const child: ChildProcess = spawn(command, commandArgs, { detached: true, stdio: 'ignore', shell: windows });
  child.on('error', (error) => console.error(`${command} could not be started: ${error.message}`));
  child.unref();
}
