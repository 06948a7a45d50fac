// The files that a kustomization lists, with those of the kustomizations that it lists in turn: as far as files tell, what
// it would add where it is listed or applied.
import { folderOf, joinPath, kustomizationNames, resolvePath } from '../../kustomize/paths.ts';
import type { Workspace } from '../../workspace/workspace.ts';

interface Listed {
  readonly edition: number;
  readonly byKustomization: Map<string, ReadonlySet<string>>;
}

/** Many places of one list ask for the same kustomizations. */
const known = new WeakMap<Workspace, Listed>();

/** With the kustomization itself. */
export function filesListedBy(workspace: Workspace, kustomization: string): ReadonlySet<string> {
  const { edition } = workspace;
  const last = known.get(workspace);
  const { byKustomization } = last?.edition === edition ? last : { byKustomization: new Map() };
  if (last?.edition !== edition) known.set(workspace, { edition, byKustomization });
  const files = byKustomization.get(kustomization) ?? listed(workspace, kustomization);
  byKustomization.set(kustomization, files);
  return files;
}

function listed(workspace: Workspace, kustomization: string): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [kustomization];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    const facts = workspace.file(path)?.documents[0]?.document.facts.kustomization;
    for (const entry of facts?.applies ?? []) {
      const target = resolvePath(folderOf(path), entry);
      if (target === undefined) continue;
      const names = [target, ...kustomizationNames.map((name) => joinPath(target, name))];
      open.push(...names.filter((name) => workspace.file(name) !== undefined));
    }
  }
  return found;
}
