// Finds the folder of the workspace that a misspelled path means.
import { fileNameOf, folderOf, foldersUp, joinPath } from '../kustomize/paths.ts';
import { nearest } from '../schema/nearest.ts';
import type { Workspace } from './workspace.ts';

/** Each step of the path that isn't there is the folder most like it; undefined if one has none. */
export function folderLike(workspace: Pick<Workspace, 'below'>, path: string): string | undefined {
  const names = namesIn(workspace.below(''));
  let at = '';
  for (const step of path.split('/')) {
    const inside = names.get(at) ?? new Set();
    const name = inside.has(step) ? step : nearest(step, inside);
    if (name === undefined) return undefined;
    at = joinPath(at, name);
  }
  return at;
}

/** A folder as it would be written in the place of another path. */
export function writtenLike(path: string, folder: string): string {
  return path.startsWith('./') ? `./${folder}` : folder;
}

type Names = ReadonlyMap<string, ReadonlySet<string>>;

/** By the list of all files, which is the same until some come or go. */
const known = new WeakMap<readonly string[], Names>();

/** The names of the folders in each folder. */
function namesIn(paths: readonly string[]): Names {
  const before = known.get(paths);
  if (before) return before;
  const names = new Map<string, Set<string>>();
  for (const folder of new Set([...new Set(paths.map(folderOf))].flatMap(foldersUp))) {
    if (folder === '') continue;
    const parent = folderOf(folder);
    if (!names.has(parent)) names.set(parent, new Set());
    names.get(parent)!.add(fileNameOf(folder));
  }
  known.set(paths, names);
  return names;
}
