// Quantities in fields of built-in kinds, as amounts to compare.
import { parseQuantity } from '../../kube/values/quantity.ts';
import { unknown, type Value } from '../../syntax/tree.ts';

/**
 * The quantity in billionths (the server rounds anything finer up), or undefined where it isn't one or can't be known.
 */
export function nanos(value: Value | undefined): bigint | undefined {
  if (value === undefined || value === unknown || value === null || typeof value === 'boolean') return undefined;
  if (typeof value === 'object') return undefined;
  const quantity = parseQuantity(String(value).trim());
  return quantity.ok ? quantity.value.nanos : undefined;
}

/** Whether it has no part below one. */
export function isWhole(quantity: bigint): boolean {
  return quantity % 10n ** 9n === 0n;
}
