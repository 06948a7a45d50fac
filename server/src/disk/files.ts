// Files of a root on Node's disk: which there are, honouring `.gitignore`, and what stands in them. Open documents are
// laid over them by programs.ts.
import { isUtf8 } from 'node:buffer';
import { accessSync, constants, type Dirent, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { isYamlPath } from '../kustomize/paths.ts';

/** What can be said of a file that could not be read: a sentence with the remedy. */
export interface Unreadable {
  readonly problem: string;
}

/** Content as text; files past `largest` bytes are not read at all. */
export function readText(file: string, largest: number): string | Unreadable {
  try {
    const { size } = statSync(file);
    if (size > largest) {
      const megabytes = (size / 1e6).toLocaleString('en', { maximumFractionDigits: 0 });
      return { problem: `The file has ${megabytes} MB and is not checked. Split it into several files.` };
    }
    const bytes = readFileSync(file);
    if (isUtf8(bytes) || bytes.includes(0)) return bytes.toString('utf8');
    return { problem: 'The file is not UTF-8, which the API server asks for, and is not checked. Save it as UTF-8.' };
  } catch (error) {
    return { problem: `The file can't be read (${codeOf(error)}). ${permission}` };
  }
}

const permission = 'Check that you may read it and all folders above it.';

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}

/** Whether a path is a folder, once it is sure that the file or folder can be read. */
export function isFolder(path: string): boolean | Unreadable {
  try {
    const folder = statSync(path).isDirectory();
    if (folder) readdirSync(path);
    else accessSync(path, constants.R_OK);
    return folder;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { problem: 'no such file or folder' };
    return { problem: `can't be read (${code}). ${permission}` };
  }
}

/**
 * YAML files below `root`, as paths relative to it with `/`, each folder's sorted by name. Folders that can't be read are
 * left out and told; links to folders and what is neither file nor link to one (sockets, pipes) are left out as well.
 */
export function* walk(root: string, unlisted?: Unlisted): Generator<string> {
  yield* walkFolder({ root, deep: true, unlisted }, '', []);
}

/** Told of a folder, relative to the root, that can't be listed. */
export type Unlisted = (folder: string, why: Unreadable) => void;

/** The same of one folder alone, which is relative to the root. */
export function* filesIn(root: string, folder: string): Generator<string> {
  yield* walkFolder({ root, deep: false }, folder === '' ? '' : `${folder}/`, []);
}

/**
 * Everything but folders below a folder, or only what lies in it, whatever `.gitignore` says. Throws what `fs` throws. Links
 * to folders are not followed: Node's own recursive listing does, round and round.
 */
export function entriesBelow(folder: string, deep: boolean): readonly Dirent[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isDirectory()) return entry;
    return deep ? entriesBelow(join(folder, entry.name), deep) : [];
  });
}

/** The nearest folder at or above that holds `.git` (a file in worktrees and submodules). */
export function repositoryOf(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return undefined;
  }
}

/** Whether the path lies in the folder, at any depth. */
export function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

interface IgnoreFile {
  /** Relative to the root, with a `/` behind it; empty at the root. */
  readonly base: string;
  readonly patterns: Ignore;
}

const neverRead = new Set(['.git', 'node_modules']);

interface Walk {
  readonly root: string;
  readonly deep: boolean;
  readonly unlisted?: Unlisted | undefined;
}

function* walkFolder(walk: Walk, base: string, ignores: readonly IgnoreFile[]): Generator<string> {
  const { root, deep } = walk;
  const entries = listFolder(walk, base);
  const own = entries.some(({ name }) => name === '.gitignore') ? readIgnore(root, base) : undefined;
  const rules = own ? [...ignores, own] : ignores;
  for (const entry of entries) {
    const path = base + entry.name;
    if (entry.isDirectory()) {
      if (deep && !neverRead.has(entry.name) && !isIgnored(`${path}/`, rules))
        yield* walkFolder(walk, `${path}/`, rules);
    } else if (
      isYamlPath(path) &&
      !isIgnored(path, rules) &&
      (entry.isFile() || linksToFile(entry, join(root, path)))
    ) {
      yield path;
    }
  }
}

function listFolder({ root, unlisted }: Walk, base: string) {
  try {
    return readdirSync(join(root, base), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    const problem = `The folder can't be read (${codeOf(error)}), and nothing in it is checked. ${permission}`;
    unlisted?.(base.slice(0, -1), { problem });
    return [];
  }
}

function readIgnore(root: string, base: string): IgnoreFile | undefined {
  try {
    return { base, patterns: ignore().add(readFileSync(join(root, base, '.gitignore'), 'utf8')) };
  } catch {
    return undefined;
  }
}

/** As git reads it: the innermost file that speaks of the path decides. */
function isIgnored(path: string, rules: readonly IgnoreFile[]): boolean {
  for (let at = rules.length - 1; at >= 0; at -= 1) {
    const { base, patterns } = rules[at]!;
    const { ignored, unignored } = patterns.test(path.slice(base.length));
    if (ignored) return true;
    if (unignored) return false;
  }
  return false;
}

function linksToFile(entry: { isSymbolicLink(): boolean }, file: string): boolean {
  if (!entry.isSymbolicLink()) return false;
  try {
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
