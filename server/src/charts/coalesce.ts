// Merges values as Helm does: the user's over the chart's, maps key by key, and the parent's part for a subchart over the
// subchart's own (pkg/chart/common/util/coalesce.go). What isn't known stays unknown.
import { unknown, type Value } from '../syntax/tree.ts';
import { hasUnknownKey, isObject, markUnknownKeys, type ObjectValue, own, toValue } from '../syntax/value.ts';
import { type Chart, type Dependency, valuesRoot } from './chart.ts';

/** The values that a chart is rendered with. `defaults` are used instead of its `values.yaml`. */
export function coalesced(
  chart: Chart,
  values: ObjectValue,
  defaults: ObjectValue = defaultValues(chart),
): ObjectValue {
  let merged = mergedOver(defaults, values, true);
  // A null there removes the key from the subchart's own values too.
  for (const { name, chart: below } of chart.dependencies) {
    const base = own(defaults, name) ?? {};
    const over = own(values, name);
    if (below && isObject(base) && isObject(over)) merged = withKey(merged, name, mergedOver(base, over, false));
  }
  for (const dependency of chart.dependencies) {
    if (!dependency.chart || isUsed(dependency, merged) === false) continue;
    const below = own(merged, dependency.name) ?? {};
    if (!isObject(below)) continue;
    merged = withKey(merged, dependency.name, coalesced(dependency.chart, withGlobals(below, merged)));
  }
  return merged;
}

const defaultsOf = new WeakMap<Chart, ObjectValue>();

export function defaultValues(chart: Chart): ObjectValue {
  const known = defaultsOf.get(chart);
  if (known) return known;
  const root = valuesRoot(chart.valuesText);
  const value = root && toValue(root);
  const read = isObject(value) ? value : {};
  defaultsOf.set(chart, read);
  return read;
}

/**
 * The maps of both, `over` taking precedence. With `removes`, a null removes the key, as in the values of a release; nulls
 * among the defaults are unknown, since versions of Helm differ in what they mean.
 */
export function mergedOver(base: ObjectValue, over: ObjectValue, removes: boolean): ObjectValue {
  const merged: Record<string, Value> = {};
  for (const [key, value] of Object.entries(base)) {
    if (Object.hasOwn(over, key)) continue;
    set(merged, key, hasUnknownKey(over) ? unknown : removes && value === null ? unknown : value);
  }
  for (const [key, value] of Object.entries(over)) {
    if (removes && value === null) continue;
    const below = own(base, key);
    set(merged, key, isObject(value) && isObject(below) ? mergedOver(below, value, removes) : value);
  }
  if (hasUnknownKey(base) || hasUnknownKey(over)) markUnknownKeys(merged);
  return merged;
}

/** The value with every map open: something unknown may be merged into it. */
export function opened(value: Value): Value {
  if (!isObject(value)) return value;
  const copy: Record<string, Value> = {};
  for (const [key, one] of Object.entries(value)) set(copy, key, opened(one));
  markUnknownKeys(copy);
  return copy;
}

/** Undefined if it can't be told. */
export function isUsed({ conditions, tags }: Dependency, values: ObjectValue): boolean | undefined {
  for (const condition of conditions) {
    const value = atDotted(values, condition.split('.'));
    if (typeof value === 'boolean') return value;
    if (value === unknown) return undefined;
  }
  const switches = own(values, 'tags');
  const states = tags.map((tag) => (isObject(switches) ? own(switches, tag) : undefined));
  if (states.includes(true)) return true;
  return !states.includes(false);
}

function atDotted(values: ObjectValue, path: readonly string[]): Value | undefined {
  let at: Value | undefined = values;
  for (const step of path) {
    if (!isObject(at)) return at === unknown ? unknown : undefined;
    const next: Value | undefined = own(at, step);
    if (next === undefined && hasUnknownKey(at)) return unknown;
    at = next;
  }
  return at;
}

/** A chart's globals are those of its subcharts too, where these have none of their own. */
function withGlobals(values: ObjectValue, parent: ObjectValue): ObjectValue {
  const globals = own(parent, 'global');
  if (!isObject(globals)) return values;
  const below = own(values, 'global');
  return withKey(values, 'global', isObject(below) ? mergedOver(below, globals, false) : globals);
}

function withKey(values: ObjectValue, key: string, value: Value): ObjectValue {
  const copy: Record<string, Value> = {};
  for (const [name, one] of Object.entries(values)) set(copy, name, one);
  set(copy, key, value);
  if (hasUnknownKey(values)) markUnknownKeys(copy);
  return copy;
}

/** Assigning to `__proto__` would change the object's prototype instead. */
function set(map: Record<string, Value>, key: string, value: Value): void {
  Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
}
