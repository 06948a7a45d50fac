// JSON as Go's encoder writes it: keys in order, and `<`, `>` and `&` escaped. Hashes of generated names depend on it.
import type { Value } from '../syntax/tree.ts';

/** With `indent`, every item is on a line of its own. Holes are null. */
export function goJson(value: Value, indent = ''): string {
  return encode(value, indent, '\n');
}

/** Whether all of a text is JSON. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function encode(value: Value, indent: string, line: string): string {
  if (value === null || typeof value === 'symbol') return 'null';
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number') return float(value);
  if (typeof value !== 'object') return String(value);
  const inner = line + indent;
  const [open, close, items] = Array.isArray(value)
    ? ['[', ']', value.map((item: Value) => encode(item, indent, inner))]
    : ['{', '}', entries(value as { readonly [key: string]: Value }, indent, inner)];
  if (items.length === 0) return open + close;
  return indent === '' ? open + items.join(',') + close : open + inner + items.join(`,${inner}`) + line + close;
}

function entries(map: { readonly [key: string]: Value }, indent: string, line: string): readonly string[] {
  const colon = indent === '' ? ':' : ': ';
  return Object.keys(map)
    .toSorted(byCodePoint)
    .map((key) => text(key) + colon + encode(map[key]!, indent, line));
}

/** Go compares bytes; in UTF-16, characters beyond the first plane come before those at its end. */
function byCodePoint(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  for (const [index, character] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    if (character !== other) return character.codePointAt(0)! - other.codePointAt(0)!;
  }
  return left.length - right.length;
}

function text(value: string): string {
  return JSON.stringify(value.toWellFormed()).replace(
    /[<>&\u2028\u2029]/g,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function float(value: number): string {
  if (!Number.isFinite(value)) return 'null';
  return Object.is(value, -0) ? '-0' : String(value);
}
