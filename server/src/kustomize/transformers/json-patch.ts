// Applies JSON patches (RFC 6902) to built trees like kustomize's library (evanphx/json-patch v4): `replace` also adds,
// indexes may be negative, and text before a pointer's first slash is ignored.
import type { Reason } from '../build-problem.ts';
import {
  type Built,
  type BuiltMap,
  type BuiltScalar,
  builtAt,
  type Origin,
  textAt,
  withEntry,
  withoutEntry,
} from '../built.ts';
import type { Fault } from '../objects.ts';

export type Patched = { readonly value: BuiltMap } | { readonly fault: Fault };

/** Stops at the first operation that fails. */
export function applyOperations(object: BuiltMap, operations: readonly Built[]): Patched {
  let value: Built = object;
  for (const operation of operations) {
    const result: Built | Failure = apply(value, operation);
    if ('failed' in result) return { fault: { reason: result.failed, origin: originOf(result.failed, operation) } };
    value = result;
  }
  if (value.kind !== 'map') return { fault: { reason: { kind: 'no-object' }, origin: value.origin } };
  return { value };
}

/** The field of the operation that it fails for. */
function originOf(reason: Reason, operation: Built): Origin {
  const pointers = ['path', 'from'].map((name) => builtAt(operation, [name]));
  const pointer =
    'pointer' in reason ? pointers.find((one) => one?.kind === 'scalar' && one.text === reason.pointer) : undefined;
  const field = reason.kind === 'unknown-operation' ? builtAt(operation, ['op']) : pointer;
  return (field ?? operation).origin;
}

interface Failure {
  readonly failed: Reason;
}

function apply(root: Built, operation: Built): Built | Failure {
  const name = textAt(operation, ['op']) ?? '';
  const path = textAt(operation, ['path']) ?? '';
  const from = textAt(operation, ['from']) ?? '';
  for (const field of fieldsOf[name] ?? [])
    if (!builtAt(operation, [field]))
      return { failed: { kind: 'incomplete-operation', operation: name, lacks: field } };
  const value = builtAt(operation, ['value']) ?? nullAt(operation);
  switch (name) {
    case 'add':
      return change(root, path, add(value));
    case 'remove':
      return change(root, path, remove);
    case 'replace':
      return path === '' ? value : change(root, path, replace(value));
    case 'test':
      return test(root, path, value);
    case 'copy':
    case 'move': {
      const found = read(root, from);
      if ('failed' in found) return found;
      const rest = name === 'move' ? change(root, from, remove) : root;
      return 'failed' in rest ? rest : change(rest, path, add(found.at ?? nullAt(operation)));
    }
    default:
      return { failed: { kind: 'unknown-operation', operation: name } };
  }
}

function nullAt({ origin }: Built): BuiltScalar {
  return { kind: 'scalar', value: null, text: 'null', origin };
}

/** The fields that an operation must have; a missing value is null. */
const fieldsOf: Readonly<Record<string, readonly ('path' | 'from')[]>> = {
  ...{ add: ['path'], remove: ['path'], replace: ['path'], test: ['path'] },
  ...{ copy: ['from', 'path'], move: ['from', 'path'] },
};

/** Changes the map or list that contains the pointer's last step; undefined if the step doesn't resolve. */
type Edit = (container: Built, step: string) => Built | undefined;

const add =
  (value: Built): Edit =>
  (container, step) => {
    if (container.kind === 'map') return withEntry(container, step, value);
    if (container.kind !== 'list') return undefined;
    const { items } = container;
    const index = step === '-' ? items.length : indexIn(step, items.length + 1);
    return index === undefined ? undefined : { ...container, items: items.toSpliced(index, 0, value) };
  };

const remove: Edit = (container, step) => {
  if (container.kind === 'map') return container.entries.has(step) ? withoutEntry(container, step) : undefined;
  const index = container.kind === 'list' ? indexIn(step, container.items.length) : undefined;
  if (container.kind !== 'list' || index === undefined) return undefined;
  return { ...container, items: container.items.toSpliced(index, 1) };
};

const replace =
  (value: Built): Edit =>
  (container, step) => {
    if (container.kind === 'map') return withEntry(container, step, value);
    const index = container.kind === 'list' ? indexIn(step, container.items.length) : undefined;
    if (container.kind !== 'list' || index === undefined) return undefined;
    return { ...container, items: container.items.with(index, value) };
  };

function change(root: Built, pointer: string, edit: Edit): Built | Failure {
  const steps = stepsOf(pointer);
  return (steps && changeAt(root, steps, edit)) ?? notFound(pointer);
}

function changeAt(at: Built, [step, ...rest]: readonly string[], edit: Edit): Built | undefined {
  if (step === undefined) return undefined;
  if (rest.length === 0) return edit(at, step);
  const inner = childOf(at, step);
  const changed = inner && changeAt(inner, rest, edit);
  if (!changed) return undefined;
  if (at.kind === 'map') return withEntry(at, step, changed);
  return at.kind === 'list' ? { ...at, items: at.items.with(indexIn(step, at.items.length)!, changed) } : undefined;
}

/** A key that is missing only at the last step is no failure; `at` is undefined then. */
function read(root: Built, pointer: string): { readonly at?: Built } | Failure {
  const steps = stepsOf(pointer);
  let at: Built | undefined = root;
  for (const step of steps?.slice(0, -1) ?? []) at = at && childOf(at, step);
  const last = steps?.at(-1);
  if (!at || last === undefined || at.kind === 'scalar') return notFound(pointer);
  const found = childOf(at, last);
  if (found) return { at: found };
  return at.kind === 'map' ? {} : notFound(pointer);
}

function test(root: Built, pointer: string, value: Built): Built | Failure {
  const found = pointer === '' ? { at: root } : read(root, pointer);
  if ('failed' in found) return found;
  if (equal(found.at, value)) return root;
  return { failed: { kind: 'test-failed', pointer } };
}

function equal(a: Built | undefined, b: Built): boolean {
  if (a === b) return true;
  if (!a) return b.kind === 'scalar' && b.value === null;
  if (a.kind === 'scalar' || b.kind === 'scalar') {
    if (a.kind !== 'scalar' || b.kind !== 'scalar') return false;
    return a.value === b.value && (typeof a.value !== 'symbol' || a.text === b.text);
  }
  if (a.kind === 'list') {
    if (b.kind !== 'list' || a.items.length !== b.items.length) return false;
    return a.items.every((item, index) => equal(item, b.items[index]!));
  }
  if (b.kind !== 'map' || a.entries.size !== b.entries.size) return false;
  return [...a.entries].every(([key, value]) => b.entries.has(key) && equal(value, b.entries.get(key)!));
}

function notFound(pointer: string): Failure {
  return { failed: { kind: 'path-not-found', pointer } };
}

function childOf(at: Built, step: string): Built | undefined {
  if (at.kind === 'map') return at.entries.get(step);
  const index = at.kind === 'list' ? indexIn(step, at.items.length) : undefined;
  return at.kind === 'list' && index !== undefined ? at.items[index] : undefined;
}

/** The index in a list of that length; a negative one counts from the end. Undefined if it isn't a valid index. */
function indexIn(step: string, length: number): number | undefined {
  if (!/^[-+]?\d+$/.test(step)) return undefined;
  const index = Number(step);
  if (index >= length || index < -length) return undefined;
  return index < 0 ? index + length : index;
}

/** Undefined for a pointer to the whole document. */
function stepsOf(pointer: string): readonly string[] | undefined {
  const [, ...steps] = pointer.split('/');
  if (steps.length === 0) return undefined;
  return steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
