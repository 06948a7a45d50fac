// How the checks of built-in kinds traverse a value and report problems. A field is a value with its path; no helper
// reports anything for a hole (`unknown`). Null is absent, as in the API server's Go types.

import type { NameCheck } from '../../kube/names.ts';
import { printPath } from '../../syntax/navigate.ts';
import { type Path, unknown, type Value } from '../../syntax/tree.ts';
import type { ObjectValue } from '../../syntax/value.ts';
import { isList, isObject, own } from '../../syntax/value.ts';
import { oneOfWords, show } from '../words.ts';
import type { ProblemKind, Problems } from './builtin.ts';

export interface Field {
  readonly value: Value | undefined;
  readonly path: Path;
  readonly problems: Problems;
}

export function rootField(value: ObjectValue, problems: Problems): Field {
  return { value, path: [], problems };
}

export function at(field: Field, ...names: readonly string[]): Field {
  let { value } = field;
  for (const name of names) {
    if (value === unknown) break;
    value = isObject(value) ? own(value, name) : undefined;
  }
  return { value: value === null ? undefined : value, path: [...field.path, ...names], problems: field.problems };
}

/**
 * Runs a check unless it has found nothing in the same value before: a value that is judged again and again, with one key
 * or another in it, shares most of its parts. What else the check depends on is in `place`.
 */
export function onceSound(
  sound: WeakMap<object, string>,
  field: Field,
  place: string,
  check: (field: Field) => void,
): void {
  const { value, problems } = field;
  if (!isObject(value)) {
    check(field);
    return;
  }
  const where = `${problems.minor} ${place}`;
  if (sound.get(value) === where) return;
  let isSound = true;
  const add: Problems['add'] = (...problem) => {
    isSound = false;
    problems.add(...problem);
  };
  check({ ...field, problems: { ...problems, add } });
  if (isSound) sound.set(value, where);
}

export function items(field: Field): readonly Field[] {
  const { value, path, problems } = field;
  if (!isList(value)) return [];
  return value.map((item, index) => ({ value: item === null ? zero : item, path: [...path, index], problems }));
}

/** A null item in a list: Go's zero value, an empty struct or an empty string, depending on the list's type. */
const zero: ObjectValue = {};

export function entries(field: Field): readonly (readonly [string, Field])[] {
  return isObject(field.value) ? Object.keys(field.value).map((key) => [key, at(field, key)] as const) : [];
}

/** Whether the field exists. A hole exists. */
export function isSet(field: Field): boolean {
  return field.value !== undefined;
}

export function isHole(field: Field): boolean {
  return field.value === unknown;
}

/** The string value, empty if absent; `undefined` if unknown. */
export function text(field: Field): string | undefined {
  if (field.value === undefined || field.value === zero) return '';
  return typeof field.value === 'string' ? field.value : undefined;
}

/** The integer value; `undefined` if absent or unknown. */
export function integer(field: Field): bigint | undefined {
  return typeof field.value === 'bigint' ? field.value : undefined;
}

/** Whether the value is true; false if absent or unknown. */
export function flag(field: Field): boolean {
  return field.value === true;
}

/** The number of items in a list or map; `undefined` if unknown. */
export function count(field: Field): number | undefined {
  if (field.value === undefined) return 0;
  if (isList(field.value)) return field.value.length;
  return isObject(field.value) ? Object.keys(field.value).length : undefined;
}

// ---------------------------------------------------------------------------------------------------------------

/** `sentence` continues the field's path: `must be …`. Holes are not reported. */
export function fail(field: Field, kind: ProblemKind, sentence: string): void {
  if (isHole(field)) return;
  field.problems.add(field.path, kind, `${printPath(field.path)} ${sentence}`);
}

/** Reports a problem whose value is at `field` and that the API server reports at `named`. */
export function failAs(named: Path, field: Field, kind: ProblemKind, sentence: string): void {
  if (isHole(field)) return;
  field.problems.add(field.path, kind, `${printPath(field.path)} ${sentence}`, named);
}

/** The string value of a required field; `undefined` if it is empty, which is reported, or unknown. */
export function required(field: Field, why = ''): string | undefined {
  const value = text(field);
  if (value === '') fail(field, 'required', `is required${why && ` ${why}`}.`);
  return value || undefined;
}

export function requiredList(field: Field, what: string): void {
  if (count(field) === 0) fail(field, 'required', `must have at least one ${what}.`);
}

/**
 * An absent field gets the API server's default unless it is `mandatory`. With `defaulted`, an empty string does too, as
 * for strings that aren't pointers in Go.
 */
export function oneOf(
  field: Field,
  allowed: readonly string[],
  mandatory: 'mandatory' | 'optional' | 'defaulted' = 'optional',
): void {
  const value = text(field);
  if (value === undefined) return;
  if (value === '' && (!isSet(field) || mandatory === 'defaulted')) {
    if (mandatory === 'mandatory') fail(field, 'required', `is required: must be ${oneOfWords(allowed)}.`);
  } else if (!allowed.includes(value))
    fail(field, 'unsupported', `must be ${oneOfWords(allowed)}, not ${show(value)}.`);
}

export function within(field: Field, least: bigint, most?: bigint): void {
  const value = integer(field);
  if (value === undefined || (value >= least && (most === undefined || value <= most))) return;
  const range = most === undefined ? `at least ${least}` : `between ${least} and ${most}`;
  fail(field, 'invalid', `must be ${range}, not ${value}.`);
}

/** Checks a name; an empty or absent name is left to `required`. */
export function named(field: Field, check: NameCheck): void {
  const value = text(field);
  const problem = value ? check(value) : undefined;
  if (problem) fail(field, 'invalid', `${problem}; it is ${show(value)}.`);
}

/** Checks a name that is set, even if it is empty, as for strings that are pointers in Go. */
export function namedIfSet(field: Field, check: NameCheck): void {
  const value = text(field);
  const problem = isSet(field) && value !== undefined ? check(value) : undefined;
  if (problem) fail(field, 'invalid', `${problem}; it is ${show(value)}.`);
}

export function requiredName(field: Field, check: NameCheck, why?: string): void {
  if (required(field, why) !== undefined) named(field, check);
}

/** Exactly one of these fields must be set, or at most one if `optional`. Returns its name if exactly one is set. */
export function exactlyOne(field: Field, names: readonly string[], what: string, optional = false): string | undefined {
  const { value } = field;
  if (value === unknown) return undefined;
  // Of thirty types of volumes, one is there.
  const set = isObject(value) ? names.filter((name) => (own(value, name) ?? null) !== null) : [];
  if (set.length === 0 && !optional) fail(field, 'required', `must set one ${what}: ${shortList(names)}.`);
  for (const extra of set.slice(1))
    fail(at(field, extra), 'forbidden', `must not be set together with ${set[0]}: only one ${what} is allowed.`);
  return set.length === 1 ? set[0] : undefined;
}

/** Reports every field whose value repeats that of an earlier one. */
export function unique(fields: readonly Field[], what: string): void {
  const seen = new Set<string>();
  for (const field of fields) {
    const value = text(field);
    if (!value) continue;
    if (seen.has(value)) fail(field, 'duplicate', `repeats ${show(value)}; each ${what} must be unique.`);
    seen.add(value);
  }
}

function shortList(names: readonly string[]): string {
  return names.length > 6 ? `${names.slice(0, 5).join(', ')} or another` : oneOfWords(names);
}
