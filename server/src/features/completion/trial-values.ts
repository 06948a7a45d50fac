// The values that trials make and compare.

import type { SchemaStore } from '../../schema/schema.ts';
import { compose } from '../../syntax/compose.ts';
import { printPath } from '../../syntax/navigate.ts';
import { type Path, unknown, type Value } from '../../syntax/tree.ts';
import { isList, isObject, toValue, valueAt } from '../../syntax/value.ts';
import { judgeAssumed } from '../../validation/judge.ts';
import type { Problem } from '../../validation/problem.ts';
import { expand } from './expand.ts';
import { ruleProblems } from './tried-rules.ts';

/** By which the problems of two objects are compared. */
export function nameOf({ rule, path }: Problem): string {
  return `${rule} ${printPath(path)}`;
}

/** Without a scalar in it. */
export function isEmpty(value: Value): boolean {
  if (isList(value)) return value.every(isEmpty);
  return isObject(value) && Object.values(value).every(isEmpty);
}

/** Without the fields that `isLeftOut`, whatever map they are in. */
export function isSameValue(a: Value, b: Value, isLeftOut = (_name: string) => false): boolean {
  if (a === b) return true;
  if (isList(a))
    return isList(b) && a.length === b.length && a.every((one, index) => isSameValue(one, b[index]!, isLeftOut));
  if (!isObject(a) || !isObject(b)) return false;
  const [names, others] = [a, b].map((one) => Object.keys(one).filter((name) => !isLeftOut(name)));
  return (
    names!.length === others!.length &&
    names!.every((name) => Object.hasOwn(b, name) && isSameValue(a[name]!, b[name]!, isLeftOut))
  );
}

/** A copy with another value at a path; undefined if the path leads through anything but maps and lists. */
export function changed(value: Value, path: Path, change: (old: Value | undefined) => Value): Value | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return change(value);
  if (typeof step === 'number') {
    if (!isList(value)) return undefined;
    const item = value[step] === undefined ? undefined : changed(value[step], rest, change);
    return item === undefined ? undefined : value.with(step, item);
  }
  if (!isObject(value)) return undefined;
  const old = Object.hasOwn(value, step) ? value[step] : undefined;
  const next = rest.length === 0 ? change(old) : old === undefined ? undefined : changed(old, rest, change);
  return next === undefined ? undefined : { ...value, [step]: next };
}

interface Judged {
  readonly schemas: SchemaStore;
  readonly problems: readonly Problem[];
}

const judged = new WeakMap<object, Judged>();

/**
 * The verdict on an object that is asked about for several reasons, by the release that is assumed: what is tried comes from
 * its schemas.
 */
export function judgeOnce(object: Value, schemas: SchemaStore): readonly Problem[] {
  if (!isObject(object)) return judgeAssumed(object, schemas);
  const known = judged.get(object);
  if (known?.schemas === schemas) return known.problems;
  const problems = judgeAssumed(object, schemas);
  judged.set(object, { schemas, problems });
  return problems;
}

/** What the API server would refuse, and what rules about the object report. */
export function judgeTried(object: Value, schemas: SchemaStore): readonly Problem[] {
  return [...judgeOnce(object, schemas), ...ruleProblems(object)];
}

/**
 * Problems of what is there. A field that is missing in a map around the cursor, or that another doesn't fit yet, is
 * written next, and so are the contents of an empty map or list, unless it is so in what is `written` already. `cursor` is
 * the path of the map that is being written.
 */
export function problemsOf(object: Value, schemas: SchemaStore, cursor: Path, written?: Value): readonly Problem[] {
  const isWritten = (path: Path, value: Value) => written !== undefined && valueAt(written, path) === value;
  return judgeTried(object, schemas).filter((problem) => {
    const { rule, path, facts, severity } = problem;
    if (severity !== 'error') return false;
    const found = valueAt(object, path);
    // The API server names the list of a value that isn't one of those allowed.
    if (found === undefined && rule === 'schema/enum') return true;
    if (found === undefined) {
      const around = path.findIndex((_, depth) => valueAt(object, path.slice(0, depth + 1)) === undefined);
      const at = path.slice(0, around);
      const map = valueAt(object, at)!;
      return !isAround(at, cursor) && (!isEmpty(map) || isWritten(at, map));
    }
    // A value that is there is the wrong one: a Job restarts its pods on failure or never.
    if (isMissing(problem) && !isScalar(found)) return !isEmpty(found) && isWritten(path, found);
    return !isEmpty(found) || rule === 'schema/forbidden' || facts.is === 'unknown-field';
  });
}

function isAround(path: Path, cursor: Path): boolean {
  return path.every((step, depth) => step === cursor[depth]);
}

function isScalar(value: Value): boolean {
  return typeof value !== 'symbol' && value !== null && value !== '' && !isList(value) && !isObject(value);
}

/** A field must be set, whatever its value. */
export function isMissing({ rule, facts }: Problem): boolean {
  return rule === 'schema/required' || facts.is === 'missing';
}

export interface Lacked {
  /** The printed path of the map. */
  readonly at: string;
  readonly name: string;
}

/** The outermost field that an object lacks by a problem; undefined if the problem is another. */
export function lackedBy(object: Value, problem: Problem): Lacked | undefined {
  if (!isMissing(problem)) return undefined;
  const { path } = problem;
  const depth = path.findIndex((_, at) => valueAt(object, path.slice(0, at + 1)) === undefined);
  const name = path[depth];
  const at = path.slice(0, Math.max(0, depth));
  return typeof name === 'string' && isObject(valueAt(object, at)) ? { at: printPath(at), name } : undefined;
}

/** Names of fields by the printed path of their map. */
export type Missing = ReadonlyMap<string, readonly string[]>;

/** `known` itself if all of `found` is in it. */
export function bothOf(known: Missing, found: Missing): Missing {
  const isNew = [...found].some(([at, names]) => names.some((name) => known.get(at)?.includes(name) !== true));
  if (!isNew) return known;
  const both = new Map(known);
  for (const [at, names] of found) both.set(at, [...new Set([...(both.get(at) ?? []), ...names])]);
  return both;
}

/** The value that a skeleton writes: what is left to fill in is unknown. */
export function contentOf(skeleton: string): Value {
  const { root } = compose(`key:${expand(skeleton).replaceAll('\r\n', '\n')}\n`);
  const value = root?.type === 'map' ? root.entries[0]?.value : undefined;
  return value ? filled(toValue(value)) : unknown;
}

function filled(value: Value): Value {
  if (value === null) return unknown;
  if (isList(value)) return value.map(filled);
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filled(one)])) : value;
}
