// The objects of a build: reads them from documents as kustomize does, and compares them by its ids.
import { apiVersionOf, type Gvk } from '../kube/identity.ts';
import type { Manifest } from '../syntax/manifest.ts';
import { type Node, type ScalarNode, unknown } from '../syntax/tree.ts';
import { isMerge } from '../syntax/value.ts';
import type { Reason } from './build-problem.ts';
import { type Built, type BuiltMap, builtFrom, isNull, type Locate, type Origin, textAt } from './built.ts';
import { objectScalar } from './scalars.ts';

/** A file, or a field or plugin that made or changed an object. Paths are relative to the folder that is built. */
export type Provenance =
  | { readonly path: string }
  | {
      readonly configuredIn: string;
      readonly configuredBy: {
        readonly apiVersion: string;
        readonly kind: string;
        readonly name?: string;
        readonly namespace?: string;
      };
    };

export interface BuiltObject {
  readonly value: BuiltMap;
  /** Its ids before transformers renamed or moved it, oldest first. */
  readonly previous: readonly ObjectId[];
  /** Why its earlier ids can't be told apart any more, which kustomize refuses. */
  readonly confused?: 'comma' | 'no-name' | 'no-kind';
  /** The prefixes and suffixes that were added to its name, which tell apart objects that had the same name. */
  readonly prefixes?: readonly string[];
  readonly suffixes?: readonly string[];
  /** A key of it is written twice, which kustomize refuses to print. */
  readonly repeats?: true;
  /** Made by a generator. */
  readonly generated?: true;
  /** How the generator that made it was to add it; empty if that wasn't said. */
  readonly behavior?: string;
  /** Its name gets a hash of its content in the end. */
  readonly hashed?: true;
  /** The `vars` that have their value from this object. */
  readonly variables?: readonly string[];
  /** With `buildMetadata`: what the object is from, and what changed it. */
  readonly provenance?: Provenance;
  readonly transformations?: readonly Provenance[];
}

export interface ObjectId {
  readonly gvk: Gvk;
  readonly name: string;
  /** Empty if none is set. */
  readonly namespace: string;
}

export type IsNamespaced = (gvk: Gvk) => boolean;

/** A document of a file, or of a string in one. */
export interface BuildDocument {
  readonly manifest: Pick<Manifest, 'text' | 'root' | 'findings' | 'template'>;
  readonly locate: Locate;
}

export interface ReadObjects {
  readonly objects: readonly BuiltMap[];
  readonly faults: readonly Fault[];
}

/** A problem and its location. */
export interface Fault {
  readonly reason: Reason;
  readonly origin: Origin;
}

/** Lists are replaced by their items; empty documents are skipped. */
export function readObjects(documents: readonly BuildDocument[]): ReadObjects {
  const read = documents.map(readDocument);
  return { objects: read.flatMap(({ objects }) => objects), faults: read.flatMap(({ faults }) => faults) };
}

const read = new WeakMap<BuildDocument, ReadObjects>();

function readDocument(document: BuildDocument): ReadObjects {
  const known = read.get(document);
  if (known) return known;
  const objects: BuiltMap[] = [];
  const faults: Fault[] = [];
  const { manifest, locate } = document;
  const error = manifest.template || startsWithDirective(manifest.text) ? top : manifest.findings.find(isError);
  const fault = !error && manifest.root ? keyFault(manifest.root, true) : undefined;
  if (error) faults.push({ reason: { kind: 'invalid-yaml' }, origin: locate(error.start, error.end) });
  else if (fault) faults.push({ reason: fault.reason, origin: locate(fault.key.start, fault.key.end) });
  // Only an object that is printed is refused for a repeated key, which a patch never is.
  const isReadable = !error && (!fault || fault.reason.kind === 'duplicate-key');
  if (isReadable && manifest.root) {
    const built = builtFrom(manifest.root, locate, 'object', manifest.text);
    collect(isFirstKeyMarked(document) ? withMarkedKey(built) : built, objects, faults);
  }
  const result = { objects, faults };
  read.set(document, result);
  return result;
}

/**
 * go-yaml skips a byte order mark only where its input begins. kustomize gives it the marker line that begins a file with the
 * first document, so that a mark after that line is part of the first key.
 */
function isFirstKeyMarked({ manifest, locate }: BuildDocument): boolean {
  return /^---[^\r\n]*\r?\n\uFEFF/.test(manifest.text) && locate(0, 0).source.start === 0;
}

function withMarkedKey(built: Built): Built {
  if (built.kind !== 'map') return built;
  const entries = [...built.entries].map(([key, value], index) => [index === 0 ? `\uFEFF${key}` : key, value] as const);
  return { ...built, entries: new Map(entries) };
}

const top = { start: 0, end: 0 };

/** kustomize separates the directives of a document, such as `%YAML`, from it, and can't read them alone. */
function startsWithDirective(text: string): boolean {
  return /^(?:[ \t]*(?:#.*)?\r?\n)*%/.test(text);
}

/**
 * Warnings are about YAML that a strict POST refuses but kustomize accepts. Repeated keys are looked for below: a key that a
 * merge brings may be set again.
 */
function isError({ severity, rule }: { readonly severity: string; readonly rule: string }): boolean {
  return severity === 'error' && rule !== 'syntax/duplicate-key';
}

interface KeyFault {
  readonly reason: Reason;
  readonly key: ScalarNode;
}

/**
 * The first key that doesn't resolve to a string or is repeated. Aliases are skipped: their anchors are checked where they
 * are defined. Keys of the object itself are read as strings.
 */
function keyFault(node: Node, isTop = false): KeyFault | undefined {
  if (node.type === 'seq') return firstOf(node.items, (item) => keyFault(item));
  if (node.type !== 'map') return undefined;
  const seen = new Set<string>();
  return firstOf(node.entries, (entry): KeyFault | undefined => {
    const { key, value } = entry;
    const read = isMerge(entry) ? key.text : objectScalar(key);
    const isText = read === unknown || (typeof read === 'string' && read === key.text) || (isTop && read !== null);
    if (!isText) return { reason: { kind: 'key-not-text', key: key.text }, key };
    if (seen.has(key.text)) return { reason: { kind: 'duplicate-key', key: key.text }, key };
    seen.add(key.text);
    return keyFault(value);
  });
}

function firstOf<T, F>(items: readonly T[], find: (item: T) => F | undefined): F | undefined {
  for (const item of items) {
    const found = find(item);
    if (found) return found;
  }
  return undefined;
}

function collect(built: Built, objects: BuiltMap[], faults: Fault[]): void {
  if (isNull(built) || (built.kind !== 'scalar' && sizeOf(built) === 0)) return;
  const { origin } = built;
  if (built.kind !== 'map') {
    faults.push({ reason: { kind: 'no-object' }, origin });
    return;
  }
  const kind = textAt(built, ['kind']) ?? '';
  const items = kind.endsWith('List') ? built.entries.get('items') : undefined;
  const reason = items ? undefined : faultOf(built, kind);
  if (reason) faults.push({ reason, origin });
  else if (!items) objects.push(built);
  else if (items.kind === 'list') for (const item of items.items) collect(item, objects, faults);
  else if (!isNull(items)) faults.push({ reason: { kind: 'wrong-type', expected: 'list' }, origin: items.origin });
}

function faultOf(built: BuiltMap, kind: string): Reason | undefined {
  if (kind === '') return { kind: 'no-kind' };
  if (!kind.endsWith('List') && (textAt(built, ['metadata', 'name']) ?? '') === '')
    return { kind: 'no-name', of: kind };
  return undefined;
}

function sizeOf(built: Built): number {
  return built.kind === 'map' ? built.entries.size : built.kind === 'list' ? built.items.length : 1;
}

export function idOf(value: BuiltMap): ObjectId {
  const metadata = value.entries.get('metadata');
  const entries = metadata?.kind === 'map' ? metadata.entries : undefined;
  return { gvk: gvkIn(value), name: textOf(entries?.get('name')), namespace: textOf(entries?.get('namespace')) };
}

/** Empty for what is no text. */
function textOf(built: Built | undefined): string {
  return built?.kind === 'scalar' && built.value !== null ? built.text : '';
}

/** kustomize splits apiVersion at the first slash, and accepts one without a group or a version. Mostly the same for the same texts. */
export function gvkIn(value: BuiltMap): Gvk {
  const apiVersion = textOf(value.entries.get('apiVersion'));
  const kind = textOf(value.entries.get('kind'));
  let ofVersion = gvks.get(apiVersion);
  if (!ofVersion) {
    // Each may be the start of one that is being typed.
    if (gvks.size > mostVersions) gvks.clear();
    gvks.set(apiVersion, (ofVersion = new Map()));
  }
  const known = ofVersion.get(kind);
  if (known) return known;
  const slash = apiVersion.indexOf('/');
  const gvk: Gvk = {
    group: slash === -1 ? '' : apiVersion.slice(0, slash),
    version: apiVersion.slice(slash + 1),
    kind,
  };
  if (ofVersion.size > mostVersions) ofVersion.clear();
  ofVersion.set(kind, gvk);
  return gvk;
}

const gvks = new Map<string, Map<string, Gvk>>();
const mostVersions = 1000;

/** `default` if none is set; undefined for cluster-scoped kinds. */
export function effectiveNamespace({ gvk, namespace }: ObjectId, isNamespaced: IsNamespaced): string | undefined {
  return isNamespaced(gvk) ? namespace || 'default' : undefined;
}

export function sameId(a: ObjectId, b: ObjectId, isNamespaced: IsNamespaced): boolean {
  return (
    a.name === b.name &&
    a.gvk.kind === b.gvk.kind &&
    a.gvk.group === b.gvk.group &&
    a.gvk.version === b.gvk.version &&
    effectiveNamespace(a, isNamespaced) === effectiveNamespace(b, isNamespaced)
  );
}

/**
 * The object with its present id as a previous one. kustomize keeps names, namespaces and kinds in three lists separated by
 * commas, so that one that contains a comma counts as several, and an empty one as none.
 */
export function remembering(object: BuiltObject): BuiltObject {
  const id = idOf(object.value);
  const { gvk, name, namespace } = id;
  const [names, kinds] = [name, gvk.kind].map((text) => (text === '' ? [] : text.split(',')));
  const namespaces = namespace.split(',');
  const isEven = names!.length === namespaces.length && names!.length === kinds!.length;
  const ids = names!.map((one, index) => ({
    gvk: { ...gvk, kind: kinds![index] ?? gvk.kind },
    name: one,
    namespace: namespaces[index] ?? namespace,
  }));
  const confused = name === '' ? 'no-name' : gvk.kind === '' ? 'no-kind' : 'comma';
  return { ...object, previous: [...object.previous, ...ids], ...(!isEven && { confused }) };
}

/**
 * Its ids before, as kustomize knows them: it keeps kinds, names and namespaces; groups and versions are the present ones
 * (api/internal/utils/makeResIds.go).
 */
export function previousIds({ value, previous }: Pick<BuiltObject, 'value' | 'previous'>): readonly ObjectId[] {
  if (previous.length === 0) return previous;
  const { group, version } = idOf(value).gvk;
  if (previous.every(({ gvk }) => gvk.group === group && gvk.version === version)) return previous;
  return previous.map((id) => ({ ...id, gvk: { group, version, kind: id.gvk.kind } }));
}

/** Whether the object has the id, or had it before. */
export function answersTo(object: BuiltObject, id: ObjectId, isNamespaced: IsNamespaced): boolean {
  const isSame = (one: ObjectId) => sameId(one, id, isNamespaced);
  const now = idOf(object.value);
  return previousIds(object).some(isSame) || (now.name === id.name && isSame(now));
}

/** An id for messages: `apps/v1 Deployment shop/web`. */
export function printId({ gvk, name, namespace }: ObjectId): string {
  return `${apiVersionOf(gvk)} ${gvk.kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}
