// The host tier: the suites of test/host/suite inside a real VS Code, Electron where it can be had, else code-server
// shown by a headless browser. `CAPSTAN_HOST_GREP` picks tests by title. Exit 0: all passed; 1: a test failed; 2: it did not come to an end; 3: nothing here can
// run it, with the reasons. CAPSTAN_HOST_RESULT names a file for the counts: {passed, failed, skipped}.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { browserOnPath, findWorkbench, startCodeServer, type Workbench } from '../testbed/workbench.ts';
import { lackingForFleet, startFleet } from './fleet.ts';

const root = join(import.meta.dirname, '../..');
const output = join(root, 'test/output/host');
const tests = join(output, 'suite.cjs');
/** Milliseconds for all suites together. */
const patience = 300_000;
/** Tells our lines from the workbench's many. */
const mark = '[capstan] ';

const { workbench, missing } = await findWorkbench({ own: false, say: console.log });
if (workbench === undefined || (workbench.kind === 'codeServer' && browserOnPath() === undefined)) {
  for (const reason of missing) console.error(reason);
  if (workbench !== undefined) console.error('No browser to show code-server (on Debian: apt-get install chromium).');
  process.exit(3);
}

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

/** Without its binaries the suites that need a cluster count as skipped. */
async function fleet() {
  const lacking = lackingForFleet();
  if (lacking.length === 0) return startFleet();
  console.error(`No cluster to show: there is no ${lacking.join(', no ')}.`);
  return undefined;
}

async function bundleSuite(): Promise<void> {
  mkdirSync(output, { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: ['test/host/suite/index.ts'],
    outfile: tests,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    sourcemap: 'inline',
    // `vscode` is the editor's; mocha finds its own parts in node_modules.
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
    extensionDevelopmentPath: root,
    extensionTestsPath: tests,
    extensionTestsEnv: env,
    launchArgs: [workspace, '--disable-extensions', '--disable-workspace-trust', '--skip-welcome', '--no-sandbox'],
  }).catch((error: Error) => {
    console.error(error.message);
    return 1;
  });
}

/** The workbench tells the page of its end and of the extension host's console lines through two functions. */
async function inCodeServer(
  { main }: Extract<Workbench, { kind: 'codeServer' }>,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  console.log(`VS Code: code-server with ${browserOnPath()}`);
  const server = await startCodeServer(main, { ...env, CAPSTAN_HOST_MARK: mark });
  const browser = await chromium.launch({ executablePath: browserOnPath()!, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    const exit = new Promise<number>((done) => void page.exposeFunction('codeAutomationExit', done));
    await page.exposeFunction('codeAutomationLog', (_type: string, parts: readonly unknown[]) => {
      const line = parts.join(' ');
      if (line.includes(mark)) console.log(line.slice(line.indexOf(mark) + mark.length));
    });
    await page.goto(server.url({ folder: workspace, extension: root, tests }));
    const late = new Promise<number>((done) => {
      setTimeout(() => {
        console.error(`The tests inside VS Code did not end within ${patience / 1000} s.`);
        done(2);
      }, patience).unref();
    });
    return await Promise.race([exit, late]);
  } finally {
    await browser.close();
    await server.stop();
  }
}
