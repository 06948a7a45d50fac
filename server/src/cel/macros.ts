// Compiles the macros of CEL to loops: `has`, `all`, `exists`, `map` and so on (cel-go parser/macro.go,
// ext/comprehensions.go, cel/library.go for optionals).
import type { Expr } from './ast.ts';
import { combined, type Evaluate, type Frame, hasField, type Scope } from './evaluate.ts';
import { sortBy } from './functions/lists.ts';
import {
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
  unknownValue,
} from './value.ts';

type Macro = (scope: Scope) => Evaluate;

/** `undefined` where the call isn't a macro. */
export function macroOf(name: string, target: Expr | undefined, args: readonly Expr[]): Macro | undefined {
  if (!target) return name === 'has' && args.length === 1 ? has(args[0]!) : undefined;
  if (name === 'or' || name === 'orValue')
    return args.length === 1 ? orElse(target, args[0]!, name === 'orValue') : undefined;
  const variable = nameOf(args[0]);
  if (variable === undefined) return undefined;
  if ((name === 'optMap' || name === 'optFlatMap') && args.length === 2)
    return optMap(target, variable, args[1]!, name === 'optMap');
  if (name === 'sortBy' && args.length === 2) return sorted(target, variable, args[1]!);
  const second = nameOf(args[1]);
  const pair = second !== undefined && second !== variable ? [variable, second] : undefined;
  const two = pair ? pairLoops.get(name) : undefined;
  if (two && (args.length === 3 || (args.length === 4 && two.filters)))
    return loop(target, pair!, args.slice(2), two.build);
  const one = loops.get(name);
  if (one && (args.length === 2 || (args.length === 3 && one.filters)))
    return loop(target, [variable], args.slice(1), one.build);
  return undefined;
}

/** Runs a loop. `bodies` are the compiled arguments after the variables. */
type Build = (rounds: Rounds, bodies: readonly Evaluate[], frame: Frame) => CelValue;

/** Runs `step` once per round with the variables set, until it returns a value. */
type Rounds = (step: (item: readonly CelValue[]) => CelValue | undefined) => CelValue | undefined;

interface Loop {
  readonly build: Build;
  /** Whether the macro accepts a condition before the last argument. */
  readonly filters?: true;
}

const quantifiers: readonly (readonly [string, Loop])[] = [
  ['all', { build: (rounds, [body], frame) => quantify(rounds, body!, frame, false) }],
  ['exists', { build: (rounds, [body], frame) => quantify(rounds, body!, frame, true) }],
  ['exists_one', { build: one }],
  ['existsOne', { build: one }],
];

const loops: ReadonlyMap<string, Loop> = new Map([
  ...quantifiers,
  ['map', { build: transform, filters: true }],
  ['filter', { build: (rounds, [body], frame) => keep(rounds, body!, frame, (item) => item[0]!) }],
]);

const pairLoops: ReadonlyMap<string, Loop> = new Map([
  ...quantifiers,
  ['transformList', { build: transform, filters: true }],
  [
    'transformMap',
    {
      build: (rounds, bodies, frame) => mapEntries(rounds, bodies, frame, ([key], value) => [[key!, value]]),
      filters: true,
    },
  ],
  [
    'transformMapEntry',
    {
      build: (rounds, bodies, frame) => mapEntries(rounds, bodies, frame, (_, value) => entriesOf(value)),
      filters: true,
    },
  ],
]);

function nameOf(expr: Expr | undefined): string | undefined {
  return expr?.type === 'name' ? expr.name : undefined;
}

function has(argument: Expr): Macro {
  return (scope) => {
    if (argument.type !== 'select') return scope.fail();
    const target = scope.compile(argument.target);
    return (frame) => hasField(target(frame), argument.field);
  };
}

function orElse(target: Expr, other: Expr, unwrap: boolean): Macro {
  return (scope) => {
    const [first, second] = [scope.compile(target), scope.compile(other)];
    return (frame) => {
      const value = first(frame);
      if (isFailure(value) || isUnknown(value)) return value;
      if (!isOptional(value)) return noOverload;
      if (value.value === undefined) return second(frame);
      return unwrap ? value.value : value;
    };
  };
}

function optMap(target: Expr, variable: string, body: Expr, wrap: boolean): Macro {
  return (scope) => {
    const optional = scope.compile(target);
    return scope.within([variable], ([slot]) => {
      const evaluate = scope.compile(body);
      return (frame) => {
        const value = optional(frame);
        if (isFailure(value) || isUnknown(value)) return value;
        if (!isOptional(value)) return noOverload;
        if (value.value === undefined) return none;
        frame.slots[slot!] = value.value;
        const result = evaluate(frame);
        return !wrap || isFailure(result) || isUnknown(result) ? result : { kind: 'optional', value: result };
      };
    });
  };
}

function sorted(target: Expr, variable: string, key: Expr): Macro {
  return (scope) => {
    const range = scope.compile(target);
    return scope.within([variable], ([slot]) => {
      const evaluate = scope.compile(key);
      return (frame) => {
        const value = range(frame);
        if (isFailure(value) || isUnknown(value)) return value;
        if (!isList(value)) return noOverload;
        const keys = value.items.map((item) => {
          frame.slots[slot!] = item;
          return evaluate(frame);
        });
        return sortBy(value.items, keys);
      };
    });
  };
}

function loop(target: Expr, variables: readonly string[], args: readonly Expr[], build: Build): Macro {
  return (scope) => {
    const range = scope.compile(target);
    return scope.within(variables, (slots) => {
      const bodies = args.map((arg) => scope.compile(arg));
      return (frame) => {
        const value = range(frame);
        if (isFailure(value) || isUnknown(value)) return value;
        const items = itemsOf(value, variables.length === 2);
        if (!items) return noOverload;
        const rounds: Rounds = (step) => {
          for (const item of items) {
            frame.budget.rounds -= 1;
            if (frame.budget.rounds < 0) return unknownValue;
            for (const [index, slot] of slots.entries()) frame.slots[slot] = item[index]!;
            const answer = step(item);
            if (answer !== undefined) return answer;
          }
          return undefined;
        };
        return build(rounds, bodies, frame);
      };
    });
  };
}

/** The variables of each round: the item or key or, with two variables, index and item or key and value. */
function itemsOf(value: CelValue, pairs: boolean): readonly (readonly CelValue[])[] | undefined {
  if (isList(value)) return value.items.map((item, index) => (pairs ? [BigInt(index), item] : [item]));
  if (!isMap(value)) return undefined;
  const items = value.keys.map((key) => (pairs ? [key, value.find(key) ?? unknownValue] : [key]));
  return value.open ? [...items, [unknownValue, unknownValue]] : items;
}

function quantify(rounds: Rounds, body: Evaluate, frame: Frame, decisive: boolean): CelValue {
  let undecided: CelValue = !decisive;
  const answer = rounds(() => {
    const truth = body(frame);
    if (truth === decisive) return decisive;
    if (truth !== !decisive) undecided = combined(undecided, truth) ?? undecided;
    return undefined;
  });
  return answer ?? undecided;
}

/** An error or unknown in any round decides the result; errors take precedence over unknowns. */
function one(rounds: Rounds, [body]: readonly Evaluate[], frame: Frame): CelValue {
  let count = 0;
  let isOpen = false;
  const answer = rounds(() => {
    const truth = body!(frame);
    if (truth === true) count += 1;
    else if (isUnknown(truth)) isOpen = true;
    else if (truth !== false) return isFailure(truth) ? truth : noOverload;
    return undefined;
  });
  if (answer !== undefined) return answer;
  return isOpen ? (count > 1 ? false : unknownValue) : count === 1;
}

function transform(rounds: Rounds, bodies: readonly Evaluate[], frame: Frame): CelValue {
  const body = bodies.at(-1)!;
  if (bodies.length === 2) return keep(rounds, bodies[0]!, frame, () => body(frame));
  return keep(
    rounds,
    () => true,
    frame,
    () => body(frame),
  );
}

function keep(
  rounds: Rounds,
  condition: Evaluate,
  frame: Frame,
  itemOf: (item: readonly CelValue[]) => CelValue,
): CelValue {
  const items: CelValue[] = [];
  let isOpen = false;
  const answer = rounds((item) => {
    const truth = condition(frame);
    if (isUnknown(truth)) isOpen = true;
    else if (truth === true) {
      const value = itemOf(item);
      if (isFailure(value)) return value;
      items.push(value);
    } else if (truth !== false) return isFailure(truth) ? truth : noOverload;
    return undefined;
  });
  return answer ?? (isOpen ? unknownValue : { kind: 'list', items });
}

function mapEntries(
  rounds: Rounds,
  bodies: readonly Evaluate[],
  frame: Frame,
  entries: (item: readonly CelValue[], value: CelValue) => readonly (readonly [CelValue, CelValue])[] | undefined,
): CelValue {
  const map = new Map<string, readonly [CelValue, CelValue]>();
  const condition: Evaluate = bodies.length === 2 ? bodies[0]! : () => true;
  let isOpen = false;
  const answer = rounds((item) => {
    const truth = condition(frame);
    if (truth === false) return undefined;
    if (truth !== true && !isUnknown(truth)) return isFailure(truth) ? truth : noOverload;
    const value = bodies.at(-1)!(frame);
    if (isFailure(value)) return value;
    const added = isUnknown(truth) ? undefined : entries(item, value);
    if (!added) isOpen = true;
    for (const [key, inner] of added ?? []) {
      const text = keyText(key);
      if (text === undefined) isOpen = true;
      else if (map.has(text)) return failure(`insert failed: key ${celKind(key)} already exists`);
      else map.set(text, [key, inner]);
    }
    return undefined;
  });
  return answer ?? (isOpen ? unknownValue : mapOf(map));
}

function entriesOf(value: CelValue): readonly (readonly [CelValue, CelValue])[] | undefined {
  if (!isMap(value) || value.open) return undefined;
  return value.keys.map((key) => [key, value.find(key) ?? unknownValue]);
}
