// What the cursor can become: the word there is replaced by a placeholder and the document parsed again; where the
// placeholder turns up in the tree says which key or value is being written, at every half-typed state.
import { compose } from '../../syntax/compose.ts';
import { placeAt } from '../../syntax/navigate.ts';
import type { MapNode, Node, Path } from '../../syntax/tree.ts';
import { keyName } from '../../syntax/value.ts';
import { lineStartAt, type Token, tokenAt } from './token.ts';

export interface Probe {
  readonly token: Token;
  /** The tree with the placeholder in it. */
  readonly root: Node;
  /** `key`: the map a key is written into. `value`: the value itself. */
  readonly path: Path;
  readonly as: 'key' | 'value';
  /** Names the map has already, and its style; keys only. */
  readonly present: ReadonlySet<string>;
  readonly flow: boolean;
  /** What stands below would be the key's value. */
  readonly filled: boolean;
  /** A key that stands in a flow list with no brace around it. */
  readonly unbraced: boolean;
  /** Column a key written here stands at; for a value behind `key:`, on the next line. */
  readonly indent: number;
  /** Of the text with the placeholder. */
  readonly length: number;
  /** To be inserted before the item: a missing blank, or the dash that starts an item. */
  readonly lead: string;
  /** The white space at the start of the line is to become this. */
  readonly reindent?: string;
}

/** Of the ways to read the cursor those that parse; the likeliest first. Each costs a reading of the document. */
export function probesAt(text: string, root: Node | undefined, offset: number): Iterable<Probe> {
  const token = tokenAt(text, offset, flowDepth(root, text, offset));
  if (!token || insideBlockScalar(root, offset, text)) return [];
  if (token.afterKey) return hasValueBelow(text, token) ? [] : compact([probe(text, token, { as: 'value' })]);
  if (token.inFlow) {
    return compact([probe(text, token, { as: 'key' }), token.isKey ? undefined : probe(text, token, { as: 'value' })]);
  }
  if (token.afterDash) {
    return compact([probe(text, token, { as: 'key' }), token.isKey ? undefined : probe(text, token, { as: 'value' })]);
  }
  return lineProbes(text, token);
}

/** Other indentations to try for a line that can't stand where it is. */
const mostColumns = 3;

const placeholder = 'capstan\uE000';

interface Attempt {
  readonly as: 'key' | 'value';
  readonly dash?: true;
  /** Column to put the word at instead of its own. */
  readonly column?: number;
}

/** A line that holds only the word: a key here, an item here, a key at another indentation. */
function* lineProbes(text: string, token: Token): Iterable<Probe> {
  const column = token.start - token.lineStart;
  let findings: number | undefined;
  const without = () => {
    findings ??= compose(text.slice(0, token.lineStart) + text.slice(token.lineEnd)).findings.length;
    return findings;
  };
  const attempt = (one: Attempt) => probe(text, token, one, without);
  const key = attempt({ as: 'key' });
  // With nothing typed yet, the lines below are brothers of what will stand here, not its value.
  const brother = token.start === token.end && key?.filled ? columnBelow(text, token.lineEnd) : undefined;
  if (brother !== undefined && opensAbove(text, token.lineStart, column)) {
    const beside = attempt({ as: 'key', column: brother });
    if (beside && !beside.filled) yield beside;
  }
  // Beside other keys no item can stand; each attempt reads the document once more.
  const item = token.isKey || (key && key.present.size > 0) ? undefined : attempt({ as: 'key', dash: true });
  yield* compact([key, item]);
  // Below its key a scalar can stand on a line of its own.
  const value = attempt({ as: 'value' });
  if (value) yield value;
  const scalar = item || key?.present.size === 0 ? attempt({ as: 'value', dash: true }) : undefined;
  if (scalar) yield scalar;
  if (key || item || value) return;
  for (const other of columnsBefore(text, token.lineStart, column).slice(0, mostColumns)) {
    const moved = attempt({ as: 'key', column: other }) ?? attempt({ as: 'key', column: other, dash: true });
    // Nearer to the margin it would take the lines below for its value.
    if (moved && !moved.filled) yield moved;
  }
}

/**
 * Undefined where the placeholder isn't what was tried, or the text becomes more wrong by it: `without` tells how many
 * findings it has without the line.
 */
function probe(text: string, token: Token, attempt: Attempt, without?: () => number): Probe | undefined {
  const { column, dash, as } = attempt;
  const before =
    column === undefined ? text.slice(0, token.start) : text.slice(0, token.lineStart) + ' '.repeat(column);
  const colon = as === 'key' && !token.isKey ? ':' : '';
  const gap = colon === '' || token.inFlow ? (colon === '' ? '' : ' ') : '';
  const candidate = `${before}${token.lead}${dash ? '- ' : ''}${placeholder}${colon}${gap}${text.slice(token.end)}`;
  const { root, findings } = compose(candidate);
  if (!root || (without && findings.length > 0 && findings.length > without())) return undefined;
  const found = findPlaceholder(root, before.length, before.length + token.lead.length + (dash ? 2 : 0));
  if (!found || found.as !== as) return undefined;
  return {
    token,
    root,
    path: found.path,
    as,
    present: new Set(found.map?.entries.map(({ key }) => keyName(key) ?? '').filter((name) => name !== placeholder)),
    flow: token.inFlow,
    filled: !token.isKey && found.filled,
    unbraced:
      token.inFlow && as === 'key' && !token.isKey && found.map !== undefined && candidate[found.map.start] !== '{',
    indent: token.afterKey ? keyColumn(text, token) + 2 : columnOf(candidate, found.offset),
    length: candidate.length,
    lead: token.lead + (dash ? '- ' : ''),
    ...(column !== undefined && { reindent: ' '.repeat(column) }),
  };
}

/** Column of the key before the cursor, dashes left out. */
function keyColumn(text: string, token: Token): number {
  return /^ *(?:- +)*/.exec(text.slice(token.lineStart, token.lineEnd))![0].length;
}

function columnOf(text: string, offset: number): number {
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
    const filled = value !== undefined && !(value.type === 'scalar' && value.style === 'absent');
    return { as: 'key', path: place.path.slice(0, -1), offset: at, filled, ...(map?.type === 'map' && { map }) };
  }
  return undefined;
}

/** Columns that lines above stand at, and one step deeper than the line before; nearest to `column` first. */
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

/** Behind the colon there is no place for what stands on the lines below already. */
function hasValueBelow(text: string, token: Token): boolean {
  const below = token.start === token.end ? columnBelow(text, token.lineEnd) : undefined;
  if (below === undefined) return false;
  const own = keyColumn(text, token);
  const isItem = /^\s*-[ \t\r\n]/.test(text.slice(token.lineEnd).replace(/^(?:[ \t]*(?:#.*)?\r?\n)+/, ''));
  return below > own || (below === own && isItem);
}

/** Of the next line with something on it. */
function columnBelow(text: string, lineEnd: number): number | undefined {
  const line = /^[ \t]*[^\s#].*$/m.exec(text.slice(lineEnd));
  return line ? line[0].search(/\S/) : undefined;
}

/** The line above ends in a colon and stands further out: what follows is its map. */
function opensAbove(text: string, lineStart: number, column: number): boolean {
  const above = text.slice(0, lineStart).trimEnd();
  const line = above.slice(lineStartAt(above, above.length));
  return /:$/.test(line) && line.search(/[^\s-]/) < column;
}

/** Whether the line begins inside flow style that an earlier line opened. */
function flowDepth(root: Node | undefined, text: string, offset: number): number {
  const lineStart = lineStartAt(text, offset);
  const place = placeAt(root, lineStart);
  const around = place && [...place.parents, place.node].findLast(({ type }) => type === 'map' || type === 'seq');
  if (around?.type !== 'map' && around?.type !== 'seq') return 0;
  return around.flow && around.start < lineStart && lineStart < around.end ? 1 : 0;
}

function insideBlockScalar(root: Node | undefined, offset: number, text: string): boolean {
  if (beginsBlockScalar(text, offset)) return true;
  const node = placeAt(root, offset)?.node;
  if (node?.type !== 'scalar' || (node.style !== 'literal' && node.style !== 'folded')) return false;
  // The line of the indicator itself and what follows the block on a line of its own are outside.
  return text.slice(node.start, offset).includes('\n');
}

/** A blank line below a block scalar's indicator, indented as its text would be: the block is still empty. */
function beginsBlockScalar(text: string, offset: number): boolean {
  const lineStart = lineStartAt(text, offset);
  if (text.slice(lineStart, offset).trim() !== '') return false;
  let last = lineStart;
  while (last > 0 && /\s/.test(text[last - 1]!)) last -= 1;
  const above = text.slice(lineStartAt(text, last), last);
  if (!/[:-][ \t]+[|>][-+0-9]{0,2}(?:[ \t]+#.*)?$/.test(above)) return false;
  return offset - lineStart > /^ *(?:- +)*/.exec(above)![0].length;
}

function compact<T>(list: readonly (T | undefined)[]): readonly T[] {
  return list.filter((one) => one !== undefined);
}
