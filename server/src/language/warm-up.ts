// Types in the documents that are opened before anyone does, without their texts being changed: the first completion reads
// the schemas of its kind and runs code that isn't compiled yet, which takes as long as twenty later ones.

import { documentFindings } from '../features/diagnostics.ts';
import { LineIndex } from '../syntax/lines.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { type Document, readFile } from '../workspace/document.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { listOf } from './completion.ts';
import { toDiagnostic } from './convert.ts';
import { emptyDocumentsPrepared } from './empty-documents.ts';
import { prepared, restRead } from './prepared.ts';
import type { Session } from './session.ts';

/** Milliseconds after the files of the root are known, so that the first diagnostics go first. */
const after = 100;

/** Milliseconds from one letter to the next, in which requests are answered. */
const gap = 4;

/** Letters for all documents together. */
const most = 60;

/** Kinds of one file, and places in a document of each. */
const mostKinds = 6;
const mostPlaces = 6;

/** Longer documents take too long for one turn of the event loop. */
const longest = 10_000;

/** Call the result with each document that is opened. */
export function warmUp(session: Session): (uri: string) => void {
  const { programs, log } = session;
  const seen = new Set<string>();
  let left = most;
  let last = Promise.resolve();
  const type = async (uri: string) => {
    const { program, path } = programs.placeOf(uri);
    await program.ready;
    await pause(after);
    // In a large repository, the findings that someone waits for would wait for all letters.
    await program.read;
    const { workspace } = program;
    if (workspace.isWhole) await prepared(workspace, program.working);
    await restRead(workspace);
    await emptyDocumentsPrepared(session, uri);
    const { edition } = workspace;
    for (const letter of lettersIn(workspace, path, seen)) {
      // Someone types: what clusters get isn't prepared any more, and the next key would wait for it.
      if (left === 0 || workspace.edition !== edition) return;
      left -= 1;
      complete(session, uri, letter);
      await pause(gap);
    }
  };
  return (uri) => {
    if (left > 0) last = last.then(() => type(uri)).catch((error: Error) => log(error.message));
  };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => void setTimeout(done, milliseconds).unref());
}

/** One document of each kind that was not seen before. */
function documentsOf(workspace: Workspace, path: string, seen: Set<string>): readonly Document[] {
  const documents: Document[] = [];
  for (const { document } of workspace.file(path)?.documents ?? []) {
    const kind = document.facts.objects[0]?.groupKind;
    if (kind === undefined || seen.has(kind) || document.text.length > longest) continue;
    seen.add(kind);
    documents.push(document);
    if (documents.length === mostKinds) break;
  }
  return documents;
}

interface Letter {
  /** The text of a document with what is typed in it. */
  readonly text: string;
  /** Of the cursor. */
  readonly offset: number;
}

/** In an empty file, only the place where an object begins: the list of all kinds is the longest. */
function lettersIn(workspace: Workspace, path: string, seen: Set<string>): Iterable<Letter> {
  const isEmpty = workspace.file(path)?.text.trim() === '';
  return isEmpty ? [{ text: '', offset: 0 }] : letters(documentsOf(workspace, path, seen));
}

/** Keys and values at the first places of each document, in turn. */
function* letters(documents: readonly Document[]): Iterable<Letter> {
  const places = documents.map(({ text }) => placesOf(text));
  for (let place = 0; place < mostPlaces; place += 1) {
    for (const [index, { text }] of documents.entries()) {
      const line = places[index]![place];
      if (!line) continue;
      const { start, indent, key, value } = line;
      // Where nothing is written yet, every key and part is offered.
      if (place === 0) yield { text: `${text.slice(0, start)}${indent}`, offset: start + indent.length };
      for (const typed of ['', key.slice(0, 1)]) {
        const written = `${indent}${typed}`;
        yield { text: `${text.slice(0, start)}${written}\n${text.slice(start)}`, offset: start + written.length };
      }
      yield { text: text.slice(0, value) + text.slice(endOfLine(text, value)), offset: value };
    }
  }
}

interface Place {
  /** Of the line. */
  readonly start: number;
  readonly indent: string;
  readonly key: string;
  /** Start of the value. */
  readonly value: number;
}

/** Lines with a key and its value, metadata last: other fields have rules of their own. */
function placesOf(text: string): readonly Place[] {
  const lines = text.matchAll(/^(?<indent> *)(?<key>[\w-]+):(?<gap>[ \t]*)(?<value>.*)$/gm);
  const own: Place[] = [];
  const metadata: Place[] = [];
  let inMetadata = false;
  for (const { index: start, groups } of lines) {
    const { indent, key, gap, value } = groups as Readonly<Record<'indent' | 'key' | 'gap' | 'value', string>>;
    if (indent === '') inMetadata = key === 'metadata';
    if (indent === '' || value === '') continue;
    const place = { start, indent, key, value: start + indent.length + key.length + 1 + gap.length };
    (inMetadata ? metadata : own).push(place);
  }
  return [...own, ...metadata];
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

function complete(session: Session, uri: string, { text, offset }: Letter): void {
  const { program, path } = session.programs.placeOf(uri);
  const { workspace } = program;
  const [placed] = readFile(path, text, undefined).documents;
  if (!placed) return;
  const { document } = placed;
  const cursor = { workspace, path, document, start: 0, offset, manifest: parseManifest(document.text) };
  const target = { ...session.client, lines: new LineIndex(text) };
  JSON.stringify(listOf(session, cursor, target, { asked: false, response: 0 }).list);
  JSON.stringify(documentFindings(workspace, path, document).map((finding) => toDiagnostic(finding, target)));
}
