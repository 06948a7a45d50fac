// The files of a root: those that were read, and the paths that a scan listed.
import { folderOf, foldersUp } from '../kustomize/paths.ts';
import type { SourceFile } from './document.ts';

export class Files {
  readonly #read = new Map<string, SourceFile>();
  #listed = new Set<string>();
  /** Every folder with a file in or below it; computed on demand. */
  #folders: ReadonlySet<string> | undefined;

  /** Replaces the listed paths. */
  list(paths: Iterable<string>): void {
    this.#listed = new Set(paths);
    this.#folders = undefined;
  }

  /** Adds one listed path. */
  listOne(path: string): void {
    this.#listed.add(path);
    this.#folders = undefined;
  }

  get(path: string): SourceFile | undefined {
    return this.#read.get(path);
  }

  all(): Iterable<SourceFile> {
    return this.#read.values();
  }

  set(file: SourceFile): void {
    if (!this.#read.has(file.path)) this.#folders = undefined;
    this.#read.set(file.path, file);
  }

  delete(path: string): void {
    this.#folders = undefined;
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
    return [...this.#allFolders()].some((folder) => folder.endsWith(`/${path}`));
  }

  #allFolders(): ReadonlySet<string> {
    if (!this.#folders) {
      const parents = new Set([...this.paths()].map(folderOf));
      this.#folders = new Set([...parents].flatMap(foldersUp));
    }
    return this.#folders;
  }
}
