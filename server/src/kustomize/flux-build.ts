// Builds a Flux Kustomization to the objects that kustomize-controller applies: its kustomization with the fields of its
// spec, then decryption (whose values are holes), substitution, common metadata and the labels of the owner
// (internal/controller/kustomization_controller.go). Pure; what it read is in the result.
import type { Steps } from '../syntax/steps.ts';
import { type BuildOptions, type BuildResult, buildInSteps } from './build.ts';
import type { BuildProblem } from './build-problem.ts';
import { type Built, type BuiltMap, builtAt, emptyMap, scalarOf, withoutEntry, withValueAt } from './built.ts';
import { type FluxFiles, generate } from './flux-generator.ts';
import { entriesAt, type FluxKustomization, knownText } from './flux-kustomization.ts';
import type { FluxProblem, FluxReason } from './flux-problem.ts';
import { type FindConfig, isEncrypted, postBuildOf } from './flux-variables.ts';
import type { BuiltObject } from './objects.ts';
import { notedFiles } from './run.ts';
import { isExempt, literally, substituted, type Variables } from './substitute-object.ts';

/** The objects of a folder before substitution. */
export interface FluxBase extends BuildResult {
  readonly fluxProblems: readonly FluxProblem[];
  /** The folders whose content was listed, and everything below them. */
  readonly listed: readonly string[];
  /** The kustomization's folder has none of its own. */
  readonly isGenerated: boolean;
}

export interface FluxResult {
  readonly objects: readonly BuiltObject[];
  /** With any of these problems, except hints, Flux applies nothing; `objects` still has everything that could be built. */
  readonly problems: readonly BuildProblem[];
  readonly fluxProblems: readonly FluxProblem[];
  readonly incomplete: readonly string[];
  /** Undefined if nothing is substituted. */
  readonly variables?: Variables;
  /** What became of each object of the folder. */
  readonly finished?: ReadonlyMap<BuiltObject, FinishedObject>;
}

/** An object, and what was found while its variables were substituted. */
export interface FinishedObject {
  readonly object: BuiltObject;
  /** The names of its variables. */
  readonly used: ReadonlySet<string>;
  readonly fluxProblems: readonly FluxProblem[];
}

/** What kustomize makes of the folder. It depends on the fields of `spec` in `fieldsOfBuild` only. */
export function* buildBase(kustomization: FluxKustomization, files: FluxFiles, options: BuildOptions): Steps<FluxBase> {
  const { folder, spec, pathOrigin } = kustomization;
  const reads = new Set<string>();
  const listed = new Set<string>();
  const encrypted = new Set<string>();
  const data = spec.entries.has('decryption') ? withoutEncrypted(files, encrypted) : files;
  const noted: FluxFiles = { ...notedFiles(data, reads), below: (path) => files.below(note(listed, path)) };
  const empty = { objects: [], problems: [], warnings: [], listed: [], isGenerated: false };
  const refused = (reason: FluxReason): FluxBase => ({
    ...{ ...empty, incomplete: [], reads: [...reads] },
    fluxProblems: [{ reason, origin: pathOrigin }],
  });
  if (folder === undefined) return { ...empty, incomplete: ['path'], reads: [], fluxProblems: [] };
  const kind = noted.kindOf(folder);
  if (kind === 'file') return refused({ kind: 'path-not-a-folder', path: folder });
  if (kind === undefined) return refused({ kind: 'path-not-found', path: folder });
  const generated = yield* generate(folder, spec, pathOrigin, noted);
  const { kustomization: top, isGenerated, isPlain } = generated;
  const built =
    top && (yield* buildInSteps(folder, noted, { ...options, top, isPlain, loadsAnywhere: true, order: 'fifo' }));
  for (const path of built?.reads ?? []) reads.add(path);
  return {
    objects: built?.objects ?? [],
    problems: [...generated.problems, ...(built?.problems ?? [])],
    warnings: built?.warnings ?? [],
    fluxProblems: generated.fluxProblems,
    incomplete: [...(built?.incomplete ?? []), ...(encrypted.size > 0 ? ['decryption'] : [])],
    reads: [...reads].sort(),
    listed: [...listed],
    isGenerated,
  };
}

/** The fields of the spec that `buildBase` depends on. */
export const fieldsOfBuild: readonly string[] = [
  'path',
  'targetNamespace',
  'namePrefix',
  'nameSuffix',
  'patches',
  'patchesJson6902',
  'components',
  'ignoreMissingComponents',
  'images',
  'buildMetadata',
  'decryption',
];

export interface FinishOptions {
  readonly find: FindConfig;
  /** Whether a variable without a value fails the build, as by default since Flux 2.9. */
  readonly strict: boolean;
  /** What became of objects with the same Kustomization and the same variables. */
  readonly earlier?: ReadonlyMap<BuiltObject, FinishedObject>;
}

/** What Flux makes of the objects of a folder. */
export function* finishBuild(
  kustomization: FluxKustomization,
  base: FluxBase,
  options: FinishOptions,
): Steps<FluxResult> {
  const { spec } = kustomization;
  const { variables, inline, fluxProblems: found } = postBuildOf(kustomization, options.find, options.strict);
  const decrypts = spec.entries.has('decryption');
  const labels = new Map([...entriesAt(spec, ['commonMetadata', 'labels']), ...ownerLabels(kustomization)]);
  const annotations = entriesAt(spec, ['commonMetadata', 'annotations']);
  const finish = ({ value, previous, hashed }: BuiltObject): FinishedObject => {
    const used = new Set<string>();
    const problems: FluxProblem[] = [];
    let object = decrypts && isEncrypted(value) ? withoutEntry(value, 'sops') : value;
    object =
      variables && !isExempt(object)
        ? substituted(object, variables, used, (reason, origin) => void problems.push({ reason, origin }))
        : asWritten(object);
    object = withMetadata(object, 'annotations', annotations);
    object = withMetadata(object, 'annotations', annotations);
    return {
      object: { value: withMetadata(object, 'labels', labels), previous, ...(hashed && { hashed }) },
      used: used.size > 0 ? used : unused,
      fluxProblems: problems.length > 0 ? problems : none,
    };
  };
  const finished = new Map<BuiltObject, FinishedObject>();
  for (const object of base.objects) {
    const earlier = options.earlier?.get(object);
    finished.set(object, earlier ?? finish(object));
    if (!earlier) yield;
  }
  const parts = [...finished.values()];
  const fluxProblems = [...base.fluxProblems, ...found, ...parts.flatMap((part) => part.fluxProblems)];
  const isKnown = base.incomplete.length === 0 && base.problems.length === 0 && base.objects.length > 0;
  if (isKnown)
    for (const [name, origin] of inline)
      if (!parts.some(({ used }) => used.has(name)))
        fluxProblems.push({ reason: { kind: 'unused-variable', name }, origin });
  const { problems, incomplete } = base;
  const objects = parts.map(({ object }) => object);
  return { objects, problems, fluxProblems, incomplete, finished, ...(variables && { variables }) };
}

const unused: ReadonlySet<string> = new Set();
const none: readonly never[] = [];

/** Flux decrypts the files of generators before it builds; what they contain is unknown. */
function withoutEncrypted(files: FluxFiles, encrypted: Set<string>): FluxFiles {
  const text = (path: string) => {
    const read = files.text(path);
    if (read !== undefined && /^sops_mac=|^sops:\s*$|^\[sops\]|^\s*"sops":/m.test(read)) encrypted.add(path);
    return read;
  };
  const bytes = (path: string) => {
    text(path);
    return files.bytes?.(path);
  };
  return { ...files, text, bytes };
}

function note(set: Set<string>, path: string): string {
  set.add(path);
  return path;
}

/** Without substitution, `${NAME}` is text. */
function asWritten(object: BuiltMap): BuiltMap {
  return written(object, new Map()) as BuiltMap;
}

function written(built: Built, shared: Map<Built, Built>): Built {
  if (built.kind === 'scalar') return literally(built);
  const known = shared.get(built);
  if (known) return known;
  let result: Built;
  if (built.kind === 'list') {
    let items: Built[] | undefined;
    for (const [index, item] of built.items.entries()) {
      const inner = written(item, shared);
      if (inner !== item) (items ??= [...built.items])[index] = inner;
    }
    result = items ? { ...built, items } : built;
  } else {
    let entries: Map<string, Built> | undefined;
    for (const [key, value] of built.entries) {
      const inner = written(value, shared);
      if (inner !== value) (entries ??= new Map(built.entries)).set(key, inner);
    }
    const { holes, ...rest } = built;
    result = entries || holes ? { ...rest, entries: entries ?? built.entries } : built;
  }
  shared.set(built, result);
  return result;
}

function withMetadata(object: BuiltMap, field: 'labels' | 'annotations', values: ReadonlyMap<string, Built>): BuiltMap {
  if (values.size === 0) return object;
  const known = builtAt(object, ['metadata', field]);
  const map = known?.kind === 'map' ? known : emptyMap(object.origin);
  const entries = new Map([...map.entries, ...values]);
  return withValueAt(object, ['metadata', field], { ...map, entries }) ?? object;
}

/** Their values come from the Kustomization's name and namespace. */
function ownerLabels({ object, name, namespace }: FluxKustomization): ReadonlyMap<string, Built> {
  const from = (field: string, text: string): Built => {
    const value = builtAt(object, ['metadata', field]);
    return knownText(value) === undefined ? (value ?? scalarOf(text, object.origin)) : scalarOf(text, value!.origin);
  };
  return new Map([
    ['kustomize.toolkit.fluxcd.io/name', from('name', name)],
    ['kustomize.toolkit.fluxcd.io/namespace', from('namespace', namespace)],
  ]);
}
