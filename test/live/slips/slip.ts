// One slip of the hand in the text of a manifest: a line that falls out of its text, a quote that is never closed, a tab.
// Each returns the text with the slip and the line where it is, or undefined where the text has no place for it.
import type { Manifest } from '../../../server/src/syntax/manifest.ts';
import type { Node, ScalarNode } from '../../../server/src/syntax/tree.ts';
import type { Random } from '../verdict/random.ts';

export interface Slipped {
  readonly text: string;
  /** 0-based; where several lines slipped, the first and the last. */
  readonly first: number;
  readonly last: number;
}

type Slip = (manifest: Manifest, random: Random) => Slipped | undefined;

export const slips: Readonly<Record<string, Slip>> = {
  'a line falls out of a block of text': (manifest, random) => fallenOut(manifest, random, 1),
  'several lines fall out of a block of text': (manifest, random) => fallenOut(manifest, random, 2 + random.below(8)),
  'a key is indented too much': (manifest, random) =>
    onLine(manifest, random, /^ *[\w.-]+:/, (line, at, lines) =>
      isBelowScalar(lines, at) ? `${' '.repeat(1 + random.below(4))}${line}` : undefined,
    ),
  'a key with its block is indented too much': overIndentedBlock,
  'a key is indented too little': (manifest, random) =>
    onLine(manifest, random, /^ {2,}[\w.-]+: \S/, (line) => line.slice(1)),
  'a quote is not closed': (manifest, random) =>
    onLine(manifest, random, /["']\s*$/, (line) => line.trimEnd().slice(0, -1)),
  'a quote is not opened': (manifest, random) =>
    onLine(manifest, random, /: ["']/, (line) => line.replace(/: ["']/, ': ')),
  'a bracket is not closed': (manifest, random) =>
    onLine(manifest, random, /[\]}]\s*$/, (line) => line.trimEnd().slice(0, -1)),
  'a tab indents a line': (manifest, random) =>
    onLine(manifest, random, /^ {2,}\S/, (line) =>
      line.replace(/^ +/, (all) => '\t'.repeat(Math.ceil(all.length / 2))),
    ),
  'a colon is missing': (manifest, random) =>
    onLine(manifest, random, /^ *[\w./-]+:(?: |$)/, (line) => line.replace(':', '')),
  'the space after a colon is missing': (manifest, random) =>
    onLine(manifest, random, /^ *[\w.-]+: \S/, (line) => line.replace(': ', ':')),
  'a dash is missing': (manifest, random) => onLine(manifest, random, /^ *- \S/, (line) => line.replace('- ', '  ')),
  'a merge left conflict markers': conflict,
};

function linesOf({ text }: Manifest): string[] {
  return text.split('\n');
}

/** Changes a random line that matches, outside of blocks of text. */
function onLine(
  manifest: Manifest,
  random: Random,
  where: RegExp,
  change: (line: string, at: number, lines: readonly string[]) => string | undefined,
): Slipped | undefined {
  const lines = linesOf(manifest);
  const inText = textLines(manifest);
  const fitting = lines.flatMap((line, at) => (where.test(line) && !inText.has(at) ? [at] : []));
  if (fitting.length === 0) return undefined;
  const at = random.pick(fitting);
  const changed = change(lines[at]!, at, lines);
  if (changed === undefined || changed === lines[at]) return undefined;
  return { text: lines.toSpliced(at, 1, changed).join('\n'), first: at, last: at };
}

/** The key above is in the same column and has its value on its line. */
function isBelowScalar(lines: readonly string[], at: number): boolean {
  const column = columnOf(lines[at]!);
  const above = lines[at - 1] ?? '';
  return columnOf(above) === column && /^ *[\w.-]+: [^|>&\s]/.test(above);
}

function overIndentedBlock(manifest: Manifest, random: Random): Slipped | undefined {
  const lines = linesOf(manifest);
  const inText = textLines(manifest);
  const fitting = lines.flatMap((line, at) =>
    /^ *[\w.-]+:\s*$/.test(line) && !inText.has(at) && isBelowScalar(lines, at) ? [at] : [],
  );
  if (fitting.length === 0) return undefined;
  const at = random.pick(fitting);
  const end = lines.findIndex(
    (line, index) => index > at && line.trim() !== '' && columnOf(line) <= columnOf(lines[at]!),
  );
  const last = (end === -1 ? lines.length : end) - 1;
  const moved = lines.map((line, index) => (index >= at && index <= last && line !== '' ? `  ${line}` : line));
  return { text: moved.join('\n'), first: at, last };
}

function fallenOut(manifest: Manifest, random: Random, count: number): Slipped | undefined {
  const lines = linesOf(manifest);
  const blocks = blocksOf(manifest.root).map(({ start, end }) => spanOf(manifest.text, start, end));
  const fitting = blocks.filter(({ first, last }) => last - first > count + 1);
  if (fitting.length === 0) return undefined;
  const { first, last } = random.pick(fitting);
  // The first line of the text decides its indentation.
  const from = first + 2 + random.below(last - first - count);
  const to = Math.min(last, from + count - 1);
  const width = columnOf(lines[first]!);
  const column = random.below(width + 1);
  const moved = lines.map((line, at) =>
    at >= from && at <= to && line.trim() !== '' ? ' '.repeat(column) + line.trimStart() : line,
  );
  if (lines.slice(from, to + 1).every((line) => line.trim() === '')) return undefined;
  const marked = lines.findIndex((line, at) => at >= from && line.trim() !== '');
  return { text: moved.join('\n'), first: marked, last: to };
}

function conflict(manifest: Manifest, random: Random): Slipped | undefined {
  const lines = linesOf(manifest);
  const at = random.below(lines.length - 1);
  const count = Math.min(1 + random.below(5), lines.length - 1 - at);
  const mine = lines.slice(at, at + count);
  const theirs = mine.map((line) => line.replace(/\w+$/, 'other'));
  const put = ['<<<<<<< HEAD', ...mine, '=======', ...theirs, '>>>>>>> feature'];
  return { text: lines.toSpliced(at, count, ...put).join('\n'), first: at, last: at };
}

function columnOf(line: string): number {
  return /^ */.exec(line)![0].length;
}

function spanOf(text: string, start: number, end: number): { readonly first: number; readonly last: number } {
  const lineOf = (offset: number) => text.slice(0, offset).split('\n').length - 1;
  return { first: lineOf(start), last: lineOf(end) };
}

function textLines(manifest: Manifest): ReadonlySet<number> {
  const lines = new Set<number>();
  for (const { start, end } of blocksOf(manifest.root)) {
    const { first, last } = spanOf(manifest.text, start, end);
    for (let line = first + 1; line <= last; line += 1) lines.add(line);
  }
  return lines;
}

function blocksOf(node: Node | undefined): readonly ScalarNode[] {
  switch (node?.type) {
    case 'scalar':
      return node.style === 'literal' || node.style === 'folded' ? [node] : [];
    case 'seq':
      return node.items.flatMap(blocksOf);
    case 'map':
      return node.entries.flatMap(({ value }) => blocksOf(value));
    default:
      return [];
  }
}
