// Lists, sets and optionals: Kubernetes' list library, cel-go's lists in version 3, sets and optionals.
import { equal, includes, order } from '../compare.ts';
import { strictOperators } from '../operators.ts';
import {
  type CelValue,
  celKind,
  failure,
  isList,
  isOptional,
  type List,
  list,
  none,
  noOverload,
  unknownValue,
} from '../value.ts';
import { type Library, overload, overloads } from './function.ts';
import { largestText } from './strings.ts';

export const listMethods: Library = {
  isSorted: overload(
    ['list'],
    ({ items }) =>
      settled(items) ?? items.every((item, index) => index === 0 || (order(items[index - 1]!, item) ?? 0) <= 0),
  ),
  sum: overload(['list'], ({ items }) => settled(items) ?? sum(items)),
  min: overload(['list'], ({ items }) => settled(items) ?? extreme('min', items, 1)),
  max: overload(['list'], ({ items }) => settled(items) ?? extreme('max', items, -1)),
  indexOf: overload(['list', 'any'], ({ items }, value) => position(items, value, items.keys())),
  lastIndexOf: overload(['list', 'any'], ({ items }, value) => position(items, value, [...items.keys()].reverse())),
  slice: overload(['list', 'bigint', 'bigint'], ({ items }, start, end) => {
    if (start < 0n || end < 0n) return failure(`cannot slice(${start}, ${end}), negative indexes not supported`);
    if (start > end)
      return failure(`cannot slice(${start}, ${end}), start index must be less than or equal to end index`);
    if (end > items.length) return failure(`cannot slice(${start}, ${end}), list is length ${items.length}`);
    return list(items.slice(Number(start), Number(end)));
  }),
  flatten: overloads(
    overload(['list'], ({ items }) => flatten(items, 1n)),
    overload(['list', 'bigint'], ({ items }, depth) =>
      depth < 0n ? failure('level must be non-negative') : flatten(items, depth),
    ),
  ),
  sort: overload(['list'], ({ items }) => sortBy(items, items)),
  reverse: overload(['list'], ({ items }) => list([...items].reverse())),
  distinct: overload(['list'], ({ items }) => {
    const kept: CelValue[] = [];
    for (const item of items) {
      const known = includes(kept, item);
      if (celKind(known) === 'unknown' || celKind(item) === 'unknown') return unknownValue;
      if (known !== true) kept.push(item);
    }
    return list(kept);
  }),
  join: overloads(
    overload(['list'], ({ items }) => join(items, '')),
    overload(['list', 'string'], ({ items }, separator) => join(items, separator)),
  ),
  first: overload(['list'], ({ items }) => (items.length === 0 ? none : { kind: 'optional', value: items[0]! })),
  last: overload(['list'], ({ items }) => (items.length === 0 ? none : { kind: 'optional', value: items.at(-1)! })),
  unwrapOpt: overload(['list'], unwrap),
};

export const listFunctions: Library = {
  'lists.range': overload(['bigint'], (count) =>
    count > 100_000n
      ? unknownValue
      : list(Array.from({ length: Math.max(0, Number(count)) }, (_, index) => BigInt(index))),
  ),
  'sets.contains': overload(['list', 'list'], contains),
  'sets.equivalent': overload(['list', 'list'], (a, b) => {
    const forward = contains(a, b);
    return forward === true ? contains(b, a) : forward;
  }),
  'sets.intersects': overload(['list', 'list'], (a, b) => {
    const truths = a.items.map((item) => includes(b.items, item));
    return truths.includes(true) ? true : (truths.find((truth) => celKind(truth) === 'unknown') ?? false);
  }),
  'optional.of': overload(['any'], (value) => ({ kind: 'optional', value })),
  'optional.ofNonZeroValue': overload(['any'], (value) => {
    const zero = isZero(value);
    return zero === undefined ? unknownValue : zero ? none : { kind: 'optional', value };
  }),
  'optional.none': overload([], () => none),
  'optional.unwrap': overload(['list'], unwrap),
};

export const optionalMethods: Library = {
  hasValue: overload(['optional'], ({ value }) => value !== undefined),
  value: overload(['optional'], ({ value }) => value ?? failure('optional.none() dereference')),
};

/** Sorts items by their keys; both lists have the same length. */
export function sortBy(items: readonly CelValue[], keys: readonly CelValue[]): CelValue {
  const unsettled = settled(keys);
  if (unsettled) return unsettled;
  if (keys.some((key) => celKind(key) !== celKind(keys[0]!))) return failure('list elements must have the same type');
  if (keys.length > 0 && order(keys[0]!, keys[0]!) === undefined) return failure('list elements must be comparable');
  const indices = [...keys.keys()].sort((a, b) => order(keys[a]!, keys[b]!) ?? 0);
  return list(indices.map((index) => items[index]!));
}

/** The first error or unknown among the items, which is then the result for the whole list. */
function settled(items: readonly CelValue[]): CelValue | undefined {
  return items.find((item) => celKind(item) === 'failure') ?? items.find((item) => celKind(item) === 'unknown');
}

/** The sum of an empty list is 0, whatever zero the type of its items would have; no rule compares the two. */
function sum(items: readonly CelValue[]): CelValue {
  let total: CelValue | undefined;
  for (const item of items) {
    total = total === undefined ? item : strictOperators['+']!([total, item]);
    if (celKind(total) === 'failure') return total;
  }
  return total ?? 0n;
}

function extreme(name: string, items: readonly CelValue[], replaceOn: 1 | -1): CelValue {
  let found: CelValue | undefined;
  for (const item of items) if (found === undefined || order(found, item) === replaceOn) found = item;
  return found === undefined ? failure(`${name} called on empty list`) : found;
}

function position(items: readonly CelValue[], value: CelValue, indices: Iterable<number>): CelValue {
  for (const index of indices) {
    const same = equal(items[index]!, value);
    if (same === true) return BigInt(index);
    if (celKind(same) === 'unknown') return unknownValue;
  }
  return -1n;
}

function flatten(items: readonly CelValue[], depth: bigint): CelValue {
  const flat: CelValue[] = [];
  for (const item of items) {
    if (celKind(item) === 'unknown') return unknownValue;
    if (!isList(item) || depth === 0n) flat.push(item);
    else {
      const inner = flatten(item.items, depth - 1n);
      if (!isList(inner)) return inner;
      for (const one of inner.items) flat.push(one);
    }
  }
  return list(flat);
}

function join(items: readonly CelValue[], separator: string): CelValue {
  const unsettled = settled(items);
  if (unsettled) return unsettled;
  if (!items.every((item) => typeof item === 'string')) return noOverload;
  const length = items.reduce((sum, item) => sum + item.length + separator.length, 0);
  return length > largestText ? unknownValue : items.join(separator);
}

function contains(whole: List, part: List): CelValue {
  const truths = part.items.map((item) => includes(whole.items, item));
  return truths.includes(false) ? false : (truths.find((truth) => truth !== true) ?? true);
}

function unwrap({ items }: List): CelValue {
  const unsettled = settled(items);
  if (unsettled) return unsettled;
  if (!items.every(isOptional)) return failure('value is not optional');
  return list(items.flatMap((item) => (item.value === undefined ? [] : [item.value])));
}

function isZero(value: CelValue): boolean | undefined {
  if (value === null || value === false || value === 0n || value === 0 || value === '') return true;
  if (typeof value !== 'object') return false;
  switch (value.kind) {
    case 'list':
      return value.items.length === 0;
    case 'map':
      return value.keys.length > 0 ? false : value.open ? undefined : true;
    case 'uint':
      return value.value === 0n;
    case 'bytes':
      return value.bytes.length === 0;
    case 'duration':
      return value.nanoseconds === 0n;
    case 'optional':
      return value.value === undefined;
    default:
      return false;
  }
}
