// Arithmetic and comparison in CEL: 64-bit integers that fail on overflow, and no arithmetic between number types.
import { equal, identityOf, includes, order } from './compare.ts';
import {
  type CelValue,
  celKind,
  type Failure,
  failure,
  isList,
  isMap,
  type List,
  noOverload,
  unknownValue,
} from './value.ts';

export type Strict = (args: readonly CelValue[]) => CelValue;

/** Arguments are neither errors nor unknown, except inside lists and maps. */
export const strictOperators: Readonly<Record<string, Strict>> = {
  '==': ([a, b]) => equal(a!, b!),
  '!=': ([a, b]) => {
    const same = equal(a!, b!);
    return typeof same === 'boolean' ? !same : same;
  },
  '<': ([a, b]) => compare(a!, b!, (sign) => sign < 0),
  '<=': ([a, b]) => compare(a!, b!, (sign) => sign <= 0),
  '>': ([a, b]) => compare(a!, b!, (sign) => sign > 0),
  '>=': ([a, b]) => compare(a!, b!, (sign) => sign >= 0),
  in: ([value, container]) => isIn(value!, container!),
  '+': ([a, b]) => add(a!, b!),
  '-': ([a, b]) => subtract(a!, b!),
  '*': ([a, b]) =>
    arithmetic(
      a!,
      b!,
      (x, y) => x * y,
      (x, y) => x * y,
    ),
  '/': ([a, b]) =>
    arithmetic(
      a!,
      b!,
      (x, y) => (y === 0n ? divisionByZero : x / y),
      (x, y) => x / y,
    ),
  '%': ([a, b]) => arithmetic(a!, b!, (x, y) => (y === 0n ? modulusByZero : x % y)),
  '!': ([a]) => (typeof a === 'boolean' ? !a : noOverload),
  negate: ([a]) => negate(a!),
};

const divisionByZero = failure('division by zero');
const modulusByZero = failure('modulus by zero');
const overflow: Failure = failure('integer overflow');

export function int64(value: bigint): bigint | Failure {
  return value >= -(2n ** 63n) && value < 2n ** 63n ? value : overflow;
}

export function uint64(value: bigint): CelValue {
  return value >= 0n && value < 2n ** 64n ? { kind: 'uint', value } : failure('unsigned integer overflow');
}

const firstTime = -62_135_596_800_000_000_000n;
const lastTime = 253_402_300_799_999_999_999n;

export function timestamp(nanoseconds: bigint): CelValue {
  if (nanoseconds < firstTime || nanoseconds > lastTime) return failure('timestamp overflow');
  return { kind: 'timestamp', nanoseconds };
}

export function duration(nanoseconds: bigint): CelValue {
  const fits = typeof int64(nanoseconds) === 'bigint';
  return fits ? { kind: 'duration', nanoseconds } : failure('duration overflow');
}

function compare(a: CelValue, b: CelValue, accept: (sign: number) => boolean): CelValue {
  if (celKind(a) === 'number' && Number.isNaN(a as number)) return false;
  if (celKind(b) === 'number' && Number.isNaN(b as number)) return false;
  const sign = order(a, b);
  return sign === undefined ? noOverload : accept(sign);
}

function isIn(value: CelValue, container: CelValue): CelValue {
  if (isList(container)) return includes(container.items, value);
  if (!isMap(container)) return noOverload;
  const found = container.find(value);
  if (found === undefined) return container.open ? unknownValue : false;
  return celKind(found) === 'failure' ? found : true;
}

function add(a: CelValue, b: CelValue): CelValue {
  if (typeof a === 'string' && typeof b === 'string') return a + b;
  if (isList(a) && isList(b)) return addLists(a, b);
  if (a !== null && b !== null && typeof a === 'object' && typeof b === 'object') {
    if (a.kind === 'bytes' && b.kind === 'bytes')
      return { kind: 'bytes', bytes: Uint8Array.from([...a.bytes, ...b.bytes]) };
    if (a.kind === 'duration' && b.kind === 'duration') return duration(a.nanoseconds + b.nanoseconds);
    if ((a.kind === 'duration' && b.kind === 'timestamp') || (a.kind === 'timestamp' && b.kind === 'duration'))
      return timestamp(a.nanoseconds + b.nanoseconds);
  }
  return arithmetic(
    a,
    b,
    (x, y) => x + y,
    (x, y) => x + y,
  );
}

/** Sets are united, map lists merged by key, and other lists concatenated. */
function addLists(a: List, b: List): CelValue {
  const { identity } = a;
  if (identity === undefined) return { kind: 'list', items: [...a.items, ...b.items] };
  const items = [...a.items];
  for (const item of b.items) {
    const truths = items.map((other) => (identity === 'set' ? equal(other, item) : sameKey(other, item, identity)));
    if (truths.some((truth) => typeof truth !== 'boolean')) return unknownValue;
    const at = truths.indexOf(true);
    if (at === -1) items.push(item);
    else if (identity !== 'set') items[at] = item;
  }
  return { kind: 'list', items, identity };
}

function sameKey(a: CelValue, b: CelValue, keys: readonly string[]): boolean | undefined {
  const [left, right] = [identityOf(a, keys), identityOf(b, keys)];
  return left === undefined || right === undefined ? undefined : left === right;
}

function subtract(a: CelValue, b: CelValue): CelValue {
  if (a !== null && b !== null && typeof a === 'object' && typeof b === 'object') {
    if (a.kind === 'timestamp' && b.kind === 'duration') return timestamp(a.nanoseconds - b.nanoseconds);
    if (a.kind === b.kind && (a.kind === 'timestamp' || a.kind === 'duration'))
      return duration(a.nanoseconds - (b as typeof a).nanoseconds);
  }
  return arithmetic(
    a,
    b,
    (x, y) => x - y,
    (x, y) => x - y,
  );
}

function arithmetic(
  a: CelValue,
  b: CelValue,
  integers: (a: bigint, b: bigint) => bigint | Failure,
  doubles?: (a: number, b: number) => number,
): CelValue {
  if (typeof a === 'bigint' && typeof b === 'bigint') {
    const result = integers(a, b);
    return typeof result === 'bigint' ? int64(result) : result;
  }
  if (typeof a === 'number' && typeof b === 'number' && doubles) return doubles(a, b);
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return noOverload;
  if (a.kind !== 'uint' || b.kind !== 'uint') return noOverload;
  const result = integers(a.value, b.value);
  return typeof result === 'bigint' ? uint64(result) : result;
}

function negate(value: CelValue): CelValue {
  if (typeof value === 'bigint') return int64(-value);
  if (typeof value === 'number') return -value;
  return value !== null && typeof value === 'object' && value.kind === 'duration'
    ? duration(-value.nanoseconds)
    : noOverload;
}
