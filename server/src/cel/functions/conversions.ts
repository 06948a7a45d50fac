// Type conversions and sizes (cel-go common/types, ConvertToType).
import { parseDuration } from '../../kube/values/duration.ts';
import { printCidr, printIp } from '../../kube/values/ip.ts';
import { parseTime, printTime } from '../../kube/values/time.ts';
import { duration, int64, timestamp, uint64 } from '../operators.ts';
import { type CelValue, failure, isList, isMap, typeNameOf, unknownValue } from '../value.ts';
import { type CelFunction, type Library, overload, overloads } from './function.ts';

const bad = (value: CelValue, type: string) =>
  failure(`type conversion error from '${typeNameOf(value)}' to '${type}'`);

export const size: CelFunction = (value) => {
  if (value === undefined) return undefined;
  if (typeof value === 'string') return BigInt([...value].length);
  if (isList(value)) return BigInt(value.items.length);
  if (isMap(value)) return value.open ? unknownValue : BigInt(value.keys.length);
  return value !== null && typeof value === 'object' && value.kind === 'bytes' ? BigInt(value.bytes.length) : undefined;
};

export const conversionFunctions: Library = {
  size,
  dyn: overload(['any'], (value) => value),
  type: overload(['any'], (value) => ({ kind: 'type', name: typeNameOf(value) })),
  bool: overloads(
    overload(['boolean'], (value) => value),
    overload(['string'], (text) => {
      if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text)) return true;
      return ['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(text) ? false : bad(text, 'bool');
    }),
  ),
  bytes: overloads(
    overload(['bytes'], (value) => value),
    overload(['string'], (text) => ({ kind: 'bytes', bytes: new TextEncoder().encode(text) })),
  ),
  double: overloads(
    overload(['number'], (value) => value),
    overload(['bigint'], (value) => Number(value)),
    overload(['uint'], ({ value }) => Number(value)),
    overload(['string'], toDouble),
  ),
  int: overloads(
    overload(['bigint'], (value) => value),
    overload(['uint'], ({ value }) => int64(value)),
    overload(['number'], (value) =>
      Number.isFinite(value) && value > -(2 ** 63) && value < 2 ** 63
        ? BigInt(Math.trunc(value))
        : failure('integer overflow'),
    ),
    overload(['string'], (text) =>
      /^[+-]?\d+$/.test(text) ? orBad(int64(BigInt(text)), text, 'int') : bad(text, 'int'),
    ),
    overload(['timestamp'], ({ nanoseconds }) => floorDivide(nanoseconds, 1_000_000_000n)),
    overload(['duration'], ({ nanoseconds }) => nanoseconds),
  ),
  uint: overloads(
    overload(['uint'], (value) => value),
    overload(['bigint'], uint64),
    overload(['number'], (value) =>
      Number.isFinite(value) && value >= 0 && value < 2 ** 64
        ? uint64(BigInt(Math.trunc(value)))
        : failure('unsigned integer overflow'),
    ),
    overload(['string'], (text) =>
      /^\d+$/.test(text) ? orBad(uint64(BigInt(text)), text, 'uint') : bad(text, 'uint'),
    ),
  ),
  string: (value) => (value === undefined ? undefined : toText(value)),
  duration: overloads(
    overload(['duration'], (value) => value),
    overload(['bigint'], duration),
    overload(['string'], (text) => {
      const parsed = parseDuration(text);
      return parsed.ok ? duration(parsed.value) : bad(text, 'google.protobuf.Duration');
    }),
  ),
  timestamp: overloads(
    overload(['timestamp'], (value) => value),
    overload(['bigint'], (seconds) => timestamp(seconds * 1_000_000_000n)),
    overload(['string'], (text) => {
      const parsed = parseTime(text);
      return parsed.ok ? timestamp(parsed.value.nanoseconds) : bad(text, 'google.protobuf.Timestamp');
    }),
  ),
};

export function toText(value: CelValue): CelValue | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return printDouble(value);
  if (value === null) return undefined;
  switch (value.kind) {
    case 'uint':
      return String(value.value);
    case 'bytes':
      return decode(value.bytes);
    case 'timestamp':
      return printTime(value.nanoseconds);
    case 'duration':
      return `${Number(value.nanoseconds) / 1e9}s`;
    case 'type':
      return value.name;
    case 'ip':
      return printIp(value.ip);
    case 'cidr':
      return printCidr(value.cidr);
    default:
      return undefined;
  }
}

/** Go's `%g`: the fewest digits that identify the number, with an exponent below -4 and from 6 on. */
export function printDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa = '', exponentText = ''] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 6) return String(value);
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

export function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend % divisor < 0n ? quotient - 1n : quotient;
}

function orBad(value: CelValue, text: string, type: string): CelValue {
  return value !== null && typeof value === 'object' && value.kind === 'failure' ? bad(text, type) : value;
}

function toDouble(text: string): CelValue {
  const plain = text.replace(/(?<=\d)_(?=\d)/g, '_');
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(plain)) {
    const value = Number(plain);
    return Number.isFinite(value) ? value : bad(text, 'double');
  }
  if (/^[+-]?inf(inity)?$/i.test(text))
    return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(text)) return Number.NaN;
  // Go also accepts hexadecimal floats.
  return /^[+-]?0x/i.test(text) ? unknownValue : bad(text, 'double');
}

function decode(bytes: Uint8Array): CelValue {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return failure('invalid UTF-8 in bytes, cannot convert to string');
  }
}
