// What fixes are searched for: a finding in a document, the problem behind it, and the verdict on changed texts. A change
// is judged as the document itself is, with the workspace around it, but without entering the workspace.

import { kustomizationProblems } from '../../kustomize/judge.ts';
import type { SchemaStore } from '../../schema/schema.ts';
import type { FixKind, TextEdit } from '../../syntax/finding.ts';
import { type Manifest, parseManifest } from '../../syntax/manifest.ts';
import { printPath } from '../../syntax/navigate.ts';
import { readFromNow } from '../../syntax/tokens.ts';
import type { Path } from '../../syntax/tree.ts';
import { findingOf } from '../../validation/report.ts';
import { type Located, problemsOf, readableOf } from '../../validation/validate.ts';
import type { Document } from '../../workspace/document.ts';
import { factsOf } from '../../workspace/facts.ts';
import { kindByFile } from '../../workspace/file-kinds.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { expand } from '../completion/expand.ts';
import { documentFindings, type FileFinding } from '../diagnostics.ts';
import { type Field, fieldAt } from '../place.ts';

/** An edit whose text may be a snippet: the author fills in the values at its tab stops. */
export interface FixEdit extends TextEdit {
  readonly snippet?: true;
}

/** A fix that is offered only if the verdict on its result is right. */
export interface Candidate {
  readonly title: string;
  readonly kind?: FixKind;
  readonly edits: readonly FixEdit[];
  /** It doesn't change what the author meant, so that it may be applied to many findings at once. */
  readonly certain?: true;
}

/** A document and its findings; all offsets are those of the document. */
export interface Subject {
  readonly workspace: Workspace;
  /** Of the file. */
  readonly path: string;
  readonly document: Document;
  /** The document in the workspace, which decides what kustomizations supply. */
  readonly original: Document;
  /** If some lines aren't valid, without them. */
  readonly manifest: Manifest;
  readonly schemas: SchemaStore;
  readonly findings: readonly FileFinding[];
  readonly effort: Effort;
}

/** What may be spent on judging other texts and on completions in them, in characters. State: what is left of it. */
export class Effort {
  #left: number;
  /** Texts that stay broken are read many times. */
  readonly #read = readFromNow();

  constructor(characters: number) {
    this.#left = characters;
  }

  spend(characters: number): void {
    this.#left -= characters;
  }

  get isSpent(): boolean {
    return this.#left <= this.#read();
  }
}

/** For a text that could replace a document of the workspace, `original` is that document. */
export function subjectOf(
  workspace: Workspace,
  path: string,
  document: Document,
  effort: Effort,
  original: Document = document,
): Subject {
  const manifest = parseManifest(document.text);
  return {
    effort,
    workspace,
    path,
    document,
    original,
    manifest: readableOf(manifest) ?? manifest,
    schemas: workspace.schemas.storeFor(path),
    findings: documentFindings(workspace, path, document, original),
  };
}

/** The findings that the document would have with another text. */
export function findingsWith({ workspace, path, original, effort }: Subject, text: string): readonly FileFinding[] {
  effort.spend(text.length + perText);
  return documentFindings(workspace, path, { text, facts: factsOf(text) }, original);
}

/** The part of the cost of judging a text that doesn't depend on its length. */
const perText = 500;

/** The problems of the document's objects, or of its kustomization. */
export function problemsIn({ workspace, path, document, schemas }: Subject): readonly Located[] {
  const manifest = parseManifest(document.text);
  return workspace.role(path, document) === 'kustomization'
    ? kustomizationProblems(manifest, schemas)
    : problemsOf(manifest, schemas);
}

/**
 * The problem that a finding words; undefined for findings of rules and of the syntax. A finding about what is applied can
 * have other words for a problem of the value that is written: it names the overlay, or a name with its prefix.
 */
export function problemBehind(subject: Subject, finding: FileFinding): Located | undefined {
  if (finding.path === undefined) return undefined;
  const there = problemsIn(subject).flatMap((located) => {
    const { problem, prefix } = located;
    if (problem.rule !== finding.rule) return [];
    const { start, end, path, message } = findingOf(problem, subject.manifest, prefix);
    return start === finding.start && end === finding.end && path === finding.path ? [{ located, message }] : [];
  });
  return (there.find(({ message }) => message === finding.message) ?? there[0])?.located;
}

/** Whether the text with the edits has the problem no more, whatever kustomizations supply. */
export function solves(subject: Subject, { problem }: Located, { edits }: Candidate): boolean {
  const text = applied(subject.document.text, edits);
  const left = problemsIn({ ...subject, document: { text, facts: factsOf(text) } });
  const at = printPath(problem.path);
  return left.every((one) => one.problem.rule !== problem.rule || printPath(one.problem.path) !== at);
}

/** The field at a path from the document's root. */
export function fieldOf(
  { workspace, path: file, document, manifest, schemas }: Subject,
  path: Path,
): Field | undefined {
  return fieldAt(manifest.root, path, schemas, kindByFile(workspace.role(file, document), manifest));
}

/** The text with the edits; snippets are written with their default values. */
export function applied(text: string, edits: readonly FixEdit[]): string {
  return edits
    .map((edit) => (edit.snippet ? { ...edit, text: expand(edit.text) } : edit))
    .toSorted((a, b) => b.start - a.start || b.end - a.end)
    .reduce((result, { start, end, text }) => result.slice(0, start) + text + result.slice(end), text);
}

/** Whether a tab stop of the edits has no default: the author must fill it in. */
export function isOpen({ edits }: Candidate): boolean {
  return edits.some(({ snippet, text }) => snippet === true && /(?<!\\)\$(?:\d+|\{\d+\})/.test(text));
}
