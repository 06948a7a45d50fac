// The kustomization that Flux builds for a Kustomization of its own: that of the folder, or one of everything below it,
// amended by the fields of the spec (fluxcd/pkg/kustomize, kustomize_generator.go).
import type { Steps } from '../syntax/steps.ts';
import type { BuildFiles } from './build-files.ts';
import type { BuildProblem } from './build-problem.ts';
import {
  type Built,
  type BuiltMap,
  builtAt,
  isNull,
  locateIn,
  type Origin,
  scalarOf,
  textAt,
  withEntry,
} from './built.ts';
import type { FluxProblem } from './flux-problem.ts';
import { kustomizationIn, type Loaded, withFields } from './load.ts';
import { readObjects } from './objects.ts';
import { folderOf, joinPath, kustomizationNames, resolvePath } from './paths.ts';

/** The files of a Flux source: those in its artifact. */
export interface FluxFiles extends BuildFiles {
  /** The files in a folder and below, in the order of a walk: by name, each folder in the place of its name. */
  below(folder: string): readonly string[];
}

export interface Generated {
  /** Undefined if there is nothing to build. */
  readonly kustomization: Loaded | undefined;
  /** Whether the folder has none of its own. */
  readonly isGenerated: boolean;
  /** It is the folder's own, unchanged. */
  readonly isPlain: boolean;
  readonly problems: readonly BuildProblem[];
  readonly fluxProblems: readonly FluxProblem[];
}

/** `spec` is that of the Flux Kustomization, `origin` the place of its path. */
export function* generate(folder: string, spec: BuiltMap, origin: Origin, files: FluxFiles): Steps<Generated> {
  const problems: BuildProblem[] = [];
  const fluxProblems: FluxProblem[] = [];
  const isGenerated = !kustomizationNames.some((name) => files.kindOf(joinPath(folder, name)) === 'file');
  const loaded = isGenerated
    ? yield* ofEverything(folder, origin, files, fluxProblems)
    : kustomizationIn(folder, files, (problem) => {
        // Flux decodes the file leniently and drops unknown fields; without resources, it adds a field.
        const { kind } = problem.reason;
        if (kind !== 'unknown-field' && kind !== 'empty-kustomization') problems.push(problem);
      });
  if (!loaded) return { kustomization: undefined, isGenerated, isPlain: false, problems, fluxProblems };
  const amended = amend(loaded.fields, spec, { folder, isGenerated, files, fluxProblems });
  const isPlain = !isGenerated && amended === loaded.fields;
  return { kustomization: withFields(loaded, amended), isGenerated, isPlain, problems, fluxProblems };
}

/** With a step for each file that is read. */
function* ofEverything(
  folder: string,
  origin: Origin,
  files: FluxFiles,
  fluxProblems: FluxProblem[],
): Steps<Loaded | undefined> {
  const resources: Built[] = [];
  let skipped: string | undefined;
  const hasKustomization = new Map<string, boolean>();
  const isKustomized = (at: string) => {
    const known = hasKustomization.get(at);
    if (known !== undefined) return known;
    const found = kustomizationNames.some((name) => files.kindOf(joinPath(at, name)) === 'file');
    hasKustomization.set(at, found);
    return found;
  };
  for (const path of files.below(folder)) {
    if (skipped !== undefined && path.startsWith(`${skipped}/`)) continue;
    const kustomized = foldersBetween(folder, path).find(isKustomized);
    if (kustomized !== undefined) {
      skipped = kustomized;
      resources.push(scalarOf(relativeTo(folder, kustomized), origin));
    } else if (/\.ya?ml$/.test(path)) {
      if (isManifest(path, files, fluxProblems)) resources.push(scalarOf(relativeTo(folder, path), origin));
      yield;
    }
  }
  if (resources.length === 0) return undefined;
  const fields: BuiltMap = { kind: 'map', entries: new Map([['resources', list(resources, origin)]]), origin };
  const path = joinPath(folder, kustomizationNames[0]!);
  return { path, folder, isComponent: false, fields, unsupported: [] };
}

/** The folders below `folder` that a file is in, outermost first. */
function foldersBetween(folder: string, path: string): readonly string[] {
  const found: string[] = [];
  for (let at = folderOf(path); at.length > folder.length; at = folderOf(at)) found.unshift(at);
  return found;
}

function relativeTo(folder: string, path: string): string {
  return `./${folder === '' ? path : path.slice(folder.length + 1)}`;
}

function isManifest(path: string, files: FluxFiles, fluxProblems: FluxProblem[]): boolean {
  const documents = files.documents(path) ?? [];
  const placed = documents.map(({ start, manifest }) => ({ manifest, locate: locateIn({ file: path, start }) }));
  const [fault] = readObjects(placed).faults;
  const invalid = documents.some(({ manifest }) => manifest.findings.some(({ severity }) => severity === 'error'));
  if (fault) fluxProblems.push({ reason: { kind: 'not-a-manifest', path, invalid }, origin: fault.origin });
  return fault === undefined;
}

interface Context {
  readonly folder: string;
  readonly isGenerated: boolean;
  readonly files: FluxFiles;
  readonly fluxProblems: FluxProblem[];
}

function amend(fields: BuiltMap, spec: BuiltMap, context: Context): BuiltMap {
  let result = fields;
  const set = (field: string, value: Built | undefined) => {
    if (value && !isNull(value)) result = withEntry(result, field, value);
  };
  if (!context.isGenerated && itemsOf(fields.entries.get('resources')).length === 0)
    set('buildMetadata', list([scalarOf('originAnnotations', fields.origin)], fields.origin));
  set('namespace', spec.entries.get('targetNamespace'));
  set('namePrefix', spec.entries.get('namePrefix'));
  set('nameSuffix', spec.entries.get('nameSuffix'));
  const append = (field: string, items: readonly Built[]) => {
    if (items.length === 0) return;
    const before = result.entries.get(field);
    set(field, list([...itemsOf(before), ...items], before?.origin ?? items[0]!.origin));
  };
  append('patches', listIn(spec, 'patches', context));
  append('components', componentsIn(spec, context));
  append('patchesJson6902', listIn(spec, 'patchesJson6902', context));
  const images = listIn(spec, 'images', context);
  if (images.length > 0)
    set('images', list(withImages(itemsOf(fields.entries.get('images')), images), images[0]!.origin));
  const metadata = spec.entries.get('buildMetadata');
  if (itemsOf(metadata).length > 0) set('buildMetadata', metadata);
  return result;
}

function list(items: readonly Built[], origin: Origin): Built {
  return { kind: 'list', items, origin };
}

function itemsOf(value: Built | undefined): readonly Built[] {
  return value?.kind === 'list' ? value.items : [];
}

function listIn(spec: BuiltMap, field: string, { fluxProblems }: Context): readonly Built[] {
  const value = spec.entries.get(field);
  if (value && !isNull(value) && value.kind !== 'list')
    fluxProblems.push({ reason: { kind: 'wrong-type', field, expected: 'list' }, origin: value.origin });
  return itemsOf(value);
}

function componentsIn(spec: BuiltMap, context: Context): readonly Built[] {
  const ignoresMissing = textAt(spec, ['ignoreMissingComponents']) === 'true';
  return listIn(spec, 'components', context).filter((component) => {
    if (component.kind !== 'scalar') return true;
    const path = component.text;
    if (isRemote(path)) {
      context.fluxProblems.push({ reason: { kind: 'component-not-local', path }, origin: component.origin });
      return false;
    }
    const target = resolvePath(context.folder, path);
    return !ignoresMissing || (target !== undefined && context.files.kindOf(target) !== undefined);
  });
}

function isRemote(path: string): boolean {
  return /^(?:git::|gh:|ssh:\/\/|https?:\/\/|git@|github\.com[:/]).|^\/|^file:\/\/\//i.test(path);
}

/** An image of the spec replaces the fields it sets of an image with the same name; a tag or a digest replaces both. */
function withImages(own: readonly Built[], images: readonly Built[]): readonly Built[] {
  const result = [...own];
  for (const image of images) {
    const name = textAt(image, ['name']);
    const at = result.findIndex((one) => textAt(one, ['name']) === name);
    if (at === -1) result.push(image);
    else result[at] = mergedImage(result[at]!, image);
  }
  return result;
}

function mergedImage(own: Built, image: Built): Built {
  if (own.kind !== 'map') return image;
  const entries = new Map(own.entries);
  const take = (field: string) => {
    const value = builtAt(image, [field]);
    if (value && (textAt(value, []) ?? '') !== '') entries.set(field, value);
  };
  if ((textAt(image, ['newTag']) ?? '') !== '' || (textAt(image, ['digest']) ?? '') !== '') {
    entries.delete('newTag');
    entries.delete('digest');
  }
  for (const field of ['newName', 'newTag', 'digest']) take(field);
  return { ...own, entries };
}
