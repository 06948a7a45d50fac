// Which folder is the root of a file's program: a repository, else what the user opened.

export const configName = '.capstan.yaml';

/**
 * The nearest folder at or above `folder` that holds `.git`, else `fallback` (the opened folder, or PATH itself).
 * `parentOf` gives undefined at the top; `holdsGit` asks the disk (`.git` is a file in worktrees and submodules).
 */
export function rootOf(
  folder: string,
  fallback: string,
  parentOf: (folder: string) => string | undefined,
  holdsGit: (folder: string) => boolean,
): string {
  for (let at: string | undefined = folder; at !== undefined; at = parentOf(at)) {
    if (holdsGit(at)) return at;
  }
  return fallback;
}
