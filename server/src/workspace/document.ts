// A file of the workspace, split into documents that are identified by their text, so that an edit re-reads one document.

import { hasTooManyValues } from '../syntax/size.ts';
import { splitDocuments } from '../syntax/split.ts';
import { type Facts, factsOf, noFacts } from './facts.ts';

export interface Document {
  readonly text: string;
  readonly facts: Facts;
  /** What was thrown when it was read, whatever it is; it has no facts then. */
  readonly failure?: { readonly thrown: unknown } | undefined;
}

/** State: a document that is read when its facts are asked for. Of most, builds need the text, and nothing else is asked. */
class ReadOnDemand implements Document {
  readonly text: string;
  #read: Pick<Document, 'facts' | 'failure'> | undefined;

  constructor(text: string) {
    this.text = text;
  }

  get facts(): Facts {
    return this.#known().facts;
  }

  get failure(): Document['failure'] {
    return this.#known().failure;
  }

  get isRead(): boolean {
    return this.#read !== undefined;
  }

  #known(): Pick<Document, 'facts' | 'failure'> {
    if (this.#read) return this.#read;
    try {
      this.#read = { facts: factsOf(this.text) };
    } catch (thrown) {
      this.#read = { facts: noFacts, failure: { thrown } };
    }
    return this.#read;
  }
}

/** Another text in the place of a document, with its role: what is meant is another form of the same objects. */
export function reworded({ facts }: Document, text: string): Document {
  return { text, facts };
}

/** Whether the facts of a document are known already. */
export function isRead(document: Document): boolean {
  return !(document instanceof ReadOnDemand) || document.isRead;
}

/** A document and its offset in its file. */
export interface Placed {
  /** UTF-16 offset in the file. */
  readonly start: number;
  readonly document: Document;
}

export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly documents: readonly Placed[];
  /** Why the file isn't read; it has no documents then. */
  readonly unread?: 'binary' | 'large' | 'hung';
}

/** Larger files are listed but not checked: nobody writes them by hand. */
export const largestFile = { bytes: 20_000_000, lines: 50_000 };

/** Reuses the documents of `previous` whose text is the same, with everything derived from them. */
export function readFile(path: string, text: string, previous: SourceFile | undefined): SourceFile {
  const unread = reasonNotToRead(text);
  if (unread) return { path, text, documents: [], unread };
  const segments = splitDocuments(text);
  const old = previous?.documents ?? [];
  // Mostly one document in the middle changed: those before and after it are recognized without a table of all texts,
  // for which each text would be hashed.
  let before = 0;
  while (before < segments.length && segments[before]!.text === old[before]?.document.text) before += 1;
  let after = 0;
  while (after < segments.length - before && segments.at(-1 - after)!.text === old.at(-1 - after)?.document.text)
    after += 1;
  const changed = segments.slice(before, segments.length - after);
  const find = changed.length > fewest ? tableOf(old) : (one: string) => withText(old, one);
  const added = new Map<string, Document>();
  const documents = segments.map(({ start, text: own }, index): Placed => {
    if (index < before) return { start, document: old[index]!.document };
    const fromEnd = segments.length - index;
    if (fromEnd <= after) return { start, document: old.at(-fromEnd)!.document };
    const document = find(own) ?? added.get(own) ?? new ReadOnDemand(own);
    added.set(own, document);
    return { start, document };
  });
  return { path, text, documents };
}

/** The number of changed documents above which a table of all texts is faster than searching for each. */
const fewest = 4;

function withText(placed: readonly Placed[], text: string): Document | undefined {
  return placed.find(({ document }) => document.text.length === text.length && document.text === text)?.document;
}

function tableOf(placed: readonly Placed[]): (text: string) => Document | undefined {
  const known = new Map(placed.map(({ document }) => [document.text, document]));
  return (text) => known.get(text);
}

/** A file and the facts of its documents as plain data for another thread. It contains the text only once. */
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

/** Restores the file; as in `readFile`, documents with the same text are one object. */
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

/** The document at an offset. At a boundary it is the following document, except at the end of the file. */
export function documentAt(file: SourceFile, offset: number): Placed | undefined {
  return file.documents.findLast(({ start }) => start <= offset);
}

function reasonNotToRead(text: string): SourceFile['unread'] {
  if (text.length > largestFile.bytes) return 'large';
  // Invalid UTF-8 has become replacement characters here, and YAML never contains a NUL.
  const head = text.slice(0, 8_000);
  if (head.includes('\0')) return 'binary';
  if (text.length > largestFile.lines && countLines(text) > largestFile.lines) return 'large';
  if (hasTooManyValues(text)) return 'large';
  return undefined;
}

function countLines(text: string): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}
