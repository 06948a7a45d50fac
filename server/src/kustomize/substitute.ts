// Expands the `${NAME}` expressions of Flux's post-build substitution as github.com/fluxcd/pkg/envsubst does (parse/scan.go,
// parse/parse.go, template.go), with its quirks: `${A-x}` is an error, and `$$` is one dollar sign anywhere. A value that
// is unknown makes a hole.
import { type ApplyOperator, operators } from './substitute-operators.ts';

/** A part of a text, or an expression in it. */
export type Part = string | Expression;

export interface Expression {
  readonly name: string;
  /** Empty for `${NAME}`. */
  readonly operator: string;
  readonly args: readonly Part[];
  /** UTF-16 offsets in the text, from the dollar sign to after the closing brace. */
  readonly start: number;
  readonly end: number;
}

/** An expression that envsubst refuses. */
export interface BadExpression {
  /** `no-name`: what follows `${` isn't a name. `unclosed`: what follows the name is neither `}` nor an operator. */
  readonly bad: 'no-name' | 'unclosed' | 'argument';
  readonly start: number;
  readonly end: number;
}

export type Template = readonly Part[] | BadExpression;

export function isBad(template: Template): template is BadExpression {
  return 'bad' in template;
}

/** Never throws. Without a dollar sign, the text is its own template. */
export function parseTemplate(text: string): Template {
  if (!text.includes('$')) return text === '' ? [] : [text];
  const scanner: Scanner = { text, at: 0, depth: 0 };
  const parts: Part[] = [];
  while (scanner.at < text.length) {
    const part = opens(scanner) ? expression(scanner) : literal(scanner, () => true, '$');
    if (typeof part !== 'string' && 'bad' in part) return part;
    parts.push(part);
  }
  return parts;
}

/** All expressions of a template, including those in arguments, in the order of the text. */
export function expressionsIn(parts: readonly Part[]): readonly Expression[] {
  return parts.flatMap((part) => (typeof part === 'string' ? [] : [part, ...expressionsIn(part.args)]));
}

export interface Lookup {
  /** The value of a variable; undefined if it isn't set, `hole` if it is unknown whether or how it is set. */
  valueOf(name: string): string | Hole | undefined;
  /** Since Flux 2.9 a variable without a value and without a default fails the build. */
  readonly strict: boolean;
}

export const hole: unique symbol = Symbol('hole');
export type Hole = typeof hole;

export interface Expanded {
  /** Expressions that are holes are kept as written. */
  readonly text: string;
  readonly isHole: boolean;
  /** The variables that were read and are set. */
  readonly used: readonly string[];
  /** Expressions that fail because their variable isn't set; they are holes. */
  readonly unset: readonly Expression[];
}

/** `source` is the text of the template. */
export function expand(parts: readonly Part[], source: string, lookup: Lookup): Expanded {
  const used: string[] = [];
  const unset: Expression[] = [];
  let isHole = false;
  const texts = parts.map((part) => {
    const value = resolved(part, lookup, used, unset);
    if (value !== hole) return value;
    isHole = true;
    const { start, end } = part as Expression;
    return source.slice(start, end);
  });
  return { text: texts.join(''), isHole, used, unset };
}

/** Arguments are evaluated even if the operator ignores them, and fail then too. */
function resolved(part: Part, lookup: Lookup, used: string[], unset: Expression[]): string | Hole {
  if (typeof part === 'string') return part;
  const args = part.args.map((arg) => resolved(arg, lookup, used, unset));
  const value = lookup.valueOf(part.name);
  if (value !== undefined) used.push(part.name);
  if (value === undefined && lookup.strict && !providesDefault(part.operator)) {
    unset.push(part);
    return hole;
  }
  if (value === hole) return hole;
  const known = args.filter((arg) => arg !== hole);
  if (known.length < args.length) {
    // A default is used only if the value is empty.
    return providesDefault(part.operator) && (value ?? '') !== '' ? value! : hole;
  }
  return (operators.get(part.operator) ?? withDefault)(value ?? '', known);
}

function providesDefault(operator: string): boolean {
  return ['=', ':=', ':-', ':+', ':?'].includes(operator);
}

/** The alternatives of bash (`:+`, `:?`) are defaults as well. */
const withDefault: ApplyOperator = (value, args) => (value === '' ? args.join('') : value);

interface Scanner {
  readonly text: string;
  at: number;
  depth: number;
}

/** Deeper nesting than any real text; without a limit, the recursion could exhaust the stack. */
const deepest = 100;

function opens({ text, at }: Scanner): boolean {
  return text[at] === '$' && text[at + 1] === '{';
}

/** Reads up to an expression or a character that isn't accepted. `escapes` are the characters that escape what follows. */
function literal(scanner: Scanner, accepts: (character: string) => boolean, escapes: '' | '$' | '$\\'): string {
  const { text } = scanner;
  let read = '';
  while (scanner.at < text.length && !opens(scanner)) {
    const [character, next] = [text[scanner.at]!, text[scanner.at + 1]];
    const escaped =
      escapes.includes(character) && (character === '$' ? next === '$' : next === '/' || next === '\\')
        ? next
        : undefined;
    if (escaped === undefined && !accepts(character)) break;
    read += escaped ?? character;
    scanner.at += escaped === undefined ? 1 : 2;
  }
  return read;
}

function expression(scanner: Scanner): Expression | BadExpression {
  const start = scanner.at;
  scanner.at += 2;
  scanner.depth += 1;
  const read: Inside = scanner.depth > deepest ? { bad: 'argument' } : inside(scanner);
  scanner.depth -= 1;
  if (!('bad' in read)) return { ...read, start, end: scanner.at };
  return 'start' in read ? read : { bad: read.bad, start, end: endOfBad(scanner, start) };
}

/** Up to the next closing brace, but not beyond the line. */
function endOfBad({ text, at }: Scanner, start: number): number {
  const [brace, line] = [text.indexOf('}', at), text.indexOf('\n', start)];
  const ends = [...(brace === -1 ? [] : [brace + 1]), ...(line === -1 ? [text.length] : [line])];
  return Math.max(Math.min(...ends), start + 2);
}

type Fault = BadExpression | { readonly bad: BadExpression['bad'] };
type Inside = Omit<Expression, 'start' | 'end'> | Fault;

/** From after the opening brace to after the closing one. */
function inside(scanner: Scanner): Inside {
  const measures = take(scanner, /#/y) === '#';
  const name = take(scanner, /[\p{L}\p{Nd}_]+/uy);
  if (name === '') return { bad: 'no-name' };
  if (measures) return closed(scanner, name, '#', []);
  const operator = take(scanner, /:[=\-?+]|:|=|[,^]{1,2}|\/[/#%]?|##?|%%?/y);
  if (operator === '' || /^[,^]/.test(operator)) return closed(scanner, name, operator, []);
  if (operator === ':') return substring(scanner, name);
  if (operator.startsWith('/')) return replacement(scanner, name, operator);
  if (/^[#%]/.test(operator)) {
    const pattern = argument(scanner, notClosing);
    return 'bad' in pattern ? pattern : closed(scanner, name, operator, [pattern.part]);
  }
  const args: Part[] = [];
  while (scanner.text[scanner.at] !== '}') {
    const arg = argument(scanner, notClosing);
    if ('bad' in arg) return arg;
    args.push(arg.part);
  }
  return closed(scanner, name, operator, args);
}

/** `${NAME:position}` or `${NAME:position:length}`. */
function substring(scanner: Scanner, name: string): Inside {
  const position = argument(scanner, (character) => character !== ':' && character !== '}');
  if ('bad' in position) return position;
  if (take(scanner, /:+/y) === '') return closed(scanner, name, ':', [position.part]);
  const length = argument(scanner, notClosing);
  return 'bad' in length ? length : closed(scanner, name, ':', [position.part, length.part]);
}

/** `${NAME/text/replacement}`, in which a backslash escapes a slash. */
function replacement(scanner: Scanner, name: string, operator: string): Inside {
  const sought = argument(scanner, (character) => character !== '/', '$\\');
  if ('bad' in sought) return sought;
  if (take(scanner, /\/+/y) === '') return { bad: 'argument' };
  if (scanner.text[scanner.at] === '}') return closed(scanner, name, operator, [sought.part]);
  const by = argument(scanner, notClosing, '$\\');
  return 'bad' in by ? by : closed(scanner, name, operator, [sought.part, by.part]);
}

/** A text or an expression, never both; envsubst refuses an empty one. */
function argument(
  scanner: Scanner,
  accepts: (character: string) => boolean,
  escapes: '' | '$\\' = '',
): { readonly part: Part } | Fault {
  if (opens(scanner)) {
    const inner = expression(scanner);
    return 'bad' in inner ? inner : { part: inner };
  }
  const text = literal(scanner, accepts, escapes);
  return text === '' ? { bad: 'argument' } : { part: text };
}

function notClosing(character: string): boolean {
  return character !== '}';
}

function closed(scanner: Scanner, name: string, operator: string, args: readonly Part[]): Inside {
  if (scanner.text[scanner.at] !== '}') return { bad: 'unclosed' };
  scanner.at += 1;
  return { name, operator, args };
}

/** Reads what a sticky pattern matches; empty if nothing does. */
function take(scanner: Scanner, pattern: RegExp): string {
  pattern.lastIndex = scanner.at;
  const found = pattern.exec(scanner.text)?.[0] ?? '';
  scanner.at += found.length;
  return found;
}
