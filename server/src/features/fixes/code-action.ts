// Quick fixes: the fixes of the findings in a range, and a comment that suppresses a finding. A fix is offered only if the
// finding is gone with it and nothing new is found at its place, or if the author is left to fill in a value there.
import { withoutCredentials } from '../../syntax/credentials.ts';
import { moved, type RuleId } from '../../syntax/finding.ts';
import { parseManifest } from '../../syntax/manifest.ts';
import { findingOf } from '../../validation/report.ts';
import type { Located } from '../../validation/validate.ts';
import { documentAt, type SourceFile } from '../../workspace/document.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { expand } from '../completion/expand.ts';
import { diagnose, type FileFinding } from '../diagnostics.ts';
import { fieldAt } from '../place.ts';
import { candidatesFor, lastResorts } from './candidates.ts';
import { insideCandidates } from './inside-fixes.ts';
import {
  applied,
  type Candidate,
  Effort,
  type FixEdit,
  findingsWith,
  isOpen,
  problemBehind,
  problemsIn,
  type Subject,
  solves,
  subjectOf,
} from './subject.ts';
import { syntaxCandidates } from './syntax-fixes.ts';
import { type Outcome, outcomeOf } from './verify.ts';

/** Offsets are those of the file. */
export interface CodeAction extends Candidate {
  readonly finding: FileFinding;
  /** True for the first fix of a finding, which the editor applies on auto fix. */
  readonly preferred: boolean;
}

export interface Options {
  /** Whether the editor fills in snippets. If not, only fixes without open values are offered. */
  readonly snippets?: boolean;
}

/** To verify a fix, its document is judged again. More findings than this, as in a whole file, are verified together. */
const mostVerified = 20;
/** In characters. To judge a longer document again takes too long. */
const longest = 60_000;
/** In characters, for all fixes of a request together. */
const mostJudged = 400_000;

/** Actions for the findings that touch the range. */
export function codeActions(
  workspace: Workspace,
  path: string,
  start: number,
  end: number,
  options: Options = {},
): readonly CodeAction[] {
  const file = workspace.file(path);
  if (!file) return [];
  const findings = diagnose(workspace, path);
  const touched = findings.filter((finding) => finding.start <= end && start <= finding.end);
  const effort = new Effort(mostJudged);
  const fixes: CodeAction[] = [];
  const add = (finding: FileFinding, found: readonly Candidate[]) =>
    fixes.push(
      ...found.map((fix, at) => ({
        ...{ ...fix, title: withoutCredentials(fix.title) },
        ...{ finding, preferred: at === 0 && isSafe(fix, finding) },
      })),
    );
  if (touched.length > mostVerified)
    for (const [finding, fix] of carried(workspace, file, touched)) add(finding, [fix]);
  else for (const finding of touched) add(finding, fixesFor(workspace, file, finding, options, effort));
  return distinct([...fixes, ...touched.flatMap((finding) => suppressing(file, finding))]);
}

/** A value is removed without asking only if it has no effect or stands twice. */
export function isSafe({ kind }: Candidate, { rule }: FileFinding): boolean {
  return kind !== 'remove' || /\/(?:unknown-field|duplicate-key|duplicate-item)$/.test(rule);
}

/** The verified fixes of a finding, the best first. */
export function fixesFor(
  workspace: Workspace,
  file: SourceFile,
  finding: FileFinding,
  options: Options = {},
  effort: Effort = new Effort(mostJudged),
): readonly Candidate[] {
  const placed = documentAt(file, finding.start);
  if (!placed || placed.document.text.length > longest) return [];
  const subject = subjectOf(workspace, file.path, placed.document, effort);
  const fixes = verified(subject, moved(finding, -placed.start), options);
  return fixes.map((fix) => ({ ...fix, edits: fix.edits.map((edit) => shifted(edit, placed.start)) }));
}

/** Enough to choose from; repairs of the syntax hardly differ. */
const mostOffered = 3;
const mostRepairs = 1;

/** The same for a finding in offsets of its document. */
export function verified(subject: Subject, finding: FileFinding, options: Options): readonly Candidate[] {
  const hidden = hiddenBy(subject, finding);
  if (hidden) return verified(subject, hidden, options);
  if (finding.rule.startsWith('syntax/')) {
    const { document, schemas } = subject;
    const candidates =
      insideCandidates(subject, finding) ??
      syntaxCandidates(document.text, finding, (root, path) => fieldAt(root, path, schemas) !== undefined);
    return working(subject, finding, candidates, options);
  }
  const located = problemBehind(subject, finding);
  if (!located) return working(subject, finding, finding.fixes ?? [], options);
  const ofDocument = subject.findings.some(({ rule, message }) => rule === finding.rule && message === finding.message);
  const tried = (candidates: Iterable<Candidate>) =>
    working(subject, finding, ofDocument ? candidates : solving(subject, located, candidates), options);
  const found = tried(candidatesFor(subject, located));
  return found.length > 0 ? found : tried(lastResorts(subject, located)).slice(0, 1);
}

/** For a problem of what is applied, which the findings of the document don't show. */
function* solving(subject: Subject, located: Located, candidates: Iterable<Candidate>): Iterable<Candidate> {
  for (const one of candidates) if (isOpen(one) || solves(subject, located, one)) yield one;
}

/** What a build is refused for in the document itself, where it isn't shown beside the refusal: its syntax, or a value. */
function hiddenBy(subject: Subject, { rule, start }: FileFinding): FileFinding | undefined {
  if (!rule.endsWith('/build')) return undefined;
  const { findings, document } = subject;
  // Without its apiVersion or kind, a document has no role in which its syntax would be checked.
  const found = [...findings, ...parseManifest(document.text).findings];
  const syntax = found.find((one) => one.start === start && one.rule.startsWith('syntax/'));
  return syntax ?? problemsAt(subject, start)[0];
}

function problemsAt(subject: Subject, start: number): readonly FileFinding[] {
  const all = problemsIn(subject).map(({ problem, prefix }) => findingOf(problem, subject.manifest, prefix));
  return all.filter((one) => one.start === start);
}

/** The candidates that solve the finding; one that reveals other findings only if no other does. */
function working(
  subject: Subject,
  finding: FileFinding,
  candidates: Iterable<Candidate>,
  { snippets = false }: Options,
): readonly Candidate[] {
  const clean: (Candidate & Pick<Outcome, 'left'>)[] = [];
  const revealing: Candidate[] = [];
  const most = finding.rule.startsWith('syntax/') ? mostRepairs : mostOffered;
  for (const candidate of candidates) {
    // After the value in its right form, another value is no alternative.
    const isOther = candidate.kind === 'replace' || candidate.kind === 'add' || candidate.kind === 'wrap';
    if (isOther && clean.some(({ certain }) => certain)) continue;
    // A field that is misspelled is meant, and meant there: what a cluster would lack without it isn't known here.
    const isRenamed = clean.some(({ kind, certain }) => kind === 'rename' && certain);
    if (isRenamed && (candidate.kind === 'remove' || candidate.kind === 'move')) continue;
    if (clean.some(({ title }) => title === candidate.title)) continue;
    const hasSnippet = candidate.edits.some(({ snippet }) => snippet);
    // Without snippets the author can't see that a value is only an example.
    if (!snippets && (isOpen(candidate) || (hasSnippet && candidate.kind === 'replace'))) continue;
    const { is, left } = outcomeOf(subject, finding, candidate);
    const offered = snippets || !hasSnippet ? candidate : { ...candidate, edits: candidate.edits.map(written) };
    if (is === 'clean') clean.push({ ...offered, left });
    else if (is === 'revealing') revealing.push(offered);
    if (clean.length >= most || subject.effort.isSpent) break;
  }
  // One that leaves a finding which another solves as well is not what was meant.
  const kept = clean.filter(({ kind }) => kind !== 'remove');
  const least = Math.min(...(kept.length > 0 ? kept : clean).map(({ left }) => left));
  const best = clean.filter(({ left }) => left <= least).map(({ left: _left, ...candidate }) => candidate);
  const keepsAll = best.some(({ kind }) => kind !== 'remove');
  return keepsAll ? best : [...revealing.slice(0, 1), ...best];
}

/** A snippet as plain text. */
function written({ start, end, text }: FixEdit): FixEdit {
  return { start, end, text: expand(text) };
}

function shifted(edit: FixEdit, by: number): FixEdit {
  return { ...edit, start: edit.start + by, end: edit.end + by };
}

/** The first fix that each finding carries, if nothing is found there any more when all are applied. */
function carried(
  workspace: Workspace,
  file: SourceFile,
  findings: readonly FileFinding[],
): readonly (readonly [FileFinding, Candidate])[] {
  const firsts = findings.flatMap((finding) => {
    const first = (finding.fixes ?? []).find((fix) => fix.kind !== 'add' && !isUndone(fix, finding, findings));
    return first ? [[finding, first] as const] : [];
  });
  const left = file.documents.map(({ start, document }) => {
    const end = start + document.text.length;
    const edits = firsts.flatMap(([{ start: at }, fix]) => (start <= at && at < end ? fix.edits : []));
    const inDocument = edits.map((edit) => shifted(edit, -start)).filter((edit, at, all) => !overlaps(edit, all, at));
    if (inDocument.length === 0 || document.text.length > longest) return { start, end, paths: undefined };
    const subject = subjectOf(workspace, file.path, document, new Effort(mostJudged));
    const after = findingsWith(subject, applied(document.text, inDocument));
    return { start, end, paths: new Set(after.map(({ path = '' }) => path)) };
  });
  return firsts.filter(([{ start: at, path = '' }]) =>
    left.some(({ start, end, paths }) => start <= at && at < end && paths?.has(path) === false),
  );
}

/** Whether an edit before this one in the list is at the same place. */
function overlaps(edit: FixEdit, edits: readonly FixEdit[], index: number): boolean {
  const previous = index === 0 ? undefined : edits[index - 1];
  return previous !== undefined && edit.start < previous.end;
}

/** In a map that must be a list, every key is unknown: the fix is to make it a list, not to remove the keys. */
function isUndone({ kind }: Candidate, inner: FileFinding, findings: readonly FileFinding[]): boolean {
  if (inner.rule !== 'schema/unknown-field' || kind === 'rename') return false;
  return findings.some(
    ({ start, end, fixes }) =>
      start <= inner.start && inner.end <= end && fixes?.some((fix) => fix.kind === 'wrap' || fix.kind === 'space'),
  );
}

/** Two findings at one place can have the same fix, and two of one rule are suppressed by the same comment. */
function distinct<T extends Candidate>(actions: readonly T[]): readonly T[] {
  const seen = new Set<string>();
  return actions.filter(({ title, edits }) => {
    const key = JSON.stringify([title, edits]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Syntax errors can't be suppressed, because they prevent all other findings in the document. */
function suppressing({ text }: SourceFile, finding: FileFinding): readonly CodeAction[] {
  if (finding.rule.startsWith('syntax/') || finding.rule.startsWith('config/')) return [];
  const lineStart = Math.max(text.lastIndexOf('\n', finding.start - 1), text.lastIndexOf('\r', finding.start - 1)) + 1;
  const indent = /^[ \t]*/.exec(text.slice(lineStart, finding.start))![0];
  const edits = [{ start: lineStart, end: lineStart, text: suppression(finding.rule, indent, text) }];
  return [{ title: `Ignore ${finding.rule} here`, edits, finding, preferred: false }];
}

function suppression(rule: RuleId, indent: string, text: string): string {
  return `${indent}# capstan-ignore: ${rule}${text.includes('\r\n') ? '\r\n' : '\n'}`;
}
