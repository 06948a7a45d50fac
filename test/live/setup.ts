// Setup of the live tier: bundles the command line for tests that run it like users. CAPSTAN_LIVE_CLI is its path; the folder
// is removed afterwards.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'capstan-live-'));

export async function setup(): Promise<void> {
  // As in a package, with the schemas beside it.
  const program = join(folder, 'dist/cli.js');
  mkdirSync(join(folder, 'server'));
  symlinkSync(join(root, 'server/schemas'), join(folder, 'server/schemas'));
  await build({
    absWorkingDir: root,
    entryPoints: ['server/src/cli/main.ts'],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    mainFields: ['module', 'main'],
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
    logLevel: 'warning',
  });
  process.env.CAPSTAN_LIVE_CLI = program;
}

export function teardown(): void {
  rmSync(folder, { recursive: true, force: true });
}
