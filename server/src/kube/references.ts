// The one resolver of references: which other objects an object names, as the row of its kind says. It reads through a
// `Reader`, so that YAML trees and live objects are read by the same code. `workspace/resolve.ts` finds the targets.
import { type GroupKind, groupKindOf, kindName, parseApiVersion } from './identity.ts';
import type { Kind, Reference } from './kind.ts';
import { kindRows } from './kinds.ts';
import { mayName } from './roles.ts';

/** How a representation of objects is read; total: what has another type than asked for is absent. */
export interface Reader<N> {
  field(node: N, key: string): N | undefined;
  /** Empty where the node is no list. */
  items(node: N): readonly N[];
  /** Of a string; undefined for another value, and for one that can't be known. */
  text(node: N): string | undefined;
  isTrue(node: N): boolean;
}

/** In which namespace a reference looks for its target. */
export type Within =
  /** That of the object that refers. */
  | { readonly is: 'own' }
  | { readonly is: 'written'; readonly namespace: string }
  /** Written, as what can't be known: `${NAMESPACE}`. */
  | { readonly is: 'unknown' }
  /** The target has no namespace. */
  | { readonly is: 'cluster' };

/** One name that an object writes to mean another object. */
export interface Use<N> {
  readonly reference: Reference;
  /** From the object to the reference, which is the name itself or a map around it. */
  readonly path: readonly (string | number)[];
  readonly name: string;
  /** Where the name stands. */
  readonly node: N;
  /** One of these; never empty. */
  readonly targets: readonly GroupKind[];
  readonly within: Within;
  /** That the target is missing is no fault. */
  readonly optional: boolean;
}

/** The references that the object makes; those without a readable name, or to a kind that can't be named here, are left out. */
export function referencesOf<N>(object: N, row: Kind, reader: Reader<N>): readonly Use<N>[] {
  const uses: Use<N>[] = [];
  visit(object, stepsOf(row).references, [], reader, (node, reference, path) => {
    const use = useAt(node, reference, row, path, reader);
    if (use) uses.push(use);
  });
  return uses;
}

/** Whole objects inside the object, each with the path to it. */
export function embeddedIn<N>(object: N, row: Kind, reader: Reader<N>): readonly (readonly (string | number)[])[] {
  const paths: (readonly (string | number)[])[] = [];
  visit(object, stepsOf(row).embeds, [], reader, (_, __, path) => paths.push(path));
  return paths;
}

/** The kinds a reference means: as written, else those its row allows. Empty where what is written isn't allowed. */
export function targetsOf<N>(node: N, reference: Reference, by: string, reader: Reader<N>): readonly GroupKind[] {
  const kind = textOf(node, 'kind', reader);
  const group = textOf(node, 'apiGroup', reader) ?? parseApiVersion(textOf(node, 'apiVersion', reader) ?? '')?.group;
  if (reference.to.length === 0 && kind !== undefined && group !== undefined) return [groupKindOf({ group, kind })];
  const allowed = reference.to.length > 0 ? reference.to : rolePlayers(reference, by);
  if (kind === undefined) return allowed;
  return allowed.filter(
    (one) => kindName(one) === kind && (group === undefined || one === groupKindOf({ group, kind })),
  );
}

export function withinOf<N>(node: N, { namespace }: Reference, reader: Reader<N>): Within {
  if (namespace === 'none') return { is: 'cluster' };
  const written = namespace === 'field' ? reader.field(node, 'namespace') : undefined;
  if (written === undefined) return { is: 'own' };
  const text = reader.text(written);
  if (text === undefined) return { is: 'unknown' };
  return text === '' ? { is: 'own' } : { is: 'written', namespace: text };
}

function useAt<N>(
  node: N,
  reference: Reference,
  row: Kind,
  path: Use<N>['path'],
  reader: Reader<N>,
): Use<N> | undefined {
  const named = reader.text(node) === undefined ? reader.field(node, 'name') : node;
  const name = named && reader.text(named);
  // An Alert's `*` is every object of the kind.
  if (!named || !name || name === '*') return undefined;
  const targets = targetsOf(node, reference, row.kind, reader);
  // A plain name has no room for a kind.
  if (targets.length === 0 || (named === node && targets.length > 1)) return undefined;
  const written = reader.field(node, 'optional');
  const optional = reference.optional === true || (written !== undefined && reader.isTrue(written));
  return { reference, path, name, node: named, targets, within: withinOf(node, reference, reader), optional };
}

function textOf<N>(node: N, key: string, reader: Reader<N>): string | undefined {
  const found = reader.field(node, key);
  return found && reader.text(found);
}

/** Of the kinds with rows: while its kind isn't written, a reference with a role may mean any of them. */
function rolePlayers(reference: Reference, by: string): readonly GroupKind[] {
  if (reference.role === undefined) return [];
  return kindRows.map(groupKindOf).filter((one) => mayName(reference, by, one));
}

/** Paths of a row as a tree, so that what they share is walked once. */
interface Steps<T> {
  readonly ends: T[];
  readonly fields: Map<string, Steps<T>>;
  items?: Steps<T>;
}

interface RowSteps {
  readonly references: Steps<Reference>;
  readonly embeds: Steps<true>;
}

const prepared = new WeakMap<Kind, RowSteps>();

function stepsOf(row: Kind): RowSteps {
  const known = prepared.get(row);
  if (known) return known;
  const steps: RowSteps = { references: { ends: [], fields: new Map() }, embeds: { ends: [], fields: new Map() } };
  for (const reference of row.references ?? []) add(steps.references, reference.path, reference);
  for (const path of row.embeds ?? []) add(steps.embeds, path, true);
  prepared.set(row, steps);
  return steps;
}

function add<T>(root: Steps<T>, path: string, end: T): void {
  let at = root;
  for (const step of path.split(/\.|(?=\[\*\])/)) {
    let next: Steps<T> | undefined = step === '[*]' ? at.items : at.fields.get(step);
    if (!next) {
      next = { ends: [], fields: new Map() };
      if (step === '[*]') at.items = next;
      else at.fields.set(step, next);
    }
    at = next;
  }
  at.ends.push(end);
}

function visit<N, T>(
  node: N,
  steps: Steps<T>,
  path: readonly (string | number)[],
  reader: Reader<N>,
  found: (node: N, end: T, path: readonly (string | number)[]) => void,
): void {
  for (const end of steps.ends) found(node, end, path);
  for (const [key, next] of steps.fields) {
    const value = reader.field(node, key);
    if (value !== undefined) visit(value, next, [...path, key], reader, found);
  }
  const { items } = steps;
  if (!items) return;
  for (const [index, item] of reader.items(node).entries()) visit(item, items, [...path, index], reader, found);
}
