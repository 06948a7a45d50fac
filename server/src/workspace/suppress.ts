// Suppresses findings by comments: `# capstan-ignore: <id>` on a line or above it suppresses the findings of that rule on
// the line. Several ids are separated by commas, and `schema/*` is a family.
import type { Finding } from '../syntax/finding.ts';
import { LineIndex } from '../syntax/lines.ts';

/** The findings that no comment of the document suppresses. */
export function unsuppressed(text: string, findings: readonly Finding[]): readonly Finding[] {
  if (findings.length === 0 || !text.includes('capstan-ignore:')) return findings;
  const lines = new LineIndex(text);
  const suppressed = suppressedIn(lines);
  return findings.filter(({ rule, start }) => {
    const ids = suppressed.get(lines.positionAt(start).line);
    return ids === undefined || !matchesRule(ids, rule);
  });
}

/** Whether `ids` contain the rule, its family (`schema/*`) or `*`. */
export function matchesRule(ids: Ids, rule: string): boolean {
  return ids.includes(rule) || ids.includes(`${rule.slice(0, rule.indexOf('/'))}/*`) || ids.includes('*');
}

interface Ids {
  readonly includes: (id: string) => boolean;
}

/**
 * The ids that are suppressed on each line. A comment alone on its line is for the next line that is neither a comment nor
 * blank: other comments may be between the two.
 */
function suppressedIn(lines: LineIndex): ReadonlyMap<number, Ids> {
  const suppressed = new Map<number, Ids>();
  let waiting: string[] = [];
  for (let index = 0; index < lines.lineCount; index += 1) {
    const line = lines.text.slice(lines.lineStart(index), lines.lineEnd(index));
    const match = /^(.*?)#\s*capstan-ignore:[ \t]*([^\r#]*)/.exec(line);
    const ids = match ? match[2]!.split(/[\s,]+/).filter((id) => id !== '') : [];
    if (/^\s*(?:#|$)/.test(line)) {
      for (const id of ids) waiting.push(id);
      continue;
    }
    const all = new Set([...waiting, ...ids]);
    if (all.size > 0) suppressed.set(index, { includes: (id) => all.has(id) });
    waiting = [];
  }
  return suppressed;
}
