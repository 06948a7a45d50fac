// The runtime of compiled CEL (frames and evaluators), and the functions that the compiler and the macros share.
import type { Expr } from './ast.ts';
import {
  type CelValue,
  isFailure,
  isList,
  isMap,
  isOptional,
  isUnknown,
  type List,
  noOverload,
  unknownValue,
} from './value.ts';

export interface Frame {
  readonly slots: CelValue[];
  readonly budget: Budget;
}

/**
 * What evaluation may still cost; one budget is for all rules of an object, as on the server, whose limits stop rules earlier.
 * A rule that needs more is unknown.
 */
export interface Budget {
  /** Rounds of loops. */
  rounds: number;
  /** Characters and items that functions read and make. */
  work: number;
}

export function objectBudget(): Budget {
  return { rounds: 1_000_000, work: 20_000_000 };
}

/** Characters of a text or items of a list, of which every function reads its arguments once. */
export function sizeOf(value: CelValue): number {
  if (typeof value === 'string') return value.length;
  if (value === null || typeof value !== 'object') return 1;
  if (value.kind === 'list') return 1 + sizeOfItems(value);
  if (value.kind === 'map') return 1 + value.keys.length;
  return value.kind === 'bytes' ? value.bytes.length : 1;
}

const sizes = new WeakMap<List, number>();

function sizeOfItems(list: List): number {
  const known = sizes.get(list);
  if (known !== undefined) return known;
  let size = 0;
  for (const item of list.items) size += sizeOf(item);
  sizes.set(list, size);
  return size;
}

export type Evaluate = (frame: Frame) => CelValue;

/** The compiler's interface for macros. */
export interface Scope {
  compile(expr: Expr): Evaluate;
  /** Compiles with more variables in scope; `compile` gets their slots. */
  within<T>(names: readonly string[], compile: (slots: readonly number[]) => T): T;
  /** Makes the whole program unknown, because it uses something this version of the library doesn't have. */
  fail(): Evaluate;
}

/** The presence of a field, for the macro `has`. */
export function hasField(target: CelValue, field: string): CelValue {
  if (isFailure(target) || isUnknown(target)) return target;
  if (isOptional(target)) return target.value === undefined ? false : hasField(target.value, field);
  if (isList(target)) return noOverload;
  if (!isMap(target)) return false;
  const value = target.find(field);
  if (value === undefined) return target.open ? unknownValue : false;
  return isFailure(value) ? value : true;
}

/** The result of operands that don't decide alone; unknowns take precedence over errors. */
export function combined(...truths: readonly CelValue[]): CelValue | undefined {
  return (
    truths.find(isUnknown) ??
    truths.find(isFailure) ??
    (truths.some((truth) => typeof truth !== 'boolean') ? noOverload : undefined)
  );
}
