// Finds what `--against` names: a folder, or a revision of Git.
import { resolve } from 'node:path';
import type { GitProblem } from '../../disk/git.ts';
import type { CurrentFiles, OlderFiles } from '../../disk/older.ts';
import type { Io } from '../io.ts';

export async function olderFiles(
  current: CurrentFiles,
  against: string,
  { cwd, env }: Pick<Io, 'cwd' | 'env'>,
): Promise<OlderFiles | GitProblem> {
  const { isFolder } = await import('../../disk/files.ts');
  const { filesOfFolder, filesOfRevision } = await import('../../disk/older.ts');
  const folder = resolve(cwd, against);
  if (/^(?:\.\.?$|\.{0,2}[\\/]|[a-z]:[\\/])/i.test(against)) {
    const kind = isFolder(folder);
    if (kind !== true) return { problem: `${against}: ${kind === false ? 'not a folder' : kind.problem}` };
    return filesOfFolder(current, folder, against);
  }
  const older = await filesOfRevision(current, against, env);
  if (!('problem' in older) || isFolder(folder) !== true) return older;
  return filesOfFolder(current, folder, against);
}
