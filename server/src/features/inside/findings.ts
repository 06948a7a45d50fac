// What is wrong in texts inside documents: the syntax of patches, unknown fields and invalid values by the schema of the kind
// that a patch is for, and operations that no program carries out.
import type { TextContent } from '../../kube/texts.ts';
import { wordsOf } from '../../kustomize/build-words.ts';
import { locateIn } from '../../kustomize/built.ts';
import { readObjects } from '../../kustomize/objects.ts';
import { partialStore } from '../../schema/partial.ts';
import type { KindSchema, SchemaStore } from '../../schema/schema.ts';
import type { Finding } from '../../syntax/finding.ts';
import { type InnerText, innerText } from '../../syntax/inner-text.ts';
import { type Manifest, parseFilledIn, parseManifest } from '../../syntax/manifest.ts';
import { printPath, scalarAt } from '../../syntax/navigate.ts';
import { splitDocuments } from '../../syntax/split.ts';
import type { Node, Value } from '../../syntax/tree.ts';
import { isObject, own, toValue } from '../../syntax/value.ts';
import { judgePartial } from '../../validation/partial.ts';
import type { Problem } from '../../validation/problem.ts';
import { findingOf } from '../../validation/report.ts';
import { isReadable } from '../../validation/validate.ts';
import { sentenceOf } from '../../validation/words.ts';
import type { Document } from '../../workspace/document.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { editOutside } from './complete.ts';
import { type Holder, holdersIn, type TextPlace, textsIn } from './inside.ts';
import { isIndex, operationNames, stepsOf } from './operations.ts';
import { entriesFor } from './patch-file.ts';
import { changesNothing, targetOf } from './patched.ts';
import { contentOf } from './reading.ts';
import { certainKinds, targetKinds } from './target.ts';
import { usedFieldsOf } from './used.ts';

/** What is wrong in one text. */
interface Judged {
  readonly place: TextPlace;
  readonly root: Node | undefined;
  /** The tree of the text. */
  readonly patch: Node | undefined;
  /** Whatever the patch is for. */
  readonly own: readonly Finding[];
  /** Operations that are none, which kustomize notices only where there is an object to change. */
  readonly ofOperations: readonly Finding[];
  /** What the kind says that the patch is for. */
  readonly ofKind: readonly Finding[];
}

/** In offsets of the document. */
export function insideFindings(workspace: Workspace, path: string, document: Document): readonly Finding[] {
  const used = document.facts.objects.flatMap((object) => usedFieldsOf(workspace, object));
  const judged = workspace.memo(path, document, `inside ${JSON.stringify(used)}`, ({ role, schemas }) => {
    if (role !== 'manifest' && role !== 'kustomization') return [];
    const manifest = parseManifest(document.text);
    return judgedIn(manifest, holdersIn(workspace, role, manifest, document), schemas);
  });
  if (judged.length === 0) return [];
  const start = workspace.file(path)?.documents.find((placed) => placed.document === document)?.start;
  return judged.flatMap(({ place, root, patch, own, ofOperations, ofKind }) => {
    const ofTarget = [...ofOperations, ...ofKind];
    const isIdle =
      ofTarget.length > 0 && start !== undefined && changesNothing(workspace, path, start, place, root, patch);
    return isIdle ? own : [...own, ...ofTarget];
  });
}

function judgedIn({ root, text }: Manifest, holders: readonly Holder[], schemas: SchemaStore): readonly Judged[] {
  return textsIn(root, holders).flatMap((place) => {
    const inner = innerText(place.scalar, text);
    return splitDocuments(inner.text).flatMap((segment): readonly Judged[] => {
      // Flux may substitute variables before the text is read as YAML.
      const manifest = parseFilledIn(segment.text);
      const found = findingsOf(place, root, manifest, schemas);
      const placed = (findings: readonly Finding[]) =>
        findings.map((finding) => outside(finding, inner, segment.start));
      const [own, ofOperations, ofKind] = [placed(found.own), placed(found.ofOperations), placed(found.ofKind)];
      if (own.length + ofOperations.length + ofKind.length === 0) return [];
      return [{ place, root, patch: manifest.root, own, ofOperations, ofKind }];
    });
  });
}

/** What the kinds say that kustomizations use a patch file for; in offsets of the document. */
export function patchFileFindings(workspace: Workspace, path: string, document: Document): readonly Finding[] {
  const entries = workspace.ownership.patchedWith(path).length === 0 ? [] : entriesFor(workspace, path);
  if (entries.length === 0 || workspace.role(path, document) !== 'patch') return [];
  const manifest = parseManifest(document.text);
  if (manifest.template || !manifest.root || !isReadable(manifest)) return [];
  const schemas = workspace.schemas.storeFor(path);
  const kinds = entries.map(({ field, at, root }) => kindsOf(targetOf(field, at, root), manifest.root, schemas));
  // Each of them must know its kind.
  if (kinds.some((one) => one.length === 0)) return [];
  const { ofKind: found } = foundOnce(manifest, contentOf(entries[0]!.field.holds, manifest), kinds.flat());
  const isIdle =
    found.length > 0 &&
    entries.every(({ kustomization, field, at, root }) =>
      changesNothing(workspace, kustomization, 0, { field, path: at }, root, manifest.root),
    );
  return isIdle ? [] : found;
}

type Found = Pick<Judged, 'own' | 'ofOperations' | 'ofKind'>;

const nothing: Found = { own: [], ofOperations: [], ofKind: [] };

/** In offsets of the text. */
function findingsOf(
  { field, path }: TextPlace,
  root: Node | undefined,
  manifest: Manifest,
  schemas: SchemaStore,
): Found {
  const holds = contentOf(field.holds, manifest);
  if (manifest.template) return nothing;
  // What a ResourceSet makes of its template is judged as it is applied.
  if (holds === 'values' || (holds === 'objects' && field.at !== 'spec.resourcesTemplate'))
    return { ...nothing, own: syntaxOf(manifest) };
  if (holds !== 'operations' && holds !== 'merge-patch') return nothing;
  // A list entry that isn't a map is the path of a file.
  if (field.target === undefined && manifest.root?.type !== 'map') return nothing;
  return foundOnce(manifest, holds, kindsOf(targetOf(field, path, root), manifest.root, schemas));
}

interface Known {
  readonly kinds: readonly KindSchema[];
  readonly holds: TextContent;
  readonly found: Found;
}

const known = new WeakMap<Manifest, Known>();

/** A document has many patches, of which each key changes one. */
function foundOnce(manifest: Manifest, holds: TextContent, kinds: readonly KindSchema[]): Found {
  const before = known.get(manifest);
  const isSame = before?.holds === holds && before.kinds.length === kinds.length;
  if (isSame && before.kinds.every((kind, index) => kind === kinds[index])) return before.found;
  const found = foundIn(manifest, holds, kinds);
  known.set(manifest, { kinds, holds, found });
  return found;
}

/** kustomize, Helm and the controllers of Cluster API accept a key that is set twice, for example. */
function syntaxOf(manifest: Manifest): readonly Finding[] {
  return isReadable(manifest) ? [] : manifest.findings.filter(({ severity }) => severity === 'error');
}

function foundIn(manifest: Manifest, holds: TextContent, kinds: readonly KindSchema[]): Found {
  if (!isReadable(manifest) || !manifest.root) return { ...nothing, own: syntaxOf(manifest) };
  const ofKind = problemsForKinds(manifest, holds, kinds);
  return holds === 'operations'
    ? { own: [], ofOperations: operationFindings(manifest.root), ofKind }
    : { own: identityFindings(manifest), ofOperations: [], ofKind };
}

/** What is wrong whichever of the kinds is meant. */
export function problemsForKinds(
  manifest: Manifest,
  holds: TextContent,
  kinds: readonly KindSchema[],
): readonly Finding[] {
  if (holds === 'operations') return operationProblems(manifest, kinds);
  return agreed(kinds.map((kind) => judgePartial(toValue(manifest.root!), kind))).map((problem) =>
    findingOf(problem, manifest, []),
  );
}

/** The kinds that a patch may be for; empty if another may be meant. */
function kindsOf(target: Node | undefined, patch: Node | undefined, schemas: SchemaStore): readonly KindSchema[] {
  const gvks = targetKinds(target, patch, schemas, () => false);
  const store = partialStore(schemas);
  const kinds = gvks.flatMap((gvk) => store.lookup(gvk) ?? []);
  return kinds.length === gvks.length ? certainKinds(target, kinds) : [];
}

function agreed([first = [], ...others]: readonly (readonly Problem[])[]): readonly Problem[] {
  const keyOf = ({ rule, path }: Problem) => `${rule} ${path.join('\n')}`;
  return first.filter((problem) => others.every((some) => some.some((one) => keyOf(one) === keyOf(problem))));
}

/** What the values of operations bring into the target. */
function operationProblems(manifest: Manifest, kinds: readonly KindSchema[]): readonly Finding[] {
  const operations = toValue(manifest.root!);
  if (!Array.isArray(operations)) return [];
  return (operations as readonly Value[]).flatMap((operation, index) => {
    if (!isObject(operation)) return [];
    const [op, pointer] = [own(operation, 'op'), own(operation, 'path')];
    const value = own(operation, 'value');
    const steps = typeof pointer === 'string' ? stepsOf(pointer) : undefined;
    if (!steps || steps.length === 0 || value === undefined || (op !== 'add' && op !== 'replace')) return [];
    return agreed(kinds.map((kind) => problemsOfValue(value, steps, kind))).flatMap((problem) => {
      const place = placeOf(problem, steps.length, index);
      // The message names the field of the target.
      const { path: field } = problem;
      if (!place) return [];
      return [{ ...findingOf(place, manifest, []), message: sentenceOf(problem), path: printPath(field) }];
    });
  });
}

/** The problems of an object that has nothing but the value at the pointer. */
function problemsOfValue(value: Value, steps: readonly string[], kind: KindSchema): readonly Problem[] {
  const object = steps.reduceRight<Value>((inner, step) => (isIndex(step) ? [inner] : { [step]: inner }), value);
  return judgePartial(object, kind);
}

/** At the value, or at the pointer if that leads to an unknown field. */
function placeOf(problem: Problem, steps: number, index: number): Problem | undefined {
  const { path, facts } = problem;
  const isUnknown = facts.is === 'unknown-field';
  if (path.length > steps || (path.length === steps && !isUnknown))
    return { ...problem, path: [index, 'value', ...path.slice(steps)] };
  if (!isUnknown) return undefined;
  const { remedies: _ofTheField, ...rest } = problem;
  return { ...rest, path: [index, 'path'], on: 'value' };
}

/** What kustomize reads no patch without. */
function identityFindings(manifest: Manifest): readonly Finding[] {
  const { faults } = readObjects([{ manifest, locate: locateIn({ file: '', start: 0 }) }]);
  return faults.flatMap(({ reason, origin: { start, end } }): readonly Finding[] => {
    if (reason.kind === 'duplicate-key') return [];
    return [{ rule: 'kustomize/build', severity: 'error', start, end, message: wordsOf({ reason }) }];
  });
}

/** Operations that are none. */
function operationFindings(root: Node): readonly Finding[] {
  if (root.type !== 'seq') return [];
  return root.items.flatMap((item, index): readonly Finding[] => {
    const op = scalarAt(root, [index, 'op']);
    if (item.type !== 'map' || !op || typeof op.value !== 'string' || operationNames.includes(op.value)) return [];
    const message = wordsOf({ reason: { kind: 'unknown-operation', operation: op.value } });
    return [{ rule: 'kustomize/build', severity: 'error', start: op.start, end: op.end, message }];
  });
}

function outside(finding: Finding, inner: InnerText, start: number): Finding {
  const at = (offset: number) => inner.outer(start + offset);
  const { fixes, ...rest } = finding;
  const { column } = inner;
  const place = { place: at, column };
  const placedFixes =
    column === undefined
      ? []
      : fixes?.map((fix) => ({ ...fix, edits: fix.edits.map((edit) => editOutside(edit, place)) }));
  const [from, to] = [at(finding.start), at(finding.end)];
  return { ...rest, start: from, end: Math.max(from + 1, to), ...(placedFixes?.length && { fixes: placedFixes }) };
}
