// Tries what could be accepted: the object is judged with the key or value in it, and what brings a problem isn't
// suggested. Fields that are missing are no problem yet: they are written next.
import { groupKindOf } from '../../kube/identity.ts';
import type { Schema, SchemaStore } from '../../schema/schema.ts';
import { nodeAt, printPath } from '../../syntax/navigate.ts';
import { type Node, type Path, unknown, type Value } from '../../syntax/tree.ts';
import { isObject, type ObjectValue, own } from '../../syntax/value.ts';
import type { Problem } from '../../validation/problem.ts';
import { type Cursor, roleOf } from '../cursor.ts';
import { childSchema, type Field } from '../place.ts';
import { allContents, type Contents, fieldsMissing, tryContents } from './contents.ts';
import { parted, suspectsIn } from './culprits.ts';
import { waitProblems } from './dependents.ts';
import { echoesOf } from './echoes.ts';
import { instanceProblems } from './instances.ts';
import { knownValues } from './known.ts';
import { nearValue } from './near.ts';
import type { Probe } from './probe.ts';
import { sampleOf } from './samples.ts';
import { appliedAs, latestBuilds, withSupplied } from './supplied.ts';
import { bothOf, changed, isSameValue, lackedBy, type Missing, nameOf, problemsOf } from './trial-values.ts';
import { usualValueRank } from './usual.ts';

export interface Trial {
  /** The names that can be set in the map at the cursor, each with the first value that is valid there. */
  keys(names: readonly string[], schema: Schema): ReadonlySet<string>;
  /** The values to choose from once a key of the map is accepted. */
  choices(name: string): readonly Value[];
  /** Whether the value brings no problem. */
  accepts(value: unknown): boolean;
  /** Fields that the map of the value lacks because of it. */
  needs(value: unknown): readonly string[];
  /** What fields that are added to the map of the value lack beside it; what is left to fill in is unknown. */
  lacking(value: unknown, fields: ReadonlyMap<string, Value>): Missing;
  /** Whether fields that are added to the map together bring no problem. */
  fits(fields: ObjectValue): boolean;
  /**
   * What is wrong with the contents that keys of the map are inserted with. What is left to fill in is unknown in
   * `contents` and has any value in `samples`: some checks skip what is unknown. Each `round` has more in the contents of the
   * same keys.
   */
  contents(contents: ReadonlyMap<string, Value>, samples: ReadonlyMap<string, Value>, round?: number): Contents;
}

/** What is left after this number of trials is suggested without one. */
const mostTried = 40;

/** More are no choice but a list to search in. */
export const mostChoices = 8;

interface Tried {
  readonly schemas: SchemaStore;
  readonly schema: Schema;
  readonly filled: boolean;
  /** What was built of the file. */
  readonly builds: readonly unknown[];
  readonly trial: Trial;
}

/** By the tree with the placeholder in it, which is the same for each letter of a word. */
const latest = new WeakMap<Node, Tried>();

/** Undefined where the object isn't applied as it is written. */
export function trialOf(cursor: Cursor, probe: Probe, field: Field, schemas: SchemaStore): Trial | undefined {
  if (roleOf(cursor) !== 'manifest') return undefined;
  const { root, filled } = probe;
  const { schema } = field;
  const known = latest.get(root);
  const builds = latestBuilds(cursor);
  const isSame = known?.builds.length === builds.length && builds.every((one, at) => one === known.builds[at]);
  if (isSame && known.schemas === schemas && known.schema === schema && known.filled === filled) return known.trial;
  const trial = newTrial(cursor, probe, field, schemas);
  if (trial) latest.set(root, { schemas, schema, filled, builds, trial });
  return trial;
}

/** Of each form that the object is applied in: what one of them doesn't allow isn't suggested. */
function newTrial(cursor: Cursor, probe: Probe, field: Field, schemas: SchemaStore): Trial | undefined {
  const node = nodeAt(probe.root, field.object.path);
  if (!node || !field.object.gvk) return undefined;
  const written = nearValue(node, field.path);
  const wholes = wholesOf(cursor, written, field);
  const trials = wholes.map((whole) => trialIn(cursor, whole, probe, field, schemas));
  return allOf(trials.filter((trial) => trial !== undefined));
}

/**
 * The object as clusters get it, in its different forms. Labels decide nothing about other fields: a kustomization sets them
 * in selectors, too.
 */
function wholesOf(cursor: Cursor, written: Value, { path }: Field): readonly Value[] {
  const wholes: Value[] = [];
  const isSame = path.some(isOfLabels) ? isSameValue : isSameButLabels;
  for (const form of appliedAs(cursor, written)) {
    const whole = withSupplied(written, form, cursor.path);
    if (!wholes.some((one) => isSame(one, whole))) wholes.push(whole);
  }
  return wholes.length === 0 ? [written] : wholes;
}

function isSameButLabels(a: Value, b: Value): boolean {
  return isSameValue(a, b, isOfLabels);
}

function isOfLabels(step: string | number): boolean {
  return typeof step === 'string' && /^(?:labels|matchLabels|selector)$/.test(step);
}

function isIn<T>(all: ReadonlySet<T>): (one: T) => boolean {
  return (one) => all.has(one);
}

function allOf(trials: readonly Trial[]): Trial | undefined {
  const [first, ...others] = trials;
  if (!first || others.length === 0) return first;
  return {
    // What one form refuses isn't tried in the next.
    keys: (names, schema) =>
      new Set(trials.reduce((left, trial) => left.filter(isIn(trial.keys(left, schema))), names)),
    choices: (name) => {
      const allowed = others.map((trial) => new Set(trial.choices(name)));
      return first.choices(name).filter((choice) => allowed.every((one) => one.has(choice)));
    },
    accepts: (value) => trials.every((trial) => trial.accepts(value)),
    needs: (value) => [...new Set(trials.flatMap((trial) => trial.needs(value)))],
    lacking: (...given) => trials.map((trial) => trial.lacking(...given)).reduce(bothOf),
    fits: (fields) => trials.every((trial) => trial.fits(fields)),
    contents: (...given) => allContents(trials.map((trial) => trial.contents(...given))),
  };
}

function trialIn(cursor: Cursor, whole: Value, probe: Probe, field: Field, schemas: SchemaStore): Trial | undefined {
  const { object, path, schema, kind } = field;
  const map = probe.as === 'key' ? path : path.slice(0, -1);
  const changedAt = withEchoes(probe.root, object.path, path);
  // The placeholder is a key that no map has, or a value that may be any.
  const base = changedAt(whole, path, probe.as === 'key' ? withoutPlaceholder : () => unknown);
  if (base === undefined) return undefined;
  const ofInstances = instanceProblems(cursor, base, schemas);
  const ofWaits = waitProblems(cursor, groupKindOf(kind.gvk), nameIn(base));
  const problemsIn = (trial: Value, before?: Value): readonly Problem[] => [
    ...problemsOf(trial, schemas, map, before),
    ...(ofInstances?.(trial) ?? []),
    ...(ofWaits?.(trial) ?? []),
  ];
  // Judged only if there is anything to compare with: mostly a trial brings no problem. Rules are about maps that have what
  // they require, and one that asks for a field that isn't written yet is no reason against another.
  let known: ReadonlySet<string> | undefined;
  const isKnown = (problem: string) => {
    known ??= new Set(problemsIn(changedAt(base, path, (at) => withRequired(at, schema)) ?? base, base).map(nameOf));
    return known.has(problem);
  };
  const broughtBy = (trial: Value | undefined): Problem[] =>
    trial === undefined ? [] : problemsIn(trial, base).filter((problem) => !isKnown(nameOf(problem)));
  const brings = (trial: Value | undefined) => broughtBy(trial).length > 0;
  const accepts = (at: Path, value: Value) => !brings(changedAt(base, at, () => value));
  const objects = new Map<Value, Value | undefined>();
  const withValue = (value: Value) => once(objects, value, () => changedAt(base, path, () => value));
  let tried = 0;
  /** Of the values: where most that were tried are refused, those that aren't tried would be, too. */
  let [accepted, refused] = [0, 0];
  let lacked: ReadonlySet<string> | undefined;
  /** Keys that bring no problem, whichever of their choices is set. */
  const free = new Set<string>();
  const valuesOf = (name: string, schema: Schema): readonly Value[] => {
    const child = childSchema(schema, name);
    if (!child) return [];
    const listed = choicesOf(child);
    if (listed.length > 0) return listed;
    const own: Field = { object, kind, path: [...path, name], schema: child, parent: schema };
    const known = knownValues(probe.root, own, schemas);
    return known.length <= mostChoices ? known.map(({ value }) => asRead(value)) : [];
  };
  const broughtTogether = (names: readonly string[], schema: Schema): readonly Problem[] => {
    tried += 1;
    const all = (content: (name: string) => Value) =>
      changedAt(base, path, (map) => ({
        ...(isObject(map) && map),
        ...Object.fromEntries(names.map((name) => [name, content(name)])),
      }));
    const first = (name: string): Value => valuesOf(name, schema)[0] ?? unknown;
    const empty = (name: string) => emptyOf(childSchema(schema, name));
    const sample = (name: string) => setTo(childSchema(schema, name) ?? {}, name) ?? empty(name);
    const [only, ...others] = names;
    const isFree = others.length === 0 && valuesOf(only!, schema).length === 0;
    // Of many that exclude each other, each by itself is no problem.
    if (kind.builtin && isFree && broughtBy(all(sample)).length === 0) return [];
    const problems = broughtBy(all(first));
    if (problems.length === 0 && names.some((name) => empty(name) !== first(name)))
      problems.push(...broughtBy(all(empty)));
    if (problems.length > 0 || !kind.builtin) return problems;
    // Any value may be wrong, but some keys are, whatever their value.
    const isOfKey = (at: Path) => at.length === path.length + 1 && names.includes(String(at.at(-1)));
    return broughtBy(all(sample)).filter(
      ({ rule, path: at }) => rule === 'schema/forbidden' && (isOfKey(at) || at.length === path.length),
    );
  };
  /**
   * Most keys are no problem, and one trial of many is enough. Of the others, those that have the problems themselves are
   * tried one by one: some exclude only each other.
   */
  const fitting = (names: readonly string[], schema: Schema): readonly string[] => {
    if (names.length === 0 || tried > 2 * mostTried) return names;
    const problems = broughtTogether(names, schema);
    if (problems.length === 0) {
      for (const name of names) free.add(name);
      return names;
    }
    const { unfitting } = suspectsIn(schema);
    if (names.length > 1) {
      const parts = parted(names, unfitting);
      if (parts) return parts.flatMap((part) => fitting(part, schema));
      const blamed = new Set(problems.map((problem) => problem.path[path.length]));
      const [one, other] = [names.filter((name) => blamed.has(name)), names.filter((name) => !blamed.has(name))];
      if (one.length > 0 && other.length > 0)
        return [...one.flatMap((name) => fitting([name], schema)), ...fitting(other, schema)];
      const half = names.length >> 1;
      return [...fitting(names.slice(0, half), schema), ...fitting(names.slice(half), schema)];
    }
    const [name] = names;
    unfitting.add(name!);
    return isChoosable(name!, schema) ? names : [];
  };
  const isChoosable = (name: string, schema: Schema) =>
    valuesOf(name, schema).some((one) => accepts([...path, name], one) || isOtherValueFree(name, one));
  /** A rule refuses the known value, and not the field: it may have another one. */
  const isOtherValueFree = (name: string, value: Value) => {
    const at = [...path, name];
    const problems = broughtBy(changedAt(base, at, () => value));
    return problems.every(({ rule, on, path: of }) => {
      return !rule.startsWith('schema/') && on === 'value' && printPath(of) === printPath(at);
    });
  };
  /** What a key needs may be among those that it was tried with. */
  const alone = (name: string, schema: Schema): boolean => {
    const [first] = valuesOf(name, schema);
    if (!free.has(name) || first === undefined || ++tried > 2 * mostTried || accepts([...path, name], first))
      return true;
    free.delete(name);
    return isChoosable(name, schema);
  };
  const keys = new Map<string, ReadonlySet<string>>();
  const choices = new Map<string, readonly Value[]>();
  const values = new Map<unknown, boolean>();
  const needed = new Map<unknown, readonly string[]>();
  const judged = new Map<string, Contents>();
  return {
    keys: (names, schema) =>
      // The lines below are the value already.
      once(
        keys,
        names.join('\n'),
        () => new Set(probe.filled ? names : fitting(names, schema).filter((name) => alone(name, schema))),
      ),
    choices: (name) =>
      once(choices, name, () => {
        const all = valuesOf(name, field.schema);
        return free.has(name) ? all : all.filter((choice) => accepts([...path, name], choice));
      }),
    accepts: (value) =>
      once(values, value, () => {
        tried += 1;
        if (tried > mostTried) return accepted > refused;
        const isAccepted = !brings(withValue(asRead(value)));
        if (isAccepted) accepted += 1;
        else refused += 1;
        return isAccepted;
      }),
    needs: (value) =>
      once(needed, value, () => {
        if (++tried > 2 * mostTried) return [];
        const missingWith = (one: Value) => fieldsMissing(withValue(one) ?? base, map, schemas);
        lacked ??= new Set(missingWith(unknown));
        return missingWith(asRead(value)).filter((name) => !lacked!.has(name));
      }),
    lacking: (value, fields) => {
      const added = (at: Value | undefined) => ({ ...(isObject(at) && at), ...Object.fromEntries(fields) });
      const whole = ++tried > 2 * mostTried ? undefined : changedAt(withValue(asRead(value)) ?? base, map, added);
      const lacked = broughtBy(whole).flatMap((problem) => lackedBy(whole!, problem) ?? []);
      return lacked.reduce<Missing>((all, { at, name }) => bothOf(all, new Map([[at, [name]]])), new Map());
    },
    fits: (fields) => !brings(changedAt(base, path, (map) => ({ ...(isObject(map) && map), ...fields }))),
    contents: (contents, samples, round = 0) =>
      once(judged, [round, ...contents.keys()].join('\n'), () =>
        tryContents(
          {
            ...{ base, path, schemas, isKnown, problemsIn },
            suspects: suspectsIn(schema),
            choices: (name) => valuesOf(name, schema),
            chosen: () => {
              const names = Object.keys(schema.properties ?? {}).filter((name) => valuesOf(name, schema).length > 0);
              const isListed = (name: string) => choicesOf(childSchema(schema, name)).length > 0;
              return [...names.filter(isListed), ...names.filter((name) => !isListed(name))];
            },
          },
          contents,
          samples,
        ),
      ),
  };
}

function nameIn(object: Value): string | undefined {
  const metadata = isObject(object) ? own(object, 'metadata') : undefined;
  const name = isObject(metadata) ? own(metadata, 'name') : undefined;
  return typeof name === 'string' ? name : undefined;
}

function once<K, V>(results: Map<K, V>, key: K, compute: () => V): V {
  const known = results.get(key);
  if (known !== undefined) return known;
  const computed = compute();
  results.set(key, computed);
  return computed;
}

/** The value of a literal without a fraction is an integer. */
function asRead(value: unknown): Value {
  return Number.isInteger(value) ? BigInt(value as number) : (value as Value);
}

/** The values that a field is filled with when its key is accepted. */
export function choicesOf(schema: Schema | undefined): readonly Value[] {
  if (schema?.type === 'boolean') return schema.default === true ? [false, true] : [true, false];
  const listed = schema?.enum?.filter((value) => typeof value === 'string') ?? [];
  return listed.toSorted((a, b) => usualValueRank(a) - usualValueRank(b));
}

/** A value that sets the field: some checks skip a list without items. */
function setTo(schema: Schema, name: string): Value | undefined {
  if (schema.type !== 'array') return asRead(sampleOf(schema, [name]));
  return [asRead(sampleOf(schema.items ?? {}, [name])) ?? unknown];
}

/** Some checks skip what is unknown, others an object with an incomplete field, so that a key is tried with both. */
function emptyOf(schema: Schema | undefined): Value {
  if (schema?.type === 'array') return [];
  return schema?.type === 'object' || schema?.properties ? {} : unknown;
}

/** As `changed`, also for what changes with the value at `path`. */
function withEchoes(root: Node, object: Path, path: Path): typeof changed {
  const echoes = echoesOf(root, [...object, ...path]).flatMap((at) =>
    object.every((step, depth) => step === at[depth]) ? [at.slice(object.length)] : [],
  );
  if (echoes.length === 0) return changed;
  return (value, at, change) => {
    const result = changed(value, at, change);
    if (result === undefined) return undefined;
    const inPath = at.slice(path.length);
    return echoes.reduce((echoed, echo) => changed(echoed, [...echo, ...inPath], change) ?? echoed, result);
  };
}

function withRequired(map: Value | undefined, { required = [] }: Schema): Value {
  if (map !== undefined && map !== null && !isObject(map)) return map;
  return { ...Object.fromEntries(required.map((name) => [name, unknown])), ...map };
}

function withoutPlaceholder(map: Value | undefined): Value {
  const entries = isObject(map) ? Object.entries(map) : [];
  return Object.fromEntries(entries.filter(([key]) => !key.includes('\uE000')));
}
