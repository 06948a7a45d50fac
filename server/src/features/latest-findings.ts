// Findings at each keystroke, whatever the size of the fleet: the document that is being edited is judged on its own, and
// everything else is as it was found last. What the edit means for what clusters get is found when the hand rests.
import { folderOf } from '../kustomize/paths.ts';
import { type Finding, moved } from '../syntax/finding.ts';
import { type Steps, unless } from '../syntax/steps.ts';
import { maySupply } from '../validation/report.ts';
import type { Placed } from '../workspace/document.ts';
import { buildsOf, fleetOf } from '../workspace/fleets.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { buildsOfFindings } from './build-findings.ts';
import { problemsByFile } from './cluster-findings.ts';
import { diagnose, diagnosing, type FileFinding, fieldOf, textFindings, writtenFindings } from './diagnostics.ts';

interface Found {
  readonly documents: readonly Placed[];
  readonly findings: readonly FileFinding[];
}

const nothing: Found = { documents: [], findings: [] };

/** What findings of any file need to know of the whole workspace, in steps; given up when the workspace changes. */
export function* preparing(workspace: Workspace): Steps<void> {
  yield* problemsByFile(workspace);
}

/** What findings of some files need besides, in steps. `judging` is told which of them is judged, or that none is. */
export function* preparingFiles(
  workspace: Workspace,
  paths: readonly string[],
  judging: (path: string | undefined) => void = () => {},
): Steps<void> {
  const { edition } = workspace;
  const isOver = () => workspace.edition !== edition;
  for (const path of paths) {
    if (isOver()) return;
    // A base may be part of many kustomizations that are applied by hand.
    for (const top of isByHand(workspace, path) ? workspace.ownership.topsOf(path) : []) {
      yield* unless(isOver, buildsOf(workspace).ofInSteps(folderOf(top)));
      if (isOver()) return;
    }
    yield* unless(isOver, buildsOfFindings(workspace, path));
    if (isOver()) return;
    judging(path);
    yield* unless(isOver, diagnosing(workspace, path));
    judging(undefined);
    yield;
  }
}

function isByHand(workspace: Workspace, path: string): boolean {
  return workspace.isWhole && !fleetOf(workspace).isApplied(path);
}

/** State: what was found last in each file of a workspace. */
const latest = new WeakMap<Workspace, Map<string, Found>>();

/** All findings of a file, see `diagnose`; they are what `findingsWhileTyping` begins with. */
export function findingsAtRest(workspace: Workspace, path: string): readonly FileFinding[] {
  const findings = diagnose(workspace, path);
  let known = latest.get(workspace);
  if (!known) latest.set(workspace, (known = new Map()));
  const file = workspace.file(path);
  if (file) known.set(path, { documents: file.documents, findings });
  else known.delete(path);
  return findings;
}

/**
 * In the order of the text. Of a file for which nothing was found yet, only those that no patch could change by supplying a
 * field: to know what clusters get of it may take long in a large repository.
 */
export function findingsWhileTyping(workspace: Workspace, path: string): readonly FileFinding[] {
  const known = latest.get(workspace)?.get(path);
  const before = known ?? nothing;
  const file = workspace.file(path);
  if (!file || file.unread) return findingsAtRest(workspace, path);
  const { documents } = file;
  const old = before.documents;
  const first = documents.findIndex(({ document }, at) => document !== old[at]?.document);
  if (first === -1 && documents.length === old.length) return before.findings;
  const head = first === -1 ? documents.length : first;
  let tail = 0;
  while (tail < Math.min(documents.length, old.length) - head && isSame(documents, old, tail)) tail += 1;
  const edited = documents.slice(head, documents.length - tail);
  const were = old.slice(head, old.length - tail);
  const from = old[head]?.start ?? Number.POSITIVE_INFINITY;
  const until = tail === 0 ? Number.POSITIVE_INFINITY : old.at(-tail)!.start;
  const shift = tail === 0 ? 0 : documents.at(-tail)!.start - until;
  const found = edited.flatMap((placed, at) => {
    if (!known) return ofNew(workspace, path, placed);
    const was = edited.length === were.length ? were[at] : undefined;
    return ofEdited(workspace, path, placed, was && { ...was, findings: within(before.findings, was) });
  });
  return [
    ...before.findings.filter(({ start }) => start < from),
    ...found,
    ...before.findings.filter(({ start }) => start >= until).map((finding) => moved(finding, shift)),
  ].toSorted((a, b) => a.start - b.start || a.end - b.end);
}

function isSame(documents: readonly Placed[], old: readonly Placed[], tail: number): boolean {
  return documents.at(-1 - tail)!.document === old.at(-1 - tail)!.document;
}

/** In offsets of the document. */
function within(findings: readonly FileFinding[], { start, document }: Placed): readonly FileFinding[] {
  const end = start + document.text.length;
  return findings.flatMap((one) => (start <= one.start && one.start < end ? moved(one, -start) : []));
}

interface Was extends Placed {
  readonly findings: readonly FileFinding[];
}

function ofEdited(
  workspace: Workspace,
  path: string,
  { start, document }: Placed,
  was: Was | undefined,
): readonly FileFinding[] {
  const written = writtenFindings(workspace, path, document);
  const own = textFindings(workspace, path, document);
  if (!was) return [...own, ...written].map((finding) => moved(finding, start));
  const old = writtenFindings(workspace, path, was.document);
  const shown = new Set(was.findings.map(fieldOf));
  // What a patch supplied is supplied still.
  const supplied = new Set(old.map(fieldOf).filter((field) => !shown.has(field)));
  const local = new Set([...old, ...textFindings(workspace, path, was.document)].map(keyOf));
  const others = was.findings.filter((finding) => !local.has(keyOf(finding)));
  const edit = editBetween(was.document.text, document.text);
  const kept = others.flatMap((finding) => movedByEdit(finding, edit) ?? []);
  const found = [...own, ...written.filter((finding) => !supplied.has(fieldOf(finding))), ...kept];
  return found.map((finding) => moved(finding, start));
}

function ofNew(workspace: Workspace, path: string, { start, document }: Placed): readonly FileFinding[] {
  const written = writtenFindings(workspace, path, document).filter((one) => !maySupply(one));
  return [...textFindings(workspace, path, document), ...written].map((finding) => moved(finding, start));
}

function keyOf({ rule, start, end }: Finding): string {
  return `${rule} ${start} ${end}`;
}

interface Edit {
  /** Up to here, and from there in the old text, both texts are the same. */
  readonly from: number;
  readonly until: number;
  /** How far the text behind moved. */
  readonly by: number;
}

function editBetween(old: string, text: string): Edit {
  const shorter = Math.min(old.length, text.length);
  let from = 0;
  while (from < shorter && old.charCodeAt(from) === text.charCodeAt(from)) from += 1;
  let after = 0;
  while (after < shorter - from && old.charCodeAt(old.length - 1 - after) === text.charCodeAt(text.length - 1 - after))
    after += 1;
  return { from, until: old.length - after, by: text.length - old.length };
}

/** A finding of the old text in the new one; undefined if the edit is in it. */
function movedByEdit(finding: FileFinding, { from, until, by }: Edit): FileFinding | undefined {
  if (finding.end <= from) return finding;
  return finding.start >= until ? moved(finding, by) : undefined;
}
