// The files of a root: those that were read, and the paths that a scan listed.
import { folderOf, foldersUp } from '../kustomize/paths.ts';
import type { SourceFile } from './document.ts';

export class Files {
  readonly #read = new Map<string, SourceFile>();
  #listed = new Set<string>();
  /** Every folder with the number of files in and below it; computed on demand. */
  #folders: Map<string, number> | undefined;
  /** All paths in the order of a walk, each after its key; computed on demand. */
  #walked: readonly (readonly [key: string, path: string])[] | undefined;
  readonly #below = new Map<string, readonly string[]>();

  /** Replaces the listed paths. */
  list(paths: Iterable<string>): void {
    this.#listed = new Set(paths);
    this.#folders = undefined;
    this.#forget();
  }

  /** Adds one listed path. */
  listOne(path: string): void {
    if (!this.has(path)) this.#count(path, 1);
    this.#listed.add(path);
    this.#forget();
  }

  get(path: string): SourceFile | undefined {
    return this.#read.get(path);
  }

  all(): Iterable<SourceFile> {
    return this.#read.values();
  }

  set(file: SourceFile): void {
    if (!this.has(file.path)) {
      this.#count(file.path, 1);
      this.#forget();
    }
    this.#read.set(file.path, file);
  }

  delete(path: string): void {
    if (!this.has(path)) return;
    this.#count(path, -1);
    this.#forget();
    this.#listed.delete(path);
    this.#read.delete(path);
  }

  /** Whether the file was read or listed. */
  has(path: string): boolean {
    return this.#read.has(path) || this.#listed.has(path);
  }

  /** The paths of all files, read or listed. */
  paths(): ReadonlySet<string> {
    return new Set([...this.#read.keys(), ...this.#listed]);
  }

  hasFolder(folder: string): boolean {
    return folder === '' || this.#allFolders().has(folder);
  }

  /** Whether the path of a nested folder ends with `path`. */
  hasFolderEnding(path: string): boolean {
    return [...this.#allFolders().keys()].some((folder) => folder.endsWith(`/${path}`));
  }

  /** The paths in a folder and below, in the order of a walk. */
  below(folder: string): readonly string[] {
    const known = this.#below.get(folder);
    if (known) return known;
    this.#walked ??= [...this.paths()]
      .map((path) => [walkKey(path), path] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    const prefix = folder === '' ? '' : walkKey(`${folder}/`);
    const start = firstAtLeast(this.#walked, prefix);
    const end = folder === '' ? this.#walked.length : firstAtLeast(this.#walked, `${prefix}\uFFFF`);
    const found = this.#walked.slice(start, end).map(([, path]) => path);
    this.#below.set(folder, found);
    return found;
  }

  #forget(): void {
    this.#walked = undefined;
    this.#below.clear();
  }

  /** When thousands of files come and go at once, folders are counted, not collected again. */
  #count(path: string, by: 1 | -1): void {
    if (!this.#folders) return;
    for (const folder of foldersUp(folderOf(path))) {
      const count = (this.#folders.get(folder) ?? 0) + by;
      if (count > 0) this.#folders.set(folder, count);
      else this.#folders.delete(folder);
    }
  }

  #allFolders(): ReadonlyMap<string, number> {
    if (this.#folders) return this.#folders;
    const folders = new Map<string, number>();
    this.#folders = folders;
    for (const path of this.paths()) this.#count(path, 1);
    return folders;
  }
}

/** Sorts everything below a folder in the place of the folder's name. */
function walkKey(path: string): string {
  return path.replaceAll('/', '\0');
}

/** The index of the first key that is at least `key`; the keys are sorted. */
function firstAtLeast(sorted: readonly (readonly [key: string, path: string])[], key: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]![0] < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
