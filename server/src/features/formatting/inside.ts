// Formats the patches in block scalars of a kustomization, each as a document of its own. Texts of other objects stay: a cluster
// gets them as they are written.
import { kustomizationKind } from '../../kustomize/judge.ts';
import type { TextEdit } from '../../syntax/finding.ts';
import { innerText } from '../../syntax/inner-text.ts';
import { type Manifest, parseManifest } from '../../syntax/manifest.ts';
import { nodeAt } from '../../syntax/navigate.ts';
import { splitDocuments } from '../../syntax/split.ts';
import type { Facts } from '../../workspace/facts.ts';
import { editOutside } from '../inside/complete.ts';
import { textsIn } from '../inside/inside.ts';
import { isSameDocument } from './same.ts';

export type FormatOne = (manifest: Manifest) => readonly TextEdit[];

/** The text of the document with its patches formatted by `format`; the same if there is nothing to change. */
export function withPatchesFormatted(manifest: Manifest, facts: Facts, format: FormatOne): string {
  const { root, text } = manifest;
  if (!facts.kustomization || !text.includes('|')) return text;
  const places = textsIn(root, [{ gvk: kustomizationKind(manifest), path: [] }]);
  const changed = new Map<string, string>();
  const edits: TextEdit[] = [];
  for (const { scalar, path } of places) {
    const inner = innerText(scalar, text);
    const { column } = inner;
    const segments = column === undefined ? [] : splitDocuments(inner.text);
    const own = segments.flatMap(({ start, text: part }) =>
      format(parseManifest(part)).map((edit) => ({ ...edit, start: start + edit.start, end: start + edit.end })),
    );
    // Blank lines at the end belong to the block.
    const end = inner.text.trimEnd().length;
    const kept = own.filter((edit) => edit.end <= end);
    if (kept.length === 0) continue;
    changed.set(path.join('\n'), applied(inner.text, kept));
    edits.push(...kept.map((edit) => editOutside(edit, { place: inner.outer, column })));
  }
  if (edits.length === 0) return text;
  const result = applied(text, edits);
  const after = parseManifest(result);
  for (const [path, wanted] of changed) {
    const steps = places.find((place) => place.path.join('\n') === path)!.path;
    const node = nodeAt(after.root, steps);
    if (node?.type !== 'scalar' || node.text !== wanted) return text;
  }
  const isChanged = (path: readonly (string | number)[]) => changed.has(path.join('\n'));
  return isSameDocument(manifest, after, isChanged) ? result : text;
}

export function applied(text: string, edits: readonly TextEdit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    parts.push(text.slice(at, edit.start), edit.text);
    at = edit.end;
  }
  return parts.join('') + text.slice(at);
}

const space = /[ \t\r\n]/;

/** The edits that make one text of another; undefined if they differ in more than white space. */
export function whiteSpaceEdits(before: string, after: string): readonly TextEdit[] | undefined {
  const edits: TextEdit[] = [];
  let [at, to] = [0, 0];
  while (at < before.length || to < after.length) {
    const [from, start] = [at, to];
    while (at < before.length && space.test(before[at]!)) at += 1;
    while (to < after.length && space.test(after[to]!)) to += 1;
    const [was, is] = [before.slice(from, at), after.slice(start, to)];
    if (was !== is) edits.push(smallest(from, was, is));
    if (before[at] !== after[to]) return undefined;
    at += 1;
    to += 1;
  }
  return edits;
}

/** Without what is equal at both ends. */
function smallest(start: number, was: string, is: string): TextEdit {
  let head = 0;
  while (head < Math.min(was.length, is.length) && was[head] === is[head]) head += 1;
  let tail = 0;
  const most = Math.min(was.length, is.length) - head;
  while (tail < most && was.at(-1 - tail) === is.at(-1 - tail)) tail += 1;
  return { start: start + head, end: start + was.length - tail, text: is.slice(head, is.length - tail) };
}
