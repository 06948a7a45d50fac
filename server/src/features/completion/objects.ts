// Whole objects, for an empty document or a new file: our snippet of the kind if there is one, else what the kind's schema
// requires. Every placeholder is a value that the schema accepts.
import { apiVersionOf, type GroupKind, groupKindOf } from '../../kube/identity.ts';
import { dnsLabelProblem } from '../../kube/names.ts';
import type { KindSummary, SchemaStore } from '../../schema/schema.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { generatedLines } from './generated.ts';
import type { Snippet } from './snippets.ts';

export interface ObjectContext {
  readonly workspace: Workspace;
  readonly schemas: SchemaStore;
  readonly snippets: readonly Snippet[];
}

/** One summary for each kind: the version to write new objects in. */
export function kindsToWrite(kinds: readonly KindSummary[]): readonly KindSummary[] {
  const best = new Map<GroupKind, KindSummary>();
  for (const kind of kinds) {
    if (!kind.served || /(?:Review|^Binding|^Status)$/.test(kind.gvk.kind)) continue;
    const known = best.get(groupKindOf(kind.gvk));
    if (!known || rank(kind) < rank(known)) best.set(groupKindOf(kind.gvk), kind);
  }
  return [...best.values()];
}

function rank({ storage, deprecated }: KindSummary): number {
  return (deprecated === undefined ? 0 : 2) + (storage ? 0 : 1);
}

/** Our snippet of the kind, in this version. */
export function snippetFor({ snippets }: ObjectContext, { gvk }: KindSummary): Snippet | undefined {
  const known = ofKinds.get(snippets) ?? byKind(snippets);
  ofKinds.set(snippets, known);
  return known.get(`${groupKindOf(gvk)} ${apiVersionOf(gvk)}`);
}

const ofKinds = new WeakMap<readonly Snippet[], ReadonlyMap<string, Snippet>>();

/** The first snippet of each kind and version. */
function byKind(snippets: readonly Snippet[]): ReadonlyMap<string, Snippet> {
  const found = new Map<string, Snippet>();
  for (const snippet of snippets) {
    if (!snippet.object) continue;
    const key = `${snippet.object.groupKind} ${snippet.object.apiVersion}`;
    if (!found.has(key)) found.set(key, snippet);
  }
  return found;
}

/** The namespace that objects of a kind are in; `undefined` if nothing is known, empty if they have none. */
export type UsualNamespace = string | undefined;

/** The lines of an object as a snippet in LSP syntax, in the usual layout. `name` is the likely name of the object. */
export function objectLines(
  context: ObjectContext,
  kind: KindSummary,
  namespace: UsualNamespace,
  name?: string,
): readonly string[] {
  const own = snippetFor(context, kind);
  return named(
    own
      ? inNamespace(own.body, kind, namespace)
      : [...headLines(kind, namespace), ...generatedLines(context.schemas, kind)],
    name,
  );
}

/** A snippet that makes the name of parts keeps its own. */
function named(lines: readonly string[], name: string | undefined): readonly string[] {
  const at = lines.findIndex((line) => /^ {2}name: \$\{1:[^}]*\}$/.test(line));
  return name === undefined || at === -1 ? lines : lines.with(at, `  name: \${1:${name}}`);
}

/** The first lines of an object, for a kind whose schema isn't read yet. */
export function headLines(kind: KindSummary, namespace: UsualNamespace): readonly string[] {
  const lines = [
    `apiVersion: ${apiVersionOf(kind.gvk)}`,
    `kind: ${kind.gvk.kind}`,
    'metadata:',
    '  name: ${1:example}',
  ];
  return inNamespace(lines, kind, namespace);
}

/** The namespace that most objects of the kind in the workspace are in. */
export function usualNamespace({ workspace }: ObjectContext, groupKind: GroupKind): UsualNamespace {
  const counts = new Map<string, number>();
  let read = 0;
  for (const { object, from } of workspace.index.definitionsOf(groupKind)) {
    // Of an object that kustomize generates the namespace is set elsewhere.
    if (from !== 'object') continue;
    if (++read > sample) break;
    const namespace = object.namespace ?? '';
    // Templates of other tools are written in it.
    if (namespace !== '' && dnsLabelProblem(namespace) !== undefined) continue;
    counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
  }
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0];
}

/** Enough objects to know what is usual. */
const sample = 50;

/** Sets, adds or drops the namespace of the first object. */
function inNamespace(lines: readonly string[], { scope }: KindSummary, namespace: UsualNamespace): readonly string[] {
  const name = lines.findIndex((line) => line.startsWith('  name:'));
  const end = lines.indexOf('---');
  const at = lines.findIndex((line) => line.startsWith('  namespace: '));
  const isSet = at !== -1 && (end === -1 || at < end);
  if (scope === 'Cluster' || name === -1) return lines;
  if (namespace === '') return isSet && end === -1 ? lines.toSpliced(at, 1) : lines;
  if (!isSet) {
    // The others of the snippet would be in another one.
    if (end !== -1) return lines;
    const later = lines.map((line) =>
      line.replace(/\$(\{?)(\d+)/g, (stop, open, number) => moved(stop, open, Number(number))),
    );
    return later.toSpliced(name + 1, 0, `  namespace: \${2:${namespace ?? 'default'}}`);
  }
  if (namespace === undefined) return lines;
  return lines.with(at, lines[at]!.replace(/(?<=\$\{\d+:)[^}]*(?=\})/, namespace));
}

/** The stops after the first make room for the namespace's. */
function moved(stop: string, open: string, number: number): string {
  return number < 2 ? stop : `$${open}${number + 1}`;
}
