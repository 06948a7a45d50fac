// Whole objects as items, for an empty document or the place where another begins. Each is fitted to the repository: its
// names are free, and what it names is there. That takes longer than a keystroke for a whole list, doesn't depend on the word
// that is typed, and can be prepared while nobody types.
import { apiVersionOf, type GroupKind, groupKindOf } from '../../kube/identity.ts';
import { insides } from '../../kube/insides.ts';
import type { KindSummary } from '../../schema/schema.ts';
import { parseManifest } from '../../syntax/manifest.ts';
import { nodeAt } from '../../syntax/navigate.ts';
import { atOnce, type Steps } from '../../syntax/steps.ts';
import { isKustomizationFile } from '../../workspace/roles.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { valuesInside } from './inside.ts';
import type { Completion } from './item.ts';
import { Kept } from './kept.ts';
import { inOrder } from './kind-order.ts';
import { beginsWith, current, type KindContext, kindItem, servedKinds, sortOf } from './kinds.ts';
import { laidOut } from './layout.ts';
import { nameFromPath } from './object-name.ts';
import { kindsToWrite, objectLines, snippetFor, type UsualNamespace, usualNamespace } from './objects.ts';
import { isSubsequence } from './offered.ts';
import { othersOf } from './others.ts';
import { namespacesInUse } from './seen.ts';
import { settledObject } from './settled.ts';
import { type Snippet, snippetItem } from './snippets.ts';

/**
 * The likeliest objects; the others that the word fits follow when it is longer. Those that are generated need the schema of
 * their kind, which is read then.
 */
const mostObjects = 40;
const mostGenerated = 12;

/** Whole objects, for a map that has neither apiVersion nor kind, then our other snippets of objects. */
export function objectItems(context: KindContext): readonly Completion[] {
  return atOnce(objectSteps(context));
}

/** The same in steps, one for each object. */
export function* objectSteps(context: KindContext): Steps<readonly Completion[]> {
  const { probe, layout, snippets } = context;
  if (probe.flow || probe.token.isKey) return [];
  // Only files of certain names are kustomizations.
  const isPossible = ({ gvk }: KindSummary) =>
    gvk.group !== 'kustomize.config.k8s.io' || isKustomizationFile(context.path);
  const possible = servedKinds(context).filter(isPossible);
  const kinds = kindsToWrite(possible);
  const fitting = current(
    kinds.filter(({ gvk }) => isSubsequence(context.word, gvk.kind)),
    context.word,
  );
  const begins = beginsWith(context.word);
  const sorts = new Map(fitting.map((kind) => [kind, sortOf(context, kind)]));
  const written = inOrder(fitting, (kind) => `${begins(kind) ? 0 : 1}${sorts.get(kind)}`).map(
    (kind) => [kind, snippetFor(context, kind)] as const,
  );
  const used = new Set(written.map(([, snippet]) => snippet));
  const generated = written.filter(([, snippet]) => !snippet);
  const room = Math.max(mostGenerated, mostObjects - (written.length - generated.length));
  const left = new Set(generated.slice(room).map(([kind]) => kind));
  const likely = written.filter(([kind]) => !left.has(kind)).slice(0, mostObjects);
  const isCut = likely.length < written.length;
  const names = new Set(kinds.map(({ gvk }) => gvk.kind.toLowerCase()));
  const near = new Map<string, string | undefined>();
  const fitted = fittedLast.while(context.workspace, dependencies(context));
  const items: Completion[] = [];
  for (const [kind, snippet] of likely) {
    const lines = fitted(keyOf(kind), () => {
      const own = objectLines(context, kind, namespaceOf(context, kind, near), likelyName(context, kind, names));
      return settledObject(own, context, { isTested: snippet !== undefined });
    });
    yield;
    if (!lines) continue;
    items.push({
      ...kindItem(context, kind, sorts.get(kind)),
      kind: 'resource',
      insert: probe.lead + laidOut(lines, layout, probe.indent),
      ...(isCut && { partial: true }),
    });
  }
  // The workspace may have CRDs of other versions than those that a snippet is written for.
  const served = new Set(possible.map(keyOf));
  for (const one of snippets) {
    if (!one.object || used.has(one) || !served.has(`${one.object.groupKind} ${one.object.apiVersion}`)) continue;
    const body = fitted(one, () => settledObject(one.body, context, { isTested: true }));
    yield;
    if (body) items.push(snippetItem({ ...one, body }, probe, layout));
  }
  return items;
}

function keyOf({ gvk }: KindSummary): string {
  return `${groupKindOf(gvk)} ${apiVersionOf(gvk)}`;
}

/** What others of the kind are in, or else those of its group that are near, which are kept in `near`. */
function namespaceOf(
  context: KindContext,
  { gvk }: KindSummary,
  near: Map<string, string | undefined>,
): UsualNamespace {
  const { group } = gvk;
  const usual = usualNamespace(context, groupKindOf(gvk));
  if (usual !== undefined) return usual;
  if (!near.has(group)) near.set(group, namespacesInUse(context.workspace, context.path, group)[0]);
  return near.get(group);
}

/** A name that no object of the kind in the file has, and of which nobody expects more than an example has. */
function likelyName({ workspace, path }: KindContext, { gvk }: KindSummary, names: ReadonlySet<string>) {
  const groupKind = groupKindOf(gvk);
  const name = nameFromPath(path, gvk, names);
  const objects = workspace.file(path)?.documents.flatMap(({ document }) => document.facts.objects) ?? [];
  if (name === undefined || objects.some((one) => one.name === name && one.groupKind === groupKind)) return undefined;
  return isReadInside(workspace, groupKind, name) ? undefined : name;
}

/** Whether a reference to the object also names something inside it, such as a port or a key. */
function isReadInside({ index }: Workspace, groupKind: GroupKind, name: string): boolean {
  const named = insides.flatMap(({ to, at }) => (to.includes(groupKind) ? at : []));
  if (named.length === 0) return false;
  return index.uses(groupKind, name).some(({ by: { document, object }, use }) => {
    const { root } = parseManifest(document.text);
    const path = [...object.path, ...use.path];
    const reference = nodeAt(root, path);
    const around = reference?.type === 'map' ? reference : nodeAt(root, path.slice(0, -1));
    return around !== undefined && named.some((at) => valuesInside(around, at).length > 0);
  });
}

/** The lines of an object that fits; undefined if none does. By kind, or by snippet beside that of its kind. */
const fittedLast = new Kept<string | Snippet, readonly string[] | undefined>();

function dependencies({ workspace, path, edited, schemas, snippets }: KindContext): readonly unknown[] {
  return [...othersOf(workspace, path, edited), schemas, snippets];
}
