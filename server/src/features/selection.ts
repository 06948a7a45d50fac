// Selection ranges: what "expand selection" selects next, from the word under the cursor to the whole file.
import type { Node } from '../syntax/tree.ts';
import type { Cursor } from './cursor.ts';

/** In offsets of the file. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** From the innermost to the file; each contains the one before and is larger. */
export function selections({ manifest, offset, start, workspace, path, document }: Cursor): readonly Span[] {
  const { root, text } = manifest;
  const inside: Span[] = [];
  let node = root && root.start <= offset && offset <= root.end ? root : undefined;
  while (node) {
    inside.push(node);
    const entry: (Span & { readonly next?: Node }) | undefined = partAt(node, offset);
    if (!entry) break;
    inside.push(entry);
    node = entry.next;
  }
  inside.push(...withinScalar(text, inside.at(-1) ?? { start: 0, end: text.length }, offset));
  const file = workspace.file(path)?.text ?? document.text;
  const spans = [
    { start: 0, end: file.length },
    ...[trimmed(text), ...inside]
      .filter((one) => one.start <= offset && offset <= one.end)
      .map((one) => ({ start: start + one.start, end: start + one.end })),
  ];
  const kept: Span[] = [];
  for (const one of spans) if (kept.length === 0 || isWithin(one, kept.at(-1)!)) kept.push(one);
  return kept.reverse();
}

/** An entry or item that contains an offset; `next` is the key or value that does. */
function partAt(node: Node, offset: number): (Span & { readonly next?: Node }) | undefined {
  const contains = (one: Span) => one.start <= offset && offset <= one.end;
  if (node.type === 'map') {
    const entry = node.entries.find(({ key, value }) => key.start <= offset && offset <= Math.max(key.end, value.end));
    if (!entry) return undefined;
    const { key, value } = entry;
    const next = [key, value].find(contains);
    return { start: key.start, end: Math.max(key.end, value.end), ...(next && { next }) };
  }
  const item = node.type === 'seq' ? node.items.find(contains) : undefined;
  return item && { start: item.start, end: item.end, next: item };
}

/** The text in the quotes, and the word. */
function withinScalar(text: string, scalar: Span, offset: number): readonly Span[] {
  const source = text.slice(scalar.start, scalar.end);
  const isQuoted = /^(["'])[\s\S]*\1$/.test(source) && source.length > 1;
  const inner = isQuoted ? { start: scalar.start + 1, end: scalar.end - 1 } : scalar;
  const before = /[\p{L}\p{N}_]*$/u.exec(text.slice(Math.max(inner.start, offset - 200), offset))![0].length;
  const after = /^[\p{L}\p{N}_]*/u.exec(text.slice(offset, Math.min(inner.end, offset + 200)))![0].length;
  const word = { start: offset - before, end: offset + after };
  return [...(isQuoted ? [inner] : []), ...(before + after > 0 ? [word] : [])];
}

function trimmed(text: string): Span {
  return { start: text.length - text.trimStart().length, end: text.trimEnd().length };
}

/** Whether it is smaller than the other, and inside of it: in a text that isn't valid, a node may end behind its map. */
function isWithin(one: Span, around: Span): boolean {
  const isSame = one.start === around.start && one.end === around.end;
  return !isSame && around.start <= one.start && one.end <= around.end && one.start <= one.end;
}
