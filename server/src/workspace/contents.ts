// What the objects of a folder can be, as the texts tell that kustomize reads for it: which files these are, and the names of
// the objects that they define. Much faster than a build, and known only where a build changes no kinds and makes up no names.
import type { GroupKind } from '../kube/identity.ts';
import { folderOf, joinPath, kustomizationNames, resolvePath } from '../kustomize/paths.ts';
import { type Document, isRead, type SourceFile } from './document.ts';
import { mayDecide, type ObjectFacts } from './facts.ts';
import { headOf } from './head.ts';
import { mayState } from './versions.ts';
import type { Workspace } from './workspace.ts';

export interface Contents {
  /** The paths that are read, whether there is a file or not. */
  readonly files: ReadonlySet<string>;
  /** Folders of which everything below is read, whatever comes. */
  readonly listed: ReadonlySet<string>;
  /** Files that have values of Secrets. */
  readonly secrets: ReadonlySet<string>;
  /** Whether an object of the kind may have the name, or any name. `false` is certain. */
  has(kind: string, name?: string): boolean;
  /** Whether objects may state a version of their cluster. `false` is certain. */
  mayStateVersion(patches: string): boolean;
}

/**
 * Of the folder that a Flux Kustomization applies, with its components. Undefined if only a build can tell, or if the objects
 * apply others.
 */
export function contentsOf(workspace: Workspace, folder: string, components: readonly string[]): Contents | undefined {
  const reading = new Reading(workspace);
  const isKnown = [folder, ...components].every((one, index) => reading.folder(one, index === 0));
  return isKnown ? reading : undefined;
}

/** Whether patches may change what an object is: its kind or its name. */
export function mayRename(text: string): boolean {
  return /allow(?:Kind|Name)Change|\/kind\b|\/metadata\/name\b/.test(text);
}

/** State: what was read of one folder. */
class Reading implements Contents {
  readonly #workspace: Workspace;
  readonly #folders = new Set<string>();
  readonly #names = new Map<string, (string | undefined)[]>();
  readonly #kinds = new Set<GroupKind>();
  readonly #texts = new Set<string>();
  readonly files = new Set<string>();
  readonly listed = new Set<string>();
  readonly secrets = new Set<string>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  has(kind: string, name?: string): boolean {
    const names = this.#names.get(kind) ?? [];
    // kustomize adds prefixes and suffixes to names.
    return name === undefined ? names.length > 0 : names.some((one) => one === undefined || name.includes(one));
  }

  mayStateVersion(patches: string): boolean {
    return [...this.#kinds].some((kind) => mayState(kind, [...this.#texts, patches]));
  }

  /** Returns whether everything in it is known. `isFlux`: Flux applies everything below a folder without a kustomization. */
  folder(folder: string, isFlux = false): boolean {
    if (this.#folders.has(folder)) return true;
    this.#folders.add(folder);
    for (const name of kustomizationNames) this.files.add(joinPath(folder, name));
    const path = this.#workspace.ownership.kustomizationIn(folder);
    if (path === undefined) return isFlux && this.#everythingBelow(folder);
    const [placed, ...others] = this.#workspace.file(path)?.documents ?? [];
    const facts = placed?.document.facts;
    if (!facts || others.length > 0 || !isPlain(placed!.document)) return false;
    this.#texts.add(placed!.document.text);
    // One that lists nothing may have labels.
    const { applies = [], patches = [], inputs = [] } = facts.kustomization ?? {};
    const resolved = (name: string) => resolvePath(folder, name);
    for (const object of facts.generated) this.#note(object);
    const hasSecrets = facts.generated.some(({ gvk }) => gvk.kind === 'Secret');
    for (const input of inputs.map(resolved)) {
      if (input === undefined) return false;
      this.files.add(input);
      // Values of a release may be in it.
      const text = this.#workspace.file(input)?.text;
      if (text !== undefined) this.#texts.add(text);
      if (hasSecrets) this.secrets.add(input);
    }
    if (hasSecrets) this.secrets.add(path);
    return (
      applies.map(resolved).every((one) => this.#resource(one)) &&
      patches.map(resolved).every((one) => this.#patch(one))
    );
  }

  #everythingBelow(folder: string): boolean {
    this.listed.add(folder);
    const paths = this.#workspace.below(folder).filter((path) => /\.ya?ml$|\/Kustomization$/.test(path));
    return paths.every((path) => (this.#isKustomization(path) ? this.folder(folderOf(path)) : this.#resource(path)));
  }

  #isKustomization(path: string): boolean {
    return this.#workspace.ownership.kustomizationIn(folderOf(path)) === path;
  }

  #resource(path: string | undefined): boolean {
    const file = path === undefined ? undefined : this.#workspace.file(path);
    if (path === undefined || !file) return path !== undefined && this.folder(path);
    if (this.files.has(path)) return true;
    this.files.add(path);
    return !file.unread && file.documents.every(({ document }) => this.#objects(file, document));
  }

  #objects({ path }: SourceFile, document: Document): boolean {
    const { text } = document;
    this.#texts.add(text);
    const head = isRead(document) || mayDecide(text) ? undefined : headOf(text);
    const { objects, deliveries } = head ? { objects: [head], deliveries: [] } : document.facts;
    for (const object of objects) {
      if (appliesOthers(object.groupKind)) return false;
      this.#note(object);
      if (object.gvk.kind === 'Secret') this.secrets.add(path);
    }
    return deliveries.length === 0 && (objects.length > 0 || isBlank(text));
  }

  #note({ gvk, groupKind, name }: Pick<ObjectFacts, 'gvk' | 'groupKind' | 'name'>): void {
    this.#kinds.add(groupKind);
    const names = this.#names.get(gvk.kind);
    if (names) names.push(name);
    else this.#names.set(gvk.kind, [name]);
  }

  #patch(path: string | undefined): boolean {
    if (path === undefined) return false;
    this.files.add(path);
    const text = this.#workspace.file(path)?.text ?? this.#workspace.data.text(path);
    if (text === undefined || mayRename(text)) return false;
    this.#texts.add(text);
    return true;
  }
}

/** Whether objects of the kind bring others to a cluster, which only their built values tell. */
function appliesOthers(groupKind: GroupKind): boolean {
  return groupKind.startsWith('kustomize.toolkit.fluxcd.io/') || groupKind.startsWith('fluxcd.controlplane.io/');
}

const plain = new WeakMap<Document, boolean>();

/** Whether a kustomization keeps kinds, and changes names only by adding to them. */
function isPlain(document: Document): boolean {
  const known = plain.get(document);
  if (known !== undefined) return known;
  const { text } = document;
  const lines = text.split('\n').filter((line) => /^[^\s#-]/.test(line));
  const is = lines.every((line) => plainFields.has(/^([A-Za-z]+\d*):/.exec(line)?.[1] ?? '')) && !mayRename(text);
  plain.set(document, is);
  return is;
}

const plainFields: ReadonlySet<string> = new Set([
  ...['apiVersion', 'kind', 'metadata', 'resources', 'bases', 'components', 'namespace', 'namePrefix', 'nameSuffix'],
  ...['commonLabels', 'commonAnnotations', 'labels', 'images', 'replicas', 'buildMetadata', 'sortOptions'],
  ...['patches', 'patchesStrategicMerge', 'patchesJson6902'],
  ...['configMapGenerator', 'secretGenerator', 'generatorOptions'],
]);

function isBlank(text: string): boolean {
  return !/^[^\s#-]/m.test(text) && !/^\s+[^\s#]/m.test(text);
}
