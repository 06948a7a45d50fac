// Folding ranges: each document, map, list and block of text with more than one line.
import type { LineIndex } from '../syntax/lines.ts';
import { parseManifest } from '../syntax/manifest.ts';
import type { Node } from '../syntax/tree.ts';
import type { SourceFile } from '../workspace/document.ts';

/** 0-based lines of a range that folds at its line `start`. */
export interface Fold {
  readonly start: number;
  readonly end: number;
}

export function folds(file: SourceFile, lines: LineIndex): readonly Fold[] {
  const found: Fold[] = [];
  const add = (start: number, end: number) => {
    const fold = { start: lines.positionAt(start).line, end: lines.positionAt(end).line };
    if (fold.end > fold.start) found.push(fold);
  };
  for (const { start, document } of file.documents) {
    const { root } = parseManifest(document.text);
    if (!root) continue;
    if (file.documents.length > 1) add(start, start + root.end);
    addNode(root, start, add);
  }
  return found;
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
        if (item.type !== 'scalar') add(base + item.start, base + item.end);
        pending.push(item);
      }
    }
  }
}
