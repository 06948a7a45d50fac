// What completion answers: plain values with offsets of the document, which the adapter turns into its protocol's.
import type { TextEdit } from '../../syntax/finding.ts';
import type { Probe } from './probe.ts';

export interface Completion {
  readonly label: string;
  readonly kind: 'field' | 'value' | 'enum' | 'resource' | 'reference';
  /** One line beside the label. */
  readonly detail?: string;
  /** Markdown, made only for the item that is looked at. */
  readonly documentation?: () => string | undefined;
  readonly deprecated?: boolean;
  /** Items are shown in the order of these. */
  readonly sort: string;
  /** What the typed text is compared with; the label where absent. */
  readonly filter?: string;
  /** A snippet in LSP's syntax, lines indented as they are to stand. */
  readonly insert: string;
  /** Replaced by `insert`; on the cursor's line. */
  readonly start: number;
  readonly end: number;
  /** Changes elsewhere in the document: the indentation before, the apiVersion of a kind. */
  readonly additional?: readonly TextEdit[];
}

/** A value before it is known how the cursor's word is quoted. */
export interface Candidate {
  readonly value: unknown;
  readonly kind: 'value' | 'enum' | 'reference';
  readonly detail?: string;
  readonly documentation?: string;
  /** Lower comes first. */
  readonly rank: number;
}

/** The line's white space set right, where the cursor stood at a column no key can stand at. */
export function reindented({ token, reindent }: Probe): Pick<Completion, 'additional'> {
  if (reindent === undefined) return {};
  return { additional: [{ start: token.lineStart, end: token.start, text: reindent }] };
}

/** Text as it stands inside a snippet. */
export function escapeSnippet(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}

/** `${1|a,b|}`, a stop with choices; none give a plain stop. */
export function choice(stop: number, options: readonly string[]): string {
  if (options.length === 0) return `$${stop}`;
  if (options.length === 1) return `\${${stop}:${escapeSnippet(options[0]!)}}`;
  return `\${${stop}|${options.map((option) => option.replace(/[\\$},|]/g, '\\$&')).join(',')}|}`;
}

/** A snippet as plain text: defaults stand, of choices the first, bare stops are nothing. */
export function withoutStops(snippet: string): string {
  return snippet
    .replace(/\$\{\d+\|((?:\\.|[^|])*)\|\}/g, (_, choices: string) => unescapeChoice(choices.split(/(?<!\\),/)[0]!))
    .replace(/\$\{\d+:((?:\\.|[^}])*)\}/g, '$1')
    .replace(/(?<!\\)\$\d+/g, '')
    .replace(/\\([$}\\])/g, '$1');
}

function unescapeChoice(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}

/** Text in the quotes its author began with. */
export function inQuotes(text: string, quote: '' | '"' | "'"): string {
  if (quote === '') return text;
  return quote === '"' ? JSON.stringify(text) : `'${text.replaceAll("'", "''")}'`;
}
