// Splits a file into the texts of its YAML documents without parsing it. A marker line at column 0 ends a document even
// inside a block scalar (YAML 1.2, 9.1.2), so splitting by lines is exact. The texts joined equal the file.

import { conflictSpans } from './conflicts.ts';

/** The text of one document, from its `---` (or the directives and comments before it) up to the next. */
export interface Segment {
  /** UTF-16 offset in the file. */
  readonly start: number;
  readonly text: string;
}

/** Returns at least one segment, even for an empty file; later segments are never empty. */
export function splitDocuments(text: string): readonly Segment[] {
  const segments: Segment[] = [];
  let start = 0;
  // Whether there is anything but blank lines, comments and directives between `start` and here.
  let begun = false;
  let seen = 0;
  const markers = new Markers(text);
  const conflicts = conflictSpans(text);
  for (let marker = markers.next(0); marker !== -1; marker = markers.next(marker + 3)) {
    // The two sides of a conflict are never two documents.
    if (conflicts.some(({ start, end }) => start < marker && marker < end)) continue;
    begun ||= hasContent(text, seen, marker);
    if (text.charCodeAt(marker) === dot) {
      const next = lineAfter(text, marker);
      segments.push({ start, text: text.slice(start, next) });
      start = next;
      begun = false;
    } else {
      if (begun) {
        segments.push({ start, text: text.slice(start, marker) });
        start = marker;
      }
      begun = true;
    }
    seen = lineAfter(text, marker);
  }
  if (start < text.length || segments.length === 0) segments.push({ start, text: text.slice(start) });
  return segments;
}

const dash = 0x2d;
const dot = 0x2e;

/** Finds marker lines in text order; the text is searched only once for each kind of marker. */
class Markers {
  readonly #text: string;
  #dashes: number;
  #dots: number;

  constructor(text: string) {
    this.#text = text;
    this.#dashes = text.indexOf('\n---');
    this.#dots = text.indexOf('\n...');
  }

  /**
   * Offset of the next `---` or `...` marker line at or after `from`, or -1. `from` must not decrease between calls.
   */
  next(from: number): number {
    const text = this.#text;
    if (from === 0) {
      const first = text.charCodeAt(0) === 0xfeff ? 1 : 0;
      if (isMarker(text, first)) return first;
    }
    for (let at = Math.max(0, from - 1); ; ) {
      const found = this.#nextAt(at);
      if (found === -1 || isMarker(text, found)) return found;
      at = found;
    }
  }

  /** The next line that begins like a marker, after a line break at or after `from`. */
  #nextAt(from: number): number {
    const text = this.#text;
    if (this.#dashes !== -1 && this.#dashes < from) this.#dashes = text.indexOf('\n---', from);
    if (this.#dots !== -1 && this.#dots < from) this.#dots = text.indexOf('\n...', from);
    if (this.#dashes === -1 || this.#dots === -1) return Math.max(this.#dashes, this.#dots) + 1 || -1;
    return Math.min(this.#dashes, this.#dots) + 1;
  }
}

function isMarker(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code !== dash && code !== dot) return false;
  if (text.charCodeAt(at + 1) !== code || text.charCodeAt(at + 2) !== code) return false;
  const next = text[at + 3];
  return next === undefined || next === ' ' || next === '\t' || next === '\n' || next === '\r';
}

function lineAfter(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  return newline === -1 ? text.length : newline + 1;
}

function hasContent(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at = lineAfter(text, at)) {
    if (!/^\uFEFF?[ \t]*(?:#|%|\r?\n|\r?$)/.test(text.slice(at, Math.min(to, at + 400)))) return true;
  }
  return false;
}
