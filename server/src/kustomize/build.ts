// Builds a kustomization to objects as `kustomize build` does, keeping the file and range that each value comes from.
// Pure: the caller supplies the files, and the result lists the paths it depends on.
import { type Accumulated, accumulate, nothing } from './accumulate.ts';
import type { BuildFiles } from './build-files.ts';
import { metadataOf, withBuildMetadata } from './build-metadata.ts';
import type { BuildProblem, Reason } from './build-problem.ts';
import { type BuiltMap, builtAt, type Origin, textAt } from './built.ts';
import { canBeHashed, withHash } from './generators/hash.ts';
import { kustomizationIn, type Loaded } from './load.ts';
import { finished, keyPrintedWrong } from './metadata.ts';
import { followNames } from './name-references.ts';
import { type BuiltObject, type IsNamespaced, idOf } from './objects.ts';
import { notedFiles, type Run, type Share } from './run.ts';
import { isKnownToKustomize, isNamespacedForKustomize } from './scope.ts';
import { inOrder } from './sort.ts';
import type { SchemaOf } from './transformers/transformer.ts';
import { resolved } from './variables.ts';

export interface BuildOptions {
  /** The schemas of built-in kinds have the merge keys of lists. */
  readonly schemaOf: SchemaOf;
  /** By default, the scopes that kustomize knows. */
  readonly isNamespaced?: IsNamespaced;
  /** Built instead of the kustomization in the folder, such as one that Flux amends. */
  readonly top?: Loaded;
  /** Files may be outside the folder of the kustomization that names them, as in Flux. */
  readonly loadsAnywhere?: true;
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
export function build(folder: string, files: BuildFiles, options: BuildOptions): BuildResult {
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
  const run: Run<Accumulated> = {
    files: noted,
    isNamespaced: options.isNamespaced ?? isNamespacedForKustomize,
    schemaOf: (gvk) => (isKnownToKustomize(gvk) ? options.schemaOf(gvk) : undefined),
    hasSchema: false,
    loadsAnywhere: options.loadsAnywhere ?? false,
    top: folder,
    tracks: metadata.size > 0,
    problems,
    warnings,
    incomplete: new Set(),
    bases: new Map(),
    visited: new Set(),
    folders: 0,
    share: options.share,
    note: (paths) => {
      for (const path of paths) reads.add(path);
    },
  };
  const accumulated = top ? accumulate(run, top, nothing, [folder]) : nothing;
  const objects = top ? completed(run, top, accumulated, options.order ?? 'legacy') : [];
  return {
    objects: withBuildMetadata(objects, metadata).map((object) => ({ ...object, value: finished(object.value) })),
    problems,
    warnings,
    incomplete: [...run.incomplete].sort(),
    reads: [...reads].sort(),
  };
}

/** The steps that come once, after all kustomizations: hashes, references, variables, and the order. */
function completed(
  run: Run<Accumulated>,
  { path: kustomization, fields }: Loaded,
  { objects, config, variables }: Accumulated,
  order: 'legacy' | 'fifo',
): readonly BuiltObject[] {
  const report = (field: readonly string[]) => (reason: Reason, origin: Origin) =>
    void run.problems.push({ reason, kustomization, field, origin });
  if (objects.some((object) => object.hashed && !canBeHashed(object))) run.incomplete.add('name suffix');
  const named = followNames(objects.map(withHash), config.nameReference, run.isNamespaced, report([]));
  const done = resolved(named, variables, config.varReference, report(['vars']));
  const applied = done.filter(({ value }) => !isLocal(value));
  for (const object of applied) {
    const { gvk, name } = idOf(object.value);
    if (gvk.kind === '') report([])({ kind: 'no-kind' }, object.value.origin);
    else if (name === '' && !gvk.kind.endsWith('List'))
      report([])({ kind: 'no-name', of: gvk.kind }, object.value.origin);
    const wrong = keyPrintedWrong(object);
    if (wrong) report([])({ kind: 'key-not-text', key: wrong.key }, wrong.value.origin);
  }
  return inOrder(applied, fields, order, report(['sortOptions']));
}

function isLocal(value: BuiltMap): boolean {
  const written = builtAt(value, ['metadata', 'annotations', 'config.kubernetes.io/local-config']);
  return written !== undefined && textAt(written, []) !== 'false';
}
