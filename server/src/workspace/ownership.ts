// Determines which chains of kustomizations and Flux Kustomizations apply a file, and so the scope (the entry point of a
// cluster) and the namespace that its objects are applied in.
import type { Delivery } from '../kustomize/delivery.ts';
import type { KustomizationFacts } from '../kustomize/kustomization.ts';
import { folderOf, foldersUp, joinPath, kustomizationNames, resolvePath } from '../kustomize/paths.ts';
import {
  type Answers,
  type Applied,
  type AppliedDelivery,
  type Delivered,
  deliveredAs,
  type FluxKustomization,
  type Form,
  isIn,
  noAnswers,
  type Owned,
  type Reached,
  scopesDelivered,
} from './delivered.ts';
import type { Files } from './files.ts';
import { type Places, placesOf } from './places.ts';
import { isKustomizationFile } from './roles.ts';
import { homesOf } from './scopes.ts';

/** How kustomizations list a file; if they differ, `applied` takes precedence. */
export type Usage = 'applied' | 'patch' | 'data';

/** The kustomizations and Flux Kustomizations that apply a file. */
export interface Chain {
  readonly kustomizations: ReadonlySet<string>;
  readonly deliveries: readonly Delivery[];
}

/** Where objects begin to be applied: a Flux Kustomization that no other applies, or what is applied by hand. */
export type EntryPoint =
  /** The Flux Kustomization at an index of those of a file. */
  | { readonly is: 'flux'; readonly scope: string; readonly file: string; readonly index: number }
  /** Flux Kustomizations are in a kustomization that nothing includes, or in a folder. */
  | { readonly is: 'kustomization' | 'folder'; readonly scope: string; readonly folder: string };

export class Ownership {
  readonly #files: Files;
  /** The kustomizations that list a path. */
  readonly #usages: Map<string, Map<string, Usage>>;
  /** The paths that a kustomization lists. */
  readonly #used: Map<string, ReadonlySet<string>>;
  readonly #kustomizations: Map<string, string>;
  readonly #flux = new Map<string, readonly FluxKustomization[]>();
  #answers: Answers = noAnswers();
  /** What differs as applied, by file and the index among its Flux Kustomizations. */
  #changed: ReadonlyMap<string, ReadonlyMap<number, readonly AppliedDelivery[]>> = new Map();
  #applied: Ownership | undefined;

  constructor(files: Files, written?: Ownership) {
    this.#files = files;
    this.#usages = written ? written.#usages : new Map();
    this.#used = written ? written.#used : new Map();
    this.#kustomizations = written ? written.#kustomizations : new Map();
    if (!written) return;
    for (const [path, all] of written.#flux) {
      const changed = written.#changed.get(path);
      const flux = changed
        ? all.flatMap(({ index, delivery }) => deliveredAs(path, index, delivery, changed.get(index)))
        : all;
      this.#flux.set(path, flux);
    }
  }

  /** Must be called when files were added or removed. */
  forget(): void {
    this.#answers = noAnswers();
    this.#applied = undefined;
  }

  /**
   * The same with the Flux Kustomizations as their own appliers change them, which may patch them and replace variables in
   * their paths; those of the last clusters that were followed. Clusters themselves are found by what is written.
   */
  get asApplied(): Ownership {
    return this.#changed.size === 0 ? this : (this.#applied ??= new Ownership(this.#files, this));
  }

  /** Sets what differs as applied, by file and index. Returns whether that changed. */
  setApplied(changed: ReadonlyMap<string, ReadonlyMap<number, readonly AppliedDelivery[]>>): boolean {
    if (changed === this.#changed) return false;
    const keyOf = (one: typeof changed) => JSON.stringify([...one].map(([path, all]) => [path, [...all]]).sort());
    if (keyOf(changed) === keyOf(this.#changed)) return false;
    this.#changed = changed;
    this.#applied = undefined;
    return true;
  }

  /** Sets what a kustomization lists; `undefined` removes it. */
  setKustomization(path: string, facts: KustomizationFacts | undefined): void {
    const key = facts
      ? JSON.stringify([facts.applies, facts.patches, facts.inputs, facts.components, facts.namespace])
      : '';
    if ((this.#kustomizations.get(path) ?? '') === key) return;
    this.forget();
    for (const used of this.#used.get(path) ?? []) this.#usages.get(used)?.delete(path);
    const all = new Set<string>();
    this.#used.set(path, all);
    this.#kustomizations.set(path, key);
    const folder = folderOf(path);
    const note = (names: readonly string[], usage: Usage) => {
      for (const name of names) {
        const used = resolvePath(folder, name);
        if (used === undefined) continue;
        all.add(used);
        let users = this.#usages.get(used);
        if (!users) this.#usages.set(used, (users = new Map()));
        users.set(path, usage);
      }
    };
    note(facts?.inputs ?? [], 'data');
    note(facts?.patches ?? [], 'patch');
    note(facts?.applies ?? [], 'applied');
  }

  /** Sets the Flux Kustomizations of a file. Returns whether they changed. */
  setDeliveries(path: string, deliveries: readonly Delivery[]): boolean {
    const known = this.#flux.get(path) ?? [];
    const isEqual = (delivery: Delivery, index: number) =>
      delivery === known[index]!.delivery || JSON.stringify(delivery) === JSON.stringify(known[index]!.delivery);
    if (deliveries.length === known.length && deliveries.every(isEqual)) return false;
    this.forget();
    if (this.#changed.has(path)) this.#changed = new Map([...this.#changed].filter(([one]) => one !== path));
    const all = deliveries.flatMap((delivery, index) => deliveredAs(path, index, delivery));
    if (all.length === 0) this.#flux.delete(path);
    else this.#flux.set(path, all);
    return true;
  }

  usageOf(path: string): Usage | undefined {
    const users = this.#usages.get(path);
    if (!users || users.size === 0) return undefined;
    const usages = [...users.values()];
    return (['applied', 'patch', 'data'] as const).find((usage) => usages.includes(usage));
  }

  /** The kustomizations that list the file as a patch. */
  patchedWith(path: string): readonly string[] {
    const users = this.#usages.get(path);
    return users ? [...users].flatMap(([user, usage]) => (usage === 'patch' ? [user] : [])) : [];
  }

  /** The kustomizations that list a file, or a folder. */
  usersOf(path: string): readonly string[] {
    return [...(this.#usages.get(path)?.keys() ?? [])];
  }

  /** Whether the kustomization beside a file lists one that is missing, which may be meant to be that file. */
  lacksBeside(path: string): boolean {
    const folder = folderOf(path);
    const kustomization = this.kustomizationIn(folder);
    const used = kustomization === undefined ? undefined : this.#used.get(kustomization);
    return [...(used ?? [])].some(
      (at) => folderOf(at) === folder && !this.#files.get(at) && !this.#files.hasFolder(at),
    );
  }

  /** Whether a kustomization reads the file as data, whatever else it is used for: its bytes matter. */
  isInput(path: string): boolean {
    return [...(this.#usages.get(path)?.values() ?? [])].includes('data');
  }

  /** The same (`===`) until a kustomization, a Flux Kustomization or a file is added, removed or changed. */
  of(path: string): Owned {
    const known = this.#answers.byPath.get(path);
    if (known) return known;
    const key = this.#startOf(path).join('\n') || `folder ${folderOf(path)}`;
    const owned = this.#answers.owned.get(key) ?? this.#own(path);
    this.#answers.owned.set(key, owned);
    this.#answers.byPath.set(path, owned);
    return owned;
  }

  /** The entry points of all clusters, sorted by scope. */
  entryPoints(): readonly EntryPoint[] {
    const found = new Map<string, EntryPoint>();
    for (const flux of this.#allFlux()) {
      const { id, path } = flux;
      if (this.#isAlone(flux)) for (const one of this.#byHand(path)) found.set(one.scope, one);
      else {
        const scope = `flux ${id}`;
        if (!this.#homesOf(flux).includes(scope)) continue;
        const { path: file, index } = this.#rootAbove(flux);
        found.set(scope, { is: 'flux', scope, file, index });
      }
    }
    return [...found.values()].sort((a, b) => (a.scope < b.scope ? -1 : 1));
  }

  /** Of Flux Kustomizations that apply each other, the one that an instance creates or that applies itself. */
  #rootAbove(flux: FluxKustomization): FluxKustomization {
    const cycle = new Set([flux]);
    // The set grows during the iteration.
    for (const { path } of cycle) for (const one of this.#appliedBy(path).by) if (one.certain) cycle.add(one.flux);
    const rank = ({ id, target = '', path, delivery }: FluxKustomization) => {
      const appliesItself = target === '' || `${path}/`.startsWith(`${target}/`);
      return `${delivery.sync || appliesItself ? 0 : 1} ${target} ${id}`;
    };
    return [...cycle].reduce((a, b) => (rank(b) < rank(a) ? b : a));
  }

  /** The kustomizations at the ends of a file's chains, which nothing includes. */
  topsOf(path: string): readonly string[] {
    return [...new Set(this.#appliedBy(path).tops.map(({ at }) => at))];
  }

  #isAlone({ path }: FluxKustomization): boolean {
    return !this.#appliedBy(path).by.some(({ certain }) => certain);
  }

  /** What is applied by hand if nothing else applies a file. */
  #byHand(path: string): readonly Exclude<EntryPoint, { readonly is: 'flux' }>[] {
    const { tops } = this.#appliedBy(path);
    const folder = folderOf(path);
    if (tops.length === 0) return [{ is: 'folder', scope: `folder ${folder}`, folder }];
    return tops.map(({ at }) => ({ is: 'kustomization', scope: `kustomization ${at}`, folder: folderOf(at) }));
  }

  chainOf(path: string): Chain {
    const { kustomizations, by } = this.#appliedBy(path);
    return { kustomizations, deliveries: [...new Set(by.map(({ flux }) => flux.delivery))] };
  }

  /** The path of the kustomization in a folder. */
  kustomizationIn(folder: string): string | undefined {
    return kustomizationNames.map((name) => joinPath(folder, name)).find((at) => this.#files.get(at));
  }

  factsOf(kustomization: string): KustomizationFacts | undefined {
    return this.#files.get(kustomization)?.documents[0]?.document.facts.kustomization;
  }

  #own(path: string): Owned {
    const { tops, by } = this.#appliedBy(path);
    const forms = new Map<string, Form>();
    const add = (scope: string, namespace: string | undefined) =>
      forms.set(`${scope}\n${namespace ?? ''}`, { scope, ...(namespace !== undefined && { namespace }) });
    const certain = by.filter((one) => one.certain);
    for (const { flux, namespace } of certain) for (const scope of this.#scopesOf(flux)) add(scope, namespace);
    if (certain.length === 0) for (const { at, namespace } of tops) add(`kustomization ${at}`, namespace);
    if (forms.size === 0) add(`folder ${folderOf(path)}`, undefined);
    return { forms: [...forms.values()], assumed: certain.length === 0 && (by.length > 0 || tops.length === 0) };
  }

  /** The scopes of the objects that a Flux Kustomization applies. */
  #scopesOf(flux: FluxKustomization): readonly string[] {
    return scopesDelivered(flux, this.#homesOf(flux));
  }

  /** The scopes of the clusters that a Flux Kustomization exists in. */
  #homesOf(flux: FluxKustomization): readonly string[] {
    this.#answers.homes ??= homesOf<FluxKustomization>({
      nodes: this.#allFlux(),
      above: ({ path }) => this.#appliedBy(path).by.flatMap(({ flux, certain }) => (certain ? [flux] : [])),
      delivered: scopesDelivered,
      alone: ({ path }) => this.#byHand(path).map(({ scope }) => scope),
    });
    const homes = this.#answers.homes.get(flux) ?? [];
    const some = homes.filter((home) => isIn(home, flux));
    return some.length > 0 ? some : homes;
  }

  /** The kustomizations at the start of a file's chains: those that apply it or, if none do, those that patch with it. */
  #startOf(path: string): readonly string[] {
    if (isKustomizationFile(path)) return [path];
    const applying = this.#appliersOf(path);
    if (applying.length > 0) return applying;
    return [...(this.#usages.get(path) ?? [])].flatMap(([by, usage]) => (usage === 'patch' ? [by] : []));
  }

  #appliersOf(path: string): readonly string[] {
    return [...(this.#usages.get(path) ?? [])].flatMap(([by, usage]) => (usage === 'applied' ? [by] : []));
  }

  /** Every kustomization is visited once per namespace, regardless of the number of paths to it. */
  #appliedBy(path: string): Applied {
    const start = this.#startOf(path);
    const key = start.join('\n') || `folder ${folderOf(path)}`;
    const known = this.#answers.applied.get(key);
    if (known) return known;
    const reached = new Map<string, Reached>();
    const tops: Reached[] = [];
    const reach = (at: string, below: string | undefined) => {
      const namespace = this.#namespaceOf(at, new Set()) ?? below;
      const state = `${at}\n${namespace ?? ''}`;
      if (!reached.has(state)) reached.set(state, { at, namespace });
    };
    for (const at of start) reach(at, undefined);
    const by: Delivered[] = [];
    const deliver = (folder: string, namespace: string | undefined) => {
      for (const { flux, certain } of this.#fluxOf(folder)) {
        by.push({ flux, namespace: flux.delivery.targetNamespace ?? namespace, certain });
      }
    };
    // The map grows during the iteration.
    for (const { at, namespace } of reached.values()) {
      const appliers = this.#appliersOf(folderOf(at));
      for (const applier of appliers) reach(applier, namespace);
      deliver(folderOf(at), namespace);
      if (appliers.length > 0) continue;
      tops.push({ at, namespace });
      for (const folder of this.#foldersAround(folderOf(at))) deliver(folder, namespace);
    }
    if (start.length === 0) {
      const own = folderOf(path);
      for (const folder of [own, ...this.#foldersAround(own)]) deliver(folder, undefined);
    }
    const applied: Applied = { kustomizations: new Set([...reached.values()].map(({ at }) => at)), tops, by };
    this.#answers.applied.set(key, applied);
    return applied;
  }

  /** Flux applies everything in and below a folder without a kustomization, down to the next kustomization. */
  #foldersAround(own: string): readonly string[] {
    const above = foldersUp(own).slice(1);
    const end = above.findIndex((folder) => this.kustomizationIn(folder) !== undefined);
    return end === -1 ? above : above.slice(0, end);
  }

  /** A component's namespace is set on all objects of the kustomization that includes it. */
  #namespaceOf(kustomization: string, seen: Set<string>): string | undefined {
    const facts = seen.has(kustomization) ? undefined : this.factsOf(kustomization);
    if (!facts || facts.namespace !== undefined) return facts?.namespace;
    seen.add(kustomization);
    return facts.components
      .map((component) => {
        const folder = resolvePath(folderOf(kustomization), component);
        const inside = folder === undefined ? undefined : this.kustomizationIn(folder);
        return inside === undefined ? undefined : this.#namespaceOf(inside, seen);
      })
      .findLast((namespace) => namespace !== undefined);
  }

  /** Whether the paths of a source, as `Kind/name`, show that it is this repository. */
  isOwn(source: string): boolean {
    return this.#places().own.has(source);
  }

  #places(): Places<FluxKustomization> {
    return (this.#answers.places ??= placesOf(this.#allFlux(), this.#files));
  }

  #allFlux(): readonly FluxKustomization[] {
    return [...this.#flux.values()].flat();
  }

  #fluxOf(folder: string): readonly Pick<Delivered, 'flux' | 'certain'>[] {
    const { byFolder, elsewhere, foreign } = this.#places();
    const vague = elsewhere.filter(
      ({ target }) => folder !== '' && (`/${folder}`.endsWith(`/${target}`) || `/${target}`.endsWith(`/${folder}`)),
    );
    const exact = byFolder.get(folder) ?? [];
    return [
      ...exact.map((flux) => ({ flux, certain: folder !== '' && !foreign.has(flux.delivery.source) })),
      ...vague.map((flux) => ({ flux, certain: false })),
    ];
  }
}
