// What is wrong with the values of a release: what Helm refuses by the chart's JSON Schema and, where that says nothing, keys that
// neither the defaults nor the templates of the chart know.
import { nearest } from '../schema/nearest.ts';
import type { Path, Value } from '../syntax/tree.ts';
import { isObject, type ObjectValue, own, toValue } from '../syntax/value.ts';
import { type Chart, valuesRoot } from './chart.ts';
import { coalesced, defaultValues, isUsed, mergedOver, opened } from './coalesce.ts';
import { namesInComments } from './defaults.ts';
import type { Layer, ReleaseValues, ValuePlace } from './layers.ts';
import { type Uses, usesOf } from './uses.ts';
import { type Violation, type ViolationFacts, violationsOf } from './verdict.ts';

export interface ValuesProblem {
  readonly place: ValuePlace;
  readonly on: 'key' | 'value';
  /** The path in the values. */
  readonly path: Path;
  /** The chart or subchart whose rule it is. */
  readonly chart: Chart;
  readonly facts:
    | ViolationFacts
    /** Nothing of the chart reads the key. */
    | { readonly is: 'unread'; readonly key: string; readonly near: string | undefined }
    /** The chart may read it, but it resembles one that the chart has. */
    | { readonly is: 'alike'; readonly key: string; readonly near: string };
}

export interface Given {
  readonly chart: Chart;
  readonly values: ReleaseValues;
  /** Where the values as a whole are, for what is missing in them. */
  readonly whole: ValuePlace;
  /** Undefined for those of the chart's own `values.yaml`; texts of files that are used instead, undefined if unknown. */
  readonly valuesFiles: readonly (string | undefined)[] | undefined;
  /** Helm doesn't look at the JSON Schema. */
  readonly isUnchecked: boolean;
}

export function problemsOfValues(given: Given): readonly ValuesProblem[] {
  const refused = given.isUnchecked ? [] : [...refusals(given)];
  return [...refused, ...unreadKeys(given)];
}

function* refusals({ chart, values, whole, valuesFiles }: Given): Iterable<ValuesProblem> {
  if (!hasJsonSchema(chart)) return;
  const all = coalesced(chart, values.merged, valuesFiles && defaultsFrom(valuesFiles));
  for (const { at, chart: one, violation } of violationsIn(chart, all, [])) {
    const { facts } = violation;
    const path = [...at, ...violation.path];
    if (facts.is === 'missing-key') {
      yield { ...placeAround(values.layers, path, whole), on: 'value', path, chart: one, facts };
      continue;
    }
    const on = facts.is === 'unknown-key' ? 'key' : 'value';
    const place = placeOf(values.layers, path, on);
    // What nobody but the chart itself sets is the chart's fault.
    if (place) yield { place, on, path, chart: one, facts };
  }
}

function hasJsonSchema({ jsonSchema, dependencies }: Chart): boolean {
  return jsonSchema !== undefined || dependencies.some(({ chart }) => chart !== undefined && hasJsonSchema(chart));
}

interface Found {
  readonly at: Path;
  readonly chart: Chart;
  readonly violation: Violation;
}

function* violationsIn(chart: Chart, values: ObjectValue, at: Path): Iterable<Found> {
  // Values that subcharts export are merged by code that isn't here.
  const isImporting = chart.dependencies.some((one) => one.isImported);
  if (chart.jsonSchema !== undefined && !isImporting)
    for (const violation of violationsOf(values, chart.jsonSchema)) yield { at, chart, violation };
  for (const dependency of chart.dependencies) {
    if (!dependency.chart || isUsed(dependency, values) !== true) continue;
    const below = own(values, dependency.name);
    if (isObject(below)) yield* violationsIn(dependency.chart, below, [...at, dependency.name]);
  }
}

/** Of files that Flux uses instead of `values.yaml`, the later over the earlier ones. */
export function defaultsFrom(texts: readonly (string | undefined)[]): ObjectValue {
  let merged: ObjectValue = {};
  for (const text of texts) {
    const root = text === undefined ? undefined : valuesRoot(text);
    const value = root && toValue(root);
    if (!isObject(value)) return opened({}) as ObjectValue;
    merged = mergedOver(merged, value, false);
  }
  return merged;
}

export function placeOf(layers: readonly Layer[], path: Path, on: 'key' | 'value'): ValuePlace | undefined {
  for (const layer of layers.toReversed()) {
    const place = layer.place(path, on);
    if (place) return place;
  }
  return undefined;
}

/** The innermost map around a path that is written. */
function placeAround(layers: readonly Layer[], path: Path, whole: ValuePlace): { readonly place: ValuePlace } {
  for (let length = path.length; length > 0; length -= 1) {
    const place = placeOf(layers, path.slice(0, length), 'key');
    if (place) return { place };
  }
  return { place: whole };
}

/** Keys of templates in values are read by those, and so by nothing here. */
function* unreadKeys({ chart, values }: Given): Iterable<ValuesProblem> {
  for (const layer of values.layers) {
    if (JSON.stringify(layer.value, plain).includes('.Values')) continue;
    yield* unreadIn(chart, layer, layer.value, []);
  }
}

function plain(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}

function* unreadIn(chart: Chart, layer: Layer, values: ObjectValue, at: Path): Iterable<ValuesProblem> {
  const names = new Set(chart.dependencies.map(({ name }) => name));
  for (const dependency of chart.dependencies) {
    const below = own(values, dependency.name);
    if (dependency.chart && isObject(below)) yield* unreadIn(dependency.chart, layer, below, [...at, dependency.name]);
  }
  // A JSON Schema says itself which keys there are.
  if (chart.jsonSchema !== undefined || chart.isLibrary) return;
  const known: Known = {
    chart,
    uses: usesOf(chart),
    names,
    mentioned: namesInComments(chart.valuesText),
    switches: chart.dependencies.flatMap(({ conditions }) => conditions),
  };
  yield* unreadBelow(known, layer, { values, defaults: defaultValues(chart), path: [] }, at);
}

interface Known {
  readonly chart: Chart;
  readonly uses: Uses;
  /** Of subcharts. */
  readonly names: ReadonlySet<string>;
  readonly mentioned: ReadonlySet<string>;
  readonly switches: readonly string[];
}

interface Level {
  readonly values: ObjectValue;
  readonly defaults: ObjectValue;
  /** From the chart's own values. */
  readonly path: readonly string[];
}

function* unreadBelow(known: Known, layer: Layer, level: Level, at: Path): Iterable<ValuesProblem> {
  const { values, defaults, path } = level;
  const isAnyRead = known.uses.readsWhole(path);
  const names = Object.keys(defaults);
  if (names.length === 0) return;
  for (const [key, value] of Object.entries(values)) {
    const inChart = [...path, key];
    const given = own(defaults, key);
    if (given !== undefined) {
      if (isObject(value) && isObject(given))
        yield* unreadBelow(known, layer, { values: value, defaults: given, path: inChart }, at);
      continue;
    }
    if (value === null || isExpected(known, inChart)) continue;
    const near = nearest(
      key,
      names.filter((name) => own(values, name) === undefined),
    );
    if (isAnyRead && (near === undefined || !isSameType(value, own(defaults, near)))) continue;
    const whole = [...at, ...inChart];
    const place = layer.place(whole, 'key');
    if (!place) continue;
    const facts = isAnyRead ? ({ is: 'alike', key, near: near! } as const) : ({ is: 'unread', key, near } as const);
    yield { place, on: 'key', path: whole, chart: known.chart, facts };
  }
}

function isExpected({ uses, names, mentioned, switches }: Known, path: readonly string[]): boolean {
  const key = path.at(-1)!;
  if (path.length === 1 && (names.has(key) || key === 'global' || key === 'tags')) return true;
  const dotted = path.join('.');
  if (switches.some((one) => one === dotted || one.startsWith(`${dotted}.`))) return true;
  // YAML anchors are often kept in keys of their own.
  if (key.startsWith('x-') || key.startsWith('_')) return true;
  return mentioned.has(key) || uses.reads(path);
}

function isSameType(a: Value, b: Value | undefined): boolean {
  return b === null || b === undefined || typeof a === typeof b || typeof a === 'symbol';
}
