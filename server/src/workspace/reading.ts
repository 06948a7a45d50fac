// What a cached value was made of: the paths that it read itself, and those that others read which it was made of.
import type { BuiltObject } from '../kustomize/objects.ts';
import { isSameList } from '../kustomize/run.ts';

type Reads = readonly string[];

/** A value, and what it depends on: `own` is all that it read itself, `reads` what others read for it too. */
export interface Computed<T> {
  readonly value: T;
  readonly own?: Reads;
  readonly reads?: Reads;
  /** The folders that were listed. */
  readonly listed?: Reads;
  /** The objects in it. */
  readonly objects?: readonly BuiltObject[];
}

export interface Reading {
  readonly reads: Reads;
  readonly listed: Reads;
  /** What each of those read that it was made of. */
  readonly taken: readonly Reads[];
}

export const none: Reads = [];
export const nobody: ReadonlySet<string> = new Set();

export function isSameReading(a: Reading, b: Reading): boolean {
  return isSameList(a.reads, b.reads) && isSameList(a.listed, b.listed) && isSameList(a.taken, b.taken);
}
