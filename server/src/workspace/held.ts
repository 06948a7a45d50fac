// How many objects all builds of a workspace hold. Each is counted once: what a build takes from another, or leaves as it was
// before an edit, is the same object. What Flux makes of a build by variables isn't counted: edits leave such forms
// behind, whose number has a bound of its own.
import type { BuiltObject } from '../kustomize/objects.ts';

/**
 * Six times what a generated fleet of 10,000 manifests with 1,450 overlays holds (41,636), and sixty times the largest of a
 * hundred public repositories. Each object takes 3 to 4 KB; a hundred small files that include each other can make a million.
 */
export const mostHeld = 250_000;

/** State: how many builds hold each object. */
export class Held {
  readonly #holders = new WeakMap<BuiltObject, number>();
  readonly #most: number;
  #count = 0;

  constructor(most = mostHeld) {
    this.#most = most;
  }

  /** How many more objects may be made. */
  get room(): number {
    return Math.max(0, this.#most - this.#count);
  }

  /** Counts the objects of a value that no other has. They are given back with `drop`. */
  add(objects: readonly BuiltObject[]): void {
    for (const object of objects) {
      const holders = this.#holders.get(object) ?? 0;
      if (holders === 0) this.#count += 1;
      this.#holders.set(object, holders + 1);
    }
  }

  drop(objects: readonly BuiltObject[]): void {
    for (const object of objects) {
      const holders = this.#holders.get(object) ?? 0;
      if (holders > 1) this.#holders.set(object, holders - 1);
      else if (this.#holders.delete(object)) this.#count -= 1;
    }
  }
}
