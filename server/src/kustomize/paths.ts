// Paths of files inside a root: relative to it, `/`-separated, without `.` and `..`.

/** `apps/web` for `apps/web/kustomization.yaml`; empty for a file at the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}

export function fileNameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function joinPath(folder: string, name: string): string {
  if (name === '') return folder;
  return folder === '' ? name : `${folder}/${name}`;
}

/** Resolves `relative` against `folder`; undefined if the result is outside the root, or `relative` isn't a relative path. */
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

/** The path from a folder to another path of the root: `../base/web.yaml` from `prod` to `base/web.yaml`. */
export function relativePath(folder: string, path: string): string {
  const [from, to] = [folder, path].map((one) => (one === '' ? [] : one.split('/')));
  let shared = 0;
  while (shared < from!.length && from![shared] === to![shared]) shared += 1;
  return [...from!.slice(shared).map(() => '..'), ...to!.slice(shared)].join('/');
}

/** The folder and its ancestors, from the folder itself to the root (`''`). */
export function foldersUp(folder: string): readonly string[] {
  const folders = [folder];
  for (let at = folder; at !== ''; ) folders.push((at = folderOf(at)));
  return folders;
}

/** Whether the path is that of the folder or of something in it, at any depth. */
export function isBelow(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

/** The number of leading folders that two paths share, which measures their proximity. */
export function sharedFolders(a: string, b: string): number {
  const [left, right] = [folderOf(a).split('/'), folderOf(b).split('/')];
  let shared = 0;
  while (shared < left.length && left[shared] !== '' && left[shared] === right[shared]) shared += 1;
  return shared;
}

/** The file names that kustomize looks for in a folder. */
export const kustomizationNames: readonly string[] = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** Whether the editor and the scan treat the file as YAML. */
export function isYamlPath(path: string): boolean {
  return /\.ya?ml$/i.test(path) || fileNameOf(path) === 'Kustomization';
}

/** Compares paths in the order of a walk: by name, with everything below a folder in the place of its name. */
export function inWalkOrder(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')];
  const at = left.findIndex((step, index) => step !== right[index]);
  if (at === -1) return left.length - right.length;
  const other = right[at];
  return other === undefined || left[at]! > other ? 1 : -1;
}
