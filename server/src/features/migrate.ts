// Moves the objects of Flux in a file to the API versions that a release of Flux stores: the version, and the fields that
// another version has elsewhere. References to objects and texts inside others, such as patches, get the version only. What
// can't be moved is listed.
import { type Gvk, gvkOf } from '../kube/identity.ts';
import type { SchemaStore } from '../schema/schema.ts';
import { byVersionPriority } from '../schema/store.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { nodeAt, printPath } from '../syntax/navigate.ts';
import type { Node, Path, ScalarNode } from '../syntax/tree.ts';
import { sentenceOf } from '../validation/words.ts';
import type { Document } from '../workspace/document.ts';
import { factsOf } from '../workspace/facts.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { withMovedFields } from './fixes/moved-fixes.ts';
import { Effort, problemsIn, type Subject } from './fixes/subject.ts';

export interface Migrated {
  /** The whole file. */
  readonly text: string;
  readonly moves: readonly Move[];
  readonly left: readonly Left[];
}

export interface Move {
  /** Offset in the file as it was. */
  readonly start: number;
  readonly kind: string;
  readonly from: string;
  readonly to: string;
  /** Whether fields were moved or removed too. */
  readonly fields: boolean;
}

/** What the new version refuses, or where it may mean something else. */
export interface Left {
  readonly start: number;
  readonly kind: string;
  readonly message: string;
}

/** `migrate --format json`: lines are 0-based and of the file as it was. */
export interface MigratedFile {
  readonly file: string;
  readonly moves: readonly (Omit<Move, 'start'> & { readonly line: number })[];
  readonly left: readonly (Omit<Left, 'start'> & { readonly line: number })[];
}

/** The schemas of the release to move to. */
export interface Destination {
  readonly store: SchemaStore;
  /** Those of all releases, for what is there before. */
  readonly before: SchemaStore;
  /** The kinds of the release. */
  isOf(gvk: Gvk): boolean;
}

/** Undefined if nothing in the file is of an older version. */
export function migrated(workspace: Workspace, path: string, to: Destination): Migrated | undefined {
  const file = workspace.file(path);
  if (!file) return undefined;
  let text = '';
  let end = 0;
  const moves: Move[] = [];
  const left: Left[] = [];
  for (const { start, document } of file.documents) {
    text += file.text.slice(end, start);
    const result = migratedDocument({ workspace, path, document, to });
    text += result.text;
    end = start + document.text.length;
    moves.push(...result.moves.map((one) => ({ ...one, start: one.start + start })));
    left.push(...result.left.map((one) => ({ ...one, start: one.start + start })));
  }
  return moves.length === 0 ? undefined : { text: text + file.text.slice(end), moves, left };
}

interface Case {
  readonly workspace: Workspace;
  readonly path: string;
  readonly document: Document;
  readonly to: Destination;
}

function migratedDocument(one: Case): Migrated {
  const { workspace, path, document, to } = one;
  const { text } = document;
  if (workspace.role(path, document) === 'ignored' || !text.includes('apiVersion'))
    return { text, moves: [], left: [] };
  const pairs = pairsIn(text, to);
  if (pairs.length === 0) return { text, moves: [], left: [] };
  // From the last to the first, so that offsets stay.
  const changed = pairs
    .toReversed()
    .reduce((now, { at, from, to }) => now.slice(0, at) + to + now.slice(at + from.length), text);
  const objects = objectsIn(text, document, to);
  let now = changed;
  const fields = new Set<Path>();
  const left: Left[] = [];
  for (const { path: prefix, kind, start } of objects) {
    const next = withMovedFields(subjectOf(one, now), now, prefix);
    if (next !== now) fields.add(prefix);
    now = next;
    const before = new Set(refusalsOf(one, text, prefix, to.before).map(({ key }) => key));
    for (const { key, message } of refusalsOf(one, now, prefix, to.store))
      if (!before.has(key)) left.push({ start, kind, message });
    left.push(...hintsOf(text, prefix, kind).map((message) => ({ start, kind, message })));
  }
  const moves = pairs.map(({ at, kind, from, to }): Move => {
    const object = objects.find(({ start, end }) => start <= at && at < end);
    return { start: at, kind, from, to, fields: object !== undefined && fields.has(object.path) };
  });
  return { text: now, moves, left };
}

/** The part of an apiVersion that changes. */
interface Pair {
  readonly at: number;
  readonly kind: string;
  readonly from: string;
  readonly to: string;
}

/**
 * Every apiVersion with its kind: on lines one below the other, whatever text they are in, which covers templates, patches
 * in block scalars and what is commented out; and in any map of the document.
 */
function pairsIn(text: string, to: Destination): readonly Pair[] {
  const found = new Map<number, Pair>();
  const add = (at: number, apiVersion: string, kind: string) => {
    const gvk = gvkOf(apiVersion, kind);
    const version = gvk && newerVersion(gvk, to);
    if (!version) return;
    const within = at + apiVersion.length - gvk.version.length;
    found.set(within, { at: within, kind, from: gvk.version, to: version });
  };
  for (const match of text.matchAll(adjacent)) {
    const [whole, indent = '', apiVersion = '', kind = ''] = match;
    add(match.index + whole.indexOf(apiVersion, indent.length), apiVersion, kind);
  }
  for (const match of text.matchAll(reversed)) {
    const [whole, , kind = '', apiVersion = ''] = match;
    add(match.index + whole.lastIndexOf(apiVersion), apiVersion, kind);
  }
  const pending: Node[] = [];
  const { root } = parseManifest(text);
  if (root) pending.push(root);
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (node.type === 'seq') pending.push(...node.items);
    if (node.type !== 'map') continue;
    const scalarAt = (name: string): ScalarNode | undefined => {
      const value = node.entries.find(({ key }) => key.text === name)?.value;
      return value?.type === 'scalar' && typeof value.value === 'string' ? value : undefined;
    };
    const [apiVersion, kind] = [scalarAt('apiVersion'), scalarAt('kind')];
    const at = apiVersion ? text.indexOf(apiVersion.text, apiVersion.start) : -1;
    if (apiVersion && kind && at >= 0 && at < apiVersion.end) add(at, apiVersion.text, kind.text);
    pending.push(...node.entries.map(({ value }) => value));
  }
  return [...found.values()].toSorted((a, b) => a.at - b.at);
}

const adjacent = /^(.*?)\bapiVersion: +["']?([\w.-]+\/\w+)["']?[ \t]*(?:#.*)?\r?\n.*?\bkind: +["']?(\w+)/gm;
const reversed =
  /^([ \t-]*)kind: +["']?(\w+)["']?[ \t]*(?:#.*)?\r?\n[ \t]*apiVersion: +["']?([\w.-]+\/\w+)(?=["']?[ \t]*(?:#.*)?\r?$)(?!.*\r?\n[ \t-]*kind:)/gm;

/** The stored version of the release, if it is newer than the one that is written. */
function newerVersion(gvk: Gvk, { store, isOf }: Destination): string | undefined {
  if (!isOf(gvk)) return undefined;
  const stored = store.versions(gvk.group, gvk.kind).find(({ storage, served, line }) => storage && served && !line);
  const version = stored?.gvk.version;
  return version !== undefined && byVersionPriority(version, gvk.version) < 0 ? version : undefined;
}

interface Placed {
  readonly path: Path;
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

/** The objects of the document itself whose version changes. */
function objectsIn(text: string, { facts }: Document, to: Destination): readonly Placed[] {
  const { root } = parseManifest(text);
  return facts.objects.flatMap(({ path, gvk }) => {
    const node = nodeAt(root, path);
    if (!node || newerVersion(gvk, to) === undefined) return [];
    return [{ path, kind: gvk.kind, start: node.start, end: node.end }];
  });
}

function subjectOf({ workspace, path, document, to }: Case, text: string): Subject {
  const changed = { text, facts: factsOf(text) };
  return {
    ...{ workspace, path, document: changed, original: document, manifest: parseManifest(text) },
    ...{ schemas: to.store, findings: [], effort: new Effort(mostJudged) },
  };
}

/** In characters, for each object. */
const mostJudged = 2_000_000;

/** What the API server would refuse of the object at a path. */
function refusalsOf(
  one: Case,
  text: string,
  prefix: Path,
  schemas: SchemaStore,
): readonly { readonly key: string; readonly message: string }[] {
  return problemsIn({ ...subjectOf(one, text), schemas }).flatMap(({ problem, prefix: at }) => {
    const isHere = printPath(at) === printPath(prefix);
    if (!isHere || problem.severity !== 'error' || problem.rule === 'schema/unserved-version') return [];
    const path = printPath(problem.path);
    return [{ key: `${problem.rule} ${path}`, message: sentenceOf(problem) }];
  });
}

/** What is valid in the new version and doesn't work there. */
function hintsOf(text: string, prefix: Path, kind: string): readonly string[] {
  if (kind !== 'ImageUpdateAutomation') return [];
  const template = nodeAt(parseManifest(text).root, [...prefix, 'spec', 'git', 'commit', 'messageTemplate']);
  if (template?.type !== 'scalar' || !/\.Updated\b|\.Changed\.ImageResult\b/.test(template.text)) return [];
  return [
    'spec.git.commit.messageTemplate uses .Updated or .Changed.ImageResult, which Flux 2.7 removed. Use .Changed.',
  ];
}
