// Conflict markers that a merge left in a text. Both sides of a conflict can't be read together, so only the first is.
import type { Finding } from './finding.ts';
import { blanked } from './recover.ts';

interface Conflict {
  /** What is left out, in UTF-16 offsets: the first marker, and the other side with its markers. */
  readonly left: readonly { readonly start: number; readonly end: number }[];
  readonly finding: Finding;
}

/** `<<<<<<< ours`, `||||||| base`, `=======`, `>>>>>>> theirs`, at the start of a line. */
const marker = /^(?:<{7}(?: .*)?|\|{7}(?: .*)?|={7}|>{7}(?: .*)?)\r?$/gm;

/** The text without conflicts, at the same offsets, and a finding for each conflict. */
export function withoutConflicts(text: string): { readonly text: string; readonly findings: readonly Finding[] } {
  const conflicts = conflictsIn(text);
  const left = conflicts.flatMap((conflict) => conflict.left);
  return {
    text: left.reduce((rest, { start, end }) => blanked(rest, start, end), text),
    findings: conflicts.map(({ finding }) => finding),
  };
}

/** From the first marker of each conflict to the end of its last. */
export function conflictSpans(text: string): readonly { readonly start: number; readonly end: number }[] {
  return conflictsIn(text).map(({ finding, left }) => ({ start: finding.start, end: left.at(-1)!.end }));
}

/** Empty for a text without a complete conflict. */
function conflictsIn(text: string): readonly Conflict[] {
  if (!text.includes('<<<<<<<') || !text.includes('>>>>>>>')) return [];
  const conflicts: Conflict[] = [];
  let begin: RegExpExecArray | undefined;
  let middle: RegExpExecArray | undefined;
  for (const found of text.matchAll(marker)) {
    const kind = found[0][0];
    if (kind === '<') [begin, middle] = [found, undefined];
    else if (kind !== '>') middle ??= begin && found;
    else if (begin && middle) {
      conflicts.push(conflictOf(begin, middle, found));
      begin = undefined;
    }
  }
  return conflicts;
}

function conflictOf(begin: RegExpExecArray, middle: RegExpExecArray, end: RegExpExecArray): Conflict {
  const message =
    'A merge conflict isn’t resolved here. Keep one of the two sides, and remove the lines <<<<<<<, ======= and >>>>>>>.';
  const finding: Finding = {
    rule: 'syntax/conflict',
    severity: 'error',
    start: begin.index,
    end: begin.index + begin[0].length,
    message,
  };
  const { start } = finding;
  const after = end.index + end[0].length;
  return {
    left: [
      { start, end: finding.end },
      { start: middle.index, end: after },
    ],
    finding,
  };
}
