// Files of a root that aren't manifests: what generators, Helm charts and the like read. They are read when something
// asks for them, and again once they changed.
import type { FileSource } from '../kustomize/file-source.ts';
import { folderOf, foldersUp, joinPath, kustomizationNames } from '../kustomize/paths.ts';

/** Texts kept in UTF-16 units; past this the oldest are read again when they are asked for again. */
const keptLength = 20_000_000;

/** Whether a kustomization in the file's folder or above may read it. */
export function isInKustomization(known: { hasFile(path: string): boolean }, path: string): boolean {
  return foldersUp(folderOf(path)).some((folder) =>
    kustomizationNames.some((name) => known.hasFile(joinPath(folder, name))),
  );
}

/** State: the texts read so far. */
export class DataFiles {
  readonly #source: FileSource;
  readonly #texts = new Map<string, string | undefined>();
  readonly #kinds = new Map<string, 'file' | 'folder' | undefined>();
  #length = 0;

  constructor(source: FileSource) {
    this.#source = source;
  }

  /** Undefined for what is no regular file, lies outside the root, is too large or isn't UTF-8. */
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

  kindOf(path: string): 'file' | 'folder' | undefined {
    if (!this.#kinds.has(path)) this.#kinds.set(path, this.#source.kindOf(path));
    return this.#kinds.get(path);
  }

  /** With a file its folders may have come or gone. */
  changed(path: string): void {
    this.#forget(path);
    for (const one of [path, ...foldersUp(folderOf(path))]) this.#kinds.delete(one);
  }

  #forget(path: string): void {
    this.#length -= this.#texts.get(path)?.length ?? 0;
    this.#texts.delete(path);
  }
}
