// Whether the cursor is in the text of a block scalar (`|` or `>`), where nothing of the map around it may be suggested.
// Only the lines above and the next one are read: a half-typed document often has no tree that shows it.
import { lineStartAt } from './token.ts';

export function isInBlockText(text: string, offset: number): boolean {
  const lineStart = lineStartAt(text, offset);
  const own = columnOf(text.slice(lineStart, offset));
  if (isTextAt(text, lineStart, own)) return true;
  // A line that is indented less, in the middle of the text: what follows belongs to the block.
  const below = nextColumn(text, offset);
  return below !== undefined && below > own && isTextAt(text, lineStart, below);
}

/** Ends a line whose value is a block scalar: after a colon or a dash, with an anchor or a tag before it. */
const indicator = /(?:^|[\s-]|:)[ \t]+(?:[&!]\S*[ \t]+)*[|>][-+0-9]{0,2}[ \t]*(?:[ \t]#.*)?$/;

/** Whether one of the lines that a line at this column is nested in ends with the indicator of a block scalar. */
function isTextAt(text: string, lineStart: number, column: number): boolean {
  let lowest = column;
  for (let end = lineStart - 1; end >= 0 && lowest > 0; ) {
    const start = lineStartAt(text, end);
    const line = text.slice(start, end).replace(/\r$/, '');
    end = start - 1;
    const content = columnOf(line);
    if (content === line.length || line[content] === '#') continue;
    if (content === 0 && /^(?:---|\.\.\.)(?:\s|$)/.test(line)) return false;
    if (content >= lowest) continue;
    // The text of an item `- |` is nested in its dash, that of `- key: |` in the key.
    const dashes = /^(?:- +)*/.exec(line.slice(content))![0];
    const value = line.slice(content + dashes.length);
    const key = /^[|>&!]/.test(value) ? content + Math.max(0, dashes.trimEnd().length - 1) : content + dashes.length;
    if (key < lowest && indicator.test(line)) return true;
    lowest = content;
  }
  return false;
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
