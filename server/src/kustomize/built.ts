// The values of a build: immutable trees in which every map, list and scalar has its origin, the file and range that it
// comes from. Merging two trees keeps the nodes of both sides, and so their origins.

import { type InnerText, innerText } from '../syntax/inner-text.ts';
import { resolvePlain } from '../syntax/scalar.ts';
import { type Node, type Path, type Scalar, type ScalarNode, unknown, type Value } from '../syntax/tree.ts';
import { effectiveEntries, keyName, markUnknownKeys, resolveAlias } from '../syntax/value.ts';
import { lastEntries, ownFirst, repeatedIn } from './own-entries.ts';
import { objectScalar, plainValue } from './scalars.ts';

/** The document that a value comes from. */
export interface Source {
  readonly file: string;
  /** UTF-16 offset of the document in the file. */
  readonly start: number;
}

/** The range that a value comes from; offsets are relative to the document. */
export interface Origin {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
  /**
   * Where a value that was changed or moved got its present form: the entry of a replacement, a prefix, the new name of the
   * object that a reference follows.
   */
  readonly through?: Origin;
}

export type Built = BuiltMap | BuiltList | BuiltScalar;

export interface BuiltMap {
  readonly kind: 'map';
  /** In source order. */
  readonly entries: ReadonlyMap<string, Built>;
  /** The keys that are holes, by their text. */
  readonly holes?: ReadonlySet<string>;
  /** A key that is written twice in an object. The entry is the first of each such key; their last ones are in `last`. */
  readonly repeated?: { readonly key: string; readonly origin: Origin; readonly last: ReadonlyMap<string, Built> };
  /** The keys that aren't read as texts, such as `true`, of which JSON has none. */
  readonly untextual?: ReadonlySet<string>;
  /** Written in braces, in which kustomize prints all that is set in it. */
  readonly flow?: true;
  readonly origin: Origin;
}

export interface BuiltList {
  readonly kind: 'list';
  readonly items: readonly Built[];
  /** Written in brackets. */
  readonly flow?: true;
  readonly origin: Origin;
}

export interface BuiltScalar {
  readonly kind: 'scalar';
  /** `unknown` for a hole. */
  readonly value: Scalar;
  /** The value as a string: kustomize treats `${NAME}` as plain text. */
  readonly text: string;
  /** In a flow map or list: an empty value (`isAbsent`) is printed as an empty string there. */
  readonly emptyInFlow?: true;
  /** Written in quotes or as a block, which a value that is set in its place keeps. */
  readonly quoted?: true;
  /** Shared by all fields that a transformer set at once: in kustomize, they change together (`cells.ts`). */
  readonly cell?: object;
  /** Set by kustomize without a type: a text that is set in its place is read as a plain scalar. */
  readonly untagged?: true;
  /** Written in the folded style (`>`), which kustomize prints and reads again. */
  readonly folded?: true;
  /** Maps ranges of a text of several lines or with escapes to where they are written. */
  readonly inside?: Locate;
  /** The variables of Flux in it that were substituted, and the places of their values; `origin` is that of the expression. */
  readonly variables?: readonly { readonly name: string; readonly origin: Origin }[];
  readonly origin: Origin;
}

/** Maps a range of the tree's text to its origin. */
export type Locate = (start: number, end: number) => Origin;

export function locateIn(source: Source): Locate {
  return (start, end) => ({ source, start, end });
}

/** Objects are read as go-yaml v3 reads them; the kustomization itself and JSON patch operations as the API server reads YAML. */
export type Reading = 'object' | 'configuration';

/** Resolves aliases and merge keys; an alias without an anchor is a hole. With the document's text, texts have `inside`. */
export function builtFrom(node: Node, locate: Locate, reading: Reading, text?: string): Built {
  const read = reading === 'object' ? objectScalar : (scalar: ScalarNode) => scalar.value;
  return convert(node, { locate, read, reading, text, shared: new Map() });
}

/**
 * A text in place of another value, whose origin and quotes it keeps; `through` is what changed it. Without quotes it is read
 * as a plain scalar, so that `7` is a number.
 */
export function changedText(built: Built, text: string, through: Origin): BuiltScalar {
  const isQuoted = built.kind === 'scalar' && built.quoted === true;
  const origin = { ...built.origin, through };
  return {
    kind: 'scalar',
    value: isQuoted ? text : plainValue(text),
    text,
    ...(isQuoted && { quoted: true }),
    untagged: true,
    origin,
  };
}

/** A value that is set in a field keeps the quotes of the old one, so that a number in place of a quoted text is a text. */
export function inPlaceOf(old: Built, set: Built): Built {
  if (old.kind !== 'scalar' || set.kind !== 'scalar') return set;
  const { folded, quoted, cell, ...rest } = set;
  const value = old.quoted && typeof set.value !== 'symbol' ? set.text : set.value;
  return {
    ...{ ...rest, value },
    ...(old.quoted && { quoted: true }),
    ...(old.folded && { folded: true }),
    ...(old.cell && { cell: old.cell }),
  };
}

/** Any value as the string that kustomize sets for it; a null and a container are empty. */
export function asString(value: Built): BuiltScalar {
  const text = value.kind === 'scalar' && !isNull(value) ? value.text : '';
  const made = stringOf(text, value.origin);
  return value.kind === 'scalar' && typeof value.value === 'symbol' ? { ...made, value: value.value } : made;
}

/** A string that a generator or a transformer sets: in quotes if YAML 1.1 reads it as something else, or as a block. */
export function stringOf(text: string, origin: Origin): BuiltScalar {
  const isQuoted = text !== '' && (text.includes('\n') || typeof resolvePlain(text) !== 'string');
  return { kind: 'scalar', value: text, text, ...(isQuoted && { quoted: true }), origin };
}

export function scalarOf(text: string, origin: Origin): BuiltScalar {
  return { kind: 'scalar', value: text, text, origin };
}

/** The JSON value. Holes are `unknown`. */
export function builtValue(built: Built): Value {
  return toJson(built, new Map());
}

/** The value at a path. */
export function builtAt(built: Built | undefined, path: Path): Built | undefined {
  let at = built;
  for (let index = 0; index < path.length; index += 1) {
    const step = path[index]!;
    if (at?.kind === 'map') at = at.entries.get(typeof step === 'string' ? step : String(step));
    else if (at?.kind === 'list' && typeof step === 'number') at = at.items[step];
    else return undefined;
  }
  return at;
}

/** The text of a scalar that isn't null. */
export function textAt(built: Built | undefined, path: Path): string | undefined {
  const found = builtAt(built, path);
  return found?.kind === 'scalar' && found.value !== null ? found.text : undefined;
}

export function isNull(built: Built | undefined): boolean {
  return built?.kind === 'scalar' && built.value === null;
}

/** Whether kustomize knows that it is null: what it set without a type, it doesn't until it has printed and read it again. */
export function isTaggedNull(built: Built | undefined): boolean {
  return built?.kind === 'scalar' && built.value === null && built.untagged !== true;
}

/** Whether it is the null of a `key:` without a value; one that kustomize wrote as JSON and read again is explicit. */
export function isAbsent(built: Built): boolean {
  return built.kind === 'scalar' && built.value === null && built.text === '';
}

/** Sets an entry: an existing one keeps its position, a new one comes last. */
export function withEntry(map: BuiltMap, key: string, value: Built): BuiltMap {
  return { ...map, entries: new Map(map.entries).set(key, value) };
}

export function withoutEntry(map: BuiltMap, key: string): BuiltMap {
  const entries = new Map(map.entries);
  entries.delete(key);
  return { ...map, entries };
}

/**
 * Sets the value at a path of keys. Missing maps are created, with the value's origin; undefined if a value on the path
 * isn't a map.
 */
export function withValueAt(map: BuiltMap, path: readonly string[], value: Built): BuiltMap | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return undefined;
  if (rest.length === 0) return withEntry(map, key, value);
  const inner = map.entries.get(key);
  const base = inner === undefined || isNull(inner) ? emptyMap(value.origin) : inner;
  const changed = base.kind === 'map' ? withValueAt(base, rest, value) : undefined;
  return changed && withEntry(map, key, changed);
}

export function emptyMap(origin: Origin): BuiltMap {
  return { kind: 'map', entries: new Map(), origin };
}

/** The tree with each scalar changed; the same nodes where nothing changes. Nodes that aliases share are visited once. */
export function mapBuilt(built: Built, change: (scalar: BuiltScalar) => Built, done = new Map<Built, Built>()): Built {
  if (built.kind === 'scalar') return change(built);
  const known = done.get(built);
  if (known) return known;
  let result: Built = built;
  if (built.kind === 'list') {
    const items = built.items.map((item) => mapBuilt(item, change, done));
    if (items.some((item, index) => item !== built.items[index])) result = { ...built, items };
  } else {
    let entries: Map<string, Built> | undefined;
    for (const [key, value] of built.entries) {
      const changed = mapBuilt(value, change, done);
      if (changed !== value) (entries ??= new Map(built.entries)).set(key, changed);
    }
    if (entries) result = { ...built, entries };
  }
  done.set(built, result);
  return result;
}

interface Conversion {
  readonly locate: Locate;
  readonly read: (node: ScalarNode) => Scalar;
  readonly reading: Reading;
  readonly text: string | undefined;
  /** The node of an anchor is converted once and shared by all its aliases. */
  readonly shared: Map<Node, Built>;
}

function convert(node: Node, conversion: Conversion): Built {
  const { locate, read, reading, text, shared } = conversion;
  if (node.type === 'alias') {
    const target = resolveAlias(node);
    if (!target) return { kind: 'scalar', value: unknown, text: `*${node.name}`, origin: locate(node.start, node.end) };
    const known = shared.get(target) ?? convert(target, conversion);
    shared.set(target, known);
    return known;
  }
  const origin = locate(node.start, node.end);
  switch (node.type) {
    case 'scalar':
      return {
        ...{ kind: 'scalar', value: read(node), text: node.text, origin },
        ...(node.style !== 'plain' && node.style !== 'absent' && { quoted: true }),
        ...(node.style === 'folded' && { folded: true }),
        ...(text !== undefined && isSpread(node) && { inside: locateInside(innerText(node, text), locate) }),
      };
    case 'seq': {
      const items = node.items.map((item) => convert(item, conversion));
      const isFlow = node.flow && reading === 'object';
      return { kind: 'list', items: isFlow ? items.map(inFlow) : items, ...(isFlow && { flow: true }), origin };
    }
    case 'map': {
      const entries = new Map<string, Built>();
      const holes = new Set<string>();
      const untextual = new Set<string>();
      const isFlow = node.flow && reading === 'object';
      for (const [, { key, value }] of reading === 'object' ? ownFirst(node) : effectiveEntries(node)) {
        const name = keyName(key);
        const read = name === undefined ? key.text : keyText(key, reading);
        if (name === undefined) holes.add(read);
        if (reading === 'object' && !isTextual(key)) untextual.add(read);
        const built = convert(value, conversion);
        entries.set(read, isFlow ? inFlow(built) : built);
      }
      const again = reading === 'object' && entries.size < node.entries.length ? repeatedIn(node) : undefined;
      const repeated = again && {
        key: again.text,
        origin: locate(again.start, again.end),
        last: new Map(lastEntries(node).map(({ key, value }) => [key.text, convert(value, conversion)])),
      };
      const marks = {
        ...(holes.size > 0 && { holes }),
        ...(repeated && { repeated }),
        ...(untextual.size > 0 && { untextual }),
        ...(isFlow && { flow: true as const }),
      };
      return { kind: 'map', entries, ...marks, origin };
    }
  }
}

/** Times are the only texts that kustomize doesn't read as such. */
function isTextual(key: ScalarNode): boolean {
  const { value, text, style } = key;
  if (typeof value === 'string' && (style !== 'plain' || !/^\d/.test(text))) return true;
  const read = objectScalar(key);
  return read === text || (read === unknown && !/^(?:[-+]?\.inf|\.nan)$/i.test(text));
}

/** In configuration, a key that isn't a string has the text of its value: `yes` is `true`. */
function keyText(key: ScalarNode, reading: Reading): string {
  const { value, text } = key;
  return reading === 'object' || typeof value === 'symbol' || value === null ? text : String(value);
}

/** In flow maps and lists kustomize quotes strings with a colon, so a time is a string there. */
function inFlow(built: Built): Built {
  if (built.kind === 'scalar' && typeof built.value === 'string' && built.text.includes(':'))
    return { ...built, value: built.text };
  return built.kind === 'scalar' && isAbsent(built) ? { ...built, emptyInFlow: true } : built;
}

function toJson(built: Built, shared: Map<Built, Value>): Value {
  if (built.kind === 'scalar') return built.value;
  const known = shared.get(built);
  if (known !== undefined) return known;
  const value = built.kind === 'list' ? built.items.map((item) => toJson(item, shared)) : mapToJson(built, shared);
  shared.set(built, value);
  return value;
}

function mapToJson({ entries, holes }: BuiltMap, shared: Map<Built, Value>): Value {
  const value: Record<string, Value> = {};
  for (const [key, inner] of entries) {
    if (holes?.has(key)) continue;
    // Assigning to `__proto__` would change the object's prototype instead.
    Object.defineProperty(value, key, {
      value: toJson(inner, shared),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  if (holes && [...holes].some((hole) => entries.has(hole))) markUnknownKeys(value);
  return value;
}

/** The origin of a range of a scalar's text: exact if the text is in the file as it is, else that of the whole scalar. */
export function originWithin({ text, origin, inside }: BuiltScalar, start: number, end: number): Origin {
  if (inside) return inside(start, end);
  const quotes = (origin.end - origin.start - text.length) / 2;
  if ((quotes !== 0 && quotes !== 1) || text.includes('\n')) return origin;
  return { ...origin, start: origin.start + quotes + start, end: origin.start + quotes + end };
}

/** Whether the text isn't in the document as it is, apart from quotes. */
function isSpread({ style, start, end, text }: ScalarNode): boolean {
  if (style === 'literal' || style === 'folded') return true;
  return style !== 'absent' && end - start !== text.length + (style === 'plain' ? 0 : 2);
}

function locateInside({ outer }: InnerText, locate: Locate): Locate {
  return (start, end) => locate(outer(start), outer(end));
}
