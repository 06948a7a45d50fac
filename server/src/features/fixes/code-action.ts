// Quick fixes: those the findings at a range carry, and a comment that silences a finding.
import type { SchemaStore } from '../../schema/schema.ts';
import type { Fix } from '../../syntax/finding.ts';
import { documentAt, type SourceFile } from '../../workspace/document.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { diagnose, type FileFinding, moved, movedFix } from '../diagnostics.ts';
import { syntaxFixes } from './syntax-fixes.ts';
import { type Helps, helpsIn, valueFixes } from './value-fixes.ts';

export interface CodeAction extends Fix {
  readonly finding: FileFinding;
  /** The first fix of a finding: the one to take without looking. */
  readonly preferred: boolean;
}

/** Each fix costs a verdict on its document: where more is asked about at once, as of a whole file, they are taken at their word. */
const mostHeld = 20;

/** Actions for the findings that touch the range; offsets of the file. */
export function codeActions(workspace: Workspace, path: string, start: number, end: number): readonly CodeAction[] {
  const file = workspace.file(path);
  if (!file) return [];
  const findings = diagnose(workspace, path);
  const touched = findings.filter((finding) => finding.start <= end && start <= finding.end);
  return touched.flatMap((finding) => [
    ...(touched.length > mostHeld ? (finding.fixes ?? []) : fixesFor(workspace, file, finding))
      .filter((fix) => !isUndone(fix, finding, findings))
      .map((fix, index) => ({ ...fix, finding, preferred: index === 0 })),
    ...silencing(file, finding),
  ]);
}

/** Those it carries and that help, else those that are only looked for when somebody asks. */
function fixesFor(workspace: Workspace, file: SourceFile, finding: FileFinding): readonly Fix[] {
  const placed = documentAt(file, finding.start);
  if (!placed) return [];
  const { text } = placed.document;
  const schemas = workspace.schemas.storeFor(file.path);
  const inDocument = moved(finding, -placed.start);
  const helps = helpsIn(text, inDocument, schemas);
  // What a missing space hid comes to light only once the space is there.
  const carried = (inDocument.fixes ?? []).filter((fix) => fix.kind === 'space' || helps(fix));
  const fixes = carried.length > 0 ? carried : sought(text, inDocument, schemas, helps);
  return fixes.map((fix) => movedFix(fix, placed.start));
}

function sought(text: string, finding: FileFinding, schemas: SchemaStore, helps: Helps): readonly Fix[] {
  if (finding.rule.startsWith('syntax/')) return syntaxFixes(text, finding, schemas);
  return valueFixes(text, finding, schemas, helps);
}

/** In a map that should be a list every key is unknown: the remedy is the list, not their removal. */
function isUndone({ kind }: Fix, inner: FileFinding, findings: readonly FileFinding[]): boolean {
  if (inner.rule !== 'schema/unknown-field' || kind === 'rename') return false;
  return findings.some(
    ({ start, end, fixes }) =>
      start <= inner.start && inner.end <= end && fixes?.some((fix) => fix.kind === 'wrap' || fix.kind === 'space'),
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
