// The keys and values of a generator: lines of `envs`, `literals` and `files`, in kustomize's order (api/kv/kv.go).
import type { Path } from '../../syntax/tree.ts';
import { type BuiltMap, type BuiltScalar, isNull, type Origin, scalarOf, textAt } from '../built.ts';
import { filledText, isString, itemsAt, type Step } from '../transformers/transformer.ts';

export interface Pair {
  readonly key: string;
  readonly content: { readonly text: string | undefined; readonly bytes?: Uint8Array | undefined };
  /** The literal, the line or the file. */
  readonly origin: Origin;
}

/** Undefined if any can't be read or a key is repeated, which is reported. */
export function pairsOf(step: Step, entry: BuiltMap, field: Path): readonly Pair[] | undefined {
  const env = filledText(entry, ['env']);
  const envs: readonly (readonly [BuiltScalar, Path])[] = [
    ...texts(entry, 'envs', field),
    ...(env ? [[env, [...field, 'env']] as const] : []),
  ];
  const read = [
    ...envs.map(([one, at]) => linesOf(step, one, at)),
    ...texts(entry, 'literals', field).map(([one, at]) => literalOf(step, one, at)),
    ...texts(entry, 'files', field).map(([one, at]) => fileOf(step, one, at)),
  ];
  if (read.some((one) => one === undefined)) return undefined;
  const pairs = read.flatMap((one) => one ?? []);
  const keys = new Set<string>();
  for (const { key, origin } of pairs) {
    if (keys.has(key)) {
      step.report({ kind: 'repeated-key', key, of: textAt(entry, ['name']) ?? '' }, field, placeOf(origin, entry));
      return undefined;
    }
    keys.add(key);
  }
  return pairs;
}

/** The literal or file itself where it is in the kustomization's file. */
function placeOf(origin: Origin, entry: BuiltMap): Origin {
  return origin.through ?? (origin.source.file === entry.origin.source.file ? origin : entry.origin);
}

/** A null counts as an empty text. */
function texts(entry: BuiltMap, list: string, field: Path): readonly (readonly [BuiltScalar, Path])[] {
  return itemsAt(entry, [list], field).flatMap(([item, at]) => {
    if (isNull(item)) return [[scalarOf('', item.origin), at] as const];
    return isString(item) ? [[item, at] as const] : [];
  });
}

function literalOf(step: Step, { text, origin }: BuiltScalar, field: Path): readonly Pair[] | undefined {
  const equals = text.indexOf('=');
  if (equals > 0) return [{ key: text.slice(0, equals), content: { text: unquoted(text.slice(equals + 1)) }, origin }];
  step.report({ kind: 'invalid-literal', literal: field[0] === 'secretGenerator' ? '…' : text }, field, origin);
  return undefined;
}

/** Quotes around the whole value aren't part of it. */
function unquoted(value: string): string {
  const isQuoted = value.length > 1 && /^["']/.test(value) && value.endsWith(value[0]!);
  return isQuoted ? value.slice(1, -1) : value;
}

function fileOf(step: Step, { text: source, origin }: BuiltScalar, field: Path): readonly Pair[] | undefined {
  const parts = source.split('=');
  const [first = '', second] = parts;
  const lacks =
    parts.length > 2 ? 'one-separator' : second === '' ? 'path' : second && first === '' ? 'key' : undefined;
  if (lacks) {
    step.report({ kind: 'invalid-file-source', source, lacks }, field, origin);
    return undefined;
  }
  const content = step.contentOf(second ?? first, field, origin);
  if (!content) return undefined;
  const key = second === undefined ? baseName(first) : first;
  return [{ key, content, origin: { ...content.origin, through: origin } }];
}

function baseName(path: string): string {
  return path.replace(/\/+$/, '').replace(/^.*\//, '') || (path === '' ? '.' : '/');
}

/** `KEY=value` lines; empty lines and comments are skipped, and a key alone has an empty value. */
function linesOf(step: Step, { text: path, origin }: BuiltScalar, field: Path): readonly Pair[] | undefined {
  const content = step.contentOf(path, field, origin);
  if (!content) return undefined;
  const { start } = content.origin;
  const pairs: Pair[] = [];
  let at = 0;
  for (const line of (content.text ?? '').split('\n')) {
    const written = (at === 0 ? line.replace(/^\uFEFF/, '') : line).replace(/\r$/, '').trimStart();
    const equals = written.indexOf('=');
    const key = equals === -1 ? written : written.slice(0, equals);
    const range = { ...content.origin, start: start + at, end: start + at + line.length, through: origin };
    if (key !== '' && !written.startsWith('#'))
      pairs.push({ key, content: { text: equals === -1 ? '' : written.slice(equals + 1) }, origin: range });
    at += line.length + 1;
  }
  return pairs;
}
