// Quantities in fields of built-in kinds, as amounts to compare.
import { parseQuantity } from '../../kube/values/quantity.ts';
import { unknown, type Value } from '../../syntax/tree.ts';
import { isObject, own } from '../problem.ts';
import type { Field } from './field.ts';

/**
 * The quantity in billionths (the server rounds anything finer up), or undefined where it isn't one or can't be known.
 */
export function nanos(value: Value | undefined): bigint | undefined {
  if (value === undefined || value === unknown || value === null || typeof value === 'boolean') return undefined;
  if (typeof value === 'object') return undefined;
  const quantity = parseQuantity(String(value).trim());
  return quantity.ok ? quantity.value.nanos : undefined;
}

/** The quantity of a name in a map; one that is null counts as 0. */
export function amountIn({ value }: Field, name: string): bigint | undefined {
  const quantity = isObject(value) ? own(value, name) : undefined;
  return quantity === null ? 0n : nanos(quantity);
}

const thousandths = 10n ** 6n;

/**
 * Whether the server takes it for a number of things: it looks whether there are thousandths, in 64 bits, whose overflow
 * is 0 where the quantity is written with a large decimal exponent.
 */
export function isCount(written: Value | undefined, quantity: bigint): boolean {
  if (!isWhole(quantity)) return false;
  const milli = quantity / thousandths;
  if (BigInt.asIntN(64, milli) === milli || /[GTPE]$|[eE]\+?\d+$/.test(String(written).trim())) return true;
  return BigInt.asIntN(64, milli) % 1000n === 0n;
}

/** Whether it has no part below one. */
export function isWhole(quantity: bigint): boolean {
  return quantity % 10n ** 9n === 0n;
}
