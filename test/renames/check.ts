// Renames an anchor or an object, and compares all objects of the changed files before and after: exactly the scalars that the
// edits name have changed, from the old name to the new one, and nothing is found that wasn't found before. What clusters get
// changes in nothing else (built.ts).

import { isDeepStrictEqual } from 'node:util';
import { cursorAt } from '../../server/src/features/cursor.ts';
import { diagnose } from '../../server/src/features/diagnostics.ts';
import type { FileEdit } from '../../server/src/features/rename/edit.ts';
import { prepareRename, rename } from '../../server/src/features/rename/rename.ts';
import { groupedBy } from '../../server/src/kube/grouped.ts';
import { anchorsIn } from '../../server/src/syntax/anchors.ts';
import { parseManifest } from '../../server/src/syntax/manifest.ts';
import { nodeAt, placeAt } from '../../server/src/syntax/navigate.ts';
import { splitDocuments } from '../../server/src/syntax/split.ts';
import { toValue } from '../../server/src/syntax/value.ts';
import type { Workspace } from '../../server/src/workspace/workspace.ts';
import { differencesOf, getsOf } from './built.ts';

/** A place where something can be renamed. */
export interface Place {
  readonly path: string;
  /** In the file. */
  readonly offset: number;
  readonly is: 'anchor' | 'object';
}

export interface Outcome {
  /** Refused with this reason. */
  readonly refused?: string;
  readonly edits: number;
  readonly files: number;
  readonly wrong: readonly string[];
}

export function placesIn(workspace: Workspace): readonly Place[] {
  return [...workspace.files()].flatMap(({ path, documents }) =>
    documents.flatMap(({ start, document }): Place[] => {
      const anchors = anchorsIn(parseManifest(document.text)).map((one): Place => {
        return { path, offset: start + one.start + 1, is: 'anchor' };
      });
      const named = workspace.index
        .definitionsIn(document)
        .filter(({ object }) => object.name !== undefined)
        .map(({ object }): Place => ({ path, offset: start + object.start, is: 'object' }));
      return [...anchors, ...named];
    }),
  );
}

/** Undefined where there is nothing to rename. The workspace is as before afterwards. */
export function renamedAt(workspace: Workspace, { path, offset, is }: Place): Outcome | undefined {
  const cursor = cursorAt(workspace, path, offset);
  const prepared = cursor && prepareRename(cursor);
  if (!cursor || !prepared) return undefined;
  if ('refused' in prepared) return { refused: prepared.refused, edits: 0, files: 0, wrong: [] };
  // A name with a variable can only get another.
  const name = /^[a-z\d.-]+$/.test(prepared.name) ? `${prepared.name}-z` : 'renamed-z';
  const renamed = rename(cursor, name);
  if ('refused' in renamed) return { refused: renamed.refused, edits: 0, files: 0, wrong: [] };
  const byFile = groupedBy(renamed.edits, (edit) => edit.path);
  const before = new Map([...byFile.keys()].map((file) => [file, workspace.file(file)!.text]));
  const found = new Map([...byFile.keys()].map((file) => [file, errorsOf(workspace, file)]));
  const names = distinctNames(renamed.edits, before);
  const gets = getsOf(workspace, byFile.keys(), names);
  for (const [file, edits] of byFile) workspace.put(file, applied(before.get(file)!, edits));
  const differences = is === 'anchor' ? [] : differencesOf(gets, getsOf(workspace, byFile.keys(), names));
  const wrong = [...byFile].flatMap(([file, edits]) => {
    const now = workspace.file(file)!.text;
    const changes = changesOf(before.get(file)!, now);
    const lines = edits.filter((edit) => !isComment(before.get(file)!, edit));
    const expected =
      is === 'anchor' ? 0 : new Set(lines.map(({ start }) => scalarAround(before.get(file)!, start) ?? start)).size;
    const others = changes.filter(([old, put]) => !isRenamed(old, put, names));
    const added = errorsOf(workspace, file).filter((one) => !found.get(file)!.includes(putBack(one, names)));
    return [
      // With an anchor, one edit may change several values, and some change none.
      ...(changes.length === expected || /(?:^|\s)&\w/.test(now)
        ? []
        : [`${file}: ${edits.length} edits change ${changes.length} values`]),
      ...others.map(([old, put]) => `${file}: “${String(old)}” became “${String(put)}”`),
      ...added.map((one) => `${file}: ${one}`),
    ];
  });
  for (const [file, text] of before) workspace.put(file, text);
  return { edits: renamed.edits.length, files: byFile.size, wrong: [...wrong, ...differences] };
}

type Names = readonly (readonly [name: string, old: string])[];

/** The new name and the old one of each edit: a Secret named after a Cluster is renamed with it. */
function distinctNames(edits: readonly FileEdit[], before: ReadonlyMap<string, string>): Names {
  const pairs = edits.map(({ path, start, end, text }) => [text, before.get(path)!.slice(start, end)] as const);
  // Others are anchors that move.
  const named = pairs.filter(([text, old]) => /^[\w"]/.test(text) && !/^(?:[&*]|$)/.test(old));
  return [...new Map(named.map((pair) => [pair[0], pair])).values()];
}

/** The marker of image automation. */
function isComment(text: string, { start }: FileEdit): boolean {
  return /#[^\n]*$/.test(text.slice(text.lastIndexOf('\n', start - 1) + 1, start));
}

/** In a block of text, each occurrence may be renamed. */
function isRenamed(old: unknown, put: unknown, names: Names): boolean {
  if (names.some(([name, was]) => old === was && put === name)) return true;
  if (typeof old !== 'string' || typeof put !== 'string' || !old.includes('\n')) return false;
  return names.reduce((text, [name, was]) => text.replaceAll(name, was), put) === old;
}

/** The start of the innermost scalar at an offset. */
function scalarAround(text: string, offset: number): number | undefined {
  const segment = splitDocuments(text).find(({ start, text: own }) => start <= offset && offset < start + own.length);
  if (!segment) return undefined;
  const { root } = parseManifest(segment.text);
  const place = placeAt(root, offset - segment.start);
  const node = place && nodeAt(root, place.path);
  return node && segment.start + node.start;
}

function errorsOf(workspace: Workspace, path: string): readonly string[] {
  return diagnose(workspace, path)
    .filter(({ severity }) => severity === 'error' || severity === 'warning')
    .map(({ rule, message }) => `${rule} ${message}`);
}

function putBack(text: string, names: Names): string {
  return names.reduce((back, [name, old]) => back.replaceAll(name, old), text);
}

function applied(text: string, edits: readonly FileEdit[]): string {
  return edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((now, { start, end, text: put }) => now.slice(0, start) + put + now.slice(end), text);
}

/** The scalars that differ, of all documents. */
function changesOf(before: string, after: string): readonly (readonly [unknown, unknown])[] {
  const [old, now] = [before, after].map((text) =>
    splitDocuments(text).map((document) => {
      const { root } = parseManifest(document.text);
      return root === undefined ? undefined : toValue(root);
    }),
  );
  return differences(old, now);
}

function differences(old: unknown, now: unknown): readonly (readonly [unknown, unknown])[] {
  if (isDeepStrictEqual(old, now)) return [];
  if (Array.isArray(old) && Array.isArray(now) && old.length === now.length)
    return old.flatMap((one, index) => differences(one, now[index]));
  if (isMap(old) && isMap(now) && isDeepStrictEqual(Object.keys(old), Object.keys(now)))
    return Object.keys(old).flatMap((key) => differences(old[key], now[key]));
  return [[old, now]];
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
