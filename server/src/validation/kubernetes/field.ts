// How the checks of built-in kinds walk a value and report: a field is a value with its path, and every question about
// a hole (`unknown`) is answered so that nothing is reported. Null is absent, as in the server's Go types.

import type { NameCheck } from '../../kube/names.ts';
import { type Path, unknown, type Value } from '../../syntax/tree.ts';
import type { ObjectValue } from '../../syntax/value.ts';
import { isList, isObject, own } from '../../syntax/value.ts';
import { fieldOf, oneOfWords, show } from '../problem.ts';
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

export function items(field: Field): readonly Field[] {
  const { value, path, problems } = field;
  if (!isList(value)) return [];
  return value.map((item, index) => ({ value: item === null ? zero : item, path: [...path, index], problems }));
}

/** A null in a list: Go's zero value, an empty struct or an empty text, whatever the list is of. */
const zero: ObjectValue = {};

export function entries(field: Field): readonly (readonly [string, Field])[] {
  return isObject(field.value) ? Object.keys(field.value).map((key) => [key, at(field, key)] as const) : [];
}

/** Whether the field is there; a hole is. */
export function isSet(field: Field): boolean {
  return field.value !== undefined;
}

export function isHole(field: Field): boolean {
  return field.value === unknown;
}

/** Its text, empty where absent; `undefined` where it can't be known. */
export function text(field: Field): string | undefined {
  if (field.value === undefined || field.value === zero) return '';
  return typeof field.value === 'string' ? field.value : undefined;
}

/** `undefined` where absent or unknown. */
export function integer(field: Field): bigint | undefined {
  return typeof field.value === 'bigint' ? field.value : undefined;
}

/** Whether it is literally true. */
export function flag(field: Field): boolean {
  return field.value === true;
}

/** How many items a list or map has; `undefined` where that can't be known. */
export function count(field: Field): number | undefined {
  if (field.value === undefined) return 0;
  if (isList(field.value)) return field.value.length;
  return isObject(field.value) ? Object.keys(field.value).length : undefined;
}

// ---------------------------------------------------------------------------------------------------------------

/** `sentence` continues the field's name: `must be …`. Nothing is said of a hole. */
export function fail(field: Field, kind: ProblemKind, sentence: string): void {
  if (isHole(field)) return;
  field.problems.add(field.path, kind, `${fieldOf(field.path)} ${sentence}`);
}

/** The text to mend is at `field`; the server names another one. */
export function failAs(named: Path, field: Field, kind: ProblemKind, sentence: string): void {
  if (isHole(field)) return;
  field.problems.add(field.path, kind, `${fieldOf(field.path)} ${sentence}`, named);
}

/** The text of a field that may not be empty; `undefined` where it is (that is reported) or can't be known. */
export function required(field: Field, why = ''): string | undefined {
  const value = text(field);
  if (value === '') fail(field, 'required', `is required${why && ` ${why}`}.`);
  return value || undefined;
}

export function requiredList(field: Field, what: string): void {
  if (count(field) === 0) fail(field, 'required', `needs at least one ${what}.`);
}

/**
 * An absent one is left to the server's default, unless `mandatory`; so is an empty text where `defaulted`, as with texts
 * that are no pointers in Go.
 */
export function oneOf(
  field: Field,
  allowed: readonly string[],
  mandatory: 'mandatory' | 'optional' | 'defaulted' = 'optional',
): void {
  const value = text(field);
  if (value === undefined) return;
  if (value === '' && (!isSet(field) || mandatory === 'defaulted')) {
    if (mandatory === 'mandatory') fail(field, 'required', `is required: ${oneOfWords(allowed)}.`);
  } else if (!allowed.includes(value))
    fail(field, 'unsupported', `must be ${oneOfWords(allowed)}, not ${show(value)}.`);
}

export function within(field: Field, least: bigint, most?: bigint): void {
  const value = integer(field);
  if (value === undefined || (value >= least && (most === undefined || value <= most))) return;
  const range = most === undefined ? `at least ${least}` : `between ${least} and ${most}`;
  fail(field, 'invalid', `must be ${range}, not ${value}.`);
}

/** The name's own rule; an empty or absent one is left to `required`. */
export function named(field: Field, check: NameCheck): void {
  const value = text(field);
  const problem = value ? check(value) : undefined;
  if (problem) fail(field, 'invalid', `${problem}; it is ${show(value)}.`);
}

/** One that is there is judged though it be empty, as with texts that are pointers in Go. */
export function namedIfSet(field: Field, check: NameCheck): void {
  const value = text(field);
  const problem = isSet(field) && value !== undefined ? check(value) : undefined;
  if (problem) fail(field, 'invalid', `${problem}; it is ${show(value)}.`);
}

export function requiredName(field: Field, check: NameCheck, why?: string): void {
  if (required(field, why) !== undefined) named(field, check);
}

/** Of these fields exactly one may be set (at most one where `optional`). Answers the one that is, if it is one. */
export function exactlyOne(field: Field, names: readonly string[], what: string, optional = false): string | undefined {
  if (isHole(field)) return undefined;
  const set = names.filter((name) => isSet(at(field, name)));
  if (set.length === 0 && !optional) fail(field, 'required', `needs ${what}: ${shortList(names)}.`);
  for (const extra of set.slice(1))
    fail(
      at(field, extra),
      'forbidden',
      `can’t be set beside ${set[0]}: only one ${what.replace(/^(?:an?|one) /, '')} may be given.`,
    );
  return set.length === 1 ? set[0] : undefined;
}

/** Reports every field whose text was met before. */
export function unique(fields: readonly Field[], what: string): void {
  const seen = new Set<string>();
  for (const field of fields) {
    const value = text(field);
    if (!value) continue;
    if (seen.has(value)) fail(field, 'duplicate', `is ${show(value)} a second time; each ${what} must be unique.`);
    seen.add(value);
  }
}

function shortList(names: readonly string[]): string {
  return names.length > 6 ? `${names.slice(0, 5).join(', ')} or another` : oneOfWords(names);
}
