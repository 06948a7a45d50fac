// `patches`, `patchesStrategicMerge` and `patchesJson6902`: finds the objects that a patch is for, and applies it
// (api/internal/builtins/Patch*.go).
import { atOnce, type Steps } from '../../syntax/steps.ts';
import type { Path } from '../../syntax/tree.ts';
import {
  type Built,
  type BuiltMap,
  type BuiltScalar,
  builtAt,
  builtFrom,
  emptyMap,
  inPlaceOf,
  isNull,
  mapBuilt,
  type Origin,
  textAt,
  withEntry,
  withValueAt,
} from '../built.ts';
import { reread } from '../cells.ts';
import { isQuoted } from '../emit-scalar.ts';
import { isJson } from '../go-json.ts';
import { isKept, survivesOperations, withKept, withoutKept } from '../kept.ts';
import { asTexts, refolded, repeatedKey, unpairedAnnotations } from '../metadata.ts';
import {
  answersTo,
  type BuildDocument,
  type BuiltObject,
  effectiveNamespace,
  idOf,
  printId,
  readObjects,
  remembering,
} from '../objects.ts';
import { plainValue } from '../scalars.ts';
import { applyOperations } from './json-patch.ts';
import { readTarget, selects, type Target } from './selector.ts';
import { mergePatch } from './strategic-merge.ts';
import {
  changeAgain,
  filledText,
  isOn,
  isString,
  itemsOf,
  mapsOf,
  type Objects,
  type Ran,
  type Step,
  type Transformer,
} from './transformer.ts';

/** Each entry is a merge patch, for its target or the object it names, or a list of operations, for its target. */
export function* patchesInSteps(objects: Objects, step: Step, ran: Ran): Steps<Objects> {
  let done = objects;
  for (const [entry, field] of mapsOf(step, 'patches')) {
    done = ran(patched(done, step, entry, field));
    yield;
  }
  return done;
}

/** The same at once. */
export const patchesTransformer: Transformer = (objects, step, ran = same) =>
  atOnce(patchesInSteps(objects, step, ran));

const same: Ran = (objects) => objects;

export function patched(objects: Objects, step: Step, entry: BuiltMap, field: Path): Objects {
  const documents = patchDocuments(step, entry, field, 'patch');
  const target = documents && readTarget(step, entry, field, objects);
  if (!documents || target === 'invalid') return objects;
  const isTrimmed = filledText(entry, ['path']) === undefined;
  const operations = operationsIn(documents, isTrimmed);
  if (operations === 'not-json') {
    step.report({ kind: 'unreadable-patch' }, field, patchOrigin(entry));
    return objects;
  }
  if (!operations) return mergeEntry(objects, step, { entry, field, documents, target });
  if (target) return operate(objects, step, { operations, entry, target, field, remembers: true });
  step.report({ kind: 'no-target', needs: 'target' }, field, entry.origin);
  return objects;
}

/** Each entry is a file of merge patches, or their inline text. */
export const strategicMergeTransformer: Transformer = (objects, step) => {
  const entries = itemsOf(step, 'patchesStrategicMerge');
  const [first] = entries;
  return first ? mergeListed(objects, step, entries, { field: first[1], origin: first[0].origin }) : objects;
};

/** `empty` is the place to report if there is no patch in any entry. */
export function mergeListed(
  objects: Objects,
  step: Step,
  entries: readonly (readonly [entry: Built, field: Path])[],
  empty: { readonly field: Path; readonly origin: Origin },
): Objects {
  const read = entries.flatMap(([entry, field]) =>
    isString(entry) ? [{ field, patches: listedPatches(step, entry, field) }] : [],
  );
  if (read.every(({ patches }) => patches?.length === 0)) step.report({ kind: 'no-patch' }, empty.field, empty.origin);
  return read.reduce(
    (done, { field, patches = [] }) => mergeNamed(done, step, patches, { field, allows: none, copies: true }),
    objects,
  );
}

/** Undefined if an entry can't be read, which is reported. */
function listedPatches(step: Step, entry: BuiltScalar, field: Path): readonly BuiltMap[] | undefined {
  const inline = step.documentsIn(entry);
  const isInline = readObjects(inline).faults.every(({ reason }) => reason.kind === 'duplicate-key');
  const documents = isInline ? inline : step.documentsOf(entry.text, field, entry.origin);
  return documents && patchObjects(step, documents, field);
}

/** Each entry is a list of operations with a target that has a name. */
export const json6902Transformer: Transformer = (objects, step, ran = same) =>
  mapsOf(step, 'patchesJson6902').reduce(
    (done, [entry, field]) => ran(operated(done, step, { entry, field, inline: 'patch' })),
    objects,
  );

interface OperationsEntry {
  readonly entry: BuiltMap;
  readonly field: Path;
  /** The name of the setting with the operations. */
  readonly inline: 'patch' | 'jsonOp';
}

export function operated(objects: Objects, step: Step, { entry, field, inline }: OperationsEntry): Objects {
  if ((textAt(entry, ['target', 'name']) ?? '') === '') {
    step.report({ kind: 'no-target', needs: 'name' }, field, entry.origin);
    return objects;
  }
  const documents = patchDocuments(step, entry, field, inline);
  const target = documents && readTarget(step, entry, field, objects);
  if (!documents || !target || target === 'invalid') return objects;
  const operations = operationsIn(documents, false);
  if (operations && operations !== 'not-json' && operations.length > 0)
    return operate(objects, step, { operations, entry, target, field, remembers: false });
  step.report({ kind: 'unreadable-patch' }, field, patchOrigin(entry));
  return objects;
}

function patchOrigin(entry: BuiltMap): Origin {
  const written = ['patch', 'jsonOp', 'path'].map((name) => filledText(entry, [name]));
  return (written.find((one) => one !== undefined) ?? entry).origin;
}

/** Applies patches to the objects they name. */
function mergeNamed(objects: Objects, step: Step, patches: readonly BuiltMap[], merging: Merging): Objects {
  const { field, allows } = merging;
  let result = objects;
  for (const patch of patches) {
    const id = idOf(patch);
    const matches = result.filter((object) => answersTo(object, id, step.isNamespaced));
    const [match] = matches;
    if (!match) step.report({ kind: 'no-match', id: printId(id) }, field, nameOrigin(patch));
    else if (matches.length > 1) {
      const others = matches.map(({ value }) => value.origin);
      step.report({ kind: 'several-matches', id: printId(id), others }, field, nameOrigin(patch));
    } else
      result = changeAgain(result, step, [patch, allows.name, allows.kind, merging.copies], (object, report) =>
        answersTo(object, id, step.isNamespaced) ? merged(object, patch, step, { ...merging, report }) : object,
      );
  }
  return result;
}

function patchDocuments(
  step: Step,
  entry: BuiltMap,
  field: Path,
  inline: 'patch' | 'jsonOp',
): readonly BuildDocument[] | undefined {
  const patch = filledText(entry, [inline]);
  const path = filledText(entry, ['path']);
  const isBlank = patch === undefined || patch.text.trim() === '';
  if (!isBlank && path) step.report({ kind: 'patch-and-path' }, field, entry.origin);
  else if (!isBlank) return step.documentsIn(patch);
  else if (path) return step.documentsOf(path.text, [...field, 'path'], path.origin);
  else step.report({ kind: 'no-patch' }, field, entry.origin);
  return undefined;
}

/** Undefined if it isn't a list, and therefore a merge patch; a list that begins with `[` must be JSON. */
function operationsIn(documents: readonly BuildDocument[], isTrimmed: boolean): Operations {
  const [first] = documents;
  if (!first) return undefined;
  if (!operationsKnown.has(first)) operationsKnown.set(first, readOperations(first, documents, isTrimmed));
  return operationsKnown.get(first);
}

type Operations = readonly Built[] | 'not-json' | undefined;

const operationsKnown = new WeakMap<BuildDocument, Operations>();

function readOperations(first: BuildDocument, documents: readonly BuildDocument[], isTrimmed: boolean): Operations {
  // Of a repeated key, the last is used.
  const isRead = first.manifest.findings.every(
    ({ severity, rule }) => severity !== 'error' || rule === 'syntax/duplicate-key',
  );
  if (first.manifest.root?.type !== 'seq' || !isRead) return undefined;
  const list = builtFrom(first.manifest.root, first.locate, 'configuration');
  if (list.kind !== 'list') return undefined;
  const { text } = first.manifest;
  if (!(isTrimmed ? text.trimStart() : text).startsWith('[')) return list.items;
  return isJson(documents.map(({ manifest }) => manifest.text).join('')) ? list.items : 'not-json';
}

function patchObjects(step: Step, documents: readonly BuildDocument[], field: Path): readonly BuiltMap[] | undefined {
  const { objects, faults } = readObjects(documents);
  const refused = faults.filter(({ reason }) => reason.kind !== 'duplicate-key');
  for (const { reason, origin } of refused) step.report(reason, field, origin);
  return refused.length > 0 ? undefined : objects;
}

interface MergeEntry {
  readonly entry: BuiltMap;
  readonly field: Path;
  readonly documents: readonly BuildDocument[];
  readonly target: Target | undefined;
}

/** Whether a patch may change the name or the kind of its object. */
interface Allows {
  readonly name: boolean;
  readonly kind: boolean;
}

const none: Allows = { name: false, kind: false };

function mergeEntry(objects: Objects, step: Step, { entry, field, documents, target }: MergeEntry): Objects {
  const patches = patchObjects(step, documents, field) ?? [];
  const allows = {
    name: isOn(entry, ['options', 'allowNameChange']),
    kind: isOn(entry, ['options', 'allowKindChange']),
  };
  if (!target) return mergeNamed(objects, step, patches, { field, allows });
  if (patches.length > 1) {
    step.report({ kind: 'several-patches' }, field, entry.origin);
    return objects;
  }
  const [patch] = patches;
  if (!patch) return objects;
  const done = changeAgain(objects, step, [patch, entry], (object, report) =>
    selects(target, object, step.isNamespaced)
      ? merged(object, patch, step, { field, allows, copies: true, report })
      : object,
  );
  return allows.name || allows.kind ? unique(done, step, field, nameOrigin(patch)) : done;
}

/** A patch for several objects may give them one name, which kustomize refuses. */
function unique(objects: Objects, step: Step, field: Path, origin: Origin): Objects {
  const known = new Map<string, BuiltObject>();
  for (const object of objects) {
    const id = idOf(object.value);
    const key = JSON.stringify([id.gvk, id.name, effectiveNamespace(id, step.isNamespaced)]);
    const other = known.get(key);
    if (other) step.report({ kind: 'duplicate', id: printId(id), other: other.value.origin }, field, origin);
    else known.set(key, object);
  }
  return [...known.values()];
}

/** kustomize copies the labels and annotations of these patches as strings: a null becomes a string and deletes nothing. */
function withStringMetadata(patch: BuiltMap): BuiltMap {
  return asTexts(asTexts(patch, 'labels'), 'annotations');
}

function nameOrigin(patch: BuiltMap): Origin {
  return (builtAt(patch, ['metadata', 'name']) ?? patch).origin;
}

interface Merging {
  readonly field: Path;
  readonly allows: Allows;
  /**
   * Whether kustomize merges a copy of the patch (resmap.ApplySmPatch), in which it sets the object's apiVersion, without a
   * type and even if there is none, and the labels and annotations as strings.
   */
  readonly copies?: true;
}

/** Undefined if the patch deletes the object. */
function merged(
  object: BuiltObject,
  written: BuiltMap,
  step: Step,
  { field, allows, copies, report }: Merging & Pick<Step, 'report'>,
): BuiltObject | undefined {
  const patch = copies ? withStringMetadata(written) : written;
  const before = allows.name || allows.kind ? remembering(object) : object;
  const touches = touchesKept(patch);
  const value = touches ? withKept(before, step.isNamespaced) : object.value;
  const apiVersion = value.entries.get('apiVersion');
  const result = mergePatch(value, apiVersion ? withEntry(patch, 'apiVersion', apiVersion) : patch, step.schemaOf);
  if ('fault' in result) {
    report(result.fault.reason, field, result.fault.origin);
    return object;
  }
  if (!result.merged) return undefined;
  const versioned = copies && result.merged !== value ? withVersion(result.merged, apiVersion) : result.merged;
  const after = withIdentityOf(value, versioned, allows);
  return touches ? withoutKept(before, after) : { ...before, value: after };
}

/** Whether a merge patch may drop annotations in which kustomize keeps what it knows of the object. */
function touchesKept(patch: BuiltMap): boolean {
  const metadata = patch.entries.get('metadata');
  if (metadata?.kind !== 'map') return metadata !== undefined;
  const annotations = metadata.entries.get('annotations');
  if (metadata.entries.has('$patch') || !annotations) return metadata.entries.has('$patch');
  return annotations.kind !== 'map' || [...annotations.entries.keys()].some((key) => key === '$patch' || isKept(key));
}

function withVersion(object: BuiltMap, written: Built | undefined): BuiltMap {
  if (written && written.kind !== 'scalar') return object;
  const text = written && !isNull(written) ? written.text : '';
  const value: BuiltScalar = {
    ...{ kind: 'scalar', value: plainValue(text), text, untagged: true },
    origin: written?.origin ?? object.origin,
  };
  return withEntry(object, 'apiVersion', written ? inPlaceOf(written, value) : value);
}

/** A patch never changes the namespace, and kind and name only where it is allowed to. */
function withIdentityOf(before: BuiltMap, after: BuiltMap, allows: Allows): BuiltMap {
  const kind = before.entries.get('kind');
  // kustomize sets the name again if the patch deletes the metadata.
  const metadata = after.entries.get('metadata') ?? emptyMap(after.origin);
  const result =
    kind?.kind === 'scalar' && !allows.kind ? withEntry(after, 'kind', { ...kind, untagged: true }) : after;
  if (metadata.kind !== 'map') return result;
  const entries = new Map(metadata.entries);
  for (const key of allows.name ? ['namespace'] : ['name', 'namespace']) {
    const written = builtAt(before, ['metadata', key]);
    const isSet = key === 'name' || (textAt(before, ['metadata', key]) ?? '') !== '';
    if (written && isSet) entries.set(key, written.kind === 'scalar' ? { ...written, untagged: true } : written);
    else entries.delete(key);
  }
  return withEntry(result, 'metadata', { ...metadata, entries });
}

interface Operating {
  readonly operations: readonly Built[];
  /** Has the target. */
  readonly entry: BuiltMap;
  readonly target: Target;
  readonly field: Path;
  /** Whether references to the objects by their old names are updated. */
  readonly remembers: boolean;
}

function operate(objects: Objects, step: Step, { operations, entry, target, field, remembers }: Operating): Objects {
  const touches = operations.some(touchesKeptAt);
  return changeAgain(objects, step, [operations, entry, remembers], (object, report) => {
    if (!selects(target, object, step.isNamespaced)) return object;
    const repeated = repeatedKey(object, false);
    if (repeated) {
      const { repeats, ...rest } = object;
      report({ kind: 'duplicate-key', key: repeated.key }, field, repeated.origin);
      return rest;
    }
    const before = remembers ? remembering(object) : object;
    const value = touches ? withKept(before, step.isNamespaced) : before.value;
    const result = applyOperations(mapBuilt(value, refolded) as BuiltMap, operations);
    if ('fault' in result) {
      report(result.fault.reason, field, result.fault.origin);
      return object;
    }
    const unpaired = unpairedAnnotations(result.value);
    if (unpaired) report({ kind: 'wrong-type', expected: 'map' }, field, unpaired.origin);
    const after = reread(result.value, isQuoted);
    return touches
      ? withoutKept(before, withInternal(value, asTexts(after, 'annotations')))
      : { ...before, value: after };
  });
}

/** Whether an operation may read or change annotations, in which kustomize keeps what it knows of the object. */
function touchesKeptAt(operation: Built): boolean {
  const [path = '', from = ''] = ['path', 'from'].map((name) => textAt(operation, [name]));
  return [path, from].some(
    (one) => /^[^/]*(?:\/metadata(?:\/annotations(?:\/.*)?)?)?$/s.test(one) && (one !== '' || one === path),
  );
}

/** What an operation drops of the annotations of kustomize's own is set again. */
function withInternal(before: BuiltMap, after: BuiltMap): BuiltMap {
  const path = ['metadata', 'annotations'];
  const [old, now] = [before, after].map((value) => builtAt(value, path));
  const kept = old?.kind === 'map' ? [...old.entries].filter(([key]) => survivesOperations(key)) : [];
  if (kept.length === 0) return after;
  const base = now?.kind === 'map' ? now : emptyMap(after.origin);
  return withValueAt(after, path, { ...base, entries: new Map([...base.entries, ...kept]) }) ?? after;
}
