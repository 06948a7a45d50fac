// Builds a kustomization to objects as `kustomize build` does, keeping the file and range that each value comes from.
// Pure: the caller supplies the files, and the result lists the paths it depends on.
import { atOnce, type Steps } from '../syntax/steps.ts';
import { type Accumulated, accumulate, nothing } from './accumulate.ts';
import type { BuildFiles } from './build-files.ts';
import { metadataOf, withBuildMetadata } from './build-metadata.ts';
import type { BuildProblem, Reason } from './build-problem.ts';
import { builtAt, type Origin } from './built.ts';
import { complete, completedAgain, printedObject } from './complete.ts';
import { kustomizationIn, type Loaded } from './load.ts';
import { type BuiltObject, effectiveNamespace, type IsNamespaced, idOf, printId } from './objects.ts';
import { builtinOpenApi, type SchemaUse } from './openapi.ts';
import { replayed } from './replay.ts';
import { mostObjects, notedFiles, type Run, type Share, sharedIn } from './run.ts';
import { inOrder } from './sort.ts';

export interface BuildOptions {
  /** Built instead of the kustomization in the folder, such as one that Flux amends. */
  readonly top?: Loaded;
  /** `top` is what is in the folder. */
  readonly isPlain?: boolean;
  /** Files may be outside the folder of the kustomization that names them, as in Flux. */
  readonly loadsAnywhere?: true;
  /** How many objects it may have; `mostObjects` by default. */
  readonly room?: () => number;
  /** Keeps what folders accumulate for other builds of the same files with the same options. */
  readonly share?: Share<Accumulated>;
  /** The order without `sortOptions`: that of the command by default; Flux keeps objects as they were added. */
  readonly order?: 'legacy' | 'fifo';
}

export interface BuildResult {
  readonly objects: readonly BuiltObject[];
  /** With any problem, kustomize builds nothing; `objects` still has everything that could be built. */
  readonly problems: readonly BuildProblem[];
  /** What kustomize warns of. */
  readonly warnings: readonly BuildProblem[];
  /** Fields of any kustomization in the build that can't be built here: if there are any, the objects differ from those that are applied. */
  readonly incomplete: readonly string[];
  /** Every path that was read or looked up, existing or not: the result is valid until one of them changes. */
  readonly reads: readonly string[];
}

/** Builds the kustomization in a folder; the root is `''`. Never throws. */
export function build(folder: string, files: BuildFiles, options: BuildOptions = {}): BuildResult {
  return atOnce(buildInSteps(folder, files, options));
}

/** The same, with a step for each file that is read and each change of all objects. */
export function* buildInSteps(folder: string, files: BuildFiles, options: BuildOptions = {}): Steps<BuildResult> {
  const reads = new Set<string>();
  const noted = notedFiles(files, reads);
  const problems: BuildProblem[] = [];
  const warnings: BuildProblem[] = [];
  const top =
    options.top ??
    kustomizationIn(
      folder,
      noted,
      (problem) => problems.push(problem),
      (warning) => warnings.push(warning),
    );
  const metadata = top ? metadataOf(top.fields) : new Set<string>();
  const use: SchemaUse = { isRead: false, isAwaited: false };
  const run: Run<Accumulated> = {
    files: noted,
    source: files,
    ...builtinOpenApi(use),
    hasSchema: false,
    use,
    loadsAnywhere: options.loadsAnywhere ?? false,
    crosses: false,
    top: folder,
    tracks: metadata.size > 0,
    problems,
    warnings,
    incomplete: new Set(),
    bases: new Map(),
    visited: new Set(),
    folders: 0,
    room: options.room ?? (() => mostObjects),
    isTooLarge: false,
    share: options.share,
    changes: undefined,
    taken: undefined,
    replay: replayed,
    note: (paths) => {
      for (const path of paths) reads.add(path);
    },
  };
  const isPlain = options.top === undefined || options.isPlain === true;
  const accumulated = top ? yield* accumulatedIn(run, top, isPlain) : nothing;
  yield;
  const isShared = isPlain && run.share !== undefined && !run.tracks && !run.hasSchema;
  const objects = top ? inOrderOf(run, top, completed(run, top, accumulated, isShared), options.order ?? 'legacy') : [];
  yield;
  if (problems.length === 0)
    reportDuplicates(
      objects,
      run.isNamespaced,
      (reason, origin) => void problems.push({ reason, kustomization: top!.path, field: [], origin }),
    );
  return {
    objects: run.tracks ? withBuildMetadata(objects, metadata).map((object) => printedObject(object, true)) : objects,
    problems,
    warnings,
    incomplete: [...run.incomplete].sort(),
    reads: [...reads].sort(),
  };
}

function accumulatedIn(run: Run<Accumulated>, top: Loaded, isPlain: boolean): Steps<Accumulated> {
  const { folder } = top;
  return isPlain
    ? sharedIn(run, folder, [], (one, chain) => accumulate(one, top, nothing, chain))
    : accumulate(run, top, nothing, [folder]);
}

/** The steps that come once, after all kustomizations: hashes, references and variables. */
function completed(
  run: Run<Accumulated>,
  top: Loaded,
  accumulated: Accumulated,
  isShared: boolean,
): readonly BuiltObject[] {
  const done = isShared ? completedAgain(run, top, accumulated) : complete(run, top, accumulated);
  run.problems.push(...done.problems);
  // What is refused may be what uses a variable, such as a configuration that can't be read.
  if (run.problems.length === 0) run.warnings.push(...done.warnings);
  if (done.isIncomplete) run.incomplete.add('name suffix');
  return done.objects;
}

/** A patch or a replacement may give two objects one id. */
function reportDuplicates(
  objects: readonly BuiltObject[],
  isNamespaced: IsNamespaced,
  report: (reason: Reason, origin: Origin) => void,
): void {
  const known = new Map<string, BuiltObject>();
  for (const object of objects) {
    const id = idOf(object.value);
    const { group, version, kind } = id.gvk;
    const key = [group, version, kind, effectiveNamespace(id, isNamespaced) ?? '', id.name].join('\n');
    const other = known.get(key);
    if (other) {
      const changed = [object, other].map(({ value }) => builtAt(value, ['metadata', 'name'])?.origin.through);
      const at = changed.find((origin) => origin !== undefined) ?? object.value.origin;
      report({ kind: 'duplicate', id: printId(id), other: other.value.origin }, at);
    } else known.set(key, object);
  }
}

function inOrderOf(
  run: Run<Accumulated>,
  { path: kustomization, fields }: Loaded,
  objects: readonly BuiltObject[],
  order: 'legacy' | 'fifo',
): readonly BuiltObject[] {
  return inOrder(objects, fields, order, (reason, origin) =>
    run.problems.push({ reason, kustomization, field: ['sortOptions'], origin }),
  );
}
