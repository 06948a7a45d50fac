// The lines that differ between two texts, as the body of a unified diff.

/** Lines with `-`, `+` or a space before them, in hunks with a header; empty if the texts are equal. */
export function lineChanges(before: string, after: string, context = 2): readonly string[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  const steps = stepsOf(a, b);
  const shown = new Set<number>();
  for (const [at, step] of steps.entries()) {
    if (step.sign === ' ') continue;
    for (let near = at - context; near <= at + context; near += 1) shown.add(near);
  }
  const lines: string[] = [];
  let hunk: Step[] = [];
  const flush = () => {
    if (hunk.length > 0) lines.push(headerOf(hunk), ...hunk.map(({ sign, text }) => `${sign}${text}`));
    hunk = [];
  };
  for (const [at, step] of steps.entries()) {
    if (shown.has(at)) hunk.push(step);
    else flush();
  }
  flush();
  return lines;
}

interface Step {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
  /** 0-based lines in both texts. */
  readonly before: number;
  readonly after: number;
}

function headerOf(hunk: readonly Step[]): string {
  const count = (sign: Step['sign']) => hunk.filter((one) => one.sign === ' ' || one.sign === sign).length;
  return `@@ -${hunk[0]!.before + 1},${count('-')} +${hunk[0]!.after + 1},${count('+')} @@`;
}

/** The table of the search has this many cells at most; a longer part is shown as replaced whole. */
const largestTable = 4_000_000;

function stepsOf(a: readonly string[], b: readonly string[]): readonly Step[] {
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start += 1;
  let tail = 0;
  while (tail < Math.min(a.length, b.length) - start && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const [endA, endB] = [a.length - tail, b.length - tail];
  const steps: Step[] = [];
  for (let at = 0; at < start; at += 1) steps.push({ sign: ' ', text: a[at]!, before: at, after: at });
  const width = endB - start + 1;
  const isSmall = (endA - start + 1) * width <= largestTable;
  const common = isSmall ? commonLengths(a.slice(start, endA), b.slice(start, endB)) : undefined;
  let [at, to] = [start, start];
  while (at < endA || to < endB) {
    const same = at < endA && to < endB && a[at] === b[to] && common !== undefined;
    if (same) steps.push({ sign: ' ', text: a[at]!, before: at++, after: to++ });
    else if (at < endA && (to >= endB || !common || isBetter(common, width, at - start, to - start)))
      steps.push({ sign: '-', text: a[at]!, before: at++, after: to });
    else steps.push({ sign: '+', text: b[to]!, before: at, after: to++ });
  }
  for (; at < a.length; at += 1, to += 1) steps.push({ sign: ' ', text: a[at]!, before: at, after: to });
  return steps;
}

function isBetter(common: Uint32Array, width: number, at: number, to: number): boolean {
  return common[(at + 1) * width + to]! >= common[at * width + to + 1]!;
}

/** The lengths of the longest common subsequences of the ends of both, row by row. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint32Array {
  const width = b.length + 1;
  const table = new Uint32Array((a.length + 1) * width);
  for (let at = a.length - 1; at >= 0; at -= 1) {
    for (let to = b.length - 1; to >= 0; to -= 1) {
      const cell = at * width + to;
      table[cell] = a[at] === b[to] ? table[cell + width + 1]! + 1 : Math.max(table[cell + width]!, table[cell + 1]!);
    }
  }
  return table;
}
