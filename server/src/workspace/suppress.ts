// Suppresses findings by comments: `# capstan-ignore: <id>` on a line or above it suppresses the findings of that rule on
// the line. Several ids are separated by commas, and `schema/*` is a family.
import type { Finding } from '../syntax/finding.ts';

/** The findings that no comment of the document suppresses. */
export function unsuppressed(text: string, findings: readonly Finding[]): readonly Finding[] {
  if (findings.length === 0 || !text.includes('capstan-ignore:')) return findings;
  const suppressed = suppressions(text);
  return findings.filter(
    ({ rule, start }) =>
      !suppressed.some((one) => start >= one.start && start <= one.end && matchesRule(one.ids, rule)),
  );
}

/** Whether `ids` contain the rule, its family (`schema/*`) or `*`. */
export function matchesRule(ids: readonly string[], rule: string): boolean {
  return ids.includes(rule) || ids.includes(`${rule.slice(0, rule.indexOf('/'))}/*`) || ids.includes('*');
}

interface Suppression {
  readonly ids: readonly string[];
  readonly start: number;
  readonly end: number;
}

function suppressions(text: string): readonly Suppression[] {
  return [...text.matchAll(/^(.*?)#\s*capstan-ignore:[ \t]*([^\r\n#]*)/gm)].map((match) => {
    const ids = match[2]!.split(/[\s,]+/).filter((id) => id !== '');
    const alone = match[1]!.trim() === '';
    const start = alone ? nextContentLine(text, match.index) : match.index;
    return { ids, start, end: lineEnd(text, start) };
  });
}

/** The next line that is neither a comment nor blank: other comments may be between a suppression and its line. */
function nextContentLine(text: string, from: number): number {
  let at = lineEnd(text, from) + 1;
  while (at < text.length && /^[ \t]*(?:#|\r?$)/.test(text.slice(at, lineEnd(text, at)))) at = lineEnd(text, at) + 1;
  return at;
}

function lineEnd(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  return newline === -1 ? text.length : newline;
}
