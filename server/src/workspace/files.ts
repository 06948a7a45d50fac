// The files of a root: those that were read, and the paths that a scan has listed.
import { folderOf, foldersUp } from '../kustomize/paths.ts';
import type { SourceFile } from './document.ts';

export class Files {
  readonly #read = new Map<string, SourceFile>();
  #listed = new Set<string>();
  /** Every folder that holds a file; made when it is asked for. */
  #folders: ReadonlySet<string> | undefined;

  /** Replaces what was listed before. */
  list(paths: Iterable<string>): void {
    this.#listed = new Set(paths);
    this.#folders = undefined;
  }

  /** Adds one path to what was listed. */
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

  /** Read or listed. */
  has(path: string): boolean {
    return this.#read.has(path) || this.#listed.has(path);
  }

  /** Of all files, read or listed. */
  paths(): ReadonlySet<string> {
    return new Set([...this.#read.keys(), ...this.#listed]);
  }

  hasFolder(folder: string): boolean {
    return folder === '' || this.#allFolders().has(folder);
  }

  /** Whether a folder deeper down has the path as its end. */
  hasFolderEnding(path: string): boolean {
    return [...this.#allFolders()].some((folder) => folder.endsWith(`/${path}`));
  }

  #allFolders(): ReadonlySet<string> {
    if (!this.#folders) {
      const holding = new Set([...this.paths()].map(folderOf));
      this.#folders = new Set([...holding].flatMap(foldersUp));
    }
    return this.#folders;
  }
}
