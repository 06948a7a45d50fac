// Checks a CEL expression statically and reports what the server's compiler certainly rejects: invalid syntax, unknown
// names and fields, operands of the wrong type, and a result of the wrong type. Anything uncertain passes.

import type { Schema } from '../schema/schema.ts';
import { unknown } from '../syntax/tree.ts';
import type { Expr, Literal, Operator } from './ast.ts';
import { isExposed, withObjectMeta } from './convert.ts';
import { functions } from './library.ts';
import { unescapeName } from './names.ts';
import { parseCel } from './parser.ts';
import { typeByName } from './value.ts';

export type CelType = 'bool' | 'int' | 'uint' | 'double' | 'string' | 'bytes' | 'null' | 'list' | 'map';

/** The variables, with the schema of their value where there is one. */
export type Declared = ReadonlyMap<string, Schema | typeof unknown>;

/**
 * The problem as the end of a sentence that begins with the expression; undefined where nothing is certainly wrong.
 * `results` are the allowed result types, all if undefined. `dynamic` names variables without a type; if it is given, a
 * result whose type depends only on them is rejected.
 */
export function expressionProblem(
  text: string,
  declared: Declared,
  results: readonly CelType[] | undefined,
  dynamic?: ReadonlySet<string>,
): string | undefined {
  const expr = parseCel(text);
  if (!expr) return 'isn’t CEL';
  const checker = new Checker();
  const type = checker.type(expr, declared);
  if (checker.problem !== undefined || !results) return checker.problem;
  const kind = declaredKind(type);
  const wanted = `must return ${words[results[0]!]}`;
  if (kind !== undefined && !results.includes(kind)) return `${wanted}, not ${words[kind]}`;
  if (kind === undefined && typeof type === 'object' && type.type === 'object' && type.properties)
    return `${wanted}, not an object`;
  return dynamic && isDynamic(expr, declared, dynamic) ? `${wanted}, not a value of dynamic type` : undefined;
}

/** The schema of an expression's result, as far as it is certain. */
export function expressionSchema(text: string, declared: Declared): Schema {
  const expr = parseCel(text.trim());
  const type = expr && new Checker().type(expr, declared);
  if (typeof type === 'object') return type;
  const named = type && schemaTypes[type];
  return named ? { type: named } : uncertain;
}

/** Of what may have any type. */
export const uncertain: Schema = { 'x-kubernetes-int-or-string': true };
const schemaTypes: Readonly<Partial<Record<CelType, 'boolean' | 'integer' | 'number' | 'string'>>> = {
  bool: 'boolean',
  int: 'integer',
  double: 'number',
  string: 'string',
};

/** Whether an expression has the type of a variable without a type, or of a part of such a variable. */
function isDynamic(expr: Expr, declared: Declared, dynamic: ReadonlySet<string>): boolean {
  if (expr.type === 'name') return dynamic.has(expr.name) && declared.has(expr.name);
  if ((expr.type === 'select' || expr.type === 'index') && !expr.optional)
    return isDynamic(expr.target, declared, dynamic);
  if (expr.type === 'call') return expr.target === undefined && expr.name === 'dyn';
  return (
    expr.type === 'operator' &&
    expr.operator === '?:' &&
    expr.args.slice(1).some((arg) => isDynamic(arg, declared, dynamic))
  );
}

export function untyped(names: Iterable<string>): Declared {
  return new Map([...names].map((name) => [name, unknown]));
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

/** A plain type, a schema (of a map, a list or an object), or unknown. */
type Type = CelType | Schema | undefined;

/** Macros that bind their first argument. */
const binding: ReadonlySet<string> = new Set(
  'all exists exists_one existsOne map filter sortBy optMap optFlatMap'.split(' '),
);
/** Macros that may or must bind two arguments. */
const bindingTwo: ReadonlySet<string> = new Set(
  'all exists exists_one existsOne transformList transformMap transformMapEntry'.split(' '),
);

/** Prefixes of functions that look like names: `math.greatest`, `sets.contains`, `optional.of`, `ip.isCanonical`. */
const namespaces: ReadonlySet<string> = new Set(
  'math sets optional ip cidr format lists strings jsonpatch base64'.split(' '),
);

class Checker {
  /** The first problem found. */
  problem: string | undefined;

  type(expr: Expr, declared: Declared): Type {
    if (this.problem !== undefined) return undefined;
    switch (expr.type) {
      case 'literal':
        return typeOfLiteral(expr.value);
      case 'name':
        return this.name(expr.name, declared);
      case 'select':
        return this.select(expr, declared);
      case 'index': {
        const target = this.type(expr.target, declared);
        this.type(expr.index, declared);
        return expr.optional ? undefined : itemOf(target);
      }
      case 'list':
        for (const { value } of expr.items) this.type(value, declared);
        return 'list';
      case 'map':
        for (const { key, value } of expr.entries) {
          this.type(key, declared);
          this.type(value, declared);
        }
        return 'map';
      case 'operator':
        return this.operator(expr.operator, expr.args, declared);
      case 'call':
        return this.call(expr, declared);
    }
  }

  private fail(problem: string): undefined {
    this.problem ??= problem;
    return undefined;
  }

  private name(name: string, declared: Declared): Type {
    const found = declared.get(name);
    if (found === unknown) return undefined;
    if (found) return typeOfSchema(found);
    if (typeByName.has(name)) return undefined;
    return this.fail(`uses ${name}, which isn’t declared; declared are ${[...declared.keys()].sort().join(', ')}`);
  }

  private select({ target, field, optional }: Extract<Expr, { type: 'select' }>, declared: Declared): Type {
    const type = this.type(target, declared);
    if (typeof type !== 'object') {
      if (type !== undefined && type !== 'map')
        return this.fail(`reads the field ${field} of ${words[type]}, which has no fields`);
      return undefined;
    }
    if (type.type !== 'object')
      return type.type === 'array' ? this.fail(`reads the field ${field} of a list, which has no fields`) : undefined;
    if (typeof type.additionalProperties === 'object')
      return optional ? undefined : typeOfSchema(type.additionalProperties);
    const { properties = {} } = type;
    const name = unescapeName(field);
    const inner = name !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (!inner || !isExposed(inner)) return this.fail(`reads the field ${field}, which isn’t in the schema`);
    return optional ? undefined : typeOfSchema(inner);
  }

  private operator(operator: Operator, args: readonly Expr[], declared: Declared): Type {
    const types = args.map((arg) => this.type(arg, declared));
    const kinds = types.map(declaredKind);
    const wrong = (): undefined =>
      this.fail(`uses ${operator === 'negate' ? '-' : operator} on ${kinds.map((kind) => words[kind!]).join(' and ')}`);
    switch (operator) {
      case '?:':
        if (kinds[0] !== undefined && kinds[0] !== 'bool')
          return this.fail(`uses ${words[kinds[0]]} as the condition of “?”; it must be a bool`);
        return kinds[1] === kinds[2] ? types[1] : undefined;
      case '&&':
      case '||':
      case '!':
        if (kinds.some((kind) => kind !== undefined && kind !== 'bool'))
          return this.fail(
            `uses ${operator} on ${words[kinds.find((kind) => kind !== undefined && kind !== 'bool')!]}`,
          );
        return 'bool';
      case 'in':
        return 'bool';
      case '==':
      case '!=':
        // Whether a list or map may be null is uncertain.
        if (differ(kinds) && !(kinds.includes('null') && kinds.some((kind) => kind === 'list' || kind === 'map')))
          return wrong();
        return 'bool';
      case '<':
      case '<=':
      case '>':
      case '>=': {
        const [left, right] = kinds;
        const bothNumbers = left !== undefined && right !== undefined && numeric.has(left) && numeric.has(right);
        if (
          (differ(kinds) && !bothNumbers) ||
          kinds.some((kind) => kind === 'list' || kind === 'map' || kind === 'null')
        )
          return kinds.includes(undefined) ? 'bool' : wrong();
        return 'bool';
      }
      default:
        if (differ(kinds)) return wrong();
        return kinds[0] === kinds.at(-1) ? plain(kinds[0]) : undefined;
    }
  }

  private call(call: Extract<Expr, { type: 'call' }>, declared: Declared): Type {
    const { name, target, args } = call;
    if (!target) {
      for (const arg of args) this.type(arg, declared);
      if (name === 'has' && args.length === 1) return 'bool';
      if (!functions.has(name) && !plainFunctions.has(name)) return this.fail(`calls ${name}, which isn’t a function`);
      if (name === 'size') return 'int';
      return (['bool', 'int', 'uint', 'double', 'string', 'bytes'] as const).find((type) => type === name);
    }
    const isNamespace = target.type === 'name' && namespaces.has(target.name) && !declared.has(target.name);
    const on = isNamespace ? undefined : this.type(target, declared);
    const kind = declaredKind(on);
    const variables = this.variables(name, args);
    if (variables === 0 || isNamespace) {
      for (const arg of args) this.type(arg, declared);
      return this.method(name, kind, args.length);
    }
    if (kind !== undefined && kind !== 'list' && kind !== 'map' && binding.has(name) && !name.startsWith('opt'))
      return this.fail(`calls ${name} on ${words[kind]}; it requires a list or a map`);
    const bound = args.slice(0, variables).flatMap((arg) => (arg.type === 'name' ? [arg.name] : []));
    const each = variables === 1 && typeof on === 'object' && on.type === 'array' ? on.items : undefined;
    const inner = new Map(declared);
    for (const variable of bound) inner.set(variable, each ?? unknown);
    const bodies = args.slice(variables).map((arg) => this.type(arg, inner));
    if (/^(all|exists|exists_one|existsOne|filter)$/.test(name)) {
      const result = declaredKind(bodies[0]);
      if (result !== undefined && result !== 'bool')
        return this.fail(`calls ${name} with a condition that returns ${words[result]}; it must return a bool`);
      return name === 'filter' ? on : 'bool';
    }
    return name === 'map' ? 'list' : undefined;
  }

  /** The number of arguments that are variables. */
  private variables(name: string, args: readonly Expr[]): number {
    if (args[0]?.type !== 'name') return 0;
    if (bindingTwo.has(name) && args.length >= 3 && args[1]?.type === 'name') return 2;
    return binding.has(name) && args.length >= 2 ? 1 : 0;
  }

  private method(name: string, on: CelType | undefined, count: number): Type {
    if (/^(startsWith|endsWith|matches|contains)$/.test(name)) {
      if (on !== undefined && on !== 'string') return this.fail(`calls ${name} on ${words[on]}; it requires a string`);
      return 'bool';
    }
    if (name === 'size' && count === 0) {
      if (on !== undefined && !['string', 'bytes', 'list', 'map'].includes(on))
        return this.fail(`calls size on ${words[on]}, which has no size`);
      return 'int';
    }
    return undefined;
  }
}

/** Functions of CEL itself that aren't in the library. */
const plainFunctions: ReadonlySet<string> = new Set(
  'dyn type size bool int uint double string bytes duration timestamp has'.split(' '),
);
const numeric: ReadonlySet<CelType> = new Set<CelType>(['int', 'uint', 'double']);

/** Whether two types are known and differ. */
function differ(kinds: readonly (CelType | undefined)[]): boolean {
  return kinds.length === 2 && kinds[0] !== undefined && kinds[1] !== undefined && kinds[0] !== kinds[1];
}

function plain(kind: CelType | undefined): Type {
  return kind === 'list' || kind === 'map' ? undefined : kind;
}

function declaredKind(type: Type): CelType | undefined {
  if (typeof type !== 'object') return type;
  if (type.type === 'array') return 'list';
  return type.type === 'object' && typeof type.additionalProperties === 'object' ? 'map' : undefined;
}

function itemOf(type: Type): Type {
  if (typeof type !== 'object') return undefined;
  if (type.type === 'array') return type.items && typeOfSchema(type.items);
  return typeof type.additionalProperties === 'object' ? typeOfSchema(type.additionalProperties) : undefined;
}

function typeOfSchema(schema: Schema): Type {
  if (schema.nullable || schema['x-kubernetes-int-or-string']) return undefined;
  if (schema['x-kubernetes-embedded-resource']) return withObjectMeta(schema);
  switch (schema.type) {
    case 'object':
    case 'array':
      return schema;
    case 'string':
      return schema.format === undefined || !/^(byte|date|date-time|duration)$/.test(schema.format)
        ? 'string'
        : undefined;
    case 'integer':
      return 'int';
    case 'number':
      return 'double';
    case 'boolean':
      return 'bool';
    default:
      return undefined;
  }
}

function typeOfLiteral(value: Literal): CelType {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'double';
  if (typeof value === 'string') return 'string';
  return 'uint' in value ? 'uint' : 'bytes';
}
