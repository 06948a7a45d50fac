// Whether a generator creates its object, or changes one that the kustomization lists: kustomize refuses to change an object
// that isn't there, and to create one that is.
import { folderOf, joinPath, kustomizationNames, resolvePath } from '../../kustomize/paths.ts';
import { stringAt } from '../../syntax/navigate.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { rowPath } from '../place.ts';
import type { Place } from './applied.ts';
import { filesListedBy } from './reach.ts';

/** Undefined at any other field than the behavior of a generator, and where not all that is listed is in files. */
export function fittingBehavior({ workspace, path, root, field }: Place): ((value: string) => boolean) | undefined {
  const [, list] = /^(configMap|secret)Generator\[\*\]\.behavior$/.exec(rowPath(field.path)) ?? [];
  if (list === undefined || field.kind.gvk.group !== 'kustomize.config.k8s.io') return undefined;
  const name = stringAt(root, [...field.object.path, ...field.path.slice(0, -1), 'name']);
  // A component changes what the kustomizations list that use it.
  if (name === undefined || field.kind.gvk.kind === 'Component') return undefined;
  const files = filesListedBy(workspace, path);
  if ([...files].some((file) => hasForeign(workspace, file))) return undefined;
  const found = workspace.index.definitions(list === 'configMap' ? '/ConfigMap' : '/Secret', name);
  const isListed = found.some((one) => one.path !== path && files.has(one.path));
  return (value) => isListed === /^(?:merge|replace)$/.test(value);
}

/** Whether the kustomization lists anything that isn't in files, or makes objects of charts. */
function hasForeign(workspace: Workspace, file: string): boolean {
  const { facts, text } = workspace.file(file)?.documents[0]?.document ?? {};
  if (!facts?.kustomization) return false;
  if (/^(?:helmCharts|helmChartInflationGenerator|generators):/m.test(text ?? '')) return true;
  return facts.kustomization.applies.some((entry) => {
    const target = resolvePath(folderOf(file), entry);
    const names = target === undefined ? [] : [target, ...kustomizationNames.map((name) => joinPath(target, name))];
    return names.every((name) => workspace.file(name) === undefined);
  });
}
