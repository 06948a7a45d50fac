// Stores a release as its differences from another release of the same project, its base: a file that is equal isn't
// stored, a file that is nearly equal is stored as a merge patch (RFC 7386), and so is the list of kinds in the index.
import { isRecord } from './facts.ts';
import { canonicalJson, type ReleaseFiles, releaseId, type StoredRelease } from './stored.ts';

/** The content of a file that is a merge patch of the base's file with the same key. */
export interface Packed {
  readonly changes: unknown;
}

/** The patch that makes `to` of `from`; applying it may not give `to` where `to` contains null. */
function difference(from: unknown, to: unknown): unknown {
  if (!isRecord(from) || !isRecord(to)) return to;
  const changed = Object.entries(to).filter(([key, value]) => !isSame(own(from, key), value));
  const dropped = Object.keys(from).filter((key) => !Object.hasOwn(to, key));
  return Object.fromEntries([
    ...changed.map(([key, value]) => [key, difference(own(from, key), value)] as const),
    ...dropped.map((key) => [key, null] as const),
  ]);
}

export function patched(from: unknown, changes: unknown): unknown {
  if (!isRecord(changes)) return changes;
  const result = new Map(Object.entries(isRecord(from) ? from : {}));
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) result.delete(key);
    else result.set(key, patched(result.get(key), value));
  }
  return Object.fromEntries(result);
}

function isSame(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

function own(record: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** As it is stored beside `base`. */
export function packed(made: ReleaseFiles, base: ReleaseFiles): ReleaseFiles {
  const id = releaseId(made.release);
  const baseId = releaseId(base.release);
  const groups = difference(base.release.groups, made.release.groups) as StoredRelease['groups'];
  const files = new Map<string, string>();
  for (const [key, content] of made.files) {
    const before = base.files.get(baseId + key.slice(id.length));
    if (before === undefined) files.set(key, content);
    else if (before !== content) files.set(key, smaller(before, content));
  }
  return { release: { ...made.release, base: baseId, groups }, files };
}

function smaller(before: string, content: string): string {
  const from: unknown = JSON.parse(before);
  const to: unknown = JSON.parse(content);
  const changes = difference(from, to);
  const stored = canonicalJson({ changes } satisfies Packed);
  const isExact = isSame(patched(from, changes), to);
  return isExact && stored.length < content.length ? stored : content;
}

/** The list of kinds of a release that is stored beside `base`. */
export function unpackedGroups(groups: unknown, base: StoredRelease['groups']): unknown {
  return patched(base, groups);
}

/**
 * The value of a file: its own content, or with `changes` that of the base's file. `base` is asked only if the file isn't
 * stored or is a patch.
 */
export function unpackedValue(own: unknown, base: () => unknown): unknown {
  if (own === undefined) return base();
  return isRecord(own) && Object.hasOwn(own, 'changes') ? patched(base(), own.changes) : own;
}
