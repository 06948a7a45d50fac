// What a cached value was made of: the paths that it read itself, and those that others read which it was made of.
import type { BuiltObject } from '../kustomize/objects.ts';
import { isSameList } from '../kustomize/run.ts';
import type { Outdated } from './outdated.ts';

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

/** A value that is kept until something that it was made of changes. */
export interface Known<T> {
  readonly value: T;
  /** Apart from the value, which is forgotten while its readers may still be noted. */
  readonly state: Outdated;
  /** Of what the value read itself, apart from others that it was made of. */
  readonly own: Outdated;
  readonly reading: Reading;
  /** That it holds, as long as they count. */
  readonly objects: readonly BuiltObject[];
  isHeld: boolean;
  /** That of the workspace when it was last asked for. */
  edition: number;
}

export const none: Reads = [];
export const nobody: ReadonlySet<string> = new Set();

export function isSameReading(a: Reading, b: Reading): boolean {
  return isSameList(a.reads, b.reads) && isSameList(a.listed, b.listed) && isSameList(a.taken, b.taken);
}
