// Composes a long text from the tree of a similar one: only the entries around the edit are composed again, the others are
// moved. Without it each keystroke, and each reading of a half-typed line, would parse a document of thousands of lines. A
// property test checks that the result is that of `compose`.
import { composeColonless } from './colonless.ts';
import { type Composed, compose, composeBroken, composeWhole } from './compose.ts';
import type { Finding } from './finding.ts';
import { composeSimple } from './simple.ts';
import type { Entry, MapNode, Node, ScalarNode, SeqNode } from './tree.ts';

/** In UTF-16 units; shorter texts are composed in less than a millisecond. */
const long = 8_000;

interface Recent {
  readonly text: string;
  readonly composed: Composed;
}

/** The long texts composed last, the latest first: an edited document, and one more that is read in between. */
const recent: Recent[] = [];
const mostRecent = 2;

/** The other texts composed last: a document is read in several ways for each letter of a word. */
const short: Recent[] = [];
const mostShort = 8;

/** Of long texts, without those that were made from the tree of another one. */
let charactersComposed = 0;

/** Whether more than that many characters of long texts were composed since this function was called. */
export function composedMore(characters: number): () => boolean {
  const began = charactersComposed;
  return () => charactersComposed - began > characters;
}

/**
 * Like `compose`; fast where the text is like one of those composed before. The result for the same text is mostly the same
 * (`===`), so that what is found out about its tree can be kept.
 */
export function composeNear(text: string): Composed {
  if (text.length < long) return composeShort(text);
  for (const [index, base] of recent.entries()) {
    if (base.text === text) return base.composed;
    const composed = recompose(base.text, base.composed, text);
    if (!composed) continue;
    recent.splice(index, 1);
    recent.unshift({ text, composed });
    return composed;
  }
  charactersComposed += text.length;
  const simple = composeSimple(text);
  const composed: Composed = simple
    ? { root: simple, findings: [], aliases: [], anchors: new Map(), merges: false }
    : (composeColonless(text, composeNear) ?? (isBroken(recent) ? composeBroken(text) : composeWhole(text)));
  recent.unshift({ text, composed });
  recent.length = Math.min(recent.length, mostRecent);
  return composed;
}

function composeShort(text: string): Composed {
  const at = short.findIndex((one) => one.text === text);
  const known = at === -1 ? { text, composed: compose(text, isBroken(short)) } : short[at]!;
  if (at !== 0) {
    if (at > 0) short.splice(at, 1);
    short.unshift(known);
    if (short.length > mostShort) short.pop();
  }
  return known.composed;
}

/** Whether the latest text has errors; the next one is mostly an edit of it. */
function isBroken([latest]: readonly Recent[]): boolean {
  return latest !== undefined && latest.composed.findings.length > 0;
}

/**
 * The tree and the findings of `text`, made from those of `old`; undefined where the texts differ too much, or where what
 * surrounds the edit may read differently after it. `most` is the length of the part that is worth composing again.
 */
export function recompose(
  old: string,
  composed: Composed,
  text: string,
  most: number = old.length >> 1,
): Composed | undefined {
  const { root, aliases, anchors, merges } = composed;
  if (!root || aliases.length > 0 || anchors.size > 0 || merges || old.startsWith('%')) return undefined;
  if (Math.abs(old.length - text.length) > most) return undefined;
  const same = commonStart(old, text);
  const rest = commonEnd(old, text, same);
  const edit: Edit = {
    old,
    text,
    from: lineStart(old, same),
    to: nextLine(old, old.length - rest),
    by: text.length - old.length,
  };
  for (const block of blocksAround(root, edit)) {
    const part = partOf(block, edit);
    if (!part || part.to - part.from > most) continue;
    const isWithin = (one: Finding) => one.start >= part.from && one.end <= part.to && isLocal(one, old);
    if (!composed.findings.every(isWithin)) return undefined;
    const fresh = composePart(part, edit);
    if (!fresh) continue;
    const children = [
      ...block.children.slice(0, part.first),
      ...fresh.children,
      ...block.children.slice(part.last + 1).map((child) => movedChild(child, edit.by)),
    ];
    const node = blockOf(block, children, fresh, part, edit.by);
    const around = block.parents.reduceRight<Node>((inner, parent) => withChild(parent, inner, edit.by), node);
    return { root: around, findings: fresh.findings, aliases, anchors, merges };
  }
  return undefined;
}

/**
 * Whether the composer goes on after an error as if the line were right. After others, such as an open quote, what follows
 * may read differently, and some errors are not reported after others.
 */
function isLocal({ rule, start, end }: Finding, text: string): boolean {
  const written = text.slice(start, end);
  return (rule === 'syntax/missing-colon' || rule === 'syntax/nested-map') && !/["'\n]/.test(written);
}

interface Edit {
  readonly old: string;
  readonly text: string;
  /** The lines of the old text that differ, whole. */
  readonly from: number;
  readonly to: number;
  /** How far everything after them moves. */
  readonly by: number;
}

type Child = Entry | Node;

/** A block map or list that contains the edit. */
interface Block {
  readonly node: MapNode | SeqNode;
  readonly children: readonly Child[];
  /** Start of the line of each child that begins its own line, else -1. */
  readonly lines: readonly number[];
  readonly column: number;
  /** The end of its lines in the old text. */
  readonly limit: number;
  readonly parents: readonly Parent[];
}

interface Parent {
  readonly node: MapNode | SeqNode;
  readonly column: number;
  readonly index: number;
}

/** The entries or items of a block that are composed again. */
interface Part {
  readonly block: Block;
  readonly first: number;
  readonly last: number;
  readonly from: number;
  readonly to: number;
}

/** Deeper blocks are left to `compose`, which limits the depth. */
const maxDepth = 40;

/** The blocks around the edit, innermost first. */
function blocksAround(root: Node, edit: Edit): readonly Block[] {
  const blocks: Block[] = [];
  const parents: Parent[] = [];
  let node = root;
  let limit = edit.old.length;
  while ((node.type === 'map' || node.type === 'seq') && !node.flow && parents.length < maxDepth) {
    const block = readBlock(node, edit.old, limit, [...parents]);
    blocks.unshift(block);
    const index = block.lines.findLastIndex((line) => line !== -1 && line <= edit.from);
    const child = block.children[index];
    // What changes the line on which a child begins may change where it ends.
    if (!child || block.lines[index]! === edit.from) break;
    const next = block.lines.findIndex((line, other) => other > index && line !== -1);
    limit = next === -1 ? limit : block.lines[next]!;
    if (edit.to > limit) break;
    parents.push({ node, index, column: block.column });
    node = 'key' in child ? child.value : child;
  }
  return blocks;
}

function readBlock(node: MapNode | SeqNode, text: string, limit: number, parents: readonly Parent[]): Block {
  const children: readonly Child[] = node.type === 'map' ? node.entries : node.items;
  const column = node.start - lineStart(text, node.start);
  const lines = children.map((child) => {
    const start = 'key' in child ? child.key.start : child.start;
    const line = lineStart(text, start);
    const at = line + column;
    if (node.type === 'map' ? start !== at : text[at] !== '-' || start <= at) return -1;
    return isBlank(text, line, at) ? line : -1;
  });
  return { node, children, lines, column, limit, parents };
}

/** The children that the edit touches, and the one before them, which it may continue. */
function partOf(block: Block, { from, to }: Edit): Part | undefined {
  const { lines, limit } = block;
  // A child that shares its line with the block around it can only be composed together with that block.
  const first = Math.max(
    0,
    lines.findLastIndex((line) => line < from),
  );
  if (to > limit || lines.indexOf(-1, first) !== -1 || lines[first]! > from) return undefined;
  const after = lines.findIndex((line, index) => index > first && line >= to);
  const last = (after === -1 ? lines.length : after) - 1;
  return { block, first, last, from: lines[first]!, to: after === -1 ? limit : lines[after]! };
}

/** A key or item that no text contains. */
const sentinel = 'capstan\uE001';

interface Fresh {
  readonly children: readonly Child[];
  readonly findings: readonly Finding[];
  readonly start: number;
  /** Of the last child. */
  readonly end: number;
}

/**
 * Composes the new text of a part below a key, and with one more child after it, unless the text ends there: if that is
 * read as what it is, then nothing in the part is left open, and what follows the part is read as before.
 */
function composePart({ block, last, from, to }: Part, { text, by }: Edit): Fresh | undefined {
  const { node, column, parents } = block;
  const part = text.slice(from, to + by);
  if (!mayStandAlone(part, column)) return undefined;
  const head = headOf(block);
  const body = `${head}${part}`;
  const isEnd = to + by === text.length;
  const more = isEnd ? '' : `${' '.repeat(column)}${node.type === 'map' ? `${sentinel}:` : `- ${sentinel}`}\n`;
  const composed = compose(body + more);
  if (composed.aliases.length > 0 || composed.anchors.size > 0 || composed.merges) return undefined;
  if (!composed.findings.every((one) => one.start >= head.length && one.end <= body.length && isLocal(one, body)))
    return undefined;
  const inner = head === '' ? composed.root : innermost(composed.root, head);
  if (inner?.type !== node.type || inner.flow || inner.start !== head.length + column) return undefined;
  if (parents.length + depthOf(inner) > 2 * maxDepth) return undefined;
  const all: readonly Child[] = inner.type === 'map' ? inner.entries : inner.items;
  const own = isEnd ? all : all.slice(0, -1);
  if (own.length === 0 || !(isEnd || isSentinel(all.at(-1)!, body.length + column))) return undefined;
  // What follows the block is in another column than the child added here.
  if (!isEnd && last === block.children.length - 1 && endsOpen(own.at(-1)!)) return undefined;
  const shift = from - head.length;
  const children = own.map((child) => movedChild(child, shift));
  const findings = composed.findings.map((one) => ({ ...one, start: one.start + shift, end: one.end + shift }));
  return { children, findings, start: inner.start + shift, end: endOf(children.at(-1)!, text) };
}

function isSentinel(child: Child, at: number): boolean {
  const word = 'key' in child ? child.key : child;
  return word.type === 'scalar' && word.text === sentinel && word.start === ('key' in child ? at : at + 2);
}

/** Whether it ends with a key without a colon, whose value is missing at the next line. */
function endsOpen(child: Child): boolean {
  if (!('key' in child))
    return child.type !== 'scalar' && childrenOf(child).length > 0 && endsOpen(childrenOf(child).at(-1)!);
  const { key, value } = child;
  if (value.type === 'scalar') return value.style === 'absent' && value.start > key.end + 1;
  return childrenOf(value).length > 0 && endsOpen(childrenOf(value).at(-1)!);
}

function childrenOf(node: Node): readonly Child[] {
  return node.type === 'map' ? node.entries : node.type === 'seq' ? node.items : [];
}

/** Lines of keys above the part, the last in the column of the key above the block: a list may be in the column of its key. */
function headOf({ node, column, parents }: Block): string {
  const parent = parents.at(-1)?.node;
  if (column === 0) return node.type === 'map' ? '' : 'x:\n';
  return node.type === 'seq' && parent?.type === 'map' && parents.at(-1)!.column === column
    ? `x:\n${' '.repeat(column)}x:\n`
    : 'x:\n';
}

/** The value below the keys of `headOf`, if they have no other. */
function innermost(root: Node | undefined, head: string): Node | undefined {
  let node = root;
  for (let rest = head.split('\n').length - 1; rest > 0; rest -= 1) {
    if (node?.type !== 'map' || node.entries.length !== 1) return undefined;
    node = node.entries[0]!.value;
  }
  return node;
}

/** Whether a part has no lines that belong to an outer block, and nothing that depends on the text before it. */
function mayStandAlone(part: string, column: number): boolean {
  if (/[\t\x85\u2028\u2029\uFEFF\uE001]|\r(?!\n)|^(?:---|\.\.\.|%)/m.test(part)) return false;
  for (let at = 0; at < part.length; at = nextLine(part, at)) {
    let content = at;
    while (part[content] === ' ') content += 1;
    if (content - at < column && content < part.length && !/[\r\n#]/.test(part[content]!)) return false;
  }
  return true;
}

/** For the last child of a list without a value, the end of its dash. */
function endOf(child: Child, text: string): number {
  const value = 'key' in child ? child.value : child;
  if ('key' in child || value.type !== 'scalar' || value.style !== 'absent') return value.end;
  return Math.max(value.end, text.lastIndexOf('-', value.start) + 1);
}

function blockOf({ node }: Block, children: readonly Child[], fresh: Fresh, part: Part, by: number): Node {
  const start = part.first === 0 ? fresh.start : node.start;
  const end = part.last === part.block.children.length - 1 ? fresh.end : node.end + by;
  return node.type === 'map'
    ? { ...node, start, end: Math.max(start, end), entries: children as readonly Entry[] }
    : { ...node, start, end, items: children as readonly Node[] };
}

/** A block with one child replaced and those after it moved. */
function withChild({ node, index }: Parent, inner: Node, by: number): Node {
  const place = <T extends Child>(children: readonly T[], own: (old: T) => T): readonly T[] =>
    children.map((child, at) => (at < index ? child : at === index ? own(child) : (movedChild(child, by) as T)));
  const isLast = index === (node.type === 'map' ? node.entries : node.items).length - 1;
  const end = isLast ? inner.end : node.end + by;
  if (node.type === 'seq') return { ...node, end, items: place(node.items, () => inner) };
  return { ...node, end, entries: place(node.entries, ({ key }) => ({ key, value: inner })) };
}

function movedChild(child: Child, by: number): Child {
  return 'key' in child ? movedEntry(child, by) : moved(child, by);
}

function movedEntry({ key, value }: Entry, by: number): Entry {
  return { key: moved(key, by) as ScalarNode, value: moved(value, by) };
}

function moved(node: Node, by: number): Node {
  if (by === 0) return node;
  const start = node.start + by;
  const end = node.end + by;
  switch (node.type) {
    case 'map':
      return { type: 'map', start, end, flow: node.flow, entries: node.entries.map((entry) => movedEntry(entry, by)) };
    case 'seq':
      return { type: 'seq', start, end, flow: node.flow, items: node.items.map((item) => moved(item, by)) };
    case 'scalar':
      return { type: 'scalar', style: node.style, start, end, value: node.value, text: node.text };
    case 'alias':
      return { ...node, start, end };
  }
}

function depthOf(node: Node): number {
  let deepest = 0;
  if (node.type === 'map') for (const { value } of node.entries) deepest = Math.max(deepest, depthOf(value));
  if (node.type === 'seq') for (const item of node.items) deepest = Math.max(deepest, depthOf(item));
  return deepest + 1;
}

/** Texts are compared in pieces of this many units, then unit by unit. */
const piece = 1_024;

function commonStart(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at + piece <= length && a.slice(at, at + piece) === b.slice(at, at + piece)) at += piece;
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  return at;
}

/** The length of the common end, which doesn't reach into the common start. */
function commonEnd(a: string, b: string, start: number): number {
  const most = Math.min(a.length, b.length) - start;
  const tail = (text: string, from: number, to: number) => text.slice(text.length - to, text.length - from);
  let length = 0;
  while (length + piece <= most && tail(a, length, length + piece) === tail(b, length, length + piece)) length += piece;
  while (length < most && a.charCodeAt(a.length - 1 - length) === b.charCodeAt(b.length - 1 - length)) length += 1;
  return length;
}

function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** Start of the next line, or the end of the text. */
function nextLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end + 1;
}

function isBlank(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (text.charCodeAt(at) !== 0x20) return false;
  return true;
}
