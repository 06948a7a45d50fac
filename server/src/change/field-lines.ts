// The lines of a changed field, as in a diff: `-` and `+` before what goes and comes.
import { shortened } from './images.ts';
import type { ReportedField } from './report.ts';
import { commonPairs } from './sequence.ts';
import type { Shown } from './shown.ts';

/** `mark` is empty for a line that has both values. */
export interface FieldLine {
  readonly mark: '' | '-' | '+';
  readonly text: string;
}

export function fieldLines({ field, was, now, isHidden, isReordered }: ReportedField): readonly FieldLine[] {
  if (isReordered) return [{ mark: '', text: `${field}: in another order` }];
  if (isHidden) {
    const what = was === undefined ? 'added' : now === undefined ? 'removed' : 'changed';
    return [{ mark: was === undefined ? '+' : now === undefined ? '-' : '', text: `${field}: ${what} (hidden)` }];
  }
  if (was === undefined) return [{ mark: '+', text: `${field}: ${value(now)}` }];
  if (now === undefined) return [{ mark: '-', text: `${field}: ${value(was)}` }];
  if (isText(was) && isText(now)) return [{ mark: '', text: `${field}:` }, ...textLines(was, now)];
  const [before, after] =
    typeof was === 'string' && typeof now === 'string' ? apart(shortened(was), shortened(now)) : [was, now];
  return [{ mark: '', text: `${field}: ${value(before)} → ${value(after)}` }];
}

/** Without most of what two long texts begin and end with, so that their difference isn't cut. */
function apart(was: string, now: string): readonly [string, string] {
  const shorter = Math.min(was.length, now.length);
  if (Math.max(was.length, now.length) < longestValue / 2) return [was, now];
  let start = 0;
  while (start < shorter && was[start] === now[start]) start += 1;
  let end = 0;
  while (end < shorter - start && was.at(-1 - end) === now.at(-1 - end)) end += 1;
  const [from, to] = [start - kept, end - kept];
  const middle = (text: string) =>
    `${from > 1 ? `…${text.slice(from)}` : text}`.slice(0, to > 1 ? -to : undefined) + (to > 1 ? '…' : '');
  return [middle(was), middle(now)];
}

/** Characters before and after a difference. */
const kept = 16;

function isText(shown: Shown): shown is string {
  return typeof shown === 'string' && shown.includes('\n');
}

/** Only the lines that differ, with a gap between those that don't follow each other. */
function textLines(was: string, now: string): readonly FieldLine[] {
  const [old, current] = [was.split('\n'), now.split('\n')];
  const lines: FieldLine[] = [];
  let [i, j] = [0, 0];
  for (const [nextI, nextJ] of [...commonPairs(old, current), [old.length, current.length] as const]) {
    if ((i < nextI || j < nextJ) && lines.length > 0) lines.push({ mark: '', text: '  …' });
    for (; i < nextI; i += 1) lines.push({ mark: '-', text: `  ${cut(old[i]!)}` });
    for (; j < nextJ; j += 1) lines.push({ mark: '+', text: `  ${cut(current[j]!)}` });
    i += 1;
    j += 1;
  }
  const more = lines.length - mostLines;
  return more <= 0 ? lines : [...lines.slice(0, mostLines), { mark: '', text: `  and ${more} more lines` }];
}

const mostLines = 40;

function value(shown: Shown | undefined): string {
  if (typeof shown === 'string') return cut(shortened(shown === '' ? '""' : shown.replaceAll('\n', '⏎')));
  return cut(shortened(JSON.stringify(shown, (_key, one) => (typeof one === 'bigint' ? Number(one) : one)) ?? ''));
}

const longestValue = 160;

function cut(text: string): string {
  return text.length > longestValue ? `${text.slice(0, longestValue - 1)}…` : text;
}
