// Open documents as the client edits them. Changes are applied here, in the position encoding negotiated with the client.
import type { Position, Range, TextDocumentContentChangeEvent } from 'vscode-languageserver/node';
import type { Change } from '../features/typing.ts';
import { LineIndex } from '../syntax/lines.ts';

export type Encoding = 'utf-16' | 'utf-8';

/** Every client must support UTF-16; UTF-8 is used only for a client that offers nothing else. */
export function chosenEncoding(offered: readonly string[] | undefined): Encoding {
  if (offered === undefined || offered.length === 0 || offered.includes('utf-16')) return 'utf-16';
  return offered.includes('utf-8') ? 'utf-8' : 'utf-16';
}

export interface OpenText {
  readonly uri: string;
  readonly version: number;
  readonly lines: LineIndex;
}

/** State: the open documents, by URI. */
export class Texts {
  readonly #encoding: Encoding;
  readonly #open = new Map<string, OpenText>();

  #edited = Number.NEGATIVE_INFINITY;

  constructor(encoding: Encoding) {
    this.#encoding = encoding;
  }

  get(uri: string): OpenText | undefined {
    return this.#open.get(uri);
  }

  all(): readonly OpenText[] {
    return [...this.#open.values()];
  }

  set(text: OpenText): void {
    this.#open.set(text.uri, text);
  }

  delete(uri: string): void {
    this.#open.delete(uri);
  }

  /** Milliseconds since the last edit of any document. */
  sinceEdit(): number {
    return performance.now() - this.#edited;
  }

  /**
   * Applies the changes in order, and returns them in offsets; undefined if the whole text was replaced. A document that
   * isn't open starts empty.
   */
  change(
    uri: string,
    version: number,
    changes: readonly TextDocumentContentChangeEvent[],
  ): readonly Change[] | undefined {
    this.#edited = performance.now();
    let lines = this.#open.get(uri)?.lines ?? new LineIndex('');
    let made: Change[] | undefined = [];
    for (const change of changes) {
      if (!('range' in change)) {
        lines = new LineIndex(change.text);
        made = undefined;
        continue;
      }
      const start = offsetAt(lines, change.range.start, this.#encoding);
      const end = Math.max(start, offsetAt(lines, change.range.end, this.#encoding));
      made?.push({ start, end, text: change.text, removed: lines.text.slice(start, end) });
      lines = lines.edited(start, end, change.text);
    }
    this.#open.set(uri, { uri, version, lines });
    return made;
  }
}

export function offsetAt(lines: LineIndex, position: Position, encoding: Encoding): number {
  return encoding === 'utf-8' ? lines.utf8OffsetAt(position) : lines.offsetAt(position);
}

export function rangeAt(lines: LineIndex, start: number, end: number, encoding: Encoding): Range {
  if (encoding === 'utf-16') return lines.rangeAt(start, end);
  return { start: lines.utf8PositionAt(start), end: lines.utf8PositionAt(end) };
}
