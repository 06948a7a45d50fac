// Quick fixes: those the findings at a range carry, and a comment that silences a finding.
import { fixesOf } from '../schema/fixes.ts';
import { nearest } from '../schema/nearest.ts';
import type { SchemaStore } from '../schema/schema.ts';
import type { Fix } from '../syntax/finding.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { placeAt } from '../syntax/navigate.ts';
import { documentAt, type SourceFile } from '../workspace/document.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { diagnose, type FileFinding } from './diagnostics.ts';
import { fieldAt } from './field.ts';
import { colonFixes, syntaxFixes } from './syntaxFixes.ts';

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
    ...fixesFor(workspace, file, finding)
      .filter((fix) => !isUndone(fix, finding, findings) && !leavesIt(fix, finding))
      .map((fix, index) => ({ ...fix, finding, preferred: index === 0 })),
    ...silencing(file, finding),
  ]);
}

/** Those it carries, else those that are only looked for when somebody asks. */
function fixesFor(workspace: Workspace, file: SourceFile, finding: FileFinding): readonly Fix[] {
  const placed = (finding.fixes ?? []).length === 0 ? documentAt(file, finding.start) : undefined;
  if (!placed) return finding.fixes ?? [];
  const { start, document } = placed;
  const inDocument = { ...finding, start: finding.start - start, end: finding.end - start };
  const schemas = workspace.schemas.storeFor(file.path);
  const fixes = finding.rule.startsWith('syntax/')
    ? syntaxFixes(document.text, inDocument, schemas)
    : finding.message.includes(' must be a map, not the string ')
      ? colonFixes(document.text, inDocument)
      : enumFixes(document.text, inDocument, schemas);
  return fixes.map(({ title, edits }) => ({
    title,
    edits: edits.map((edit) => ({ ...edit, start: edit.start + start, end: edit.end + start })),
  }));
}

/** The nearest of the values a built-in kind's schema lists, which the server itself checks in code. */
function enumFixes(text: string, { rule, start }: FileFinding, schemas: SchemaStore): readonly Fix[] {
  const manifest = parseManifest(text);
  const place = rule === 'schema/enum' ? placeAt(manifest.root, start) : undefined;
  if (place?.node.type !== 'scalar' || place.onKey) return [];
  const allowed = fieldAt(manifest.root, place.path, schemas)?.schema.enum ?? [];
  const meant = nearest(
    place.node.text,
    allowed.filter((value) => typeof value === 'string'),
  );
  if (meant === undefined) return [];
  const problem = { rule, path: place.path, field: '', on: 'value', message: '' } as const;
  return fixesOf({ ...problem, remedies: [{ kind: 'replace', value: meant }] }, manifest, place.path);
}

/** An empty list where at least one item is asked for. */
function leavesIt({ title, edits }: Fix, { rule, message }: FileFinding): boolean {
  const isEmpty = title.startsWith('Add') && edits.some(({ text }) => text.endsWith('[]'));
  return isEmpty && rule === 'schema/required' && message.includes('at least one');
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
