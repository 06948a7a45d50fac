// Loads the older and the current files of a root for the command line into one workspace, one state after the other, so that
// what they have in common is read and built once.

import { setFiles } from '../../change/revert.ts';
import type { Side } from '../../change/side.ts';
import { bothSides, type States } from '../../change/spared.ts';
import { type ChartSource, noCharts } from '../../charts/files.ts';
import { walk } from '../../disk/files.ts';
import type { CurrentFiles, OlderFiles } from '../../disk/older.ts';
import { diskFiles } from '../../disk/reader.ts';
import type { FileSource } from '../../kustomize/file-source.ts';
import { isYamlPath } from '../../kustomize/paths.ts';
import type { Catalog } from '../../schema/load.ts';
import { configName } from '../../workspace/config.ts';
import { largestFile } from '../../workspace/document.ts';
import { Workspace } from '../../workspace/workspace.ts';

/** Other files than YAML are listed if a kustomization may read them. */
export function currentFiles(root: string): CurrentFiles {
  const source = readOnce(diskFiles(root, largestFile.bytes));
  const listed = new Set<string>();
  if (typeof source.read(configName) === 'string') listed.add(configName);
  for (const path of walk(root, { other: (other) => void listed.add(other) })) listed.add(path);
  return { root, source, listed, largest: largestFile.bytes };
}

/** Manifests are compared with Git first, and are read as text then. */
function readOnce(source: FileSource): FileSource {
  const texts = new Map<string, ReturnType<FileSource['read']>>();
  const read = (path: string) => {
    const known = texts.get(path) ?? source.read(path);
    if (isYamlPath(path)) texts.set(path, known);
    return known;
  };
  return { ...source, read };
}

export function statesOf(
  { source, listed }: CurrentFiles,
  older: OlderFiles,
  catalog: Catalog,
  charts: ChartSource = noCharts,
): States {
  let isOlder = true;
  const at = () => (isOlder ? older.source : source);
  const both: FileSource = {
    read: (path) => at().read(path),
    bytes: (path) => at().bytes?.(path),
    kindOf: (path) => at().kindOf(path),
    realPath: (path) => at().realPath?.(path) ?? path,
  };
  const text = (path: string) => {
    const read = both.read(path);
    return typeof read === 'string' ? read : undefined;
  };
  const workspace = new Workspace(catalog, both, charts);
  const paths = new Set(listed);
  for (const path of older.changed) {
    if (older.content(path)) paths.add(path);
    else paths.delete(path);
  }
  workspace.list(paths);
  for (const path of paths) {
    const content = isYamlPath(path) ? text(path) : undefined;
    if (content !== undefined) workspace.put(path, content);
  }
  const to = (state: 'older' | 'current') => {
    isOlder = state === 'older';
    const exists = (path: string) => (isOlder ? older.content(path) !== undefined : listed.has(path));
    setFiles(workspace, older.changed, exists, text);
  };
  return { workspace, toCurrent: () => to('current'), toOlder: () => to('older') };
}

export interface Sides {
  /** In its current state. */
  readonly workspace: Workspace;
  readonly old: Side;
  readonly now: Side;
}

export function sidesOf(current: CurrentFiles, older: OlderFiles, catalog: Catalog): Sides {
  const states = statesOf(current, older, catalog);
  return { workspace: states.workspace, ...bothSides(states, older.changed) };
}
