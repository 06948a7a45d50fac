// Determines what is being written at the cursor: the word there is replaced by a placeholder and the document is parsed
// again. The placeholder's position in the tree shows which key or value is being written, in any half-typed state.
import { placeAt } from '../../syntax/navigate.ts';
import { composedMore, composeNear } from '../../syntax/recompose.ts';
import type { MapNode, Node, Path } from '../../syntax/tree.ts';
import { keyName } from '../../syntax/value.ts';
import { isInBlockText } from './block-text.ts';
import { mended } from './mended.ts';
import { lineStartAt, type Token, tokenAt } from './token.ts';

export interface Probe {
  readonly token: Token;
  /** The tree with the placeholder in it. */
  readonly root: Node;
  /** For a `key`, the path of the map that it is written into; for a `value`, the path of the value itself. */
  readonly path: Path;
  readonly as: 'key' | 'value';
  /** Names that the map already has; only for a key. */
  readonly present: ReadonlySet<string>;
  /** The keys before and after a key in its map. */
  readonly previous?: string | undefined;
  readonly following?: string | undefined;
  readonly flow: boolean;
  /** The lines below would become the key's value. */
  readonly filled: boolean;
  /** The key is in a flow list without braces around it. */
  readonly unbraced: boolean;
  /** Column of a key written here; for a value after `key:`, the column on the next line. */
  readonly indent: number;
  /** Length of the text with the placeholder. */
  readonly length: number;
  /** Text to insert before the item: a missing space, or the dash that starts a list item. */
  readonly lead: string;
  /** Text to insert after a key with its value: the comma before the next key in flow style. */
  readonly trail: '' | ',';
  /** Replaces the white space at the start of the line. */
  readonly reindent?: string;
  /** Offsets in the probe's text, above the word, of characters that the document lacks. */
  readonly inserted?: readonly number[];
}

/** Interpretations that parse only after slips on other lines are taken out; their tokens are those of the document. */
export function* mendedProbesAt(text: string, offset: number, isTooMuch = limited()): Iterable<Probe> {
  const without = isInBlockText(text, offset) || isTooMuch() ? undefined : mended(text, offset);
  if (!without) return;
  const lineStart = lineStartAt(text, offset);
  // Each moves everything after it, also the next ones.
  const shift = without.inserted.filter((at, index) => at - index < lineStart).length;
  for (const probe of probesAt(without.text, composeNear(without.text).root, offset + shift, isTooMuch)) {
    yield { ...probe, token: moved(probe.token, -shift), inserted: without.inserted.slice(0, shift) };
  }
}

function moved(token: Token, by: number): Token {
  const { start, end, lineStart, lineEnd } = token;
  return { ...token, start: start + by, end: end + by, lineStart: lineStart + by, lineEnd: lineEnd + by };
}

/** Characters of long texts that one request parses: a few tenths of a second. Of a valid text, little is parsed again. */
const mostComposed = 200_000;

/** For all interpretations of a cursor: whether so much was parsed that the others aren't tried. */
export function limited(): () => boolean {
  return composedMore(mostComposed);
}

/** The interpretations of the cursor that parse, the likeliest first. Each one parses the document again. */
export function probesAt(text: string, root: Node | undefined, offset: number, isTooMuch = limited()): Iterable<Probe> {
  const token = tokenAt(text, offset, flowDepth(root, text, offset));
  if (!token || isInBlockText(text, offset)) return [];
  if (token.afterKey) return hasValueBelow(text, token) ? [] : compact([probe(text, token, { as: 'value' })]);
  if (token.inFlow) {
    return compact([probe(text, token, { as: 'key' }), token.isKey ? undefined : probe(text, token, { as: 'value' })]);
  }
  if (token.afterDash) {
    return compact([probe(text, token, { as: 'key' }), token.isKey ? undefined : probe(text, token, { as: 'value' })]);
  }
  return lineProbes(text, token, isTooMuch);
}

/** Number of other indentations to try for a line that is invalid where it is. */
const mostColumns = 3;

const placeholder = 'capstan\uE000';

interface Attempt {
  readonly as: 'key' | 'value';
  readonly dash?: true;
  /** Column to move the word to. */
  readonly column?: number;
}

/** A line with nothing but the word: tries a key here, a list item here, then a key at another indentation. */
function* lineProbes(text: string, token: Token, isTooMuch: () => boolean): Iterable<Probe> {
  const column = token.start - token.lineStart;
  let findings: number | undefined;
  const without = () => {
    findings ??= composeNear(text.slice(0, token.lineStart) + text.slice(token.lineEnd)).findings.length;
    return findings;
  };
  const attempt = (one: Attempt) => (isTooMuch() ? undefined : probe(text, token, one, without));
  const key = attempt({ as: 'key' });
  // If nothing is typed yet, the lines below are siblings of the new key, not its value.
  const sibling = token.start === token.end && key?.filled ? columnBelow(text, token.lineEnd) : undefined;
  if (sibling !== undefined && opensAbove(text, token.lineStart, column)) {
    const beside = attempt({ as: 'key', column: sibling });
    if (beside && !beside.filled) yield beside;
  }
  // A list item is invalid beside other keys, so that attempt and its parse are skipped.
  const item = token.isKey || (key && key.present.size > 0) ? undefined : attempt({ as: 'key', dash: true });
  yield* compact([key, item]);
  // A scalar may be on a separate line below its key.
  const value = attempt({ as: 'value' });
  if (value) yield value;
  const scalar = item || key?.present.size === 0 ? attempt({ as: 'value', dash: true }) : undefined;
  if (scalar) yield scalar;
  if (key || item || value) return;
  for (const other of columnsBefore(text, token.lineStart, column).slice(0, mostColumns)) {
    const moved = attempt({ as: 'key', column: other }) ?? attempt({ as: 'key', column: other, dash: true });
    // At a smaller indentation, the lines below would become its value.
    if (moved && !moved.filled) yield moved;
  }
}

/**
 * Undefined if the placeholder isn't parsed as attempted, or if it adds findings: `without` returns the number of
 * findings without the line.
 */
function probe(text: string, token: Token, attempt: Attempt, without?: () => number): Probe | undefined {
  const { column, dash, as } = attempt;
  const before =
    column === undefined ? text.slice(0, token.start) : text.slice(0, token.lineStart) + ' '.repeat(column);
  const colon = as === 'key' && !token.isKey ? ':' : '';
  const gap = colon === '' || token.inFlow ? (colon === '' ? '' : ' ') : '';
  const trail = colon !== '' && token.inFlow && isBeforeKey(text, token.end) ? ',' : '';
  const word = `${placeholder}${colon}${gap}${trail}`;
  const candidate = `${before}${token.lead}${dash ? '- ' : ''}${word}${text.slice(token.end)}`;
  const { root, findings } = composeNear(candidate);
  if (!root || (without && findings.length > 0 && findings.length > without())) return undefined;
  const found = findPlaceholder(root, before.length, before.length + token.lead.length + (dash ? 2 : 0));
  if (!found || found.as !== as) return undefined;
  return {
    token,
    root,
    path: found.path,
    as,
    present: new Set(found.map?.entries.map(({ key }) => keyName(key) ?? '').filter((name) => name !== placeholder)),
    ...neighboursOf(found.map),
    flow: token.inFlow,
    filled: !token.isKey && found.filled,
    unbraced:
      token.inFlow && as === 'key' && !token.isKey && found.map !== undefined && candidate[found.map.start] !== '{',
    indent: token.afterKey ? keyColumn(text, token) + 2 : columnOf(candidate, found.offset),
    length: candidate.length,
    lead: token.lead + (dash ? '- ' : ''),
    trail,
    ...(column !== undefined && { reindent: ' '.repeat(column) }),
  };
}

/** Whether a key follows, also on another line. */
function isBeforeKey(text: string, from: number): boolean {
  return /^(?:\s|#[^\r\n]*[\r\n])*(?:"[^"\n]*"|'[^'\n]*'|[\w./-]+)\s*:/.test(text.slice(from));
}

function neighboursOf(map: MapNode | undefined): Pick<Probe, 'previous' | 'following'> {
  const names = map?.entries.map(({ key }) => keyName(key)) ?? [];
  const at = names.findIndex((name) => name?.startsWith(placeholder));
  return at === -1 ? {} : { previous: names[at - 1], following: names[at + 1] };
}

/** Column of the key before the cursor, after any dashes. */
function keyColumn(text: string, token: Token): number {
  return /^ *(?:- +)*/.exec(text.slice(token.lineStart, token.lineEnd))![0].length;
}

export function columnOf(text: string, offset: number): number {
  const start = lineStartAt(text, offset);
  // A byte order mark takes no column.
  return offset - start - (text[start] === '\uFEFF' ? 1 : 0);
}

interface Found {
  readonly as: 'key' | 'value';
  readonly path: Path;
  readonly offset: number;
  readonly map?: MapNode;
  readonly filled: boolean;
}

function findPlaceholder(root: Node, from: number, offset: number): Found | undefined {
  for (const at of from === offset ? [offset] : [offset, from]) {
    const place = placeAt(root, at);
    if (place?.node.type !== 'scalar' || place.node.text !== placeholder) continue;
    if (!place.onKey) return { as: 'value', path: place.path, offset: at, filled: false };
    const map = place.parents.at(-1);
    const value = place.entry?.value;
    // Before a comma, it is an empty plain one.
    const filled = value !== undefined && !(value.type === 'scalar' && value.start === value.end);
    return { as: 'key', path: place.path.slice(0, -1), offset: at, filled, ...(map?.type === 'map' && { map }) };
  }
  return undefined;
}

/** Columns of the lines above, and one level deeper than the previous line; the nearest to `column` first. */
function columnsBefore(text: string, lineStart: number, column: number): readonly number[] {
  const columns = new Set<number>();
  let lowest = Number.POSITIVE_INFINITY;
  for (const line of text
    .slice(0, lineStart)
    .split(/\r\n|\r|\n/)
    .reverse()) {
    const match = /^( *)((?:- +)*)([^\s#].*)?$/.exec(line);
    if (!match?.[3] || /^(?:---|\.\.\.)/.test(line)) continue;
    const indent = match[1]!.length;
    const content = indent + match[2]!.length;
    if (lowest === Number.POSITIVE_INFINITY && /:\s*(?:#.*)?$/.test(match[3])) columns.add(content + 2);
    if (indent < lowest) {
      columns.add(content);
      columns.add(indent);
      lowest = indent;
    }
    if (lowest === 0) break;
  }
  columns.delete(column);
  return [...columns].sort((a, b) => Math.abs(a - column) - Math.abs(b - column) || b - a);
}

/** Whether the lines below already hold the value, so that nothing can follow the colon. */
function hasValueBelow(text: string, token: Token): boolean {
  const below = token.start === token.end ? columnBelow(text, token.lineEnd) : undefined;
  if (below === undefined) return false;
  const own = keyColumn(text, token);
  const isItem = /^\s*-[ \t\r\n]/.test(text.slice(token.lineEnd).replace(/^(?:[ \t]*(?:#.*)?\r?\n)+/, ''));
  return below > own || (below === own && isItem);
}

/** Column of the next line that isn't blank or a comment. */
export function columnBelow(text: string, lineEnd: number): number | undefined {
  const line = /^[ \t]*[^\s#].*$/m.exec(text.slice(lineEnd));
  return line ? line[0].search(/\S/) : undefined;
}

/** Whether the line above ends with a colon and is indented less, so that the lines after it are its map. */
function opensAbove(text: string, lineStart: number, column: number): boolean {
  const above = text.slice(0, lineStart).trimEnd();
  const line = above.slice(lineStartAt(above, above.length));
  return /:$/.test(line) && line.search(/[^\s-]/) < column;
}

/** 1 if the line starts inside a flow collection opened on an earlier line, else 0. */
function flowDepth(root: Node | undefined, text: string, offset: number): number {
  const lineStart = lineStartAt(text, offset);
  const place = placeAt(root, lineStart);
  const around = place && [...place.parents, place.node].findLast(({ type }) => type === 'map' || type === 'seq');
  if (around?.type !== 'map' && around?.type !== 'seq') return 0;
  return around.flow && around.start < lineStart && lineStart < around.end ? 1 : 0;
}

function compact<T>(list: readonly (T | undefined)[]): readonly T[] {
  return list.filter((one) => one !== undefined);
}
