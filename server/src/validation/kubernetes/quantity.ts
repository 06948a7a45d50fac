// Quantities in fields of built-in kinds, as comparable amounts.
import { parseQuantity } from '../../kube/values/quantity.ts';
import { unknown, type Value } from '../../syntax/tree.ts';
import { isObject, own } from '../../syntax/value.ts';
import type { Field } from './field.ts';

/**
 * The quantity in billionths (the API server rounds finer amounts up); `undefined` if it isn't a quantity or is unknown.
 */
export function nanos(value: Value | undefined): bigint | undefined {
  if (value === undefined || value === unknown || value === null || typeof value === 'boolean') return undefined;
  if (typeof value === 'object') return undefined;
  const quantity = parseQuantity(String(value).trim());
  return quantity.ok ? quantity.value.nanos : undefined;
}

/** The quantity of a name in a map; null is 0. */
export function amountIn({ value }: Field, name: string): bigint | undefined {
  const quantity = isObject(value) ? own(value, name) : undefined;
  return quantity === null ? 0n : nanos(quantity);
}

const thousandths = 10n ** 6n;

/** Whether the API server accepts it as a count: it checks for a remainder in thousandths. */
export function isCount(written: Value | undefined, quantity: bigint): boolean {
  return isWhole(quantity) && inInt64(written, quantity / thousandths) % 1000n === 0n;
}

/** The amount as the API server's int64: on overflow 0 if a large decimal exponent is written, otherwise the low 64 bits. */
export function inInt64(written: Value | undefined, amount: bigint): bigint {
  const low = BigInt.asIntN(64, amount);
  return low !== amount && /[GTPE]$|[eE]\+?\d+$/.test(String(written).trim()) ? 0n : low;
}

/** Whether it is an integer. */
export function isWhole(quantity: bigint): boolean {
  return quantity % 10n ** 9n === 0n;
}
