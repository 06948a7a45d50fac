// The open roots, one program each: its files on disk, overlaid by open documents, and the CRDs of connected clusters.
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { filesIn, isBelow, readText, repositoryOf, walk } from '../disk/files.ts';
import { isYamlPath } from '../kustomize/paths.ts';
import { type Crd, readCrd } from '../schema/crd.ts';
import type { Catalog } from '../schema/load.ts';
import { configName } from '../workspace/config.ts';
import { largestFile } from '../workspace/document.ts';
import { isKustomizationFile } from '../workspace/roles.ts';
import { Workspace } from '../workspace/workspace.ts';
import { inSlices, type Log } from './run.ts';

export interface Program {
  /** Absent for documents that are not files. */
  readonly root?: string;
  readonly workspace: Workspace;
  /** Settles once the role of each file is known; their definitions are read afterwards. */
  ready: Promise<void>;
  scanned: boolean;
}

/** The program that a document belongs to. */
export interface Place {
  readonly program: Program;
  /** Its key in the workspace. */
  readonly path: string;
}

export class Programs {
  readonly #catalog: Catalog;
  readonly #log: Log;
  /** Called when a whole root has been read. */
  readonly #onScanned: () => void;
  readonly #programs = new Map<string, Program>();
  readonly #loose: Program;
  readonly #clusters = new Map<string, readonly Crd[]>();
  /** Documents open in the client; their text takes precedence over the disk. */
  readonly #open = new Map<string, string>();
  /** The places of open documents, cached because finding one reads the disk. */
  readonly #places = new Map<string, Place>();
  #folders: readonly string[] = [];

  constructor(catalog: Catalog, log: Log, onScanned: () => void) {
    this.#catalog = catalog;
    this.#log = log;
    this.#onScanned = onScanned;
    this.#loose = { workspace: new Workspace(catalog), ready: Promise.resolve(), scanned: true };
  }

  /** Opens the user's folders; their roots are read immediately. */
  openFolders(uris: readonly string[]): void {
    this.#folders = uris.flatMap((uri) => filePath(uri) ?? []);
    for (const folder of this.#folders) this.#program(repositoryOf(folder) ?? folder, true);
  }

  placeOf(uri: string): Place {
    return this.#places.get(uri) ?? this.#find(uri);
  }

  #find(uri: string): Place {
    const file = filePath(uri);
    if (file === undefined) return { program: this.#loose, path: uri };
    const folder = dirname(file);
    const opened = this.#folders.find((one) => isBelow(file, one));
    const known = repositoryOf(folder) ?? opened;
    const root = known ?? folder;
    // A file outside of any repository and opened folder may have a whole disk below its folder: read only the files
    // beside it.
    const program = this.#program(root, known !== undefined);
    return { program, path: relative(root, file).split(sep).join('/') };
  }

  uriOf({ program, path }: Place): string {
    if (program.root === undefined) return path;
    const file = join(program.root, path);
    // If the file is open in the client, keep the client's spelling of the URI.
    for (const [uri] of this.#open) if (filePath(uri) === file) return uri;
    return pathToFileURL(file).href;
  }

  all(): Iterable<Program> {
    return [...this.#programs.values(), this.#loose];
  }

  put(uri: string, text: string): void {
    const place = this.placeOf(uri);
    const { program, path } = place;
    this.#open.set(uri, text);
    this.#places.set(uri, place);
    program.workspace.put(path, text);
  }

  close(uri: string): void {
    this.#open.delete(uri);
    this.changedOnDisk(uri);
    this.#places.delete(uri);
  }

  /** Rereads a file, or removes it if it no longer exists; open documents keep the text of the editor. */
  changedOnDisk(uri: string): void {
    if (this.#open.has(uri)) return;
    const { program, path } = this.placeOf(uri);
    const file = filePath(uri);
    const text = file === undefined ? undefined : readText(file, largestFile.bytes);
    if (typeof text === 'string' && isYamlPath(path)) program.workspace.put(path, text);
    else program.workspace.remove(path);
  }

  /** Handles the deletion of a file, or of a folder with everything in it. */
  deleted(uri: string): void {
    const { program, path } = this.placeOf(uri);
    this.changedOnDisk(uri);
    for (const file of [...program.workspace.files()]) {
      if (file.path.startsWith(`${path}/`)) this.changedOnDisk(this.uriOf({ program, path: file.path }));
    }
  }

  /** `crds`: the CRDs of a connected cluster as JSON; empty when it is closed. */
  setCluster(context: string, crds: readonly string[]): void {
    const read = crds.flatMap((text) => {
      const crd = readCrd(parseJson(text), 'keep');
      return crd ? [crd] : [];
    });
    if (read.length === 0) this.#clusters.delete(context);
    else this.#clusters.set(context, read);
    for (const { workspace } of this.all()) workspace.setCluster(context, read);
  }

  #program(root: string, deep: boolean): Program {
    const known = this.#programs.get(root);
    if (known) return known;
    const workspace = new Workspace(this.#catalog);
    for (const [context, crds] of this.#clusters) workspace.setCluster(context, crds);
    const program: Program = { root, workspace, ready: Promise.resolve(), scanned: false };
    this.#programs.set(root, program);
    program.ready = this.#scan(program, root, deep);
    return program;
  }

  /** Settles once file names, configuration and kustomizations are known; the other files are read afterwards. */
  async #scan(program: Program, root: string, deep: boolean): Promise<void> {
    const paths: string[] = [];
    try {
      await inSlices(this.#list(program, root, deep, paths));
    } catch (error) {
      this.#log(`scan of ${root}: ${String(error)}`);
    }
    void inSlices(this.#readAll(program, root, paths))
      .catch((error: unknown) => this.#log(`scan of ${root}: ${String(error)}`))
      .then(() => {
        program.scanned = true;
        this.#onScanned();
      });
  }

  *#list({ workspace }: Program, root: string, deep: boolean, paths: string[]): Generator<void> {
    this.#read(workspace, root, configName);
    for (const path of deep ? walk(root) : filesIn(root, '')) {
      paths.push(path);
      if (isKustomizationFile(path)) this.#read(workspace, root, path);
      yield;
    }
    workspace.list(paths);
  }

  *#readAll({ workspace }: Program, root: string, paths: readonly string[]): Generator<void> {
    for (const path of paths) {
      if (!workspace.file(path) && !workspace.isIgnored(path)) this.#read(workspace, root, path);
      yield;
    }
  }

  #read(workspace: Workspace, root: string, path: string): void {
    const file = join(root, path);
    const text = this.#open.get(pathToFileURL(file).href) ?? readText(file, largestFile.bytes);
    if (typeof text === 'string' && !workspace.file(path)) workspace.put(path, text);
  }
}

/** Undefined for URIs that aren't local files: untitled documents, Git revisions, other schemes. */
export function filePath(uri: string): string | undefined {
  if (!uri.startsWith('file:')) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
