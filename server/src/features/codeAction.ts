// Quick fixes: those the findings at a range carry, and a comment that silences a finding.
import type { Fix } from '../syntax/finding.ts';
import type { SourceFile } from '../workspace/document.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { diagnose, type FileFinding } from './diagnostics.ts';

export interface CodeAction extends Fix {
  readonly finding: FileFinding;
  /** The first fix of a finding: the one to take without looking. */
  readonly preferred: boolean;
}

/** Actions for the findings that touch the range; offsets of the file. */
export function codeActions(workspace: Workspace, path: string, start: number, end: number): readonly CodeAction[] {
  const file = workspace.file(path);
  if (!file) return [];
  const findings = diagnose(workspace, path);
  const touched = findings.filter((finding) => finding.start <= end && start <= finding.end);
  return touched.flatMap((finding) => [
    ...(finding.fixes ?? [])
      .filter((fix) => !isUndone(fix, finding, findings))
      .map((fix, index) => ({ ...fix, finding, preferred: index === 0 })),
    ...silencing(file, finding),
  ]);
}

/** In a map that ought to be a list every key is unknown: the list is the remedy, not that they go. */
function isUndone({ title }: Fix, inner: FileFinding, findings: readonly FileFinding[]): boolean {
  if (inner.rule !== 'schema/unknown-field' || title.startsWith('Rename')) return false;
  return findings.some(
    ({ start, end, fixes }) =>
      start <= inner.start && inner.end <= end && fixes?.some((fix) => fix.title === 'Make it a list'),
  );
}

/** Errors of syntax can't be silenced: nothing else would be found in the document. */
function silencing({ text }: SourceFile, finding: FileFinding): readonly CodeAction[] {
  if (finding.rule.startsWith('syntax/') || finding.rule.startsWith('config/')) return [];
  const lineStart = Math.max(text.lastIndexOf('\n', finding.start - 1), text.lastIndexOf('\r', finding.start - 1)) + 1;
  const indent = /^[ \t]*/.exec(text.slice(lineStart, finding.start))![0];
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const comment = `${indent}# capstan-ignore: ${finding.rule}${eol}`;
  const edits = [{ start: lineStart, end: lineStart, text: comment }];
  return [{ title: `Ignore ${finding.rule} here`, edits, finding, preferred: false }];
}
