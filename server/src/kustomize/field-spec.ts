// Changes the fields of an object that a field spec selects (api/filters/fieldspec). Lists on the path are entered, so one
// spec may select many fields.
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
  if (!isSelected(gvkIn(object), spec.gvk)) return object;
  const done = walk(object, stepsOf(spec), { spec, change });
  return 'fault' in done || done.kind === 'map' ? done : object;
}

/** Stops at the first fault. */
export function changeAllFields(object: BuiltMap, specs: readonly FieldSpec[], change: Change): Changed<BuiltMap> {
  let done = object;
  for (const spec of specsFor(specs, gvkIn(object))) {
    const next = changeFields(done, spec, change);
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

function walk(at: Built, path: readonly string[], walking: Walk): Changed<Built> {
  if (path.length === 0) return walking.change.to(at);
  if (isNull(at)) return at;
  if (at.kind === 'map') return walkMap(at, path, walking);
  if (at.kind === 'list') {
    const items: Built[] = [];
    for (const item of at.items) {
      const done = walk(item, path, walking);
      if ('fault' in done) return done;
      items.push(done);
    }
    return items.some((item, index) => item !== at.items[index]) ? { ...at, items } : at;
  }
  return { fault: { reason: { kind: 'not-a-container', path: walking.spec.path }, origin: at.origin } };
}

function walkMap(at: BuiltMap, [step = '', ...rest]: readonly string[], { spec, change }: Walk): Changed<Built> {
  const isList = step.endsWith('[]');
  const name = isList ? step.slice(0, -2) : step;
  if (name === '') return { fault: { reason: { kind: 'empty-field-name', path: spec.path }, origin: change.origin } };
  const creates = spec.create && change.creates !== undefined && !isList;
  const written = at.entries.get(name);
  if (!written && !creates) return at;
  // A null that the path takes for a list becomes an empty one.
  if (isList && isNull(written)) return withEntry(at, name, { kind: 'list', items: [], origin: written!.origin });
  const blank = written ? isNull(written) : true;
  const created = rest.length > 0 || change.creates === 'map' ? emptyMap(change.origin) : scalarOf('', change.origin);
  const done = walk(blank && creates ? created : written!, rest, { spec, change });
  if ('fault' in done || done === written) return 'fault' in done ? done : at;
  return withEntry(at, name, done);
}
