// Reads a root for the command line: every file of it, at once.
import { parse, relative, sep } from 'node:path';
import type { Renders } from '../../charts/render.ts';
import { configName } from '../../workspace/config.ts';
import { largestFile } from '../../workspace/document.ts';
import { Workspace } from '../../workspace/workspace.ts';

/**
 * The workspace of the repository that contains a folder. With `whole`, of the folder itself and everything below it. Outside
 * a repository, only the folder's own files are listed, since a whole disk may be below it; with `anywhere`, kustomizations
 * may then name folders that aren't below it, as in kustomize.
 */
export async function workspaceAt(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
  scope?: 'whole' | 'anywhere',
  renders?: Renders,
): Promise<{ readonly root: string; readonly workspace: Workspace }> {
  const { filesIn, repositoryOf, walk } = await import('../../disk/files.ts');
  const { diskFiles } = await import('../../disk/reader.ts');
  const { catalogOnDisk } = await import('../../disk/catalog.ts');
  const { chartsOnDisk } = await import('../../disk/charts.ts');
  const repository = scope === 'whole' ? folder : repositoryOf(folder);
  const root = repository ?? (scope === 'anywhere' ? parse(folder).root : folder);
  const source = diskFiles(root, largestFile.bytes);
  const workspace = new Workspace(catalogOnDisk(env), source, chartsOnDisk(env), renders);
  const others: string[] = [];
  const listing = { other: (path: string) => void others.push(path) };
  const files = new Set([
    ...(typeof source.read(configName) === 'string' ? [configName] : []),
    ...(repository === undefined
      ? filesIn(root, relative(root, folder).split(sep).join('/'), listing)
      : walk(root, listing)),
  ]);
  workspace.list([...files, ...others]);
  for (const path of files) {
    const text = source.read(path);
    if (typeof text === 'string') workspace.put(path, text);
  }
  return { root, workspace };
}
