// Equality and order of CEL values (cel-go common/types and k8s.io/apiserver pkg/cel/common/valuesunstructured.go).
import { compareQuantities } from '../kube/values/quantity.ts';
import { compareVersions } from '../kube/values/semver.ts';
import {
  type CelValue,
  celKind,
  type Failure,
  isList,
  isMap,
  keyText,
  type List,
  type MapValue,
  noOverload,
  type Unknown,
  unknownValue,
} from './value.ts';

export type Truth = boolean | Failure | Unknown;

/** Values of different types are unequal; numbers are compared by amount. */
export function equal(a: CelValue, b: CelValue): Truth {
  if (celKind(a) === 'failure') return a as Failure;
  if (celKind(b) === 'failure') return b as Failure;
  if (celKind(a) === 'unknown' || celKind(b) === 'unknown') return unknownValue;
  if (a === null || b === null) return a === b;
  if (typeof a !== 'object' || typeof b !== 'object') return equalScalars(a, b);
  switch (a.kind) {
    case 'list':
      return isList(b) ? equalLists(a, b) : false;
    case 'map':
      return isMap(b) ? equalMaps(a, b) : false;
    case 'uint':
      return numericOrder(a, b) === 0;
    case 'bytes':
      return b.kind === 'bytes' && compareBytes(a.bytes, b.bytes) === 0;
    case 'duration':
    case 'timestamp':
      return b.kind === a.kind && a.nanoseconds === b.nanoseconds;
    case 'type':
    case 'format':
      return b.kind === a.kind ? a.name === b.name : a.kind === 'type' ? false : noOverload;
    case 'optional':
      if (b.kind !== 'optional') return false;
      return a.value === undefined || b.value === undefined ? a.value === b.value : equal(a.value, b.value);
    case 'url':
      return b.kind === 'url' ? a.url.text === b.url.text : noOverload;
    case 'ip':
      return b.kind === 'ip' ? a.ip.family === b.ip.family && a.ip.bits === b.ip.bits : noOverload;
    case 'cidr':
      if (b.kind !== 'cidr') return noOverload;
      return (
        a.cidr.prefix === b.cidr.prefix && a.cidr.ip.family === b.cidr.ip.family && a.cidr.ip.bits === b.cidr.ip.bits
      );
    case 'quantity':
      return b.kind === 'quantity' && !b.sum ? compareQuantities(a.quantity, b.quantity) === 0 : noOverload;
    case 'semver':
      return b.kind === 'semver' ? compareVersions(a.version, b.version) === 0 : noOverload;
    default:
      return unknownValue;
  }
}

/** -1, 0 or 1; undefined where the two have no order. NaN is neither below nor above, as in cel-go. */
export function order(a: CelValue, b: CelValue): -1 | 0 | 1 | undefined {
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return sign(Number(a) - Number(b));
  if (a === null || b === null) return undefined;
  if (typeof a === 'object' && typeof b === 'object') {
    if (a.kind === 'bytes' && b.kind === 'bytes') return compareBytes(a.bytes, b.bytes);
    if ((a.kind === 'duration' || a.kind === 'timestamp') && a.kind === b.kind)
      return a.nanoseconds < b.nanoseconds ? -1 : a.nanoseconds > b.nanoseconds ? 1 : 0;
  }
  return numericOrder(a, b);
}

/** By code points, as Go compares UTF-8. */
export function compareStrings(a: string, b: string): -1 | 0 | 1 {
  for (let at = 0; at < a.length && at < b.length; at += 1) {
    const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (left === right) continue;
    const [leftIsHigh, rightIsHigh] = [left >= 0xd800 && left < 0xe000, right >= 0xd800 && right < 0xe000];
    if (leftIsHigh !== rightIsHigh) return leftIsHigh ? 1 : -1;
    return left < right ? -1 : 1;
  }
  return sign(a.length - b.length);
}

function sign(difference: number): -1 | 0 | 1 {
  return difference < 0 ? -1 : difference > 0 ? 1 : 0;
}

function equalScalars(a: CelValue, b: CelValue): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a === b;
  return typeof a === typeof b ? a === b : numericOrder(a, b) === 0;
}

function numericOrder(a: CelValue, b: CelValue): -1 | 0 | 1 | undefined {
  const [left, right] = [numberOf(a), numberOf(b)];
  if (left === undefined || right === undefined) return undefined;
  if (Number.isNaN(left) || Number.isNaN(right)) return undefined;
  // JavaScript compares bigint and number exactly, by amount.
  return left < right ? -1 : left > right ? 1 : 0;
}

function numberOf(value: CelValue): bigint | number | undefined {
  if (typeof value === 'bigint' || typeof value === 'number') return value;
  return value !== null && typeof value === 'object' && value.kind === 'uint' ? value.value : undefined;
}

function compareBytes(a: Uint8Array, b: Uint8Array): -1 | 0 | 1 {
  for (let at = 0; at < a.length && at < b.length; at += 1) {
    if (a[at] !== b[at]) return a[at]! < b[at]! ? -1 : 1;
  }
  return sign(a.length - b.length);
}

function equalLists(a: List, b: List): Truth {
  if (a.items.length !== b.items.length) return false;
  if (a.identity === 'set') return every(b.items, (item) => includes(a.items, item));
  if (a.identity !== undefined) return equalMapLists(a, b, a.identity);
  return every(a.items, (item, index) => equal(item, b.items[index]!));
}

function equalMapLists(a: List, b: List, keys: readonly string[]): Truth {
  const byKey = new Map(a.items.map((item) => [identityOf(item, keys), item]));
  if (byKey.has(undefined)) return unknownValue;
  return every(b.items, (item) => {
    const key = identityOf(item, keys);
    if (key === undefined) return unknownValue;
    const other = byKey.get(key);
    return other === undefined ? false : equal(other, item);
  });
}

/** The identity of an item of a map list; undefined where it is unknown. */
export function identityOf(item: CelValue, keys: readonly string[]): string | undefined {
  if (!isMap(item)) return undefined;
  const parts = keys.map((key) => {
    const value = item.find(key);
    return value === undefined ? (item.open ? undefined : '') : keyText(value);
  });
  return parts.includes(undefined) ? undefined : JSON.stringify(parts);
}

/** Whether a list contains a value; unknown where an item is unknown and none equals the value. */
export function includes(items: readonly CelValue[], value: CelValue): Truth {
  let result: Truth = false;
  for (const item of items) {
    const same = equal(item, value);
    if (same === true) return true;
    if (typeof same !== 'boolean' && same.kind === 'unknown') result = same;
  }
  return result;
}

function equalMaps(a: MapValue, b: MapValue): Truth {
  if (a.open || b.open) return unknownValue;
  if (a.keys.length !== b.keys.length) return false;
  return every(a.keys, (key) => {
    const other = b.find(key);
    return other === undefined || celKind(other) === 'failure' ? false : equal(a.find(key)!, other);
  });
}

/** False if any check is false, whatever the others are; otherwise the first that isn't true. */
function every<T>(items: readonly T[], check: (item: T, index: number) => Truth): Truth {
  let result: Truth = true;
  for (const [index, item] of items.entries()) {
    const truth = check(item, index);
    if (truth === false) return false;
    if (truth !== true && result === true) result = truth;
  }
  return result;
}
