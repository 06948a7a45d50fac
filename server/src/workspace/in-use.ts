// What the objects of the workspace use, counted as documents come and go, so that completion doesn't read all files for it:
// namespaces by folder, and versions by API group.
import type { Document } from './document.ts';
import type { Later } from './later.ts';

type Counts<K> = Map<K, number>;

const none: ReadonlyMap<string, number> = new Map();

/** How many objects are in a namespace, by folder (of the file, with a slash at the end) and by API group. */
export interface NamespaceUse {
  readonly folders: ReadonlyMap<string, number>;
  readonly groups: ReadonlyMap<string, number>;
}

export class InUse {
  readonly #namespaces = new Map<string, { readonly folders: Counts<string>; readonly groups: Counts<string> }>();
  /** By API group and key. */
  readonly #versions = new Map<string, Counts<string>>();
  readonly #later: Pick<Later, 'needSome'> | undefined;

  /** `later` has documents that are still to be added; of very many, some may be missing for a while. */
  constructor(later?: Pick<Later, 'needSome'>) {
    this.#later = later;
  }

  /** Each namespace that is defined or that objects are in. */
  get namespaces(): ReadonlyMap<string, NamespaceUse> {
    this.#later?.needSome();
    return this.#namespaces;
  }

  /** How often documents with an object of the group have each value at a key named `version` or `...Version`. */
  versions(group: string, key: string): ReadonlyMap<string, number> {
    this.#later?.needSome();
    return this.#versions.get(`${group}\n${key}`) ?? none;
  }

  add(path: string, document: Document): void {
    this.#count(path, document, 1);
  }

  remove(path: string, document: Document): void {
    this.#count(path, document, -1);
  }

  #count(path: string, document: Document, by: 1 | -1): void {
    const { facts } = document;
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    for (const { namespace, group } of namespacesIn(document)) {
      let use = this.#namespaces.get(namespace);
      if (!use) this.#namespaces.set(namespace, (use = { folders: new Map(), groups: new Map() }));
      change(use.folders, folder, by);
      if (group !== undefined) change(use.groups, group, by);
      if (use.folders.size === 0) this.#namespaces.delete(namespace);
    }
    if (facts.versions.length === 0) return;
    for (const group of new Set(facts.objects.map(({ gvk }) => gvk.group)))
      for (const { key, value } of facts.versions) count(this.#versions, `${group}\n${key}`, value, by);
  }
}

/** Once for each object, with its API group; without one for the Namespace itself. */
export function namespacesIn({
  facts,
}: Document): readonly { readonly namespace: string; readonly group: string | undefined }[] {
  return facts.objects.flatMap(({ groupKind, gvk, name, namespace }) => [
    ...(namespace === undefined ? [] : [{ namespace, group: gvk.group }]),
    ...(groupKind === '/Namespace' && name !== undefined ? [{ namespace: name, group: undefined }] : []),
  ]);
}

function count(all: Map<string, Counts<string>>, of: string, at: string, by: 1 | -1): void {
  let counts = all.get(of);
  if (!counts) all.set(of, (counts = new Map()));
  change(counts, at, by);
  if (counts.size === 0) all.delete(of);
}

function change(counts: Counts<string>, at: string, by: 1 | -1): void {
  const now = (counts.get(at) ?? 0) + by;
  if (now > 0) counts.set(at, now);
  else counts.delete(at);
}
