// The host tier: runs the suites of test/host/suite inside a real VS Code, Electron if available, else code-server in a
// headless browser. `CAPSTAN_HOST_GREP` selects tests by title. Exit 0: all passed; 1: a test failed; 2: the run did not
// finish; 3: no VS Code can run, with the reasons. CAPSTAN_HOST_RESULT is a file for the counts: {passed, failed, skipped}.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import {
  browserOnPath,
  findWorkbench,
  installExtension,
  startCodeServer,
  type Workbench,
} from '../testbed/workbench.ts';
import { lackingForFleet, startFleet } from './fleet.ts';

const root = join(import.meta.dirname, '../..');
const output = join(root, 'test/output/host');
/** Milliseconds for all suites in total. */
const patience = 300_000;
/** Marks our lines in the workbench's output. */
const mark = '[capstan] ';

const { workbench, missing } = await findWorkbench({ own: false, say: console.log });
if (workbench === undefined || (workbench.kind === 'codeServer' && browserOnPath() === undefined)) {
  for (const reason of missing) console.error(reason);
  if (workbench !== undefined)
    console.error('code-server requires a browser, but none was found (on Debian: apt-get install chromium).');
  process.exit(3);
}

const extensions = join(output, 'extensions');
const installed = installedExtension();
// In the extension's folder, since VS Code gives each folder an API of its own: the suites replace functions of the extension's.
const tests = join(installed, 'suite.cjs');
// VS Code runs tests for an extension under development only; this one is nothing but its name.
const extension = join(output, 'tests');
mkdirSync(extension, { recursive: true });
const own = { name: 'tests', publisher: 'capstan', version: '0.0.1', engines: { vscode: '*' } };
writeFileSync(join(extension, 'package.json'), JSON.stringify(own));
await bundleSuite();
const workspace = mkdtempSync(join(tmpdir(), 'capstan-host-'));
const cluster = await fleet();
let code = 2;
try {
  const env = { ...process.env, ...cluster?.env };
  if (workbench.kind === 'electron') code = await inElectron(workbench, env);
  if (workbench.kind === 'codeServer') code = await inCodeServer(workbench, env);
} finally {
  await cluster?.stop();
  rmSync(workspace, { recursive: true, force: true });
}
process.exit(code);

/** Without the cluster's programs, the suites that need a cluster are skipped. */
async function fleet() {
  const lacking = lackingForFleet();
  if (lacking.length === 0) return startFleet({ shop: true });
  console.error(`No cluster is available: missing ${lacking.join(', ')}.`);
  return undefined;
}

/** The folder into which VS Code installed what `npm run package` delivers. */
function installedExtension(): string {
  const folder = join(output, 'package');
  for (const old of [folder, extensions]) rmSync(old, { recursive: true, force: true });
  execFileSync(process.execPath, [...process.execArgv, join(root, 'scripts/package.ts'), '--out', folder], {
    stdio: 'inherit',
  });
  mkdirSync(extensions, { recursive: true });
  return installExtension(workbench!, join(folder, 'capstan.vsix'), extensions);
}

async function bundleSuite(): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: ['test/host/suite/index.ts'],
    outfile: tests,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    sourcemap: 'inline',
    // The editor provides `vscode`; mocha resolves its own modules in node_modules.
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
}

async function inElectron(
  { executable }: Extract<Workbench, { kind: 'electron' }>,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  console.log(`VS Code: ${executable}`);
  return runTests({
    vscodeExecutablePath: executable,
    extensionDevelopmentPath: extension,
    extensionTestsPath: tests,
    extensionTestsEnv: env,
    launchArgs: [
      workspace,
      `--extensions-dir=${extensions}`,
      '--disable-workspace-trust',
      '--skip-welcome',
      '--no-sandbox',
    ],
  }).catch((error: Error) => {
    console.error(error.message);
    return 1;
  });
}

/** The workbench calls two functions of the page: for the extension host's console lines, and when it ends. */
async function inCodeServer(
  { main }: Extract<Workbench, { kind: 'codeServer' }>,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  console.log(`VS Code: code-server with ${browserOnPath()}`);
  const server = await startCodeServer(main, { ...env, CAPSTAN_HOST_MARK: mark }, extensions);
  const browser = await chromium.launch({ executablePath: browserOnPath()!, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    const exit = new Promise<number>((done) => void page.exposeFunction('codeAutomationExit', done));
    await page.exposeFunction('codeAutomationLog', (_type: string, parts: readonly unknown[]) => {
      const line = parts.join(' ');
      if (line.includes(mark)) console.log(line.slice(line.indexOf(mark) + mark.length));
    });
    await page.goto(server.url({ folder: workspace, extension, tests }));
    const late = new Promise<number>((done) => {
      setTimeout(() => {
        console.error(`The tests inside VS Code did not finish within ${patience / 1000} s.`);
        done(2);
      }, patience).unref();
    });
    return await Promise.race([exit, late]);
  } finally {
    await browser.close();
    await server.stop();
  }
}
