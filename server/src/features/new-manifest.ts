// A new manifest: the kinds to choose from, where a file of the kind goes, and its text.
import { apiVersionOf, type GroupKind, type Gvk, groupKindOf } from '../kube/identity.ts';
import { fileNameOf, folderOf, joinPath, kustomizationNames, sharedFolders } from '../kustomize/paths.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { nodeAt } from '../syntax/navigate.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { inOrder, kindOrder } from './completion/kind-order.ts';
import { laidOut, layoutOf, usualLayout } from './completion/layout.ts';
import { kindsToWrite, type ObjectContext, objectLines, snippetFor, usualNamespace } from './completion/objects.ts';
import { settledObject } from './completion/settled.ts';
import type { Snippet } from './completion/snippets.ts';

export interface KindChoice {
  readonly apiVersion: string;
  readonly kind: string;
  /** Objects of the kind in the workspace. */
  readonly isUsed: boolean;
}

/** Those of the workspace first, then the usual ones. */
export function kindChoices(workspace: Workspace, near: string): readonly KindChoice[] {
  const kinds = kindsToWrite(workspace.schemas.storeFor(near).kinds()).filter(
    ({ deprecated }) => deprecated === undefined,
  );
  const order = (gvk: Gvk) => `${kindOrder(workspace, groupKindOf(gvk))}${gvk.kind}`;
  return inOrder(kinds, ({ gvk }) => order(gvk)).map(({ gvk }) => ({
    apiVersion: apiVersionOf(gvk),
    kind: gvk.kind,
    isUsed: workspace.index.hasKind(groupKindOf(gvk)),
  }));
}

export interface Proposal {
  /** From the root; a path that no file has. */
  readonly path: string;
  /** In LSP syntax. */
  readonly snippet: string;
}

/** `near` is the path of the file that its author comes from. Undefined if the kind isn't served. */
export function proposeManifest(
  workspace: Workspace,
  snippets: readonly Snippet[],
  gvk: Gvk,
  near: string,
): Proposal | undefined {
  const schemas = workspace.schemas.storeFor(near);
  const kind = schemas
    .kinds()
    .find((one) => one.served && apiVersionOf(one.gvk) === apiVersionOf(gvk) && one.gvk.kind === gvk.kind);
  if (!kind) return undefined;
  const context: ObjectContext = { workspace, schemas, snippets };
  const groupKind = groupKindOf(gvk);
  const siblings = siblingsOf(workspace, groupKind, near);
  const [sibling] = siblings;
  const style = sibling && workspace.file(sibling.path)?.text;
  const path = pathFor(workspace, gvk, siblings, near);
  const own = objectLines(context, kind, usualNamespace(context, groupKind));
  const isTested = snippetFor(context, kind) !== undefined;
  const lines = settledObject(own, { ...context, path }, { isTested }) ?? own;
  return {
    path,
    snippet: `${laidOut(lines, style === undefined ? usualLayout : layoutOf(style), 0)}\n`,
  };
}

interface Sibling {
  readonly path: string;
  readonly name: string;
}

/** Files that hold objects of the kind: those nearest to a path first. */
function siblingsOf(workspace: Workspace, groupKind: GroupKind, near: string): readonly Sibling[] {
  const all: Sibling[] = [];
  for (const { path, name, from } of workspace.index.definitionsOf(groupKind))
    if (from === 'object') all.push({ path, name });
  return all.toSorted(
    (a, b) => sharedFolders(near, b.path) - sharedFolders(near, a.path) || (a.path < b.path ? -1 : 1),
  );
}

function pathFor(workspace: Workspace, gvk: Gvk, siblings: readonly Sibling[], near: string): string {
  // Its folder is what it is about, and its name is fixed.
  if (gvk.group === 'kustomize.config.k8s.io') return unusedPath(workspace, folderOf(near), kustomizationNames[0]!);
  return unusedPath(workspace, folderOf(siblings[0]?.path ?? near), nameLike(gvk.kind, siblings));
}

/** As the siblings' files are named: after the kind, or with a part that is the name of the object. */
function nameLike(kind: string, siblings: readonly Sibling[]): string {
  const [sibling] = siblings;
  // A file of that name would be kustomize's.
  if (!sibling && kind === 'Kustomization') return 'flux-kustomization.yaml';
  if (!sibling) return `${kind.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `-${letter}`).toLowerCase()}.yaml`;
  const file = fileNameOf(sibling.path);
  // Only whole words: the name “a” is not in `release.yaml`.
  const at = ` ${file.replace(/[^A-Za-z0-9]/g, ' ')} `.indexOf(` ${sibling.name.replace(/[^A-Za-z0-9]/g, ' ')} `);
  return at === -1 ? file : `${file.slice(0, at)}example${file.slice(at + sibling.name.length)}`;
}

function unusedPath(workspace: Workspace, folder: string, name: string): string {
  const end = name.lastIndexOf('.');
  for (let number = 1; ; number += 1) {
    const path = joinPath(folder, number === 1 ? name : `${name.slice(0, end)}-${number}${name.slice(end)}`);
    if (!workspace.file(path)) return path;
  }
}

/** Where a kustomization lists a new file. */
export interface Listing {
  readonly path: string;
  /** Offset in the file, and the text to insert there. */
  readonly at: number;
  readonly text: string;
}

/** Undefined unless the kustomization of the file's folder lists files of the folder, each on a line of its own. */
export function listingOf(workspace: Workspace, path: string): Listing | undefined {
  const folder = folderOf(path);
  const file = kustomizationNames.flatMap((name) => workspace.file(joinPath(folder, name)) ?? [])[0];
  const [first] = file?.documents ?? [];
  if (!file || !first || file.documents.length !== 1) return undefined;
  const list = nodeAt(parseManifest(first.document.text).root, ['resources']);
  if (list?.type !== 'seq' || list.flow) return undefined;
  const items = list.items.flatMap((item) => (item.type === 'scalar' && typeof item.value === 'string' ? [item] : []));
  const last = items.at(-1);
  const listed = items.map(({ value }) => String(value));
  const name = fileNameOf(path);
  const besides = listed.filter((one) => workspace.file(joinPath(folder, one.replace(/^\.\//, ''))));
  if (!last || items.length !== list.items.length || besides.length === 0 || listed.includes(name)) return undefined;
  const lineEnd = /\r?\n|$/.exec(file.text.slice(first.start + last.end))!;
  const lineStart = file.text.lastIndexOf('\n', first.start + last.start - 1) + 1;
  const dash = /^ *- +/.exec(file.text.slice(lineStart))?.[0];
  if (dash === undefined) return undefined;
  const written = listed.at(-1)!.startsWith('./') ? `./${name}` : name;
  const at = first.start + last.end + lineEnd.index;
  return { path: file.path, at, text: `${file.text.includes('\r\n') ? '\r\n' : '\n'}${dash}${written}` };
}
