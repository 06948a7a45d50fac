// What compiled CEL runs on: frames, evaluators, and what the compiler and the macros both need to build them.
import type { Expr } from './ast.ts';
import { type CelValue, isFailure, isList, isMap, isOptional, isUnknown, noOverload, unknownValue } from './value.ts';

export interface Frame {
  readonly slots: CelValue[];
  /** Rounds of loops still allowed; what takes more is unknown. */
  rounds: number;
}

export type Evaluate = (frame: Frame) => CelValue;

/** What a macro sees of the compiler. */
export interface Scope {
  compile(expr: Expr): Evaluate;
  /** Compiles with further variables in scope; `compile` gets the slots they stand in. */
  within<T>(names: readonly string[], compile: (slots: readonly number[]) => T): T;
  /** What this version of the library doesn't have makes the whole program unknown. */
  fail(): Evaluate;
}

/** Presence of a field, as the macro `has` asks for it. */
export function hasField(target: CelValue, field: string): CelValue {
  if (isFailure(target) || isUnknown(target)) return target;
  if (isOptional(target)) return target.value === undefined ? false : hasField(target.value, field);
  if (isList(target)) return noOverload;
  if (!isMap(target)) return false;
  const value = target.find(field);
  if (value === undefined) return target.open ? unknownValue : false;
  return isFailure(value) ? value : true;
}

/** What two truths that don't decide come to: unknown before errors. */
export function combined(...truths: readonly CelValue[]): CelValue | undefined {
  return (
    truths.find(isUnknown) ??
    truths.find(isFailure) ??
    (truths.some((truth) => typeof truth !== 'boolean') ? noOverload : undefined)
  );
}
