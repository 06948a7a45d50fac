// Whether the cursor is in the text of a block scalar (`|` or `>`), where nothing of the map around it may be suggested.
// Only the lines above and the next one are read: a half-typed document often has no tree that shows it.
import { lineStartAt } from './token.ts';

export function isInBlockText(text: string, offset: number): boolean {
  const lineStart = lineStartAt(text, offset);
  const own = columnOf(text.slice(lineStart, offset));
  if (headerOf(text, lineStart, own) !== undefined) return true;
  // A line that is indented less, in the middle of the text: what follows belongs to the block.
  const below = nextColumn(text, offset);
  return below !== undefined && below > own && headerOf(text, lineStart, below) !== undefined;
}

/** The offset of the `|` or `>` of the block whose text the cursor is in; undefined if it is in none. */
export function blockHeader(text: string, offset: number): number | undefined {
  const lineStart = lineStartAt(text, offset);
  return headerOf(text, lineStart, columnOf(text.slice(lineStart, offset)));
}

/** Ends a line whose value is a block scalar: after a colon or a dash, with an anchor or a tag before it. */
const indicator = /(?:^|[\s-]|:)[ \t]+(?:[&!]\S*[ \t]+)*[|>][-+0-9]{0,2}[ \t]*(?:[ \t]#.*)?$/;

/** The indicator of a block scalar at the end of one of the lines that a line at this column is nested in. */
function headerOf(text: string, lineStart: number, column: number): number | undefined {
  let lowest = column;
  for (let end = lineStart - 1; end >= 0 && lowest > 0; ) {
    const start = lineStartAt(text, end);
    const line = text.slice(start, end).replace(/\r$/, '');
    end = start - 1;
    const content = columnOf(line);
    if (content === line.length || line[content] === '#') continue;
    if (content === 0 && /^(?:---|\.\.\.)(?:\s|$)/.test(line)) return undefined;
    if (content >= lowest) continue;
    // The text of an item `- |` is nested in its dash, that of `- key: |` in the key.
    const dashes = /^(?:- +)*/.exec(line.slice(content))![0];
    const value = line.slice(content + dashes.length);
    const key = /^[|>&!]/.test(value) ? content + Math.max(0, dashes.trimEnd().length - 1) : content + dashes.length;
    const found = key < lowest ? indicator.exec(line) : null;
    if (found) return start + found.index + found[0].search(/[|>][-+0-9]{0,2}[ \t]*(?:[ \t]#.*)?$/);
    lowest = content;
  }
  return undefined;
}

/** Column of the first character that isn't a space. */
export function columnOf(line: string): number {
  const found = line.search(/[^ ]/);
  return found === -1 ? line.length : found;
}

/** Column of the next line that isn't blank. */
function nextColumn(text: string, offset: number): number | undefined {
  const next = /[\r\n][ \t]*(?=[^\s])/g;
  next.lastIndex = offset;
  const found = next.exec(text);
  return found ? found[0].length - 1 : undefined;
}
