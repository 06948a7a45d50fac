// Splits CEL into tokens. The result is `undefined` for a text that isn't CEL or that uses features the API server
// disables.
import type { Literal } from './ast.ts';

export type Token =
  | { readonly type: 'name' | 'sign'; readonly text: string }
  | { readonly type: 'literal'; readonly text: string; readonly value: Literal };

export function tokenize(text: string): readonly Token[] | undefined {
  return scan(text)?.map(({ token }) => token);
}

/** The tokens with their offsets; `undefined` as for `tokenize`. */
export function scan(text: string): readonly Placed[] | undefined {
  const tokens: Placed[] = [];
  let at = 0;
  while (at < text.length) {
    skipped.lastIndex = at;
    const blank = skipped.exec(text);
    if (blank) at = skipped.lastIndex;
    if (at >= text.length) break;
    const read = readString(text, at) ?? readNumber(text, at) ?? readWord(text, at) ?? readSign(text, at);
    if (!read) return undefined;
    tokens.push({ ...read, start: at });
    at = read.end;
  }
  return tokens;
}

interface Read {
  readonly token: Token;
  readonly end: number;
}

interface Placed extends Read {
  readonly start: number;
}

const skipped = /(?:[\t \r\n\f]+|\/\/[^\n]*)+/y;
const float = /\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?/y;
const integer = /(0x[0-9a-fA-F]+|\d+)([uU]?)/y;
const word = /[A-Za-z_][A-Za-z0-9_]*/y;
const sign = /==|!=|<=|>=|&&|\|\||[-[\]{}().,!?:+*/%<>]/y;
const quote = /([bB]?)([rR]?)("""|'''|"|')/y;

function readAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function readWord(text: string, at: number): Read | undefined {
  const match = readAt(word, text, at);
  if (!match) return undefined;
  const name = match[0];
  const end = at + name.length;
  const constant = constants.get(name);
  if (constant !== undefined) return { token: { type: 'literal', text: name, value: constant }, end };
  return { token: { type: name === 'in' ? 'sign' : 'name', text: name }, end };
}

const constants: ReadonlyMap<string, Literal> = new Map<string, Literal>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

function readSign(text: string, at: number): Read | undefined {
  const match = readAt(sign, text, at);
  return match && { token: { type: 'sign', text: match[0] }, end: at + match[0].length };
}

function readNumber(text: string, at: number): Read | undefined {
  const decimal = readAt(float, text, at);
  if (decimal) {
    const token: Token = { type: 'literal', text: decimal[0], value: Number(decimal[0]) };
    return { token, end: at + decimal[0].length };
  }
  const whole = readAt(integer, text, at);
  if (!whole) return undefined;
  const number = BigInt(whole[1]!);
  const value: Literal = whole[2] === '' ? number : { uint: number };
  return { token: { type: 'literal', text: whole[0], value }, end: at + whole[0].length };
}

function readString(text: string, at: number): Read | undefined {
  const match = readAt(quote, text, at);
  if (!match) return undefined;
  const [prefix, isBytes, isRaw, mark] = match as unknown as [string, string, string, string];
  const start = at + prefix.length;
  let end = start;
  while (!text.startsWith(mark, end)) {
    const char = text[end];
    if (char === undefined || (mark.length === 1 && (char === '\n' || char === '\r'))) return undefined;
    end += char === '\\' && isRaw === '' ? 2 : 1;
  }
  const body = text.slice(start, end).replaceAll('\r\n', '\n');
  const value =
    isRaw === '' ? readEscapes(body, isBytes !== '') : isBytes === '' ? body : new TextEncoder().encode(body);
  if (value === undefined) return undefined;
  const literal: Literal = typeof value === 'string' ? value : { bytes: value };
  return {
    token: { type: 'literal', text: text.slice(at, end + mark.length), value: literal },
    end: end + mark.length,
  };
}

const controls: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
const escapes =
  /\\(?:([abfnrtv])|(["'\\?`])|[xX]([0-9a-fA-F]{2})|([0-3][0-7]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]?))/g;

/** Byte escapes represent a byte in bytes literals and a character in strings. */
function readEscapes(body: string, isBytes: boolean): string | Uint8Array | undefined {
  let failed = false;
  const bytes: number[] = [];
  const encode = (text: string) => {
    if (isBytes) bytes.push(...new TextEncoder().encode(text));
    return text;
  };
  let last = 0;
  const result = body.replace(escapes, (whole, control, plain, hex, octal, short, long, other, ...rest) => {
    const offset = rest.find((value): value is number => typeof value === 'number') ?? 0;
    encode(body.slice(last, offset));
    last = offset + whole.length;
    if (control !== undefined) return encode(controls[control]!);
    if (plain !== undefined) return encode(plain);
    const code = hex ?? short ?? long;
    const value = code !== undefined ? Number.parseInt(code, 16) : Number.parseInt(octal ?? '', 8);
    const isByte = hex !== undefined || octal !== undefined;
    if (other !== undefined || value > 0x10ffff || (value >= 0xd800 && value < 0xe000) || (isBytes && !isByte)) {
      failed = true;
      return '';
    }
    if (isBytes) bytes.push(value);
    return String.fromCodePoint(value);
  });
  if (failed) return undefined;
  encode(body.slice(last));
  return isBytes ? Uint8Array.from(bytes) : result;
}
