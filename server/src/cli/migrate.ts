// `capstan migrate`: moves the manifests of a repository to the API versions that a release of Flux stores.
import { realpathSync, statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { type Destination, type Migrated, migrated } from '../features/migrate.ts';
import { LineIndex } from '../syntax/lines.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Io } from './io.ts';
import { lineChanges } from './line-changes.ts';
import { flagsIn, misused } from './misuse.ts';
import type { MigratedFile } from './output.ts';
import { readTargets } from './targets.ts';

const usage = `Usage: capstan migrate [PATH] [--target flux=VERSION] [--write] [--format text|json]

Moves Flux manifests to the API versions that a release of Flux stores: the apiVersion, and the fields that the new version has
elsewhere. Comments and the order of fields are kept. References, patches and commented-out manifests get the new version only.
Prints the changes; files are changed with --write. PATH is a file or a folder (default: the current folder).

  --target flux=2.9   the release to move to (default: the newest one that Capstan uses by default)
  --write             change the files
  --format FORMAT     text (default: a unified diff) or json

Exit: 0 done, 1 something is left to do by hand, 2 wrong usage or what can't be read or written.
`;

/** Resolves to the exit code. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const options = {
    target: { type: 'string', multiple: true },
    write: { type: 'boolean' },
    format: { type: 'string' },
  } as const;
  const flags = flagsIn({ verb: 'migrate', usage }, options, args, io);
  if (typeof flags === 'number') return flags;
  const { values, positionals } = flags;
  const { format = 'text', write = false } = values;
  if (format !== 'text' && format !== 'json')
    return misused(io, 'migrate', `--format must be text or json, not "${format}"`, usage);
  const targets = readTargets(values.target ?? []);
  if (typeof targets === 'string') return misused(io, 'migrate', targets, usage);
  const other = Object.keys(targets).find((name) => name !== 'flux');
  if (other !== undefined) return misused(io, 'migrate', `only Flux can be migrated to, not ${other}`, usage);
  const [path = '.', ...more] = positionals;
  if (more.length > 0) return misused(io, 'migrate', `unexpected argument "${more[0]}"`, usage);
  return migrateAt(path, targets.flux, { format, write }, io);
}

interface Wanted {
  readonly format: 'text' | 'json';
  readonly write: boolean;
}

async function migrateAt(path: string, version: string | undefined, wanted: Wanted, io: Io): Promise<number> {
  const { isFolder } = await import('../disk/files.ts');
  const { workspaceAt } = await import('./lint/root.ts');
  const at = resolve(io.cwd, path);
  const kind = isFolder(at);
  if (typeof kind === 'object') return failed(io, `${path}: ${kind.problem}`);
  const { root, workspace } = await workspaceAt(kind ? at : resolve(at, '..'), io.env, kind ? 'whole' : undefined);
  const to = destinationOf(workspace, version);
  if (!to) return failed(io, `flux ${version} is not bundled; run “capstan schemas” for the list`);
  const only = kind ? undefined : relative(root, at).split(sep).join('/');
  const found: { readonly path: string; readonly before: string; readonly result: Migrated }[] = [];
  for (const one of [...workspace.paths()].toSorted()) {
    const result = only === undefined || one === only ? migrated(workspace, one, to) : undefined;
    if (result) found.push({ path: one, before: workspace.file(one)!.text, result });
  }
  if (wanted.write) {
    const { replaceFile } = await import('../disk/durable.ts');
    for (const { path, result } of found) {
      try {
        // A link stays one.
        const file = realpathSync(resolve(root, path));
        replaceFile(file, result.text, statSync(file).mode & 0o777);
      } catch (error) {
        return failed(io, `${path} can't be written (${(error as NodeJS.ErrnoException).code ?? error})`);
      }
    }
  }
  const files = found.map(({ path, before, result }) => shapeOf(path, before, result));
  if (wanted.format === 'json') io.stdout.write(`${JSON.stringify(files, null, 2)}\n`);
  else {
    for (const { path, before, result } of found) {
      if (!wanted.write)
        io.stdout.write([`--- a/${path}`, `+++ b/${path}`, ...lineChanges(before, result.text), ''].join('\n'));
    }
    printSummary(files, wanted.write, io);
  }
  return files.some(({ left }) => left.length > 0) ? 1 : 0;
}

export function destinationOf(workspace: Workspace, version: string | undefined): Destination | undefined {
  const { schemas } = workspace;
  const released = schemas.released('flux', version ?? schemas.mainVersion('flux'));
  if (!released) return undefined;
  const origin = `flux ${released.version}`;
  const isOf: Destination['isOf'] = ({ group, kind }) => released.store.versions(group, kind)[0]?.origin === origin;
  return { store: released.store, before: schemas.everyRelease(), isOf };
}

function shapeOf(file: string, before: string, { moves, left }: Migrated): MigratedFile {
  const lines = new LineIndex(before);
  const lineOf = (start: number) => lines.rangeAt(start, start).start.line;
  return {
    file,
    moves: moves.map(({ start, ...move }) => ({ line: lineOf(start), ...move })),
    left: left.map(({ start, ...one }) => ({ line: lineOf(start), ...one })),
  };
}

function printSummary(files: readonly MigratedFile[], written: boolean, io: Io): void {
  const moves = files.reduce((sum, { moves }) => sum + moves.length, 0);
  for (const { file, left } of files)
    for (const { line, kind, message } of left) io.stderr.write(`${file}:${line + 1}: ${kind}: ${message}\n`);
  if (moves === 0) io.stderr.write('Nothing to move.\n');
  else {
    const count = `${moves} API ${moves === 1 ? 'version' : 'versions'} in ${files.length} ${files.length === 1 ? 'file' : 'files'}`;
    io.stderr.write(written ? `Moved ${count}.\n` : `Would move ${count}; use --write to change the files.\n`);
  }
}

function failed(io: Io, problem: string): number {
  io.stderr.write(`capstan migrate: ${problem}\n`);
  return 2;
}
