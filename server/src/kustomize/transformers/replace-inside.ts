// Replaces values inside a string that is JSON or YAML, where the path of a replacement leads on into it
// (api/filters/replacement, setValueInStructuredData).
import { parseManifest } from '../../syntax/manifest.ts';
import type { Node } from '../../syntax/tree.ts';
import {
  type Built,
  type BuiltMap,
  type BuiltScalar,
  builtFrom,
  builtValue,
  isAbsent,
  locateIn,
  mapBuilt,
} from '../built.ts';
import { reprinted } from '../emit-yaml.ts';
import { type Failure, type FieldPath, lookUp, type Update, updateAt } from '../field-path.ts';
import { goJson } from '../go-json.ts';

/**
 * The object with the string replaced. Undefined if no string on the path has the rest of it, `unsupported` if the new text
 * isn't known: YAML is printed anew, which changes more than the value unless it was printed that way before.
 */
export function updateInside(object: BuiltMap, path: FieldPath, update: Update): BuiltMap | 'unsupported' | undefined {
  for (let length = 1; length < path.length; length += 1) {
    const found = lookUp(object, path.slice(0, length));
    if (found === undefined || found === 'invalid' || found.kind !== 'scalar') continue;
    const inner = parsed(found);
    if (!inner) continue;
    const updated = updateAt(inner.value, path.slice(length), update);
    if ('failed' in updated || updated.matches === 0) return undefined;
    const isJson = /^[\t-\r \x85\xA0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]*[[{]/.test(found.text);
    const text = isJson
      ? asJson(updated.value, found.text)
      : reprinted(inner.root, found.text, updated.value, inner.value);
    if (text === undefined) return isJson ? undefined : 'unsupported';
    const origin = { ...found.origin, through: update.origin };
    const set = updateAt(object, path.slice(0, length), {
      origin,
      set: (): BuiltScalar => ({ kind: 'scalar', value: text, text, origin }),
    });
    return 'value' in set && set.value.kind === 'map' ? set.value : undefined;
  }
  return undefined;
}

/**
 * The number of values in a string that a path leads to. kustomize looks for them again if it can't set them, and then
 * changes only its copy.
 */
export function matchesInside(scalar: BuiltScalar, path: FieldPath, update: Update): number | Failure {
  const inner = parsed(scalar);
  if (!inner) return { failed: { kind: 'no-target-field', path: path.join('.') } };
  const found = updateAt(inner.value, path, { ...update, set: (value) => value });
  return 'failed' in found ? found : found.matches;
}

interface Inner {
  readonly root: Node;
  /** Origins are relative to the string. */
  readonly value: Built;
}

function parsed({ text }: BuiltScalar): Inner | undefined {
  const { root, findings } = parseManifest(text);
  if (!root || findings.some(isError)) return undefined;
  const value = builtFrom(root, locateIn({ file: '', start: 0 }), 'object');
  return value.kind === 'scalar' ? undefined : { root, value };
}

/** Only what JSON doesn't have: go-yaml reads it. */
const readable: ReadonlySet<string> = new Set(['syntax/duplicate-key', 'syntax/null-key', 'syntax/not-json']);

function isError({ severity, rule }: { readonly severity: string; readonly rule: string }): boolean {
  return severity === 'error' && !readable.has(rule);
}

/**
 * kustomize prints the tree as YAML, reads that as values and encodes these; undefined if one of these steps fails: JSON has
 * neither keys that aren't text nor infinite numbers, and a map no two entries of one key.
 */
function asJson(value: Built, before: string): string | undefined {
  if (!isEncodable(value)) return undefined;
  const exact = mapBuilt(value, (scalar) => {
    if (scalar.emptyInFlow && !scalar.quoted && isAbsent(scalar)) return { ...scalar, value: '' };
    const { value: read, text } = scalar;
    return typeof read === 'number' || read === 0n ? { ...scalar, value: exactly(read, text) } : scalar;
  });
  return goJson(builtValue(exact), before.includes('\n') && before.includes('  ') ? '  ' : '');
}

function isEncodable(value: Built): boolean {
  if (value.kind === 'scalar') return !/^[-+]?\.inf$|^\.nan$/i.test(value.quoted ? '' : value.text);
  if (value.kind === 'list') return value.items.every(isEncodable);
  if (value.repeated) return false;
  const { untextual } = value;
  return [...value.entries].every(([key, inner]) => !untextual?.has(key) && isEncodable(inner));
}

/** Go has integers up to 64 bits without a sign, and a negative zero. */
function exactly(value: number | bigint, text: string): number | bigint {
  if (Number(value) === 0) return /^-.*[.e]/i.test(text) ? -0 : value;
  const digits = text.replaceAll('_', '');
  if (!/^(?:\d+|0x[\da-f]+|0o[0-7]+|0b[01]+)$/i.test(digits)) return value;
  const whole = BigInt(digits);
  return whole < 1n << 64n ? whole : value;
}
