// Combines everything known about the files of one root: definitions and references, ownership, roles and schemas. Checks
// read it through `Surroundings`, so that after an edit only those that read something that changed run again.
import { type ChartSource, noCharts } from '../charts/files.ts';
import { noRenders, type Renders } from '../charts/render.ts';
import { type GroupKind, type Gvk, groupOf, kindName } from '../kube/identity.ts';
import { type FileSource, noFiles } from '../kustomize/file-source.ts';
import type { Catalog, Targets } from '../schema/load.ts';
import type { SchemaStore } from '../schema/schema.ts';
import type { Steps } from '../syntax/steps.ts';
import { type Config, configName, noConfig, readConfig } from './config.ts';
import { crdSource } from './crd-source.ts';
import { DataFiles } from './data-files.ts';
import { type Document, isRead, readFile, type SourceFile } from './document.ts';
import { mayDecide, type UseFacts } from './facts.ts';
import { Files } from './files.ts';
import { ignorePatterns, isIgnoredWithin } from './ignore.ts';
import type { Definition } from './index.ts';
import { Indexes } from './indexes.ts';
import { Memos, type Remember } from './memo.ts';
import { Ownership } from './ownership.ts';
import { type Referrer, Resolver, type Sources } from './resolve.ts';
import { isKustomizationFile, type Role, roleOf } from './roles.ts';
import { type CrdSource, Schemas } from './schemas.ts';

/** Everything that a check may read outside its document; each read is recorded with its result. */
export interface Surroundings {
  readonly role: Role;
  readonly schemas: SchemaStore;
  readonly config: Config;
  /** The entry points that a file's objects belong to. */
  scopes(path: string): readonly string[];
  /** The certain targets of a reference in a scope. */
  targets(scope: string, by: Referrer, use: UseFacts): readonly Definition[];
  /** The pins of the configuration without a known release, one per line. */
  readonly missingPins: string;
  crds(groupKind: GroupKind): readonly CrdSource[];
}

const none: readonly never[] = [];

/** After more changes, everything is compared. */
const mostChanges = 1000;

export class Workspace implements Sources {
  /** Incremented by every change that is visible outside the changed document. */
  revision = 0;
  /** Incremented by every change of any file. */
  edition = 0;
  /** The paths that changed since an edition, one for each edition after it. */
  #changes: { readonly since: number; readonly paths: string[] } = { since: 0, paths: [] };
  /** False while its files are being read: what clusters get isn't known before all are. */
  #isWhole = true;
  readonly schemas: Schemas;
  readonly #indexes = new Indexes();
  readonly index = this.#indexes.index;
  readonly inUse = this.#indexes.inUse;
  readonly ownership: Ownership;
  readonly resolver = new Resolver(this);
  /** Files that aren't YAML but are read by kustomizations. */
  readonly data: DataFiles;
  /** The charts that were fetched. */
  readonly charts: ChartSource;
  /** What Helm makes of releases, if the user agreed that it runs. */
  readonly renders: Renders;
  /** Patterns and rules of CRDs are programs; those of a workspace that isn't trusted don't run. */
  readonly usesCrds: boolean;
  readonly #files = new Files();
  readonly #memos = new Memos();
  readonly #crds = new Map<GroupKind, readonly CrdSource[]>();
  /** The versions of a document, one after the other, have the same line. */
  readonly #lines = new WeakMap<Document, object>();
  /** The document that is being edited, and the edition before its edits. */
  #editing: { readonly line: object; readonly since: number } | undefined;
  readonly #failures = new Map<string, unknown>();
  #config: Config = noConfig;
  #ignored: ((path: string) => boolean) | undefined;

  constructor(
    catalog: Catalog,
    source: FileSource = noFiles,
    charts: ChartSource = noCharts,
    renders: Renders = noRenders,
    usesCrds = true,
  ) {
    this.charts = charts;
    this.renders = renders;
    this.usesCrds = usesCrds;
    this.schemas = new Schemas(catalog);
    this.ownership = new Ownership(this.#files);
    this.data = new DataFiles(source);
  }

  get isWhole(): boolean {
    return this.#isWhole;
  }

  set isWhole(isWhole: boolean) {
    this.#isWhole = isWhole;
    this.#edited(undefined, undefined);
    this.revision += 1;
  }

  get config(): Config {
    return this.#config;
  }

  /** Sets the paths of all existing files, so that roles can be determined before all files are read. */
  list(paths: Iterable<string>): void {
    this.#files.list(paths);
    this.#edited(undefined, undefined);
    this.ownership.forget();
    this.revision += 1;
  }

  put(path: string, text: string): SourceFile {
    const previous = this.#files.get(path);
    if (previous?.text === text) return previous;
    return this.adopt(readFile(path, text, previous));
  }

  /** Adds a file whose text isn't looked at, because an earlier process hung while it did. */
  leaveOut(path: string, text: string): SourceFile {
    return this.adopt({ path, text, documents: [], unread: 'hung' });
  }

  /** Adds a file that was already read, in this thread or another. */
  adopt(file: SourceFile): SourceFile {
    const { path, text } = file;
    const previous = this.#files.get(path);
    this.#files.set(file);
    this.#edited(previous && path !== configName ? this.#lineOf(previous, file) : undefined, path);
    if (!previous) {
      this.ownership.forget();
      this.revision += 1;
    }
    try {
      if (path === configName) this.#configure(text);
      else this.#replace(path, previous, file);
      if (this.#failures.size > 0) this.#failures.delete(path);
    } catch (error) {
      this.#failures.set(path, error);
    }
    return file;
  }

  /** What was thrown while a file was added; the workspace may know only some of its objects then. */
  failuresIn(path: string): readonly unknown[] {
    return this.#failures.has(path) ? [this.#failures.get(path)] : [];
  }

  remove(path: string): void {
    this.#edited(undefined, path);
    const previous = this.#files.get(path);
    this.#files.delete(path);
    this.data.changed(path);
    this.ownership.forget();
    if (!previous) return;
    if (path === configName) this.#configure('');
    else this.#replace(path, previous, undefined);
    this.revision += 1;
  }

  /** Must be called when a file that isn't YAML was created, written or, with `exists: false`, deleted. */
  changedData(path: string, exists: boolean): void {
    this.remove(path);
    if (exists) this.#files.listOne(path);
    this.#edited(undefined, path);
    this.revision += 1;
  }

  /** Must be called when charts were fetched. */
  changedCharts(): void {
    this.#edited(undefined, undefined);
    this.revision += 1;
  }

  /**
   * The edition of everything apart from a document: the same while only this document is edited, as by somebody who types
   * in it.
   */
  editionApartFrom(document: Document): number {
    const line = this.#lines.get(document);
    return line !== undefined && this.#editing?.line === line ? this.#editing.since : this.edition;
  }

  /** The paths that changed since an edition; undefined if it isn't known. */
  changedSince(edition: number): readonly string[] | undefined {
    const { since, paths } = this.#changes;
    return edition >= since && since + paths.length === this.edition ? paths.slice(edition - since) : undefined;
  }

  /**
   * After a change of the document of a line, or of something else too. `path` is the file that changed; undefined if
   * anything may have.
   */
  #edited(line: object | undefined, path: string | undefined): void {
    if (line === undefined) this.#editing = undefined;
    else if (this.#editing?.line !== line) this.#editing = { line, since: this.edition };
    this.edition += 1;
    const { since, paths } = this.#changes;
    const isKnown = path !== undefined && paths.length < mostChanges && since + paths.length === this.edition - 1;
    if (isKnown) paths.push(path);
    else this.#changes = { since: this.edition, paths: [] };
  }

  /** The line of the one document in which a file differs from before. */
  #lineOf(previous: SourceFile, next: SourceFile): object | undefined {
    const [was, now] = [previous.documents, next.documents];
    if (was.length !== now.length) return undefined;
    const at = now.findIndex(({ document }, index) => document !== was[index]!.document);
    const last = now.findLastIndex(({ document }, index) => document !== was[index]!.document);
    if (at === -1 || at !== last) return undefined;
    const line = this.#lines.get(was[at]!.document) ?? {};
    this.#lines.set(now[at]!.document, line);
    return line;
  }

  file(path: string): SourceFile | undefined {
    return this.#files.get(path);
  }

  files(): Iterable<SourceFile> {
    return this.#files.all();
  }

  paths(): ReadonlySet<string> {
    return this.#files.paths();
  }

  /** Must be called when the clusters were followed. */
  deliveredAs(applied: Parameters<Ownership['setApplied']>[0]): void {
    if (this.ownership.setApplied(applied)) this.revision += 1;
  }

  hasFile(path: string): boolean {
    return this.#files.has(path);
  }

  /** Whether a file is in the folder or below it; the root is `''`. */
  hasFolder(folder: string): boolean {
    return this.#files.hasFolder(folder);
  }

  /** The paths of all files in a folder and below, in the order of a walk. The same (`===`) until files come or go. */
  below(folder: string): readonly string[] {
    return this.#files.below(folder);
  }

  crds(groupKind: GroupKind): readonly CrdSource[] {
    return this.#crds.get(groupKind) ?? none;
  }

  isClusterScoped(groupKind: GroupKind, path: string): boolean {
    const [newest] = this.schemas.storeFor(path).versions(groupOf(groupKind), kindName(groupKind));
    return newest?.scope === 'Cluster';
  }

  role(path: string, document: Document): Role {
    return roleOf(path, document.text, document.facts, {
      hasFile: (other) => this.hasFile(other),
      usageOf: (other) => this.ownership.usageOf(other),
      isIgnored: (other) => this.isIgnored(other),
    });
  }

  isIgnored(path: string): boolean {
    return this.#ignored?.(path) ?? false;
  }

  /**
   * The value of `compute` for a document, which is computed again only if something it read from its surroundings changed.
   * `name` identifies the computation.
   */
  memo<T>(path: string, document: Document, name: string, compute: (surroundings: Surroundings) => T): T {
    return this.#memos.get(document, `${name}\n${path}`, this.revision, (remember) =>
      compute(this.#surroundings(path, document, remember)),
    );
  }

  #surroundings(path: string, document: Document, remember: Remember): Surroundings {
    const workspace = this;
    const store = this.schemas.storeFor(path);
    const rememberKind = (gvk: Pick<Gvk, 'group' | 'kind'>) => remember(() => this.schemas.answerFor(path, gvk));
    return {
      get role() {
        return remember(() => workspace.role(path, document));
      },
      get config() {
        return remember(() => workspace.config);
      },
      scopes: (of) => remember(() => this.ownership.asApplied.of(of).forms.map(({ scope }) => scope)),
      targets: (scope, by, use) => remember(() => this.resolver.certainTargets(scope, by, use)),
      crds: (groupKind) => remember(() => this.crds(groupKind)),
      get missingPins() {
        return remember(() => workspace.schemas.missingPins.join('\n'));
      },
      schemas: {
        lookup(gvk) {
          rememberKind(gvk);
          return store.lookup(gvk);
        },
        others(gvk) {
          rememberKind(gvk);
          return store.others?.(gvk) ?? [];
        },
        versions(group, kind) {
          rememberKind({ group, kind });
          return store.versions(group, kind);
        },
        kinds: () => remember(() => this.schemas.storeFor(path)).kinds(),
        hasGroup: (group) => remember(() => this.schemas.storeFor(path).hasGroup(group)) && store.hasGroup(group),
      },
    };
  }

  /** Sets which versions the clusters run that get a file. */
  detected(targetsOf: (path: string) => Targets): void {
    this.schemas.detect(targetsOf);
    this.revision += 1;
  }

  /** Judges everything as if all clusters ran these versions. */
  ask(targets: Targets): void {
    this.schemas.ask(targets);
    // What Helm renders for a cluster depends on its version.
    this.#edited(undefined, undefined);
    this.revision += 1;
  }

  #configure(text: string): void {
    const { config } = readConfig(text);
    this.#config = config;
    const patterns = config.ignores.length > 0 ? ignorePatterns(config.ignores) : undefined;
    this.#ignored = patterns && ((path) => path !== '' && !path.startsWith('../') && isIgnoredWithin(patterns, path));
    this.schemas.configure(config.folders);
    this.schemas.configureTargets(config.targets);
    this.revision += 1;
  }

  #replace(path: string, previous: SourceFile | undefined, next: SourceFile | undefined): void {
    const kept = new Set(next?.documents.map(({ document }) => document));
    const known = new Set(previous?.documents.map(({ document }) => document));
    const withdrawn = [...known].filter((document) => !kept.has(document));
    const announced = [...kept].filter((document) => !known.has(document));
    for (const document of withdrawn) this.#withdraw(path, document);
    const isNew = previous === undefined && !isKustomizationFile(path);
    const read = new Set(announced.filter((document) => !isNew || isDecided(document)));
    for (const document of announced)
      if (read.has(document)) this.#announce(path, document);
      else this.#indexes.expect(path, document);
    if ([...withdrawn.filter(isDecided), ...read].some(({ facts }) => facts.deliveries.length > 0)) {
      const deliveries = [...kept].flatMap(({ facts }) => facts.deliveries);
      if (this.ownership.setDeliveries(path, deliveries)) this.revision += 1;
    }
    if (!isKustomizationFile(path)) return;
    this.ownership.setKustomization(path, next?.documents[0]?.document.facts.kustomization);
    this.revision += 1;
  }

  /** Reads documents that nothing asked for yet, in steps. Answers stay the same. */
  readRest(): Steps<void> {
    return this.#indexes.rest();
  }

  #announce(path: string, document: Document): void {
    if (this.#indexes.add(path, document)) this.revision += 1;
    for (const object of document.facts.objects) {
      if (!object.defines) continue;
      this.#setCrds(object.defines, [...this.crds(object.defines), crdSource(path, document, object)]);
    }
  }

  #withdraw(path: string, document: Document): void {
    if (this.#indexes.remove(path, document)) this.revision += 1;
    if (!isDecided(document)) return;
    for (const { defines } of document.facts.objects) {
      if (!defines) continue;
      this.#setCrds(
        defines,
        this.crds(defines).filter((source) => source.path !== path || source.text !== document.text),
      );
    }
  }

  #setCrds(groupKind: GroupKind, sources: readonly CrdSource[]): void {
    if (sources.length > 0) this.#crds.set(groupKind, sources);
    else this.#crds.delete(groupKind);
    this.schemas.setCrds(groupKind, this.usesCrds ? sources : none);
    this.revision += 1;
  }
}

/** Whether its facts may be needed for other files; they are known then, or read at once. */
function isDecided(document: Document): boolean {
  return isRead(document) || mayDecide(document.text);
}
