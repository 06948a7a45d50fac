// Which objects `capstan status` shows: by namespace, by kind, or only those that aren't well.
import { type GroupKind, groupOf, kindName } from '../../kube/identity.ts';
import type { RowState } from '../../protocol.ts';
import { isWellState } from './marks.ts';

export interface StatusFilter {
  readonly namespace: string | undefined;
  /** As kubectl accepts them, in lower case: `kustomization`, `kustomizations`, `deployment.apps`. */
  readonly kinds: readonly string[];
  readonly failed: boolean;
}

interface Shown {
  readonly groupKind: GroupKind;
  readonly namespace?: string | undefined;
  readonly state: RowState;
}

export function isAll({ namespace, kinds, failed }: StatusFilter): boolean {
  return namespace === undefined && kinds.length === 0 && !failed;
}

export function passes({ namespace, kinds, failed }: StatusFilter, object: Shown): boolean {
  return (
    (namespace === undefined || object.namespace === namespace) &&
    (kinds.length === 0 || kinds.some((kind) => isNamed(kind, object.groupKind))) &&
    (!failed || !isWellState(object.state))
  );
}

function isNamed(word: string, groupKind: GroupKind): boolean {
  const [name = '', ...group] = word.split('.');
  const own = kindName(groupKind).toLowerCase();
  const isKind = [own, `${own}s`, own.replace(/y$/, 'ies'), own.replace(/(s|x|ch)$/, '$1es')].includes(name);
  return isKind && (group.length === 0 || groupOf(groupKind) === group.join('.'));
}
