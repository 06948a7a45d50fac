// Which schema answers for a document: the folder's pin, then the nearest CRD of the workspace, then the bundled
// releases, then the CRDs of a connected cluster (first of these where the folder is bound to that cluster's context).
import { type GroupKind, type Gvk, groupKindOf } from '../kube/identity.ts';
import { type Crd, kindSchemas } from '../schema/crd.ts';
import type { Catalog } from '../schema/load.ts';
import type { KindSchema, SchemaStore } from '../schema/schema.ts';
import { layeredStore, storeOf } from '../schema/store.ts';
import type { Path } from '../syntax/tree.ts';
import type { FolderConfig } from './config.ts';
import { sharedFolders } from './paths.ts';

/** A CRD that stands in a file; `crd` reads it when a schema is first needed. */
export interface CrdSource {
  readonly path: string;
  readonly groupKind: GroupKind;
  /** The text it was read from: two copies with the same text are one. */
  readonly text: string;
  /** From the document's root to the CRD. */
  readonly objectPath: Path;
  crd(): Crd | undefined;
}

/** State: the sources as they are now. Stores it hands out are replaced when a source of theirs changes. */
export class Schemas {
  readonly #catalog: Catalog;
  readonly #workspace = new Map<GroupKind, readonly CrdSource[]>();
  readonly #kindSchemas = new WeakMap<CrdSource, readonly KindSchema[]>();
  readonly #clusters = new Map<string, SchemaStore>();
  #folders: readonly FolderConfig[] = [];
  #pins = new Map<FolderConfig, { readonly store: SchemaStore; readonly missing: readonly string[] }>();
  #stores = new Map<string, SchemaStore>();

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** What a folder can be pinned to: `name@version`. */
  releases(): readonly string[] {
    return this.#catalog.releases.map(({ id }) => id);
  }

  /** Deepest folder first, so that the first match counts. */
  configure(folders: readonly FolderConfig[]): void {
    this.#folders = folders.toSorted((a, b) => b.folder.length - a.folder.length);
    this.#pins = new Map();
    this.#stores.clear();
  }

  get missingPins(): readonly string[] {
    return this.#folders.flatMap((folder) => this.#pinned(folder)?.missing ?? []);
  }

  /** The CRDs of one kind, wherever in the workspace; none takes the kind away. */
  setCrds(groupKind: GroupKind, sources: readonly CrdSource[]): void {
    if (sources.length === 0) this.#workspace.delete(groupKind);
    else this.#workspace.set(groupKind, sources);
    this.#stores.clear();
  }

  setCluster(context: string, crds: readonly Crd[]): void {
    if (crds.length === 0) this.#clusters.delete(context);
    else this.#clusters.set(context, storeOf(crds.flatMap((crd) => kindSchemas(crd, `cluster ${context}`, 'cluster'))));
    this.#stores.clear();
  }

  storeFor(path: string): SchemaStore {
    const folder = this.#folderOf(path);
    const nearest = this.#nearestKinds(path);
    const key = `${folder?.folder ?? ''}\n${nearest.map((source) => source.path).join('\n')}`;
    const known = this.#stores.get(key);
    if (known) return known;
    const store = this.#compose(folder, path);
    this.#stores.set(key, store);
    return store;
  }

  /** What answers for a kind in a file; equal (`===`) for as long as the answer is. */
  answerFor(path: string, gvk: Pick<Gvk, 'group' | 'kind'>): unknown {
    const folder = this.#folderOf(path);
    const known = (store: SchemaStore | undefined) => store && store.versions(gvk.group, gvk.kind).length > 0;
    const pinned = folder && this.#pinned(folder)?.store;
    if (known(pinned)) return pinned;
    const bound = folder?.context === undefined ? undefined : this.#clusters.get(folder.context);
    if (known(bound)) return bound;
    const nearest = nearestOf(this.#workspace.get(groupKindOf(gvk)) ?? [], path);
    if (nearest) return nearest.text;
    if (known(this.#catalog.bundled)) return this.#catalog.bundled;
    return [...this.#clusters.values()].find(known);
  }

  #compose(folder: FolderConfig | undefined, path: string): SchemaStore {
    const pinned = folder && this.#pinned(folder)?.store;
    const bound = folder?.context === undefined ? undefined : this.#clusters.get(folder.context);
    const workspace = this.#workspaceStore(path);
    const sources = [pinned, bound, workspace, this.#catalog.bundled, ...this.#clusters.values()];
    return layeredStore(sources.filter((source) => source !== undefined));
  }

  /** Reads only the CRDs that are asked for: a scan of a big repository must not read them all. */
  #workspaceStore(path: string): SchemaStore | undefined {
    if (this.#workspace.size === 0) return undefined;
    const versions = (group: string, kind: string): readonly KindSchema[] => {
      const source = nearestOf(this.#workspace.get(groupKindOf({ group, kind })) ?? [], path);
      return source ? this.#read(source).versions(group, kind) : [];
    };
    const groups = new Set([...this.#workspace.keys()].map((key) => key.slice(0, key.indexOf('/'))));
    return {
      versions,
      lookup: (gvk) => versions(gvk.group, gvk.kind).find((kind) => kind.gvk.version === gvk.version),
      kinds: () => [...this.#workspace.values()].flatMap((sources) => this.#read(nearestOf(sources, path)!).kinds()),
      hasGroup: (group) => groups.has(group),
    };
  }

  #read(source: CrdSource): SchemaStore {
    let kinds = this.#kindSchemas.get(source);
    if (!kinds) {
      const crd = source.crd();
      kinds = crd ? kindSchemas(crd, source.path, 'workspace') : [];
      this.#kindSchemas.set(source, kinds);
    }
    return storeOf(kinds);
  }

  #folderOf(path: string): FolderConfig | undefined {
    return this.#folders.find(({ folder }) => folder === '' || path.startsWith(`${folder}/`));
  }

  #pinned(folder: FolderConfig): { readonly store: SchemaStore; readonly missing: readonly string[] } | undefined {
    if (folder.schemas.length === 0) return undefined;
    let pinned = this.#pins.get(folder);
    if (!pinned) this.#pins.set(folder, (pinned = this.#catalog.pin(folder.schemas)));
    return pinned;
  }

  /** One copy of a kind answers everywhere; only where there are several does it depend on the file. */
  #nearestKinds(path: string): readonly CrdSource[] {
    return [...this.#workspace.values()].flatMap((sources) => (sources.length > 1 ? nearestOf(sources, path)! : []));
  }
}

const byVersion = new Intl.Collator('en', { numeric: true });

/**
 * Of equally near copies one that no Helm chart's templates hold (nobody applies those as they stand, and they age), then
 * the one nearer to the root, then the last by path: of names with versions the newest.
 */
export function nearestOf(sources: readonly CrdSource[], path: string): CrdSource | undefined {
  if (sources.length < 2) return sources[0];
  const rank = (source: CrdSource): readonly [number, number, number] => {
    const folders = source.path.split('/');
    return [sharedFolders(source.path, path), folders.includes('templates') ? 0 : 1, -folders.length];
  };
  return sources.toSorted((a, b) => {
    const [nearA, plainA, depthA] = rank(a);
    const [nearB, plainB, depthB] = rank(b);
    return nearB - nearA || plainB - plainA || depthB - depthA || byVersion.compare(b.path, a.path);
  })[0];
}
