// Parses CEL into its syntax tree by recursive descent over the grammar of cel-go (parser/gen/CEL.g4).
import type { Expr, Literal, MapEntry, Operator } from './ast.ts';
import { type Token, tokenize } from './lexer.ts';

/** `undefined` where the text isn't CEL, nests too deeply or uses messages, which Kubernetes' rules don't have. */
export function parseCel(text: string): Expr | undefined {
  // Longer than any rule the server accepts (its cost limit rejects far shorter ones).
  if (text.length > 100_000) return undefined;
  const tokens = tokenize(text);
  if (!tokens) return undefined;
  const parser = new Parser(tokens);
  const expr = parser.expression();
  return expr && parser.atEnd() ? expr : undefined;
}

const deepest = 200;
/** Of the tree: chains of operators and of selections nest without brackets. Compiling and evaluating it recur as deep. */
const tallest = 500;
const reserved = new Set(
  'as break const continue else for function if import let loop package namespace return var void while'.split(' '),
);
const levels: readonly (readonly Operator[])[] = [
  ['||'],
  ['&&'],
  ['<', '<=', '>=', '>', '==', '!=', 'in'],
  ['+', '-'],
  ['*', '/', '%'],
];

class Parser {
  private readonly tokens: readonly Token[];
  private at = 0;
  private depth = 0;
  /** Of an expression that has parts; leaves have one level. */
  private readonly heights = new Map<Expr, number>();

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  atEnd(): boolean {
    return this.at === this.tokens.length;
  }

  expression(): Expr | undefined {
    if (++this.depth > deepest) return undefined;
    const expr = this.conditional();
    this.depth -= 1;
    return expr;
  }

  private conditional(): Expr | undefined {
    const condition = this.binary(0);
    if (!condition || !this.take('?')) return condition;
    const yes = this.binary(0);
    if (!yes || !this.take(':')) return undefined;
    const no = this.expression();
    return no && this.made({ type: 'operator', operator: '?:', args: [condition, yes, no] }, [condition, yes, no]);
  }

  private binary(level: number): Expr | undefined {
    const operators = levels[level];
    if (!operators) return this.unary();
    let left: Expr | undefined = this.binary(level + 1);
    for (;;) {
      const operator = left && operators.find((sign) => this.take(sign));
      if (!left || !operator) return left;
      const right = this.binary(level + 1);
      if (!right) return undefined;
      left = this.made({ type: 'operator', operator, args: [left, right] }, [left, right]);
    }
  }

  private unary(): Expr | undefined {
    const sign = this.take('!') ? '!' : this.take('-') ? '-' : undefined;
    if (!sign) return this.member();
    const next = this.tokens[this.at];
    let count = 1;
    if (sign === '-' && next?.type === 'literal' && isNumber(next.value)) return this.member(true);
    while (this.take(sign)) count += 1;
    const operand = this.member();
    if (!operand || count > deepest) return undefined;
    let expr: Expr | undefined = operand;
    const operator = sign === '!' ? '!' : 'negate';
    for (; expr && count > 0; count -= 1) expr = this.made({ type: 'operator', operator, args: [expr] }, [expr]);
    return expr;
  }

  private member(negative = false): Expr | undefined {
    let expr: Expr | undefined = this.primary(negative);
    while (expr) {
      if (this.take('.')) expr = this.selection(expr);
      else if (this.take('[')) {
        const optional = this.take('?');
        const index = this.expression();
        expr =
          index && this.take(']')
            ? this.made({ type: 'index', target: expr, index, optional }, [expr, index])
            : undefined;
      } else return expr;
    }
    return undefined;
  }

  private selection(target: Expr): Expr | undefined {
    const optional = this.take('?');
    const name = this.name();
    if (name === undefined) return undefined;
    if (optional || !this.take('(')) return this.made({ type: 'select', target, field: name, optional }, [target]);
    const args = this.list(')');
    return args && this.made({ type: 'call', name, target, args }, [target, ...args]);
  }

  private primary(negative: boolean): Expr | undefined {
    const token = this.tokens[this.at];
    if (!token) return undefined;
    if (token.type === 'literal') {
      this.at += 1;
      const value = checked(token.value, negative);
      return value === undefined ? undefined : { type: 'literal', value };
    }
    if (this.take('(')) {
      const expr = this.expression();
      return expr && this.take(')') ? expr : undefined;
    }
    if (this.take('[')) return this.listLiteral();
    if (this.take('{')) return this.mapLiteral();
    this.take('.');
    const name = this.name();
    if (name === undefined || reserved.has(name)) return undefined;
    if (!this.take('(')) return { type: 'name', name };
    const args = this.list(')');
    return args && this.made({ type: 'call', name, args }, args);
  }

  private list(end: string): readonly Expr[] | undefined {
    const items: Expr[] = [];
    if (this.take(end)) return items;
    do {
      const item = this.expression();
      if (!item) return undefined;
      items.push(item);
    } while (this.take(','));
    return this.take(end) ? items : undefined;
  }

  private listLiteral(): Expr | undefined {
    const items: { value: Expr; optional: boolean }[] = [];
    while (!this.sees(']')) {
      const optional = this.take('?');
      const value = this.expression();
      if (!value) return undefined;
      items.push({ value, optional });
      if (!this.take(',')) break;
    }
    if (!this.take(']')) return undefined;
    return this.made(
      { type: 'list', items },
      items.map(({ value }) => value),
    );
  }

  private mapLiteral(): Expr | undefined {
    const entries: MapEntry[] = [];
    while (!this.sees('}')) {
      const optional = this.take('?');
      const key = this.expression();
      const value = key && this.take(':') ? this.expression() : undefined;
      if (!key || !value) return undefined;
      entries.push({ key, value, optional });
      if (!this.take(',')) break;
    }
    if (!this.take('}')) return undefined;
    return this.made(
      { type: 'map', entries },
      entries.flatMap(({ key, value }) => [key, value]),
    );
  }

  private made(expr: Expr, parts: readonly Expr[]): Expr | undefined {
    let height = 1;
    for (const part of parts) height = Math.max(height, 1 + (this.heights.get(part) ?? 1));
    if (height > tallest) return undefined;
    this.heights.set(expr, height);
    return expr;
  }

  private name(): string | undefined {
    const token = this.tokens[this.at];
    if (token?.type !== 'name') return undefined;
    this.at += 1;
    return token.text;
  }

  private sees(text: string): boolean {
    const token = this.tokens[this.at];
    return token?.type === 'sign' && token.text === text;
  }

  private take(text: string): boolean {
    if (!this.sees(text)) return false;
    this.at += 1;
    return true;
  }
}

function isNumber(value: Literal): boolean {
  return typeof value === 'bigint' || typeof value === 'number';
}

/** A literal outside its type's range isn't CEL. */
function checked(value: Literal, negative: boolean): Literal | undefined {
  if (typeof value === 'bigint') {
    const signed = negative ? -value : value;
    return signed >= -(2n ** 63n) && signed < 2n ** 63n ? signed : undefined;
  }
  if (typeof value === 'number') return negative ? -value : value;
  if (value !== null && typeof value === 'object' && 'uint' in value && value.uint >= 2n ** 64n) return undefined;
  return value;
}
