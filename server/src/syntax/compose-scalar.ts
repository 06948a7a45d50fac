// Builds scalars from their tokens: the text with quotes, folds and escapes resolved, and the API server's value of it.

import { CST } from 'yaml';
import { type Context, checkTail, type Properties } from './properties.ts';
import { lineEnd } from './punctuation.ts';
import { isHole, resolvePlain, resolveTagged } from './scalar.ts';
import { type Scalar, type ScalarNode, unknown } from './tree.ts';

/** `handles` are the prefixes of %TAG directives; `indent` the column of the map or list around, -1 at the root. */
export interface ScalarContext extends Context {
  readonly handles: ReadonlyMap<string, string>;
}

export function flowScalar(
  context: ScalarContext,
  token: CST.FlowScalar,
  properties: Properties,
  indent: number,
  flow: boolean,
): ScalarNode {
  const { source, offset } = token;
  const style = token.type === 'scalar' ? 'plain' : token.type === 'single-quoted-scalar' ? 'single' : 'double';
  let text: string;
  if (style === 'plain') {
    const folded = source.includes('\n');
    text = folded ? resolveText(context, token) : source;
    checkPlain(context, token, folded && !flow ? indent : -1);
    if (!flow) context.plain = { end: offset + source.length, indent };
  } else {
    text = isSimple(source, style) ? source.slice(1, -1) : resolveText(context, token);
    // The library ends quotes where the next line isn't indented, and takes an escaped quote there for their end.
    if (endsEscaped(source, style))
      context.report('syntax/unclosed', offset, lineEnd(context.text, offset), problemOf('MISSING_CHAR', true));
  }
  if (token.end) checkTail(context, token.end, flow);
  return scalarNode(context, style, offset, offset + source.length, text, properties);
}

export function blockScalar(
  context: ScalarContext,
  token: CST.BlockScalar,
  properties: Properties,
  indent: number,
): ScalarNode {
  const header = token.props[0] as CST.SourceToken;
  let text = resolveText(context, token, indent < 0);
  // If the last line has no line break, the text has none either.
  if (!token.source.endsWith('\n') && text.endsWith('\n')) text = text.slice(0, -1);
  const body = token.props.reduce((at, part) => at + ('source' in part ? part.source.length : 0), token.offset);
  const end = Math.max(token.offset + header.source.length, body + token.source.trimEnd().length);
  return scalarNode(context, header.source[0] === '>' ? 'folded' : 'literal', token.offset, end, text, properties);
}

/** The zero-width `null` of a missing value. */
export function absentScalar(context: ScalarContext, properties: Properties): ScalarNode {
  const { indicator, end } = properties;
  const at = indicator ? indicator.offset + indicator.source.length : end;
  return scalarNode(context, 'absent', at, at, '', properties);
}

export function scalarNode(
  context: ScalarContext,
  style: ScalarNode['style'],
  start: number,
  end: number,
  text: string,
  { tag }: Properties,
): ScalarNode {
  let value: Scalar = text;
  if (isHole(text)) value = unknown;
  else if (tag) value = tagged(context, tag, text);
  else if (style === 'plain') value = finite(context, resolvePlain(text), start, end);
  else if (style === 'absent') value = null;
  return { type: 'scalar', style, start, end, value, text };
}

function tagged(context: ScalarContext, tag: CST.SourceToken, text: string): Scalar {
  const end = tag.offset + tag.source.length;
  const value = resolveTagged(shortTag(context, tag), text);
  if (value !== undefined) return finite(context, value, tag.offset, end);
  const message = `“${text}” can’t be read as ${tag.source}. Remove the tag or correct the value.`;
  context.report('syntax/invalid', tag.offset, end, message);
  return unknown;
}

function finite(context: ScalarContext, value: Scalar, start: number, end: number): Scalar {
  if (typeof value !== 'number' || Number.isFinite(value)) return value;
  const message = `${context.text.slice(start, end)} can’t be represented in JSON, and the API server refuses the document. Quote it if it is text.`;
  context.report('syntax/not-json', start, end, message);
  return unknown;
}

/** The short form (`!!int`) of a tag, however it is written. */
function shortTag(context: ScalarContext, tag: CST.SourceToken): string {
  const verbatim = /^!<(.*)>$/.exec(tag.source);
  const long = verbatim ? verbatim[1]! : expandHandle(context, tag);
  return long.startsWith('tag:yaml.org,2002:') ? `!!${long.slice('tag:yaml.org,2002:'.length)}` : long;
}

function expandHandle(context: ScalarContext, { source, offset }: CST.SourceToken): string {
  const [, handle = '!', suffix = ''] = /^(!(?:[\w-]*!)?)(.*)$/.exec(source) ?? [];
  const prefix = context.handles.get(handle);
  if (prefix !== undefined) return prefix + suffix;
  if (handle !== '!' && handle !== '!!') {
    context.report('syntax/invalid', offset, offset + source.length, `The tag handle ${handle} is not defined.`);
  }
  return source;
}

function checkPlain(context: Context, { source, offset }: CST.FlowScalar, indent: number): void {
  const first = source[0];
  if (first !== undefined && '%@`|>,\t'.includes(first)) {
    const message = `A value must not begin with ${first === '\t' ? 'a tab' : `“${first}”`}. Quote it.`;
    context.report('syntax/invalid', offset, offset + source.length, message);
  }
  if (indent < 0 || !source.includes('\t')) return;
  // A tab to the left of the scalar's required column (scannerc.go, yaml_parser_scan_plain_scalar).
  for (const match of source.matchAll(/\n( *)\t/g)) {
    if (match[1]!.length > indent) continue;
    const start = offset + match.index + match[0].length - 1;
    context.report('syntax/tab', start, start + 1, 'YAML must not be indented with tabs. Use spaces.');
  }
}

/** Whether the quote at the end is escaped, so that it is none. */
function endsEscaped(source: string, style: 'single' | 'double'): boolean {
  if (!source.endsWith(style === 'single' ? "''" : '\\"')) return false;
  const inner = source.slice(1, -1);
  return style === 'single' ? (/'*$/.exec(inner)![0].length & 1) === 1 : (/\\*$/.exec(inner)![0].length & 1) === 1;
}

/** Whether there is neither fold nor escape, so that the text is exactly the source between the quotes. */
function isSimple(source: string, style: 'single' | 'double'): boolean {
  const last = source.length - 1;
  if (last < 1 || source[last] !== source[0] || source.includes('\n')) return false;
  return style === 'single' ? source.indexOf("'", 1) === last : !source.includes('\\');
}

function resolveText(context: Context, token: CST.FlowScalar | CST.BlockScalar, atRoot = false): string {
  const resolved = CST.resolveAsScalar(withoutGoEscapes(token), true, (_, code, message) => {
    // The server accepts a comment directly after the indicators of a block.
    if (code === 'MISSING_CHAR' && message.startsWith('Comments must be separated')) return;
    if (code === 'BAD_SCALAR_START' || (atRoot && code === 'BAD_INDENT')) return;
    const unclosed = code === 'MISSING_CHAR' && message.startsWith('Missing closing');
    const end = lineEnd(context.text, token.offset);
    context.report(unclosed ? 'syntax/unclosed' : 'syntax/invalid', token.offset, end, problemOf(code, unclosed));
  });
  const value = resolved?.value ?? '';
  if (token.type !== 'double-quoted-scalar') return value;
  if (/(?<!\\)(?:\\\\)*\\\//.test(token.source)) {
    const message = 'The escape \\/ is valid in JSON, but the API server’s YAML parser refuses it. Write “/”.';
    context.report('syntax/invalid', token.offset, token.offset + token.source.length, message);
  }
  const half = /(?<!\\)(?:\\\\)*(\\(?:u|U0000)[dD][89a-fA-F][\da-fA-F]{2})/.exec(token.source)?.[1];
  if (half !== undefined) {
    const message = `The escape ${half} is half of a character: JSON writes two for one, but the API server’s YAML parser refuses them. Write the character itself.`;
    context.report('syntax/invalid', token.offset, token.offset + token.source.length, message);
  }
  return value;
}

/** Resolves `\'` in double quotes, which the library doesn't support (scannerc.go, yaml_parser_scan_flow_scalar). */
function withoutGoEscapes<T extends CST.FlowScalar | CST.BlockScalar>(token: T): T {
  if (token.type !== 'double-quoted-scalar' || !token.source.includes("\\'")) return token;
  return { ...token, source: token.source.replace(/\\[\s\S]/g, (pair) => (pair === "\\'" ? "'" : pair)) };
}

function problemOf(code: string, unclosed: boolean): string {
  if (unclosed) return 'This quote is never closed. Close it where its text ends.';
  switch (code) {
    case 'MISSING_CHAR':
      return 'The first lines of this block are indented more than its text.';
    case 'BAD_DQ_ESCAPE':
      return 'A backslash in these quotes isn’t a valid YAML escape. Write “\\\\”, or use single quotes.';
    case 'BAD_INDENT':
      return 'A line of this block is indented less than its first line.';
    default:
      return 'This text can’t be read as YAML.';
  }
}
