// Makes what a folder accumulated again after objects of the folders that it includes changed: only these are transformed, by
// the changes that were noted when everything was transformed last (transformers/transformer.ts).
import type { Accumulated } from './accumulate.ts';
import type { BuiltObject } from './objects.ts';
import type { Recorded } from './run.ts';
import type { Made } from './transformers/transformer.ts';
import { isSameButValue } from './unchanged.ts';

/**
 * Undefined if an object came, went, or has another name, or if something is reported: that may concern other objects. `taken`
 * are the recordings that the earlier one took, as they are now.
 */
export function replayed(
  earlier: Recorded<Accumulated>,
  taken: readonly Recorded<Accumulated>[],
): Pick<Recorded<Accumulated>, 'accumulated' | 'made'> | undefined {
  const { accumulated, made } = earlier;
  const changed = taken.map(({ accumulated: now }, index) =>
    changedIn(earlier.taken[index]!.recorded.accumulated, now),
  );
  if (!made || accumulated.variables.size > 0 || changed.includes(undefined)) return undefined;
  const replaced = made.map(() => new Map<number, Replaced>());
  const objects = [...accumulated.objects];
  for (const [before, now] of changed.flatMap((one) => one ?? [])) {
    const path = pathOf(before, made);
    const at = path && accumulated.objects.indexOf(path.last);
    if (!path || at === undefined || at === -1) return undefined;
    let object = now;
    for (const [index, { change, to }] of made.entries()) {
      const place = path.places[index]!;
      let isReported = false;
      const next = change(object, () => {
        isReported = true;
      });
      if (isReported || !next || !isSameButValue(next, to[place]!)) return undefined;
      replaced[index]!.set(place, { from: object, to: next });
      object = next;
    }
    objects[at] = object;
  }
  return {
    accumulated: { ...accumulated, objects },
    made: made.map((one, index) => withReplaced(one, replaced[index]!)),
  };
}

type Pair = readonly [before: BuiltObject, now: BuiltObject];

/** Undefined if more changed than values of objects. */
function changedIn(before: Accumulated, now: Accumulated): readonly Pair[] | undefined {
  if (before === now) return [];
  if (before.config !== now.config || before.variables.size > 0 || now.variables.size > 0) return undefined;
  if (before.objects.length !== now.objects.length) return undefined;
  const pairs: Pair[] = [];
  for (const [index, object] of now.objects.entries()) {
    const old = before.objects[index]!;
    if (old === object) continue;
    if (!isSameButValue(old, object)) return undefined;
    pairs.push([old, object]);
  }
  return pairs;
}

/** The index of an object in each change, and what it became; undefined if something else changed it in between. */
function pathOf(
  object: BuiltObject,
  made: readonly Made[],
): { readonly places: readonly number[]; readonly last: BuiltObject } | undefined {
  const places: number[] = [];
  let last = object;
  for (const { from, to, reported } of made) {
    const place = from.indexOf(last);
    const next = to[place];
    if (!next || reported.has(place)) return undefined;
    places.push(place);
    last = next;
  }
  return { places, last };
}

interface Replaced {
  readonly from: BuiltObject;
  readonly to: BuiltObject;
}

function withReplaced(made: Made, replaced: ReadonlyMap<number, Replaced>): Made {
  if (replaced.size === 0) return made;
  const from = made.from.map((object, index) => replaced.get(index)?.from ?? object);
  const to = made.to.map((object, index) => replaced.get(index)?.to ?? object);
  return { ...made, from, to, result: to.filter((object) => object !== undefined) };
}
