// Reads the tokens around a value: anchor, tag, indicator and white space before it, white space and comments after it.
import type { CST } from 'yaml';
import type { RuleId } from './finding.ts';

/** Reports a problem at `[start, end)`. */
export type Report = (rule: RuleId, start: number, end: number, message: string) => void;

export interface Properties {
  readonly anchor: CST.SourceToken | undefined;
  readonly tag: CST.SourceToken | undefined;
  /** The expected indicator: `-`, `?`, `:` or `---`. */
  readonly indicator: CST.SourceToken | undefined;
  /** Whether the value begins on a later line. */
  readonly newline: boolean;
  /** Offset after the last token. */
  readonly end: number;
}

export interface Context {
  readonly report: Report;
  readonly text: string;
  /** End of the last plain scalar read, and the column of the map or list around it. */
  plain: { readonly end: number; readonly indent: number } | undefined;
}

export function noProperties(end: number): Properties {
  return { anchor: undefined, tag: undefined, indicator: undefined, newline: false, end };
}

/** Reads the tokens before a value and reports the ones that don't belong there. */
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

/** After the last valid character of a tag, go-yaml requires white space (scannerc.go, yaml_parser_scan_tag). */
function checkTagEnd({ text, report }: Context, { offset, source }: CST.SourceToken): void {
  const end = offset + source.length;
  if (/^[^\s\w;/?:@&=+$,.!~*'()[\]%-]/.test(text.slice(end, end + 1)))
    report('syntax/invalid', offset, end, 'A tag must be followed by a space.');
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

/** For `[${NAME}]`. */
export const unquotedVariable = 'Inside braces or brackets, “${…}” must be quoted: YAML reads its braces as a map.';

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
        ? unquotedVariable
        : `“${shown}” isn’t allowed here. Check the indentation and the quotes around it.`,
  );
}

/**
 * go-yaml rejects a tab where a key could still begin: at the start of a line and after a dash (scannerc.go). Directly
 * after a plain scalar it is still reading that scalar, and accepts tabs at the columns where the scalar could
 * continue.
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
    context.report('syntax/tab', start, start + 1, 'YAML must not be indented with tabs. Use spaces.');
  }
}
