// Folding ranges: each document, map, list, text and comment with more than one line, and regions between `# region` and
// `# endregion`.
import type { LineIndex } from '../syntax/lines.ts';
import { parseManifest } from '../syntax/manifest.ts';
import type { Node } from '../syntax/tree.ts';
import type { SourceFile } from '../workspace/document.ts';

/** 0-based lines of a range that folds at its line `start`. */
export interface Fold {
  readonly start: number;
  readonly end: number;
  readonly kind?: 'comment' | 'region';
}

export function folds(file: SourceFile, lines: LineIndex): readonly Fold[] {
  const found: Fold[] = [];
  /** Lines inside of scalars, where `#` begins no comment. */
  const inText = new Set<number>();
  const spansLines = (start: number, end: number) => {
    const newline = lines.text.indexOf('\n', start);
    return newline !== -1 && newline < end;
  };
  const add = (start: number, end: number) => {
    if (!spansLines(start, end)) return;
    const fold = { start: lines.positionAt(start).line, end: lines.positionAt(end).line };
    if (fold.end > fold.start) found.push(fold);
  };
  for (const { start, document } of file.documents) {
    const { root } = parseManifest(document.text);
    if (!root) continue;
    if (file.documents.length > 1) add(start, start + root.end);
    addNode(root, start, add);
    for (const scalar of scalarsIn(root)) {
      if (!spansLines(start + scalar.start, start + scalar.end)) continue;
      const last = lines.positionAt(start + scalar.end).line;
      for (let line = lines.positionAt(start + scalar.start).line + 1; line <= last; line += 1) inText.add(line);
    }
  }
  return [...found, ...commentFolds(lines, inText)];
}

function addNode(root: Node, base: number, add: (start: number, end: number) => void): void {
  const pending: Node[] = [root];
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (node.type === 'map') {
      for (const { key, value } of node.entries) {
        add(base + key.start, base + value.end);
        pending.push(value);
      }
    } else if (node.type === 'seq') {
      for (const item of node.items) {
        add(base + item.start, base + item.end);
        pending.push(item);
      }
    }
  }
}

/** Keys and values. */
function* scalarsIn(root: Node): Generator<Node> {
  const pending: Node[] = [root];
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (node.type === 'map') for (const { key, value } of node.entries) pending.push(key, value);
    else if (node.type === 'seq') for (const item of node.items) pending.push(item);
    else yield node;
  }
}

/** Runs of comment lines, and regions, which may be nested. An end without a beginning, or the reverse, is a comment. */
function commentFolds(lines: LineIndex, inText: ReadonlySet<number>): readonly Fold[] {
  const found: Fold[] = [];
  const regions: number[] = [];
  let first: number | undefined;
  const endRun = (line: number) => {
    if (first !== undefined && line - 1 > first) found.push({ start: first, end: line - 1, kind: 'comment' });
    first = undefined;
  };
  for (let line = 0; line < lines.lineCount; line += 1) {
    const comment = inText.has(line) ? undefined : commentOn(lines, line);
    const marker = comment === undefined ? undefined : /^#\s*(end)?region\b/.exec(comment);
    if (comment === undefined || marker) endRun(line);
    else first ??= line;
    if (!marker) continue;
    if (marker[1] === undefined) regions.push(line);
    else {
      const start = regions.pop();
      if (start !== undefined) found.push({ start, end: line, kind: 'region' });
    }
  }
  endRun(lines.lineCount);
  return found;
}

/** The comment that is all of a line. */
function commentOn(lines: LineIndex, line: number): string | undefined {
  let at = lines.lineStart(line);
  while (lines.text[at] === ' ' || lines.text[at] === '\t') at += 1;
  return lines.text[at] === '#' ? lines.text.slice(at, Math.min(lines.lineEnd(line), at + 40)) : undefined;
}
