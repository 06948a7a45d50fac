// The order in which kinds are suggested, for an object's own kind and for the kind in a reference.
import type { GroupKind } from '../../kube/identity.ts';
import { kindRow } from '../../kube/kinds.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { unusual, usualKindRank } from './usual.ts';

/** Kinds used in the workspace come first, then the usual ones, then the other kinds of Cluster API, Flux and Kubernetes. */
export function kindOrder(workspace: Workspace, groupKind: GroupKind): string {
  return `${tierOf(workspace, groupKind)}${String(usualKindRank(groupKind)).padStart(3, '0')}`;
}

function tierOf(workspace: Workspace, groupKind: GroupKind): number {
  if (workspace.index.hasKind(groupKind)) return 0;
  if (kindRow(groupKind) || usualKindRank(groupKind) < unusual) return 1;
  const group = groupKind.slice(0, groupKind.indexOf('/'));
  if (/(?:^|\.)(?:fluxcd\.io|cluster\.x-k8s\.io)$/.test(group)) return 2;
  return group === '' || !group.includes('.') || group.endsWith('.k8s.io') ? 2 : 3;
}

export function inOrder<T>(items: readonly T[], key: (item: T) => string): readonly T[] {
  const keyed = items.map((item) => ({ item, key: key(item) }));
  return keyed.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ item }) => item);
}
