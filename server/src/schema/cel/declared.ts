// What can be said of a CEL expression without its types being known, as far as the server's compiler would refuse it:
// syntax, names that aren't declared, and a result that certainly is of another type than asked for.
import type { Expr, Literal } from './ast.ts';
import { parseCel } from './parser.ts';
import { typeByName } from './value.ts';

export type CelType = 'bool' | 'int' | 'uint' | 'double' | 'string' | 'bytes' | 'null' | 'list' | 'map';

/** As the end of a sentence that begins with the expression; undefined where nothing is certainly wrong. */
export function expressionProblem(
  text: string,
  declared: ReadonlySet<string>,
  results: readonly CelType[],
): string | undefined {
  const expr = parseCel(text);
  if (!expr) return 'isn’t CEL';
  const stranger = undeclared(expr, declared);
  if (stranger !== undefined)
    return `uses ${stranger}, which isn’t declared; there is ${[...declared].sort().join(', ')}`;
  const type = typeOf(expr);
  if (type !== undefined && !results.includes(type)) return `gives ${words[type]}, and must give ${words[results[0]!]}`;
  return undefined;
}

const words: Readonly<Record<CelType, string>> = {
  bool: 'a bool',
  int: 'an int',
  uint: 'a uint',
  double: 'a double',
  string: 'a string',
  bytes: 'bytes',
  null: 'null',
  list: 'a list',
  map: 'a map',
};

/** Macros that bind their first arguments, and how many. */
const binding: ReadonlyMap<string, number> = new Map([
  ...['all', 'exists', 'exists_one', 'existsOne', 'map', 'filter', 'sortBy', 'optMap', 'optFlatMap'].map(
    (name): [string, number] => [name, 1],
  ),
  ...['transformList', 'transformMap', 'transformMapEntry'].map((name): [string, number] => [name, 2]),
]);

/** The first name that nobody declares; undefined where there is none. */
function undeclared(expr: Expr, declared: ReadonlySet<string>): string | undefined {
  switch (expr.type) {
    case 'literal':
      return undefined;
    case 'name':
      return declared.has(expr.name) || typeByName.has(expr.name) ? undefined : expr.name;
    case 'select':
      return undeclared(expr.target, declared);
    case 'index':
      return first([expr.target, expr.index], declared);
    case 'list':
      return first(
        expr.items.map(({ value }) => value),
        declared,
      );
    case 'map':
      return first(
        expr.entries.flatMap(({ key, value }) => [key, value]),
        declared,
      );
    case 'operator':
      return first(expr.args, declared);
    case 'call':
      return undeclaredInCall(expr, declared);
  }
}

function undeclaredInCall(
  { name, target, args }: Extract<Expr, { type: 'call' }>,
  declared: ReadonlySet<string>,
): string | undefined {
  const count = target ? (binding.get(name) ?? 0) : 0;
  // Namespaces of functions look like names: `math.greatest`, `sets.contains`, `optional.of`, `semver`, `ip.isCanonical`.
  const isNamespace = target?.type === 'name' && namespaces.has(target.name) && !declared.has(target.name);
  const outside = target && !isNamespace ? undeclared(target, declared) : undefined;
  if (outside !== undefined) return outside;
  if (count === 0) return first(args, declared);
  const bound = args.slice(0, variables(name, args, count));
  const inner = new Set([...declared, ...bound.flatMap((arg) => (arg.type === 'name' ? [arg.name] : []))]);
  return first(args.slice(bound.length), inner);
}

const namespaces = new Set([
  'math',
  'sets',
  'optional',
  'ip',
  'cidr',
  'format',
  'lists',
  'strings',
  'jsonpatch',
  'base64',
]);

/** `all`, `exists` and their kind bind one variable or two. */
function variables(name: string, args: readonly Expr[], least: number): number {
  const mayBindTwo = /^(all|exists|exists_one|existsOne)$/.test(name);
  return mayBindTwo && args.length === 3 && args[1]?.type === 'name' ? 2 : least;
}

function first(exprs: readonly Expr[], declared: ReadonlySet<string>): string | undefined {
  for (const expr of exprs) {
    const name = undeclared(expr, declared);
    if (name !== undefined) return name;
  }
  return undefined;
}

/** The type of the result where it doesn't depend on what the variables are. */
function typeOf(expr: Expr): CelType | undefined {
  switch (expr.type) {
    case 'literal':
      return typeOfLiteral(expr.value);
    case 'list':
      return 'list';
    case 'map':
      return 'map';
    case 'operator': {
      if (['||', '&&', '!', '<', '<=', '>', '>=', '==', '!=', 'in'].includes(expr.operator)) return 'bool';
      if (expr.operator === '?:') {
        const [, yes, no] = expr.args.map(typeOf);
        return yes === no ? yes : undefined;
      }
      const types = expr.args.map(typeOf);
      return types.every((type) => type === types[0]) ? types[0] : undefined;
    }
    case 'call':
      return typeOfCall(expr);
    default:
      return undefined;
  }
}

function typeOfCall({ name, target, args }: Extract<Expr, { type: 'call' }>): CelType | undefined {
  if (!target) {
    if (name === 'has' && args.length === 1) return 'bool';
    if (name === 'size') return 'int';
    return ['bool', 'int', 'uint', 'double', 'string', 'bytes'].find((type): type is CelType => type === name);
  }
  if (/^(all|exists|exists_one|existsOne|startsWith|endsWith|matches|contains)$/.test(name)) return 'bool';
  if (name === 'map' || name === 'filter') return name === 'map' ? 'list' : undefined;
  return name === 'size' && args.length === 0 ? 'int' : undefined;
}

function typeOfLiteral(value: Literal): CelType {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'double';
  if (typeof value === 'string') return 'string';
  return 'uint' in value ? 'uint' : 'bytes';
}
