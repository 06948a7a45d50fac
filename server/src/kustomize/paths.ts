// Paths of files inside a root: relative to it, `/`-separated, without `.` and `..`.

/** `apps/web` of `apps/web/kustomization.yaml`; empty for a file at the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}

export function fileNameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function joinPath(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** Where `relative`, written in a file of `folder`, leads; undefined where that is outside the root or not a path. */
export function resolvePath(folder: string, relative: string): string | undefined {
  if (relative.includes('://') || relative.startsWith('/')) return undefined;
  const steps = folder === '' ? [] : folder.split('/');
  for (const step of relative.split('/')) {
    if (step === '..') {
      if (steps.length === 0) return undefined;
      steps.pop();
    } else if (step !== '' && step !== '.') steps.push(step);
  }
  return steps.join('/');
}

/** The folder and those above it, nearest first, the root (`''`) last. */
export function foldersUp(folder: string): readonly string[] {
  const folders = [folder];
  for (let at = folder; at !== ''; ) folders.push((at = folderOf(at)));
  return folders;
}

/** How many folders two files share from the root on: the measure of nearness. */
export function sharedFolders(a: string, b: string): number {
  const [left, right] = [folderOf(a).split('/'), folderOf(b).split('/')];
  let shared = 0;
  while (shared < left.length && left[shared] !== '' && left[shared] === right[shared]) shared += 1;
  return shared;
}

/** The names kustomize looks for in a folder. */
export const kustomizationNames: readonly string[] = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** The editor's and the scan's idea of a YAML file. */
export function isYamlPath(path: string): boolean {
  return /\.ya?ml$/i.test(path) || fileNameOf(path) === 'Kustomization';
}
