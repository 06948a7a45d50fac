// Looks for the few keys of a map that are a problem, in as few trials as possible: mostly they are the same as for the
// line before.
import type { Schema } from '../../schema/schema.ts';

/** What was found in the maps of a schema last. It decides what is looked at first, and not what is found. */
export interface Suspects {
  /** Keys that didn't fit together with others. */
  readonly unfitting: Set<string>;
  /** Keys that needed another beside them. */
  readonly needy: Set<string>;
  /** Keys that another field didn't allow. */
  readonly clashing: Set<string>;
  /** Fields whose values let a key be accepted. */
  readonly helpful: Set<string>;
}

const known = new WeakMap<Schema, Suspects>();

/** The same for each map of the schema. */
export function suspectsIn(schema: Schema): Suspects {
  const before = known.get(schema);
  if (before) return before;
  const [unfitting, needy, clashing, helpful] = [0, 1, 2, 3].map(() => new Set<string>());
  const suspects = { unfitting: unfitting!, needy: needy!, clashing: clashing!, helpful: helpful! };
  known.set(schema, suspects);
  return suspects;
}

/** The suspects, each by itself, and all others; undefined if there is nothing to part. */
export function parted<T>(
  all: readonly T[],
  suspects: ReadonlySet<string>,
  nameOf: (one: T) => string,
): readonly (readonly T[])[] | undefined {
  const others = all.filter((one) => !suspects.has(nameOf(one)));
  if (others.length === all.length) return undefined;
  const alone = all.filter((one) => suspects.has(nameOf(one))).map((one) => [one]);
  return others.length === 0 ? alone : [...alone, others];
}

/** The entries that are bad by themselves, which are noted as suspects. `split` makes the parts to look at next. */
export function culpritsIn<T>(
  some: ReadonlyMap<string, T>,
  suspects: Set<string>,
  isBad: (some: ReadonlyMap<string, T>) => boolean,
  split: (some: ReadonlyMap<string, T>) => readonly ReadonlyMap<string, T>[],
): readonly string[] {
  if (some.size === 0) return [];
  const [first] = some.keys();
  if (!isBad(some)) {
    if (some.size === 1) suspects.delete(first!);
    return [];
  }
  if (some.size === 1) {
    suspects.add(first!);
    return [first!];
  }
  const parts = parted([...some], suspects, ([key]) => key)?.map((part) => new Map(part)) ?? split(some);
  return parts.flatMap((part) => culpritsIn(part, suspects, isBad, split));
}
