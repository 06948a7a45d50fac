// The files of one root as one program: what they define, what each is, which schema answers where. It remembers what a
// check read, so that after an edit only what read something else is checked again.
import ignore from 'ignore';
import { type GroupKind, type Gvk, groupKindOf } from '../kube/identity.ts';
import { type Shaping, shapingOf, unshaped } from '../kustomize/completions.ts';
import type { Delivery } from '../kustomize/delivery.ts';
import { folderOf, foldersUp, joinPath, resolvePath } from '../kustomize/paths.ts';
import { type Crd, readCrd } from '../schema/crd.ts';
import type { Catalog } from '../schema/load.ts';
import type { SchemaStore } from '../schema/schema.ts';
import type { Finding } from '../syntax/finding.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { nodeAt } from '../syntax/navigate.ts';
import { toValue } from '../syntax/value.ts';
import { type Config, configName, missingPins, noConfig, readConfig } from './config.ts';
import { type Document, patchOf, readFile, type SourceFile } from './document.ts';
import type { ObjectFacts } from './facts.ts';
import { isKustomizationFile, kustomizationNames, type Role, roleOf } from './roles.ts';
import { type CrdSource, Schemas } from './schemas.ts';

/** `group/Kind|name`. */
export type DefinitionKey = `${GroupKind}|${string}`;

export function definitionKey(groupKind: GroupKind, name: string): DefinitionKey {
  return `${groupKind}|${name}`;
}

/** An object as a file defines it. A generator of a kustomization defines too; then `object` is absent. */
export interface Definition {
  readonly path: string;
  readonly document: Document;
  readonly object?: ObjectFacts;
}

/** All a check may ask about what is outside its document; each question is remembered with its answer. */
export interface Surroundings {
  readonly role: Role;
  readonly schemas: SchemaStore;
  readonly config: Config;
  /** What kustomizations may do to the document's objects. */
  readonly shaping: Shaping;
  definitions(key: DefinitionKey): readonly Definition[];
  crds(groupKind: GroupKind): readonly CrdSource[];
}

interface Memo {
  revision: number;
  readonly value: unknown;
  readonly reads: readonly { readonly ask: () => unknown; readonly answer: unknown }[];
}

const none: readonly never[] = [];

export class Workspace {
  /** Grows with every change that something outside the changed document may see. */
  revision = 0;
  readonly schemas: Schemas;
  #config: Config = noConfig;
  #ignored: ((path: string) => boolean) | undefined;
  readonly #files = new Map<string, SourceFile>();
  /** Paths the scan has seen, read or not. */
  #listed = new Set<string>();
  readonly #definitions = new Map<DefinitionKey, readonly Definition[]>();
  /** How many documents define objects of a kind, named or not. */
  readonly #kinds = new Map<GroupKind, number>();
  readonly #crds = new Map<GroupKind, readonly CrdSource[]>();
  /** What kustomizations say of a file: path to the kustomizations that say it. */
  readonly #usages = new Map<string, Map<string, Usage>>();
  readonly #deliveries = new Map<Document, readonly Delivery[]>();
  readonly #shapings = new Map<string, Shaping>();
  /** Every folder that holds a file, as of a revision. */
  #folders: { readonly revision: number; readonly paths: ReadonlySet<string> } | undefined;
  readonly #memos = new WeakMap<Document, Map<string, Memo>>();

  constructor(catalog: Catalog) {
    this.schemas = new Schemas(catalog);
  }

  get config(): Config {
    return this.#config;
  }

  /** Names of files that exist, so that what a file is can be told before all are read. */
  list(paths: Iterable<string>): void {
    this.#listed = new Set(paths);
    this.revision += 1;
  }

  put(path: string, text: string): SourceFile {
    const previous = this.#files.get(path);
    if (previous?.text === text) return previous;
    return this.adopt(readFile(path, text, previous));
  }

  /** Takes a file that was read already, or the outline of one that is checked elsewhere. */
  adopt(file: SourceFile): SourceFile {
    const { path, text } = file;
    const previous = this.#files.get(path);
    this.#files.set(path, file);
    if (path === configName) this.#configure(text);
    else this.#replace(path, previous, file);
    if (!previous) this.revision += 1;
    return file;
  }

  remove(path: string): void {
    const previous = this.#files.get(path);
    this.#listed.delete(path);
    if (!previous) return;
    this.#files.delete(path);
    if (path === configName) this.#configure('');
    else this.#replace(path, previous, undefined);
    this.revision += 1;
  }

  file(path: string): SourceFile | undefined {
    return this.#files.get(path);
  }

  files(): Iterable<SourceFile> {
    return this.#files.values();
  }

  hasFile(path: string): boolean {
    return this.#files.has(path) || this.#listed.has(path);
  }

  definitions(key: DefinitionKey): readonly Definition[] {
    return this.#definitions.get(key) ?? none;
  }

  /** CRDs of a connected cluster; none when it is closed. */
  setCluster(context: string, crds: readonly Crd[]): void {
    this.schemas.setCluster(context, crds);
    this.revision += 1;
  }

  hasKind(groupKind: GroupKind): boolean {
    return (this.#kinds.get(groupKind) ?? 0) > 0;
  }

  /** Namespaces that are defined or that objects name. */
  namespaces(): ReadonlySet<string> {
    const names = new Set<string>();
    for (const { documents } of this.#files.values()) {
      for (const { document } of documents) {
        for (const { groupKind, name, namespace } of document.facts.objects) {
          if (namespace !== undefined) names.add(namespace);
          if (groupKind === '/Namespace' && name !== undefined) names.add(name);
        }
      }
    }
    return names;
  }

  /** Every definition of a kind, for completion of names. */
  *definitionsOf(groupKind: GroupKind): Iterable<Definition & { readonly name: string }> {
    for (const [key, definitions] of this.#definitions) {
      if (!key.startsWith(`${groupKind}|`)) continue;
      const name = key.slice(groupKind.length + 1);
      for (const definition of definitions) yield { ...definition, name };
    }
  }

  crds(groupKind: GroupKind): readonly CrdSource[] {
    return this.#crds.get(groupKind) ?? none;
  }

  role(path: string, document: Document): Role {
    return roleOf(path, document.text, document.facts, {
      hasFile: (other) => this.hasFile(other),
      usageOf: (other) => this.#usageOf(other),
      isIgnored: (other) => this.isIgnored(other),
    });
  }

  isIgnored(path: string): boolean {
    return this.#ignored?.(path) ?? false;
  }

  /** Findings about `.capstan.yaml` itself. */
  configFindings(text: string): readonly Finding[] {
    return [...readConfig(text).findings, ...missingPins(text, this.schemas.missingPins)];
  }

  /**
   * The value of `compute` for a document, computed again only when an answer it got from its surroundings would differ
   * now. `name` tells computations apart.
   */
  memo<T>(path: string, document: Document, name: string, compute: (surroundings: Surroundings) => T): T {
    const key = `${name}\n${path}`;
    const memos = this.#memosOf(document);
    const known = memos.get(key);
    if (known && this.#holds(known)) return known.value as T;
    const reads: { ask: () => unknown; answer: unknown }[] = [];
    const value = compute(this.#surroundings(path, document, reads));
    memos.set(key, { revision: this.revision, value, reads });
    return value;
  }

  #holds(memo: Memo): boolean {
    if (memo.revision === this.revision) return true;
    if (!memo.reads.every(({ ask, answer }) => ask() === answer)) return false;
    memo.revision = this.revision;
    return true;
  }

  #memosOf(document: Document): Map<string, Memo> {
    let memos = this.#memos.get(document);
    if (!memos) this.#memos.set(document, (memos = new Map()));
    return memos;
  }

  #surroundings(path: string, document: Document, reads: { ask: () => unknown; answer: unknown }[]): Surroundings {
    const remember = <T>(ask: () => T): T => {
      const answer = ask();
      reads.push({ ask, answer });
      return answer;
    };
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
      get shaping() {
        return remember(() => workspace.#shaping(path));
      },
      definitions: (key) => remember(() => workspace.definitions(key)),
      crds: (groupKind) => remember(() => workspace.crds(groupKind)),
      schemas: {
        lookup(gvk) {
          rememberKind(gvk);
          return store.lookup(gvk);
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

  #configure(text: string): void {
    const { config } = readConfig(text);
    this.#config = config;
    const patterns = config.ignores.length > 0 ? ignore().add([...config.ignores]) : undefined;
    this.#ignored = patterns && ((path) => path !== '' && !path.startsWith('../') && patterns.ignores(path));
    this.schemas.configure(config.folders);
    this.revision += 1;
  }

  #replace(path: string, previous: SourceFile | undefined, next: SourceFile | undefined): void {
    const kept = new Set(next?.documents.map(({ document }) => document));
    const known = new Set(previous?.documents.map(({ document }) => document));
    for (const document of known) if (!kept.has(document)) this.#withdraw(path, document);
    for (const document of kept) if (!known.has(document)) this.#announce(path, document);
    if (isKustomizationFile(path)) this.#use(path, next);
  }

  #announce(path: string, document: Document): void {
    if (document.facts.deliveries.length > 0) this.#deliveries.set(document, document.facts.deliveries);
    for (const [key, object] of definitionsIn(document)) {
      const definition: Definition = { path, document, ...(object && { object }) };
      this.#definitions.set(key, [...this.definitions(key), definition]);
      this.revision += 1;
    }
    for (const object of document.facts.objects) {
      this.#kinds.set(object.groupKind, (this.#kinds.get(object.groupKind) ?? 0) + 1);
      if (object.defines)
        this.#setCrds(object.defines, [...this.crds(object.defines), crdSource(path, document, object)]);
    }
  }

  #withdraw(path: string, document: Document): void {
    this.#deliveries.delete(document);
    for (const [key] of definitionsIn(document)) {
      const rest = this.definitions(key).filter((one) => one.path !== path || one.document !== document);
      if (rest.length > 0) this.#definitions.set(key, rest);
      else this.#definitions.delete(key);
      this.revision += 1;
    }
    for (const { groupKind, defines } of document.facts.objects) {
      this.#kinds.set(groupKind, (this.#kinds.get(groupKind) ?? 0) - 1);
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
    this.schemas.setCrds(groupKind, sources);
    this.revision += 1;
  }

  /** Takes what one kustomization says of other files; `undefined` takes it all back. */
  #use(path: string, file: SourceFile | undefined): void {
    for (const users of this.#usages.values()) users.delete(path);
    const facts = file?.documents[0]?.document.facts.kustomization;
    const folder = folderOf(path);
    const note = (names: readonly string[], usage: Usage) => {
      for (const name of names) {
        const used = resolvePath(folder, name);
        if (used === undefined) continue;
        let users = this.#usages.get(used);
        if (!users) this.#usages.set(used, (users = new Map()));
        users.set(path, usage);
      }
    };
    note(facts?.inputs ?? [], 'data');
    note(facts?.patches ?? [], 'patch');
    note(facts?.applies ?? [], 'applied');
    this.revision += 1;
  }

  /** Equal (`===`) for as long as it is the same. */
  #shaping(path: string): Shaping {
    const found = shapingOf(path, {
      appliersOf: (at) => [...(this.#usages.get(at) ?? [])].flatMap(([by, usage]) => (usage === 'applied' ? [by] : [])),
      kustomizationIn: (folder) =>
        kustomizationNames.map((name) => joinPath(folder, name)).find((at) => this.#files.has(at)),
      factsOf: (at) => this.#files.get(at)?.documents[0]?.document.facts.kustomization,
      deliveries: [...this.#deliveries.values()].flat(),
      hasFolder: (folder) => this.#hasFolder(folder),
      patchPartsIn: (at) => this.#files.get(at)?.documents.flatMap(({ document }) => patchOf(document)),
    });
    if (found.completes.length === 0 && found.renames.length === 0 && !found.vars) return unshaped;
    const key = JSON.stringify(found);
    const known = this.#shapings.get(key) ?? found;
    this.#shapings.set(key, known);
    return known;
  }

  #hasFolder(folder: string): boolean {
    if (folder === '') return true;
    if (this.#folders?.revision !== this.revision) {
      const paths = new Set([...this.#files.keys(), ...this.#listed].map(folderOf));
      this.#folders = { revision: this.revision, paths: new Set([...paths].flatMap(foldersUp)) };
    }
    return this.#folders.paths.has(folder);
  }

  #usageOf(path: string): Usage | undefined {
    const users = this.#usages.get(path);
    if (!users || users.size === 0) return undefined;
    const usages = [...users.values()];
    return (['applied', 'patch', 'data'] as const).find((usage) => usages.includes(usage));
  }
}

type Usage = 'applied' | 'patch' | 'data';

function definitionsIn({ facts }: Document): readonly (readonly [DefinitionKey, ObjectFacts?])[] {
  const generated = facts.kustomization?.generates ?? none;
  return [
    ...facts.objects.flatMap((object) =>
      object.name === undefined ? [] : [[definitionKey(object.groupKind, object.name), object] as const],
    ),
    ...generated.map(({ kind, name }) => [definitionKey(groupKindOf({ group: '', kind }), name)] as const),
  ];
}

function crdSource(path: string, document: Document, object: ObjectFacts): CrdSource {
  return {
    path,
    groupKind: object.defines!,
    text: document.text,
    objectPath: object.path,
    crd: () => {
      const node = nodeAt(parseManifest(document.text).root, object.path);
      return node && readCrd(toValue(node), 'keep');
    },
  };
}
