// Reads a root for the command line: every file of it, at once.
import { configName } from '../../workspace/config.ts';
import { largestFile } from '../../workspace/document.ts';
import { Workspace } from '../../workspace/workspace.ts';

/**
 * The workspace of the repository that contains a folder. Outside a repository, only of the folder's own files, since a
 * whole disk may be below it. With `whole`, of the folder itself and everything below it.
 */
export async function workspaceAt(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
  whole = false,
): Promise<{ readonly root: string; readonly workspace: Workspace }> {
  const { filesIn, repositoryOf, walk } = await import('../../disk/files.ts');
  const { diskFiles } = await import('../../disk/reader.ts');
  const { catalogOnDisk } = await import('../../disk/catalog.ts');
  const repository = whole ? folder : repositoryOf(folder);
  const root = repository ?? folder;
  const source = diskFiles(root, largestFile.bytes);
  const workspace = new Workspace(catalogOnDisk(env), source);
  const others: string[] = [];
  const listing = { other: (path: string) => void others.push(path) };
  const files = [configName, ...(repository === undefined ? filesIn(root, '', listing) : walk(root, listing))];
  workspace.list([...files, ...others]);
  for (const path of files) {
    const text = source.read(path);
    if (typeof text === 'string') workspace.put(path, text);
  }
  return { root, workspace };
}
