// Formatting while typing, after Enter: tabs that indent the line above become spaces, because YAML doesn't allow them, and the
// new line begins where the next key belongs: beside the first key of a list item, or below a key without a value. Lines
// that are written already stay as they are: their indentation may be meant.
import type { TextEdit } from '../../syntax/finding.ts';
import type { LineIndex } from '../../syntax/lines.ts';
import { placeAt } from '../../syntax/navigate.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { cursorAt } from '../cursor.ts';

/** `line` is the new line, 0-based; an editor may have copied the indentation of the line above to it. */
export function formatOnEnter(
  workspace: Workspace,
  path: string,
  lines: LineIndex,
  line: number,
  step: number,
): readonly TextEdit[] {
  if (line < 1) return [];
  const hasTabs = isIndentedByTabs(lines, line - 1);
  const column = hasTabs ? undefined : nextColumn(contentOf(lines, line - 1), step);
  const isBlank = contentOf(lines, line).trim() === '';
  if (!hasTabs && (column === undefined || !isBlank)) return [];
  const start = lines.lineStart(line - 1);
  const cursor = cursorAt(workspace, path, start);
  if (!cursor) return [];
  const place = placeAt(cursor.manifest.root, start - cursor.start);
  if (place?.node.type === 'scalar' && place.node.start < start - cursor.start && place.node.end > start - cursor.start)
    return [];
  if (column !== undefined) return indentedTo(lines, line, column);
  // In a document without findings the tabs are right, as they are inside of scalars.
  if (cursor.manifest.findings.length === 0) return [];
  return [line - 1, line].filter((one) => isIndentedByTabs(lines, one)).map((one) => expanded(lines, one, step));
}

/** The column of the line below; undefined where the editor's own indentation, that of the line above, is right. */
function nextColumn(above: string, step: number): number | undefined {
  const [, lead = '', body = ''] = /^( *(?:- +)*)(.*)$/.exec(above.replace(/(?:^|\s)#.*$/, '')) ?? [];
  const [key, value = ''] = /^(?:[^\s"'[\]{}#&*!|>%@`,][^:]*|"[^"]*"|'[^']*'):(?:\s+(.*))?$/.exec(body.trimEnd()) ?? [];
  if (key === undefined) return undefined;
  const isOpen = /^(?:[&!]\S*\s*)*(?:[|>][-+\d]*)?$/.test(value);
  if (isOpen) return lead.length + step;
  const isWhole = /^(?:"[^"]*"|'[^']*'|[^"'[{].*|\[[^[\]]*\]|\{[^{}]*\})$/.test(value);
  return isWhole && lead.includes('-') ? lead.length : undefined;
}

function indentedTo(lines: LineIndex, line: number, column: number): readonly TextEdit[] {
  const at = lines.lineStart(line);
  const written = contentOf(lines, line).length;
  if (written < column) return [{ start: at + written, end: at + written, text: ' '.repeat(column - written) }];
  return written > column ? [{ start: at + column, end: at + written, text: '' }] : [];
}

function contentOf(lines: LineIndex, line: number): string {
  return lines.text.slice(lines.lineStart(line), lines.lineEnd(line)).replace(/\r$/, '');
}

function indentationOf(lines: LineIndex, line: number): string {
  return /^[ \t]*/.exec(contentOf(lines, line))![0];
}

function isIndentedByTabs(lines: LineIndex, line: number): boolean {
  return indentationOf(lines, line).includes('\t');
}

/** A tab goes to the next multiple of the step. */
function expanded(lines: LineIndex, line: number, step: number): TextEdit {
  const written = indentationOf(lines, line);
  let column = 0;
  for (const char of written) column = char === '\t' ? column + step - (column % step) : column + 1;
  const start = lines.lineStart(line);
  return { start, end: start + written.length, text: ' '.repeat(column) };
}
