// The text of a document as a flat sequence of tokens: the scalars and aliases of its tree, and the indicators, anchors, tags
// and comments between them. For features that care about the text itself; everything between two tokens is white space.
import type { AliasNode, Node, ScalarNode } from './tree.ts';

export type Token = Leaf | Mark;

/** A scalar or alias of the tree; a missing value isn't one. */
export interface Leaf {
  readonly type: 'leaf';
  readonly start: number;
  readonly end: number;
  readonly node: ScalarNode | AliasNode;
  readonly isKey: boolean;
  /** Inside braces or brackets. */
  readonly flow: boolean;
  /** Of the first key of a block map: where that map ends. */
  readonly mapEnd: number | undefined;
}

export interface Mark {
  readonly type: 'anchor' | 'tag' | 'comment' | 'dash' | 'colon' | 'comma' | 'open' | 'close' | 'marker';
  readonly start: number;
  readonly end: number;
  /** Set on the first dash of a block list: where that list ends. */
  readonly listEnd?: number;
}

/**
 * The tokens in the order of the text; offsets are those of the tree. Undefined if the text contains `? key`, or anything
 * that the tree doesn't explain, as a text with syntax findings may.
 */
export function layoutOf(text: string, root: Node | undefined): readonly Token[] | undefined {
  const leaves: Leaf[] = [];
  const lists = new Map<number, number>();
  if (root) collect(root, false, leaves, lists, false, undefined);
  const tokens: Token[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (const leaf of leaves) {
    if (!readGap(text, at, leaf.start, lists, tokens)) return undefined;
    tokens.push(leaf);
    at = leaf.end;
  }
  return readGap(text, at, text.length, lists, tokens) ? tokens : undefined;
}

/** Of every list, where it begins and ends. */
type Lists = Map<number, number>;

function collect(
  node: Node,
  flow: boolean,
  leaves: Leaf[],
  lists: Lists,
  isKey: boolean,
  mapEnd: number | undefined,
): void {
  if (node.type === 'map') {
    const inFlow = flow || node.flow;
    let end = inFlow ? undefined : node.end;
    for (const { key, value } of node.entries) {
      collect(key, inFlow, leaves, lists, true, end);
      collect(value, inFlow, leaves, lists, false, undefined);
      end = undefined;
    }
  } else if (node.type === 'seq') {
    const inFlow = flow || node.flow;
    if (!inFlow) lists.set(node.start, node.end);
    for (const item of node.items) collect(item, inFlow, leaves, lists, false, undefined);
  } else if (node.end > node.start) {
    leaves.push({ type: 'leaf', start: node.start, end: node.end, node, isKey, flow, mapEnd });
  }
}

const marks: Readonly<Record<string, Mark['type']>> = {
  ':': 'colon',
  ',': 'comma',
  '{': 'open',
  '[': 'open',
  '}': 'close',
  ']': 'close',
};

/** Appends the tokens between two leaves; false where there is something else. */
function readGap(text: string, from: number, to: number, lists: Lists, tokens: Token[]): boolean {
  for (let at = from; at < to; ) {
    const first = text[at]!;
    if (first === ' ' || first === '\n' || first === '\r' || first === '\t') {
      at += 1;
      continue;
    }
    const mark = markAt(text, at, first);
    if (!mark || mark.end > to) return false;
    const listEnd = mark.type === 'dash' ? lists.get(at) : undefined;
    tokens.push(listEnd === undefined ? mark : { ...mark, listEnd });
    at = mark.end;
  }
  return true;
}

function markAt(text: string, at: number, first: string): Mark | undefined {
  const begins = at === 0 || text[at - 1] === '\n' || text[at - 1] === '\uFEFF';
  const to = (type: Mark['type'], end: RegExp): Mark => {
    end.lastIndex = at;
    return { type, start: at, end: end.exec(text)?.index ?? text.length };
  };
  if (first === '#') return to('comment', /\r?\n|$/g);
  if (first === '&') return to('anchor', /[\s,[\]{}]|$/g);
  if (first === '!') return to('tag', text[at + 1] === '<' ? /(?<=>)|$/g : /[\s,[\]{}]|$/g);
  if (begins && first === '%') return to('marker', /\r?\n|$/g);
  if (begins && (text.startsWith('---', at) || text.startsWith('...', at)))
    return { type: 'marker', start: at, end: at + 3 };
  if (first === '-') return { type: 'dash', start: at, end: at + 1 };
  const type = marks[first];
  return type && { type, start: at, end: at + 1 };
}
