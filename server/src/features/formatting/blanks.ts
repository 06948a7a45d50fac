// White space at the end of lines, blank lines, and the end of the file.
import type { Lines } from './lines.ts';

/** More blank lines in a row are removed. */
const mostBlank = 2;

/** `isLast` is set for the last document of a file. Lines of scalars stay as they are. */
export function trim(lines: Lines, isLast: boolean): void {
  const last = lastLine(lines);
  const trimmed = isLast && last >= 0 ? last + 1 : lines.count;
  let blank = 0;
  for (let line = 0; line < trimmed; line += 1) {
    if (lines.isKept(line)) blank = 0;
    else if (lines.isBlank(line)) blank += 1;
    else blank = 0;
    if (lines.isKept(line) || !lines.isFree(line, line)) continue;
    // After the last line break there is no line to remove.
    if (blank > mostBlank && line < lines.count - 1) lines.replace(lines.start(line), lines.start(line + 1), '');
    else trimLine(lines, line);
  }
  if (isLast && last >= 0) endFile(lines, last);
}

function trimLine(lines: Lines, line: number): void {
  const end = lines.end(line);
  let at = end;
  while (at > lines.start(line) && (lines.text[at - 1] === ' ' || lines.text[at - 1] === '\t')) at -= 1;
  lines.replace(at, end, '');
}

/** One line break at the end; block text without one would become another text by it. */
function endFile(lines: Lines, last: number): void {
  const end = lines.end(last);
  const rest = lines.text.slice(end);
  if (/^\r?\n$/.test(rest) || !lines.isFree(last, lines.count - 1) || (rest === '' && lines.isKept(last))) return;
  lines.replace(end, lines.text.length, lines.text.includes('\r\n') ? '\r\n' : '\n');
}

/** The last line with text, or with blank lines that are part of a scalar; -1 without any. */
function lastLine(lines: Lines): number {
  for (let line = lines.count - 1; line >= 0; line -= 1) if (lines.isKept(line) || !lines.isBlank(line)) return line;
  return -1;
}
