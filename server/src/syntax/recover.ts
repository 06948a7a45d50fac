// Finds what remains of a text that isn't valid YAML: the lines that slipped, one finding for each, and the tree without
// them. A parser reports a slip where it can't read on, and reports again for much that follows. Here lines are left out
// until the rest can be read; the fewest that achieve it are what slipped.
import { type Composed, composeBroken } from './compose.ts';
import type { Finding, RuleId } from './finding.ts';
import { checkKeys } from './keys.ts';
import { LineIndex } from './lines.ts';
import { Outline } from './outline.ts';
import { type Region, regionsFor } from './regions.ts';

export interface Recovered {
  /** The tree of the other lines; offsets are those of the text. Undefined if too much is wrong. */
  readonly rest: Composed | undefined;
  /** One for each slip. */
  readonly findings: readonly Finding[];
  /** The lines that were left out and the lines around each: what is in their maps is unknown. */
  readonly gaps: readonly Gap[];
}

export interface Gap {
  /** Offsets of the keys and items that the lines may belong to. */
  readonly around: readonly number[];
}

/** After these the tree doesn't reflect the text. */
const structural: ReadonlySet<RuleId> = new Set([
  'syntax/unexpected',
  'syntax/unclosed',
  'syntax/indentation',
  'syntax/missing-colon',
  'syntax/missing-dash',
  'syntax/missing-comma',
  'syntax/nested-map',
  'syntax/tab',
  'syntax/invalid',
  'syntax/too-deep',
]);

/** Each attempt parses the text again: at most this many UTF-16 units are parsed, so that typing isn't delayed. */
const budget = 150_000;
/** Independent slips in one document. */
const most = 8;

/** `composed` is that of the text, with errors. */
export function recover(text: string, composed: Composed): Recovered {
  let masked = text;
  let read = composed;
  let left = budget - text.length;
  const findings: Finding[] = [];
  const gaps: Gap[] = [];
  let before = 0;
  for (;;) {
    const error = firstError(read);
    if (!error) return { rest: read, findings, gaps };
    if (left < 2 * text.length) return { rest: undefined, findings: [...findings, error], gaps };
    const lines = new LineIndex(masked);
    const outline = new Outline(lines);
    let best: Attempt | undefined;
    for (const region of regionsFor(error, read, lines, outline)) {
      if (best && (left < text.length || (region.isWide && best.until > lines.lineEnd(best.region.last)))) break;
      left -= text.length;
      const attempt = attempted(masked, lines, region, othersIn(read, masked));
      const isBetter = !best || attempt.until > best.until;
      if (isBetter || (attempt.until === best?.until && attempt.others < best.others)) best = attempt;
      if (best?.until === Number.POSITIVE_INFINITY && best.others === 0) break;
    }
    const isSame = best !== undefined && gaps.length > 0 && follows(before, best.region, lines, outline);
    if (!isSame) findings.push(best?.region.finding ?? error);
    if (!best || findings.length > most) return { rest: undefined, findings, gaps };
    gaps.push(gapOf(best.region, lines, outline));
    before = lines.lineEnd(best.region.last);
    ({ masked, read } = best);
  }
}

interface Attempt {
  readonly region: Region;
  readonly masked: string;
  readonly read: Composed;
  /** Offset of the next error; infinite if there is none. */
  readonly until: number;
  /** Repeated keys, and new errors of other kinds: lines that lost their own item repeat the keys of another, text without its header has invalid words. */
  readonly others: number;
}

function attempted(text: string, lines: LineIndex, region: Region, known: number): Attempt {
  const masked = blanked(text, lines.lineStart(region.first), lines.lineEnd(region.last));
  const read = composeBroken(masked);
  const until = firstError(read)?.start ?? Number.POSITIVE_INFINITY;
  const repeated = checkKeys(read, masked).filter(({ severity }) => severity === 'error');
  return { region, masked, read, until, others: repeated.length + Math.max(0, othersIn(read, masked) - known) };
}

function othersIn(read: Composed, text: string): number {
  return unresolved(read, text).filter(({ severity, rule }) => severity === 'error' && !structural.has(rule)).length;
}

/** Errors of another kind; aliases of anchors in lines that were left out are none. */
export function unresolved({ findings }: Composed, text: string): readonly Finding[] {
  return findings.filter(({ rule, start, end }) => {
    if (rule === 'syntax/ignored') return false;
    return rule !== 'syntax/unknown-alias' || !text.includes(`&${text.slice(start + 1, end)}`);
  });
}

function firstError({ findings }: Composed): Finding | undefined {
  const errors = findings.filter(({ rule, severity }) => severity === 'error' && structural.has(rule));
  return errors.reduce<Finding | undefined>(
    (first, one) => (first && first.start <= one.start ? first : one),
    undefined,
  );
}

/** Blank lines of the same length: line breaks are the only space that means nothing, not even in a block of text. */
export function blanked(text: string, start: number, end: number): string {
  return text.slice(0, start) + '\n'.repeat(end - start) + text.slice(end);
}

/** Whether a region begins where the one before ended: both are of the same slip. */
function follows(end: number, { first }: Region, lines: LineIndex, outline: Outline): boolean {
  if (lines.lineStart(first) <= end) return true;
  for (let line = lines.positionAt(end).line; line < first; line += 1) if (outline.isContent(line)) return false;
  return true;
}

function gapOf({ first }: Region, lines: LineIndex, outline: Outline): Gap {
  const above = outline.contentAbove(first);
  // A line that isn't deeper continues no value, but may continue the maps that the line above is in.
  const isDeeper =
    above !== undefined &&
    (outline.column(first) > outline.keyColumn(above) || lines.text[lines.lineStart(first)] === '\t');
  const near =
    above === undefined ? [] : [...(isDeeper || outline.isOpen(above) ? [above] : []), ...outline.around(above)];
  const around = [...outline.around(first), ...near];
  return { around: [...new Set(around)].map((line) => lines.lineStart(line) + outline.keyColumn(line)) };
}
