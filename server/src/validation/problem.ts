// What a check finds wrong with one object, as data: the place, what was found, what is allowed, what would solve it.
// Whatever reconsiders a problem works on this; words.ts makes the sentence, and report.ts finds the place in a text.
import type { Gvk } from '../kube/identity.ts';
import type { FixKind, RuleId, Severity } from '../syntax/finding.ts';
import type { Path, Value } from '../syntax/tree.ts';
import { isObject } from '../syntax/value.ts';

/** A change of the value that solves the problem; only where one is sensible. */
export type Remedy = { readonly kind: FixKind } & (
  | { readonly kind: 'rename'; readonly to: string }
  | { readonly kind: 'remove' }
  /** The value at `at`, from the object; without it the one at fault. */
  | { readonly kind: 'replace'; readonly value: unknown; readonly at?: Path }
  | { readonly kind: 'quote' }
  | { readonly kind: 'wrap' }
  /** The text is read as something else because no space follows its colon or dash. */
  | { readonly kind: 'space'; readonly after: 'colon' | 'dash' }
  /** The missing field, with what it needs at least. */
  | { readonly kind: 'add'; readonly key: string; readonly value: unknown }
  /** The key belongs in the map at `into`, from the object; `[]` is the object itself. */
  | { readonly kind: 'move'; readonly into: Path }
);

/** What a value must be. */
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
  /** A check of one field's meaning that has a whole sentence of its own: most of those the server has in Go. */
  | { readonly is: 'check'; readonly sentence: string }
  /** The message of a validation rule, as the author of the CRD wrote it. */
  | { readonly is: 'rule'; readonly message: string }
  | UnknownField
  | { readonly is: 'missing' }
  | { readonly is: 'type'; readonly expected: readonly Expected[]; readonly found: Value | undefined }
  | {
      readonly is: 'enum';
      readonly found: Value;
      readonly allowed: readonly unknown[];
      readonly nearest: string | undefined;
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
  /** Too large for the type, or not whole. */
  | { readonly is: 'size'; readonly found: bigint | number; readonly type: 'int32' | 'int64' | 'float' }
  /** A bound of the CRD that the field's own type can't hold: every value is refused. */
  | { readonly is: 'impossible'; readonly limit: number }
  /** An item of a set, or an item of a list whose keys another item has too. */
  | { readonly is: 'duplicate-item'; readonly found: Value }
  | { readonly is: 'duplicate-keys'; readonly keys: readonly (readonly [name: string, value: Value | undefined])[] }
  | { readonly is: 'repeated-items' }
  /** Of several forms too many fit, none does, or one does that is excluded. */
  | { readonly is: 'several-forms'; readonly forms: number; readonly fields: readonly string[] }
  | { readonly is: 'needs-one'; readonly exactly: boolean; readonly fields: readonly string[] }
  | { readonly is: 'excluded'; readonly fields: readonly string[] }
  | { readonly is: 'unidentified' }
  | UnknownKind
  | Unserved
  | { readonly is: 'deprecated'; readonly gvk: Gvk; readonly origin: string; readonly instead: string | undefined }
  /** An update changes what is fixed once the object exists. */
  | { readonly is: 'immutable'; readonly because?: string };

export interface UnknownField {
  readonly is: 'unknown-field';
  /** The fields the map can have. */
  readonly known: readonly string[];
  /** A field it lacks whose name is spelt nearly so. */
  readonly nearest: string | undefined;
  /** The map the field belongs in, from the object. */
  readonly home?: Path;
}

export interface UnknownKind {
  readonly is: 'unknown-kind';
  readonly gvk: Gvk;
  /** Certainly refused: no CRD can add a kind to the group. */
  readonly refused: boolean;
  readonly meant: { readonly field: 'apiVersion' | 'kind'; readonly value: string } | undefined;
}

export interface Unserved {
  readonly is: 'unserved';
  readonly gvk: Gvk;
  readonly origin: string;
  /** Off unless the cluster's operator enables it, served once, never defined, or of a group that is gone as a whole. */
  readonly state: 'off' | 'removed' | 'undefined' | 'group-removed';
  /** The versions that are served. */
  readonly instead: readonly string[];
}

export interface Problem {
  readonly rule: RuleId;
  readonly severity: Severity;
  /** From the object to the value at fault; a last step that isn't there is a missing field. */
  readonly path: Path;
  /** As the API server names the field, where it isn't the path as printed. */
  readonly field?: string;
  readonly on: 'key' | 'value';
  readonly facts: Facts;
  /** A missing field that is required whatever else the object says. */
  readonly unconditional?: true;
  /** What else the check looked at, or for: the problem may be gone when a field appears there. */
  readonly sought?: readonly Path[];
  readonly remedies?: readonly Remedy[];
}

export type Report = (problem: Problem) => void;

/** An error at a value; the path is copied, as walkers change theirs. */
export function errorAt(rule: RuleId, path: Path, facts: Facts, remedies?: readonly Remedy[]): Problem {
  const problem: Problem = { rule, severity: 'error', path: [...path], on: 'value', facts };
  return remedies && remedies.length > 0 ? { ...problem, remedies } : problem;
}

/** Likewise, of a check that has a sentence of its own. */
export function checkFailed(rule: RuleId, path: Path, sentence: string): Problem {
  return errorAt(rule, path, { is: 'check', sentence });
}

/** The boolean that a text means where one is expected. */
export function booleanOf(text: string): boolean | undefined {
  return /^(?:true|yes|on)$/i.test(text) || (/^(?:false|no|off)$/i.test(text) ? false : undefined);
}

/** `key:value` is one text, and `-key: value` a map: a space is missing where a map or a list of maps was meant. */
export function missingSpace(value: Value, expected: 'object' | 'array'): Remedy | undefined {
  if (expected === 'object')
    return typeof value === 'string' && /^[\w./-]+:(?=[^\s/])/.test(value)
      ? { kind: 'space', after: 'colon' }
      : undefined;
  const [first] = isObject(value) ? Object.keys(value) : [];
  return first !== undefined && /^-\w/.test(first) ? { kind: 'space', after: 'dash' } : undefined;
}
