// Indexes the objects that all documents define and reference, by group, kind and name as written. `resolve.ts` matches
// references with definitions by scope and namespace.
import { type GroupKind, kindName } from '../kube/identity.ts';
import type { Document } from './document.ts';
import type { Facts, ObjectFacts, UseFacts } from './facts.ts';
import type { Later } from './later.ts';

/** An object as a file defines it. */
export interface Definition {
  readonly path: string;
  readonly document: Document;
  readonly object: ObjectFacts;
  /** A document or an item of a list; an object inside another; an object that a kustomization generates. */
  readonly from: 'object' | 'embedded' | 'generated';
}

export interface UseSite {
  /** The referring object. */
  readonly by: Definition;
  readonly use: UseFacts;
}

type ByName<T> = Map<GroupKind, Map<string, readonly T[]>>;

const none: readonly never[] = [];

export class Index {
  readonly #definitions: ByName<Definition> = new Map();
  readonly #uses: ByName<UseSite> = new Map();
  readonly #documents = new Map<Document, readonly Definition[]>();
  /** The number of objects of each kind, including those without a name. */
  readonly #kinds = new Map<GroupKind, number>();
  /** In which order the documents came, whenever they are read. */
  readonly #order = new WeakMap<Document, number>();
  #last = 0;
  readonly #later: Pick<Later, 'need' | 'needOne'> | undefined;

  /** `later` has documents that may still have to be added to answer a question. */
  constructor(later?: Pick<Later, 'need' | 'needOne'>) {
    this.#later = later;
  }

  definitions(groupKind: GroupKind, name: string): readonly Definition[] {
    this.#later?.need(name);
    return this.#definitions.get(groupKind)?.get(name) ?? none;
  }

  *definitionsOf(groupKind: GroupKind): Iterable<Definition & { readonly name: string }> {
    this.#later?.need(kindName(groupKind));
    for (const [name, definitions] of this.#definitions.get(groupKind) ?? none) {
      for (const definition of definitions) yield { ...definition, name };
    }
  }

  uses(groupKind: GroupKind, name: string): readonly UseSite[] {
    this.#later?.need(name);
    return this.#uses.get(groupKind)?.get(name) ?? none;
  }

  /** The definitions in one document, including those without a name; the same objects (`===`) as the other methods return. */
  definitionsIn(document: Document): readonly Definition[] {
    this.#later?.needOne(document);
    return this.#documents.get(document) ?? none;
  }

  hasKind(groupKind: GroupKind): boolean {
    return this.countOf(groupKind) > 0;
  }

  /** The number of objects of a kind. */
  countOf(groupKind: GroupKind): number {
    this.#later?.need(kindName(groupKind));
    return this.#kinds.get(groupKind) ?? 0;
  }

  /** Notes that a document came, which is added later. */
  expect(document: Document): void {
    this.#last += 1;
    this.#order.set(document, this.#last);
  }

  /** Whether anything was added. */
  add(path: string, document: Document): boolean {
    if (!this.#order.has(document)) this.expect(document);
    const isBefore = (one: Definition, other: Definition) =>
      this.#order.get(one.document)! < this.#order.get(other.document)!;
    const definitions = definitionsOf(path, document);
    this.#documents.set(document, definitions);
    for (const definition of definitions) {
      const { groupKind, name, uses } = definition.object;
      if (name !== undefined) push(this.#definitions, groupKind, name, definition, isBefore);
      for (const use of uses)
        for (const target of use.targets)
          push(this.#uses, target, use.name, { by: definition, use }, (a, b) => isBefore(a.by, b.by));
    }
    this.#count(document.facts, 1);
    return definitions.length > 0;
  }

  /** Whether anything was removed. */
  remove(document: Document): boolean {
    const own = (one: Definition) => one.document === document;
    const definitions = this.#documents.get(document) ?? none;
    this.#order.delete(document);
    this.#documents.delete(document);
    for (const { object } of definitions) {
      if (object.name !== undefined) drop(this.#definitions, object.groupKind, object.name, own);
      for (const use of object.uses)
        for (const target of use.targets) drop(this.#uses, target, use.name, ({ by }) => own(by));
    }
    this.#count(document.facts, -1);
    return definitions.length > 0;
  }

  #count({ objects }: Facts, by: number): void {
    for (const { groupKind } of objects) this.#kinds.set(groupKind, (this.#kinds.get(groupKind) ?? 0) + by);
  }
}

function definitionsOf(path: string, document: Document): readonly Definition[] {
  const { objects, embedded, generated } = document.facts;
  return [
    ...objects.map((object): Definition => ({ path, document, object, from: 'object' })),
    ...embedded.map((object): Definition => ({ path, document, object, from: 'embedded' })),
    ...generated.map((object): Definition => ({ path, document, object, from: 'generated' })),
  ];
}

function push<T>(
  map: ByName<T>,
  groupKind: GroupKind,
  name: string,
  value: T,
  isBefore: (one: T, other: T) => boolean,
): void {
  let byName = map.get(groupKind);
  if (!byName) map.set(groupKind, (byName = new Map()));
  const known = byName.get(name) as T[] | undefined;
  // Lists grow in place, since thousands of objects may reference one Secret: callers must not keep them.
  if (!known) byName.set(name, [value]);
  else known.splice(known.findLastIndex((one) => !isBefore(value, one)) + 1, 0, value);
}

function drop<T>(map: ByName<T>, groupKind: GroupKind, name: string, isDropped: (value: T) => boolean): void {
  const byName = map.get(groupKind);
  const rest = byName?.get(name)?.filter((value) => !isDropped(value));
  if (!byName || !rest) return;
  if (rest.length > 0) byName.set(name, rest);
  else byName.delete(name);
  if (byName.size === 0) map.delete(groupKind);
}
