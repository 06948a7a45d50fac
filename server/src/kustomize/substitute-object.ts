// Substitutes the variables of Flux's postBuild in a built object. Flux prints the object as YAML, expands the text and
// parses the result (fluxcd/pkg/kustomize, kustomize_varsub.go), so a value may become a number, a list or invalid YAML,
// depending on how it is quoted when printed. Here every scalar takes that way on its own.
import { parseManifest } from '../syntax/manifest.ts';
import { nodeAt } from '../syntax/navigate.ts';
import { unknown } from '../syntax/tree.ts';
import { keyName } from '../syntax/value.ts';
import {
  type Built,
  type BuiltList,
  type BuiltMap,
  type BuiltScalar,
  builtAt,
  builtFrom,
  type Origin,
  originWithin,
  scalarOf,
} from './built.ts';
import { emitted } from './emit-scalar.ts';
import type { FluxReason } from './flux-problem.ts';
import { type Expanded, expand, expressionsIn, hole, isBad, type Lookup, parseTemplate } from './substitute.ts';

/** A variable and where its value is written. */
export interface Variable {
  /** `hole` if it is unknown: encrypted, or itself a variable. */
  readonly value: string | typeof hole;
  readonly origin: Origin;
}

export interface Variables {
  readonly byName: ReadonlyMap<string, Variable>;
  /** Other names may be set too: a ConfigMap or Secret that they come from is unknown. */
  readonly isOpen: boolean;
  /** A variable that isn't set fails the build unless its expression has a default. */
  readonly strict: boolean;
}

type Report = (reason: FluxReason, origin: Origin) => void;

const disabling = 'kustomize.toolkit.fluxcd.io/substitute';

/** Whether a label or an annotation excludes the object from substitution. */
export function isExempt(object: BuiltMap): boolean {
  return ['labels', 'annotations'].some((field) => {
    const value = builtAt(object, ['metadata', field, disabling]);
    return value?.kind === 'scalar' && value.text === 'disabled';
  });
}

/** Returns the same object if nothing changes. `used` collects the names that are read. */
export function substituted(object: BuiltMap, variables: Variables, used: Set<string>, report: Report): BuiltMap {
  const { byName, isOpen, strict } = variables;
  const lookup: Lookup = {
    valueOf: (name) => byName.get(name)?.value ?? (isOpen ? hole : undefined),
    strict,
  };
  const run: Run = { lookup, byName, used, report, shared: new Map() };
  return inMap(object, run);
}

interface Run {
  readonly lookup: Lookup;
  readonly byName: Variables['byName'];
  readonly used: Set<string>;
  readonly report: Report;
  /** Nodes that aliases share are visited once. */
  readonly shared: Map<Built, Built>;
}

function inMap(map: BuiltMap, run: Run): BuiltMap {
  const known = run.shared.get(map);
  if (known) return known as BuiltMap;
  const result = map.holes || hasDollar(map.entries.keys()) ? withKeys(map, run) : withValues(map, run);
  run.shared.set(map, result);
  return result;
}

function hasDollar(keys: Iterable<string>): boolean {
  for (const key of keys) if (key.includes('$')) return true;
  return false;
}

function withValues(map: BuiltMap, run: Run): BuiltMap {
  let entries: Map<string, Built> | undefined;
  for (const [key, value] of map.entries) {
    const inner = inValue(value, 'entry', run);
    if (inner !== value) (entries ??= new Map(map.entries)).set(key, inner);
  }
  return entries ? { ...map, entries } : map;
}

function withKeys(map: BuiltMap, run: Run): BuiltMap {
  let isChanged = false;
  const entries = new Map<string, Built>();
  const holes = new Set<string>();
  for (const [key, value] of map.entries) {
    const name = key.includes('$') ? inKey(key, value, map, run) : key;
    if (name === undefined || (name === key && map.holes?.has(key))) holes.add(key);
    const inner = inValue(value, 'entry', run);
    // Of equal keys, the last that is printed takes precedence, and a dollar sign is printed before letters.
    if (name === key || !map.entries.has(name ?? key)) entries.set(name ?? key, inner);
    isChanged ||= inner !== value || name !== key || map.holes?.has(key) === true;
  }
  const { holes: _before, ...rest } = map;
  return isChanged ? { ...rest, entries, ...(holes.size > 0 && { holes }) } : map;
}

function inList(list: BuiltList, run: Run): BuiltList {
  const known = run.shared.get(list);
  if (known) return known as BuiltList;
  let items: Built[] | undefined;
  for (const [index, item] of list.items.entries()) {
    const inner = inValue(item, 'item', run);
    if (inner !== item) (items ??= [...list.items])[index] = inner;
  }
  const result = items ? { ...list, items } : list;
  run.shared.set(list, result);
  return result;
}

function inValue(value: Built, place: 'entry' | 'item', run: Run): Built {
  if (value.kind === 'map') return inMap(value, run);
  if (value.kind === 'list') return inList(value, run);
  return value.text.includes('$') ? inScalar(value, place, run) : literally(value);
}

/** Without substitution, the text of a hole is applied as it is; a SOPS cipher text remains one. */
export function literally(scalar: BuiltScalar): BuiltScalar {
  const isLiteral = scalar.value === unknown && /\$\{|<</.test(scalar.text) && !scalar.text.startsWith('ENC[');
  return isLiteral ? { ...scalar, value: scalar.text } : scalar;
}

/** The name of a key after substitution; undefined if it is unknown. */
function inKey(key: string, value: Built, { origin }: BuiltMap, run: Run): string | undefined {
  const printed = emitted(key, 'key');
  const expanded = expandIn(scalarOf(key, value.origin ?? origin), printed, run);
  if (!expanded || expanded.isHole) return undefined;
  if (expanded.text === printed) return key;
  const { root, findings } = parseManifest(`${expanded.text}: 0\n`);
  const [first, ...others] = root?.type === 'map' ? root.entries : [];
  const isRead = first && others.length === 0 && !findings.some(({ severity }) => severity === 'error');
  if (isRead) return keyName(first.key) ?? first.key.text;
  run.report({ kind: 'not-yaml', text: expanded.text }, value.origin);
  return undefined;
}

function inScalar(scalar: BuiltScalar, place: 'entry' | 'item', run: Run): Built {
  if (scalar.value !== unknown && typeof scalar.value !== 'string') return scalar;
  if (scalar.text.startsWith('ENC[')) return scalar;
  const printed = emitted(scalar.text, 'value');
  const expanded = expandIn(scalar, printed, run);
  if (!expanded) return { ...scalar, value: unknown };
  if (expanded.isHole) return holeOf(scalar, expanded, run);
  if (expanded.text === printed) return literally(scalar);
  const { root, findings } = parseManifest(place === 'entry' ? `x: ${expanded.text}\n` : `- ${expanded.text}\n`);
  const node = findings.some(({ severity }) => severity === 'error')
    ? undefined
    : nodeAt(root, [place === 'entry' ? 'x' : 0]);
  const isAlone = root?.type === 'map' ? root.entries.length === 1 : root?.type === 'seq' && root.items.length === 1;
  if (!node || !isAlone) {
    run.report({ kind: 'not-yaml', text: expanded.text }, scalar.origin);
    return holeOf(scalar, expanded, run);
  }
  return marked(
    builtFrom(node, () => scalar.origin, 'configuration'),
    variablesOf(expanded, run),
  );
}

/** Undefined if an expression is invalid. */
function expandIn(scalar: BuiltScalar, printed: string, run: Run): Expanded | undefined {
  const template = parseTemplate(printed);
  // Quotes and escapes move offsets: the place of a problem is that of the same expression in the text.
  const places = printed === scalar.text ? template : parseTemplate(scalar.text);
  if (isBad(template)) {
    const place = isBad(places) ? places : { start: 0, end: scalar.text.length };
    const text = scalar.text.slice(place.start, place.end);
    run.report({ kind: 'bad-expression', bad: template.bad, text }, originWithin(scalar, place.start, place.end));
    return undefined;
  }
  const expanded = expand(template, printed, run.lookup);
  for (const name of expanded.used) run.used.add(name);
  const expressions = expressionsIn(template);
  const written = isBad(places) ? [] : expressionsIn(places);
  for (const one of expanded.unset) {
    const { start, end } = written[expressions.indexOf(one)] ?? { start: 0, end: scalar.text.length };
    run.report({ kind: 'unset-variable', name: one.name }, originWithin(scalar, start, end));
  }
  return expanded;
}

function holeOf(scalar: BuiltScalar, expanded: Expanded, run: Run): BuiltScalar {
  const variables = variablesOf(expanded, run);
  return { ...scalar, value: unknown, ...(variables && { variables }) };
}

function variablesOf({ used }: Expanded, run: Run): BuiltScalar['variables'] {
  const variables = [...new Set(used)].flatMap((name) => {
    const variable = run.byName.get(name);
    return variable ? [{ name, origin: variable.origin }] : [];
  });
  return variables.length > 0 ? variables : undefined;
}

function marked(built: Built, variables: BuiltScalar['variables'] | undefined): Built {
  if (built.kind === 'list') return { ...built, items: built.items.map((item) => marked(item, variables)) };
  if (built.kind === 'map') {
    const entries = new Map([...built.entries].map(([key, value]) => [key, marked(value, variables)]));
    return { ...built, entries };
  }
  return { ...literally(built), ...(variables && { variables }) };
}
