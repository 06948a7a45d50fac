// `capstan schemas`: lists the known releases of schemas, and imports releases into the user's cache so that folders
// can be pinned to them in `.capstan.yaml`.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { exclusively, replaceFile, replaceFolder } from '../disk/durable.ts';
import { fileRelease, isFailure, namedRelease } from '../releases/import.ts';
import type { ReleaseWithProblems } from '../releases/releases.ts';
import {
  importedFolder,
  indexJson,
  indexKey,
  isPlainName,
  type ReleaseFiles,
  releaseId,
  type SchemaIndex,
  type StoredRelease,
} from '../schema/stored.ts';
import type { Io } from './io.ts';
import { misuse, misused } from './misuse.ts';
import type { SchemaRelease } from './output.ts';
import { table } from './table.ts';

const usage = `Usage: capstan schemas [--format text|json]
       capstan schemas add RELEASE|FILE... [--as NAME@VERSION]
       capstan schemas detect [PATH] [--format text|json]

Lists the known releases, imports one, or prints which versions the clusters of a repository run, as far as its files state.

RELEASE is NAME@VERSION (cluster-api-provider-aws@2.9.0, flux@2.8, kubernetes@1.35.2) or the path@version of a Go
module; it is fetched by the go command. FILE is a YAML file of CRDs, or a folder of such files.

  --as NAME@VERSION   the name and version, for pins, of the files or of the one RELEASE

Exit: 0 done, 1 something could not be imported, 2 wrong usage.
`;

/** Resolves to the exit code. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const options = {
    format: { type: 'string' },
    as: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  let parsed: { readonly values: { format?: string; as?: string; help?: boolean }; readonly positionals: string[] };
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    return misused(io, 'schemas', misuse(error), usage);
  }
  const { values, positionals } = parsed;
  const [verb, ...what] = positionals;
  if (values.help) {
    io.stdout.write(usage);
    return 0;
  }
  const format = values.format ?? 'text';
  if (format !== 'text' && format !== 'json')
    return misused(io, 'schemas', `--format must be text or json, not "${format}"`, usage);
  if (verb === undefined) return list(format, io);
  if (verb === 'detect') {
    if (what.length > 1) return misused(io, 'schemas', `unexpected argument "${what[1]}"`, usage);
    return (await import('./detect.ts')).detect(what[0] ?? '.', format, io);
  }
  if (verb !== 'add')
    return misused(io, 'schemas', `unknown command "schemas ${verb}"; use "schemas add" or "schemas detect"`, usage);
  if (what.length === 0 || what.includes('')) return misused(io, 'schemas', 'add requires a RELEASE or a FILE', usage);
  // After `--`, such an argument would be an option of the go command.
  const option = what.find((one) => one.startsWith('-'));
  if (option !== undefined)
    return misused(io, 'schemas', `"${option}" is neither a RELEASE nor a FILE; a file is named "./${option}"`, usage);
  const named = values.as === undefined ? undefined : readAs(values.as);
  if (values.as !== undefined && !named)
    return misused(io, 'schemas', `--as must be NAME@VERSION, not "${values.as}"`, usage);
  const folder = importedFolder(io.env);
  if (!folder) return misused(io, 'schemas', 'there is no cache to import into; set HOME or XDG_CACHE_HOME', usage);
  return add(what, named, folder, io);
}

async function list(format: 'text' | 'json', io: Io): Promise<number> {
  const { catalogOnDisk } = await import('../disk/catalog.ts');
  const { releases, problems } = catalogOnDisk(io.env);
  for (const problem of problems) io.stderr.write(`capstan schemas: ${problem}\n`);
  const rows: readonly SchemaRelease[] = releases.map(({ name, version, kinds, imported, alternate }) => {
    const use = imported ? 'pinned' : alternate ? 'otherwise unknown' : 'always';
    return { name, version, kinds, from: imported ? 'imported' : 'bundled', use };
  });
  if (format === 'json') io.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  else {
    const lines = rows.map((row) => [...[releaseId(row), kindsOf(row.kinds), row.from], `used: ${uses[row.use]}`]);
    io.stdout.write(table(lines));
  }
  return 0;
}

const uses: Readonly<Record<SchemaRelease['use'], string>> = {
  always: 'always',
  pinned: 'in folders pinned to it',
  'otherwise unknown': 'for clusters that run it, and for versions that no other release has',
};

async function add(
  what: readonly string[],
  named: Pick<StoredRelease, 'name' | 'version'> | undefined,
  folder: string,
  io: Io,
): Promise<number> {
  const paths = what.filter((one) => existsSync(resolve(io.cwd, one)));
  const names = what.filter((one) => !paths.includes(one));
  const files = paths.map((path) => resolve(io.cwd, path));
  if (named && names.length + Math.min(files.length, 1) > 1)
    return misused(io, 'schemas', '--as names one release, so it must be used with files or with one RELEASE', usage);
  // With --as, all files are one release; without it, each file is its own release with the file's name.
  const groups = named
    ? files.length > 0
      ? [{ named, files }]
      : []
    : files.map((file) => ({ named: nameOf(file), files: [file] }));
  let failed = 0;
  const results = [
    ...groups.map((group) => fileRelease(group.named, group.files)),
    ...(await Promise.all(names.map((name) => namedRelease(name, named)))),
  ];
  for (const result of results) {
    const error = isFailure(result) ? result.error : store(result, folder, io);
    if (error === undefined) continue;
    failed++;
    io.stderr.write(`capstan schemas: ${error}\n`);
  }
  return failed > 0 ? 1 : 0;
}

/** Stores a release; returns the problem if it couldn't be written. */
function store(made: ReleaseWithProblems, folder: string, io: Io): string | undefined {
  for (const problem of made.problems) io.stderr.write(`capstan schemas: ${problem}\n`);
  const id = releaseId(made.release);
  try {
    writeRelease(folder, made);
  } catch (error) {
    const { code, dest, path = folder } = error as NodeJS.ErrnoException & { readonly dest?: string };
    return `${id} can't be stored: ${dest ?? path} can't be written (${code}). Make ${folder} a writable folder, or set XDG_CACHE_HOME to another folder.`;
  }
  const kinds = Object.values(made.release.groups).reduce((sum, group) => sum + Object.keys(group).length, 0);
  io.stdout.write(`Imported ${id}: ${kindsOf(kinds)}. To use it, pin a folder to it in .capstan.yaml.\n`);
  return undefined;
}

function kindsOf(count: number): string {
  return `${count} ${count === 1 ? 'kind' : 'kinds'}`;
}

/**
 * The release's name for a file: `crds@local` for `crds.yaml`, and the folder's own name for a folder `name@version`.
 */
function nameOf(file: string): Pick<StoredRelease, 'name' | 'version'> {
  const base = basename(file).replace(/\.ya?ml$/, '');
  const plain = base.replace(/[^A-Za-z0-9.@+-]+/g, '-').replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '') || 'crds';
  return readAs(plain) ?? { name: plain.replaceAll('@', '-'), version: 'local' };
}

function readAs(text: string): Pick<StoredRelease, 'name' | 'version'> | undefined {
  const [name = '', version = '', ...rest] = text.split('@');
  const plain = version.replace(/^v(?=\d)/, '');
  return rest.length === 0 && isPlainName(name) && isPlainName(plain) ? { name, version: plain } : undefined;
}

/** Readers find either the old release or the new one, complete; several imports at once lose nothing. */
function writeRelease(folder: string, made: ReleaseFiles): void {
  const id = releaseId(made.release);
  exclusively(folder, () => {
    replaceFolder(join(folder, id), (fresh) => {
      for (const [key, content] of made.files) {
        const file = join(fresh, key.slice(id.length + 1));
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, content);
      }
    });
    const others = readIndex(folder).filter((release) => releaseId(release) !== id);
    replaceFile(join(folder, indexKey), indexJson([...others, made.release]));
  });
}

/** A damaged index is replaced by an empty one: its releases can be imported again. */
function readIndex(folder: string): readonly StoredRelease[] {
  try {
    const { releases } = JSON.parse(readFileSync(join(folder, indexKey), 'utf8')) as SchemaIndex;
    return Array.isArray(releases) ? releases : [];
  } catch {
    return [];
  }
}
