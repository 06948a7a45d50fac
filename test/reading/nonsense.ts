// Asks a file for all that the verbs of reading answer, at places all over it, and lists what can't be right: a range outside
// of the file, selections that aren't nested, tokens that overlap, an alias whose definition isn't its anchor.
import { cursorAt } from '../../server/src/features/cursor.ts';
import { definition } from '../../server/src/features/definition.ts';
import { folds } from '../../server/src/features/folding.ts';
import { format } from '../../server/src/features/formatting/formatting.ts';
import { highlights } from '../../server/src/features/highlights.ts';
import { hover } from '../../server/src/features/hover.ts';
import { links } from '../../server/src/features/links.ts';
import { selections } from '../../server/src/features/selection.ts';
import { semanticTokens } from '../../server/src/features/semantic-tokens.ts';
import { type DocumentSymbol, documentSymbols } from '../../server/src/features/symbols.ts';
import { anchorsIn } from '../../server/src/syntax/anchors.ts';
import { LineIndex } from '../../server/src/syntax/lines.ts';
import { parseManifest } from '../../server/src/syntax/manifest.ts';
import type { SourceFile } from '../../server/src/workspace/document.ts';
import type { Workspace } from '../../server/src/workspace/workspace.ts';

interface Span {
  readonly start: number;
  readonly end: number;
}

/** `places` is the number of offsets that are asked for, evenly over the file. */
export function nonsenseIn(workspace: Workspace, path: string, places: number): readonly string[] {
  const file = workspace.file(path);
  if (!file) return [];
  const lines = new LineIndex(file.text);
  const checks: readonly (readonly [string, () => readonly string[]])[] = [
    ['folding', () => wrongFolds(file, lines)],
    ['tokens', () => wrongTokens(workspace, file)],
    ['links', () => wrongLinks(workspace, file)],
    ['symbols', () => wrongSymbols(documentSymbols(file), { start: 0, end: file.text.length })],
    ['modelines', () => changedModelines(workspace, file)],
    ['aliases', () => wrongAliases(workspace, file)],
    ...offsetsOf(file.text, places).map((offset) => {
      return [`at ${offset}`, () => wrongAt(workspace, file, offset)] as const;
    }),
  ];
  return checks.flatMap(([what, check]) => {
    try {
      return check().map((wrong) => `${what}: ${wrong}`);
    } catch (thrown) {
      return [`${what}: ${String(thrown)}`];
    }
  });
}

function offsetsOf(text: string, places: number): readonly number[] {
  const step = Math.max(1, Math.floor(text.length / places));
  const found: number[] = [];
  for (let at = 0; at <= text.length; at += step) found.push(at);
  return found;
}

function wrongAt(workspace: Workspace, { path, text }: SourceFile, offset: number): readonly string[] {
  const cursor = cursorAt(workspace, path, offset);
  if (!cursor) return [];
  const wrong: string[] = [];
  const selected = selections(cursor);
  selected.forEach((one, index) => {
    const outer = selected[index + 1];
    if (!isIn(one, text) || !contains(one, offset)) wrong.push(`selection ${one.start}-${one.end}`);
    if (outer && (!within(one, outer) || (one.start === outer.start && one.end === outer.end)))
      wrong.push(`selection ${one.start}-${one.end} in ${outer.start}-${outer.end}`);
  });
  const marked = highlights(cursor);
  if (marked.some((one) => !isIn(one, text)) || !isSorted(marked)) wrong.push('highlights overlap');
  if (marked.length > 0 && !marked.some((one) => contains(one, offset))) wrong.push('no highlight at the cursor');
  const shown = hover(cursor);
  // In offsets of the document.
  if (shown && (!isIn(shown, cursor.document.text) || !contains(shown, cursor.offset)))
    wrong.push(`hover of ${shown.start}-${shown.end}`);
  return wrong;
}

function wrongFolds(file: SourceFile, lines: LineIndex): readonly string[] {
  const all = folds(file, lines);
  const outside = all.filter(({ start, end }) => start < 0 || end <= start || end >= lines.lineCount);
  // What people mark as a region may begin in one map and end in another.
  const nested = all.filter(({ kind }) => kind === undefined).toSorted((a, b) => a.start - b.start || b.end - a.end);
  const open: (typeof all)[number][] = [];
  const crossing = nested.filter((one) => {
    while (open.length > 0 && open.at(-1)!.end < one.start) open.pop();
    const outer = open.at(-1);
    open.push(one);
    return outer !== undefined && one.end > outer.end;
  });
  return [...outside, ...crossing].map(({ start, end }) => `lines ${start + 1} to ${end + 1}`);
}

function wrongTokens(workspace: Workspace, { path, text }: SourceFile): readonly string[] {
  const all = semanticTokens(workspace, path);
  const wrong = all.filter((one) => !isIn(one, text) || one.start === one.end || spansLines(one, text));
  const half = { start: 0, end: Math.floor(text.length / 2) };
  const known = new Set(all.map((one) => JSON.stringify(one)));
  const part = semanticTokens(workspace, path, half);
  const missing = all.filter((one) => one.end < half.end && !part.some((other) => other.start === one.start));
  return [
    ...wrong.map(({ start, end }) => `${start}-${end}`),
    ...(isSorted(all) ? [] : ['overlap']),
    ...(part.every((one) => known.has(JSON.stringify(one))) && missing.length === 0 ? [] : ['differ in a range']),
  ];
}

function wrongLinks(workspace: Workspace, { path, text }: SourceFile): readonly string[] {
  const all = links(workspace, path);
  return all
    .filter((one) => !isIn(one, text) || one.start === one.end || spansLines(one, text))
    .map(({ start, end }) => `${start}-${end}`);
}

function wrongSymbols(symbols: readonly DocumentSymbol[], outer: Span): readonly string[] {
  return symbols.flatMap((symbol): readonly string[] => {
    const { name, start, end, nameStart, nameEnd, children } = symbol;
    const isRight = within(symbol, outer) && within({ start: nameStart, end: nameEnd }, symbol);
    return [...(isRight ? [] : [`${name} ${start}-${end}`]), ...wrongSymbols(children, symbol)];
  });
}

/** Comments that set up another language server. */
function changedModelines(workspace: Workspace, { path, text }: SourceFile): readonly string[] {
  const modelines = [...text.matchAll(/^[ \t]*# yaml-language-server:.*$/gm)];
  if (modelines.length === 0) return [];
  const edits = format(workspace, path, { step: 2 });
  return modelines.flatMap((match) => {
    const start = match.index + match[0].indexOf('#');
    const end = match.index + match[0].trimEnd().length;
    return edits.some((edit) => edit.start < end && edit.end > start) ? [match[0].trim()] : [];
  });
}

function wrongAliases(workspace: Workspace, { path, documents }: SourceFile): readonly string[] {
  return documents.flatMap(({ start, document }) =>
    anchorsIn(parseManifest(document.text)).flatMap((anchor) =>
      anchor.aliases.flatMap((alias) => {
        const cursor = cursorAt(workspace, path, start + alias.start + 1);
        const [site, ...others] = cursor ? definition(cursor) : [];
        const isThere = site?.path === path && contains(site, start + anchor.start) && others.length === 0;
        return isThere ? [] : [`*${anchor.name} at ${start + alias.start}`];
      }),
    ),
  );
}

function isIn({ start, end }: Span, text: string): boolean {
  return start >= 0 && start <= end && end <= text.length;
}

function contains({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end;
}

function within(inner: Span, outer: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

function isSorted(spans: readonly Span[]): boolean {
  return spans.every((one, index) => index === 0 || spans[index - 1]!.end <= one.start);
}

function spansLines({ start, end }: Span, text: string): boolean {
  return text.slice(start, end).includes('\n');
}
