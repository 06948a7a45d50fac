// Where the entry of an object is kept: those that `trim` makes hold theirs themselves, which is ten times as fast as a table of
// ten thousand weak keys; copies of them are in such a table.

export class Remembering {
  #entry: unknown[] | undefined;

  static entryOf(object: object): unknown[] | undefined {
    return #entry in object ? object.#entry : others.get(object);
  }

  static keep(object: object, entry: unknown[]): void {
    if (#entry in object) object.#entry = entry;
    else others.set(object, entry);
  }
}

const others = new WeakMap<object, unknown[]>();
