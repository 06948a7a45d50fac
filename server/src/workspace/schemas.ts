// Determines the schemas for a document, in this order: the releases its folder is pinned to, the nearest CRDs of the
// workspace, the bundled releases, and CRDs of the workspace that are test data or vendored.
import { type GroupKind, type Gvk, groupKindOf, groupOf } from '../kube/identity.ts';
import { folderOf, sharedFolders } from '../kustomize/paths.ts';
import { type Crd, kindSchemas } from '../schema/crd.ts';
import { targetOf } from '../schema/lines.ts';
import type { Catalog, Targets } from '../schema/load.ts';
import type { KindSchema, KindSummary, SchemaStore } from '../schema/schema.ts';
import { layeredStore, storeOf } from '../schema/store.ts';
import type { Path } from '../syntax/tree.ts';
import { configKind, configName, type FolderConfig } from './config.ts';

/** A CRD in a file; `crd` parses it when a schema is first needed. */
export interface CrdSource {
  readonly path: string;
  readonly groupKind: GroupKind;
  /** The text of its document; copies with the same text are equivalent. */
  readonly text: string;
  /** From the document's root to the CRD. */
  readonly objectPath: Path;
  /** The CRD without its schemas; undefined if it can't be told without them. */
  readonly head: Crd | undefined;
  crd(): Crd | undefined;
}

/** State: the current sources. A returned store is replaced when one of its sources changes. */
export class Schemas {
  /** Incremented when the schemas of any file may have changed. */
  edition = 0;
  readonly #catalog: Catalog;
  readonly #workspace = new Map<GroupKind, readonly CrdSource[]>();
  readonly #kindSchemas = new WeakMap<CrdSource, readonly KindSchema[]>();
  #folders: readonly FolderConfig[] = [];
  #pins = new Map<FolderConfig, { readonly store: SchemaStore; readonly missing: readonly string[] }>();
  readonly #stores = new Map<string, Map<SchemaStore, SchemaStore>>();
  /** The files of a folder have the same schemas, and to compare all copies of CRDs takes long. */
  readonly #byFolder = new Map<string, Map<SchemaStore, SchemaStore>>();
  /** The versions that the clusters run which get a file. */
  #detected: (path: string) => Targets = () => noTargets;
  #configured: Targets = noTargets;
  /** Takes precedence over everything: the version that somebody asks about. */
  #asked: Targets = noTargets;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** The bundled schemas, regardless of pins. */
  get bundled(): SchemaStore {
    return this.#catalog.bundled;
  }

  /** The bundled schemas of a version of a project, whatever the workspace has; undefined if its minor isn't bundled. */
  released(project: string, version: string): { readonly store: SchemaStore; readonly version: string } | undefined {
    const lines = this.#catalog.releases.filter(({ name, imported }) => name === project && !imported);
    const wanted = targetOf(version);
    const line = lines.find(({ version }) => {
      const found = targetOf(version);
      return found?.major === wanted?.major && found?.minor === wanted?.minor;
    });
    return line && { store: layeredStore([this.#catalog.at({ [project]: line.version })]), version: line.version };
  }

  /** The bundled schemas of all releases, whatever the workspace has. */
  everyRelease(): SchemaStore {
    return layeredStore([this.#catalog.bundled]);
  }

  /** The version of a project's main release. */
  mainVersion(project: string): string {
    return this.#catalog.releases.find(({ name, alternate }) => name === project && !alternate)?.version ?? '';
  }

  /** The releases that a folder can be pinned to, as `name@version`. */
  releases(): readonly string[] {
    return this.#catalog.releases.map(({ id }) => id);
  }

  /** Sorts the deepest folder first, so that the first match is used. */
  configure(folders: readonly FolderConfig[]): void {
    this.#folders = folders.toSorted((a, b) => b.folder.length - a.folder.length);
    this.#pins = new Map();
    this.#changed();
  }

  /** The versions for all files, which take precedence over those that are detected. */
  configureTargets(targets: Targets): void {
    this.#configured = targets;
    this.#changed();
  }

  /** Judges all files as if all clusters ran these versions. */
  ask(targets: Targets): void {
    this.#asked = targets;
    this.#changed();
  }

  detect(targetsOf: (path: string) => Targets): void {
    this.#detected = targetsOf;
    this.#changed();
  }

  /** The versions that the objects of a file are judged for. */
  targetsFor(path: string): Targets {
    return this.withTargets(this.#detected(path));
  }

  /** With those that take precedence. */
  withTargets(detected: Targets): Targets {
    return { ...detected, ...this.#configured, ...this.#asked };
  }

  get missingPins(): readonly string[] {
    return this.#folders.flatMap((folder) => this.#pinned(folder)?.missing ?? []);
  }

  /** Sets all CRDs of one kind in the workspace; an empty list removes the kind. */
  setCrds(groupKind: GroupKind, sources: readonly CrdSource[]): void {
    if (sources.length === 0) this.#workspace.delete(groupKind);
    else this.#workspace.set(groupKind, sources);
    this.#changed();
  }

  #changed(): void {
    this.#stores.clear();
    this.#byFolder.clear();
    this.edition += 1;
  }

  storeFor(path: string, targets: Targets = this.targetsFor(path)): SchemaStore {
    if (path === configName) return ownKinds;
    const bundled = this.#catalog.at(targets);
    const at = folderOf(path);
    let byTargets = this.#byFolder.get(at);
    if (!byTargets) this.#byFolder.set(at, (byTargets = new Map()));
    const before = byTargets.get(bundled);
    if (before) return before;
    const store = this.#storeFor(path, bundled);
    byTargets.set(bundled, store);
    return store;
  }

  #storeFor(path: string, bundled: SchemaStore): SchemaStore {
    const folder = this.#folderOf(path);
    const key = `${folder?.folder ?? ''}\n${this.#differing(path).join('\n')}`;
    let byTargets = this.#stores.get(key);
    if (!byTargets) this.#stores.set(key, (byTargets = new Map()));
    const known = byTargets.get(bundled);
    if (known) return known;
    const store = this.#compose(folder, path, bundled);
    byTargets.set(bundled, store);
    return store;
  }

  /** Identifies the source of a kind's schemas for a file; the same (`===`) until the source changes. */
  answerFor(path: string, gvk: Pick<Gvk, 'group' | 'kind'>): unknown {
    const folder = this.#folderOf(path);
    const known = (store: SchemaStore | undefined) => store && store.versions(gvk.group, gvk.kind).length > 0;
    const pinned = folder && this.#pinned(folder)?.store;
    if (known(pinned)) return pinned;
    const copies = this.#workspace.get(groupKindOf(gvk)) ?? [];
    const nearest = nearestOf(copies, path);
    if (nearest && isMeantFor(nearest, path)) return nearest.text;
    const bundled = this.#catalog.at(this.targetsFor(path));
    return known(bundled) ? bundled : nearest?.text;
  }

  #compose(folder: FolderConfig | undefined, path: string, bundled: SchemaStore): SchemaStore {
    const pinned = folder && this.#pinned(folder)?.store;
    const nearest = [...this.#workspace].map(([groupKind, sources]) => [groupKind, nearestOf(sources, path)!] as const);
    const [meant, strays] = [true, false].map((wanted) =>
      this.#crdStore(new Map(nearest.filter(([, source]) => isMeantFor(source, path) === wanted))),
    );
    const sources = [pinned, meant, bundled, strays];
    return layeredStore(sources.filter((source) => source !== undefined));
  }

  /** Parses only the CRDs that are looked up: a scan of a big repository must not parse them all. */
  #crdStore(chosen: ReadonlyMap<GroupKind, CrdSource>): SchemaStore | undefined {
    if (chosen.size === 0) return undefined;
    const versions = (group: string, kind: string): readonly KindSchema[] => {
      const source = chosen.get(groupKindOf({ group, kind }));
      return source ? this.#read(source).versions(group, kind) : [];
    };
    const groups = new Set([...chosen.keys()].map(groupOf));
    return {
      versions,
      lookup: (gvk) => versions(gvk.group, gvk.kind).find((kind) => kind.gvk.version === gvk.version),
      kinds: () => [...chosen.values()].flatMap((source) => this.#kindsOf(source)),
      hasGroup: (group) => groups.has(group),
    };
  }

  #kindsOf(source: CrdSource): readonly KindSummary[] {
    const { head, path } = source;
    if (!head || head.versions.length === 0) return this.#read(source).kinds();
    return storeOf(kindSchemas(head, path, 'workspace')).kinds();
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

  /** The part of the cache key that differs between files: the nearest of several copies, and whether it is meant for the file. */
  #differing(path: string): readonly string[] {
    return [...this.#workspace.values()].flatMap((sources) => {
      if (sources.length === 1 && homeOf(sources[0]!.path) === '') return [];
      const nearest = nearestOf(sources, path)!;
      return [`${nearest.path} ${isMeantFor(nearest, path)}`];
    });
  }
}

const noTargets: Targets = {};

/** The schema of Capstan's configuration. */
const ownKinds = storeOf([configKind]);

const byVersion = new Intl.Collator('en', { numeric: true });

/**
 * The copy to use for a file: first those meant for the file, then the nearest, then the nearest to the root, then the one
 * whose path has the newest version.
 */
function nearestOf(sources: readonly CrdSource[], path: string): CrdSource | undefined {
  if (sources.length < 2) return sources[0];
  let best: CrdSource | undefined;
  let bestRank: readonly number[] = [];
  for (const source of sources) {
    const rank = [
      isMeantFor(source, path) ? 1 : 0,
      sharedFolders(source.path, path),
      -source.path.split('/').length,
      best ? byVersion.compare(source.path, best.path) : 0,
    ];
    const differs = rank.findIndex((part, index) => part !== (bestRank[index] ?? 0));
    if (best && (differs === -1 || rank[differs]! < (bestRank[differs] ?? 0))) continue;
    best = source;
    bestRank = rank.with(3, 0);
  }
  return best;
}

/** CRDs in test data, vendored code and chart templates may be of other releases, so they apply only inside those folders. */
function isMeantFor(source: CrdSource, path: string): boolean {
  const home = homeOf(source.path);
  return home === '' || path.startsWith(`${home}/`);
}

/** The folder whose files a CRD is meant for, mostly the root. Each folder below `testdata` is separate. */
export function homeOf(path: string): string {
  if (/(?:^|\/)testdata\//.test(path)) return folderOf(path);
  return /^(?:.*?\/)??(?:tests?|e2e|vendor|templates)(?=\/)/.exec(path)?.[0] ?? '';
}
