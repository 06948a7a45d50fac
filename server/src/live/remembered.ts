// What is made of a live object. Objects never change in place, so it is made once and kept as long as the object is: everything
// about one object in one entry.
import type { LiveObject } from './object.ts';
import { Remembering } from './remembering.ts';

let slots = 0;

export interface Remembered<T> {
  get(object: LiveObject): T | undefined;
  set(object: LiveObject, value: T): void;
}

export function remembered<T>(): Remembered<T> {
  const slot = slots++;
  return {
    get: (object) => Remembering.entryOf(object)?.[slot] as T | undefined,
    set(object, value) {
      const entry = Remembering.entryOf(object);
      if (entry) entry[slot] = value;
      else Remembering.keep(object, filled(slot, value));
    },
  };
}

/** `make`, called once for each object. */
export function oncePerObject<T extends object>(make: (object: LiveObject) => T): (object: LiveObject) => T {
  const known = remembered<T>();
  return (object) => {
    const before = known.get(object);
    if (before !== undefined) return before;
    const value = make(object);
    known.set(object, value);
    return value;
  };
}

function filled(slot: number, value: unknown): unknown[] {
  const entry: unknown[] = [];
  for (let at = 0; at < slots; at++) entry.push(at === slot ? value : undefined);
  return entry;
}
