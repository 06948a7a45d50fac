// The problems of one object as data: the path, what was found, what is allowed and how to fix it. Code that filters or
// amends problems works on this data; words.ts words the message, and report.ts finds the range in the text.
import type { Gvk } from '../kube/identity.ts';
import type { FixKind, RuleId, Severity } from '../syntax/finding.ts';
import type { Path, Value } from '../syntax/tree.ts';
import { isObject } from '../syntax/value.ts';

/** A change to the object that fixes the problem; only where a sensible one exists. */
export type Remedy = { readonly kind: FixKind } & (
  | { readonly kind: 'rename'; readonly to: string }
  | { readonly kind: 'remove' }
  /** Replaces the value at `at`, a path from the object; by default the invalid value. */
  | { readonly kind: 'replace'; readonly value: unknown; readonly at?: Path }
  | { readonly kind: 'quote' }
  | { readonly kind: 'wrap' }
  /** Adds the missing space after a colon or dash. */
  | { readonly kind: 'space'; readonly after: 'colon' | 'dash' }
  /** Adds the missing field with its minimal content. */
  | { readonly kind: 'add'; readonly key: string; readonly value: unknown }
  /** Moves the key to the map at `into`, a path from the object; `[]` is the object itself. */
  | { readonly kind: 'move'; readonly into: Path }
);

/** A type that a value must have. */
export type Expected =
  | 'object'
  | 'array'
  | 'string'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'quantity'
  | 'time'
  | 'bytes'
  | 'schema';

/** What was found and what is allowed. */
export type Facts =
  /** A check with its own message: most of those that the API server implements in Go. */
  | { readonly is: 'check'; readonly sentence: string }
  /** The message of a CEL validation rule, as its CRD words it. */
  | { readonly is: 'rule'; readonly message: string }
  | UnknownField
  | { readonly is: 'missing' }
  | {
      readonly is: 'type';
      readonly expected: readonly Expected[];
      readonly found: Value | undefined;
      /** What a string must match. */
      readonly pattern?: string;
    }
  | {
      readonly is: 'enum';
      readonly found: Value;
      readonly allowed: readonly unknown[];
      readonly nearest: string | undefined;
      /** The path of another field of the object that accepts the value. */
      readonly home?: Path;
    }
  | { readonly is: 'format'; readonly format: string; readonly found: string }
  | { readonly is: 'pattern'; readonly pattern: string; readonly found: string }
  | {
      readonly is: 'length';
      readonly of: 'character' | 'item' | 'field';
      readonly length: number;
      readonly bound: 'least' | 'most';
      readonly limit: number;
    }
  | {
      readonly is: 'range';
      readonly found: bigint | number;
      readonly bound: 'least' | 'most';
      readonly limit: number;
      readonly exclusive: boolean;
    }
  | { readonly is: 'multiple'; readonly found: bigint | number; readonly factor: number }
  /** Outside the range of the type, or not an integer. */
  | { readonly is: 'size'; readonly found: bigint | number; readonly type: 'int32' | 'int64' | 'float' }
  /** A bound of the CRD that is outside the range of the field's own type: the server refuses every value. */
  | { readonly is: 'impossible'; readonly limit: number }
  /** A repeated item of a set, or an item of a list map whose keys another item has as well. */
  | { readonly is: 'duplicate-item'; readonly found: Value }
  | { readonly is: 'duplicate-keys'; readonly keys: readonly (readonly [name: string, value: Value | undefined])[] }
  | { readonly is: 'repeated-items' }
  /** More than one branch of oneOf matches, no branch of oneOf or anyOf does, or the schema under `not` does. */
  | { readonly is: 'several-forms'; readonly forms: number; readonly fields: readonly string[] }
  | { readonly is: 'needs-one'; readonly exactly: boolean; readonly fields: readonly string[] }
  | { readonly is: 'excluded'; readonly fields: readonly string[] }
  | { readonly is: 'unidentified' }
  | UnknownKind
  | Unserved
  /** One release refuses it and another accepts it. */
  | { readonly is: 'elsewhere'; readonly problem: Problem; readonly origin: string; readonly accepting: string }
  | { readonly is: 'deprecated'; readonly gvk: Gvk; readonly origin: string; readonly instead: string | undefined }
  /** An update changes an immutable field. */
  | { readonly is: 'immutable'; readonly because?: string };

export interface UnknownField {
  readonly is: 'unknown-field';
  /** The fields that the schema defines. */
  readonly known: readonly string[];
  /** A field with a similar name that the map does not have yet. */
  readonly nearest: string | undefined;
  /** The path of the map that the field belongs in, from the object. */
  readonly home?: Path;
}

export interface UnknownKind {
  readonly is: 'unknown-kind';
  readonly gvk: Gvk;
  /** The server certainly refuses it: no CRD can add a kind to the group. */
  readonly refused: boolean;
  readonly meant: { readonly field: 'apiVersion' | 'kind'; readonly value: string } | undefined;
}

export interface Unserved {
  readonly is: 'unserved';
  readonly gvk: Gvk;
  readonly origin: string;
  /**
   * Disabled by default, no longer served, never defined, in a group that no longer exists; where it isn't known which
   * release a cluster runs: served by older ones only, or by newer ones only.
   */
  readonly state: 'off' | 'removed' | 'undefined' | 'group-removed' | 'dropped' | 'upcoming';
  /** The release that serves the version, of those that don't answer first. */
  readonly elsewhere?: string;
  /** The served versions. */
  readonly instead: readonly string[];
}

export interface Problem {
  readonly rule: RuleId;
  readonly severity: Severity;
  /** From the object to the invalid value; if the last step does not exist, it is a missing field. */
  readonly path: Path;
  /** The field that the API server reports, where it differs from the printed path. */
  readonly field?: string;
  readonly on: 'key' | 'value';
  readonly facts: Facts;
  /** The missing field is required regardless of other fields. */
  readonly unconditional?: true;
  /** The other paths that the check read or searched: a field that appears there may resolve the problem. */
  readonly sought?: readonly Path[];
  readonly remedies?: readonly Remedy[];
}

export type Report = (problem: Problem) => void;

/** An error at a value. The path is copied, because walkers mutate theirs. */
export function errorAt(rule: RuleId, path: Path, facts: Facts, remedies?: readonly Remedy[]): Problem {
  const problem: Problem = { rule, severity: 'error', path: [...path], on: 'value', facts };
  return remedies && remedies.length > 0 ? { ...problem, remedies } : problem;
}

/** An error of a check that has its own message. */
export function checkFailed(rule: RuleId, path: Path, sentence: string): Problem {
  return errorAt(rule, path, { is: 'check', sentence });
}

/** The boolean that a string such as `yes` or `off` was meant as. */
export function booleanOf(text: string): boolean | undefined {
  return /^(?:true|yes|on)$/i.test(text) || (/^(?:false|no|off)$/i.test(text) ? false : undefined);
}

/** `key:value` is a string, and `-key: value` a map: where a map or a list of maps is expected, a space is missing. */
export function missingSpace(value: Value, expected: 'object' | 'array'): Remedy | undefined {
  if (expected === 'object')
    return typeof value === 'string' && /^[\w./-]+:(?=[^\s/])/.test(value)
      ? { kind: 'space', after: 'colon' }
      : undefined;
  const [first] = isObject(value) ? Object.keys(value) : [];
  return first !== undefined && /^-\w/.test(first) ? { kind: 'space', after: 'dash' } : undefined;
}
