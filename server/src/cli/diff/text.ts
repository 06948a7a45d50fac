// Prints a report as text: the entries with their fields, and a summary line.
import { groupsOf } from '../../change/groups.ts';
import { shortened } from '../../change/images.ts';
import { type Entry, entryKinds, type Report, type ReportedField, type ReportedGap } from '../../change/report.ts';
import type { Shown } from '../../change/shown.ts';
import { forOneLine } from '../../syntax/shown.ts';
import { clustersWords, detailsOf, gapWords, headings, idOf, summaryOf, versionWords } from './words.ts';

export function asText(report: Report, against: string): string {
  const { entries, images, gaps } = report;
  if (entries.length === 0 && gaps.length === 0) return `no changes against ${against}\n`;
  const parts: string[] = [];
  for (const is of entryKinds) {
    const own = entries.filter((entry) => entry.is === is);
    if (is === 'changed' && images.length > 0) {
      const lines = images.map(
        ({ image, was, now, targets }) => `  ${image}  ${versionWords(was, now)}  (${clustersWords(targets)})`,
      );
      parts.push(`Images\n${lines.map((line) => `${forOneLine(line)}\n`).join('')}`);
    }
    if (own.length > 0) parts.push(`${headings[is]}\n${groupsOf(own).map(groupText).join('')}`);
  }
  if (gaps.length > 0) parts.push(`Not compared\n${gaps.map(gapText).join('')}`);
  return `${parts.join('\n')}\n${summaryOf(report)} against ${against}\n`;
}

function groupText(group: readonly Entry[]): string {
  const [first] = group;
  const lines = group.map((entry) => `  ${idOf(entry)}  (${clustersWords(entry.targets)}${byWords(entry)})`);
  for (const words of detailsOf(first!)) lines.push(`    ${words}`);
  const { fields } = first!;
  for (const field of fields.slice(0, mostFields)) lines.push(...fieldLines(field));
  if (fields.length > mostFields) lines.push(`    and ${fields.length - mostFields} more fields`);
  return lines.map((line) => `${forOneLine(line)}\n`).join('');
}

const mostFields = 40;

function byWords({ by, wasBy, suspended }: Entry): string {
  if (by === undefined) return '';
  const who = wasBy === undefined ? by : `${wasBy} → ${by}`;
  return `; ${who}${suspended ? ', suspended' : ''}`;
}

function fieldLines({ field, was, now, isHidden, isReordered }: ReportedField): readonly string[] {
  if (isReordered) return [`    ${field}: in another order`];
  if (isHidden)
    return [`    ${field}: ${was === undefined ? 'added' : now === undefined ? 'removed' : 'changed'} (hidden)`];
  if (was === undefined) return [`  + ${field}: ${value(now)}`];
  if (now === undefined) return [`  - ${field}: ${value(was)}`];
  if (isText(was) && isText(now)) return [`    ${field}:`, ...textLines(was, now)];
  return [`    ${field}: ${value(was)} → ${value(now)}`];
}

function isText(shown: Shown): shown is string {
  return typeof shown === 'string' && shown.includes('\n');
}

/** The lines between those that both texts begin and end with. */
function textLines(was: string, now: string): readonly string[] {
  const [old, current] = [was.split('\n'), now.split('\n')];
  let start = 0;
  while (start < Math.min(old.length, current.length) && old[start] === current[start]) start += 1;
  let end = 0;
  while (end < Math.min(old.length, current.length) - start && old.at(-1 - end) === current.at(-1 - end)) end += 1;
  const lines = (all: readonly string[], mark: string) =>
    all.slice(start, all.length - end).map((line) => `      ${mark} ${cut(line)}`);
  const changed = [...lines(old, '-'), ...lines(current, '+')];
  return changed.length <= mostLines
    ? changed
    : [...changed.slice(0, mostLines), `      and ${changed.length - mostLines} more lines`];
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

function gapText(gap: ReportedGap): string {
  return `  ${forOneLine(gap.applier)}  (${clustersWords(gap.targets)})\n    ${forOneLine(gapWords(gap))}\n`;
}
