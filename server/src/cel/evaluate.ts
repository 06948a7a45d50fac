// The runtime of compiled CEL (frames and evaluators), and the functions that the compiler and the macros share.
import type { Expr } from './ast.ts';
import { type CelValue, isFailure, isList, isMap, isOptional, isUnknown, noOverload, unknownValue } from './value.ts';

export interface Frame {
  readonly slots: CelValue[];
  /** Loop rounds left; an expression that needs more is unknown. */
  rounds: number;
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
