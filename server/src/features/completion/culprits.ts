// Looks for the few keys of a map that are a problem, in as few trials as possible: those that fit only by themselves are
// mostly the same as for the line before.
import type { Schema } from '../../schema/schema.ts';

/** What was found in the maps of a schema last. */
export interface Suspects {
  /** Keys that didn't fit together with others. */
  readonly unfitting: Set<string>;
  /** Fields whose values let a key be accepted. */
  readonly helpful: Set<string>;
}

const known = new WeakMap<Schema, Suspects>();

/** The same for each map of the schema. */
export function suspectsIn(schema: Schema): Suspects {
  const before = known.get(schema);
  if (before) return before;
  const suspects: Suspects = { unfitting: new Set(), helpful: new Set() };
  known.set(schema, suspects);
  return suspects;
}

/** The suspects, each by itself, and all others; undefined if there are no suspects among them. */
export function parted(
  all: readonly string[],
  suspects: ReadonlySet<string>,
): readonly (readonly string[])[] | undefined {
  const others = all.filter((one) => !suspects.has(one));
  if (others.length === all.length) return undefined;
  const alone = all.filter((one) => suspects.has(one)).map((one) => [one]);
  return others.length === 0 ? alone : [...alone, others];
}

/** The entries that are bad by themselves. `split` makes the parts of what is bad together. */
export function culpritsIn<T>(
  some: ReadonlyMap<string, T>,
  isBad: (some: ReadonlyMap<string, T>) => boolean,
  split: (some: ReadonlyMap<string, T>) => readonly ReadonlyMap<string, T>[],
): readonly string[] {
  if (some.size === 0 || !isBad(some)) return [];
  return some.size === 1 ? [...some.keys()] : split(some).flatMap((part) => culpritsIn(part, isBad, split));
}
