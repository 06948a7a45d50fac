// Fixes for fields that a newer version of the API moved, renamed or wrote in another form (kube/moved.ts). The field of a
// problem is moved with all that is listed below it, one row after the other, on copies of the text.
import { groupKindOf, gvkOf } from '../../kube/identity.ts';
import { type MovedField, movedFields } from '../../kube/moved.ts';
import { parseManifest } from '../../syntax/manifest.ts';
import { entryAt, nodeAt, printPath } from '../../syntax/navigate.ts';
import type { Path } from '../../syntax/tree.ts';
import { isList, isObject, own, valueAt } from '../../syntax/value.ts';
import type { Problem } from '../../validation/problem.ts';
import type { Located } from '../../validation/validate.ts';
import { reworded } from '../../workspace/document.ts';
import { source } from './print.ts';
import { added, changedPart, relocated } from './relocate.ts';
import { reshaped } from './shapes.ts';
import { applied, type Candidate, fieldOf, problemsIn, type Subject } from './subject.ts';

/** The candidate for a problem at a field that moved, or at the place that it moved to. */
export function movedFixes(
  { document: { text } }: Subject,
  { problem, object, prefix }: Located,
  isMeantBy: (row: MovedField) => boolean = () => true,
): readonly Candidate[] {
  const [apiVersion, kind] = [own(object, 'apiVersion'), own(object, 'kind')];
  const gvk = gvkOf(typeof apiVersion === 'string' ? apiVersion : '', typeof kind === 'string' ? kind : '');
  const rows = gvk ? movedFields(groupKindOf(gvk)) : [];
  if (rows.length === 0) return [];
  for (const row of rows.filter((one) => isMeantBy(one) && isMeant(one, problem, text, prefix))) {
    const from = concrete(row.from, problem.path);
    const first = withRow(text, row, from, prefix);
    if (first !== undefined) return [moveOf(text, rows, row, from, first, prefix)];
  }
  return [];
}

function moveOf(
  text: string,
  rows: readonly MovedField[],
  row: MovedField,
  from: Path,
  first: string,
  prefix: Path,
): Candidate {
  const after = row.to === undefined ? undefined : concrete(row.to, from);
  const fixed = after ? withRowsBelow(first, rows, [...prefix, ...after], prefix) : first;
  const title = after ? `Move to ${printPath(after)}` : `Remove ${from.at(-1)}`;
  return { title, kind: 'move', edits: [changedPart(text, fixed)], ...(after && { certain: true as const }) };
}

/** The document in another version: its apiVersion is changed, and its fields are moved to where that version has them. */
export function upgraded(subject: Subject, { prefix }: Located, apiVersion: string): Candidate | undefined {
  const { text } = subject.document;
  const node = nodeAt(subject.manifest.root, [...prefix, 'apiVersion']);
  if (node?.type !== 'scalar') return undefined;
  const changed = applied(text, [{ start: node.start, end: node.end, text: apiVersion }]);
  const now = withMovedFields(subject, changed, prefix);
  const moves = now !== changed;
  const title = moves ? `Change to ${apiVersion} and move its fields` : `Change to ${apiVersion}`;
  return { title, kind: 'replace', edits: [changedPart(text, now)] };
}

/** The text with the fields of the object at a path where its apiVersion has them, as far as they can be moved. */
export function withMovedFields(subject: Subject, text: string, prefix: Path): string {
  let now = text;
  for (let count = 0; count < mostRows; count += 1) {
    const next = nextUpgrade(subject, now, prefix);
    if (next === undefined || next === now) break;
    now = next;
  }
  return now;
}

function nextUpgrade(subject: Subject, text: string, prefix: Path): string | undefined {
  const manifest = parseManifest(text);
  const at: Subject = { ...subject, document: reworded(subject.document, text), manifest };
  subject.effort.spend(text.length);
  for (const located of problemsIn(at)) {
    if (located.prefix.length !== prefix.length || subject.effort.isSpent) continue;
    const path = [...prefix, ...located.problem.path];
    if (isUnset(at, located, path)) return relocated(text, path, undefined);
    const schema = located.problem.facts.is === 'type' ? fieldOf(at, path)?.schema : undefined;
    const [fix] = schema ? reshaped(at, path, schema) : movedFixes(at, located, isKept);
    if (fix) return applied(text, fix.edits);
  }
  return undefined;
}

/**
 * Whether an empty list, map or text is refused that the older version accepts: it is unset there, as everything empty with
 * `omitempty` is when an object is converted.
 */
function isUnset(at: Subject, { problem, object }: Located, path: Path): boolean {
  if (problem.rule !== 'schema/length') return false;
  const value = valueAt(object, problem.path);
  const isEmpty = value === '' || ((isList(value) || isObject(value)) && Object.keys(value).length === 0);
  return isEmpty && fieldOf(at, path)?.parent?.required?.includes(String(path.at(-1))) !== true;
}

/** What drops more than it moves corrects an object that no version accepts; another version alone is no reason for it. */
function isKept({ drops }: MovedField): boolean {
  return drops === undefined;
}

/** Whether the row moves the field of the problem, or to it. */
function isMeant(row: MovedField, { path, facts }: Problem, text: string, prefix: Path): boolean {
  const at = stepsOf(row.from);
  const { root } = parseManifest(text);
  if (facts.is === 'missing' || facts.is === 'check') {
    if (row.to === undefined) return false;
    const to = stepsOf(row.to);
    if (to.length < path.length || !path.every((step, index) => same(to[index], step))) return false;
    const from = concrete(row.from, path);
    return entryAt(root, [...prefix, ...from]) !== undefined;
  }
  if (facts.is !== 'unknown-field' && facts.is !== 'enum' && facts.is !== 'type') return false;
  // The outermost field that moved, or a value in it that only its old place refuses.
  const isIn = facts.is === 'enum' ? path.length === at.length + 1 : path.length === at.length;
  return isIn && at.every((step, index) => same(step, path[index]));
}

type Step = string | number;

/** `[*]` is the step `-1`. */
function stepsOf(pattern: string): readonly Step[] {
  return pattern.split('.').flatMap((part): Step[] => (part.endsWith('[*]') ? [part.slice(0, -3), -1] : [part]));
}

function same(pattern: Step | undefined, step: Step | undefined): boolean {
  return pattern === step || (pattern === -1 && typeof step === 'number');
}

/** A path with the items of another path, which has as many: lists don't move into other lists. */
function concrete(pattern: string, along: Path): Path {
  const indices = along.filter((step) => typeof step === 'number');
  let next = 0;
  return stepsOf(pattern).map((step) => (step === -1 ? (indices[next++] ?? 0) : step));
}

function withRow(text: string, row: MovedField, from: Path, prefix: Path): string | undefined {
  const to = row.to === undefined ? undefined : [...prefix, ...concrete(row.to, from)];
  const moved = relocated(text, [...prefix, ...from], to, row.as);
  if (moved === undefined || !to) return moved;
  const completed = withDefaults(moved, to, row.defaults ?? {});
  if (row.drops === undefined) return completed;
  return relocated(completed, [...prefix, ...concrete(row.drops, from)], undefined);
}

function withDefaults(text: string, at: Path, defaults: Readonly<Record<string, string>>): string {
  return Object.entries(defaults).reduce((now, [key, value]) => {
    return added(now, at, key, source(value)) ?? now;
  }, text);
}

/** No row of the tables is nested deeper, and none matches twice. */
const mostRows = 60;

/** Applies the rows to fields that came along to the new place. */
function withRowsBelow(text: string, rows: readonly MovedField[], at: Path, prefix: Path): string {
  let now = text;
  for (let count = 0; count < mostRows; count += 1) {
    const next = nextBelow(now, rows, at, prefix);
    if (next === undefined) break;
    now = next;
  }
  return now;
}

function nextBelow(text: string, rows: readonly MovedField[], at: Path, prefix: Path): string | undefined {
  const { root } = parseManifest(text);
  const node = nodeAt(root, at);
  if (node?.type !== 'map' && node?.type !== 'seq') return undefined;
  for (const row of rows) {
    for (const from of pathsOf(text, stepsOf(row.from), prefix)) {
      const full = [...prefix, ...from];
      if (full.length <= at.length || !at.every((step, index) => step === full[index])) continue;
      const next = withRow(text, row, from, prefix);
      if (next !== undefined && next !== text) return next;
    }
  }
  return undefined;
}

/** The existing paths that a pattern matches, from the object. */
function pathsOf(text: string, steps: readonly Step[], prefix: Path): readonly Path[] {
  const { root } = parseManifest(text);
  let found: readonly Path[] = [[]];
  for (const step of steps) {
    found = found.flatMap((path) => {
      const node = nodeAt(root, [...prefix, ...path]);
      if (step === -1) return node?.type === 'seq' ? node.items.map((_, index) => [...path, index]) : [];
      return typeof step === 'string' && entryAt(root, [...prefix, ...path, step]) ? [[...path, step]] : [];
    });
  }
  return found;
}
