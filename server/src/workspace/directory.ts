// The names of all objects of a cluster, and what references resolve to by them. States of a cluster in which all objects have
// the same names share it, with everything that follows from it and from the objects of one applier.
import { groupedBy } from '../kube/grouped.ts';
import type { GroupKind } from '../kube/identity.ts';
import { isBuiltIn, isMade, type Made } from '../kube/made.ts';
import type { Use, Within } from '../kube/references.ts';
import type { Built } from '../kustomize/built.ts';
import { type AppliedObject, type Part, type Scopes, usesOf } from './parts.ts';

/** Where an object is: the index of the part, and that in the part. */
export interface Place {
  readonly part: number;
  readonly index: number;
  readonly groupKind: GroupKind;
  readonly namespace: string;
}

/** What a name resolves to. */
export type Resolved =
  | { readonly is: 'object'; readonly places: readonly Place[] }
  /** Kubernetes or a controller creates it. */
  | { readonly is: 'made' }
  /** It can't be known: the namespace or the scope of the kind is unknown, or an object of the kind has an unknown name. */
  | { readonly is: 'unknown' }
  /**
   * Not in the files that the cluster gets. `namespace` is empty for a cluster-scoped target; `isOpen`: something applied
   * there, such as a chart, may create any object of the kind.
   */
  | { readonly is: 'missing'; readonly namespace: string; readonly isOpen: boolean };

export type Wanted = Pick<Use<Built>, 'targets' | 'name' | 'within'>;

/** A reference of an object, and what it resolves to. */
export interface Reference {
  readonly by: AppliedObject;
  readonly use: Use<Built>;
  readonly resolved: Resolved;
}

const made: Resolved = { is: 'made' };
const unknown: Resolved = { is: 'unknown' };

/** `earlier` is the part as it was before, if only the texts of some of its objects changed since. */
type Derive<T> = (part: Part, directory: Directory, earlier: Part | undefined) => T;

export class Directory {
  readonly #labels: readonly string[];
  readonly #scopes: Scopes;
  readonly #byKind = new Map<GroupKind, Map<string, Place[]>>();
  readonly #unnamed: ReadonlySet<GroupKind>;
  readonly #made: readonly Made[];
  #repeated: readonly (readonly Place[])[] | undefined;
  #names: ReadonlySet<string> | undefined;
  /** Those of the state of the cluster that had this directory last. */
  #latest: readonly Part[];
  readonly #earlier = new WeakMap<Part, Part>();
  #madeByName: ReadonlyMap<string, readonly Made[]> | undefined;
  readonly #derived = new Map<Derive<unknown>, WeakMap<Part, unknown>>();

  constructor(parts: readonly Part[], scopes: Scopes) {
    this.#labels = parts.map(({ label }) => label);
    this.#latest = parts;
    this.#scopes = scopes;
    this.#unnamed = new Set(parts.flatMap(({ unnamed }) => unnamed));
    this.#made = parts.flatMap((part) => part.made.map((one) => one.made));
    for (const [part, { objects }] of parts.entries())
      for (const [index, { groupKind, namespace, name }] of objects.entries()) {
        let byName = this.#byKind.get(groupKind);
        if (!byName) this.#byKind.set(groupKind, (byName = new Map()));
        const place: Place = { part, index, groupKind, namespace };
        const same = byName.get(name);
        if (same) same.push(place);
        else byName.set(name, [place]);
      }
  }

  /** Whether it is that of these parts too. */
  isOf(parts: readonly Part[], scopes: Scopes): boolean {
    return (
      scopes === this.#scopes &&
      parts.length === this.#labels.length &&
      parts.every(({ label }, index) => label === this.#labels[index])
    );
  }

  /** Notes another state of the cluster that has these names. */
  next(parts: readonly Part[]): void {
    for (const [index, part] of parts.entries()) {
      const before = this.#latest[index]!;
      if (part === before) continue;
      this.#earlier.set(part, before);
      // Only one earlier state is kept.
      this.#earlier.delete(before);
    }
    this.#latest = parts;
  }

  /** The part of an applier as it was last. */
  latestOf(name: string, index: number): Part | undefined {
    const part = this.#latest[index];
    return part?.applier.name === name ? part : undefined;
  }

  /** Whether an object of the cluster, or one that is made for another, has the name. */
  isName(text: string): boolean {
    this.#names ??= new Set([
      ...[...this.#byKind.values()].flatMap((byName) => [...byName.keys()]),
      ...this.#made.map(({ name }) => name),
    ]);
    return this.#names.has(text);
  }

  /** What follows from the objects of one part and the names of all: computed once as long as these are the same. */
  derived<T>(part: Part, derive: Derive<T>): T {
    let ofParts = this.#derived.get(derive);
    if (!ofParts) this.#derived.set(derive, (ofParts = new WeakMap()));
    if (ofParts.has(part)) return ofParts.get(part) as T;
    const value = derive(part, this, this.#earlier.get(part));
    ofParts.set(part, value);
    return value;
  }

  referencesOf(part: Part): readonly Reference[] {
    return this.derived(part, referencesIn);
  }

  /** The objects of a kind, by name. */
  ofKind(groupKind: GroupKind): ReadonlyMap<string, readonly Place[]> {
    return this.#byKind.get(groupKind) ?? nothing;
  }

  /** The objects that have the kind, the namespace and the name of another, those with the same together. */
  get repeated(): readonly (readonly Place[])[] {
    return (this.#repeated ??= [...this.#byKind.values()].flatMap((byName) =>
      [...byName.values()].flatMap((named) =>
        named.length === 1
          ? []
          : [...groupedBy(named, ({ namespace }) => namespace).values()].filter((same) => same.length > 1),
      ),
    ));
  }

  /** Whether the name of an object of the kind is unknown. */
  hasUnnamed(groupKind: GroupKind): boolean {
    return this.#unnamed.has(groupKind);
  }

  find(groupKind: GroupKind, namespace: string, name: string): readonly Place[] {
    const named = this.ofKind(groupKind).get(name) ?? [];
    const isNamespaced = this.#scopes.get(groupKind) === 'Namespaced';
    return isNamespaced ? named.filter((one) => one.namespace === namespace) : named;
  }

  /** Of a reference by an object in a namespace. */
  resolved(by: string, use: Wanted): Resolved {
    const namespace = namespaceOf(by, use.within);
    if (namespace === undefined || /\$\{|<<|\{\{/.test(use.name)) return unknown;
    const places = use.targets.flatMap((target) => this.find(target, namespace, use.name));
    if (places.length > 0) return { is: 'object', places };
    if (use.targets.some((target) => this.hasUnnamed(target))) return unknown;
    const makers = use.targets.flatMap((target) => this.#makersOf(target, namespace, use.name));
    if (use.targets.some((target) => isBuiltIn(target, namespace, use.name))) return made;
    if (makers.some(({ name }) => name !== '*')) return made;
    // A namespaced object without a namespace gets one outside of the files.
    const isNamespaced = use.targets.some((target) => this.#scopes.get(target) !== 'Cluster');
    if (isNamespaced && namespace === '') return unknown;
    const isUnknownKind = use.targets.some((target) => this.#scopes.get(target) === undefined);
    const isOpen = isUnknownKind || makers.length > 0;
    return { is: 'missing', namespace: isNamespaced ? namespace : '', isOpen };
  }

  /** Whether something besides the files creates the target, or adds to it. */
  isAlsoMade(by: string, use: Wanted): boolean {
    const namespace = namespaceOf(by, use.within) ?? '';
    return use.targets.some((target) => this.#makersOf(target, namespace, use.name).some(({ name }) => name !== '*'));
  }

  /** The names of a kind in a namespace, including those of objects that controllers create. */
  namesOf(groupKind: GroupKind, namespace: string): readonly string[] {
    const isThere = (one: Place) => one.namespace === namespace;
    const applied = [...this.ofKind(groupKind)].flatMap(([name, places]) => (places.some(isThere) ? [name] : []));
    const created = this.#made.flatMap(({ kinds, name, namespace: within }) =>
      Array.isArray(kinds) && kinds.includes(groupKind) && within === namespace && !name.endsWith('*') ? [name] : [],
    );
    return [...new Set([...applied, ...created])];
  }

  /** What may create the object. */
  #makersOf(target: GroupKind, namespace: string, name: string): readonly Made[] {
    // A cluster has many releases, each of which may create any name.
    this.#madeByName ??= groupedBy(this.#made, (one) => (one.name.endsWith('*') ? '*' : one.name));
    const isClustered = this.#scopes.get(target) === 'Cluster';
    return [...(this.#madeByName.get(name) ?? []), ...(this.#madeByName.get('*') ?? [])].filter((one) =>
      isMade(isClustered ? { ...one, namespace: undefined } : one, target, name, namespace),
    );
  }
}

const nothing: ReadonlyMap<string, readonly Place[]> = new Map();

/** What the references of an object resolve to is the same as long as the object and all names are. */
function referencesIn({ objects }: Part, directory: Directory, earlier: Part | undefined): readonly Reference[] {
  const before = earlier ? directory.referencesOf(earlier) : [];
  let at = 0;
  return objects.flatMap((by, index) => {
    const uses = usesOf(by);
    const old = earlier?.objects[index];
    const from = at;
    if (old) at += usesOf(old).length;
    const isSame = old?.value === by.value;
    return uses.map((use, of): Reference => {
      const resolved = isSame ? before[from + of]!.resolved : directory.resolved(by.namespace, use);
      return { by, use, resolved };
    });
  });
}

/** Of what a reference means, by an object in the namespace `own`: empty for a cluster-scoped target, undefined if it is unknown. */
export function namespaceOf(own: string, within: Within): string | undefined {
  switch (within.is) {
    case 'own':
      return own;
    case 'written':
      return within.namespace;
    case 'cluster':
      return '';
    case 'unknown':
      return undefined;
  }
}
