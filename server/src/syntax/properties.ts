// What stands around a value: anchor, tag, indicator and white space before it, white space and comments behind it.
import type { CST } from 'yaml';
import type { RuleId } from './finding.ts';

/** Says that `[start, end)` is wrong. */
export type Report = (rule: RuleId, start: number, end: number, message: string) => void;

export interface Properties {
  readonly anchor: CST.SourceToken | undefined;
  readonly tag: CST.SourceToken | undefined;
  /** The indicator asked for: `-`, `?`, `:` or `---`. */
  readonly indicator: CST.SourceToken | undefined;
  /** Whether the value begins on a later line. */
  readonly newline: boolean;
  /** Offset after the last token. */
  readonly end: number;
}

export interface Context {
  readonly report: Report;
  readonly text: string;
  /** The plain scalar read last, and the column of the map or list around it. */
  plain: { readonly end: number; readonly indent: number } | undefined;
}

export function noProperties(end: number): Properties {
  return { anchor: undefined, tag: undefined, indicator: undefined, newline: false, end };
}

/** Reads the tokens before a value; whatever else stands among them is reported. */
export function propertiesOf(
  context: Context,
  tokens: readonly CST.SourceToken[],
  expected: CST.SourceToken['type'],
  flow: boolean,
  offset: number,
): Properties {
  if (tokens.length === 0) return noProperties(offset);
  let anchor: CST.SourceToken | undefined;
  let tag: CST.SourceToken | undefined;
  let indicator: CST.SourceToken | undefined;
  let newline = false;
  for (const token of tokens) {
    switch (token.type) {
      case 'space':
        if (!flow) checkTab(context, token);
        break;
      case 'newline':
        newline = true;
        break;
      case 'comment':
        break;
      case 'anchor':
        if (anchor || !/^&[\w-]+$/.test(token.source)) reportUnexpected(context, token);
        anchor = token;
        break;
      case 'tag':
        if (tag) reportUnexpected(context, token);
        else checkTagEnd(context, token);
        tag = token;
        break;
      case 'comma':
        if (!flow) reportUnexpected(context, token);
        break;
      case expected:
        if (indicator) reportUnexpected(context, token);
        indicator = token;
        break;
      default:
        reportUnexpected(context, token);
    }
  }
  const last = tokens[tokens.length - 1]!;
  return { anchor, tag, indicator, newline, end: last.offset + last.source.length };
}

/** go-yaml reads a tag as far as its characters go, and asks for white space then (scannerc.go, yaml_parser_scan_tag). */
function checkTagEnd({ text, report }: Context, { offset, source }: CST.SourceToken): void {
  const end = offset + source.length;
  if (/^[^\s\w;/?:@&=+$,.!~*'()[\]%-]/.test(text.slice(end, end + 1)))
    report('syntax/invalid', offset, end, 'A tag needs a space behind it.');
}

/** What may follow a value: white space and comments. */
export function checkTail(context: Context, tokens: readonly CST.SourceToken[] | undefined, flow: boolean): void {
  if (!tokens) return;
  for (const token of tokens) {
    if (token.type === 'space') {
      if (!flow) checkTab(context, token);
    } else if (token.type !== 'newline' && token.type !== 'comment') {
      reportUnexpected(context, token);
      return;
    }
  }
}

export function reportUnexpected(context: Context, token: CST.SourceToken | CST.ErrorToken): void {
  const what = token.source.trim();
  const shown = what.length > 40 ? `${what.slice(0, 40)}…` : what;
  const hole = /\$\{[^}\n]*$/.test(context.text.slice(Math.max(0, token.offset - 100), token.offset + 1));
  context.report(
    'syntax/unexpected',
    token.offset,
    token.offset + Math.max(1, token.source.trimEnd().length),
    what === ''
      ? 'Something is missing or misplaced here.'
      : hole
        ? 'Between braces or brackets “${…}” must be in quotes: its own braces are read as YAML’s.'
        : `“${shown}” can’t stand here. Check the indentation and the quotes around it.`,
  );
}

/**
 * go-yaml takes no tab where a key could still begin: at the start of a line and behind a dash (scannerc.go). Right
 * behind a plain scalar it still reads that scalar, and takes tabs as far in as its text would have to stand.
 */
export function checkTab(context: Context, token: CST.SourceToken): void {
  const tab = token.source.indexOf('\t');
  if (tab === -1) return;
  const { text, plain } = context;
  const start = token.offset + tab;
  const column = start - text.lastIndexOf('\n', start - 1) - 1;
  const before = text.slice(start - column, start);
  const inPlain = plain !== undefined && column > plain.indent && text.slice(plain.end, start).trim() === '';
  if (before.trim() === '' ? !inPlain : /(?:^|[ \t])[-?]\s*$/.test(before)) {
    context.report('syntax/tab', start, start + 1, 'YAML can’t be indented by tabs. Use spaces.');
  }
}
