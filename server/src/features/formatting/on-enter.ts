// Formatting while typing: after Enter, tabs that indent the line above become spaces, because YAML doesn't allow them. Nothing
// else is certain while a line is being typed: indentation by spaces may be meant as it is.
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
  if (line < 1 || !isIndentedByTabs(lines, line - 1)) return [];
  const start = lines.lineStart(line - 1);
  const cursor = cursorAt(workspace, path, start);
  // In a document without findings the tabs are right, as they are inside of scalars.
  if (!cursor || cursor.manifest.findings.length === 0) return [];
  const place = placeAt(cursor.manifest.root, start - cursor.start);
  if (place?.node.type === 'scalar' && place.node.start < start - cursor.start && place.node.end > start - cursor.start)
    return [];
  return [line - 1, line].filter((one) => isIndentedByTabs(lines, one)).map((one) => expanded(lines, one, step));
}

function indentationOf(lines: LineIndex, line: number): string {
  return /^[ \t]*/.exec(lines.text.slice(lines.lineStart(line), lines.lineEnd(line)))![0];
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
