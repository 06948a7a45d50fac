// The only file that runs the `yaml` library. It turns a text into concrete syntax tokens, with the lexer adapted to
// go-yaml's behavior. What of the lexer is adapted isn't part of the library's interface; the tests of the composer hold it.
import { type CST, Lexer, Parser } from 'yaml';

/**
 * Every top-level token of a text: directives, comments, documents, errors. `lenient` accepts everything go-yaml
 * accepts but is slower; use it for texts that have findings without it.
 */
export function* tokensOf(text: string, lenient: boolean): Generator<CST.Token, void> {
  charactersRead += text.length;
  const parser = new Parser();
  const lexer = lenient ? lenientLexer() : strictLexer();
  // The library takes a byte order mark for something that a line begins with, and what is on it for more indented.
  const isMarked = text.startsWith(byteOrderMark);
  if (isMarked) (parser as unknown as { offset: number }).offset = 1;
  for (const lexeme of lexer.lex(isMarked ? text.slice(1) : text)) yield* parser.next(lexeme);
  yield* parser.end();
}

/** UTF-16 units. */
let charactersRead = 0;

/**
 * How many UTF-16 units become tokens from now on. A broken text is read again for each way to recover it, so that its length
 * doesn't tell what it costs.
 */
export function readFromNow(): () => number {
  const before = charactersRead;
  return () => charactersRead - before;
}

const byteOrderMark = '\uFEFF';

/**
 * Replaces the characters that are line breaks to go-yaml but not to YAML 1.2 (yamlprivateh.go, is_break) with `\n`;
 * offsets don't change. After a second byte order mark, go-yaml takes the first character of each line
 * for one and skips it (yamlprivateh.go, is_bom); one after the marker of a document is the first of that.
 */
export function withGoBreaks(text: string): string {
  const broken = /[\x85\u2028\u2029]|\r(?!\n)/.test(text) ? text.replace(/[\x85\u2028\u2029]|\r(?!\n)/g, '\n') : text;
  if (!broken.includes(byteOrderMark)) return broken;
  if (broken.startsWith('\uFEFF\uFEFF')) return `\uFEFF ${broken.slice(2).replace(/\n[^\r\n]/g, '\n ')}`;
  return broken.replace(/^(---[^\r\n]*)(\r?\n)\uFEFF/, '$1 $2');
}

/** The parts of the lexer that are adapted. `indentNext` is the minimum indentation of the next line. */
interface LexerState {
  buffer: string;
  pos: number;
  indentNext: number;
  flowLevel: number;
  charAt: (ahead: number) => string;
  parseLineStart: () => Generator<string, string>;
  parseQuotedScalar: () => Generator<string, string>;
  pushUntil: (ends: (character: string) => boolean) => Generator<string, unknown>;
}

/**
 * Comments don't change which lines belong to a value; the library takes the column of `#this` for the indentation of what
 * follows, so that the text after it goes on with the lines of the next item.
 */
function strictLexer(): Lexer {
  const lexer = new Lexer();
  const state = lexer as unknown as LexerState;
  const parsed = state.parseLineStart;
  state.parseLineStart = function* () {
    let at = state.pos;
    while (state.buffer.charCodeAt(at) === space) at += 1;
    if (state.buffer.charCodeAt(at) !== hash) return yield* parsed.call(lexer);
    const before = state.indentNext;
    const next = yield* parsed.call(lexer);
    state.indentNext = before;
    return next;
  };
  return lexer;
}

const space = 0x20;
const hash = 0x23;

/**
 * go-yaml requires no indentation inside quotes, braces and brackets. The library does, through a single number: the
 * minimum indentation of the next line. Here that number reads as 0 while the lexer is inside quotes, braces or
 * brackets.
 */
function lenientLexer(): Lexer {
  const lexer = strictLexer();
  const state = lexer as unknown as LexerState;
  // The name of an alias has no colon: `*name: value` begins an entry (go.yaml.in/yaml/v3, yaml_parser_scan_anchor).
  const until = state.pushUntil;
  state.pushUntil = (ends) =>
    until.call(lexer, state.charAt(0) === '*' ? (character) => character === ':' || ends(character) : ends);
  const quoted = state.parseQuotedScalar;
  let next = 0;
  let inQuotes = false;
  state.parseQuotedScalar = function* () {
    inQuotes = true;
    const after = yield* quoted.call(lexer);
    inQuotes = false;
    return after;
  };
  Object.defineProperty(lexer, 'indentNext', {
    get: () => (inQuotes || state.flowLevel > 0 ? 0 : next),
    set: (value: number) => {
      next = value;
    },
  });
  return lexer;
}
