// Which lines may be the ones that slipped, for an error at some place: the line itself, the one above or below, the line
// where a quote or a bracket was opened, the lines that fell out of a block of text.
import type { Composed } from './compose.ts';
import type { Finding } from './finding.ts';
import type { LineIndex } from './lines.ts';
import type { Outline } from './outline.ts';
import type { Node } from './tree.ts';

/** Lines, 0-based and inclusive, and what to say if they are the ones that slipped. */
export interface Region {
  readonly first: number;
  readonly last: number;
  readonly finding: Finding;
  /** Another line, or much more than what slipped: a last resort. */
  readonly isWide?: true;
}

/** The most likely first. */
export function* regionsFor(error: Finding, read: Composed, lines: LineIndex, outline: Outline): Generator<Region> {
  const at = lineOf(error, lines, outline);
  const scene: Scene = { error, at, lines, outline };
  yield* opened(scene, read.root);
  yield* fallenOut(scene, read.root, true);
  yield* undashed(scene);
  // A key over several lines: after a value on the same line, it is the last of them that doesn't belong.
  const key = lines.text.slice(error.start, error.end);
  const below = next(outline, at);
  const isValue =
    /:\s+\S*$/.test(lines.text.slice(lines.lineStart(at), error.start)) || /^["']?[\w./-]+["']?:\s/.test(key);
  if (error.rule === 'syntax/indentation' && below !== undefined && isContinued(scene, read, below) && isValue)
    yield* lineAndBlock(scene, below, tooDeep(scene, below));
  // A word without a colon may be read as part of the line above it; what doesn't fit is the line below then.
  const above = outline.contentAbove(at);
  if (above !== undefined && isBare(outline.content(above))) yield* lineAndBlock(scene, above, error);
  yield* lineAndBlock(scene, at, error);
  yield* fallenOut(scene, read.root, false);
  const parent = outline.parent(at);
  for (const other of [parent, above, below])
    if (other !== undefined) for (const far of lineAndBlock(scene, other, error)) yield { ...far, isWide: true };
  // Everything from the error to the end of ever larger maps around it.
  for (const outer of outline.around(at)) yield { ...region(at, endOf(outline, outer), error), isWide: true };
  yield { ...region(at, lines.lineCount - 1, error), isWide: true };
}

interface Scene {
  readonly error: Finding;
  readonly at: number;
  readonly lines: LineIndex;
  readonly outline: Outline;
}

function region(first: number, last: number, finding: Finding): Region {
  return { first, last: Math.max(first, last), finding };
}

/** An error at the end of a line's text may be about a place on the line after it. */
function lineOf({ start }: Finding, lines: LineIndex, outline: Outline): number {
  const { line } = lines.positionAt(start);
  return outline.isContent(line) ? line : (outline.contentAbove(line) ?? line);
}

/** A line with a value is left out alone first, one that others are nested in with them. */
function* lineAndBlock(scene: Scene, line: number, error: Finding): Generator<Region> {
  const { outline, lines } = scene;
  const finding = isBare(outline.content(line)) ? colonless(lines, outline, line) : placed(error, lines, outline, line);
  const alone = region(line, line, finding);
  const block = region(line, endOf(outline, line), finding);
  const isWhole = /: +\S/.test(outline.content(line)) && !outline.isDash(line);
  yield* isWhole ? [alone, block] : [block, alone];
}

/** A key whose colon, or the space after it, is missing. */
function isBare(line: string): boolean {
  return /^(?:- +)*[\w./-]+(?::[^\s:/][^\s]*)?(?:\s+#.*)?$/.test(line);
}

function colonless(lines: LineIndex, outline: Outline, line: number): Finding {
  const [, dashes = '', key = '', behind] = /^((?:- +)*)([\w./-]+)(:?)/.exec(outline.content(line)) ?? [];
  const start = lines.lineStart(line) + outline.column(line) + dashes.length;
  if (behind !== ':') return colonMissing(key, start);
  const message = `A space is missing after the colon of “${key}”. Add it.`;
  return { rule: 'syntax/missing-colon', severity: 'error', start, end: start + key.length, message };
}

export function colonMissing(key: string, start: number): Finding {
  const message = `“${key}” has no colon and no value. Write “${key}: …”, or indent the line if it belongs to the value above.`;
  return { rule: 'syntax/missing-colon', severity: 'error', start, end: start + key.length, message };
}

/** The error, at a line that slipped. */
function placed(error: Finding, lines: LineIndex, outline: Outline, line: number): Finding {
  const { start, end } = spanOf(lines, outline, line);
  return start <= error.start && error.start <= end ? error : { ...error, start, end };
}

/** The last line that is nested in a line. */
function endOf(outline: Outline, line: number): number {
  let last = line;
  for (let below = line + 1; below < outline.count; below += 1) {
    if (!outline.isContent(below)) continue;
    if (outline.column(below) <= outline.column(line) && outline.parent(below) !== line) break;
    last = below;
  }
  return last;
}

function next(outline: Outline, line: number): number | undefined {
  for (let below = line + 1; below < outline.count; below += 1) if (outline.isContent(below)) return below;
  return undefined;
}

/** Whether what is read at the error extends to the line below. */
function isContinued({ error, lines }: Scene, { root }: Composed, below: number): boolean {
  let end = error.end;
  for (const node of nodesOf(root)) if (node.start === error.start) end = Math.max(end, node.end);
  return (
    lines.positionAt(Math.max(error.start, end)).line >= below || lines.text.slice(error.start, error.end).length > 0
  );
}

function tooDeep({ lines, outline }: Scene, line: number): Finding {
  return {
    rule: 'syntax/indentation',
    severity: 'error',
    ...spanOf(lines, outline, line),
    message:
      'This line is indented more than the one above, which has its value already. Align it with the keys around it.',
  };
}

function spanOf(lines: LineIndex, outline: Outline, line: number): { readonly start: number; readonly end: number } {
  const start = lines.lineStart(line) + Math.max(0, outline.column(line));
  return {
    start,
    end: lines.lineStart(line) + lines.text.slice(lines.lineStart(line), lines.lineEnd(line)).trimEnd().length,
  };
}

/** A quote or bracket that was opened on a line above and closed at the error or below, or never. */
function* opened(scene: Scene, root: Node | undefined): Generator<Region> {
  const { error, at, lines, outline } = scene;
  const around = nodesOf(root).filter((node) => {
    const isOpening =
      node.type === 'scalar' ? /^(?:single|double)$/.test(node.style) : node.type !== 'alias' && node.flow;
    if (!isOpening || node.start > error.end) return false;
    const [from, to] = [lines.positionAt(node.start).line, lines.positionAt(node.end).line];
    return from < to && from <= at && at <= to + 1;
  });
  // The outermost is where the text was valid last.
  for (const node of around) {
    const line = lines.positionAt(node.start).line;
    const open = lines.text[node.start]!;
    const finding: Finding = {
      rule: 'syntax/unclosed',
      severity: 'error',
      start: node.start,
      end: node.type === 'scalar' ? spanOf(lines, outline, line).end : node.start + 1,
      message: closers[open]
        ? `This “${open}” is never closed. Add “${closers[open]}”.`
        : `This quote is never closed. Add ${open} where its text ends.`,
    };
    const [alone, block] = [region(line, line, finding), region(line, endOf(outline, line), finding)];
    // Words that are left without their bracket would be read as more of the value above it, and commas as part of values.
    const isBracketed = node.type !== 'scalar' && isCommaBelow(outline, line);
    yield* isBracketed || isWordBelow(outline, line) ? [block, alone] : [alone, block];
  }
}

/** Whether the next line is nested in a line, and neither a key nor an item. */
function isWordBelow(outline: Outline, line: number): boolean {
  const below = next(outline, line);
  if (below === undefined || outline.column(below) <= outline.column(line)) return false;
  return !/^(?:- |["']?[\w./-]+["']?:(?: |$))/.test(outline.content(below));
}

/** Whether the next line is nested in a line and ends as a part of a list or map in brackets. */
function isCommaBelow(outline: Outline, line: number): boolean {
  const below = next(outline, line);
  return (
    below !== undefined && outline.column(below) > outline.column(line) && /,(?: +#.*)? *$/.test(outline.content(below))
  );
}

const closers: Readonly<Record<string, string>> = { '[': ']', '{': '}' };

/**
 * Lines below a block of text that are indented less than it, up to one that is a key of a map around it. `directly`
 * below, the error is at the first of them; otherwise they are read as keys, and the error is where the text goes on.
 */
function* fallenOut(scene: Scene, root: Node | undefined, directly: boolean): Generator<Region> {
  const { at, lines, outline } = scene;
  const block = nodesOf(root).findLast(
    (node) =>
      node.type === 'scalar' &&
      (node.style === 'literal' || node.style === 'folded') &&
      lines.positionAt(node.end).line < at,
  );
  if (!block) return;
  const between = contentBetween(outline, lines.positionAt(block.end).line, at);
  const on = goingOn(outline, lines.positionAt(block.end).line);
  if (directly ? between > 0 : between === 0 || on === undefined || at > on) return;
  const key = lines.positionAt(block.start).line;
  const first = next(outline, lines.positionAt(block.end).line) ?? at;
  const finding: Finding = {
    rule: 'syntax/indentation',
    severity: 'error',
    ...spanOf(lines, outline, first),
    message: `This line is indented less than the text of ${named(outline.content(key))}, so it isn’t part of it. Indent it like the lines of that text.`,
  };
  const columns = new Set(
    [key, ...outline.around(key)].flatMap((line) => [outline.column(line), outline.keyColumn(line)]),
  );
  let stops = 0;
  for (let line = Math.max(first + 1, at, directly ? 0 : on!); line <= outline.count && stops < 4; line += 1) {
    const isKey =
      line === outline.count ||
      (columns.has(outline.column(line)) && /^(?:- |[\w./-]+:(?: |$))/.test(outline.content(line)));
    if (!isKey) continue;
    stops += 1;
    yield region(first, line - 1, finding);
  }
}

/** Where the text goes on below lines that fell out of it: indented as the text and more than a line with a value above. */
function goingOn(outline: Outline, end: number): number | undefined {
  let above = end;
  for (let line = end + 1, count = 0; line < outline.count && count <= mostFallen; line += 1) {
    if (!outline.isContent(line)) continue;
    if (outline.column(line) >= outline.column(end)) {
      const opens = outline.isOpen(above) && /^(?:- +)*[\w./-]*:?/.exec(outline.content(above))![0].endsWith(':');
      return above === end || opens ? undefined : line;
    }
    above = line;
    count += 1;
  }
  return undefined;
}

const mostFallen = 20;

function named(line: string): string {
  const key = /^(?:- +)*([^\s:]+):/.exec(line)?.[1];
  return key === undefined ? 'the list item above' : `“${key}”`;
}

function contentBetween(outline: Outline, from: number, to: number): number {
  let between = 0;
  for (let line = from + 1; line < to; line += 1) if (outline.isContent(line)) between += 1;
  return between;
}

/** An item whose dash is missing, above an item that has one. */
function* undashed(scene: Scene): Generator<Region> {
  const { at, lines, outline } = scene;
  if (!outline.isDash(at)) return;
  let first: number | undefined;
  for (
    let line = at - 1;
    line >= 0 && (!outline.isContent(line) || outline.column(line) > outline.column(at));
    line -= 1
  )
    if (outline.isContent(line)) first = line;
  if (first === undefined) return;
  const finding: Finding = {
    rule: 'syntax/missing-dash',
    severity: 'error',
    ...spanOf(lines, outline, first),
    message: 'This list item has no dash. Put “- ” before it, or indent it to make it part of the item above.',
  };
  yield region(first, at - 1, finding);
}

/** In text order, outer nodes before inner ones. */
function nodesOf(root: Node | undefined): readonly Node[] {
  const nodes: Node[] = [];
  const pending: Node[] = root ? [root] : [];
  for (let node = pending.pop(); node; node = pending.pop()) {
    nodes.push(node);
    if (node.type === 'seq') pending.push(...node.items.toReversed());
    else if (node.type === 'map') for (const { key, value } of node.entries.toReversed()) pending.push(value, key);
  }
  return nodes;
}
