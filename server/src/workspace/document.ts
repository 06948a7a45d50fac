// A file as the workspace holds it: its documents, each known by its text, so that an edit re-reads one document.

import { type PatchPart, partsOf } from '../kustomize/patch.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { splitDocuments } from '../syntax/split.ts';
import { type Facts, factsOf } from './facts.ts';

export interface Document {
  readonly text: string;
  readonly facts: Facts;
  /** What it sets as a patch; of an outline only, whose text isn't there. */
  readonly patch?: readonly PatchPart[];
}

/** A document where it stands in its file. */
export interface Placed {
  /** UTF-16 offset in the file. */
  readonly start: number;
  readonly document: Document;
}

export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly documents: readonly Placed[];
  /** Why the file isn't read; then it has no documents. */
  readonly unread?: 'binary' | 'large';
}

/** Past these a file is shown but not judged: nothing written by hand is that long. */
export const largestFile = { bytes: 20_000_000, lines: 50_000 };

/** Documents whose text stands in `previous` are taken over with everything known of them. */
export function readFile(path: string, text: string, previous: SourceFile | undefined): SourceFile {
  const unread = reasonNotToRead(text);
  if (unread) return { path, text, documents: [], unread };
  const known = new Map(previous?.documents.map(({ document }) => [document.text, document]));
  const documents = splitDocuments(text).map(({ start, text }) => {
    const document = known.get(text) ?? { text, facts: factsOf(text) };
    known.set(text, document);
    return { start, document };
  });
  return { path, text, documents };
}

/**
 * What other files may ask of a file: its facts, and the texts of those documents that others read on. Plain data, to be
 * handed to another thread.
 */
export function outlineOf({ path, documents }: SourceFile): SourceFile {
  const outlined = documents.map(({ start, document: { text, facts } }) => {
    const isRead = facts.objects.some(({ defines }) => defines !== undefined);
    return { start, document: { text: isRead ? text : '', facts, patch: patchOf({ text, facts }) } };
  });
  return { path, text: '', documents: outlined };
}

const patches = new WeakMap<Document, readonly PatchPart[]>();

/** What a document sets as a patch; read when it is first asked for, as few are. */
export function patchOf(document: Document): readonly PatchPart[] {
  const known = document.patch ?? patches.get(document);
  if (known) return known;
  const parts = partsOf(parseManifest(document.text));
  patches.set(document, parts);
  return parts;
}

/** The document an offset stands in; the one before a boundary only where the file ends there. */
export function documentAt(file: SourceFile, offset: number): Placed | undefined {
  return file.documents.findLast(({ start }) => start <= offset);
}

function reasonNotToRead(text: string): SourceFile['unread'] {
  if (text.length > largestFile.bytes) return 'large';
  // What isn't UTF-8 arrives with replacement characters; no YAML holds a NUL.
  const head = text.slice(0, 8_000);
  if (head.includes('\0')) return 'binary';
  if (text.length > largestFile.lines && countLines(text) > largestFile.lines) return 'large';
  return undefined;
}

function countLines(text: string): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}
