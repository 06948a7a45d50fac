// Builds a kustomization to objects as `kustomize build` does, keeping the file and range that each value comes from.
// Pure: the caller supplies the files, and the result lists the paths it depends on.
import type { Path } from '../syntax/tree.ts';
import type { BuildFiles } from './build-files.ts';
import type { BuildProblem, Reason } from './build-problem.ts';
import { type BuiltMap, builtAt, locateIn, type Origin, textAt } from './built.ts';
import { documentsIn } from './inline.ts';
import { kustomizationIn, type Loaded } from './load.ts';
import { finished } from './metadata.ts';
import { type BuildDocument, type BuiltObject, type IsNamespaced, idOf, printId, readObjects } from './objects.ts';
import { resolvePath } from './paths.ts';
import { isKnownToKustomize, isNamespacedForKustomize } from './scope.ts';
import { followMoved } from './transformers/references.ts';
import { type SchemaOf, type Step, stringsOf } from './transformers/transformer.ts';
import { transformers } from './transformers/transformers.ts';

export interface BuildOptions {
  /** The schemas of built-in kinds have the merge keys of lists. */
  readonly schemaOf: SchemaOf;
  /** By default, the scopes that kustomize knows. */
  readonly isNamespaced?: IsNamespaced;
  /** Built instead of the kustomization in the folder, such as one that Flux amends. */
  readonly top?: Loaded;
  /** Files may be outside the folder of the kustomization that names them, as in Flux. */
  readonly loadsAnywhere?: true;
}

export interface BuildResult {
  readonly objects: readonly BuiltObject[];
  /** With any problem, kustomize builds nothing; `objects` still has everything that could be built. */
  readonly problems: readonly BuildProblem[];
  /** Unsupported fields of any kustomization in the build: if there are any, the objects differ from those that are applied. */
  readonly incomplete: readonly string[];
  /** Every path that was read or looked up, existing or not: the result is valid until one of them changes. */
  readonly reads: readonly string[];
}

/** Builds the kustomization in a folder; the root is `''`. Never throws. */
export function build(folder: string, files: BuildFiles, options: BuildOptions): BuildResult {
  const reads = new Set<string>();
  const run: Run = {
    files: {
      kindOf: (path) => files.kindOf(noted(reads, path)),
      documents: (path) => files.documents(noted(reads, path)),
      text: (path) => files.text(noted(reads, path)),
    },
    isNamespaced: options.isNamespaced ?? isNamespacedForKustomize,
    schemaOf: (gvk) => (isKnownToKustomize(gvk) ? options.schemaOf(gvk) : undefined),
    loadsAnywhere: options.loadsAnywhere ?? false,
    problems: [],
    incomplete: new Set(),
    bases: new Map(),
    folders: 0,
  };
  const loaded = options.top ?? kustomizationIn(folder, run.files, (problem) => run.problems.push(problem));
  const found = loaded ? accumulate(run, loaded, [], [folder]) : [];
  const objects = followMoved(found, run.isNamespaced, (name, origin) => {
    const kustomization = loaded!.path;
    run.problems.push({ reason: { kind: 'ambiguous-reference', name }, kustomization, field: [], origin });
  });
  return {
    objects: objects.flatMap((object) => (isLocal(object.value) ? [] : { ...object, value: finished(object.value) })),
    problems: run.problems,
    incomplete: [...run.incomplete].sort(),
    reads: [...reads].sort(),
  };
}

/** The state of one build. */
interface Run {
  readonly files: BuildFiles;
  readonly isNamespaced: IsNamespaced;
  readonly schemaOf: SchemaOf;
  readonly loadsAnywhere: boolean;
  readonly problems: BuildProblem[];
  readonly incomplete: Set<string>;
  /** The objects of each folder: one that several kustomizations reference is built once. */
  readonly bases: Map<string, readonly BuiltObject[]>;
  folders: number;
}

/** Limits well above any real build: without them, components that list each other twice would never end. */
const mostFolders = 5000;
const deepest = 200;

/**
 * `chain` contains the folders that are being built, this one last. A component starts with the objects of the
 * kustomization that lists it.
 */
function accumulate(
  run: Run,
  loaded: Loaded,
  given: readonly BuiltObject[],
  chain: readonly string[],
): readonly BuiltObject[] {
  run.folders += 1;
  if (run.folders > mostFolders || chain.length > deepest) {
    run.incomplete.add('resources');
    return given;
  }
  for (const field of loaded.unsupported) run.incomplete.add(field);
  const step = stepOf(run, loaded);
  let objects = given;
  for (const field of ['resources', 'bases'])
    for (const [path, place, origin] of stringsOf(step, field))
      objects = append(step, objects, resource(run, step, loaded, { path, place, origin }, chain), place);
  for (const [path, place, origin] of stringsOf(step, 'components'))
    objects = component(run, step, loaded, { path, place, origin }, chain, objects);
  return transformers.reduce((done, transformer) => transformer(done, step), objects);
}

function stepOf(run: Run, { path: kustomization, folder, fields }: Loaded): Step {
  const report = (reason: Reason, field: Path, origin: Origin) =>
    void run.problems.push({ reason, kustomization, field, origin });
  return {
    fields,
    isNamespaced: run.isNamespaced,
    schemaOf: run.schemaOf,
    report,
    leaveOut: (field) => void run.incomplete.add(field),
    documentsIn: (field) => documentsIn(builtAt(fields, field)),
    documentsOf(path, field, origin) {
      const found = fileAt(run, folder, path);
      if (typeof found === 'string') return placed(run, found);
      if (found.kind === 'remote') run.incomplete.add(String(field[0]));
      else report(found, field, origin);
      return undefined;
    },
  };
}

interface Listed {
  readonly path: string;
  readonly place: Path;
  readonly origin: Origin;
}

/** The objects of an entry of `resources`: a folder with a kustomization, or a file. */
function resource(
  run: Run,
  step: Step,
  { folder }: Loaded,
  { path, place, origin }: Listed,
  chain: readonly string[],
): readonly BuiltObject[] {
  const target = isRemote(path) ? undefined : resolvePath(folder, path);
  if (target === undefined || run.files.kindOf(target) !== 'folder') {
    const documents = step.documentsOf(path, place, origin);
    const { objects, faults } = readObjects(documents ?? []);
    for (const fault of faults) step.report(fault.reason, place, fault.origin);
    return objects.map((value) => ({ value, previous: [] }));
  }
  const known = run.bases.get(target);
  if (known) return known;
  const inner = folderTo(run, step, target, { path, place, origin }, chain);
  if (inner?.isComponent) step.report({ kind: 'component-as-resource', path }, place, origin);
  const objects = inner && !inner.isComponent ? accumulate(run, inner, [], [...chain, target]) : [];
  run.bases.set(target, objects);
  return objects;
}

function component(
  run: Run,
  step: Step,
  { folder }: Loaded,
  { path, place, origin }: Listed,
  chain: readonly string[],
  objects: readonly BuiltObject[],
): readonly BuiltObject[] {
  if (isRemote(path)) {
    run.incomplete.add('components');
    return objects;
  }
  const target = path.startsWith('/') ? undefined : resolvePath(folder, path);
  const kind = target === undefined ? undefined : run.files.kindOf(target);
  if (target === undefined || kind !== 'folder') {
    step.report(notAFolder(path, target, kind), place, origin);
    return objects;
  }
  const inner = folderTo(run, step, target, { path, place, origin }, chain);
  if (inner && !inner.isComponent) step.report({ kind: 'resource-as-component', path }, place, origin);
  return inner?.isComponent ? accumulate(run, inner, objects, [...chain, target]) : objects;
}

function notAFolder(path: string, target: string | undefined, kind: 'file' | 'folder' | undefined): Reason {
  if (path.startsWith('/')) return { kind: 'absolute', path };
  return target !== undefined && kind === 'file' ? { kind: 'not-a-folder', path } : { kind: 'missing', path };
}

function folderTo(
  run: Run,
  step: Step,
  target: string,
  { path, place, origin }: Listed,
  chain: readonly string[],
): Loaded | undefined {
  const visited = chain.find((folder) => folder === target || target === '' || folder.startsWith(`${target}/`));
  if (visited !== undefined) {
    step.report({ kind: 'cycle', path, folder: visited }, place, origin);
    return undefined;
  }
  let found = false;
  const loaded = kustomizationIn(target, run.files, (problem) => {
    found = true;
    if (problem.reason.kind === 'no-kustomization') step.report({ kind: 'no-kustomization', path }, place, origin);
    else run.problems.push(problem);
  });
  if (!loaded && !found) step.report({ kind: 'no-kustomization', path }, place, origin);
  return loaded;
}

/** Appends objects; those whose id already exists are reported and skipped. */
function append(
  step: Step,
  objects: readonly BuiltObject[],
  more: readonly BuiltObject[],
  place: Path,
): readonly BuiltObject[] {
  const known = new Map(objects.map((object) => [keyOf(object, step), object]));
  for (const object of more) {
    const other = known.get(keyOf(object, step));
    const id = printId(idOf(object.value));
    if (other) step.report({ kind: 'duplicate', id, other: other.value.origin }, place, object.value.origin);
    else known.set(keyOf(object, step), object);
  }
  return [...known.values()];
}

function keyOf({ value }: BuiltObject, { isNamespaced }: Step): string {
  const { gvk, name, namespace } = idOf(value);
  const scope = isNamespaced(gvk) ? namespace || 'default' : '';
  return JSON.stringify([gvk.group, gvk.version, gvk.kind, scope, name]);
}

/** The path of a file that a kustomization references, or why it can't be read. */
function fileAt(run: Run, folder: string, path: string): string | Reason | { readonly kind: 'remote' } {
  if (isRemote(path)) return { kind: 'remote' };
  if (path.startsWith('/')) return { kind: 'absolute', path };
  const target = resolvePath(folder, path);
  if (target === undefined) return { kind: 'outside', path, folder };
  const kind = run.files.kindOf(target);
  if (kind === 'folder') return { kind: 'missing', path };
  if (kind === undefined) return looksRemote(path) ? { kind: 'remote' } : { kind: 'missing', path };
  return run.loadsAnywhere || folder === '' || target.startsWith(`${folder}/`)
    ? target
    : { kind: 'outside', path, folder };
}

function isRemote(path: string): boolean {
  return path.includes('://') || /^(?:git@|git::)/.test(path) || /[?&](?:ref|version|submodules|timeout)=/.test(path);
}

/** `github.com/owner/repository/path` without a scheme. */
function looksRemote(path: string): boolean {
  return /^[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}[/:][^/]+\/./.test(path) && !path.startsWith('.');
}

function placed(run: Run, path: string): readonly BuildDocument[] | undefined {
  return run.files.documents(path)?.map(({ start, manifest }) => ({
    manifest,
    locate: locateIn({ file: path, start }),
  }));
}

function isLocal(value: BuiltMap): boolean {
  const written = builtAt(value, ['metadata', 'annotations', 'config.kubernetes.io/local-config']);
  return written !== undefined && textAt(written, []) !== 'false';
}

function noted(reads: Set<string>, path: string): string {
  reads.add(path);
  return path;
}
