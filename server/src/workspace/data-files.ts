// The files of a root that aren't manifests, such as the input of generators and Helm charts. They are read on demand, and
// again after a change.
import type { FileSource } from '../kustomize/file-source.ts';
import { fileNameOf, folderOf, foldersUp, joinPath, kustomizationNames } from '../kustomize/paths.ts';

/** When the cached texts exceed this length in total (UTF-16 units), the oldest are evicted. */
const keptLength = 20_000_000;

/** Whether a kustomization in the file's folder or above it may read the file. */
export function isInKustomization(known: { hasFile(path: string): boolean }, path: string): boolean {
  return foldersUp(folderOf(path)).some((folder) =>
    kustomizationNames.some((name) => known.hasFile(joinPath(folder, name))),
  );
}

/** State: the cached texts. */
export class DataFiles {
  readonly #source: FileSource;
  readonly #texts = new Map<string, string | undefined>();
  readonly #kinds = new Map<string, 'file' | 'folder' | undefined>();
  readonly #realPaths = new Map<string, string>();
  #length = 0;

  constructor(source: FileSource) {
    this.#source = source;
  }

  /** Undefined if the path isn't a regular file, is outside the root, is too large or isn't UTF-8. */
  text(path: string): string | undefined {
    if (this.#texts.has(path)) return this.#texts.get(path);
    const read = this.#source.read(path);
    const text = typeof read === 'string' ? read : undefined;
    this.#texts.set(path, text);
    this.#length += text?.length ?? 0;
    for (const [old] of this.#texts) {
      if (this.#length <= keptLength || old === path) break;
      this.#forget(old);
    }
    return text;
  }

  /** The content of a file that isn't text, read anew for every call. */
  bytes(path: string): Uint8Array | undefined {
    return this.#source.bytes?.(path);
  }

  /** The files in a folder and below, relative to it; undefined if the source can't list folders. */
  below(folder: string): readonly string[] | undefined {
    return this.#source.below?.(folder);
  }

  kindOf(path: string): 'file' | 'folder' | undefined {
    if (!this.#kinds.has(path)) this.#kinds.set(path, this.#source.kindOf(path));
    return this.#kinds.get(path);
  }

  /** The path that links lead to, for what exists. */
  realPath(path: string): string {
    const known = this.#realPaths.get(path);
    if (known !== undefined) return known;
    const real = this.#findRealPath(path);
    this.#realPaths.set(path, real);
    return real;
  }

  /** Of the many files of a folder, hardly any is a link, and to follow all links of a path takes long. */
  #findRealPath(path: string): string {
    const isWritten = path !== '' && this.#source.isLink?.(path) === false;
    if (isWritten) return joinPath(this.realPath(folderOf(path)), fileNameOf(path));
    return this.#source.realPath?.(path) ?? path;
  }

  /** Also forgets the folders above the file, which may have been created or deleted with it. */
  changed(path: string): void {
    this.#forget(path);
    for (const one of [path, ...foldersUp(folderOf(path))]) {
      this.#kinds.delete(one);
      this.#realPaths.delete(one);
    }
  }

  #forget(path: string): void {
    this.#length -= this.#texts.get(path)?.length ?? 0;
    this.#texts.delete(path);
  }
}
