// Patches that are maps or lists of operations as the texts that newer versions have, by indenting their lines: comments stay
// where they are. Only for lists in block style.
import type { Form } from '../../kube/moved.ts';
import type { TextEdit } from '../../syntax/finding.ts';
import type { Node } from '../../syntax/tree.ts';
import { columnOf } from '../../validation/moves.ts';

/** Whether the value, as a text of its own, would refer to what is outside of it, or be referred to. */
export function isEntangled(text: string, value: Node, form: Form | undefined): boolean {
  return (form === 'patches' || form === 'json-patches') && hasReferences(text, value);
}

/** The edits of the items; undefined if the list can't be changed in place. */
export function patchTextEdits(text: string, list: Node, form: Form | undefined): readonly TextEdit[] | undefined {
  if (list.type !== 'seq' || list.flow) return undefined;
  const edits: TextEdit[] = [];
  for (const item of list.items) {
    const found = form === 'patches' ? asPatch(text, item) : form === 'json-patches' ? asText(text, item) : undefined;
    if (!found) return undefined;
    edits.push(...found);
  }
  return edits;
}

const step = 2;

/** `- kind: A` becomes `- patch: |` with `kind: A` below it. */
function asPatch(text: string, item: Node): readonly TextEdit[] | undefined {
  if (item.type !== 'map') return undefined;
  const column = columnOf(text, item.start) + step;
  return [
    { start: item.start, end: item.start, text: `patch: |${breakAt(text, item.start)}${' '.repeat(column)}` },
    ...indented(text, item, step, column),
  ];
}

/** The list of operations at `patch`. */
function asText(text: string, item: Node): readonly TextEdit[] | undefined {
  const entry = item.type === 'map' && !item.flow ? item.entries.find(({ key }) => key.text === 'patch') : undefined;
  if (!entry) return undefined;
  const { key, value } = entry;
  if (value.type === 'scalar') return typeof value.value === 'string' ? [] : undefined;
  if (value.type !== 'seq' && value.type !== 'map') return undefined;
  const colon = text.indexOf(':', key.end) + 1;
  const between = text.slice(colon, value.start);
  if (!between.includes('\n')) return undefined;
  const before = columnOf(text, value.start);
  const missing = Math.max(0, columnOf(text, key.start) + step - before);
  const bar = { start: colon, end: colon, text: ' |' };
  const column = before + missing;
  // The first line gives the text its indentation, be it a comment.
  const comments = [...between.matchAll(/(?<=\n)[ \t]*(?=#)/g)].map(
    ({ 0: space, index }): TextEdit => ({
      ...{ start: colon + index, end: colon + index + space.length },
      text: ' '.repeat(column),
    }),
  );
  const first = missing > 0 ? [{ start: value.start, end: value.start, text: ' '.repeat(missing) }] : [];
  return [bar, ...comments, ...first, ...indented(text, value, missing, column)];
}

/** More space before each line of a node but the first; a comment that would end the text is at its column. */
function indented(text: string, { start, end }: Node, by: number, column: number): readonly TextEdit[] {
  const edits: TextEdit[] = [];
  for (let at = text.indexOf('\n', start); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) {
    const [, space = ''] = /^([ \t]*)#/.exec(text.slice(at + 1, at + 1 + column + 1)) ?? [];
    const isComment = text[at + 1 + space.length] === '#';
    const isEmpty = /^\r?(?:\n|$)/.test(text.slice(at + 1, at + 3));
    if (isEmpty || at + 1 >= end) continue;
    const more = isComment && space.length + by < column ? column - space.length : by;
    if (more > 0) edits.push({ start: at + 1, end: at + 1, text: ' '.repeat(more) });
  }
  return edits;
}

function breakAt(text: string, at: number): string {
  const end = text.indexOf('\n', at);
  return end > 0 && text[end - 1] === '\r' ? '\r\n' : '\n';
}

function hasReferences(text: string, value: Node): boolean {
  const pending: Node[] = [value];
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (node.type === 'alias') return true;
    if (node.type === 'seq') pending.push(...node.items);
    if (node.type === 'map') pending.push(...node.entries.map((entry) => entry.value));
  }
  return /(?:^|[\s:[{,-])&\w/.test(text.slice(value.start, value.end));
}
