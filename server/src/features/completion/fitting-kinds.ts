// The kinds and versions to offer for an object: not a deprecated one beside a current one, and only those that fit what
// is already written below apiVersion and kind.
import { apiVersionOf, type Gvk } from '../../kube/identity.ts';
import type { SchemaStore } from '../../schema/schema.ts';
import type { Node } from '../../syntax/tree.ts';
import { isObject, type ObjectValue } from '../../syntax/value.ts';
import { nearValue } from './near.ts';
import { isMissing, problemsOf } from './trial-values.ts';

/** A deprecated one is offered if no current one begins with the typed word. */
export function withoutDeprecated<T>(
  items: readonly T[],
  word: string,
  read: (item: T) => { readonly text: string; readonly isDeprecated: boolean },
): readonly T[] {
  const typed = word.toLowerCase();
  const begins = (item: T) => read(item).text.toLowerCase().startsWith(typed);
  const hasCurrent = items.some((item) => !read(item).isDeprecated && begins(item));
  return hasCurrent ? items.filter((item) => !read(item).isDeprecated) : items;
}

export interface Fitting {
  /**
   * Those of the kinds, the likeliest first, that what is written fits best: mostly without any problem. All of them if
   * nothing is written. Where one of the first `likely` kinds fits, the others aren't tried.
   */
  of<T extends { readonly gvk: Gvk }>(kinds: readonly T[], likely?: number): Fits<T>;
}

export interface Fits<T> {
  readonly kinds: readonly T[];
  /** Some of the others were not tried. */
  readonly isCut: boolean;
}

/** Each trial reads the schema of a kind; once a likely one fits, the others wait for more of the word. */
const mostTried = 80;
const mostBeyondOne = 24;

/** `object` is the map that apiVersion and kind are written in, with a placeholder for the one at the cursor. */
export function fittingKinds(object: Node | undefined, schemas: SchemaStore): Fitting {
  let written: ObjectValue | undefined;
  const content = () => {
    written ??= contentOf(object);
    return written;
  };
  const names = object?.type === 'map' ? object.entries.map(({ key }) => key.text) : [];
  const isBegun = names.some((name) => !head.has(name) && !name.includes('\uE000'));
  const mismatches = (gvk: Gvk): number => {
    const known = schemas.lookup(gvk)?.schema.properties;
    if (known && Object.keys(content()).some((name) => !Object.hasOwn(known, name))) return Number.POSITIVE_INFINITY;
    const object = { ...content(), apiVersion: apiVersionOf(gvk), kind: gvk.kind };
    const problems = problemsOf(object, schemas, []).filter((problem) => !isMissing(problem));
    // A slip deep inside an object is no reason against its kind.
    return problems.reduce((sum, { path }) => sum + 100 ** -path.length, 0);
  };
  return {
    of<T extends { readonly gvk: Gvk }>(kinds: readonly T[], likely = 0): Fits<T> {
      if (!isBegun || kinds.length < 2) return { kinds, isCut: false };
      let best: T[] = [];
      let least = Number.POSITIVE_INFINITY;
      let limit = mostTried;
      for (const [tried, kind] of kinds.entries()) {
        if (tried >= limit) return { kinds: best, isCut: true };
        const count = mismatches(kind.gvk);
        if (count < least) best = [];
        if (count === 0 && least > 0) limit = tried < likely ? likely : mostBeyondOne;
        least = Math.min(least, count);
        if (count === least) best.push(kind);
      }
      return { kinds: best, isCut: false };
    },
  };
}

/** Every object has them. */
const head: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

function contentOf(object: Node | undefined): ObjectValue {
  const value = object && nearValue(object, []);
  const entries = isObject(value) ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter(([name]) => !name.includes('\uE000')));
}
