// Loads both sides of a comparison for the command line into one workspace: first with the older files, then with the current
// ones, so that what they have in common is read and built once.

import { setFiles } from '../../change/revert.ts';
import { type Side, sideOf } from '../../change/side.ts';
import type { CurrentFiles, OlderFiles } from '../../disk/older.ts';
import type { FileSource } from '../../kustomize/file-source.ts';
import { configName } from '../../workspace/config.ts';
import { largestFile } from '../../workspace/document.ts';
import { Workspace } from '../../workspace/workspace.ts';

type Env = Readonly<Record<string, string | undefined>>;

export async function currentFiles(root: string): Promise<CurrentFiles> {
  const { walk } = await import('../../disk/files.ts');
  const { diskFiles } = await import('../../disk/reader.ts');
  const source = diskFiles(root, largestFile.bytes);
  const listed = new Set<string>();
  if (typeof source.read(configName) === 'string') listed.add(configName);
  for (const path of walk(root, { other: (other) => void listed.add(other) })) listed.add(path);
  return { root, source, listed, largest: largestFile.bytes };
}

export interface Sides {
  /** In its current state. */
  readonly workspace: Workspace;
  readonly old: Side;
  readonly now: Side;
}

export async function sidesOf({ source, listed }: CurrentFiles, older: OlderFiles, env: Env): Promise<Sides> {
  const { catalogOnDisk } = await import('../../disk/catalog.ts');
  const { isYamlPath } = await import('../../kustomize/paths.ts');
  let isOlder = true;
  const at = () => (isOlder ? older.source : source);
  const both: FileSource = {
    read: (path) => at().read(path),
    bytes: (path) => at().bytes?.(path),
    kindOf: (path) => at().kindOf(path),
    realPath: (path) => at().realPath?.(path) ?? path,
  };
  const workspace = new Workspace(catalogOnDisk(env), both);
  const { changed } = older;
  const text = (path: string) => {
    const read = both.read(path);
    return typeof read === 'string' ? read : undefined;
  };
  const paths = new Set(listed);
  for (const path of changed)
    if (older.content(path)) paths.add(path);
    else paths.delete(path);
  workspace.list(paths);
  for (const path of paths) {
    const content = isYamlPath(path) ? text(path) : undefined;
    if (content !== undefined) workspace.put(path, content);
  }
  const old = sideOf(workspace, changed);
  isOlder = false;
  setFiles(workspace, changed, (path) => listed.has(path), text);
  return { workspace, old, now: sideOf(workspace, changed) };
}
