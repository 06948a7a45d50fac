// `npm run bench:pauses [--from FOLDER...]`: the longest time that the event loop of a real server is busy with one piece of
// work, in repositories: while one is opened and a file of it is requested like by an editor, at edits, and when up to
// 5,000 files change at once, as by a checkout. With `--strict` a longer pause than 100 ms fails. Without `--from`, generated
// fleets are measured. Repositories are copied; the originals stay as they are.
import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { FileChangeType } from 'vscode-languageserver/node';
import { walk } from '../../server/src/disk/files.ts';
import type { BenchFile } from './documents.ts';
import { idle, written } from './fleet.ts';
import { tenThousand, twentyOverlays } from './fleets.ts';
import { type BenchServer, startServer } from './server.ts';

const { values: args } = parseArgs({
  options: { from: { type: 'string', multiple: true }, strict: { type: 'boolean' }, 'no-build': { type: 'boolean' } },
});
const root = join(import.meta.dirname, '../..');
const most = 100;
const mostChanged = 5000;
const edits = 10;
const folder = mkdtempSync(join(tmpdir(), 'capstan-pauses-'));
const cache = join(folder, 'cache');
const node = ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'];
if (!args['no-build'])
  spawnSync(process.execPath, [...node, join(root, 'scripts/bundle.ts')], { cwd: root, stdio: 'inherit' });

console.log(`longest pauses in CPU milliseconds (at most ${most})`);
console.log(`${'repository'.padEnd(44)}files  opening    edits checkout`);
if (args.from) {
  for (const from of args.from) {
    const copy = join(folder, basename(from));
    cpSync(from, copy, { recursive: true, filter: (path) => basename(path) !== '.git', verbatimSymlinks: true });
    mkdirSync(join(copy, '.git'), { recursive: true });
    await measure(basename(from), copy);
  }
} else {
  for (const [name, size] of Object.entries({ twentyOverlays, tenThousand }))
    await measure(name, written(join(folder, name), size).root);
}
rmSync(folder, { recursive: true, force: true });

async function measure(name: string, repository: string): Promise<void> {
  const paths = [...walk(repository)];
  const server = await startServer(
    {
      name: 'capstan',
      args: [
        ...node,
        '--import',
        join(import.meta.dirname, 'pause-monitor.ts'),
        join(root, 'dist/language.js'),
        '--stdio',
      ],
      settings: () => ({}),
      isMonitored: true,
    },
    repository,
    cache,
  );
  const some = [0.25, 0.5, 0.75].map((part) => paths[Math.floor(paths.length * part)]!);
  for (const path of some) await open(server, `file://${repository}/${path}`);
  await idle(server);
  const opening = await server.longestPause();
  for (let edit = 0; edit < edits; edit += 1) {
    for (const path of some) {
      const start = { line: 0, character: 0 };
      const isAdded = edit % 2 === 0;
      const end = isAdded ? start : { line: 1, character: 0 };
      await server.replace(`file://${repository}/${path}`, { start, end }, isAdded ? '# a\n' : '');
    }
    await new Promise((done) => setTimeout(done, 300));
  }
  await idle(server);
  const editing = await server.longestPause();
  const changed = paths.slice(0, mostChanged);
  for (const path of changed) appendFileSync(join(repository, path), '\n# changed\n');
  await server.watched(changed.map((path) => ({ uri: `file://${repository}/${path}`, type: FileChangeType.Changed })));
  await idle(server);
  const checkout = await server.longestPause();
  await server.stop();
  const figures = [opening, editing, checkout].map((one) => one.toFixed(0).padStart(9)).join('');
  console.log(`${name.padEnd(44)}${String(paths.length).padStart(5)}${figures}`);
  if (args.strict && [opening, editing, checkout].some((one) => one > most)) process.exitCode = 1;
}

/** What an editor requests of a file that it shows. */
async function open(server: BenchServer, uri: string): Promise<void> {
  const text = readFileSync(new URL(uri), 'utf8');
  await server.open(uri, { text } as BenchFile);
  const textDocument = { uri };
  const position = { line: 3, character: 4 };
  const range = { start: { line: 0, character: 0 }, end: { line: 60, character: 0 } };
  await Promise.all([
    server.request('textDocument/documentSymbol', { textDocument }),
    server.request('textDocument/semanticTokens/full', { textDocument }),
    server.request('textDocument/inlayHint', { textDocument, range }),
    server.request('textDocument/documentLink', { textDocument }),
    server.request('textDocument/foldingRange', { textDocument }),
    server.request('textDocument/hover', { textDocument, position }),
  ]);
}
