// Files of a root on Node's disk: which there are, honouring `.gitignore`. reader.ts reads them, and language/programs.ts puts open
// documents over them.
import { accessSync, constants, type Dirent, existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import type { Unread } from '../kustomize/file-source.ts';
import { isYamlPath } from '../kustomize/paths.ts';
import { isKustomizationFile } from '../workspace/roles.ts';
import { readText, realFolder, refusal } from './reader.ts';

/** A file or folder that could not be read, in a sentence with the remedy. */
export interface Unreadable {
  readonly problem: string;
}

/** What a report says of a file that could not be read. */
export function problemOf({ reason, code, bytes }: Unread): string {
  switch (reason) {
    case 'large': {
      const megabytes = ((bytes ?? 0) / 1e6).toLocaleString('en', { maximumFractionDigits: 0 });
      return `The file has ${megabytes} MB and is not checked. Split it into several files.`;
    }
    case 'encoding':
      return 'The file is not UTF-8, which the API server asks for, and is not checked. Save it as UTF-8.';
    case 'outside':
      return 'The file is a link that leads out of the repository, and is not read. Replace it by the file itself.';
    case 'irregular':
      return 'This is a pipe, a device or a socket, not a file, and is not read. Remove it or list it in .gitignore.';
    case 'absent':
    case 'folder':
    case 'denied':
      return `The file can't be read (${code ?? reason}). ${permission}`;
  }
}

const permission = 'Check that you may read it and all folders above it.';

/** Whether a path is a folder, once it is sure that the file or folder can be read. */
export function isFolder(path: string): boolean | Unreadable {
  try {
    const folder = statSync(path).isDirectory();
    if (folder) readdirSync(path);
    else accessSync(path, constants.R_OK);
    return folder;
  } catch (error) {
    const { reason, code } = refusal(error);
    if (reason === 'absent') return { problem: 'no such file or folder' };
    return { problem: `can't be read (${code}). ${permission}` };
  }
}

/** Called while files are listed; paths are relative to the root. */
export interface Listing {
  /** With a folder that can't be listed. */
  readonly unlisted?: Unlisted;
  /** With a file that isn't YAML but lies where a kustomization may read it: beside one or below. */
  readonly other?: (path: string) => void;
}

export type Unlisted = (folder: string, why: Unreadable) => void;

/**
 * YAML files below `root`, as paths relative to it with `/`, each folder's sorted by name. Folders that can't be read are
 * left out and reported; links to folders and what is neither file nor link to one (sockets, pipes) are left out as well.
 */
export function* walk(root: string, listing: Listing = {}): Generator<string> {
  yield* walkFolder({ root, deep: true, listing, within: realFolder(root) }, '', [], false);
}

/** The same of one folder alone, which is relative to the root. */
export function* filesIn(root: string, folder: string, listing: Listing = {}): Generator<string> {
  const base = folder === '' ? '' : `${folder}/`;
  yield* walkFolder({ root, deep: false, listing, within: realFolder(root) }, base, [], false);
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
  readonly listing: Listing;
  /** The root's real path. */
  readonly within: string;
}

/** `kustomized`: a folder above holds a kustomization. */
function* walkFolder(walk: Walk, base: string, ignores: readonly IgnoreFile[], kustomized: boolean): Generator<string> {
  const { root, deep, listing } = walk;
  const entries = listFolder(walk, base);
  const own = entries.some(({ name }) => name === '.gitignore') ? readIgnore(walk, base) : undefined;
  const rules = own ? [...ignores, own] : ignores;
  const read = kustomized || entries.some(({ name }) => isKustomizationFile(name));
  for (const entry of entries) {
    const path = base + entry.name;
    if (entry.isDirectory()) {
      if (deep && !neverRead.has(entry.name) && !isIgnored(`${path}/`, rules))
        yield* walkFolder(walk, `${path}/`, rules, read);
      continue;
    }
    const yaml = isYamlPath(path);
    if (!yaml && !(read && listing.other)) continue;
    if (isIgnored(path, rules) || !(entry.isFile() || linksToFile(entry, join(root, path)))) continue;
    if (yaml) yield path;
    else listing.other?.(path);
  }
}

function listFolder({ root, listing: { unlisted } }: Walk, base: string) {
  try {
    return readdirSync(join(root, base), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    const problem = `The folder can't be read (${refusal(error).code}), and nothing in it is checked. ${permission}`;
    unlisted?.(base.slice(0, -1), { problem });
    return [];
  }
}

/** More patterns than anybody writes; each is tried on every path. */
const largestIgnoreFile = 1_000_000;

function readIgnore({ root, within }: Walk, base: string): IgnoreFile | undefined {
  const text = readText(join(root, base, '.gitignore'), { largest: largestIgnoreFile, within });
  return typeof text === 'string' ? { base, patterns: ignore().add(text) } : undefined;
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
