// Entries that differ in nothing but their objects: a change that many objects share is read once.
import { groupedBy } from '../kube/grouped.ts';
import { type Entry, filesLabel } from './report.ts';

/** The entries of a group are in their order; groups are in that of their first entries. */
export function groupsOf(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  return [...groupedBy(entries, sharedKey).values()];
}

function sharedKey(entry: Entry): string {
  const { apiVersion, kind, is, targets, fields, problems, loss, why, machines, suspended, wasName } = entry;
  // Values that are hidden may differ, and so may what has another name now.
  const isOwn = wasName !== undefined || fields.length === 0 || fields.some(({ isHidden }) => isHidden);
  const own = isOwn || targets.includes(filesLabel) ? [entry.namespace, entry.name, entry.origin.source.file] : [];
  const shared = [apiVersion, kind, is, targets, fields, problems, loss, why, machines, suspended, ...own];
  return JSON.stringify(shared, (_key, value) => (typeof value === 'bigint' ? String(value) : value));
}
