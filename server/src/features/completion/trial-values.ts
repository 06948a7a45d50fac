// The values that trials make and compare.
import { printPath } from '../../syntax/navigate.ts';
import type { Path, Value } from '../../syntax/tree.ts';
import { isList, isObject } from '../../syntax/value.ts';
import type { Problem } from '../../validation/problem.ts';

/** By which the problems of two objects are compared. */
export function nameOf({ rule, path }: Problem): string {
  return `${rule} ${printPath(path)}`;
}

/** Without a scalar in it. */
export function isEmpty(value: Value): boolean {
  if (isList(value)) return value.every(isEmpty);
  return isObject(value) && Object.values(value).every(isEmpty);
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
