// The fields in which two forms of an object differ. Items of lists are matched by the keys of the schema, as the API server
// merges them; others by what stays the same around them.
import type { Built, BuiltList, BuiltMap, BuiltScalar } from '../kustomize/built.ts';
import { valueKeyOf } from '../kustomize/signature.ts';
import { stepInto } from '../schema/field-names.ts';
import type { Schema } from '../schema/schema.ts';
import type { Path } from '../syntax/tree.ts';
import { commonPairs } from './sequence.ts';

/** A field that differs: added without `was`, removed without `now`. */
export interface FieldChange {
  /** Items by their keys: `spec.template.spec.containers[name=web].image`. */
  readonly field: string;
  /** The path in the new form, or in the old one if the field is removed. */
  readonly path: Path;
  /** The path in the old form. */
  readonly oldPath: Path;
  readonly was?: Built;
  readonly now?: Built;
  /** The items are the same in another order. */
  readonly isReordered?: true;
}

/** In the order of the new form. */
export function fieldChanges(was: BuiltMap, now: BuiltMap, schema: Schema | undefined): readonly FieldChange[] {
  const changes: FieldChange[] = [];
  compare({ field: '', path: [], oldPath: [], schema }, was, now, changes);
  return changes;
}

interface Place {
  readonly field: string;
  readonly path: Path;
  readonly oldPath: Path;
  readonly schema: Schema | undefined;
}

/** An object has fewer; what aliases repeat without end isn't looked at further. */
const mostChanges = 10_000;

function compare(place: Place, was: Built, now: Built, changes: FieldChange[]): void {
  if (was === now || changes.length >= mostChanges || valueKeyOf(was) === valueKeyOf(now)) return;
  const { schema, ...at } = place;
  if (was.kind === 'map' && now.kind === 'map') compareMaps(place, was, now, changes);
  else if (was.kind === 'list' && now.kind === 'list') compareLists(place, was, now, changes);
  else if (was.kind !== 'scalar' || now.kind !== 'scalar' || !isSameScalar(was, now)) changes.push({ ...at, was, now });
}

function isSameScalar(a: BuiltScalar, b: BuiltScalar): boolean {
  if (typeof a.value === 'symbol' || typeof b.value === 'symbol') return a.value === b.value && a.text === b.text;
  return a.value === b.value || (isNumber(a.value) && isNumber(b.value) && Number(a.value) === Number(b.value));
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'bigint';
}

function compareMaps(place: Place, was: BuiltMap, now: BuiltMap, changes: FieldChange[]): void {
  for (const [key, value] of now.entries) {
    const inner = below(place, key);
    const before = was.entries.get(key);
    if (before) compare(inner, before, value, changes);
    else changes.push({ ...placed(inner), now: value });
  }
  for (const [key, value] of was.entries) {
    const inner = below(place, key);
    if (!now.entries.has(key)) changes.push({ ...placed(inner), path: inner.oldPath, was: value });
  }
}

function placed({ schema, ...at }: Place): Omit<Place, 'schema'> {
  return at;
}

function below({ field, path, oldPath, schema }: Place, key: string): Place {
  const isPlain = /^[\w$-]+$/.test(key);
  const printed = isPlain ? (field === '' ? key : `${field}.${key}`) : `${field}[${key}]`;
  return { field: printed, path: [...path, key], oldPath: [...oldPath, key], schema: stepInto(schema, key) };
}

function itemAt({ field, path, oldPath, schema }: Place, label: string, old: number, index: number): Place {
  return { field: `${field}[${label}]`, path: [...path, index], oldPath: [...oldPath, old], schema: schema?.items };
}

function compareLists(place: Place, was: BuiltList, now: BuiltList, changes: FieldChange[]): void {
  const keys = keysOf(place.schema);
  const old = keys && byKey(was, keys);
  const current = keys && byKey(now, keys);
  if (!old || !current) {
    compareSequences(place, was.items, now.items, changes);
    return;
  }
  for (const [key, { index, item, label }] of current) {
    const before = old.get(key);
    if (before) compare(itemAt(place, label, before.index, index), before.item, item, changes);
    else changes.push({ ...placed(itemAt(place, label, was.items.length, index)), now: item });
  }
  for (const [key, { index, item, label }] of old)
    if (!current.has(key)) changes.push({ ...placed(itemAt(place, label, index, index)), was: item });
  const order = [...old.keys()].filter((key) => current.has(key));
  const kept = [...current.keys()].filter((key) => old.has(key));
  if (order.some((key, at) => key !== kept[at])) changes.push({ ...placed(place), was, now, isReordered: true });
}

/** The fields that identify the items of a list. */
function keysOf(schema: Schema | undefined): readonly string[] | undefined {
  const merge = schema?.['x-kubernetes-patch-merge-key'];
  if (schema?.['x-kubernetes-list-type'] === 'map') return schema['x-kubernetes-list-map-keys'];
  return merge === undefined ? undefined : [merge];
}

interface Keyed {
  readonly index: number;
  readonly item: Built;
  readonly label: string;
}

/** Undefined if keys don't tell the items apart. */
function byKey({ items }: BuiltList, keys: readonly string[]): ReadonlyMap<string, Keyed> | undefined {
  const found = new Map<string, Keyed>();
  for (const [index, item] of items.entries()) {
    if (item.kind !== 'map') return undefined;
    const values = keys.flatMap((key) => {
      const value = item.entries.get(key);
      return value?.kind === 'scalar' ? [[key, value.text] as const] : [];
    });
    const key = JSON.stringify(values);
    if (values.length === 0 || found.has(key)) return undefined;
    found.set(key, { index, item, label: values.map(([name, text]) => `${name}=${text}`).join(',') });
  }
  return found;
}

/** The items that stay are found first; between them, as many items were replaced as there are on both sides. */
function compareSequences(place: Place, was: readonly Built[], now: readonly Built[], changes: FieldChange[]): void {
  const pairs = commonPairs(was.map(comparable), now.map(comparable));
  let [i, j] = [0, 0];
  for (const [nextI, nextJ] of [...pairs, [was.length, now.length] as const]) {
    for (; i < nextI && j < nextJ; i += 1, j += 1) compare(itemAt(place, String(j), i, j), was[i]!, now[j]!, changes);
    for (; i < nextI; i += 1) changes.push({ ...placed(itemAt(place, String(i), i, i)), was: was[i]! });
    for (; j < nextJ; j += 1) changes.push({ ...placed(itemAt(place, String(j), j, j)), now: now[j]! });
    i += 1;
    j += 1;
  }
}

/** A text that equal values share, whatever the order of their keys. */
function comparable(built: Built): string {
  return built.kind === 'scalar' ? `${typeof built.value}\0${built.text}` : canonical(built);
}

/** Aliases can make a value that is longer than everything that fits into memory. */
const longestText = 1_000_000;

const canonicals = new WeakMap<Built, string>();

function canonical(built: Built): string {
  if (built.kind === 'scalar') return JSON.stringify([typeof built.value, built.text]);
  const known = canonicals.get(built);
  if (known !== undefined) return known;
  const text =
    built.kind === 'list'
      ? `[${built.items.map(canonical).join()}]`
      : `{${[...built.entries]
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, value]) => `${JSON.stringify(key)}:${canonical(value)}`)
          .join()}}`;
  const short = text.length > longestText ? valueKeyOf(built) : text;
  canonicals.set(built, short);
  return short;
}

/** Whether two objects are equal at first sight, as most are. */
export function isSameValue(a: BuiltMap, b: BuiltMap): boolean {
  return a === b || valueKeyOf(a) === valueKeyOf(b);
}
