// Completion items: plain values with offsets in the document, which the adapter converts to its protocol.
import type { TextEdit } from '../../syntax/finding.ts';
import type { Probe } from './probe.ts';

export interface Completion {
  readonly label: string;
  readonly kind: 'field' | 'value' | 'enum' | 'resource' | 'reference' | 'snippet';
  /** One line beside the label. */
  readonly detail?: string;
  /** Markdown, computed only for the selected item. */
  readonly documentation?: () => string | undefined;
  readonly deprecated?: boolean;
  /** Items are shown in the order of this key. */
  readonly sort: string;
  /** The text that the typed word is matched against; the label if absent. */
  readonly filter?: string;
  /** A snippet in LSP syntax, its lines already indented. */
  readonly insert: string;
  /** The range that `insert` replaces; on the cursor's line. */
  readonly start: number;
  readonly end: number;
  /** One of many possible values: any other text may be meant too. */
  readonly open?: boolean;
  /** Starts the value of the key before it on the next line. */
  readonly opens?: boolean;
  /** The structure is only begun; it is whole if fewer items fit the word. */
  readonly partial?: boolean;
  /** Once accepted, the cursor is where suggestions help again. */
  readonly again?: boolean;
  /** Edits elsewhere in the document: the indentation before the item, the apiVersion of a kind. */
  readonly additional?: readonly TextEdit[];
}

/** A value before the quoting of the cursor's word is applied. */
export interface Candidate {
  readonly value: unknown;
  readonly kind: 'value' | 'enum' | 'reference';
  readonly detail?: string;
  readonly documentation?: string;
  /** Lower comes first. */
  readonly rank: number;
  /** The object is in this namespace, which must be written below its name. */
  readonly namespace?: string;
  /** Lines to insert below it, as a snippet that begins with a line break: fields that the value needs. */
  readonly below?: string;
}

/** Fixes the line's indentation if the cursor is at a column where no key is valid. */
export function reindented({ token, reindent }: Probe): Pick<Completion, 'additional'> {
  if (reindent === undefined) return {};
  return { additional: [{ start: token.lineStart, end: token.start, text: reindent }] };
}

/** Escapes text for a snippet. */
export function escapeSnippet(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}

/** `${1|a,b|}`, a tab stop with choices; without options, a plain tab stop. */
export function choice(stop: number, options: readonly string[]): string {
  if (options.length === 0) return `$${stop}`;
  if (options.length === 1) return `\${${stop}:${escapeSnippet(options[0]!)}}`;
  return `\${${stop}|${options.map((option) => option.replace(/[\\$},|]/g, '\\$&')).join(',')}|}`;
}

export function hasStops(snippet: string): boolean {
  return /(?:^|[^\\])(?:\\\\)*\$/.test(snippet);
}

/** Whether the snippet leaves the cursor at a place without a list of choices. */
export function asksAgain(snippet: string): boolean {
  return hasStops(snippet) && !/^(?:\\.|[^$\\])*\$\{\d+\|/.test(snippet);
}

/** Text in the quotes that the author opened. */
export function inQuotes(text: string, quote: '' | '"' | "'"): string {
  if (quote === '') return text;
  return quote === '"' ? JSON.stringify(text) : `'${text.replaceAll("'", "''")}'`;
}
