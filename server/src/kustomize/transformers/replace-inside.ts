// Replaces values inside a string that is JSON or YAML, where the path of a replacement leads on into it
// (api/filters/replacement, setValueInStructuredData).
import { parseManifest } from '../../syntax/manifest.ts';
import { type Built, type BuiltMap, type BuiltScalar, builtFrom, builtValue, locateIn } from '../built.ts';
import { type Failure, type FieldPath, lookUp, type Update, updateAt } from '../field-path.ts';
import { goJson } from '../go-json.ts';
import { needsQuotes } from '../print.ts';

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
    const updated = updateAt(inner, path.slice(length), update);
    if ('failed' in updated || updated.matches === 0) return undefined;
    const text = /^\s*[[{]/.test(found.text)
      ? asJson(updated.value, found.text)
      : asYaml(inner, updated.value, found.text);
    if (text === undefined) return 'unsupported';
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
  const found = updateAt(inner, path, { ...update, set: (value) => value });
  return 'failed' in found ? found : found.matches;
}

/** Origins are relative to the string. */
function parsed({ text }: BuiltScalar): Built | undefined {
  const { root, findings } = parseManifest(text);
  if (!root || findings.some(({ severity }) => severity === 'error')) return undefined;
  const inner = builtFrom(root, locateIn({ file: '', start: 0 }), 'object');
  return inner.kind === 'scalar' ? undefined : inner;
}

function asJson(value: Built, before: string): string {
  return goJson(builtValue(value), before.includes('\n') && before.includes('  ') ? '  ' : '');
}

function asYaml(before: Built, after: Built, text: string): string | undefined {
  const edits: Edit[] = [];
  if (!isPrintedYaml(text) || !collectEdits(before, after, text, edits)) return undefined;
  return edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((done, edit) => done.slice(0, edit.start) + edit.text + done.slice(edit.end), text)
    .trim();
}

/** Block style without empty lines, and lists that begin in the column of their key. */
function isPrintedYaml(text: string): boolean {
  const lines = text.trimEnd().split('\n');
  return lines.every((line, index) => {
    if (line.trim() === '' || line !== line.trimEnd()) return false;
    const indent = line.length - line.trimStart().length;
    const above = lines[index - 1] ?? '';
    const isUnderKey = /^\s*- /.test(line) && /:$/.test(above);
    return !isUnderKey || indent === above.replace(/^(\s*(?:- )*).*$/, '$1').length;
  });
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** False if anything but the text of scalars differs. */
function collectEdits(before: Built, after: Built, text: string, edits: Edit[]): boolean {
  if (before === after) return true;
  if (before.kind === 'map' && after.kind === 'map') {
    if (before.entries.size !== after.entries.size) return false;
    return [...after.entries].every(([key, value]) => {
      const old = before.entries.get(key);
      return old !== undefined && collectEdits(old, value, text, edits);
    });
  }
  if (before.kind === 'list' && after.kind === 'list') {
    if (before.items.length !== after.items.length) return false;
    return after.items.every((item, index) => collectEdits(before.items[index]!, item, text, edits));
  }
  if (before.kind !== 'scalar' || after.kind !== 'scalar') return false;
  const { start, end } = before.origin;
  const written = text.slice(start, end);
  if (after.text.includes('\n') || written === '' || /^[|>&*!]/.test(written)) return false;
  edits.push({ start, end, text: inStyleOf(written, after) });
  return true;
}

function inStyleOf(written: string, { text, value }: BuiltScalar): string {
  if (written.startsWith("'")) return `'${text.replaceAll("'", "''")}'`;
  if (written.startsWith('"')) return JSON.stringify(text);
  return typeof value === 'string' && needsQuotes(text) ? JSON.stringify(text) : text;
}
