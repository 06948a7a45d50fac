// How many objects all builds of a workspace hold. Each is counted where it was made: what a build takes from another, or
// leaves as it was before an edit, is the same object. What Flux makes of a build by variables isn't counted: edits leave such forms
// behind, whose number has a bound of its own.
import type { BuiltObject } from '../kustomize/objects.ts';

/**
 * Six times what a generated fleet of 10,000 manifests with 1,450 overlays holds (41,636), and sixty times the largest of a
 * hundred public repositories. Each object takes 3 to 4 KB; a hundred small files that include each other can make a million.
 */
export const mostHeld = 250_000;

/** State: the objects that were counted. */
export class Held {
  readonly #counted = new WeakSet<BuiltObject>();
  readonly #most: number;
  #count = 0;

  constructor(most = mostHeld) {
    this.#most = most;
  }

  /** How many more objects may be made. */
  get room(): number {
    return Math.max(0, this.#most - this.#count);
  }

  /** Counts the objects of a value that no other has; returns them, to be given back with `drop`. */
  add(objects: readonly BuiltObject[]): readonly BuiltObject[] {
    const made = objects.filter((object) => !this.#counted.has(object));
    for (const object of made) this.#counted.add(object);
    this.#count += made.length;
    return made;
  }

  drop(made: readonly BuiltObject[]): void {
    for (const object of made) if (this.#counted.delete(object)) this.#count -= 1;
  }
}
