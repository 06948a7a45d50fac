// Checks the colons, commas and columns of maps and lists by the rules of go.yaml.in/yaml/v2. The composer calls these
// checks and builds the tree whether or not they report anything.
import type { CST } from 'yaml';
import type { Context, Properties } from './properties.ts';
import type { Node } from './tree.ts';

/** Checks a key of a block map without a `?`. `indent` is the column of the map. */
export function checkImplicitKey(
  context: Context,
  item: CST.BlockMap['items'][number],
  key: Node,
  before: Properties,
  indent: number,
): void {
  const token = item.key;
  if (token && 'indent' in token && token.indent !== indent) {
    context.report(
      'syntax/indentation',
      key.start,
      key.end,
      'This key isn’t aligned with the other keys of its map. Indent it like them.',
    );
  } else if (token?.type === 'block-seq') {
    context.report('syntax/invalid', key.start, key.end, 'A key must not be a list.');
  } else if (!item.sep?.some((part) => part.type === 'map-value-ind')) {
    context.report(
      'syntax/missing-colon',
      key.start,
      key.end,
      'A key must be followed by a colon and a space: “key: value”.',
    );
  } else if (
    context.text.slice(key.start, key.end).includes('\n') ||
    (before.newline && (before.anchor || before.tag))
  ) {
    context.report(
      'syntax/indentation',
      key.start,
      lineEnd(context.text, key.start),
      'These lines are read as one key. Indent them alike, and end each key with a colon.',
    );
  } else if (item.sep.length > 0 && item.sep.find((part) => part.type === 'map-value-ind')!.offset - key.start > 1024) {
    context.report('syntax/invalid', key.start, key.end, 'A key must be at most 1,024 characters long.');
  }
}

/** Checks the comma before an item in braces or brackets; `open` is the opening one. */
export function checkComma(
  context: Context,
  item: CST.CollectionItem,
  index: number,
  last: boolean,
  before: Properties,
  open: string,
): void {
  const commas = item.start.filter((part) => part.type === 'comma').length;
  const empty = !item.key && !item.sep && !item.value && !before.anchor && !before.tag;
  const at = item.start[0]?.offset ?? before.end;
  if (commas > (index === 0 ? 0 : 1) || (empty && !last && index > 0)) {
    context.report('syntax/invalid', at, at + 1, `There is nothing between these commas. Remove one.`);
  } else if (index > 0 && commas === 0 && !empty) {
    const start = (item.key ?? item.value)?.offset ?? at;
    context.report(
      'syntax/missing-comma',
      start,
      start + 1,
      `A comma is missing before this ${open === '{' ? 'key' : 'item'}.`,
    );
  }
}

/** Levels of nesting below a token, including its own; iterative, since it is called where recursion is too deep. */
export function depthOf(token: CST.Token): number {
  let deepest = 0;
  const pending = [{ token, depth: 1 }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (!('items' in next.token)) continue;
    deepest = Math.max(deepest, next.depth);
    for (const item of next.token.items) {
      if (item.key) pending.push({ token: item.key, depth: next.depth + 1 });
      if (item.value) pending.push({ token: item.value, depth: next.depth + 1 });
    }
  }
  return deepest;
}

/** Whether the first key of a block map spans several lines, that is, a key with wrong indentation. */
export function spansLines({ items }: CST.BlockMap): boolean {
  const key = items[0]?.key;
  return key?.type === 'scalar' && key.source.includes('\n');
}

/** Offset of the line break that ends the line, or the end of the text. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end;
}
