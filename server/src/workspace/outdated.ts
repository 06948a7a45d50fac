// What is made of answers about files is outdated once one of them changes, and with it everything that was made of that.
import { folderOf, foldersUp } from '../kustomize/paths.ts';

/** Whether something is outdated. */
export interface Outdated {
  isOutdated: boolean;
  /** What was made of it; undefined if nothing was. */
  readers?: Readers | undefined;
}

interface Readers {
  readonly all: Set<Outdated>;
  /** With more readers, those that are outdated are forgotten. */
  most: number;
}

const fewestReaders = 64;

export function addReader(of: { readers?: Readers | undefined }, reader: Outdated): void {
  of.readers ??= { all: new Set(), most: fewestReaders };
  const { all } = of.readers;
  all.add(reader);
  if (all.size <= of.readers.most) return;
  for (const one of all) if (one.isOutdated) all.delete(one);
  of.readers.most = Math.max(fewestReaders, 2 * all.size);
}

export function outdate({ readers }: { readonly readers?: Readers | undefined }): void {
  for (const reader of readers?.all ?? []) {
    if (reader.isOutdated) continue;
    reader.isOutdated = true;
    outdate(reader);
    reader.readers = undefined;
  }
}

/** An answer about a path, and what was made of it. */
export interface Current {
  readonly answer: Answer;
  readers?: Readers | undefined;
}

export interface Answer {
  readonly kind: 'file' | 'folder' | undefined;
  readonly text: string | undefined;
  readonly below: readonly string[] | undefined;
}

export function isSameAnswer(a: Answer, b: Answer): boolean {
  if (a.kind !== b.kind || a.text !== b.text) return false;
  const [left, right] = [a.below, b.below];
  return left === right || (left?.length === right?.length && left!.every((path, index) => path === right![index]));
}

/** What may have another answer after changes of files: their paths, and the folders above them. */
export function concernedBy(paths: readonly string[]): ReadonlySet<string> {
  const folders = paths.flatMap((path) => foldersUp(folderOf(path)));
  return new Set([...paths, ...folders, ...folders.map((folder) => `${folder}/**`)]);
}
