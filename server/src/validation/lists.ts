// Checks that the items of set lists and the keys of map lists are unique
// (apiextensions-apiserver pkg/apiserver/schema/listtype/validation.go).

import type { Schema } from '../schema/schema.ts';
import { type Path, unknown, type Value } from '../syntax/tree.ts';
import { hasUnknown, isList, isObject } from '../syntax/value.ts';
import { errorAt, type Report } from './problem.ts';

/** Checks only uniqueness; the items are checked elsewhere. */
export function checkListType(list: readonly Value[], schema: Schema, path: Path, report: Report): void {
  const type = schema['x-kubernetes-list-type'];
  if (type === 'set') checkSet(list, path, report);
  else if (type === 'map') checkMap(list, schema, path, report);
}

function checkSet(list: readonly Value[], path: Path, report: Report): void {
  for (const index of repeated(list.map((item) => (hasUnknown(item) ? undefined : identityOf(item))))) {
    report(errorAt('schema/duplicate-item', [...path, index], { is: 'duplicate-item', found: list[index]! }));
  }
}

function checkMap(list: readonly Value[], schema: Schema, path: Path, report: Report): void {
  // Items of a wrong type are reported by the check of the items.
  if (list.some((item) => item !== null && item !== unknown && !isObject(item))) return;
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const identities = list.map((item) => {
    const values = keys.map((key) => (isObject(item) && Object.hasOwn(item, key) ? item[key]! : undefined));
    if (item === unknown || values.some((value) => value !== undefined && hasUnknown(value))) return undefined;
    return values.map((value) => (value === undefined ? '' : identityOf(value))).join('\n');
  });
  for (const index of repeated(identities)) {
    const item = list[index]!;
    const found = keys.map((key) => [key, isObject(item) ? item[key] : undefined] as const);
    report(errorAt('schema/duplicate-item', [...path, index], { is: 'duplicate-keys', keys: found }));
  }
}

/** The index of each identity's second occurrence, as the server reports it; `undefined` is skipped. */
function repeated(identities: readonly (string | undefined)[]): readonly number[] {
  const times = new Map<string, number>();
  return identities.flatMap((identity, index) => {
    if (identity === undefined) return [];
    const before = times.get(identity) ?? 0;
    times.set(identity, before + 1);
    return before === 1 ? [index] : [];
  });
}

/** A string that is the same for deeply equal values; integers and floats differ, as int64 and float64 do. */
export function identityOf(value: Value): string {
  if (isList(value)) return `[${value.map(identityOf).join()}]`;
  if (isObject(value)) {
    const names = Object.keys(value).sort();
    return `{${names.map((name) => `${JSON.stringify(name)}:${identityOf(value[name]!)}`).join()}}`;
  }
  return typeof value === 'bigint' ? `${value}n` : typeof value === 'symbol' ? '?' : JSON.stringify(value);
}
