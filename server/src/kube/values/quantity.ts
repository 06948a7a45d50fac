// Resource quantities, parsed exactly as by apimachinery pkg/api/resource: `500m`, `1.5Gi`, `1e3`.
import { type Parsed, parsed, wrong } from './parsed.ts';

/** The value is `nanos` × 10^-9; parsing rounds away from zero to that precision. */
export interface Quantity {
  readonly nanos: bigint;
  /** Whether the server stores it as an int64 times a non-negative power of ten; only then it has an integer value. */
  readonly small: boolean;
}

const nano = 1_000_000_000n;
const decimalSuffixes: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 }; // biome-ignore format: one table
const binarySuffixes: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };
const largestBinary = (2n ** 63n - 1n) * nano;
/**
 * Exponents are clamped to this, beyond which quantities are practically zero or infinite; the server accepts any
 * int32.
 */
const largestExponent = 10_000;

export function parseQuantity(text: string): Parsed<Quantity> {
  const match = /^([+-]?)(\d*)(?:(\.)(\d*))?([eEinumkKMGTP]*[+-]?\d*)$/.exec(text);
  if (!match || text === '') return wrong(quantityHint);
  const [, sign, integer = '', , fraction = '', suffix = ''] = match;
  // No digits at all are read as zero.
  const significant = integer.replace(/^0+/, '');
  const scale = scaleOf(suffix);
  if (!scale)
    return wrong(
      `has the unknown suffix “${suffix}”; suffixes are n, u, m, k, M, G, T, P, E and Ki, Mi, Gi, Ti, Pi, Ei`,
    );
  const digits = BigInt(significant + fraction || '0');
  const amount = scaled(digits, fraction.length, scale);
  const magnitude =
    scale.base === 2 && amount > largestBinary && !isFast(significant, fraction, scale) ? largestBinary : amount;
  return parsed({
    nanos: sign === '-' ? -magnitude : magnitude,
    small: isFast(significant, fraction, scale) && (scale.base === 2 || scale.exponent >= fraction.length),
  });
}

export function compareQuantities(a: Quantity, b: Quantity): -1 | 0 | 1 {
  return a.nanos < b.nanos ? -1 : a.nanos > b.nanos ? 1 : 0;
}

/** Undefined unless the quantity is a whole number that the server stores as an integer (Quantity.AsInt64). */
export function quantityAsInteger({ nanos, small }: Quantity): bigint | undefined {
  return small && nanos % nano === 0n && fitsInt64(nanos / nano) ? nanos / nano : undefined;
}

export function quantityAsNumber({ nanos }: Quantity): number {
  return nanos % nano === 0n ? Number(nanos / nano) : Number(nanos) / 1e9;
}

export function quantityOf(integer: bigint): Quantity {
  return { nanos: integer * nano, small: true };
}

export function addQuantities(a: Quantity, b: Quantity): Quantity {
  return { nanos: a.nanos + b.nanos, small: a.small && b.small };
}

export function subtractQuantities(a: Quantity, b: Quantity): Quantity {
  return { nanos: a.nanos - b.nanos, small: a.small && b.small };
}

const quantityHint = 'must be a number with an optional suffix, as in “500m”, “2”, “1.5Gi” or “1e3”';

interface Scale {
  readonly base: 2 | 10;
  readonly exponent: number;
}

function scaleOf(suffix: string): Scale | undefined {
  if (Object.hasOwn(decimalSuffixes, suffix)) return { base: 10, exponent: decimalSuffixes[suffix]! };
  if (Object.hasOwn(binarySuffixes, suffix)) return { base: 2, exponent: binarySuffixes[suffix]! };
  const match = /^[eE]([+-]?\d+)$/.exec(suffix);
  return match && fitsInt64(BigInt(match[1]!)) ? { base: 10, exponent: Number(match[1]) } : undefined;
}

/** In units of 10^-9, rounded up, so that an amount below the smallest unit becomes the smallest unit. */
function scaled(digits: bigint, places: number, { base, exponent }: Scale): bigint {
  if (digits === 0n) return 0n;
  if (base === 2) return divideUp(digits * 2n ** BigInt(exponent) * nano, 10n ** BigInt(places));
  const power = Math.max(-largestExponent, Math.min(largestExponent, exponent - places + 9));
  return power >= 0 ? digits * 10n ** BigInt(power) : divideUp(digits, 10n ** BigInt(-power));
}

function divideUp(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}

/** Whether the server parses it without an arbitrary-precision decimal. */
function isFast(integer: string, fraction: string, { base, exponent }: Scale): boolean {
  if (base === 2) return fraction === '' && 15 - Math.max(integer.length, 1) - Math.floor((exponent * 3) / 10) - 1 >= 0;
  return 18 - Math.max(integer.length, 1) - fraction.length >= 0 && exponent - fraction.length >= -9;
}

function fitsInt64(value: bigint): boolean {
  return value >= -(2n ** 63n) && value < 2n ** 63n;
}
