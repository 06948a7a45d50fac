// Applies the fixes of many findings at once: of one rule, or all that are certain. Every fix is verified alone, all fixes
// of a document together are judged again, and those that exclude each other are applied one after the other.
import type { RuleId, TextEdit } from '../../syntax/finding.ts';
import type { Document } from '../../workspace/document.ts';
import { factsOf } from '../../workspace/facts.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { FileFinding } from '../diagnostics.ts';
import { type CodeAction, isSafe, verified } from './code-action.ts';
import { changedPart } from './relocate.ts';
import { applied, type Candidate, Effort, findingsWith, type Subject, subjectOf } from './subject.ts';

/** Which findings to fix. Without a rule, all whose fix is certain: it keeps what the author meant. */
export interface Wanted {
  readonly rule?: RuleId;
}

/** An action whose edits are computed when the author chooses it. */
export interface FixAll extends Wanted {
  readonly title: string;
  readonly in: 'file' | 'workspace';
}

/** For each rule with a fix among the actions, where the file or the workspace has more findings of it. */
export function fixAllActions(
  workspace: Workspace,
  actions: readonly CodeAction[],
  findings: readonly FileFinding[],
): readonly FixAll[] {
  const rules = new Set(actions.filter(isRepeatable).map(({ finding }) => finding.rule));
  const isOne = [...workspace.files()].length < 2;
  return [...rules].flatMap((rule): readonly FixAll[] => {
    const here = findings.filter((finding) => finding.rule === rule).length;
    const inFile: FixAll = { title: `Fix all ${rule} in this file`, rule, in: 'file' };
    const everywhere: FixAll = { title: `Fix all ${rule} in the workspace`, rule, in: 'workspace' };
    return [...(here > 1 ? [inFile] : []), ...(isOne ? [] : [everywhere])];
  });
}

/** In characters, for one document. */
const mostJudged = 4_000_000;

/** The edits of a file. Yields between documents, so that the caller can do other work. */
export function* fixAll(
  workspace: Workspace,
  path: string,
  wanted: Wanted,
  take: (edits: readonly TextEdit[]) => void,
): Generator<undefined, void> {
  const edits: TextEdit[] = [];
  for (const { start, document } of workspace.file(path)?.documents ?? []) {
    const found = documentEdits(workspace, path, document, wanted);
    edits.push(...found.map((edit) => ({ ...edit, start: edit.start + start, end: edit.end + start })));
    yield undefined;
  }
  if (edits.length > 0) take(edits);
}

function documentEdits(workspace: Workspace, path: string, document: Document, wanted: Wanted): readonly TextEdit[] {
  const effort = new Effort(mostJudged);
  const first = roundOf(subjectOf(workspace, path, document, effort), wanted);
  let text = applied(document.text, first);
  // Fixes that write the same map exclude each other, and a fix can reveal what another can fix.
  for (let round = 1; round < mostRounds && !effort.isSpent; round += 1) {
    const subject = subjectOf(workspace, path, { text, facts: factsOf(text) }, effort, document);
    const more = roundOf(subject, wanted);
    if (more.length === 0) return round === 1 ? first : [changedPart(document.text, text)];
    text = applied(text, more);
  }
  return [changedPart(document.text, text)];
}

const mostRounds = 6;

/** The edits of fixes that can be applied together. */
function roundOf(subject: Subject, { rule }: Wanted): readonly TextEdit[] {
  const meant = subject.findings.filter((finding) => rule === undefined || finding.rule === rule);
  const chosen: Candidate[] = [];
  for (const finding of meant) {
    if (subject.effort.isSpent) break;
    const fix = fixFor(subject, finding, rule === undefined);
    if (fix && !chosen.some((other) => overlaps(other, fix))) chosen.push(fix);
  }
  return worksTogether(subject, chosen) ? chosen.flatMap(({ edits }) => edits) : firstOf(subject, chosen);
}

function fixFor(subject: Subject, finding: FileFinding, certain: boolean): Candidate | undefined {
  const [first] = verified(subject, finding, {});
  if (!first || !isSafe(first, finding)) return undefined;
  return !certain || first.certain ? first : undefined;
}

/** Whether the action's fix needs nothing from the author, so that it can be applied without looking. */
function isRepeatable({ preferred, edits }: CodeAction): boolean {
  return preferred && edits.every(({ snippet }) => snippet !== true);
}

/** Fixes that can't be combined, such as two that add the same map, are applied one by one, as long as all goes well. */
function firstOf(subject: Subject, fixes: readonly Candidate[]): readonly TextEdit[] {
  const kept: Candidate[] = [];
  for (const fix of fixes) if (worksTogether(subject, [...kept, fix])) kept.push(fix);
  return kept.flatMap(({ edits }) => edits);
}

/** Whether the document has fewer findings with the fixes, and the syntax is no worse. */
function worksTogether(subject: Subject, fixes: readonly Candidate[]): boolean {
  if (fixes.length < 2) return true;
  const text = applied(
    subject.document.text,
    fixes.flatMap(({ edits }) => edits),
  );
  const after = findingsWith(subject, text);
  return after.length <= subject.findings.length - fixes.length && syntaxOf(after) <= syntaxOf(subject.findings);
}

function syntaxOf(findings: readonly FileFinding[]): number {
  return findings.filter(({ rule }) => rule.startsWith('syntax/')).length;
}

function overlaps(a: Candidate, b: Candidate): boolean {
  return a.edits.some((one) => b.edits.some((other) => one.start <= other.end && other.start <= one.end));
}
