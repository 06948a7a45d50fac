// Resolves references to definitions, and definitions to references. Candidates have the same kind and name, and are ranked
// by the scope and namespace they are applied in. An unknown namespace matches any, but a known match takes precedence.
import type { GroupKind } from '../kube/identity.ts';
import type { Within } from '../kube/references.ts';
import type { Form, Owned } from './delivered.ts';
import type { UseFacts } from './facts.ts';
import type { Definition, Index, UseSite } from './index.ts';
import type { Ownership } from './ownership.ts';

export interface Sources {
  /** Changes with the index and the ownership of files. */
  readonly revision: number;
  readonly index: Index;
  readonly ownership: Ownership;
  /** According to the schemas for the file. */
  isClusterScoped(groupKind: GroupKind, path: string): boolean;
}

/** The object that contains a reference. */
export interface Referrer {
  readonly path: string;
  readonly object: { readonly namespace?: string };
  readonly from: Definition['from'];
}

export interface Reachable {
  readonly definition: Definition & { readonly name: string };
  /** Whether it is in the reference's default namespace. */
  readonly isOwn: boolean;
  /** Its namespace, if it is certainly another one: the reference must write it. */
  readonly elsewhere?: string;
}

/** State: the candidates of names that were looked up, until something changes. */
export class Resolver {
  readonly #sources: Sources;
  readonly #namesakes = new Map<string, Namesakes>();
  #revision = -1;

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  /** The targets of a reference in each scope that its object is applied in. */
  targets(by: Referrer, use: UseFacts): readonly Definition[] {
    const wanted = this.#wantedBy(by, use.within);
    return use.targets.flatMap((groupKind) => {
      const namesakes = this.#namesakesOf(groupKind, use.name, by.path);
      const sought = soughtIn(namesakes.table, wanted);
      return near(namesakes.definitions, wanted)
        .filter((one) => isAmongBest(one, sought))
        .map(({ definition }) => definition);
    });
  }

  /**
   * The targets that are certain in one scope: both namespaces are the same, or both are unknown and therefore have the same
   * default.
   */
  certainTargets(scope: string, by: Referrer, use: UseFacts): readonly Definition[] {
    const wanted = this.#wantedBy(by, use.within).filter((one) => one.scope === scope);
    return use.targets.flatMap((groupKind) => {
      const { definitions } = this.#namesakesOf(groupKind, use.name, by.path);
      return (definitions.byScope.get(scope) ?? [])
        .filter(({ clustered, places }) =>
          places.some(
            (place) =>
              place.scope === scope &&
              wanted.some((one) => clustered || one.cluster || one.namespace === place.namespace),
          ),
        )
        .map(({ definition }) => definition);
    });
  }

  /** All references to the definition. */
  uses(definition: Definition): readonly UseSite[] {
    const { path, object } = definition;
    if (object.name === undefined) return [];
    const namesakes = this.#namesakesOf(object.groupKind, object.name, path);
    const own = namesakes.definitions.all.find((one) => one.definition === definition);
    return own ? this.#usesMeaning(namesakes, own, namesakes.table) : [];
  }

  /** All references that may have the same target as this one, for a target that no file defines. */
  usesAlike(by: Referrer, use: UseFacts): readonly UseSite[] {
    const places = this.#wantedBy(by, use.within);
    return use.targets.flatMap((groupKind) => {
      const meant = { clustered: this.#sources.isClusterScoped(groupKind, by.path), places };
      return this.#usesMeaning(this.#namesakesOf(groupKind, use.name, by.path), meant, tableOf([meant]));
    });
  }

  /** The objects of a kind that a reference of the object may name; with `anywhere`, also those in other namespaces. */
  reachable(by: Referrer, groupKind: GroupKind, within: Within, anywhere: boolean): readonly Reachable[] {
    const clustered = this.#sources.isClusterScoped(groupKind, by.path);
    const wanted = this.#wantedBy(by, within);
    return [...this.#sources.index.definitionsOf(groupKind)].flatMap((definition) => {
      const places = this.#placesOf(definition);
      const levels = wanted.flatMap((one) => places.map((place) => levelOf(one, place, clustered, anywhere)));
      const best = Math.max(...levels);
      if (best === unfit) return [];
      const isNear = wanted.some((one) => places.some((place) => levelOf(one, place, clustered) !== unfit));
      const elsewhere = isNear ? undefined : places[0]?.namespace;
      return [{ definition, isOwn: best >= exactNamespace, ...(elsewhere !== undefined && { elsewhere }) }];
    });
  }

  #namesakesOf(groupKind: GroupKind, name: string, path: string): Namesakes {
    const { revision, index } = this.#sources;
    if (this.#revision !== revision) this.#namesakes.clear();
    this.#revision = revision;
    const key = `${groupKind}|${name}`;
    const known = this.#namesakes.get(key);
    if (known) return known;
    const definitions = index.definitions(groupKind, name).toSorted(inOrder);
    const clustered = definitions.length > 0 && this.#sources.isClusterScoped(groupKind, path);
    const candidates = definitions.map((definition) => ({
      ...{ definition, clustered, places: this.#placesOf(definition) },
    }));
    let uses: Spread<UseSite> | undefined;
    const namesakes: Namesakes = {
      definitions: spread(candidates, ({ places }) => places),
      uses: () => {
        const all = () => index.uses(groupKind, name).toSorted((a, b) => inOrder(a.by, b.by));
        return (uses ??= spread(all(), ({ by }) => this.#placesOf(by)));
      },
      table: tableOf(candidates),
    };
    this.#namesakes.set(key, namesakes);
    return namesakes;
  }

  #usesMeaning({ uses }: Namesakes, meant: Candidate, table: Table): readonly UseSite[] {
    return near(uses(), meant.places).filter(({ by, use }) =>
      isAmongBest(meant, soughtIn(table, this.#wantedBy(by, use.within))),
    );
  }

  #placesOf({ path, object, from }: Referrer): readonly Spot[] {
    const owned = this.#sources.ownership.asApplied.of(path);
    return owned.forms.flatMap((form) => [
      spot(owned, form, namespaceIn(form, object.namespace, from)),
      ...(from === 'embedded' ? [] : movedSpot(owned, form, object.namespace)),
    ]);
  }

  #wantedBy(by: Referrer, within: Within): readonly Spot[] {
    if (within.is === 'own') return this.#placesOf(by);
    const owned = this.#sources.ownership.asApplied.of(by.path);
    const written = within.is === 'written' ? within.namespace : undefined;
    return owned.forms.flatMap((form) => [
      { ...spot(owned, form, written), cluster: within.is === 'cluster' },
      ...(by.from === 'embedded' ? [] : movedSpot(owned, form, written)),
    ]);
  }
}

/** The place of an object or a reference in one of its scopes. */
interface Spot {
  readonly scope: string;
  /** It is unknown what applies it, so the scope may equal that of any other file. */
  readonly assumed: boolean;
  /** Undefined if it is unknown. */
  readonly namespace: string | undefined;
  /** Whether the reference is to a cluster-scoped object. */
  readonly cluster: boolean;
}

interface Candidate {
  /** Whether the kind is cluster-scoped. */
  readonly clustered: boolean;
  readonly places: readonly Spot[];
}

/** All definitions and references of one kind and name. */
interface Namesakes {
  readonly definitions: Spread<Candidate & { readonly definition: Definition }>;
  /** Computed on demand: checks need only definitions. */
  uses(): Spread<UseSite>;
  readonly table: Table;
}

/** Sorts by file, so that results don't depend on the order in which files were read or edited. */
function inOrder(a: Referrer, b: Referrer): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

/** kustomize doesn't set the namespace of embedded objects. */
function namespaceIn(form: Form, written: string | undefined, from: Definition['from']): string | undefined {
  return from === 'embedded' ? written : (form.namespace ?? written);
}

function spot({ assumed }: Owned, { scope }: Form, namespace: string | undefined): Spot {
  return { scope, assumed, namespace, cluster: false };
}

/**
 * What a kustomization moves to another namespace, it moves in references too (kustomize api/filters/nameref): where both are
 * written in one namespace and moved to another, they belong together. No namespace has a name with an arrow.
 */
function movedSpot(owned: Owned, form: Form, written: string | undefined): readonly Spot[] {
  const { namespace } = form;
  const isMoved = written !== undefined && namespace !== undefined && namespace !== written;
  return isMoved ? [spot(owned, form, `${written} -> ${namespace}`)] : [];
}

/** How well an object matches: a known namespace outranks a known scope. */
const exactScope = 1;
const exactNamespace = 2;
const unfit = -1;

function levelOf(wanted: Spot, place: Spot, clustered: boolean, anywhere = false): number {
  const isSameScope = wanted.scope === place.scope;
  if (!isSameScope && !wanted.assumed && !place.assumed) return unfit;
  const level = isSameScope ? exactScope : 0;
  if (clustered || wanted.cluster || place.cluster) return level + exactNamespace;
  if (wanted.namespace === undefined || place.namespace === undefined) return level;
  if (wanted.namespace === place.namespace) return level + exactNamespace;
  return anywhere ? level : unfit;
}

type Sought = readonly (readonly [wanted: Spot, best: number])[];

/** The best level of any candidate for each place of a reference; places without a match are skipped. */
function soughtIn(table: Table, wanted: readonly Spot[]): Sought {
  return wanted.map((one) => [one, bestOf(one, table)] as const).filter(([, best]) => best > unfit);
}

function isAmongBest({ places, clustered }: Candidate, sought: Sought): boolean {
  return sought.some(([wanted, best]) => places.some((place) => levelOf(wanted, place, clustered) === best));
}

/** Items by the scopes they are applied in: thousands may share a name, but few share a scope. */
interface Spread<T> {
  readonly all: readonly T[];
  readonly byScope: ReadonlyMap<string, readonly T[]>;
  readonly assumed: readonly T[];
}

function spread<T>(all: readonly T[], placesOf: (one: T) => readonly Spot[]): Spread<T> {
  const byScope = new Map<string, T[]>();
  const assumed: T[] = [];
  for (const one of all) {
    const places = placesOf(one);
    if (places[0]?.assumed) assumed.push(one);
    for (const { scope } of places) {
      const known = byScope.get(scope);
      if (!known) byScope.set(scope, [one]);
      else if (known.at(-1) !== one) known.push(one);
    }
  }
  return { all, byScope, assumed };
}

/** The items that may share a scope with one of the places. */
function near<T>({ all, byScope, assumed }: Spread<T>, places: readonly Spot[]): readonly T[] {
  if (places.some((one) => one.assumed)) return all;
  return [...new Set([...places.flatMap(({ scope }) => byScope.get(scope) ?? []), ...assumed])];
}

/** The places of all candidates, indexed to look up the best level of a reference. An undefined namespace is unknown. */
interface Table {
  readonly clustered: boolean;
  readonly byScope: ReadonlyMap<string, ReadonlySet<string | undefined>>;
  readonly namespaces: ReadonlySet<string | undefined>;
  /** The namespaces of places whose scope is assumed. */
  readonly assumedNamespaces: ReadonlySet<string | undefined>;
}

const none: ReadonlySet<string | undefined> = new Set();

function tableOf(candidates: readonly Candidate[]): Table {
  const byScope = new Map<string, Set<string | undefined>>();
  const places = candidates.flatMap((one) => one.places);
  for (const { scope, namespace } of places) {
    const known = byScope.get(scope);
    if (known) known.add(namespace);
    else byScope.set(scope, new Set([namespace]));
  }
  return {
    byScope,
    clustered: candidates.some(({ clustered, places }) => clustered || places.some(({ cluster }) => cluster)),
    namespaces: new Set(places.map(({ namespace }) => namespace)),
    assumedNamespaces: new Set(places.flatMap(({ assumed, namespace }) => (assumed ? [namespace] : []))),
  };
}

function bestOf({ scope, assumed, namespace, cluster }: Spot, table: Table): number {
  const here = table.byScope.get(scope) ?? none;
  const elsewhere = assumed ? table.namespaces : table.assumedNamespaces;
  if (table.clustered || cluster) {
    if (here.size > 0) return exactNamespace + exactScope;
    return elsewhere.size > 0 ? exactNamespace : unfit;
  }
  if (namespace === undefined) {
    if (here.size > 0) return exactScope;
    return elsewhere.size > 0 ? 0 : unfit;
  }
  if (here.has(namespace)) return exactNamespace + exactScope;
  if (elsewhere.has(namespace)) return exactNamespace;
  if (here.has(undefined)) return exactScope;
  return elsewhere.has(undefined) ? 0 : unfit;
}
