// Brings a workspace from one state of its files to another: only what differs is read again, so that what both states have in
// common is built once.
import { isYamlPath } from '../kustomize/paths.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** Sets files to their content in a state; undefined for those that aren't there. */
export function setFiles(
  workspace: Workspace,
  paths: readonly string[],
  exists: (path: string) => boolean,
  text: (path: string) => string | undefined,
): void {
  for (const path of paths) {
    if (!exists(path)) workspace.remove(path);
    else if (!isYamlPath(path)) workspace.changedData(path, true);
    else {
      const content = text(path);
      if (content === undefined) workspace.remove(path);
      else {
        workspace.data.changed(path);
        workspace.put(path, content);
      }
    }
  }
}
