// One build: the files it reads, what it found so far, and its limits. The caller supplies the files, and the paths that were
// looked up are noted.
import { type Manifest, notedOf } from '../syntax/manifest.ts';
import type { Steps } from '../syntax/steps.ts';
import type { Path } from '../syntax/tree.ts';
import type { BuildFiles } from './build-files.ts';
import type { BuildProblem, Reason } from './build-problem.ts';
import { locateIn, type Origin, type Source } from './built.ts';
import type { BuildDocument, IsNamespaced } from './objects.ts';
import { builtinOpenApi, type SchemaUse } from './openapi.ts';
import { joinPath, kustomizationNames, resolvePath } from './paths.ts';
import type { Changes, FileContent, Made, SchemaOf } from './transformers/transformer.ts';

/** The state of one build. `T` is what is kept of each folder. */
export interface Run<T> {
  readonly files: BuildFiles;
  /** The same without notes, for recordings, which have their own. */
  readonly source: BuildFiles;
  isNamespaced: IsNamespaced;
  schemaOf: SchemaOf;
  /** Whether a kustomization chose a schema, which only the first one does. */
  hasSchema: boolean;
  readonly use: SchemaUse;
  readonly loadsAnywhere: boolean;
  /** Whether a file outside of the folder that names it was looked up, which `loadsAnywhere` decides on. */
  crosses: boolean;
  /** The folder that is built. */
  readonly top: string;
  /** Whether annotations of `buildMetadata` are wanted. */
  readonly tracks: boolean;
  readonly problems: BuildProblem[];
  readonly warnings: BuildProblem[];
  readonly incomplete: Set<string>;
  /** A folder that several kustomizations reference is built once. */
  readonly bases: Map<string, T>;
  /** The folders that kustomizations reference, built or not. */
  readonly visited: Set<string>;
  folders: number;
  /** How many objects it may have. */
  room(): number;
  /** It would have more than there is room for: it has none, and nothing is accumulated any more. */
  isTooLarge: boolean;
  /** Keeps what folders accumulate for other builds; undefined if nothing is shared. */
  readonly share: Share<T> | undefined;
  /** What was made of objects when the folder was recorded last; undefined if it never was. */
  readonly changes: Changes | undefined;
  /** What was taken from other recordings; undefined if nothing is recorded. */
  readonly taken: Taken<T>[] | undefined;
  /** Makes a recording again of what it took; undefined if everything has to be accumulated. */
  readonly replay: Replay<T>;
  /** Notes paths that were read for another build. */
  note(reads: Iterable<string>): void;
}

/** What a folder accumulates, and everything else that its build does. */
export interface Recorded<T> {
  readonly accumulated: T;
  readonly problems: readonly BuildProblem[];
  readonly warnings: readonly BuildProblem[];
  readonly incomplete: ReadonlySet<string>;
  readonly visited: ReadonlySet<string>;
  readonly folders: number;
  readonly isTooLarge: boolean;
  readonly reads: readonly string[];
  /** It chooses the schema for the whole build. */
  readonly hasSchema: boolean;
  readonly use: SchemaUse;
  readonly crosses: boolean;
  /** What it read itself, apart from what it took. */
  readonly own: readonly string[];
  readonly taken: readonly Taken<T>[];
  /** What was made of its objects, for the next time; undefined the first time, since most folders are never recorded again. */
  readonly made: readonly Made[] | undefined;
  /** Something was made of several objects together. */
  readonly dependsOnAll: boolean;
}

/** A folder that a recording took from another. */
export interface Taken<T> {
  readonly recorded: Recorded<T>;
  /** As it is now. */
  again(run: Run<T>): Steps<Recorded<T> | undefined>;
}

export type Replay<T> = (
  earlier: Recorded<T>,
  taken: readonly Recorded<T>[],
) => Pick<Recorded<T>, 'accumulated' | 'made'> | undefined;

/**
 * The same recording for a folder until something that it read changes; undefined while the folder is being recorded, since
 * it leads back to itself. `isOwnSame`: since the earlier recording nothing changed that it read itself.
 */
export type Share<T> = (
  folder: string,
  record: (earlier: Recorded<T> | undefined, isOwnSame: boolean) => Steps<Recorded<T>>,
) => Steps<Recorded<T> | undefined>;

/** What a folder accumulates, in steps. `chain` contains the folders that are being built. */
type Accumulate<T> = (run: Run<T>, chain: readonly string[]) => Steps<T>;

/**
 * What `accumulate` returns for a folder that a kustomization references, from another build if that included it already.
 * `chain` contains the folders that are being built: where the folder leads back to one of them, nothing is shared.
 */
export function* sharedIn<T>(
  run: Run<T>,
  folder: string,
  chain: readonly string[],
  accumulate: Accumulate<T>,
): Steps<T> {
  const inChain = () => {
    if (run.changes) run.changes.dependsOnAll = true;
    return accumulate(run, [...chain, folder]);
  };
  if (!run.share || run.tracks || run.hasSchema) return yield* inChain();
  const recorded = yield* shared(run, folder, accumulate);
  if (!recorded || recorded.hasSchema || [...recorded.visited].some((one) => leadsBack(one, chain) !== undefined))
    return yield* inChain();
  const { accumulated, problems, warnings, incomplete, visited, folders, reads } = recorded;
  for (const problem of problems) if (!run.problems.includes(problem)) run.problems.push(problem);
  for (const warning of warnings) if (!run.warnings.includes(warning)) run.warnings.push(warning);
  for (const field of incomplete) run.incomplete.add(field);
  for (const one of visited) run.visited.add(one);
  run.folders += folders;
  run.isTooLarge ||= recorded.isTooLarge;
  run.crosses ||= recorded.crosses;
  run.use.isRead ||= recorded.use.isRead;
  run.use.isAwaited ||= recorded.use.isAwaited;
  run.note(reads);
  run.taken?.push({ recorded, again: (one) => shared(one, folder, accumulate) });
  return accumulated;
}

function* shared<T>(run: Run<T>, folder: string, accumulate: Accumulate<T>): Steps<Recorded<T> | undefined> {
  if (!run.share) return undefined;
  return yield* run.share(folder, function* (earlier, isOwnSame) {
    const again = earlier && isOwnSame ? yield* recordedAgain(run, earlier) : undefined;
    return again ?? (yield* record(run, folder, accumulate, earlier));
  });
}

/** The recording with what it takes as it is now; undefined if that may change more than objects. */
function* recordedAgain<T>(run: Run<T>, earlier: Recorded<T>): Steps<Recorded<T> | undefined> {
  if (earlier.made === undefined || earlier.dependsOnAll || !isSound(earlier)) return undefined;
  const known: Taken<T>[] = [];
  for (const one of earlier.taken) {
    const recorded = yield* one.again(run);
    if (!recorded || !isSameApartFromObjects(recorded, one.recorded)) return undefined;
    known.push({ ...one, recorded });
  }
  const again = run.replay(
    earlier,
    known.map(({ recorded }) => recorded),
  );
  return again && { ...earlier, ...again, taken: known };
}

function isSound<T>({ problems, warnings, hasSchema }: Recorded<T>): boolean {
  return problems.length === 0 && warnings.length === 0 && !hasSchema;
}

function isSameApartFromObjects<T>(a: Recorded<T>, b: Recorded<T>): boolean {
  return (
    isSound(a) &&
    a.folders === b.folders &&
    a.isTooLarge === b.isTooLarge &&
    a.crosses === b.crosses &&
    isSameList(a.reads, b.reads) &&
    isSameList([...a.visited], [...b.visited]) &&
    isSameList([...a.incomplete], [...b.incomplete])
  );
}

export function isSameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a === b || (a.length === b.length && a.every((one, index) => one === b[index]));
}

function* record<T>(
  run: Run<T>,
  folder: string,
  accumulate: Accumulate<T>,
  earlier: Recorded<T> | undefined,
): Steps<Recorded<T>> {
  // A schema decides on what is made of objects.
  const changes: Changes | undefined = earlier && {
    ...{ earlier: earlier.hasSchema ? [] : (earlier.made ?? []), now: [] },
    dependsOnAll: false,
  };
  // The folder's kustomization was read already, to know whether it is a component.
  const own = new Set(kustomizationNames.map((name) => joinPath(folder, name)));
  const reads = new Set<string>();
  const taken: Taken<T>[] = [];
  const use: SchemaUse = { isRead: false, isAwaited: false };
  const inner: Run<T> = {
    ...run,
    ...builtinOpenApi(use),
    use,
    files: notedFiles(run.source, own),
    taken,
    problems: [],
    warnings: [],
    incomplete: new Set(),
    bases: new Map(),
    visited: new Set(),
    folders: 0,
    isTooLarge: false,
    crosses: false,
    changes,
    note: (paths) => {
      for (const path of paths) reads.add(path);
    },
  };
  const accumulated = yield* accumulate(inner, [folder]);
  // What was made now refers to this run; with what was made before, it would keep every run there ever was.
  if (changes) changes.earlier = [];
  const { problems, warnings, incomplete, visited, folders, isTooLarge, hasSchema, crosses } = inner;
  return {
    ...{ accumulated, problems, warnings, incomplete, visited, folders, isTooLarge, hasSchema, use, crosses },
    ...{ reads: [...new Set([...own, ...reads])], own: [...own], taken },
    ...{ made: changes?.now, dependsOnAll: changes?.dependsOnAll ?? false },
  };
}

/** The folder of a chain that a path leads back to: the same, or one that it contains. */
export function leadsBack(target: string, chain: readonly string[]): string | undefined {
  return chain.find((folder) => folder === target || target === '' || folder.startsWith(`${target}/`));
}

/** Limits well above any real build: without them, folders or components that list others twice would never end. */
export const mostObjects = 20_000;
export const mostFolders = 5000;
export const deepest = 200;

/** Notes in `reads` every path that is looked up. */
export function notedFiles(files: BuildFiles, reads: Set<string>): BuildFiles {
  const noted = (path: string) => {
    reads.add(path);
    return path;
  };
  return {
    kindOf: (path) => files.kindOf(noted(path)),
    documents: (path) => files.documents(noted(path)),
    text: (path) => files.text(noted(path)),
    bytes: (path) => files.bytes?.(noted(path)),
    realPath: (path) => files.realPath?.(noted(path)) ?? path,
  };
}

/** The part of a build that reads files. */
type Reading = Pick<Run<unknown>, 'files' | 'loadsAnywhere' | 'crosses' | 'incomplete'>;

/** Reads the files that a kustomization references, and reports those that can't be read. */
export interface Reader {
  documentsOf(path: string, field: Path, origin: Origin): readonly BuildDocument[] | undefined;
  contentOf(path: string, field: Path, origin: Origin): FileContent | undefined;
}

export function readerOf(
  run: Reading,
  folder: string,
  report: (reason: Reason, field: Path, origin: Origin) => void,
): Reader {
  const found = (path: string, field: Path, origin: Origin): string | undefined => {
    const file = fileAt(run, folder, path);
    if (typeof file === 'string') return file;
    if (file.kind === 'remote') run.incomplete.add(String(field[0]));
    else report(file, field, origin);
    return undefined;
  };
  return {
    documentsOf(path, field, origin) {
      const file = found(path, field, origin);
      const documents = file === undefined ? undefined : documentsAt(run, file);
      // A file that is too large to read has any content.
      if (file !== undefined && documents === undefined) run.incomplete.add(String(field[0]));
      return documents;
    },
    contentOf(path, field, origin) {
      const file = found(path, field, origin);
      const content = file === undefined ? undefined : contentAt(run, file);
      // What can't be read as text needs its bytes.
      if (content && content.text === undefined && content.bytes === undefined) run.incomplete.add(String(field[0]));
      return content;
    },
  };
}

function documentsAt(run: Reading, file: string): readonly BuildDocument[] | undefined {
  return run.files.documents(file)?.map(({ start, manifest }) => placed(manifest, file, start));
}

/** The same value for the same text in the same place, so that what is read from it is kept. */
function placed(manifest: Manifest, file: string, start: number): BuildDocument {
  const noted = notedOf(manifest);
  const name = `placed ${start} ${file}`;
  const document = (noted.get(name) as BuildDocument | undefined) ?? { manifest, locate: locateIn({ file, start }) };
  noted.set(name, document);
  return document;
}

/** Text is what is valid UTF-8, as in Go; a byte order mark is part of it. */
function contentAt({ files }: Reading, file: string): FileContent {
  const bytes = files.bytes?.(file);
  const text = bytes ? decoded(bytes) : files.text(file);
  const source: Source = { file, start: 0 };
  return { text, bytes, origin: { source, start: 0, end: text?.length ?? 0 } };
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The path of a file that a kustomization references, or why it can't be read. */
export function fileAt(
  run: Pick<Run<unknown>, 'files' | 'loadsAnywhere' | 'crosses'>,
  folder: string,
  path: string,
): string | Reason | { readonly kind: 'remote' } {
  if (isRemote(path)) return { kind: 'remote' };
  if (path.startsWith('/')) return { kind: 'absolute', path };
  const target = resolvePath(folder, path);
  if (target === undefined) return { kind: 'outside', path, folder, isFar: true };
  const kind = run.files.kindOf(target);
  if (kind === 'folder') return { kind: 'missing', path };
  if (kind === undefined) return looksRemote(path) ? { kind: 'remote' } : { kind: 'missing', path };
  const [real, root] = [target, folder].map((one) => run.files.realPath?.(one) ?? one);
  if (root === '' || real!.startsWith(`${root}/`)) return target;
  run.crosses = true;
  return run.loadsAnywhere ? target : { kind: 'outside', path, folder };
}

export function isRemote(path: string): boolean {
  return path.includes('://') || /^(?:git@|git::)/.test(path) || /[?&](?:ref|version|submodules|timeout)=/.test(path);
}

/** `github.com/owner/repository/path` without a scheme. */
export function looksRemote(path: string): boolean {
  return /^[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}[/:][^/]+\/./.test(path) && !path.startsWith('.');
}
