// What a check of one object's value says, before it is placed in the text (report.ts does that).
import type { RuleId } from '../syntax/finding.ts';
import type { Path, Value } from '../syntax/tree.ts';
import { isList, isObject } from '../syntax/value.ts';

/** How the text can be put right; only where there is one sensible way. */
export type Remedy =
  | { readonly kind: 'rename'; readonly to: string }
  | { readonly kind: 'remove' }
  | { readonly kind: 'replace'; readonly value: unknown }
  | { readonly kind: 'quote' }
  | { readonly kind: 'wrap' }
  /** The missing field, with what it needs at least. */
  | { readonly kind: 'add'; readonly key: string; readonly value: unknown }
  /** The key belongs into the map at `into`; `[]` is the root. */
  | { readonly kind: 'move'; readonly into: Path };

export interface Problem {
  readonly rule: RuleId;
  /** To the value at fault; a last step that isn't there is a missing field. */
  readonly path: Path;
  /** As the API server names the field. */
  readonly field: string;
  readonly on: 'key' | 'value';
  readonly message: string;
  /** A missing field that is required whatever else the object says. */
  readonly unconditional?: true;
  readonly remedies?: readonly Remedy[];
}

export type Report = (problem: Problem) => void;

/** A path as the server's structural checks print it: dots also before the keys of maps. */
export function fieldOf(path: Path): string {
  let printed = '';
  for (const step of path) printed += typeof step === 'number' ? `[${step}]` : printed === '' ? step : `.${step}`;
  return printed;
}

/** A value in a message, in at most some forty characters. */
export function show(value: unknown): string {
  if (typeof value === 'string') return value.length > 40 ? `“${value.slice(0, 40)}…”` : `“${value}”`;
  if (typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : 'a map';
}

/** What kind of thing a value is, for “expected …, not …”. */
export function kindOf(value: Value): string {
  if (value === null) return 'null';
  if (isList(value)) return 'a list';
  if (isObject(value)) return 'a map';
  if (typeof value === 'bigint') return `the integer ${value}`;
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'boolean') return `the boolean ${value}`;
  return typeof value === 'string' ? `the string ${show(value)}` : 'unknown';
}

/** What a text says where true or false is asked for. */
export function truthOf(text: string): boolean | undefined {
  return /^(?:true|yes|on)$/i.test(text) || (/^(?:false|no|off)$/i.test(text) ? false : undefined);
}

/** “a, b or c”, at most a dozen of them. */
export function oneOfWords(words: readonly string[]): string {
  const shown = words.length > 12 ? [...words.slice(0, 12), '…'] : words;
  if (shown.length < 2) return shown[0] ?? '';
  return `${shown.slice(0, -1).join(', ')} or ${shown[shown.length - 1]}`;
}
