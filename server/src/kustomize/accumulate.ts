// Accumulates the objects of a kustomization in kustomize's order: resources, generators, components, transformers, validators
// (api/internal/target/kusttarget.go).
import type { Steps } from '../syntax/steps.ts';
import type { Path } from '../syntax/tree.ts';
import { transformedBy } from './build-metadata.ts';
import type { Reason } from './build-problem.ts';
import { builtAt, isNull, type Origin, textAt } from './built.ts';
import { emptyConfig, mergeConfigs, type TransformerConfig } from './config/field-specs.ts';
import { configured } from './configurations.ts';
import { absorbed } from './generators/absorb.ts';
import { type Generated, generatedBy } from './generators/generator.ts';
import { documentsIn } from './inline.ts';
import { hasConsistentHistory, objectOf } from './kept.ts';
import { kustomizationIn, type Loaded } from './load.ts';
import {
  type BuildDocument,
  type BuiltObject,
  type Fault,
  idOf,
  type Provenance,
  printId,
  readObjects,
} from './objects.ts';
import { builtinVersion, chosenOpenApi, openApiIn, unreadableSchema } from './openapi.ts';
import { relativePath, resolvePath } from './paths.ts';
import { type Plugin, runGenerators, runTransformer, runValidator } from './plugins.ts';
import { deepest, isRemote, leadsBack, mostFolders, type Run, sharedIn } from './run.ts';
import { stepOf } from './step.ts';
import { isString, itemsOf, noted, type Step, stepWith, stringsOf } from './transformers/transformer.ts';
import { transformers } from './transformers/transformers.ts';
import { declared, type Variables, withVariables } from './variables.ts';

export interface Accumulated {
  readonly objects: readonly BuiltObject[];
  /** Configurations of bases apply to the kustomizations that use them. */
  readonly config: TransformerConfig;
  readonly variables: Variables;
}

export const nothing: Accumulated = { objects: [], config: emptyConfig, variables: new Map() };

/**
 * `chain` contains the folders that are being built, this one last. A component starts with what the kustomization that
 * lists it accumulated. A step for each resource and each change, since a folder may take a second.
 */
export function* accumulate(
  run: Run<Accumulated>,
  loaded: Loaded,
  given: Accumulated,
  chain: readonly string[],
): Steps<Accumulated> {
  run.folders += 1;
  if (run.isTooLarge) return nothing;
  if (run.folders > mostFolders || chain.length > deepest) {
    run.incomplete.add('resources');
    return given;
  }
  for (const field of loaded.unsupported) run.incomplete.add(field);
  const at: At = { run, loaded, chain, step: stepOf(run, loaded, given.config) };
  chooseSchema(at);
  let done = given;
  for (const field of ['resources', 'bases']) done = yield* withResources(at, done, field);
  if (run.isTooLarge) return nothing;
  done = withConfig(at.step, done);
  done = yield* withGenerated(at, done);
  for (const [path, place, origin] of stringsOf(at.step, 'components'))
    done = yield* component(at, { path, place, origin }, done);
  if (run.isTooLarge) return nothing;
  const step = stepWith(at.step, { config: done.config });
  let { objects } = done;
  for (const { transform, plugin, runs, recordsRuns } of transformers) {
    const times = runs(loaded.fields);
    if (times === 0) continue;
    const ran = (all: typeof objects) => (run.tracks ? transformedBy(all, fieldOf(at, plugin)) : all);
    objects = yield* noted(run.changes, objects, (given) => transform(given, step, ran));
    for (let count = recordsRuns ? 0 : times; count > 0; count -= 1) objects = ran(objects);
  }
  for (const plugin of yield* pluginsIn(at, 'transformers')) {
    objects = runTransformer(objects, step, plugin);
    if (run.tracks) objects = transformedBy(objects, byPlugin(plugin));
    yield;
  }
  for (const plugin of yield* pluginsIn(at, 'validators')) runValidator(objects, step, plugin);
  return { config: done.config, ...declared(objects, done.variables, step) };
}

/** A kustomization that is being accumulated. */
interface At {
  readonly run: Run<Accumulated>;
  readonly loaded: Loaded;
  readonly chain: readonly string[];
  readonly step: Step;
}

/** The first kustomization with `openapi` chooses for the whole build. */
function chooseSchema({ run, step }: At): void {
  const version = builtAt(step.fields, ['openapi', 'version']);
  const path = builtAt(step.fields, ['openapi', 'path']);
  const content = isString(path) ? step.contentOf(path.text, ['openapi', 'path'], path.origin) : undefined;
  if (run.hasSchema || (!version && !path)) return;
  if (path && version) step.report({ kind: 'openapi-version-and-path' }, ['openapi'], version.origin);
  else if (isString(version)) {
    run.hasSchema = version.text !== '';
    if (run.hasSchema && version.text !== builtinVersion)
      step.report({ kind: 'unknown-openapi-version', version: version.text }, ['openapi', 'version'], version.origin);
  } else if (content?.text !== undefined) {
    run.hasSchema = true;
    const schema = openApiIn(content.text);
    const refuse = () => step.report({ kind: 'unreadable-schema' }, ['openapi', 'path'], path!.origin);
    Object.assign(run, chosenOpenApi(schema ?? unreadableSchema(refuse), run.use));
  }
}

function withConfig(step: Step, given: Accumulated): Accumulated {
  const config = configured(step, given.config);
  return config === given.config ? given : { ...given, config };
}

function* withGenerated(at: At, given: Accumulated): Steps<Accumulated> {
  const { run, step } = at;
  const add = (objects: readonly BuiltObject[], one: Generated, provenance: Provenance) =>
    absorbed(objects, step, run.tracks ? { ...one, object: { ...one.object, provenance } } : one);
  let { objects } = given;
  for (const one of generatedBy(step)) {
    const kind = textAt(one.object.value, ['kind']);
    objects = add(objects, one, fieldOf(at, `${kind}Generator`));
  }
  for (const plugin of yield* pluginsIn(at, 'generators'))
    for (const one of runGenerators(step, [plugin])) objects = add(objects, one, byPlugin(plugin));
  return objects === given.objects ? given : { ...given, objects };
}

function fieldOf({ run, loaded }: At, kind: string): Provenance {
  return { configuredIn: relativePath(run.top, loaded.path), configuredBy: { apiVersion: 'builtin', kind } };
}

function byPlugin({ value, file }: Plugin): Provenance {
  const { name, namespace } = idOf(value);
  const [apiVersion, kind] = ['apiVersion', 'kind'].map((key) => textAt(value, [key]) ?? '');
  return { configuredIn: file, configuredBy: { apiVersion: apiVersion!, kind: kind!, name, namespace } };
}

interface Listed {
  readonly path: string;
  readonly place: Path;
  readonly origin: Origin;
}

/** The configurations of plugins: inline, in files, or built by a kustomization in a folder. */
function* pluginsIn(at: At, field: 'generators' | 'transformers' | 'validators'): Steps<readonly Plugin[]> {
  const own = relativePath(at.run.top, at.loaded.path);
  const inline: Plugin[] = [];
  const listed: Plugin[] = [];
  const known = new Map<string, BuiltObject>();
  const { problems, changes } = at.run;
  const before = problems.length;
  for (const [item, place] of itemsOf(at.step, field)) {
    if (!isString(item)) continue;
    if (changes) changes.dependsOnAll = true;
    const { objects, faults } = readObjects(documentsIn(item));
    const isInline = faults.length === 0;
    const found = isInline
      ? objects.map(objectOf)
      : (yield* resource(at, { path: item.text, place, origin: item.origin })).objects;
    for (const object of append(at.step, known, found, { place, origin: item.origin })) {
      const { provenance, value } = object;
      const file = provenance && 'path' in provenance ? provenance.path : own;
      (isInline ? inline : listed).push({ value, field: place, file });
    }
  }
  if (field === 'transformers')
    for (let index = before; index < problems.length; index += 1)
      problems[index] = { ...problems[index]!, isOfTransformer: true };
  return [...inline, ...listed];
}

function* withResources(at: At, given: Accumulated, field: string): Steps<Accumulated> {
  const { step } = at;
  const listed = stringsOf(step, field);
  if (listed.length === 0) return given;
  let { config, variables } = given;
  const objects = new Map(given.objects.map((object) => [keyOf(object, step), object]));
  for (const [path, place, origin] of listed) {
    const added = yield* resource(at, { path, place, origin });
    if (objects.size + added.objects.length > at.run.room()) refuseSize(at, place, origin);
    if (at.run.isTooLarge) return nothing;
    const merged = mergeConfigs(config, added.config);
    if ('conflict' in merged)
      step.report({ kind: 'conflicting-configuration', path: merged.conflict.path }, place, origin);
    else config = merged;
    variables = withVariables(variables, added.variables, (reason, _field, found) => step.report(reason, place, found));
    append(step, objects, added.objects, { place, origin });
    yield;
  }
  return { objects: [...objects.values()], config, variables };
}

/**
 * Keeps nothing rather than what fits: each kustomization that includes this one would copy that, and be too large as well.
 */
function refuseSize({ run, loaded: { path: kustomization } }: At, field: Path, origin: Origin): void {
  if (run.isTooLarge) return;
  run.isTooLarge = true;
  run.incomplete.add('resources');
  run.warnings.push({ reason: { kind: 'too-many-objects' }, kustomization, field, origin });
}

/** What an entry of `resources` adds: a folder with a kustomization, or a file. */
function* resource(at: At, listed: Listed): Steps<Accumulated> {
  const { run, loaded, step, chain } = at;
  const { path, place, origin } = listed;
  const target = isRemote(path) ? undefined : resolvePath(loaded.folder, path);
  if (target === undefined && isFarFolder(run, path)) {
    run.incomplete.add(String(place[0]));
    return nothing;
  }
  if (target === undefined || run.files.kindOf(target) !== 'folder') {
    const provenance = run.tracks && target !== undefined ? { path: relativePath(run.top, target) } : undefined;
    const objects = (step.documentsOf(path, place, origin) ?? []).flatMap((document) =>
      objectsIn(document, (reason, found) => step.report(reason, place, found)),
    );
    if (!provenance) return { ...nothing, objects };
    // kustomize writes the path into the annotations.
    for (const { value } of objects) {
      const annotations = builtAt(value, ['metadata', 'annotations']);
      if (annotations && annotations.kind !== 'map' && !isNull(annotations))
        step.report({ kind: 'wrong-type', expected: 'map' }, place, annotations.origin);
    }
    return { ...nothing, objects: objects.map((object) => ({ provenance, ...object })) };
  }
  const known = run.bases.get(target);
  if (known) return known;
  const inner = folderTo(at, target, listed);
  if (inner?.isComponent) step.report({ kind: 'component-as-resource', path }, place, origin);
  const added =
    inner && !inner.isComponent
      ? yield* sharedIn(run, target, chain, (one, around) => accumulate(one, inner, nothing, around))
      : nothing;
  run.bases.set(target, added);
  return added;
}

/**
 * Whether a path that leads out of the root may be a folder, which kustomize builds wherever it is. What is above the root
 * isn't read; the root of a source has nothing above it.
 */
function isFarFolder(run: Run<Accumulated>, path: string): boolean {
  if (isRemote(path) || path.startsWith('/') || /\.(?:ya?ml|json)$/i.test(path)) return false;
  run.crosses = true;
  return !run.loadsAnywhere;
}

/** A key that is written twice is refused only in an object that is printed, or that is in a list. */
function objectsIn(document: BuildDocument, report: (reason: Reason, origin: Origin) => void): readonly BuiltObject[] {
  const { objects, faults } = readObjects([document]);
  const isAlone = objects.length === 1 && objects[0]!.origin.start === document.manifest.root?.start;
  const [repeats, refused] = [[] as Fault[], [] as Fault[]];
  for (const fault of faults) (fault.reason.kind === 'duplicate-key' && isAlone ? repeats : refused).push(fault);
  for (const { reason, origin } of refused) report(reason, origin);
  for (const value of objects) if (!hasConsistentHistory(value)) report({ kind: 'inconsistent-history' }, value.origin);
  const read = objects.map(objectOf);
  return repeats.length > 0 ? read.map((object) => ({ ...object, repeats: true })) : read;
}

function* component(at: At, listed: Listed, given: Accumulated): Steps<Accumulated> {
  const { run, loaded, step, chain } = at;
  const { path, place, origin } = listed;
  if (isRemote(path)) {
    run.incomplete.add('components');
    return given;
  }
  const target = path.startsWith('/') ? undefined : resolvePath(loaded.folder, path);
  if (target === undefined && isFarFolder(run, path)) {
    run.incomplete.add('components');
    return given;
  }
  const kind = target === undefined ? undefined : run.files.kindOf(target);
  if (target === undefined || kind !== 'folder') {
    step.report(notAFolder(path, target, kind), place, origin);
    return given;
  }
  const inner = folderTo(at, target, listed);
  if (inner && !inner.isComponent) step.report({ kind: 'resource-as-component', path }, place, origin);
  if (!inner?.isComponent) return given;
  return mergedAgain(step, listed, yield* accumulate(run, inner, given, [...chain, target]));
}

/** kustomize adds what a component returns to nothing, which compares its objects and fields with each other once more. */
function mergedAgain(step: Step, { place, origin }: Listed, done: Accumulated): Accumulated {
  append(step, new Map(), done.objects, { place, origin });
  const config = mergeConfigs(emptyConfig, done.config);
  if (!('conflict' in config)) return config === done.config ? done : { ...done, config };
  step.report({ kind: 'conflicting-configuration', path: config.conflict.path }, place, origin);
  return done;
}

function notAFolder(path: string, target: string | undefined, kind: 'file' | 'folder' | undefined): Reason {
  if (path.startsWith('/')) return { kind: 'absolute', path };
  return target !== undefined && kind === 'file' ? { kind: 'not-a-folder', path } : { kind: 'missing', path };
}

function folderTo({ run, step, chain }: At, target: string, { path, place, origin }: Listed): Loaded | undefined {
  // Two entries that YAML reads as one, such as `../a - ../b`, lead to the folder of the second.
  if (path.split('/').some((part) => part.includes('..') && part !== '..')) {
    step.report({ kind: 'ambiguous-path', path }, place, origin);
    return undefined;
  }
  run.visited.add(target);
  const visited = leadsBack(target, chain);
  if (visited !== undefined) {
    step.report({ kind: 'cycle', path, folder: visited }, place, origin);
    return undefined;
  }
  const warn = run.warnings.push.bind(run.warnings);
  let found = false;
  const loaded = kustomizationIn(
    target,
    run.files,
    (problem) => {
      found = true;
      if (problem.reason.kind === 'no-kustomization') step.report({ kind: 'no-kustomization', path }, place, origin);
      else run.problems.push(problem);
    },
    warn,
  );
  if (!loaded && !found) step.report({ kind: 'no-kustomization', path }, place, origin);
  return loaded;
}

/** Adds objects by their keys, and returns those it added; those whose id already exists are reported and skipped. */
function append(
  step: Step,
  objects: Map<string, BuiltObject>,
  more: readonly BuiltObject[],
  { place, origin }: Pick<Listed, 'place' | 'origin'>,
): readonly BuiltObject[] {
  return more.filter((object) => {
    const key = keyOf(object, step);
    const other = objects.get(key);
    if (!other) objects.set(key, object);
    else {
      const id = printId(idOf(object.value));
      const reason: Reason = { kind: 'duplicate', id, other: other.value.origin };
      // Of an object that is listed twice, the second entry is wrong.
      step.report(reason, place, isSame(other.value.origin, object.value.origin) ? origin : object.value.origin);
    }
    return !other;
  });
}

function isSame(a: Origin, b: Origin): boolean {
  return a.source.file === b.source.file && a.source.start + a.start === b.source.start + b.start;
}

function keyOf({ value }: BuiltObject, { isNamespaced }: Step): string {
  const { gvk, name, namespace } = idOf(value);
  const scope = isNamespaced(gvk) ? namespace || 'default' : '';
  return [gvk.group, gvk.version, gvk.kind, scope, name].join('\n');
}
