// Checks values against a JSON Schema as Helm does before it renders a chart. Values that aren't known, references out of the
// file and keywords without a rule here leave the answer open: only certain violations are reported.
import { compilePattern } from '../cel/pattern.ts';
import { isRecord } from '../schema/facts.ts';
import { nearest } from '../schema/nearest.ts';
import { type Path, unknown, type Value } from '../syntax/tree.ts';
import { hasUnknown, hasUnknownKey, isList, isObject, type ObjectValue, own } from '../syntax/value.ts';
import { type Keywords, type Resolve, resolverOf } from './json-schema.ts';

export interface Violation {
  readonly path: Path;
  readonly facts: ViolationFacts;
}

export type ViolationFacts =
  | {
      readonly is: 'unknown-key';
      readonly key: string;
      readonly near: string | undefined;
      readonly known: readonly string[];
    }
  | { readonly is: 'missing-key'; readonly key: string }
  | { readonly is: 'type'; readonly types: readonly string[] }
  | { readonly is: 'enum'; readonly allowed: readonly unknown[] }
  /** A bound: the keyword and its value. */
  | { readonly is: 'bound'; readonly keyword: string; readonly bound: unknown }
  | { readonly is: 'no-alternative' }
  | { readonly is: 'excluded' };

/** Values nested deeper, or of more work, aren't checked to the end. */
const mostSteps = 200_000;
const deepest = 200;

export function violationsOf(values: Value, schema: unknown): readonly Violation[] {
  const check = new Check(resolverOf(schema));
  const { violations } = check.of(values, schema, [], 0);
  return violations;
}

interface Verdict {
  readonly violations: readonly Violation[];
  /** Whether there may be more than these. */
  readonly isOpen: boolean;
}

const valid: Verdict = { violations: [], isOpen: false };
const open: Verdict = { violations: [], isOpen: true };

class Check {
  readonly #resolve: Resolve;
  #steps = 0;

  constructor(resolve: Resolve) {
    this.#resolve = resolve;
  }

  of(value: Value, schema: unknown, path: Path, depth: number): Verdict {
    this.#steps += 1;
    if (this.#steps > mostSteps || depth > deepest) return open;
    if (schema === false) return value === unknown ? open : fail(path, { is: 'excluded' });
    if (!isRecord(schema)) return valid;
    if (value === unknown) return open;
    const found: Verdict[] = [];
    if (typeof schema.$ref === 'string') {
      const target = this.#resolve(schema.$ref);
      found.push(target === undefined ? open : this.of(value, target, path, depth + 1));
    }
    if (opening.some((keyword) => Object.hasOwn(schema, keyword))) found.push(open);
    found.push(...ownVerdicts(value, schema, path));
    if (isObject(value)) found.push(...this.#object(value, schema, path, depth));
    if (isList(value)) found.push(...this.#list(value, schema, path, depth));
    found.push(...this.#combined(value, schema, path, depth));
    return joined(found);
  }

  *#object(value: ObjectValue, schema: Keywords, path: Path, depth: number): Iterable<Verdict> {
    const properties = isRecord(schema.properties) ? schema.properties : {};
    const patterns = Object.entries(isRecord(schema.patternProperties) ? schema.patternProperties : {});
    const tests = patterns.map(([source, one]) => [compilePattern(source), one] as const);
    for (const [key, one] of Object.entries(value)) {
      const at = [...path, key];
      let isKnown = false;
      if (Object.hasOwn(properties, key)) {
        isKnown = true;
        yield this.of(one, properties[key], at, depth + 1);
      }
      for (const [pattern, schemaOfPattern] of tests) {
        const matches = pattern?.test(key);
        if (matches === undefined) yield open;
        if (matches !== false) isKnown = true;
        if (matches === true) yield this.of(one, schemaOfPattern, at, depth + 1);
      }
      if (isKnown || !Object.hasOwn(schema, 'additionalProperties')) continue;
      if (schema.additionalProperties === false) {
        const known = Object.keys(properties);
        yield fail(at, {
          is: 'unknown-key',
          key,
          known,
          near: nearest(
            key,
            known.filter((name) => own(value, name) === undefined),
          ),
        });
      } else yield this.of(one, schema.additionalProperties, at, depth + 1);
    }
    for (const key of Array.isArray(schema.required) ? schema.required : [])
      if (typeof key === 'string' && own(value, key) === undefined)
        yield hasUnknownKey(value) ? open : fail(path, { is: 'missing-key', key });
    if (isRecord(schema.propertyNames))
      for (const key of Object.keys(value)) yield this.of(key, schema.propertyNames, [...path, key], depth + 1);
    const count = Object.keys(value).length;
    yield bound(schema, 'maxProperties', path, (most) => count <= most);
    yield hasUnknownKey(value) ? valid : bound(schema, 'minProperties', path, (least) => count >= least);
  }

  *#list(value: readonly Value[], schema: Keywords, path: Path, depth: number): Iterable<Verdict> {
    const tuple = [schema.prefixItems, schema.items].find((one) => Array.isArray(one)) as
      | readonly unknown[]
      | undefined;
    const rest = Array.isArray(schema.items) ? schema.additionalItems : schema.items;
    for (const [index, item] of value.entries()) {
      const own = tuple && index < tuple.length ? tuple[index] : rest;
      if (own !== undefined) yield this.of(item, own, [...path, index], depth + 1);
    }
    yield bound(schema, 'minItems', path, (least) => value.length >= least);
    yield bound(schema, 'maxItems', path, (most) => value.length <= most);
    if (schema.uniqueItems === true && !hasUnknown(value)) {
      const texts = value.map(textOf);
      if (new Set(texts).size < texts.length) yield fail(path, { is: 'bound', keyword: 'uniqueItems', bound: true });
    }
  }

  *#combined(value: Value, schema: Keywords, path: Path, depth: number): Iterable<Verdict> {
    for (const one of listOf(schema.allOf)) yield this.of(value, one, path, depth + 1);
    for (const keyword of ['anyOf', 'oneOf'] as const) {
      const verdicts = listOf(schema[keyword]).map((one) => this.of(value, one, path, depth + 1));
      if (verdicts.length === 0) continue;
      const isFailed = verdicts.every(({ violations }) => violations.length > 0);
      const matching = verdicts.filter(({ violations, isOpen }) => violations.length === 0 && !isOpen).length;
      if (isFailed) yield { violations: closest(verdicts, path), isOpen: false };
      else if (keyword === 'oneOf' && matching > 1) yield fail(path, { is: 'no-alternative' });
      else if (matching === 0) yield open;
    }
    if (Object.hasOwn(schema, 'not')) {
      const { violations, isOpen } = this.of(value, schema.not, path, depth + 1);
      if (violations.length === 0) yield isOpen ? open : fail(path, { is: 'excluded' });
    }
    if (!Object.hasOwn(schema, 'if')) return;
    const { violations, isOpen } = this.of(value, schema.if, path, depth + 1);
    if (violations.length > 0) yield this.of(value, schema.else ?? true, path, depth + 1);
    else if (isOpen) yield open;
    else yield this.of(value, schema.then ?? true, path, depth + 1);
  }
}

/** Keywords that aren't checked here. Formats are none of them: only some validators look at them. */
const opening = [
  'unevaluatedProperties',
  'unevaluatedItems',
  'contains',
  'dependentSchemas',
  'dependencies',
  'dependentRequired',
  '$dynamicRef',
  '$recursiveRef',
];

function* ownVerdicts(value: Value, schema: Keywords, path: Path): Iterable<Verdict> {
  const types = (Array.isArray(schema.type) ? schema.type : [schema.type]).filter((one) => typeof one === 'string');
  if (types.length > 0 && !types.some((type) => isOfType(value, type))) {
    yield fail(path, { is: 'type', types });
    return;
  }
  if (Array.isArray(schema.enum)) yield oneOf(value, schema.enum, path);
  if (Object.hasOwn(schema, 'const')) yield oneOf(value, [schema.const], path);
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number === 'number') {
    const exclusive = (keyword: string) => schema[keyword] === true;
    yield bound(schema, 'minimum', path, (least) => (exclusive('exclusiveMinimum') ? number > least : number >= least));
    yield bound(schema, 'maximum', path, (most) => (exclusive('exclusiveMaximum') ? number < most : number <= most));
    yield bound(schema, 'exclusiveMinimum', path, (least) => number > least);
    yield bound(schema, 'exclusiveMaximum', path, (most) => number < most);
    yield bound(schema, 'multipleOf', path, (of) => of <= 0 || Math.abs(number / of - Math.round(number / of)) < 1e-9);
  }
  if (typeof value !== 'string') return;
  const { length } = [...value];
  yield bound(schema, 'minLength', path, (least) => length >= least);
  yield bound(schema, 'maxLength', path, (most) => length <= most);
  if (typeof schema.pattern === 'string') {
    const matches = compilePattern(schema.pattern)?.test(value);
    if (matches === undefined) yield open;
    else if (!matches) yield fail(path, { is: 'bound', keyword: 'pattern', bound: schema.pattern });
  }
}

/** Of alternatives, the violations of the one that fits best: the one that fails deepest. */
function closest(verdicts: readonly Verdict[], path: Path): readonly Violation[] {
  const depthOf = ({ violations }: Verdict) => Math.max(...violations.map((one) => one.path.length));
  const best = verdicts.reduce((a, b) => (depthOf(b) > depthOf(a) ? b : a));
  const isClear = verdicts.filter((one) => depthOf(one) === depthOf(best)).length === 1;
  return isClear && depthOf(best) > path.length ? best.violations : [{ path, facts: { is: 'no-alternative' } }];
}

function oneOf(value: Value, allowed: readonly unknown[], path: Path): Verdict {
  if (hasUnknown(value)) return open;
  const text = textOf(value);
  return allowed.some((one) => textOf(one) === text) ? valid : fail(path, { is: 'enum', allowed });
}

function bound(schema: Keywords, keyword: string, path: Path, holds: (bound: number) => boolean): Verdict {
  const limit = schema[keyword];
  if (typeof limit !== 'number' || holds(limit)) return valid;
  return fail(path, { is: 'bound', keyword, bound: limit });
}

function isOfType(value: Value, type: string): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'object':
      return isObject(value);
    case 'array':
      return isList(value);
    case 'integer':
      return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
    case 'number':
      return typeof value === 'bigint' || typeof value === 'number';
    default:
      return typeof value === type;
  }
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => {
    if (typeof one === 'bigint') return Number(one);
    return isRecord(one) ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1))) : one;
  });
}

function joined(found: readonly Verdict[]): Verdict {
  return { violations: found.flatMap(({ violations }) => violations), isOpen: found.some(({ isOpen }) => isOpen) };
}

function fail(path: Path, facts: ViolationFacts): Verdict {
  return { violations: [{ path, facts }], isOpen: false };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
