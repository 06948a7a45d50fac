// Formats YAML without writing it anew: only white space changes. Comments, anchors, quotes, the styles and the text of
// scalars, the order of keys and blank lines between them stay. Of several usual styles the one that most of the file has is
// kept, so that a carefully written file hardly changes.
import type { TextEdit } from '../../syntax/finding.ts';
import { layoutOf, type Token } from '../../syntax/layout.ts';
import { type Manifest, parseManifest } from '../../syntax/manifest.ts';
import type { SourceFile } from '../../workspace/document.ts';
import type { Facts } from '../../workspace/facts.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { trim } from './blanks.ts';
import { isBlockText, lastComment } from './block-text.ts';
import { indent } from './indentation.ts';
import { applied, whiteSpaceEdits, withPatchesFormatted } from './inside.ts';
import { type LineSpan, Lines } from './lines.ts';
import { isSameDocument } from './same.ts';
import { space } from './spacing.ts';
import { type Style, styleOf } from './style.ts';

export interface FormatOptions {
  /** Columns per level of indentation. */
  readonly step: number;
  /** 0-based lines of the file, both included; of maps and lists, only those that are entirely in them move. */
  readonly span?: LineSpan;
  /** For tests: don't compare what was read before and after. */
  readonly unverified?: true;
}

/**
 * In offsets of the file and in their order. Documents stay as they are if they have syntax findings, are templates or
 * encrypted by SOPS; files that are ignored, part of a chart or the input of a generator, whose bytes matter, stay entirely.
 */
export function format(workspace: Workspace, path: string, options: FormatOptions): readonly TextEdit[] {
  const file = workspace.file(path);
  return file && isFormatted(workspace, file) ? formatFile(file, options) : [];
}

function isFormatted(workspace: Workspace, { path, documents, unread }: SourceFile): boolean {
  if (unread || workspace.ownership.isInput(path)) return false;
  return documents.every(({ document }) => {
    const role = workspace.role(path, document);
    // A template among other documents is left as it is by itself.
    return role !== 'ignored' && role !== 'data' && (role !== 'template' || document.facts.template);
  });
}

/** Formats a file whatever it is used for. */
export function formatFile({ documents }: Pick<SourceFile, 'documents'>, options: FormatOptions): readonly TextEdit[] {
  const manifests = documents.map(({ document }) => parseManifest(document.text));
  const style = styleOf(manifests.filter(isFormattable));
  const last = documents.length - 1;
  const edits: TextEdit[] = [];
  let line = 0;
  documents.forEach(({ start, document }, index) => {
    const { text } = document;
    const count = lineBreaks(text);
    const span = spanIn(options.span, line, line + count);
    line += count;
    if (span === 'outside') return;
    const manifest = manifests[index]!;
    const one = (of: Manifest) => formatDocument(of, style, options, index === last, span);
    const own =
      span || !isFormattable(manifest) ? one(manifest) : withTexts(manifest, document.facts, style, options, one);
    for (const edit of own) edits.push({ ...edit, start: start + edit.start, end: start + edit.end });
  });
  return edits;
}

/** The patches in the document first, then the document around them. */
function withTexts(
  manifest: Manifest,
  facts: Facts,
  style: Style,
  options: FormatOptions,
  format: (manifest: Manifest) => readonly TextEdit[],
): readonly TextEdit[] {
  const patched = withPatchesFormatted(manifest, facts, (inner) =>
    formatDocument(inner, style, options, false, undefined),
  );
  if (patched === manifest.text) return format(manifest);
  const edits = whiteSpaceEdits(manifest.text, applied(patched, format(parseManifest(patched))));
  return edits ?? format(manifest);
}

function isFormattable({ text, findings, template, sops }: Manifest): boolean {
  // The last are line breaks to go-yaml that no editor shows as such.
  return findings.length === 0 && !template && !sops && !/\r(?!\n)|[\x85\u2028\u2029]/.test(text);
}

/** In offsets of the document. */
function formatDocument(
  manifest: Manifest,
  style: Style,
  { step, unverified }: FormatOptions,
  isLast: boolean,
  span: LineSpan | undefined,
): readonly TextEdit[] {
  const { text, root } = manifest;
  const tokens = isFormattable(manifest) ? layoutOf(text, root) : undefined;
  if (!tokens) return [];
  const lines = new Lines(text, span && widened(new Lines(text, undefined), tokens, span));
  indent(lines, tokens, style, step);
  space(lines, tokens, style);
  trim(lines, isLast);
  const { edits } = lines;
  if (edits.length === 0 || unverified) return edits;
  // Whatever the formatter doesn't know about YAML, it never changes a document.
  return isSameDocument(manifest, parseManifest(applied(text, edits))) ? edits : [];
}

/** Lines of a file as lines of a document that begins at line `first`; undefined means all. */
function spanIn(span: LineSpan | undefined, first: number, last: number): LineSpan | undefined | 'outside' {
  if (!span) return undefined;
  if (span.last < first || span.first > last) return 'outside';
  return { first: span.first - first, last: span.last - first };
}

/** With all lines of the scalars, braces and brackets that are partly in the lines. */
function widened(lines: Lines, tokens: readonly Token[], span: LineSpan): LineSpan {
  let { first, last } = span;
  let open = 0;
  let start = 0;
  for (const token of tokens) {
    if (open === 0) start = token.start;
    if (token.type === 'open') open += 1;
    else if (token.type === 'close') open -= 1;
    if (open > 0) continue;
    const from = lines.lineAt(start);
    const to = isBlockText(token) ? lastComment(lines, token) : lines.lineAt(token.end);
    if (to < span.first || from > span.last) continue;
    first = Math.min(first, from);
    last = Math.max(last, to);
  }
  return { first, last };
}

function lineBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
