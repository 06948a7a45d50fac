// Every kind Capstan knows more of than its schema: the rows of `kinds/`, by `group/Kind`.
import { type GroupKind, groupKindOf } from './identity.ts';
import type { Kind } from './kind.ts';

const groups: readonly (readonly Kind[])[] = [];

const rows: ReadonlyMap<GroupKind, Kind> = new Map(groups.flat().map((row) => [groupKindOf(row), row]));

export function kindRow(groupKind: GroupKind): Kind | undefined {
  return rows.get(groupKind);
}
