// Setup of the live tier: bundles the command line for tests that run it like users. CAPSTAN_LIVE_CLI is its path; the folder
// is removed afterwards.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'capstan-live-'));

export async function setup(): Promise<void> {
  const program = join(folder, 'cli.js');
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
