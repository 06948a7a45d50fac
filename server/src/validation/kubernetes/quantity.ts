// Quantities in fields of built-in kinds, as amounts to compare.
import { parseQuantity } from '../../kube/values/quantity.ts';
import { unknown, type Value } from '../../syntax/tree.ts';
import { isObject, own } from '../../syntax/value.ts';
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

/** Whether the server takes it for a number of things: it looks whether there are thousandths. */
export function isCount(written: Value | undefined, quantity: bigint): boolean {
  return isWhole(quantity) && inInt64(written, quantity / thousandths) % 1000n === 0n;
}

/** What the server reads of an amount in 64 bits: past them 0 where a large decimal exponent is written, else the low bits. */
export function inInt64(written: Value | undefined, amount: bigint): bigint {
  const low = BigInt.asIntN(64, amount);
  return low !== amount && /[GTPE]$|[eE]\+?\d+$/.test(String(written).trim()) ? 0n : low;
}

/** Whether it has no part below one. */
export function isWhole(quantity: bigint): boolean {
  return quantity % 10n ** 9n === 0n;
}
