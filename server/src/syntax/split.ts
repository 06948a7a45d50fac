// Cuts a file into the texts of its YAML documents without parsing it. A marker line at column 0 ends a document even
// inside a block scalar (YAML 1.2, 9.1.2), so cutting by line is exact; the texts joined are the file again.

/** The text of one document, from its `---` (or the directives and comments before it) up to the next. */
export interface Segment {
  /** UTF-16 offset in the file. */
  readonly start: number;
  readonly text: string;
}

/** At least one segment, also for an empty file; later segments are never empty texts. */
export function splitDocuments(text: string): readonly Segment[] {
  const segments: Segment[] = [];
  let start = 0;
  // Whether anything but blank lines, comments and directives stands between `start` and here.
  let begun = false;
  let seen = 0;
  for (let marker = nextMarker(text, 0); marker !== -1; marker = nextMarker(text, marker + 3)) {
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

/** Offset of the next line at or after `from` that is a `---` or `...` marker. */
function nextMarker(text: string, from: number): number {
  for (let at = from === 0 ? 0 : lineAfter(text, from); at !== -1 && at < text.length; ) {
    const first = at === 0 && text.charCodeAt(0) === 0xfeff ? 1 : at;
    if (isMarker(text, first)) return first;
    const dashes = text.indexOf('\n---', at);
    const dots = text.indexOf('\n...', at);
    if (dashes === -1 && dots === -1) return -1;
    at = (dashes === -1 || (dots !== -1 && dots < dashes) ? dots : dashes) + 1;
  }
  return -1;
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
