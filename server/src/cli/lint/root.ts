// A root as the command line reads it: every file of it, at once.
import { join } from 'node:path';
import { configName } from '../../workspace/config.ts';
import { largestFile } from '../../workspace/document.ts';
import { Workspace } from '../../workspace/workspace.ts';

/**
 * The workspace of the repository around a folder, else of the folder's own files: below it may be a whole disk. `whole`
 * takes the folder itself, with all that is below it.
 */
export async function workspaceAt(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
  whole = false,
): Promise<{ readonly root: string; readonly workspace: Workspace }> {
  const { filesIn, repositoryOf, readText, walk } = await import('../../disk/files.ts');
  const { catalogOnDisk } = await import('../../disk/catalog.ts');
  const workspace = new Workspace(catalogOnDisk(env));
  const repository = whole ? folder : repositoryOf(folder);
  const root = repository ?? folder;
  const files = [configName, ...(repository === undefined ? filesIn(root, '') : walk(root))];
  workspace.list(files);
  for (const path of files) {
    const text = readText(join(root, path), largestFile.bytes);
    if (typeof text === 'string') workspace.put(path, text);
  }
  return { root, workspace };
}
