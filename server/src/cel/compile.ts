// Compiles CEL's syntax tree to closures. Variables are numbered slots of a frame; macros become loops.
import type { Expr, Literal, Operator } from './ast.ts';
import { type Budget, combined, type Evaluate, type Scope, sizeOf } from './evaluate.ts';
import type { CelFunction } from './functions/function.ts';
import { functions, methods } from './library.ts';
import { macroOf } from './macros.ts';
import { strictOperators } from './operators.ts';
import { parseCel } from './parser.ts';
import {
  absorbed,
  type CelValue,
  celKind,
  failure,
  isFailure,
  isList,
  isMap,
  isOptional,
  isUnknown,
  keyText,
  mapOf,
  none,
  noOverload,
  typeByName,
  unknownValue,
} from './value.ts';

export interface Program {
  readonly usesOldSelf: boolean;
  evaluate(self: CelValue, oldSelf: CelValue, budget: Budget): CelValue;
}

/** `undefined` where the text isn't CEL or uses functions outside Kubernetes' library. Each text is compiled once. */
export function compileCel(text: string): Program | undefined {
  const known = programs.get(text);
  if (known !== undefined) return known ?? undefined;
  const expr = parseCel(text);
  const compiler = new Compiler();
  const body = expr && compiler.compile(expr);
  const program: Program | undefined =
    body && !compiler.failed
      ? {
          usesOldSelf: compiler.usesOldSelf,
          evaluate: (self, oldSelf, budget) => body({ slots: [self, oldSelf], budget }),
        }
      : undefined;
  if (programs.size > 20_000) programs.clear();
  programs.set(text, program ?? null);
  return program;
}

const programs = new Map<string, Program | null>();

class Compiler implements Scope {
  failed = false;
  usesOldSelf = false;
  private readonly scope = new Map<string, number>([
    ['self', 0],
    ['oldSelf', 1],
  ]);
  private next = 2;

  compile(expr: Expr): Evaluate {
    switch (expr.type) {
      case 'literal':
        return constant(literalValue(expr.value));
      case 'name':
        return this.name(expr.name);
      case 'select':
        return this.select(expr);
      case 'index':
        return this.index(expr);
      case 'list':
        return this.list(expr);
      case 'map':
        return this.map(expr);
      case 'operator':
        return this.operator(expr.operator, expr.args);
      case 'call':
        return this.call(expr);
    }
  }

  fail(): Evaluate {
    this.failed = true;
    return constant(unknownValue);
  }

  within<T>(names: readonly string[], compile: (slots: readonly number[]) => T): T {
    const before = names.map((name) => this.scope.get(name));
    const slots = names.map((name) => {
      this.scope.set(name, this.next);
      return this.next++;
    });
    const result = compile(slots);
    for (const [index, name] of [...names.entries()].reverse()) {
      const slot = before[index];
      if (slot === undefined) this.scope.delete(name);
      else this.scope.set(name, slot);
    }
    return result;
  }

  private name(name: string): Evaluate {
    const slot = this.scope.get(name);
    if (slot === undefined) {
      const type = typeByName.get(name);
      return type === undefined ? this.fail() : constant(type);
    }
    if (slot === 1) this.usesOldSelf = true;
    return ({ slots }) => slots[slot]!;
  }

  private select(expr: Expr & { type: 'select' }): Evaluate {
    const qualified = this.qualified(expr);
    const type = qualified === undefined ? undefined : typeByName.get(qualified);
    if (type !== undefined) return constant(type);
    const target = this.compile(expr.target);
    const { field, optional } = expr;
    return (frame) => find(target(frame), field, optional);
  }

  private index(expr: Expr & { type: 'index' }): Evaluate {
    const target = this.compile(expr.target);
    const index = this.compile(expr.index);
    const { optional } = expr;
    return (frame) => {
      const key = index(frame);
      const container = target(frame);
      return absorbed([container, key]) ?? find(container, key, optional);
    };
  }

  private list({ items }: Expr & { type: 'list' }): Evaluate {
    const compiled = items.map((item) => ({ evaluate: this.compile(item.value), optional: item.optional }));
    return (frame) => {
      const values: CelValue[] = [];
      for (const { evaluate, optional } of compiled) {
        const value = evaluate(frame);
        if (isFailure(value) || (optional && isUnknown(value))) return value;
        if (!optional) values.push(value);
        else if (!isOptional(value)) return failure('cannot initialize optional list element from non-optional value');
        else if (value.value !== undefined) values.push(value.value);
      }
      return { kind: 'list', items: values };
    };
  }

  private map({ entries }: Expr & { type: 'map' }): Evaluate {
    const compiled = entries.map(({ key, value, optional }) => ({
      key: this.compile(key),
      value: this.compile(value),
      optional,
    }));
    return (frame) => {
      const map = new Map<string, readonly [CelValue, CelValue]>();
      for (const entry of compiled) {
        const key = entry.key(frame);
        let value: CelValue | undefined = entry.value(frame);
        const bad = absorbed([key]) ?? (isFailure(value) || (entry.optional && isUnknown(value)) ? value : undefined);
        if (bad) return bad;
        if (entry.optional) {
          if (!isOptional(value)) return failure('cannot initialize optional entry from non-optional value');
          value = value.value;
        }
        const text = keyText(key);
        if (text === undefined) return failure('unsupported key type');
        if (map.has(text)) return failure('Failed with repeated key');
        if (value !== undefined) map.set(text, [key, value]);
      }
      return mapOf(map);
    };
  }

  private operator(operator: Operator, operands: readonly Expr[]): Evaluate {
    const args = operands.map((operand) => this.compile(operand));
    if (operator === '&&' || operator === '||') return logic(args[0]!, args[1]!, operator === '||');
    if (operator === '?:') return conditional(args[0]!, args[1]!, args[2]!);
    return strict(strictOperators[operator]!, args);
  }

  private call(expr: Expr & { type: 'call' }): Evaluate {
    const { name, target, args } = expr;
    const macro = macroOf(name, target, args);
    if (macro) return macro(this);
    const qualified = target && this.qualified(target);
    const global = functions.get(qualified === undefined ? name : `${qualified}.${name}`);
    if (global && (!target || qualified !== undefined)) return this.apply(global, args);
    const method = target && methods.get(name);
    return method ? this.apply(method, [target, ...args]) : this.fail();
  }

  private apply(call: CelFunction, args: readonly Expr[]): Evaluate {
    return strict(
      (values) => call(...values) ?? noOverload,
      args.map((arg) => this.compile(arg)),
      searchCost,
    );
  }

  /** `a.b.c` as one qualified name, where the expression is one. */
  private qualified(expr: Expr): string | undefined {
    if (expr.type === 'name') return expr.name;
    if (expr.type !== 'select' || expr.optional) return undefined;
    const prefix = this.qualified(expr.target);
    return prefix === undefined || this.scope.has(prefix) ? undefined : `${prefix}.${expr.field}`;
  }
}

function find(target: CelValue, key: CelValue, optional: boolean): CelValue {
  if (isFailure(target) || isUnknown(target)) return target;
  if (isOptional(target)) return target.value === undefined ? none : find(target.value, key, true);
  const found = isMap(target) ? target.find(key) : isList(target) ? itemAt(target.items, key) : noOverload;
  if (found === undefined && isMap(target) && target.open) return unknownValue;
  if (found !== undefined && (isFailure(found) || isUnknown(found))) return found;
  if (optional) return found === undefined ? none : { kind: 'optional', value: found };
  return found ?? failure(isMap(target) ? `no such key: ${shown(key)}` : `index out of bounds: ${shown(key)}`);
}

function itemAt(items: readonly CelValue[], key: CelValue): CelValue | undefined {
  const index = typeof key === 'number' && Number.isInteger(key) ? BigInt(key) : key;
  const position = index !== null && typeof index === 'object' && index.kind === 'uint' ? index.value : index;
  if (typeof position !== 'bigint') return noOverload;
  return position < 0n || position >= items.length ? undefined : items[Number(position)];
}

function shown(key: CelValue): string {
  return typeof key === 'object' ? celKind(key) : String(key);
}

function constant(value: CelValue): Evaluate {
  return () => value;
}

type Cost = (values: readonly CelValue[]) => number;

const readingCost: Cost = (values) => values.reduce<number>((sum, value) => sum + sizeOf(value), 0);

/** To find one text in another may take the product of their lengths; a word of the machine compares several characters. */
const searchCost: Cost = (values) => {
  const [text, part] = values;
  const isSearch = typeof text === 'string' && typeof part === 'string';
  return readingCost(values) + (isSearch ? (text.length * part.length) / 16 : 0);
};

function strict(
  call: (args: readonly CelValue[]) => CelValue,
  args: readonly Evaluate[],
  costOf = readingCost,
): Evaluate {
  return (frame) => {
    const { budget } = frame;
    const values = args.map((arg) => arg(frame));
    const missing = absorbed(values);
    if (missing) return missing;
    budget.work -= costOf(values);
    if (budget.work < 0) return unknownValue;
    const result = call(values);
    budget.work -= sizeOf(result);
    return result;
  };
}

/** Either operand may decide the result alone, whatever the other is. */
function logic(left: Evaluate, right: Evaluate, decisive: boolean): Evaluate {
  return (frame) => {
    const first = left(frame);
    if (first === decisive) return decisive;
    const second = right(frame);
    if (second === decisive) return decisive;
    return combined(first, second) ?? !decisive;
  };
}

function conditional(condition: Evaluate, yes: Evaluate, no: Evaluate): Evaluate {
  return (frame) => {
    const truth = condition(frame);
    if (truth === true) return yes(frame);
    if (truth === false) return no(frame);
    if (isFailure(truth)) return truth;
    if (!isUnknown(truth)) return noOverload;
    const [a, b] = [yes(frame), no(frame)];
    return a === b && typeof a === 'boolean' ? a : unknownValue;
  };
}

function literalValue(value: Literal): CelValue {
  if (value === null || typeof value !== 'object') return value;
  return 'uint' in value ? { kind: 'uint', value: value.uint } : { kind: 'bytes', bytes: value.bytes };
}
