// Changes the fields of an object that a field spec selects (api/filters/fieldspec). Lists on the path are entered, so one
// spec may select many fields.
import type { Reason } from './build-problem.ts';
import { type Built, type BuiltMap, emptyMap, isNull, type Origin, scalarOf, withEntry } from './built.ts';
import { type FieldSpec, isSelected, specsFor } from './config/field-specs.ts';
import { type Fault, gvkIn } from './objects.ts';

export type Changed<T> = T | { readonly fault: Fault };

export interface Change {
  /** What a missing field is created as where the spec allows it; without it, nothing is created. */
  readonly creates?: 'map' | 'scalar';
  /** The origin of created maps and fields. */
  readonly origin: Origin;
  /** The new value of a selected field, which may be null; the same value leaves it as it is. */
  to(value: Built): Changed<Built>;
}

/** The same object if nothing changes. */
export function changeFields(object: BuiltMap, spec: FieldSpec, change: Change): Changed<BuiltMap> {
  return isSelected(gvkIn(object), spec.gvk) ? changeSelected(object, spec, change) : object;
}

/** The same for a spec that is known to select the object. */
export function changeSelected(object: BuiltMap, spec: FieldSpec, change: Change): Changed<BuiltMap> {
  const done = walk(object, stepsOf(spec), 0, { spec, change });
  return 'fault' in done || done.kind === 'map' ? done : object;
}

/** Stops at the first fault. */
export function changeAllFields(object: BuiltMap, specs: readonly FieldSpec[], change: Change): Changed<BuiltMap> {
  let done = object;
  for (const spec of specsFor(specs, gvkIn(object))) {
    const next = done === object ? changeSelected(done, spec, change) : changeFields(done, spec, change);
    if ('fault' in next) return next;
    done = next;
  }
  return done;
}

export function isFault<T extends object>(changed: Changed<T>): changed is { readonly fault: Fault } {
  return 'fault' in changed;
}

/** Splits at the separators that no backslash escapes; one at the start is ignored. */
export function splitPath(path: string, separator = '/'): readonly string[] {
  const parts = path.split(separator);
  const steps: string[] = [];
  for (const part of parts.length > 1 && parts[0] === '' ? parts.slice(1) : parts) {
    const last = steps.at(-1);
    if (last?.endsWith('\\')) steps[steps.length - 1] = last.slice(0, -1) + separator + part;
    else steps.push(part);
  }
  return steps;
}

const split = new WeakMap<FieldSpec, readonly string[]>();

function stepsOf(spec: FieldSpec): readonly string[] {
  const known = split.get(spec);
  if (known) return known;
  const steps = splitPath(spec.path);
  split.set(spec, steps);
  return steps;
}

interface Walk {
  readonly spec: FieldSpec;
  readonly change: Change;
}

/** `from` is the index of the next step of the path. */
function walk(at: Built, path: readonly string[], from: number, walking: Walk): Changed<Built> {
  if (from === path.length) return walking.change.to(at);
  // A text that kustomize set without a type is read as null only when it is printed.
  if (isNull(at) && !(at.kind === 'scalar' && at.untagged)) return at;
  if (at.kind === 'map') return walkMap(at, path, from, walking);
  if (at.kind === 'list') {
    let items: Built[] | undefined;
    for (const [index, item] of at.items.entries()) {
      const done = walk(item, path, from, walking);
      if ('fault' in done) return done;
      if (done !== item) (items ??= [...at.items])[index] = done;
    }
    return items ? { ...at, items } : at;
  }
  return { fault: { reason: { kind: 'not-a-container', path: walking.spec.path }, origin: at.origin } };
}

function walkMap(at: BuiltMap, path: readonly string[], from: number, walking: Walk): Changed<Built> {
  const { spec, change } = walking;
  const step = path[from]!;
  const isList = step.endsWith('[]');
  const name = isList ? step.slice(0, -2) : step;
  if (name === '' || isItemStep(name)) {
    const path = spec.path;
    const reason: Reason = name === '' ? { kind: 'empty-field-name', path } : { kind: 'item-of-map', step: name, path };
    return { fault: { reason, origin: spec.origin ?? change.origin } };
  }
  const creates = spec.create && change.creates !== undefined && !isList;
  const written = at.entries.get(name);
  if (!written && !creates) return at;
  // A null that the path takes for a list becomes an empty one.
  if (isList && isNull(written)) return withEntry(at, name, { kind: 'list', items: [], origin: written!.origin });
  const blank = written ? isNull(written) : true;
  const isMap = from + 1 < path.length || change.creates === 'map';
  const value = blank && creates ? (isMap ? emptyMap(change.origin) : scalarOf('', change.origin)) : written!;
  const done = walk(value, path, from + 1, walking);
  if ('fault' in done || done === written) return 'fault' in done ? done : at;
  return withEntry(at, name, done);
}

/** Steps that select items of lists (kyaml/yaml/fns.go, PathGetter); those of a map can't be selected by them. */
function isItemStep(step: string): boolean {
  return /^[+-]?\d+$|^[*-]$|^\[.*\]$/.test(step);
}
