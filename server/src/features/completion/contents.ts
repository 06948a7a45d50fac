// Tries the structure that keys are inserted with: the API server's code may require more than the schema does, or refuse
// the structure that the schema requires.
import type { SchemaStore } from '../../schema/schema.ts';
import { printPath } from '../../syntax/navigate.ts';
import { type Path, unknown, type Value } from '../../syntax/tree.ts';
import { isList, isObject, valueAt } from '../../syntax/value.ts';
import type { Problem } from '../../validation/problem.ts';
import { culpritsIn, type Suspects } from './culprits.ts';
import { changed, isEmpty, isMissing, judgeOnce, judgeTried, nameOf } from './trial-values.ts';
import { hasRules, ruleProblems } from './tried-rules.ts';

export interface Contents {
  /** Fields that only the API server's code requires, by the printed path of their map. */
  readonly missing: ReadonlyMap<string, readonly string[]>;
  /** The keys whose contents bring a problem. */
  readonly refused: ReadonlySet<string>;
  /** Fields that must be set beside a key, which the map lacks. */
  readonly beside: ReadonlyMap<string, readonly string[]>;
  /** Fields beside a key that must have a certain value. */
  readonly settings: ReadonlyMap<string, Setting>;
  /** Keys that what is written excludes, whatever follows them. */
  readonly excluded: ReadonlySet<string>;
}

export interface Setting {
  readonly name: string;
  readonly value: Value;
}

interface Tried {
  /** The object without the keys, and the path of their map in it. */
  readonly base: Value;
  readonly path: Path;
  readonly schemas: SchemaStore;
  /** Problems that the object has anyway. */
  isKnown(problem: string): boolean;
  /** Problems of what is there in the object, and of what changes with it. */
  problemsIn(object: Value, before: Value): readonly Problem[];
  /** The values that a field of the map is filled with. */
  choices(name: string): readonly Value[];
  /** The fields of the map that have few values. */
  chosen(): readonly string[];
  /** Of the map's schema. */
  readonly suspects: Suspects;
}

/** What is found with each of several objects: what one of them refuses is refused. */
export function allContents(found: readonly Contents[]): Contents {
  const names = (of: 'missing' | 'beside') => {
    const all = new Map<string, readonly string[]>();
    for (const one of found)
      for (const [at, more] of one[of]) all.set(at, [...new Set([...(all.get(at) ?? []), ...more])]);
    return all;
  };
  const keys = (of: 'refused' | 'excluded') => new Set(found.flatMap((one) => [...one[of]]));
  return {
    ...{ missing: names('missing'), beside: names('beside') },
    ...{ refused: keys('refused'), excluded: keys('excluded') },
    settings: new Map(found.flatMap(({ settings }) => [...settings])),
  };
}

/** Values beside keys that are tried for all of them. */
const mostSettings = 24;

/** Needs of needs are rare. */
const mostRounds = 3;

/** What is left to fill in is unknown in `contents` and has any value in `samples`. */
export function tryContents(
  { base, path, schemas, isKnown, problemsIn: allProblemsIn, choices, chosen, suspects: of }: Tried,
  contents: ReadonlyMap<string, Value>,
  samples: ReadonlyMap<string, Value>,
): Contents {
  /** The same for each question about the same contents, so that it is judged once. */
  const objects = new Map<ReadonlyMap<string, Value>, Value>();
  const missing = new Map<string, Set<string>>();
  let settingsTried = 0;
  let known: ReadonlySet<string> | undefined;
  /** Fields that the map lacks anyway. */
  const lacked = () => {
    known ??= new Set(missingIn(base));
    return known;
  };
  const suspects = new Set<string>();
  /** Fields whose values let keys be accepted. */
  const helpful = new Set<string>();
  // A value beside a structure may be just the one that it needs.
  const [structures, scalars] = [true, false].map(
    (isStructure) => new Map([...contents].filter(([, value]) => (isList(value) || isObject(value)) === isStructure)),
  );
  for (const { key, problem, object } of [...problemsIn(structures!), ...problemsIn(scalars!)]) {
    if (!noteMissing(object, problem) && !isEmpty(valueAt(object, problem.path) ?? null)) suspects.add(key);
  }
  // Rules are about what is beside a key, which others that are tried with it may be.
  for (const one of hasRules(base) ? structures! : []) {
    const some = new Map([one]);
    if (ruleProblems(withContents(some)).some((problem) => isWithin(problem, some))) suspects.add(one[0]);
  }
  // Some checks skip what is unknown.
  if (samples.size > 0) for (const { object, problem } of problemsIn(samples)) noteMissing(object, problem);
  const refused = new Set(
    [...suspects].filter((key) =>
      problemsIn(new Map([[key, contents.get(key)!]])).some(({ object, problem }) => isRefused(problem, object)),
    ),
  );
  const settings = new Map<string, Setting>();
  const excluded: string[] = [];
  for (const key of refused) {
    const setting = isRefusedItself(key) ? settingFor(key) : undefined;
    if (!setting && !isForbidden(key)) continue;
    // Written with another value, it excludes the key.
    if (!setting || valueAt(base, [...path, setting.name]) !== undefined) excluded.push(key);
    else settings.set(key, setting);
    refused.delete(key);
  }
  const lackingIn = (some: ReadonlyMap<string, Value>) =>
    missingIn(withContents(some)).filter((name) => !some.has(name) && !lacked().has(name));
  const beside = new Map<string, readonly string[]>();
  for (const some of [structures!, ...apart(scalars!)]) {
    // Mostly few keys.
    for (const key of culpritsIn(some, (part) => lackingIn(part).length > 0, inTwo))
      beside.set(key, lackingWith(key, contents.get(key)!));
  }
  const clashes = (some: ReadonlyMap<string, Value>): boolean => {
    const object = withContents(some);
    return allProblemsIn(object, base).some((problem) => !isWithin(problem, some) && !isKnown(nameOf(problem)));
  };
  // The same objects as above, which are judged already.
  for (const some of [structures!, scalars!]) excluded.push(...culpritsIn(some, clashes, singly));
  // What a key needs beside it may not fit what is written, whichever of its values is chosen.
  for (const [key, names] of beside) {
    const withValues = (values: readonly (readonly [string, Value])[]) =>
      new Map<string, Value>([[key, contents.get(key)!], ...values]);
    const [chosen, ...others] = names.toSorted((a, b) => choices(b).length - choices(a).length);
    if (chosen === undefined) continue;
    const rest = others.map((name): readonly [string, Value] => [name, unknown]);
    const values: readonly Value[] = choices(chosen).length === 0 ? [unknown] : choices(chosen);
    const free = values.filter((value) => !clashes(withValues([[chosen, value], ...rest])));
    const first = others.map((name): readonly [string, Value] => [name, choices(name)[0] ?? unknown]);
    const value = free.find((one) => !isRefusedIn(withValues([[chosen, one], ...first])));
    if (free.length === 0 || (value === undefined && choices(chosen).length > 0)) excluded.push(key);
    // Any value fits, or the one that is inserted anyway.
    if (value === undefined || value === unknown || value === choices(chosen)[0] || settings.has(key)) continue;
    settings.set(key, { name: chosen, value });
    beside.set(key, others);
  }
  return {
    missing: new Map([...missing].map(([at, names]) => [at, [...names]])),
    refused,
    beside,
    settings,
    excluded: new Set(excluded),
  };

  function isRefused(problem: Problem, object: Value): boolean {
    return valueAt(object, problem.path) !== undefined && !isKnown(nameOf(problem));
  }

  /** Whether the key is refused, whatever its contents. */
  function isForbidden(key: string): boolean {
    return problemsIn(new Map([[key, contents.get(key)!]])).some(
      ({ problem, object }) =>
        problem.on === 'key' && problem.path.length === path.length + 1 && isRefused(problem, object),
    );
  }

  /** Whether a key is refused as a whole, but not forbidden. */
  function isRefusedItself(key: string): boolean {
    return isRefusedIn(new Map([[key, contents.get(key)!]]));
  }

  function isRefusedIn(some: ReadonlyMap<string, Value>): boolean {
    return problemsIn(some).some(
      ({ problem, object }) =>
        problem.path.length === path.length + 1 && problem.rule !== 'schema/forbidden' && isRefused(problem, object),
    );
  }

  /** The value beside a key with which its contents are accepted, such as the completion mode of a Job. */
  function settingFor(key: string): Setting | undefined {
    for (const name of settable()) {
      const written = valueAt(base, [...path, name]);
      for (const value of name === key ? [] : choices(name)) {
        if (value === written) continue;
        if (++settingsTried > mostSettings) return undefined;
        const found = problemsIn(
          new Map([
            [key, contents.get(key)!],
            [name, value],
          ]),
        );
        if (found.some(({ problem, object }) => isRefused(problem, object))) continue;
        helpful.add(name);
        of.helpful.add(name);
        return { name, value };
      }
    }
    return undefined;
  }

  /** First what helped another key, then what is written: a key is mostly refused because of it. */
  function settable(): readonly string[] {
    const rank = (name: string) => {
      if (helpful.has(name)) return 0;
      if (valueAt(base, [...path, name]) !== undefined) return 1;
      return of.helpful.has(name) ? 2 : 3;
    };
    return chosen().toSorted((a, b) => rank(a) - rank(b));
  }

  /** What a key needs beside it, and what that needs in turn. */
  function lackingWith(key: string, value: Value): readonly string[] {
    let found: ReadonlyMap<string, Value> = new Map([[key, value]]);
    for (let round = 0; round < mostRounds; round += 1) {
      const names = lackingIn(found);
      if (names.length === 0) break;
      found = new Map([...found, ...names.map((name) => [name, choices(name)[0] ?? unknown] as const)]);
    }
    return [...found.keys()].slice(1);
  }

  function withContents(some: ReadonlyMap<string, Value>): Value {
    const known = objects.get(some);
    if (known !== undefined) return known;
    const entries = Object.fromEntries(some);
    const object = changed(base, path, (map) => ({ ...(isObject(map) && map), ...entries })) ?? base;
    objects.set(some, object);
    return object;
  }

  /** Fields that the map at the cursor lacks. */
  function missingIn(object: Value): readonly string[] {
    return fieldsMissing(object, path, schemas);
  }

  /** The problems in the contents of the keys. */
  function problemsIn(some: ReadonlyMap<string, Value>): readonly InContents[] {
    const object = withContents(some);
    return judgeTried(object, schemas).flatMap((problem) =>
      isWithin(problem, some) && problem.severity === 'error'
        ? [{ key: String(problem.path[path.length]), problem, object }]
        : [],
    );
  }

  function isWithin(problem: Problem, some: ReadonlyMap<string, Value>): boolean {
    const key = problem.path[path.length];
    return typeof key === 'string' && some.has(key) && path.every((step, at) => step === problem.path[at]);
  }

  /** Whether the problem is that a map in the contents lacks a field. */
  function noteMissing(object: Value, problem: Problem): boolean {
    if (!isMissing(problem)) return false;
    const depth = problem.path.findIndex((_, at) => valueAt(object, problem.path.slice(0, at + 1)) === undefined);
    const name = problem.path[depth];
    const at = problem.path.slice(0, Math.max(0, depth));
    if (typeof name !== 'string' || depth <= path.length || !isObject(valueAt(object, at))) return false;
    const printed = printPath(at);
    missing.set(printed, (missing.get(printed) ?? new Set()).add(name));
    return true;
  }
}

/**
 * Parts of the keys in which each two of them are apart at least once: one may be just what another needs, such as
 * `x-kubernetes-preserve-unknown-fields` for `x-kubernetes-embedded-resource`.
 */
function apart(keys: ReadonlyMap<string, Value>): readonly ReadonlyMap<string, Value>[] {
  const parts: ReadonlyMap<string, Value>[] = [];
  for (let bit = 1; bit < keys.size; bit *= 2) parts.push(...inTwo(keys, bit));
  return keys.size === 1 ? [keys] : parts;
}

/** By one bit of the keys' positions. */
function inTwo(keys: ReadonlyMap<string, Value>, bit = 1): readonly ReadonlyMap<string, Value>[] {
  const entries = [...keys];
  return [0, bit].map((half) => new Map(entries.filter((_entry, index) => (index & bit) === half)));
}

/** Keys of which each excludes the others clash all. */
function singly(keys: ReadonlyMap<string, Value>): readonly ReadonlyMap<string, Value>[] {
  return [...keys].map((one) => new Map([one]));
}

/** Names of the fields that are missing in the map at `path`, which exists. */
export function fieldsMissing(object: Value, path: Path, schemas: SchemaStore): readonly string[] {
  const names = judgeOnce(object, schemas).flatMap((problem) => {
    const name = problem.path[path.length];
    const isHere = typeof name === 'string' && path.every((step, at) => step === problem.path[at]);
    const isAbsent = isHere && isMissing(problem) && valueAt(object, [...path, name]) === undefined;
    return isAbsent ? [name] : [];
  });
  return [...new Set(names)];
}

interface InContents {
  readonly key: string;
  readonly problem: Problem;
  /** The object with the contents. */
  readonly object: Value;
}
