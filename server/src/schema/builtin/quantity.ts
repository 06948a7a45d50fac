// Quantities as numbers: enough to compare them, exactly (apimachinery pkg/api/resource).
import { unknown, type Value } from '../../syntax/tree.ts';

const suffixes: Readonly<Record<string, readonly [base: bigint, exponent: number]>> = {
  n: [10n, -9],
  u: [10n, -6],
  m: [10n, -3],
  '': [10n, 0],
  k: [10n, 3],
  M: [10n, 6],
  G: [10n, 9],
  T: [10n, 12],
  P: [10n, 15],
  E: [10n, 18],
  Ki: [2n, 10],
  Mi: [2n, 20],
  Gi: [2n, 30],
  Ti: [2n, 40],
  Pi: [2n, 50],
  Ei: [2n, 60],
};

/**
 * The quantity in billionths (the server rounds anything finer up), or undefined where it isn't one or can't be known.
 */
export function nanos(value: Value | undefined): bigint | undefined {
  if (value === undefined || value === unknown || value === null || typeof value === 'boolean') return undefined;
  if (typeof value === 'object') return undefined;
  const match = /^([+-]?)(\d*)(?:\.(\d*))?([a-zA-Z]*|[eE][+-]?\d+)$/.exec(String(value).trim());
  if (!match || (match[2] === '' && !match[3])) return undefined;
  const [, sign, whole = '', fraction = '', suffix = ''] = match;
  const digits = BigInt(`${whole}${fraction}` || '0');
  const exponential = /^[eE]([+-]?\d+)$/.exec(suffix);
  const scale = exponential ? ([10n, Number(exponential[1])] as const) : suffixes[suffix];
  if (!scale || Math.abs(scale[1]) > 400) return undefined;
  const [base, exponent] = scale;
  let numerator = digits * 10n ** 9n;
  let denominator = 10n ** BigInt(fraction.length);
  if (exponent >= 0) numerator *= base ** BigInt(exponent);
  else denominator *= base ** BigInt(-exponent);
  const rounded = (numerator + denominator - 1n) / denominator;
  return sign === '-' ? -rounded : rounded;
}

/** Whether it has no part below one. */
export function isWhole(quantity: bigint): boolean {
  return quantity % 10n ** 9n === 0n;
}
