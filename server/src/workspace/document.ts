// A file as the workspace holds it: its documents, each known by its text, so that an edit re-reads one document.

import { type PatchPart, patchPartsOf } from '../kustomize/patch.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { splitDocuments } from '../syntax/split.ts';
import { type Facts, factsOf } from './facts.ts';

export interface Document {
  readonly text: string;
  readonly facts: Facts;
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

/** A file with what was read of it, as plain data for another thread. Its text is in it once. */
export interface Outline {
  readonly path: string;
  readonly text: string;
  readonly documents: readonly { readonly start: number; readonly length: number; readonly facts: Facts }[];
  readonly unread?: SourceFile['unread'];
}

export function outlineOf({ path, text, documents, unread }: SourceFile): Outline {
  const outlined = documents.map(({ start, document }) => ({
    start,
    length: document.text.length,
    facts: document.facts,
  }));
  return { path, text, documents: outlined, ...(unread && { unread }) };
}

/** The file again. Equal documents are one, as where it was read. */
export function fileOf({ path, text, documents, unread }: Outline): SourceFile {
  const known = new Map<string, Document>();
  const placed = documents.map(({ start, length, facts }) => {
    const own = text.slice(start, start + length);
    const document = known.get(own) ?? { text: own, facts };
    known.set(own, document);
    return { start, document };
  });
  return { path, text, documents: placed, ...(unread && { unread }) };
}

const patches = new WeakMap<Document, readonly PatchPart[]>();

/** What a document sets as a patch; read when it is first asked for, as few are. */
export function patchOf(document: Document): readonly PatchPart[] {
  const known = patches.get(document);
  if (known) return known;
  const parts = patchPartsOf(parseManifest(document.text));
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
