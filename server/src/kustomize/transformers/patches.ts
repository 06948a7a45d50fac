// `patches`, `patchesStrategicMerge` and `patchesJson6902`: finds the objects that a patch is for, and applies it
// (api/internal/builtins/Patch*.go).
import type { Path } from '../../syntax/tree.ts';
import { type Built, type BuiltMap, builtAt, builtFrom, type Origin, textAt, withEntry } from '../built.ts';
import { asTexts } from '../metadata.ts';
import { answersTo, type BuildDocument, type BuiltObject, idOf, printId, readObjects } from '../objects.ts';
import { applyOperations } from './json-patch.ts';
import { readTarget, selects, type Target } from './selector.ts';
import { mergePatch } from './strategic-merge.ts';
import { isString, itemsOf, type Step, type Transformer } from './transformer.ts';

type Objects = readonly BuiltObject[];

/** Each entry is a merge patch, for its target or the object it names, or a list of operations, for its target. */
export const patchesTransformer: Transformer = (objects, step) => {
  let result = objects;
  for (const [entry, field] of itemsOf(step, 'patches')) {
    if (entry.kind !== 'map') {
      step.report({ kind: 'wrong-type', expected: 'map' }, field, entry.origin);
      continue;
    }
    const documents = patchDocuments(step, entry, field);
    const target = documents && readTarget(step, entry, field);
    if (!documents || target === 'invalid') continue;
    const operations = operationsIn(documents);
    if (!operations) result = mergeEntry(result, step, { entry, field, documents, target });
    else if (target) result = operate(result, step, operations, target, field);
    else step.report({ kind: 'no-target', needs: 'target' }, field, entry.origin);
  }
  return result;
};

/** Each entry is a file of merge patches, or their inline text. */
export const strategicMergeTransformer: Transformer = (objects, step) => {
  let result = objects;
  for (const [entry, field] of itemsOf(step, 'patchesStrategicMerge')) {
    if (!isString(entry)) {
      step.report({ kind: 'wrong-type', expected: 'string' }, field, entry.origin);
      continue;
    }
    const inline = step.documentsIn(field);
    const isInline = readObjects(inline).objects.length > 0 && readObjects(inline).faults.length === 0;
    const documents = isInline ? inline : step.documentsOf(entry.text, field, entry.origin);
    if (!documents) continue;
    result = mergeNamed(result, step, patchObjects(step, documents, field).map(withStringMetadata), field);
  }
  return result;
};

/** Each entry is a list of operations with a target that has a name. */
export const json6902Transformer: Transformer = (objects, step) => {
  let result = objects;
  for (const [entry, field] of itemsOf(step, 'patchesJson6902')) {
    if (entry.kind !== 'map') {
      step.report({ kind: 'wrong-type', expected: 'map' }, field, entry.origin);
      continue;
    }
    if ((textAt(entry, ['target', 'name']) ?? '') === '') {
      step.report({ kind: 'no-target', needs: 'name' }, field, entry.origin);
      continue;
    }
    const documents = patchDocuments(step, entry, field);
    const target = documents && readTarget(step, entry, field);
    if (!documents || !target || target === 'invalid') continue;
    const operations = operationsIn(documents);
    if (operations && operations.length > 0) result = operate(result, step, operations, target, field);
    else step.report({ kind: 'unreadable-patch' }, field, entry.origin);
  }
  return result;
};

function patchDocuments(step: Step, entry: BuiltMap, field: Path): readonly BuildDocument[] | undefined {
  const [patch, path] = ['patch', 'path'].map((key) => (textAt(entry, [key]) ?? '').trim());
  if (patch !== '' && path !== '') {
    step.report({ kind: 'patch-and-path' }, field, entry.origin);
    return undefined;
  }
  if (patch !== '') return step.documentsIn([...field, 'patch']);
  if (path !== '') return step.documentsOf(path!, [...field, 'path'], builtAt(entry, ['path'])!.origin);
  step.report({ kind: 'no-patch' }, field, entry.origin);
  return undefined;
}

/** Undefined if it isn't a list, and therefore a merge patch. */
function operationsIn([first]: readonly BuildDocument[]): readonly Built[] | undefined {
  if (first?.manifest.root?.type !== 'seq' || first.manifest.findings.some(({ severity }) => severity === 'error'))
    return undefined;
  const list = builtFrom(first.manifest.root, first.locate, 'configuration');
  return list.kind === 'list' ? list.items : undefined;
}

function patchObjects(step: Step, documents: readonly BuildDocument[], field: Path): readonly BuiltMap[] {
  const { objects, faults } = readObjects(documents);
  for (const { reason, origin } of faults) step.report(reason, field, origin);
  return faults.length > 0 ? [] : objects;
}

interface MergeEntry {
  readonly entry: BuiltMap;
  readonly field: Path;
  readonly documents: readonly BuildDocument[];
  readonly target: Target | undefined;
}

function mergeEntry(objects: Objects, step: Step, { entry, field, documents, target }: MergeEntry): Objects {
  const patches = patchObjects(step, documents, field);
  const allows = (option: string) => textAt(entry, ['options', option]) === 'true';
  // The references of other objects to a renamed object are not updated yet.
  if (allows('allowNameChange') || allows('allowKindChange')) step.leaveOut('patches');
  if (!target) return mergeNamed(objects, step, patches, field);
  if (patches.length > 1) {
    step.report({ kind: 'several-patches' }, field, entry.origin);
    return objects;
  }
  const [patch] = patches;
  if (!patch) return objects;
  return objects.flatMap((object) =>
    selects(target, object, step.isNamespaced) ? merged(object, withStringMetadata(patch), step, field) : [object],
  );
}

function mergeNamed(objects: Objects, step: Step, patches: readonly BuiltMap[], field: Path): Objects {
  let result = objects;
  for (const patch of patches) {
    const id = idOf(patch);
    const matches = result.filter((object) => answersTo(object, id, step.isNamespaced));
    const [match] = matches;
    if (!match) step.report({ kind: 'no-match', id: printId(id) }, field, nameOrigin(patch));
    else if (matches.length > 1) {
      const others = matches.map(({ value }) => value.origin);
      step.report({ kind: 'several-matches', id: printId(id), others }, field, nameOrigin(patch));
    } else result = result.flatMap((object) => (object === match ? merged(object, patch, step, field) : [object]));
  }
  return result;
}

/** kustomize copies the labels and annotations of these patches as strings: a null becomes a string and deletes nothing. */
function withStringMetadata(patch: BuiltMap): BuiltMap {
  return asTexts(asTexts(patch, 'labels'), 'annotations');
}

function nameOrigin(patch: BuiltMap): Origin {
  return (builtAt(patch, ['metadata', 'name']) ?? patch).origin;
}

/** A patch never changes kind, name or namespace. */
function merged({ value, previous }: BuiltObject, patch: BuiltMap, step: Step, field: Path): Objects {
  const apiVersion = value.entries.get('apiVersion');
  const result = mergePatch(value, apiVersion ? withEntry(patch, 'apiVersion', apiVersion) : patch, step.schemaOf);
  if ('fault' in result) {
    step.report(result.fault.reason, field, result.fault.origin);
    return [{ value, previous }];
  }
  if (!result.merged) return [];
  return [{ value: withIdentityOf(value, result.merged), previous }];
}

function withIdentityOf(before: BuiltMap, after: BuiltMap): BuiltMap {
  const kind = before.entries.get('kind');
  const metadata = after.entries.get('metadata');
  let result = kind ? withEntry(after, 'kind', kind) : after;
  if (metadata?.kind !== 'map') return result;
  const entries = new Map(metadata.entries);
  for (const key of ['name', 'namespace']) {
    const written = builtAt(before, ['metadata', key]);
    if (written) entries.set(key, written);
    else entries.delete(key);
  }
  result = withEntry(result, 'metadata', { ...metadata, entries });
  return result;
}

function operate(objects: Objects, step: Step, operations: readonly Built[], target: Target, field: Path): Objects {
  return objects.map((object) => {
    if (!selects(target, object, step.isNamespaced)) return object;
    const result = applyOperations(object.value, operations);
    if ('fault' in result) {
      step.report(result.fault.reason, field, result.fault.origin);
      return object;
    }
    const before = idOf(object.value);
    if (before.name !== idOf(result.value).name) step.leaveOut(String(field[0]));
    return { value: result.value, previous: [...object.previous, before] };
  });
}
