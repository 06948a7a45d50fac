// Prints a report as text: the entries with their fields, and a summary line.

import { fieldLines } from '../../change/field-lines.ts';
import { groupsOf } from '../../change/groups.ts';
import { type Entry, entryKinds, type Report, type ReportedGap } from '../../change/report.ts';
import {
  clustersWords,
  comingsOf,
  detailsOf,
  gapWords,
  headings,
  idOf,
  summaryOf,
  versionWords,
  whereOf,
  withoutNewTargets,
} from '../../change/words.ts';
import { forOneLine } from '../../syntax/shown.ts';

export function asText(report: Report, against: string): string {
  const { gaps } = report;
  const { entries, images } = withoutNewTargets(report);
  const comings = comingsOf(report);
  if (entries.length + gaps.length + comings.length === 0) return `no changes against ${against}\n`;
  const parts = comings.length > 0 ? [`Came and went\n${comings.map((one) => `  ${forOneLine(one)}\n`).join('')}`] : [];
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
  const lines = group.map((entry) => `  ${idOf(entry)}  (${whereOf(entry)}${byWords(entry)})`);
  for (const words of detailsOf(first!)) lines.push(`    ${words}`);
  const { fields } = first!;
  for (const field of fields.slice(0, mostFields))
    for (const { mark, text } of fieldLines(field)) lines.push(`  ${mark || ' '} ${text}`);
  if (fields.length > mostFields) lines.push(`    and ${fields.length - mostFields} more fields`);
  return lines.map((line) => `${forOneLine(line)}\n`).join('');
}

const mostFields = 40;

function byWords({ by, wasBy, suspended }: Entry): string {
  if (by === undefined) return '';
  const who = wasBy === undefined ? by : `${wasBy} → ${by}`;
  return `; ${who}${suspended ? ', suspended' : ''}`;
}

function gapText(gap: ReportedGap): string {
  return `  ${forOneLine(gap.applier)}  (${clustersWords(gap.targets)})\n    ${forOneLine(gapWords(gap))}\n`;
}
