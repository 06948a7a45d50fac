// Verifies a fix: applies it to the text, and compares the findings before and after.
import type { TextEdit } from '../../syntax/finding.ts';
import { parseManifest } from '../../syntax/manifest.ts';
import { printPath } from '../../syntax/navigate.ts';
import { toValue, valueAt } from '../../syntax/value.ts';
import { generalProblems } from '../completion/tried-rules.ts';
import type { FileFinding } from '../diagnostics.ts';
import { applied, type Candidate, findingsWith, isOpen, type Subject } from './subject.ts';

export interface Outcome {
  /** `clean`: nothing new is found. `revealing`: only findings elsewhere, which the fixed problem may have hidden. */
  readonly is: 'clean' | 'revealing' | 'wrong';
  /** Number of errors and warnings that are left in the document. */
  readonly left: number;
}

const wrong: Outcome = { is: 'wrong', left: 0 };

/** What applying the fix would do to the findings of its document. */
export function outcomeOf(subject: Subject, finding: FileFinding, candidate: Candidate): Outcome {
  const { text } = subject.document;
  const fixed = applied(text, candidate.edits);
  if (fixed === text) return wrong;
  const after = findingsWith(subject, fixed);
  const open = isOpen(candidate);
  // A field that is still empty can be missing to the API server. What is wrong among the objects of a cluster isn't found in
  // a document; its fix names what is there.
  const before = count(subject.findings, finding);
  if (!open && before > 0 && count(after, finding) >= before) return wrong;
  if (!open && breaksRule(text, fixed, finding)) return wrong;
  const spans = insertedSpans(candidate.edits);
  let is: Outcome['is'] = 'clean';
  for (const found of newFindings(subject.findings, after)) {
    const isHere = isAbout(found, finding, candidate) || spans.some((span) => touches(found, span, fixed));
    // The author hasn't filled in the value yet.
    if (isHere && open) continue;
    if (isHere && !isHidden(found, finding, candidate)) return wrong;
    if (!isHere && !isSerious(found)) continue;
    // A text that was valid is valid after a fix.
    if (isSyntax(found) && !isSyntax(finding)) return wrong;
    if (!hiding.test(finding.rule) && !unchecked.test(finding.rule)) return wrong;
    is = 'revealing';
  }
  return { is, left: after.filter(isSerious).length };
}

/** Whether a rule about objects of any kind reports the value that the fix writes. */
function breaksRule(before: string, after: string, { path }: FileFinding): boolean {
  const [old, fixed] = [before, after].map((text) => parseManifest(text).root).map((root) => root && toValue(root));
  if (path === undefined || fixed === undefined) return false;
  return generalProblems(fixed).some(({ path: steps }) => {
    const at = printPath(steps);
    const isHere = isWithin(path, at) || isWithin(at, path);
    return isHere && (old === undefined || valueAt(old, steps) !== valueAt(fixed, steps));
  });
}

function isSerious({ severity }: FileFinding): boolean {
  return severity === 'error' || severity === 'warning';
}

/**
 * Whether the problem hid the finding: nothing is checked in text that isn't YAML, in a version that isn't served and below
 * an unknown field. A field that is unknown where the fix puts it was not hidden, unless only a key above it was renamed.
 */
function isHidden(found: FileFinding, finding: FileFinding, { kind }: Candidate): boolean {
  const { rule } = finding;
  if (found.rule === 'schema/unknown-field') return kind === 'rename' && isDeeper(found, finding);
  if (isSyntax(found) || unchecked.test(found.rule)) return false;
  if (isSyntax(finding) || kind === 'space')
    return found.rule !== 'schema/type' || (kind !== 'move' && kind !== 'quote');
  if (unchecked.test(rule)) return found.rule !== 'schema/type';
  return found.rule === 'schema/required' && (kind === 'rename' || kind === 'move');
}

/** Whether what is found is below the field whose key was renamed. */
function isDeeper({ path: found = '' }: FileFinding, { path: own }: FileFinding): boolean {
  return own !== undefined && found.startsWith(parentOf(own)) && depthOf(found) > depthOf(own);
}

function depthOf(path: string): number {
  return path.match(/[.[]/g)?.length ?? 0;
}

function isSyntax({ rule }: FileFinding): boolean {
  return rule.startsWith('syntax/');
}

/** Objects whose fields aren't checked. */
const unchecked = /^(?:schema|info)\/(?:unserved-version|unknown-kind)$/;

/** While there are such problems, the API server and its expressions don't check everything else. */
const hiding = /^(?:syntax\/|schema\/(?:type|unknown-field|required|enum|length)$)/;

function newFindings(before: readonly FileFinding[], after: readonly FileFinding[]): readonly FileFinding[] {
  const left = new Map<string, number>();
  for (const one of before) left.set(keyOf(one), (left.get(keyOf(one)) ?? 0) + 1);
  return after.filter((one) => {
    const known = left.get(keyOf(one)) ?? 0;
    left.set(keyOf(one), known - 1);
    return known <= 0;
  });
}

function count(findings: readonly FileFinding[], finding: FileFinding): number {
  const key = keyOf(finding);
  return findings.filter((one) => keyOf(one) === key).length;
}

/** Identifies a finding in both texts: the indices of items may change. */
function keyOf({ rule, path = '', message }: FileFinding): string {
  return `${rule}\n${path}\n${message}`.replace(/\[\d+\]/g, '[]');
}

/** Whether the fix, and not something that the problem hid, caused the finding. */
function isAbout(found: FileFinding, { path: own }: FileFinding, { kind }: Candidate): boolean {
  if (found.path === undefined || own === undefined) return false;
  // A new version of the kind changes the meaning of every field.
  if (own === 'apiVersion' || own === 'kind' || isWithin(found.path, own)) return true;
  const keepsContent = kind === 'rename' || kind === 'move' || kind === 'space';
  return !keepsContent && (isWithin(own, found.path) || found.path.startsWith(parentOf(own)));
}

function parentOf(path: string): string {
  return path.replace(/[^.[]+$/, '');
}

function isWithin(path: string, outer: string): boolean {
  return path === outer || (path.startsWith(outer) && /^[.[]/.test(path.slice(outer.length)));
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** The lines of the new text that the edits wrote or changed. */
function insertedSpans(edits: readonly TextEdit[]): readonly Span[] {
  let shift = 0;
  return edits
    .toSorted((a, b) => a.start - b.start)
    .map(({ start, end, text }) => {
      const at = start + shift;
      shift += text.length - (end - start);
      return { start: at, end: at + text.length };
    });
}

function touches({ start, end }: FileFinding, span: Span, text: string): boolean {
  const from = text.lastIndexOf('\n', span.start - 1) + 1;
  const stop = text.indexOf('\n', span.end);
  return start <= (stop === -1 ? text.length : stop) && from <= end;
}
