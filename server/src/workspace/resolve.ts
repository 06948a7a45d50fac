// From a name to the definitions it means, and back. Candidates have the kind and the name; the scope and the namespace
// they are applied in decide. A namespace that is unknown may be any, but gives way to one that is known to be right.
import type { GroupKind } from '../kube/identity.ts';
import type { Within } from '../kube/references.ts';
import type { UseFacts } from './facts.ts';
import type { Definition, Index, UseSite } from './index.ts';
import type { Form, Owned, Ownership } from './ownership.ts';

export interface Sources {
  /** Another whenever the index or what owns files has changed. */
  readonly revision: number;
  readonly index: Index;
  readonly ownership: Ownership;
  /** As the schemas that answer for the file have it. */
  isClusterScoped(groupKind: GroupKind, path: string): boolean;
}

/** The object a name is written in. */
export interface Referrer {
  readonly path: string;
  readonly object: { readonly namespace?: string };
  readonly from: Definition['from'];
}

export interface Reachable {
  readonly definition: Definition & { readonly name: string };
  /** It is in the namespace that is looked in first. */
  readonly isOwn: boolean;
}

/** State: what was gathered of names that were asked for, until something changes. */
export class Resolver {
  readonly #sources: Sources;
  readonly #namesakes = new Map<string, Namesakes>();
  #revision = -1;

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  /** The definitions that a name means, in each scope its object is applied in. */
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
   * Those that are certain to be meant in one scope: the namespace is the same, or unknown of both, which then are applied
   * with the same default.
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

  /** Every name that means the definition. */
  uses(definition: Definition): readonly UseSite[] {
    const { path, object } = definition;
    if (object.name === undefined) return [];
    const namesakes = this.#namesakesOf(object.groupKind, object.name, path);
    const own = namesakes.definitions.all.find((one) => one.definition === definition);
    return own ? this.#usesMeaning(namesakes, own, namesakes.table) : [];
  }

  /** Every name that may mean the same object as this one, which no file defines. */
  usesAlike(by: Referrer, use: UseFacts): readonly UseSite[] {
    const places = this.#wantedBy(by, use.within);
    return use.targets.flatMap((groupKind) => {
      const meant = { clustered: this.#sources.isClusterScoped(groupKind, by.path), places };
      return this.#usesMeaning(this.#namesakesOf(groupKind, use.name, by.path), meant, tableOf([meant]));
    });
  }

  /** The objects of a kind that a reference of the object could name; with `anywhere`, those of other namespaces too. */
  reachable(by: Referrer, groupKind: GroupKind, within: Within, anywhere: boolean): readonly Reachable[] {
    const clustered = this.#sources.isClusterScoped(groupKind, by.path);
    const wanted = this.#wantedBy(by, within);
    return [...this.#sources.index.definitionsOf(groupKind)].flatMap((definition) => {
      const places = this.#placesOf(definition);
      const levels = wanted.flatMap((one) => places.map((place) => levelOf(one, place, clustered, anywhere)));
      const best = Math.max(...levels);
      return best === unfit ? [] : [{ definition, isOwn: best >= exactNamespace }];
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
    const owned = this.#sources.ownership.of(path);
    return owned.forms.map((form) => spot(owned, form, namespaceIn(form, object.namespace, from)));
  }

  #wantedBy(by: Referrer, within: Within): readonly Spot[] {
    if (within.is === 'own') return this.#placesOf(by);
    const owned = this.#sources.ownership.of(by.path);
    return owned.forms.map((form) => ({
      ...spot(owned, form, within.is === 'written' ? within.namespace : undefined),
      cluster: within.is === 'cluster',
    }));
  }
}

/** An object or a name in one of the scopes it is applied in. */
interface Spot {
  readonly scope: string;
  /** What applies it isn't known: the scope may be that of any other file. */
  readonly assumed: boolean;
  /** Undefined where unknown. */
  readonly namespace: string | undefined;
  /** Looks among objects without namespace. */
  readonly cluster: boolean;
}

interface Candidate {
  /** Of a kind without namespaces. */
  readonly clustered: boolean;
  readonly places: readonly Spot[];
}

/** All of one kind and name. */
interface Namesakes {
  readonly definitions: Spread<Candidate & { readonly definition: Definition }>;
  /** Gathered when they are first asked for: a check asks for definitions only. */
  uses(): Spread<UseSite>;
  readonly table: Table;
}

/** By file, so that an answer doesn’t depend on the order files were read or edited in. */
function inOrder(a: Referrer, b: Referrer): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

/** kustomize sets no namespace on what stands inside an object. */
function namespaceIn(form: Form, written: string | undefined, from: Definition['from']): string | undefined {
  return from === 'embedded' ? written : (form.namespace ?? written);
}

function spot({ assumed }: Owned, { scope }: Form, namespace: string | undefined): Spot {
  return { scope, assumed, namespace, cluster: false };
}

/** How well an object fits: a known namespace weighs more than a known scope. */
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

/** The best that any candidate offers for each place a name is looked for in; places where none fits are left out. */
function soughtIn(table: Table, wanted: readonly Spot[]): Sought {
  return wanted.map((one) => [one, bestOf(one, table)] as const).filter(([, best]) => best > unfit);
}

function isAmongBest({ places, clustered }: Candidate, sought: Sought): boolean {
  return sought.some(([wanted, best]) => places.some((place) => levelOf(wanted, place, clustered) === best));
}

/** Things by the scopes they are applied in: thousands may share a name, few a scope. */
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

/** Those that may have a scope in common with one of the places. */
function near<T>({ all, byScope, assumed }: Spread<T>, places: readonly Spot[]): readonly T[] {
  if (places.some((one) => one.assumed)) return all;
  return [...new Set([...places.flatMap(({ scope }) => byScope.get(scope) ?? []), ...assumed])];
}

/** The candidates' places, so that the best level for a name is looked up. An undefined namespace is an unknown one. */
interface Table {
  readonly clustered: boolean;
  readonly byScope: ReadonlyMap<string, ReadonlySet<string | undefined>>;
  readonly namespaces: ReadonlySet<string | undefined>;
  /** Of places whose scope is assumed. */
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
