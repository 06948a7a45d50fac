// For tests: YAML in template literals, the bundled catalog, and findings written as comments under the text they
// underline, `# ^^^ error[rule]: message`. These comments are YAML, so an annotated text can be sent to a server as it is.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Catalog, openCatalog } from './schema/load.ts';
import type { Finding } from './syntax/finding.ts';
import { LineIndex } from './syntax/lines.ts';

const schemas = join(import.meta.dirname, '../schemas');

/** The bundled schemas. */
export const testCatalog: Catalog = openCatalog((key) => {
  try {
    return readFileSync(join(schemas, key), 'utf8');
  } catch {
    return undefined;
  }
});

/** A comment of carets: where `#` itself stands under the first character, it counts as a caret. */
const annotation = /^ *#(?: *\^+| (?=(?:error|warning|info|hint)\[)|\^*) ?(?:error|warning|info|hint)\[[\w/-]+\]: .*$/;

/** The text without its annotations. */
export function stripped(source: string): string {
  return source
    .split('\n')
    .filter((line) => !annotation.test(line))
    .join('\n');
}

/** The text with each finding under the line it begins on, in the order of the text. */
export function annotated(text: string, findings: readonly Finding[]): string {
  const index = new LineIndex(text);
  const lines = text.split('\n');
  const below = new Map<number, string[]>();
  for (const finding of findings.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    const { start, end } = index.rangeAt(finding.start, finding.end);
    const last = end.line === start.line ? end.character : lines[start.line]!.length;
    const carets = underline(start.character, Math.max(1, last - start.character));
    const comments = below.get(start.line) ?? [];
    below.set(start.line, [...comments, `${carets} ${finding.severity}[${finding.rule}]: ${finding.message}`]);
  }
  return lines.flatMap((line, number) => [line, ...(below.get(number) ?? [])]).join('\n');
}

function underline(column: number, length: number): string {
  if (column < 2) return `${' '.repeat(column)}#${'^'.repeat(length - 1)}`;
  return `#${' '.repeat(column - 1)}${'^'.repeat(length)}`;
}

/**
 * A test's YAML over several lines, indented as the code around it: the first line break and the common indentation are
 * dropped. A value that ends with a line break takes a line of its own. Without a last line of white space there is no
 * line break at the end.
 */
export function yaml(strings: TemplateStringsArray, ...values: readonly unknown[]): string {
  const chunks = strings.map(String);
  const indents = chunks.flatMap((chunk, index) => {
    const lines = chunk.split('\n').slice(1);
    const beforeValue = index < values.length;
    return lines.flatMap((line, at) =>
      line.trim() !== '' || (beforeValue && at === lines.length - 1) ? [/^ */.exec(line)![0].length] : [],
    );
  });
  const indentation = new RegExp(`\\n {0,${Math.min(...indents)}}`, 'g');
  return chunks
    .map((chunk, index) => {
      let text = chunk.replace(indentation, '\n');
      if (index === 0 || (String(values[index - 1]).endsWith('\n') && text.startsWith('\n'))) text = text.slice(1);
      if (index === chunks.length - 1) text = text.replace(/\n *$/, '\n');
      return text + (index < values.length ? String(values[index]) : '');
    })
    .join('');
}
