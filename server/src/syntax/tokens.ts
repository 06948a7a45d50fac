// The only file that runs the `yaml` library. It turns a text into concrete syntax tokens, with the lexer adapted to
// go-yaml's behavior.
import { type CST, Lexer, Parser } from 'yaml';

/**
 * Every top-level token of a text: directives, comments, documents, errors. `lenient` accepts everything go-yaml
 * accepts but is slower; use it for texts that have findings without it.
 */
export function* tokensOf(text: string, lenient: boolean): Generator<CST.Token, void> {
  const parser = new Parser();
  const lexer = lenient ? lenientLexer() : new Lexer();
  // The library takes a byte order mark for something that a line begins with, and what is on it for more indented.
  const isMarked = text.startsWith(byteOrderMark);
  if (isMarked) (parser as unknown as { offset: number }).offset = 1;
  for (const lexeme of lexer.lex(isMarked ? text.slice(1) : text)) yield* parser.next(lexeme);
  yield* parser.end();
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

/**
 * go-yaml requires no indentation inside quotes, braces and brackets. The library does, through a single number: the
 * minimum indentation of the next line. Here that number reads as 0 while the lexer is inside quotes, braces or
 * brackets. Comments don't lower it either, whereas the library would use the column of `#this`.
 */
function lenientLexer(): Lexer {
  const lexer = new Lexer();
  const state = lexer as unknown as {
    flowLevel: number;
    parseQuotedScalar: () => Generator<string, string>;
    charAt: (ahead: number) => string;
    pushUntil: (ends: (character: string) => boolean) => Generator<string, unknown>;
  };
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
      if (value > next || state.charAt(0) !== '#') next = value;
    },
  });
  return lexer;
}
