// The only file that runs the `yaml` library: text to concrete syntax tokens, with the lexer bent to go-yaml's habits.
import { type CST, Lexer, Parser } from 'yaml';

/**
 * Every top-level token of a text: directives, comments, documents, errors. `lenient` follows go-yaml in all it allows
 * but is slower: it is for texts that were found wrong without it.
 */
export function* tokensOf(text: string, lenient: boolean): Generator<CST.Token, void> {
  const parser = new Parser();
  const lexer = lenient ? lenientLexer() : new Lexer();
  for (const lexeme of lexer.lex(text)) yield* parser.next(lexeme);
  yield* parser.end();
}

/** Makes `\n` of what go-yaml takes for line breaks and YAML 1.2 doesn't (yamlprivateh.go, is_break); offsets stay. */
export function withGoBreaks(text: string): string {
  return /[\x85\u2028\u2029]|\r(?!\n)/.test(text) ? text.replace(/[\x85\u2028\u2029]|\r(?!\n)/g, '\n') : text;
}

/**
 * go-yaml asks for no indentation inside quotes, braces and brackets; the library does, through one number: the least
 * indentation of the next line. It reads as 0 while the lexer is inside of them. Comments have no say in it, while the
 * library takes the column of `#this` for one.
 */
function lenientLexer(): Lexer {
  const lexer = new Lexer();
  const state = lexer as unknown as {
    flowLevel: number;
    parseQuotedScalar: () => Generator<string, string>;
    charAt: (ahead: number) => string;
  };
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
