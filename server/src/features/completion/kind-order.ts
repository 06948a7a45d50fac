// The order in which kinds are suggested, for an object's own kind and for the kind in a reference.
import { type GroupKind, groupOf, kindName } from '../../kube/identity.ts';
import { kindRow } from '../../kube/kinds.ts';
import { kindOfShortName } from '../../kube/short-names.ts';
import { fileNameOf } from '../../kustomize/paths.ts';
import { isKustomizationFile } from '../../workspace/roles.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { unusual, usualKindRank } from './usual.ts';

/**
 * Kinds that the file is named after come first, then those of files with the same name, those used most in the
 * workspace, the usual ones, and the other kinds of Cluster API, Flux and Kubernetes.
 */
export function kindOrder(workspace: Workspace, groupKind: GroupKind, path?: string): string {
  const file = path === undefined ? undefined : fileHints(workspace, path);
  // Kustomize reads its own kinds only from files of a certain name.
  const isMisplaced = path !== undefined && isOfKustomize(groupKind) && !isKustomizationFile(path);
  const used = isMisplaced ? 0 : workspace.index.countOf(groupKind) - (file?.own.get(groupKind) ?? 0);
  return [
    ...[digits(namedRank(file, groupKind), 2), digits(Math.max(0, 999 - (file?.namesakes.get(groupKind) ?? 0)), 3)],
    ...[
      used > 0 ? '0' : isMisplaced ? '3' : String(tierOf(groupKind)),
      digits(9999 - Math.min(9999, Math.max(0, used)), 4),
    ],
    digits(usualKindRank(groupKind), 3),
  ].join('');
}

function isOfKustomize(groupKind: GroupKind): boolean {
  return groupOf(groupKind) === 'kustomize.config.k8s.io';
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

function tierOf(groupKind: GroupKind): number {
  if (kindRow(groupKind) || usualKindRank(groupKind) < unusual) return 1;
  const group = groupKind.slice(0, groupKind.indexOf('/'));
  if (/(?:^|\.)(?:fluxcd\.io|cluster\.x-k8s\.io)$/.test(group)) return 2;
  return group === '' || !group.includes('.') || group.endsWith('.k8s.io') ? 2 : 3;
}

interface FileHints {
  /** The words of the file's name, also joined, in lower case: `helm`, `release` and `helmrelease`. */
  readonly words: ReadonlySet<string>;
  readonly shortNames: ReadonlySet<GroupKind>;
  /** How many other files of the same name begin with an object of the kind. */
  readonly namesakes: ReadonlyMap<GroupKind, number>;
  /** The objects of the file itself. */
  readonly own: ReadonlyMap<GroupKind, number>;
}

/** The more of the name a kind explains, the lower. */
function namedRank(file: FileHints | undefined, groupKind: GroupKind): number {
  const kind = kindName(groupKind).toLowerCase();
  if (!file || !(file.words.has(kind) || file.words.has(`${kind}s`) || file.shortNames.has(groupKind))) return 99;
  return 98 - Math.min(98, kind.length);
}

const hints = new WeakMap<Workspace, { readonly revision: number; readonly path: string; readonly hints: FileHints }>();

/** Computed once for all kinds of a list. */
function fileHints(workspace: Workspace, path: string): FileHints {
  const known = hints.get(workspace);
  if (known?.path === path && known.revision === workspace.revision) return known.hints;
  const made = readHints(workspace, path);
  hints.set(workspace, { revision: workspace.revision, path, hints: made });
  return made;
}

function readHints(workspace: Workspace, path: string): FileHints {
  const name = fileNameOf(path);
  const parts = name
    .replace(/\.[^.]*$/, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .slice(0, 8);
  const words = new Set(
    parts.flatMap((_, from) => parts.slice(from).map((_, to) => parts.slice(from, from + to + 1).join(''))),
  );
  const shortNames = parts.flatMap((part) => kindOfShortName(part) ?? []);
  const namesakes = new Map<GroupKind, number>();
  const own = new Map<GroupKind, number>();
  for (const file of workspace.files()) {
    if (!file.path.endsWith(name) || fileNameOf(file.path) !== name) continue;
    const isOwn = file.path === path;
    for (const { document } of isOwn ? file.documents : file.documents.slice(0, 1)) {
      for (const { groupKind } of document.facts.objects) {
        const counts = isOwn ? own : namesakes;
        counts.set(groupKind, (counts.get(groupKind) ?? 0) + 1);
      }
    }
  }
  return { words, shortNames: new Set(shortNames), namesakes, own };
}

export function inOrder<T>(items: readonly T[], key: (item: T) => string): readonly T[] {
  const keyed = items.map((item) => ({ item, key: key(item) }));
  return keyed.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ item }) => item);
}
