// Extracts the references of an object, as defined by the row of its kind. It reads objects through a `Reader`, so the same
// code serves YAML trees and live objects. `workspace/resolve.ts` resolves the references to definitions.
import { type GroupKind, groupKindOf, kindName, parseApiVersion } from './identity.ts';
import type { Kind, Reference } from './kind.ts';
import { kindRows } from './kinds.ts';
import { mayName } from './roles.ts';

/** Reads one representation of objects. Never throws: a value of another type than requested is undefined. */
export interface Reader<N> {
  field(node: N, key: string): N | undefined;
  /** Empty if the node isn't a list. */
  items(node: N): readonly N[];
  /** The value of a string; undefined for any other or unknown value. */
  text(node: N): string | undefined;
  isTrue(node: N): boolean;
}

/** The namespace of a reference's target. */
export type Within =
  /** That of the referring object. */
  | { readonly is: 'own' }
  | { readonly is: 'written'; readonly namespace: string }
  /** Set to an unknown value, such as `${NAMESPACE}`. */
  | { readonly is: 'unknown' }
  /** The target is cluster-scoped. */
  | { readonly is: 'cluster' };

/** One reference from an object to another. */
export interface Use<N> {
  readonly reference: Reference;
  /** The path from the object to the reference, which is the name itself or a map around it. */
  readonly path: readonly (string | number)[];
  readonly name: string;
  /** The node of the name. */
  readonly node: N;
  /** The possible kinds of the target; never empty. */
  readonly targets: readonly GroupKind[];
  readonly within: Within;
  /** A missing target is valid. */
  readonly optional: boolean;
  /** The reference itself says `optional: true`, or the object that the target is in another cluster. */
  readonly waived: boolean;
  /** The controller doesn't read the reference: a missing target does no harm yet. */
  readonly ignored: boolean;
}

/** The references of an object; those without a known name, or to a kind that isn't allowed, are skipped. */
export function referencesOf<N>(object: N, row: Kind, reader: Reader<N>): readonly Use<N>[] {
  const uses: Use<N>[] = [];
  visit(object, stepsOf(row).references, [], reader, (node, reference, path) => {
    const use = useAt(node, reference, row, path, reader);
    if (use) uses.push(withObject(use, object, reader));
  });
  return uses;
}

/** What other fields of the object make of its reference. */
function withObject<N>(use: Use<N>, object: N, reader: Reader<N>): Use<N> {
  const { elsewhereWith, ignoredWith } = use.reference;
  if (elsewhereWith !== undefined && fieldOf(object, elsewhereWith, reader) !== undefined)
    return { ...use, optional: true, waived: true };
  const ignoring = ignoredWith === undefined ? undefined : fieldOf(object, ignoredWith, reader);
  return ignoring !== undefined && reader.isTrue(ignoring) ? { ...use, ignored: true } : use;
}

function fieldOf<N>(object: N, path: string, reader: Reader<N>): N | undefined {
  return path.split('.').reduce<N | undefined>((node, key) => node && reader.field(node, key), object);
}

/** The paths of the objects embedded in an object. */
export function embeddedIn<N>(object: N, row: Kind, reader: Reader<N>): readonly (readonly (string | number)[])[] {
  const paths: (readonly (string | number)[])[] = [];
  visit(object, stepsOf(row).embeds, [], reader, (_, __, path) => paths.push(path.slice()));
  return paths;
}

/**
 * The possible kinds of a target: the one set in the reference or, without one, those its row allows. Empty if the row
 * doesn't allow the kind that is set.
 */
function targetsOf<N>(node: N, reference: Reference, by: string, reader: Reader<N>): readonly GroupKind[] {
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
  // `*` in an Alert means every object of the kind.
  if (!named || !name || name === '*') return undefined;
  const targets = targetsOf(node, reference, row.kind, reader);
  // A plain name can't specify one of several kinds.
  if (targets.length === 0 || (named === node && targets.length > 1)) return undefined;
  const written = reader.field(node, 'optional');
  const waived = written !== undefined && reader.isTrue(written);
  const optional = reference.optional === true || waived;
  return {
    reference,
    path: path.slice(),
    name,
    node: named,
    targets,
    within: withinOf(node, reference, reader),
    optional,
    waived,
    ignored: false,
  };
}

function textOf<N>(node: N, key: string, reader: Reader<N>): string | undefined {
  const found = reader.field(node, key);
  return found && reader.text(found);
}

/** The kinds with rows that a reference with a role may name, for a reference without a kind. */
function rolePlayers(reference: Reference, by: string): readonly GroupKind[] {
  if (reference.role === undefined) return [];
  return kindRows.map(groupKindOf).filter((one) => mayName(reference, by, one));
}

/** The paths of a row as a tree, so that common prefixes are walked once. */
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

/** `path` is that of the node while it is visited; `found` gets the same list, which changes afterwards. */
function visit<N, T>(
  node: N,
  steps: Steps<T>,
  path: (string | number)[],
  reader: Reader<N>,
  found: (node: N, end: T, path: readonly (string | number)[]) => void,
): void {
  for (const end of steps.ends) found(node, end, path);
  for (const [key, next] of steps.fields) {
    const value = reader.field(node, key);
    if (value === undefined) continue;
    path.push(key);
    visit(value, next, path, reader, found);
    path.pop();
  }
  const { items } = steps;
  if (!items) return;
  for (const [index, item] of reader.items(node).entries()) {
    path.push(index);
    visit(item, items, path, reader, found);
    path.pop();
  }
}
