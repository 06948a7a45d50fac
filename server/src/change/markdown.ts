// Prints a report as Markdown: a comment for a pull request, which is bounded in size.

import { blockInMarkdown, codeInMarkdown, nameInMarkdown, wordsInMarkdown } from '../syntax/shown.ts';
import { fieldLines } from './field-lines.ts';
import { groupsOf } from './groups.ts';
import { type Entry, entryKinds, type Report, type ReportedGap } from './report.ts';
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
} from './words.ts';

/** In UTF-16 units; GitHub's comments have at most 65,536 characters. */
const longest = 60_000;

export function asMarkdown(report: Report, against: string): string {
  const { gaps } = report;
  const { entries, images } = withoutNewTargets(report);
  const comings = comingsOf(report);
  const title = '### What this change does to clusters\n\n';
  if (entries.length + gaps.length + comings.length === 0)
    return `${title}Nothing, compared with ${codeInMarkdown(against)}.\n`;
  const head = `${title}${wordsInMarkdown(summaryOf(report))} compared with ${codeInMarkdown(against)}.\n`;
  const parts = comings.map((one) => `\n${wordsInMarkdown(one)}\n`);
  // What can't be compared is said early: the rest is not all there is.
  if (gaps.length > 0) parts.push(`\n#### Not compared\n\n`, ...gaps.map(gapText));
  for (const is of entryKinds) {
    if (is === 'changed' && images.length > 0) {
      parts.push('\n#### Images and charts\n\n| image | change | clusters |\n|---|---|---|\n');
      for (const { image, was, now, targets } of images)
        parts.push(
          `| ${cell(image)} | ${wordsInMarkdown(versionWords(was, now))} | ${wordsInMarkdown(clustersWords(targets))} |\n`,
        );
    }
    const own = entries.filter((entry) => entry.is === is);
    if (own.length > 0) parts.push(`\n#### ${headings[is]}\n\n`, ...groupsOf(own).map(groupText));
  }
  return bounded(head, parts);
}

/** In a table, a bar ends the cell even in code. */
function cell(text: string): string {
  return codeInMarkdown(text.replaceAll('|', '¦'));
}

/** As many whole parts as there is room for. */
function bounded(head: string, parts: readonly string[]): string {
  let text = head;
  for (const [index, part] of parts.entries()) {
    if (text.length + part.length > longest) {
      const left = parts.length - index;
      return `${text}\n${left} more ${left === 1 ? 'part is' : 'parts are'} left out here; \`capstan diff\` prints all.\n`;
    }
    text += part;
  }
  return text;
}

function groupText(group: readonly Entry[]): string {
  const first = group[0]!;
  const shown = group.slice(0, mostObjects).map((entry) => codeInMarkdown(idOf(entry)));
  const more = group.length > mostObjects ? ` and ${group.length - mostObjects} more` : '';
  const by = [...new Set(group.map(byWords))];
  const who = by.length === 1 ? by[0]! : '';
  const where = wordsInMarkdown(whereOf(first));
  const details = detailsOf(first).map((words) => ` ${wordsInMarkdown(words)}`);
  const head = `- ${shown.join(', ')}${more} on ${where}${who}.${details.join('')}\n`;
  const lines = first.fields.flatMap(fieldLines);
  if (lines.length === 0) return head;
  const text = lines.slice(0, mostLines).map(({ mark, text: line }) => `${mark || ' '} ${line}`);
  if (lines.length > mostLines) text.push(`  and ${lines.length - mostLines} more lines`);
  const block = blockInMarkdown(text.join('\n'), 'diff').replace(/^/gm, '  ');
  return lines.length <= mostOpen
    ? `${head}${block}\n`
    : `${head}  <details><summary>${lines.length} lines</summary>\n\n${block}\n\n  </details>\n`;
}

const mostObjects = 20;
const mostLines = 100;
/** Longer changes are folded. */
const mostOpen = 12;

function byWords({ by, wasBy, suspended }: Entry): string {
  if (by === undefined) return '';
  const who = wasBy === undefined ? nameInMarkdown(by) : `${nameInMarkdown(by)}, formerly ${nameInMarkdown(wasBy)}`;
  return ` (${who}${suspended ? ', suspended' : ''})`;
}

function gapText(gap: ReportedGap): string {
  return `- ${codeInMarkdown(gap.applier)} on ${wordsInMarkdown(clustersWords(gap.targets))}: ${wordsInMarkdown(gapWords(gap))}\n`;
}
