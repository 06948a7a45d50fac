// The open roots, one program each: its files on disk, overlaid by open documents.
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Renders } from '../charts/render.ts';
import type { StoredCharts } from '../disk/charts.ts';
import { entriesBelow, filesIn, isBelow, isFolder, repositoryOf, walk } from '../disk/files.ts';
import { diskFiles } from '../disk/reader.ts';
import { type FileSource, noFiles } from '../kustomize/file-source.ts';
import { isYamlPath } from '../kustomize/paths.ts';
import type { Catalog } from '../schema/load.ts';
import type { Steps } from '../syntax/steps.ts';
import { isInChart } from '../workspace/charts.ts';
import { configName } from '../workspace/config.ts';
import { isInKustomization } from '../workspace/data-files.ts';
import { largestFile } from '../workspace/document.ts';
import { isKustomizationFile } from '../workspace/roles.ts';
import { Workspace } from '../workspace/workspace.ts';
import type { AtWork } from './at-work.ts';
import { inSlices, type Log } from './run.ts';

export interface Program {
  /** Absent for documents that are not files. */
  readonly root?: string;
  readonly source: FileSource;
  readonly workspace: Workspace;
  /** Settles once the role of each file is known; their definitions are read afterwards. */
  ready: Promise<void>;
  scanned: boolean;
  /** Settles once `scanned`. */
  read: Promise<void>;
  /** Notes that a file is worked on, or all of it. */
  readonly working: (path?: string) => void;
}

/** The program that a document belongs to. */
export interface Place {
  readonly program: Program;
  /** Its key in the workspace. */
  readonly path: string;
}

/** What is known of an earlier process, and what a later one should know. */
export interface Care {
  readonly atWork: AtWork;
  /** URIs; see LanguageOptions. */
  readonly setAside: readonly string[];
  /** See LanguageOptions. */
  readonly usesCrds?: boolean;
  /** Those that were fetched. */
  readonly charts: StoredCharts;
  readonly renders: Renders;
}

export class Programs {
  readonly #catalog: Catalog;
  readonly #charts: StoredCharts;
  readonly #renders: Renders;
  readonly #log: Log;
  /** Called when a whole root has been read. */
  readonly #onScanned: () => void;
  readonly #programs = new Map<string, Program>();
  readonly #loose: Program;
  /** Documents open in the client; their text takes precedence over the disk. */
  readonly #open = new Map<string, string>();
  /** The URIs of open documents as the client spells them, by file. */
  readonly #spelled = new Map<string, string>();
  /** The places of open documents, cached because finding one reads the disk. */
  readonly #places = new Map<string, Place>();
  #folders: readonly string[] = [];
  readonly #atWork: AtWork;
  readonly #setAside: ReadonlySet<string>;
  readonly #usesCrds: boolean;

  constructor(
    catalog: Catalog,
    log: Log,
    { atWork, setAside, charts, renders, usesCrds = true }: Care,
    onScanned: () => void,
  ) {
    this.#charts = charts;
    this.#renders = renders;
    this.#catalog = catalog;
    this.#log = log;
    this.#atWork = atWork;
    this.#usesCrds = usesCrds;
    this.#setAside = new Set(setAside.map((uri) => filePath(uri) ?? uri));
    this.#onScanned = onScanned;
    const ready = Promise.resolve();
    this.#loose = {
      source: noFiles,
      workspace: new Workspace(catalog, noFiles, charts, renders, usesCrds),
      ready,
      scanned: true,
      read: ready,
      working: () => {},
    };
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
    return this.#spelled.get(file) ?? pathToFileURL(file).href;
  }

  /** Whether the files of a root are being read. */
  get isReading(): boolean {
    return [...this.all()].some(({ scanned }) => !scanned);
  }

  all(): Iterable<Program> {
    return [...this.#programs.values(), this.#loose];
  }

  put(uri: string, text: string): void {
    const place = this.placeOf(uri);
    const { program, path } = place;
    this.#open.set(uri, text);
    this.#places.set(uri, place);
    const file = filePath(uri);
    if (file !== undefined) this.#spelled.set(file, uri);
    this.#put(program, path, text);
  }

  /** Notes that the document is worked on, until the event loop turns. */
  working(uri: string): void {
    this.#atWork.on(uri);
  }

  /** Reads a text into the workspace; that of a document that is set aside isn't looked at. */
  #put(program: Program, path: string, text: string): void {
    const uri = program.root === undefined ? path : pathToFileURL(join(program.root, path)).href;
    this.#atWork.on(uri);
    if (this.#setAside.size > 0 && this.#setAside.has(filePath(uri) ?? uri)) program.workspace.leaveOut(path, text);
    else program.workspace.put(path, text);
  }

  close(uri: string): void {
    this.#open.delete(uri);
    const file = filePath(uri);
    if (file !== undefined && this.#spelled.get(file) === uri) this.#spelled.delete(file);
    this.changedOnDisk(uri);
    this.#places.delete(uri);
  }

  /**
   * Reads a file again, or drops it if it is gone; open documents stay as they are in the editor. False where nothing may
   * depend on the file: clients report whatever changes below the folders that are open.
   */
  changedOnDisk(uri: string): boolean {
    if (this.#open.has(uri)) return false;
    if (!isYamlPath(uri) && !this.#places.has(uri)) return this.#changedData(uri);
    const { program, path } = this.placeOf(uri);
    const text = program.source.read(path);
    if (typeof text === 'string') this.#put(program, path, text);
    else program.workspace.remove(path);
    return true;
  }

  /**
   * A file, or a folder with what is in it already: a watcher may report a new folder and none of the files that were written
   * into it at once. False where nothing may depend on it.
   */
  *created(uri: string): Steps<boolean> {
    const folder = isYamlPath(uri) ? undefined : filePath(uri);
    const isNew = folder !== undefined && !isInternal(folder) && this.#hasBelow(folder) && isFolder(folder) === true;
    if (!isNew) return this.changedOnDisk(uri);
    let changed = false;
    for (const file of filesBelow(folder)) {
      changed = this.changedOnDisk(pathToFileURL(file).href) || changed;
      yield;
    }
    return changed;
  }

  #hasBelow(file: string): boolean {
    return [...this.#programs.keys()].some((root) => isBelow(file, root));
  }

  /** A file that isn't YAML matters to kustomizations of its folder and of those above. */
  #changedData(uri: string): boolean {
    const file = filePath(uri);
    if (file === undefined || isInternal(file)) return false;
    const roots = [...this.#programs.values()].filter(({ root }) => root !== undefined && isBelow(file, root));
    const [program] = roots.toSorted((a, b) => b.root!.length - a.root!.length);
    if (!program) return false;
    const path = relative(program.root!, file).split(sep).join('/');
    if (!isInKustomization(program.workspace, path) && !isInChart(program.workspace, path)) return false;
    program.workspace.changedData(path, program.source.kindOf(path) === 'file');
    return true;
  }

  /** A file, or a folder with all that was in it. False where nothing may depend on it. */
  *deleted(uri: string): Steps<boolean> {
    let changed = this.changedOnDisk(uri);
    const folder = filePath(uri);
    if (folder === undefined) return changed;
    for (const program of this.#programs.values()) {
      if (!isBelow(folder, program.root!)) continue;
      const path = relative(program.root!, folder).split(sep).join('/');
      if (!program.workspace.hasFolder(path)) continue;
      for (const below of program.workspace.below(path)) {
        changed = this.changedOnDisk(this.uriOf({ program, path: below })) || changed;
        yield;
      }
    }
    return changed;
  }

  /**
   * Compares all files of a root with the disk: events of a watcher may be lost. False if nothing changed, and for anything
   * but the folder of a root.
   */
  *compared(uri: string): Steps<boolean> {
    const program = this.#programs.get(filePath(uri) ?? '');
    if (!program) return false;
    const { workspace, root } = program;
    const { edition } = workspace;
    for (const path of [...workspace.paths()]) {
      if (workspace.file(path)) this.changedOnDisk(this.uriOf({ program, path }));
      yield;
    }
    for (const path of walk(root!, { other: () => {} })) {
      if (!workspace.file(path) && !workspace.isIgnored(path)) this.#read(program, root!, path);
      yield;
    }
    return workspace.edition !== edition;
  }

  /** Looks again at which charts were fetched. */
  chartsChanged(): void {
    this.#charts.forget();
    this.rendered();
  }

  /** Helm answered what was asked. */
  rendered(): void {
    for (const { workspace } of this.all()) workspace.changedCharts();
  }

  #program(root: string, deep: boolean): Program {
    const known = this.#programs.get(root);
    if (known) return known;
    const source = diskFiles(root, largestFile.bytes);
    const workspace = new Workspace(this.#catalog, source, this.#charts, this.#renders, this.#usesCrds);
    let last = { path: '', href: pathToFileURL(root).href };
    // Called at each of many steps, most of which are for the same path.
    const working = (path = '') => {
      if (path !== last.path) last = { path, href: pathToFileURL(path === '' ? root : join(root, path)).href };
      this.#atWork.on(last.href);
    };
    const program: Program = { root, source, workspace, ready: none, scanned: false, read: none, working };
    this.#programs.set(root, program);
    workspace.isWhole = false;
    const paths: string[] = [];
    program.ready = this.#scan(program, root, deep, paths);
    program.read = program.ready.then(() => this.#scanRest(program, root, paths));
    return program;
  }

  /** Settles once file names, configuration and kustomizations are known; the other files are read afterwards. */
  async #scan(program: Program, root: string, deep: boolean, paths: string[]): Promise<void> {
    try {
      await inSlices(this.#list(program, root, deep, paths));
    } catch (error) {
      this.#log(`scan of ${root}: ${String(error)}`);
    }
  }

  async #scanRest(program: Program, root: string, paths: readonly string[]): Promise<void> {
    try {
      await inSlices(this.#readAll(program, root, paths));
    } catch (error) {
      this.#log(`scan of ${root}: ${String(error)}`);
    }
    program.scanned = true;
    // What its clusters get isn't computed if that hung before.
    program.workspace.isWhole = !this.#setAside.has(root);
    this.#onScanned();
  }

  *#list(program: Program, root: string, deep: boolean, paths: string[]): Generator<void> {
    this.#read(program, root, configName);
    const others: string[] = [];
    const listing = { other: (path: string) => void others.push(path) };
    for (const path of deep ? walk(root, listing) : filesIn(root, '', listing)) {
      paths.push(path);
      if (isKustomizationFile(path)) this.#read(program, root, path);
      yield;
    }
    program.workspace.list([...paths, ...others]);
  }

  *#readAll(program: Program, root: string, paths: readonly string[]): Generator<void> {
    const { workspace } = program;
    for (const path of paths) {
      if (!workspace.file(path) && !workspace.isIgnored(path)) this.#read(program, root, path);
      yield;
    }
  }

  #read(program: Program, root: string, path: string): void {
    const { workspace, source } = program;
    const text = this.#open.get(pathToFileURL(join(root, path)).href) ?? source.read(path);
    if (typeof text === 'string' && !workspace.file(path)) this.#put(program, path, text);
  }
}

const none = Promise.resolve();

/** Empty if the folder or one in it can't be listed, or is gone again. */
function filesBelow(folder: string): readonly string[] {
  try {
    const files = entriesBelow(folder, true).map(({ parentPath, name }) => join(parentPath, name));
    return files.filter((file) => !isInternal(file));
  } catch {
    return [];
  }
}

/** Below folders that are never read. */
function isInternal(file: string): boolean {
  return /[\\/](?:\.git|node_modules)(?:[\\/]|$)/.test(file);
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
