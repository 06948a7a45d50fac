// Quick fixes: the fixes of the findings in a range, and a comment that suppresses a finding.
import type { SchemaStore } from '../../schema/schema.ts';
import type { Fix } from '../../syntax/finding.ts';
import { documentAt, type SourceFile } from '../../workspace/document.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { diagnose, type FileFinding, moved, movedFix } from '../diagnostics.ts';
import { syntaxFixes } from './syntax-fixes.ts';
import { type Helps, helpsIn, valueFixes } from './value-fixes.ts';

export interface CodeAction extends Fix {
  readonly finding: FileFinding;
  /** True for the first fix of a finding, which the editor applies on auto fix. */
  readonly preferred: boolean;
}

/** To verify a fix, its document is validated again. With more findings than this, as in a whole file, fixes are not verified. */
const mostVerified = 20;

/** Actions for the findings that touch the range; offsets of the file. */
export function codeActions(workspace: Workspace, path: string, start: number, end: number): readonly CodeAction[] {
  const file = workspace.file(path);
  if (!file) return [];
  const findings = diagnose(workspace, path);
  const touched = findings.filter((finding) => finding.start <= end && start <= finding.end);
  return touched.flatMap((finding) => [
    ...(touched.length > mostVerified ? (finding.fixes ?? []) : fixesFor(workspace, file, finding))
      .filter((fix) => !isUndone(fix, finding, findings))
      .map((fix, index) => ({ ...fix, finding, preferred: index === 0 })),
    ...suppressing(file, finding),
  ]);
}

/** The finding's own fixes that help; if there are none, fixes that are searched for only on request. */
function fixesFor(workspace: Workspace, file: SourceFile, finding: FileFinding): readonly Fix[] {
  const placed = documentAt(file, finding.start);
  if (!placed) return [];
  const { text } = placed.document;
  const schemas = workspace.schemas.storeFor(file.path);
  const inDocument = moved(finding, -placed.start);
  const helps = helpsIn(text, inDocument, schemas);
  // A missing space can hide other problems, which appear only once it is added.
  const carried = (inDocument.fixes ?? []).filter((fix) => fix.kind === 'space' || helps(fix));
  const fixes = carried.length > 0 ? carried : searched(text, inDocument, schemas, helps);
  return fixes.map((fix) => movedFix(fix, placed.start));
}

function searched(text: string, finding: FileFinding, schemas: SchemaStore, helps: Helps): readonly Fix[] {
  if (finding.rule.startsWith('syntax/')) return syntaxFixes(text, finding, schemas);
  return valueFixes(text, finding, schemas, helps);
}

/** In a map that must be a list, every key is unknown: the fix is to make it a list, not to remove the keys. */
function isUndone({ kind }: Fix, inner: FileFinding, findings: readonly FileFinding[]): boolean {
  if (inner.rule !== 'schema/unknown-field' || kind === 'rename') return false;
  return findings.some(
    ({ start, end, fixes }) =>
      start <= inner.start && inner.end <= end && fixes?.some((fix) => fix.kind === 'wrap' || fix.kind === 'space'),
  );
}

/** Syntax errors can't be suppressed, because they prevent all other findings in the document. */
function suppressing({ text }: SourceFile, finding: FileFinding): readonly CodeAction[] {
  if (finding.rule.startsWith('syntax/') || finding.rule.startsWith('config/')) return [];
  const lineStart = Math.max(text.lastIndexOf('\n', finding.start - 1), text.lastIndexOf('\r', finding.start - 1)) + 1;
  const indent = /^[ \t]*/.exec(text.slice(lineStart, finding.start))![0];
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const comment = `${indent}# capstan-ignore: ${finding.rule}${eol}`;
  const edits = [{ start: lineStart, end: lineStart, text: comment }];
  return [{ title: `Ignore ${finding.rule} here`, edits, finding, preferred: false }];
}
