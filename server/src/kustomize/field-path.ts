// The paths of replacements and variables: `spec.containers.[name=main].image`, `items.0`, `list.*`, and keys with dots in
// brackets (kyaml/utils/pathsplitter.go, kyaml/yaml/match.go, kyaml/yaml/fns.go).
import { compilePattern } from '../cel/pattern.ts';
import type { Reason } from './build-problem.ts';
import {
  type Built,
  type BuiltList,
  type BuiltMap,
  type BuiltScalar,
  emptyMap,
  isNull,
  type Origin,
  scalarOf,
  textAt,
  withEntry,
} from './built.ts';
import { splitPath } from './field-spec.ts';
import { plainValue } from './scalars.ts';

export type FieldPath = readonly string[];

export function fieldPathOf(path: string): FieldPath {
  const parts = splitPath(path, '.');
  const steps: string[] = [];
  for (let index = 0; index < parts.length; index += 1) {
    let step = parts[index]!;
    if (!step.startsWith('[') || step.endsWith(']')) {
      steps.push(step);
      continue;
    }
    while (!step.endsWith(']') && index + 1 < parts.length) step += `.${parts[((index += 1))]!}`;
    steps.push(step.includes('=') ? step : step.replace(/^[[\]]+|[[\]]+$/g, ''));
  }
  return steps;
}

/** The value at a path; undefined if there is none, `invalid` if the path can't be followed. */
export function lookUp(built: Built, path: FieldPath): Built | 'invalid' | undefined {
  let at: Built | undefined = built;
  for (const step of path.map((one) => one.trim()).filter((one) => one !== '')) {
    if (!at || isNull(at)) return undefined;
    const found: Built | 'invalid' | undefined = childAt(at, step);
    if (found === 'invalid') return 'invalid';
    at = found;
  }
  return at;
}

function childAt(at: Built, step: string): Built | 'invalid' | undefined {
  if (step === '*') return 'invalid';
  const isIndex = /^[-+]?\d+$/.test(step) || step === '-';
  if (!isIndex && !isMatch(step)) return at.kind === 'map' ? at.entries.get(step) : 'invalid';
  if (at.kind !== 'list') return 'invalid';
  if (step === '-') return at.items.at(-1);
  if (isIndex) return Number(step) < 0 ? 'invalid' : at.items[Number(step)];
  const match = matchOf(step);
  if (!match) return 'invalid';
  if (match.key === '') return at.items.find((item) => item.kind === 'scalar' && item.text === match.value);
  return at.items.find((item) => item.kind === 'map' && textAt(item, [match.key]) === match.value);
}

export interface Update {
  /** What a missing field at the end is created as; without it, nothing is created. */
  readonly creates?: Built['kind'];
  readonly origin: Origin;
  /** The value in place of a matching one; `created` if there was none. */
  set(value: Built, created: boolean): Built | Failure;
  /** The number of values in a string that the rest of a path leads to. They can't be set: the string stays as it is. */
  matchesInside?(value: BuiltScalar, rest: FieldPath): number | Failure;
}

export interface Failure {
  readonly failed: Reason;
}

export interface Updated {
  readonly value: Built;
  /** The number of matching values. */
  readonly matches: number;
}

/** Sets all values that a path matches; those in lists are matched by pattern. */
export function updateAt(built: Built, path: FieldPath, update: Update, created = false): Updated | Failure {
  const [step, ...rest] = path;
  if (step === undefined) {
    const value = update.set(built, created);
    return 'failed' in value ? value : { value, matches: 1 };
  }
  if (/^\+?\d+$/.test(step)) return updateIndex(built, Number(step), rest, update);
  if (isMatch(step)) return updateMatching(built, step, rest, update);
  if (step === '*')
    return updateItems(
      built,
      () => true,
      (item) => updateAt(item, rest, update),
    );
  return updateField(built, step, rest, update);
}

function updateField(at: Built, step: string, rest: FieldPath, update: Update): Updated | Failure {
  if (at.kind !== 'map' && !isNull(at)) return notFound(step);
  const field = at.kind === 'map' ? at.entries.get(step) : undefined;
  if (!field && update.creates === undefined) return { value: at, matches: 0 };
  if (field?.kind === 'scalar' && !isNull(field) && rest.length > 0) {
    const matches = update.matchesInside?.(field, rest) ?? notFound(step);
    return typeof matches === 'number' ? { value: at, matches } : matches;
  }
  const map = at.kind === 'map' ? at : emptyMap(update.origin);
  const inner = updateAt(field ?? blank(rest[0], update, at), rest, update, field === undefined);
  if ('failed' in inner || inner.value === field) return 'failed' in inner ? inner : { ...inner, value: at };
  const set = withEntry(map, step, inner.value);
  const value =
    field !== undefined || isTextual(step) ? set : { ...set, untextual: new Set([...(map.untextual ?? []), step]) };
  return { value, matches: inner.matches };
}

/** Whether a key that kustomize creates is read as a text. */
export function isTextual(key: string): boolean {
  const read = plainValue(key);
  return read === key || typeof read === 'symbol';
}

/** Whether a map below the object's own has the key, which isn't read as a text: kustomize can't print it as JSON. */
export function isUntextual({ entries }: BuiltMap, key: string): boolean {
  const within = (value: Built): boolean => {
    if (value.kind === 'scalar') return false;
    if (value.kind === 'list') return value.items.some(within);
    return (value.untextual?.has(key) && value.entries.has(key)) || [...value.entries.values()].some(within);
  };
  return [...entries.values()].some(within);
}

/** A new value in another, of the kind that the next step is for. */
function blank(next: string | undefined, { creates, origin }: Update, around: Built): Built {
  const isFlow = (around.kind === 'scalar' ? around.emptyInFlow : around.flow) === true;
  const kind = next === undefined ? creates : isMatch(next) || /^\+?\d+$/.test(next) ? 'list' : 'map';
  if (kind === 'scalar') return { ...scalarOf('', origin), ...(isFlow && { emptyInFlow: true }) };
  const made: Built = kind === 'list' ? { kind, items: [], origin } : emptyMap(origin);
  return isFlow ? { ...made, flow: true } : made;
}

function updateIndex(at: Built, index: number, rest: FieldPath, update: Update): Updated | Failure {
  if (at.kind !== 'list') return notFound(String(index));
  const isNew = index === at.items.length && update.creates !== undefined;
  if (index >= at.items.length && !isNew) return { failed: { kind: 'index-out-of-range', index: String(index) } };
  const inner = updateAt(at.items[index] ?? blank(rest[0], update, at), rest, update, isNew);
  if ('failed' in inner) return inner;
  const items = isNew ? [...at.items, inner.value] : at.items.with(index, inner.value);
  return { value: { ...at, items }, matches: inner.matches };
}

function updateMatching(at: Built, step: string, rest: FieldPath, update: Update): Updated | Failure {
  const match = matchOf(step);
  if (!match) return notFound(step);
  const pattern = compilePattern(match.value);
  if (!pattern) return { failed: { kind: 'invalid-pattern', pattern: match.value } };
  const isMatching = (item: Built) => {
    const text = match.key === '' ? (item.kind === 'scalar' ? item.text : undefined) : textAt(item, [match.key]);
    return text !== undefined && pattern.test(text.trim());
  };
  const inside = (item: Built) => updateAt(item, match.key === '' ? [] : rest, update);
  const updated = updateItems(at, isMatching, inside);
  if ('failed' in updated || updated.matches > 0 || update.creates === undefined || at.kind !== 'list') return updated;
  const text: BuiltScalar = {
    ...{ kind: 'scalar', value: plainValue(match.value), text: match.value, untagged: true },
    origin: update.origin,
  };
  const item = match.key === '' ? text : withEntry(emptyMap(update.origin), match.key, text);
  if (!isMatching(item)) return updated;
  return updateItems({ ...at, items: [...at.items, item] }, isMatching, inside);
}

function updateItems(
  at: Built,
  isMatching: (item: Built) => boolean,
  inside: (item: Built) => Updated | Failure,
): Updated | Failure {
  if (isNull(at)) return { value: at, matches: 0 };
  if (at.kind !== 'list') return notFound('*');
  let matches = 0;
  const items: Built[] = [];
  for (const item of at.items) {
    const done = isMatching(item) ? inside(item) : { value: item, matches: 0 };
    if ('failed' in done) return done;
    matches += done.matches;
    items.push(done.value);
  }
  const list: BuiltList = { ...at, items };
  return { value: list, matches };
}

function isMatch(step: string): boolean {
  return step.startsWith('[') && step.endsWith(']');
}

function matchOf(step: string): { readonly key: string; readonly value: string } | undefined {
  const inner = step.slice(1, -1);
  const equals = inner.indexOf('=');
  return equals === -1 ? undefined : { key: inner.slice(0, equals), value: inner.slice(equals + 1) };
}

function notFound(path: string): Failure {
  return { failed: { kind: 'no-target-field', path } };
}
