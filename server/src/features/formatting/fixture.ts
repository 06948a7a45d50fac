// For tests: random YAML in random styles. A text is a list of documents of nested maps, lists and scalars, printed with
// random indentation, spaces, comments, blank lines, anchors, quotes and block styles.
import fc from 'fast-check';

type Tree = string | { readonly map: readonly (readonly [string, Tree])[] } | { readonly list: readonly Tree[] };

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', maxDepth: 5 },
    fc.constantFrom(
      'a',
      '1',
      'true',
      '2.50',
      'x y',
      '',
      'http://a:80',
      "it's",
      'a # b',
      '- c',
      '${VAR}',
      'l1\nl2',
      ' s\n\n  t\n',
    ),
    fc.record({
      map: fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'bb', 'name', 'key-4', 'e.f/g'), tie('tree')), {
        selector: ([key]) => key,
        minLength: 1,
        maxLength: 4,
      }),
    }),
    fc.record({ list: fc.array(tie('tree'), { minLength: 1, maxLength: 4 }) }),
  ),
}));

/** Texts, most of which are valid YAML. */
export const generatedYaml: fc.Arbitrary<string> = fc
  .tuple(fc.array(tree, { minLength: 1, maxLength: 3 }), fc.infiniteStream(fc.nat({ max: 999 })), fc.boolean())
  .map(([trees, stream, crlf]) => {
    const text = new Printer(stream).file(trees);
    return crlf ? text.replaceAll('\n', '\r\n') : text;
  });

/** State: the text so far. The stream decides between styles. */
class Printer {
  readonly #stream: Iterator<number>;
  #anchors = 0;

  constructor(stream: Iterator<number>) {
    this.#stream = stream;
  }

  file(trees: readonly Tree[]): string {
    const documents = trees.map((tree) => {
      const text = typeof tree === 'string' ? `${this.#scalar(tree, 0)}\n` : this.#block(tree, this.#one(3) ? 0 : 2);
      return text + this.#between(0);
    });
    return documents.join(this.#one(2) ? '---\n' : '---  # next\n') + this.#pick('', '', '\n\n', '   ', '# end');
  }

  #block(tree: Exclude<Tree, string>, column: number): string {
    return 'map' in tree ? this.#map(tree.map, column) : this.#list(tree.list, column);
  }

  #map(entries: readonly (readonly [string, Tree])[], column: number): string {
    return entries
      .map(([key, value]) => this.#between(column) + ' '.repeat(column) + this.#entry(key, value, column))
      .join('');
  }

  #entry(key: string, value: Tree, column: number): string {
    const anchor = this.#one(12) ? `&n${(this.#anchors += 1)}` : '';
    const gap = this.#pick(' ', ' ', ' ', '  ', '    ');
    const start = `${key}${this.#one(20) ? ' ' : ''}:${anchor && gap + anchor}`;
    if (typeof value === 'string') {
      const scalar = this.#scalar(value, column);
      if (this.#one(15) && !/[|>\n]/.test(scalar))
        return `${start}\n${' '.repeat(column + this.#step())}${scalar}${this.#tail()}`;
      return `${start}${gap}${scalar}${/^[|>]|\n/.test(scalar) ? '\n' : this.#tail()}`;
    }
    if (this.#one(6)) return `${start}${gap}${this.#flow(value, column)}${this.#tail()}`;
    const inner = column + ('list' in value && this.#one(2) ? 0 : this.#step());
    return `${start}${this.#tail()}${this.#block(value, inner)}`;
  }

  #list(items: readonly Tree[], column: number): string {
    return items.map((item) => this.#between(column) + ' '.repeat(column) + this.#item(item, column)).join('');
  }

  #item(item: Tree, column: number): string {
    const gap = this.#pick(' ', ' ', ' ', '   ');
    if (typeof item === 'string') {
      const scalar = this.#scalar(item, column);
      return `-${gap}${scalar}${/^[|>]|\n/.test(scalar) ? '\n' : this.#tail()}`;
    }
    if (this.#one(6)) return `-${gap}${this.#flow(item, column)}${this.#tail()}`;
    if (this.#one(8)) return `-${this.#tail()}${this.#block(item, column + this.#step())}`;
    const inner = this.#block(item, column + 1 + gap.length);
    // A comment or blank line in front would separate the first key from the dash.
    const first = inner.replace(/^(?: *#[^\n]*\n|[ ]*\n)*/, '').trimStart();
    return `-${gap}${first}`;
  }

  #flow(tree: Tree, column: number): string {
    if (typeof tree === 'string') return JSON.stringify(tree);
    const [comma, pad] = [this.#pick(', ', ',', ' ,  ', `,\n${' '.repeat(column + 3)}`), this.#pick('', '', ' ', '  ')];
    const parts =
      'map' in tree
        ? tree.map.map(([key, value]) => `"${key}"${this.#pick(': ', ':', ':   ')}${this.#flow(value, column)}`)
        : tree.list.map((item) => this.#flow(item, column));
    const inner = pad + parts.join(comma) + pad;
    return 'map' in tree ? `{${inner}}` : `[${inner}]`;
  }

  #scalar(text: string, column: number): string {
    const indentation = ' '.repeat(column + this.#step());
    const style = this.#pick('plain', 'single', 'double', 'literal', 'folded');
    if (text.includes('\n') || style === 'literal' || style === 'folded') {
      // Flow styles of the same text are covered by the other texts.
      const lines = text.replace(/\n$/, '').split('\n');
      const own = lines.map((line) =>
        line === '' ? this.#pick('', indentation, `${indentation} `) : indentation + line,
      );
      const indicator = /^[ \n]/.test(text) || text === '' || this.#one(5) ? String(indentation.length - column) : '';
      return `${style === 'folded' ? '>' : '|'}${indicator}${this.#pick('', '-', '+')}\n${own.join('\n')}`;
    }
    if (style === 'double') return `"${text}${this.#one(6) ? `\n${indentation}more  \n\n${indentation}end` : ''}"`;
    if (style === 'single' || !/^[a-z0-9][\w. ]*$/.test(text)) return `'${text.replaceAll("'", "''")}'`;
    return text + (this.#one(8) ? `\n${indentation}folded` : '');
  }

  /** Comments and blank lines before an entry. */
  #between(column: number): string {
    if (!this.#one(5)) return '';
    const comment = `${' '.repeat(this.#pick(column, column, 0, column + 2, column + 1))}#${this.#pick(' c', '- c', ' - c', '')}\n`;
    return this.#pick('\n', '\n\n\n\n', '  \n', comment, comment, `\n${comment}\n`);
  }

  /** The end of a line. */
  #tail(): string {
    return this.#pick('\n', '\n', '\n', '\n', ' # c\n', '   # c d  \n', '  \n');
  }

  #step(): number {
    return this.#pick(2, 2, 2, 4, 3, 1);
  }

  #one(of: number): boolean {
    return this.#next() % of === 0;
  }

  #pick<T>(...choices: readonly T[]): T {
    return choices[this.#next() % choices.length]!;
  }

  #next(): number {
    return this.#stream.next().value as number;
  }
}
