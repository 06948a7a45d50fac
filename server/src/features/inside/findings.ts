// What is wrong in texts inside documents: the syntax of patches, unknown fields and invalid values by the schema of the kind
// that a patch is for, and operations that no program carries out.
import type { Gvk } from '../../kube/identity.ts';
import { wordsOf } from '../../kustomize/build-words.ts';
import { locateIn } from '../../kustomize/built.ts';
import { readObjects } from '../../kustomize/objects.ts';
import { partialStore } from '../../schema/partial.ts';
import type { KindSchema, SchemaStore } from '../../schema/schema.ts';
import type { Finding } from '../../syntax/finding.ts';
import { type InnerText, innerText } from '../../syntax/inner-text.ts';
import { type Manifest, parseManifest } from '../../syntax/manifest.ts';
import { scalarAt } from '../../syntax/navigate.ts';
import { splitDocuments } from '../../syntax/split.ts';
import type { Node, Value } from '../../syntax/tree.ts';
import { isObject, own, toValue } from '../../syntax/value.ts';
import { judgePartial } from '../../validation/partial.ts';
import type { Problem } from '../../validation/problem.ts';
import { findingOf } from '../../validation/report.ts';
import { isReadable } from '../../validation/validate.ts';
import { editOutside } from './complete.ts';
import { type Holder, type TextPlace, textsIn } from './inside.ts';
import { isIndex, operationNames, stepsOf } from './operations.ts';
import { contentOf, targetOf } from './reading.ts';
import { targetKinds } from './target.ts';

/** In offsets of the document. */
export function insideFindings(
  { root, text }: Pick<Manifest, 'root' | 'text'>,
  holders: readonly Holder[],
  schemas: SchemaStore,
): readonly Finding[] {
  return textsIn(root, holders).flatMap((place) => {
    const inner = innerText(place.scalar, text);
    return splitDocuments(inner.text).flatMap((segment) => {
      const manifest = parseManifest(segment.text);
      const found = findingsOf(place, root, manifest, schemas);
      return found.map((finding) => outside(finding, inner, segment.start));
    });
  });
}

/** In offsets of the text. */
function findingsOf(
  { field, path }: TextPlace,
  root: Node | undefined,
  manifest: Manifest,
  schemas: SchemaStore,
): readonly Finding[] {
  const holds = contentOf(field.holds, manifest);
  if ((holds !== 'operations' && holds !== 'merge-patch') || manifest.template) return [];
  // A list entry that isn't a map is the path of a file.
  if (field.target === undefined && manifest.root?.type !== 'map') return [];
  const syntax = manifest.findings.filter(({ severity }) => severity === 'error');
  if (!isReadable(manifest) || !manifest.root) return syntax;
  const target = targetOf(field, path, root);
  const kinds = kindsOf(
    targetKinds(target, manifest.root, schemas, () => false),
    partialStore(schemas),
  );
  const problems =
    holds === 'operations'
      ? operationProblems(manifest.root, kinds)
      : agreed(kinds.map((kind) => judgePartial(toValue(manifest.root!), kind)));
  const invalid = holds === 'operations' ? operationFindings(manifest.root) : identityFindings(manifest);
  return [...syntax, ...invalid, ...problems.map((problem) => findingOf(problem, manifest, []))];
}

/** Empty if one of them is unknown. */
function kindsOf(gvks: readonly Gvk[], store: SchemaStore): readonly KindSchema[] {
  const kinds = gvks.flatMap((gvk) => store.lookup(gvk) ?? []);
  return kinds.length === gvks.length ? kinds : [];
}

/** What is wrong whichever kind is meant. */
function agreed([first = [], ...others]: readonly (readonly Problem[])[]): readonly Problem[] {
  const keyOf = ({ rule, path }: Problem) => `${rule} ${path.join('\n')}`;
  return first.filter((problem) => others.every((some) => some.some((one) => keyOf(one) === keyOf(problem))));
}

/** What the values of operations bring into the target. */
function operationProblems(root: Node, kinds: readonly KindSchema[]): readonly Problem[] {
  const operations = toValue(root);
  if (!Array.isArray(operations)) return [];
  return (operations as readonly Value[]).flatMap((operation, index) => {
    if (!isObject(operation)) return [];
    const [op, pointer] = [own(operation, 'op'), own(operation, 'path')];
    const value = own(operation, 'value');
    const steps = typeof pointer === 'string' ? stepsOf(pointer) : undefined;
    if (!steps || steps.length === 0 || value === undefined || (op !== 'add' && op !== 'replace')) return [];
    return agreed(kinds.map((kind) => problemsOfValue(value, steps, kind))).flatMap(
      (problem) => placed(problem, steps, index) ?? [],
    );
  });
}

/** The problems of an object that has nothing but the value at the pointer. */
function problemsOfValue(value: Value, steps: readonly string[], kind: KindSchema): readonly Problem[] {
  const object = steps.reduceRight<Value>((inner, step) => (isIndex(step) ? [inner] : { [step]: inner }), value);
  return judgePartial(object, kind);
}

/** At the value, or at the pointer if that leads to an unknown field. */
function placed(problem: Problem, steps: readonly string[], index: number): Problem | undefined {
  const { path, facts } = problem;
  if (path.length >= steps.length) {
    const isField = path.length === steps.length && facts.is === 'unknown-field';
    if (!isField) return { ...problem, path: [index, 'value', ...path.slice(steps.length)] };
  } else if (facts.is !== 'unknown-field') return undefined;
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
