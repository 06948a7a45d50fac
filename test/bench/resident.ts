// Measures the memory of the cluster server with one context open and its rows painted: bundled and run as by the
// extension, observed from outside.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { idOf } from '../../server/src/explorer/row-id.ts';
import { protocolVersion, type Row } from '../../server/src/protocol.ts';
import { until, writeConfig } from '../live/faults/engine.ts';

/** Resident MiB at the end, and at the peak, with contexts of these names open. */
export async function residentMemory(
  server: string,
  contexts: readonly string[] = ['one'],
): Promise<{ readonly now: number; readonly peak: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'capstan-resident-'));
  const program = join(folder, 'cluster.js');
  await build({
    absWorkingDir: join(import.meta.dirname, '../..'),
    entryPoints: ['server/src/cluster/main.ts'],
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
  const kubeconfig = join(folder, 'kubeconfig');
  writeConfig(kubeconfig, Object.fromEntries(contexts.map((name) => [name, { server }])));
  const child = spawn(process.execPath, [program], {
    env: { PATH: process.env.PATH, HOME: folder },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.listen();
  const rows = (id?: string) =>
    connection.sendRequest<readonly Row[]>('rows', { view: id === undefined ? 'clusters' : 'delivery', id });
  await connection.sendRequest('initialize', { protocolVersion, trusted: true, readOnlyContexts: [], kubeconfig });
  await connection.sendRequest('open', { contexts });
  const isLive = async () => (await rows()).filter(({ state }) => state === 'ready').length === contexts.length;
  await until('live', isLive, 120);
  for (const context of contexts) for (const branch of await rows(idOf({ context }))) await rows(branch.id);
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
  const ended = new Promise((done) => child.once('exit', done));
  connection.dispose();
  child.stdin.end();
  await ended;
  rmSync(folder, { recursive: true, force: true });
  return { now: field('VmRSS'), peak: field('VmHWM') };
}
