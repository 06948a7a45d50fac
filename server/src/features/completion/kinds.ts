// Completion of apiVersion and kind: accepting one fills in the other, and in an empty document both are inserted
// together with the name.
import { apiVersionOf, type Gvk, groupKindOf, parseApiVersion } from '../../kube/identity.ts';
import { noteOf } from '../../notes/notes.ts';
import type { KindSummary, SchemaStore } from '../../schema/schema.ts';
import type { TextEdit } from '../../syntax/finding.ts';
import { entryAt, nodeAt } from '../../syntax/navigate.ts';
import { keyName } from '../../syntax/value.ts';
import type { Document } from '../../workspace/document.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { ObjectPlace } from '../place.ts';
import { type Fitting, fittingKinds, withoutDeprecated } from './fitting-kinds.ts';
import { type Completion, choice, escapeSnippet, inQuotes, reindented } from './item.ts';
import { inOrder, kindOrder } from './kind-order.ts';
import type { Layout } from './layout.ts';
import { kindsToWrite } from './objects.ts';
import type { Probe } from './probe.ts';
import type { Snippet } from './snippets.ts';

export interface KindContext {
  readonly workspace: Workspace;
  /** Path of the file. */
  readonly path: string;
  /** The document of the file in which is typed. */
  readonly edited: Document;
  readonly schemas: SchemaStore;
  readonly probe: Probe;
  readonly object: ObjectPlace;
  readonly layout: Layout;
  /** The kind implied by the file's name; no other group is suggested. */
  readonly assumed: Gvk | undefined;
  readonly snippets: readonly Snippet[];
  /** The text of the word before the cursor. */
  readonly word: string;
  /** Nothing follows the line in the document. */
  readonly isLast: boolean;
  /** Converts an offset in the probe's tree to an offset in the document's text. */
  original(offset: number): number;
}

export function servedKinds({ schemas, assumed }: KindContext): readonly KindSummary[] {
  return schemas.kinds().filter(({ served, gvk }) => served && (!assumed || gvk.group === assumed.group));
}

/** The keys `apiVersion` and `kind`, for a map that has neither. */
export function headItems(context: KindContext): readonly Completion[] {
  return context.probe.as === 'key' ? [headItem(context, 'apiVersion', []), headItem(context, 'kind', [])] : [];
}

/** The missing one of the two keys, with the values that fit the other. */
export function missingHead(context: KindContext): readonly Completion[] {
  const { probe, object } = context;
  if (probe.as !== 'key') return [];
  const served = servedKinds(context);
  const fitting = fittingIn(context);
  if (object.apiVersion === undefined) {
    const known = fitting.of(current(served.filter(({ gvk }) => gvk.kind === object.kind))).kinds;
    return [
      headItem(
        context,
        'apiVersion',
        preferredFirst(known).map(({ gvk }) => apiVersionOf(gvk)),
      ),
    ];
  }
  if (object.kind !== undefined) return [];
  const known = current(served.filter(({ gvk }) => apiVersionOf(gvk) === object.apiVersion));
  return [headItem(context, 'kind', kindNames(context, fitting.of(known).kinds))];
}

function fittingIn({ probe, object, schemas }: KindContext): Fitting {
  return fittingKinds(nodeAt(probe.root, object.path), schemas);
}

/** Without deprecated ones beside others, unless the word at the cursor, without its quote, asks for one. */
export function current(kinds: readonly KindSummary[], word = ''): readonly KindSummary[] {
  return withoutDeprecated(kinds, word, ({ gvk, deprecated }) => ({
    ...{ text: gvk.kind, isDeprecated: deprecated !== undefined },
  }));
}

function plainWord({ word, probe: { token } }: KindContext): string {
  return word.slice(token.quote.length);
}

function headItem({ probe }: KindContext, label: 'apiVersion' | 'kind', values: readonly string[]): Completion {
  const value = values.length === 1 ? values[0] : choice(1, values);
  return {
    label,
    kind: 'field',
    detail: 'string, required',
    sort: label === 'apiVersion' ? '!0' : '!1',
    ...(probe.token.quote !== '' && { filter: probe.token.quote + label }),
    insert: probe.token.isKey ? label : `${probe.lead}${label}: ${value}${probe.trail}`,
    ...(values.length === 0 && { again: true }),
    start: probe.token.start,
    end: probe.token.end,
    ...reindented(probe),
  };
}

function preferredFirst(kinds: readonly KindSummary[]): readonly KindSummary[] {
  const rank = ({ storage, deprecated }: KindSummary) => (deprecated === undefined ? 0 : 2) + (storage ? 0 : 1);
  return kinds.toSorted((a, b) => rank(a) - rank(b));
}

/** Values of `kind`: those of the object's apiVersion first. Any other kind also changes the apiVersion. */
export function kindValues(context: KindContext): readonly Completion[] {
  const { probe, object } = context;
  const word = plainWord(context);
  const next = nextLine(context);
  const served = servedKinds(context);
  const ofVersion = served.filter(({ gvk }) => apiVersionOf(gvk) === object.apiVersion);
  const known = new Set(ofVersion.map(({ gvk }) => groupKindOf(gvk)));
  const others = kindsToWrite(served).filter(({ gvk }) => !known.has(groupKindOf(gvk)));
  const offered = [...current(ofVersion, word), ...current(others, word)];
  const begins = beginsWith(word);
  const likely = inOrder(
    offered,
    (kind) => `${begins(kind) ? 0 : 1}${ofVersion.includes(kind) ? 0 : 1}${sortOf(context, kind)}`,
  );
  const ofWord = likely.findLastIndex((kind) => begins(kind) && ofVersion.includes(kind)) + 1;
  const { kinds, isCut } = fittingIn(context).of(likely, ofWord === 0 ? undefined : ofWord);
  return kinds.map((kind) => {
    const apiVersion = apiVersionOf(kind.gvk);
    const fits = object.apiVersion === apiVersion;
    const item = kindItem(context, kind);
    const edit = fits ? undefined : apiVersionEdit(context, apiVersion);
    return {
      ...item,
      sort: `${fits ? 0 : 1}${item.sort}`,
      insert: probe.lead + inQuotes(kind.gvk.kind, probe.token.quote) + next,
      ...(isCut && { partial: true }),
      ...(next !== '' && { again: true as const }),
      ...(edit && { additional: [edit] }),
    };
  });
}

export function beginsWith(word: string): (kind: KindSummary) => boolean {
  const start = word.toLowerCase();
  return ({ gvk }) => gvk.kind.toLowerCase().startsWith(start);
}

/** The line after the kind, if the object is yet to be written: its next key is chosen there. */
function nextLine({ isLast, probe, object, layout }: KindContext): string {
  const map = nodeAt(probe.root, object.path);
  if (!isLast || probe.flow || map?.type !== 'map') return '';
  const isBegun = map.entries.every(({ key }) => ['apiVersion', 'kind'].includes(keyName(key) ?? ''));
  return isBegun ? layout.eol + ' '.repeat(probe.indent - 2) : '';
}

/** Values of `apiVersion`: those of the object's kind or, without a kind, all of them with a choice of their kinds. */
export function apiVersionValues(context: KindContext): readonly Completion[] {
  const { probe, object, layout } = context;
  const byVersion = new Map<string, KindSummary[]>();
  const ofKind = servedKinds(context).filter(({ gvk }) => object.kind === undefined || gvk.kind === object.kind);
  const fresh = withoutDeprecated(ofKind, plainWord(context), ({ gvk, deprecated }) => ({
    ...{ text: apiVersionOf(gvk), isDeprecated: deprecated !== undefined },
  }));
  const { kinds: fitting, isCut } = fittingIn(context).of(inOrder(fresh, (one) => sortOf(context, one)));
  for (const kind of fitting) {
    const apiVersion = apiVersionOf(kind.gvk);
    byVersion.set(apiVersion, [...(byVersion.get(apiVersion) ?? []), kind]);
  }
  const indent = ' '.repeat(probe.indent - 2);
  return [...byVersion].map(([apiVersion, kinds]) => {
    const [first] = inOrder(kinds, (kind) => sortOf(context, kind));
    const item = kindItem(context, first!);
    const names = kindNames(context, kinds);
    const fill = `${layout.eol}${indent}kind: ${names.length === 1 ? escapeSnippet(names[0]!) : choice(1, names)}`;
    return {
      ...item,
      label: apiVersion,
      kind: 'value' as const,
      detail: kinds.length === 1 ? kinds[0]!.gvk.kind : `${kinds.length} kinds`,
      ...filterOf(probe, apiVersion),
      insert: `${probe.lead}${inQuotes(apiVersion, probe.token.quote)}${object.kind === undefined && !probe.flow ? fill : ''}`,
      ...(isCut && { partial: true }),
    };
  });
}

export function kindItem(context: KindContext, kind: KindSummary, sort = sortOf(context, kind)): Completion {
  const { probe } = context;
  const { gvk, origin, deprecated, storage } = kind;
  const documentation = [
    noteOf(gvk, [])?.text,
    typeof deprecated === 'string' ? deprecated : undefined,
    `Schema: ${origin}${storage ? '' : ', not the stored version'}.`,
  ];
  return {
    label: gvk.kind,
    kind: 'value',
    detail: apiVersionOf(gvk),
    documentation: () => documentation.filter((line) => line !== undefined).join('\n\n'),
    ...(deprecated !== undefined && { deprecated: true as const }),
    sort,
    ...filterOf(probe, gvk.kind),
    insert: gvk.kind,
    start: probe.token.start,
    end: probe.token.end,
    ...reindented(probe),
  };
}

/** The typed word includes its opening quote. */
function filterOf({ token }: Probe, label: string): Pick<Completion, 'filter'> {
  return token.quote === '' ? {} : { filter: token.quote + label };
}

/** In the order of the list, so that the first choice is the likeliest. */
function kindNames(context: KindContext, kinds: readonly KindSummary[]): readonly string[] {
  return inOrder(kinds, (kind) => sortOf(context, kind)).map(({ gvk }) => gvk.kind);
}

export function sortOf({ workspace, path }: KindContext, { gvk, storage, deprecated }: KindSummary): string {
  return `${deprecated === undefined ? 0 : 1}${kindOrder(workspace, groupKindOf(gvk), path)}${storage ? 0 : 1}${gvk.kind}`;
}

/** Replaces the object's apiVersion, or inserts one above `kind`. */
function apiVersionEdit({ probe, object, layout, original }: KindContext, apiVersion: string): TextEdit | undefined {
  const entry = entryAt(probe.root, [...object.path, 'apiVersion']);
  if (entry) {
    // A word that doesn't parse may be half-typed; only valid versions are replaced.
    if (object.apiVersion !== undefined && !parseApiVersion(object.apiVersion)) return undefined;
    const { value } = entry;
    const empty = value.start === value.end;
    const quote = value.type !== 'scalar' ? '' : value.style === 'double' ? '"' : value.style === 'single' ? "'" : '';
    return {
      start: original(value.start),
      end: original(value.end),
      text: empty ? ` ${apiVersion}` : inQuotes(apiVersion, quote),
    };
  }
  if (probe.flow) return undefined;
  const kind = entryAt(probe.root, [...object.path, 'kind']);
  if (!kind) return undefined;
  const at = original(kind.key.start);
  const column = at - probe.token.lineStart;
  return { start: at, end: at, text: `apiVersion: ${apiVersion}${layout.eol}${' '.repeat(column)}` };
}
