// Lists the files of a root on disk, honouring `.gitignore`. reader.ts reads them, and language/programs.ts overlays them with
// open documents.
import { accessSync, constants, type Dirent, existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import type { Unread } from '../kustomize/file-source.ts';
import { isYamlPath } from '../kustomize/paths.ts';
import { type IgnorePatterns, ignorePatterns, isIgnoredBy, largestGlobs } from '../workspace/ignore.ts';
import { isKustomizationFile } from '../workspace/roles.ts';
import { readText, realFolder, refusal } from './reader.ts';

/** The message for a file or folder that can't be read. */
export interface Unreadable {
  readonly problem: string;
}

/** The message of the finding for a file that can't be read. */
export function problemOf({ reason, code, bytes }: Unread): string {
  switch (reason) {
    case 'large': {
      const megabytes = ((bytes ?? 0) / 1e6).toLocaleString('en', { maximumFractionDigits: 0 });
      return `The file is ${megabytes} MB and too large to be checked. Split it into several files.`;
    }
    case 'encoding':
      return 'The file must be UTF-8, which the API server requires; it is not checked. Save it as UTF-8.';
    case 'outside':
      return 'The file is a symbolic link out of the repository and is not read. Replace it with the file itself.';
    case 'irregular':
      return 'This is a pipe, a device or a socket instead of a file, and is not read. Remove it or list it in .gitignore.';
    case 'absent':
    case 'folder':
    case 'denied':
      return `The file can't be read (${code ?? reason}). ${permission}`;
  }
}

const permission = 'Check its permissions and those of all folders above it.';

/** Whether a path is a folder, or why the file or folder can't be read. */
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

/** Callbacks while files are listed; paths are relative to the root. */
export interface Listing {
  /** Called for a folder that can't be listed. */
  readonly unlisted?: Unlisted;
  /** Called for a file that isn't YAML but may be read by a kustomization in its folder or above. */
  readonly other?: (path: string) => void;
}

export type Unlisted = (folder: string, why: Unreadable) => void;

/**
 * The YAML files below `root`, as `/`-separated paths relative to it, sorted by name within each folder. Folders that can't
 * be read are skipped and reported. Links to folders are skipped, and so is anything but files and links to files (sockets,
 * pipes).
 */
export function* walk(root: string, listing: Listing = {}): Generator<string> {
  yield* walkFolder({ root, deep: true, listing, within: realFolder(root) }, '', [], false);
}

/** The YAML files directly in one folder, which is relative to the root. */
export function* filesIn(root: string, folder: string, listing: Listing = {}): Generator<string> {
  const base = folder === '' ? '' : `${folder}/`;
  yield* walkFolder({ root, deep: false, listing, within: realFolder(root) }, base, [], false);
}

/**
 * Everything except folders in a folder or, if `deep`, below it, regardless of `.gitignore`. Throws what `fs` throws. Links
 * to folders are not followed, unlike in Node's recursive listing, which may never end.
 */
export function entriesBelow(folder: string, deep: boolean): readonly Dirent[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isDirectory()) return entry;
    return deep ? entriesBelow(join(folder, entry.name), deep) : [];
  });
}

/** The folder itself or its nearest ancestor that contains `.git` (a file in worktrees and submodules). */
export function repositoryOf(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return undefined;
  }
}

/** Whether the path is in the folder, at any depth. */
export function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

interface IgnoreFile {
  /** The folder relative to the root, with a trailing `/`; empty at the root. */
  readonly base: string;
  readonly patterns: IgnorePatterns;
}

const neverRead = new Set(['.git', 'node_modules']);

interface Walk {
  readonly root: string;
  readonly deep: boolean;
  readonly listing: Listing;
  /** The root's real path. */
  readonly within: string;
}

/** `kustomized`: a folder above contains a kustomization. */
function* walkFolder(walk: Walk, base: string, ignores: readonly IgnoreFile[], kustomized: boolean): Generator<string> {
  const { root, deep, listing } = walk;
  const entries = listFolder(walk, base);
  const own = entries.some(({ name }) => name === '.gitignore') ? readIgnore(walk, base, ignores) : undefined;
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

/** In bytes, and well above any real file. */
const largestIgnoreFile = 1_000_000;

function readIgnore(
  { root, within, listing }: Walk,
  base: string,
  above: readonly IgnoreFile[],
): IgnoreFile | undefined {
  const path = `${base}.gitignore`;
  const text = readText(join(root, path), { largest: largestIgnoreFile, within });
  if (typeof text !== 'string') return undefined;
  const used = above.reduce((sum, { patterns }) => sum + patterns.size, 0);
  const patterns = ignorePatterns(text.split('\n'), largestGlobs - used);
  if (patterns.dropped > 0) listing.unlisted?.(path, { problem: tooManyPatterns(patterns.dropped) });
  return { base, patterns };
}

function tooManyPatterns(dropped: number): string {
  return (
    `Patterns with wildcards have more than ${largestGlobs} characters in all, counting those of the folders above. ` +
    `The last ${dropped} of this file are not applied. Remove some.`
  );
}

/** As in git, the innermost file with a matching pattern takes precedence. */
function isIgnored(path: string, rules: readonly IgnoreFile[]): boolean {
  for (let at = rules.length - 1; at >= 0; at -= 1) {
    const { base, patterns } = rules[at]!;
    const verdict = isIgnoredBy(patterns, path.slice(base.length));
    if (verdict !== undefined) return verdict;
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
