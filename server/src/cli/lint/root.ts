// A root as the command line reads it: every file of it, at once.
import { join } from 'node:path';
import { largestFile } from '../../workspace/document.ts';
import { configName } from '../../workspace/roots.ts';
import { Workspace } from '../../workspace/workspace.ts';

/** The workspace of the repository around a folder, else of the folder. */
export async function workspaceAt(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly root: string; readonly workspace: Workspace }> {
  const { repositoryOf, readText, walk } = await import('../../disk/files.ts');
  const { catalogOnDisk } = await import('../../disk/catalog.ts');
  const workspace = new Workspace(catalogOnDisk(env));
  const root = repositoryOf(folder, folder);
  const files = [configName, ...walk(root)];
  workspace.list(files);
  for (const path of files) {
    const text = readText(join(root, path), largestFile.bytes);
    if (typeof text === 'string') workspace.put(path, text);
  }
  return { root, workspace };
}
