// The appliers of a fleet, and the objects of a build, by the files that they come from. After a change only what changed is
// indexed again.
import type { BuiltMap } from '../kustomize/built.ts';
import { filesIn } from '../kustomize/built-files.ts';
import type { BuiltObject } from '../kustomize/objects.ts';
import type { Steps } from '../syntax/steps.ts';
import type { Applier } from './cluster.ts';

/** State: appliers by file, in their order. */
export class AppliersByFile {
  readonly #filesOf: (applier: Applier) => Iterable<string>;
  #byFile = new Map<string, readonly Applier[]>();
  #places = new Map<Applier, number>();

  constructor(filesOf: (applier: Applier) => Iterable<string>) {
    this.#filesOf = filesOf;
  }

  get(file: string): readonly Applier[] | undefined {
    return this.#byFile.get(file);
  }

  /** Replaces all appliers. `get` answers as before until the last step. */
  *update(appliers: readonly Applier[]): Steps<true> {
    const places = new Map(appliers.map((applier, place) => [applier, place]));
    const came = appliers.filter((applier) => !this.#places.has(applier));
    const gone = [...this.#places.keys()].filter((applier) => !places.has(applier));
    const isOther = gone.length > places.size / 2;
    const changes = new Map<string, Applier[]>();
    for (const applier of isOther ? appliers : came) {
      for (const file of this.#filesOf(applier)) {
        const same = changes.get(file);
        if (same) same.push(applier);
        else changes.set(file, [applier]);
      }
      yield;
    }
    if (!isOther)
      for (const applier of gone)
        for (const file of this.#filesOf(applier)) if (!changes.has(file)) changes.set(file, []);
    const byFile = isOther ? new Map<string, readonly Applier[]>() : this.#byFile;
    for (const [file, more] of changes) {
      const kept = (byFile.get(file) ?? []).filter((applier) => places.has(applier));
      const all = [...kept, ...more].sort((a, b) => places.get(a)! - places.get(b)!);
      if (all.length > 0) byFile.set(file, all);
      else byFile.delete(file);
    }
    this.#byFile = byFile;
    this.#places = places;
    return true;
  }
}

type FilesOf = (object: BuiltMap) => Iterable<string>;

const known = new Map<FilesOf, WeakMap<readonly BuiltObject[], ReadonlyMap<string, readonly BuiltObject[]>>>();

/** Computed once for a list of objects. */
export function objectsByFile(
  objects: readonly BuiltObject[],
  filesOf: FilesOf,
): ReadonlyMap<string, readonly BuiltObject[]> {
  let ofLists = known.get(filesOf);
  if (!ofLists) known.set(filesOf, (ofLists = new WeakMap()));
  const before = ofLists.get(objects);
  if (before) return before;
  const found = new Map<string, BuiltObject[]>();
  for (const object of objects) {
    for (const file of filesOf(object.value)) {
      const same = found.get(file);
      if (same) same.push(object);
      else found.set(file, [object]);
    }
  }
  ofLists.set(objects, found);
  return found;
}

/** The file that an object begins in; what patches add comes from other files. */
export function beginningIn({ origin }: BuiltMap): readonly string[] {
  return [origin.source.file];
}

/** The files that the values of an applier's objects come from. */
export function originsOf({ result }: Applier): Iterable<string> {
  return objectsByFile(result.objects, filesIn).keys();
}
