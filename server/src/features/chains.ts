// Which clusters get the object under the cursor, through which Kustomizations, and under which name and namespace, for
// hover.
import { idOf } from '../kustomize/objects.ts';
import { codeInMarkdown, nameInMarkdown } from '../syntax/shown.ts';
import type { Applier } from '../workspace/cluster.ts';
import { fleetOf } from '../workspace/fleets.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** Longer lists of clusters are cut. */
const mostLines = 8;

/** Markdown; undefined if nothing applies the object at an offset of the file. `written` are its name and namespace there. */
export function chainsText(
  workspace: Workspace,
  path: string,
  offset: number,
  written: { readonly name: string | undefined; readonly namespace: string | undefined },
): string | undefined {
  const lines = new Set<string>();
  const clusters = new Set<string>();
  for (const { object, appliers } of fleetOf(workspace).appliedForms(path, offset)) {
    const { name, namespace } = idOf(object.value);
    const isSame = name === written.name && namespace === (written.namespace ?? '');
    const applied = namespace === '' ? name : `${namespace}/${name}`;
    for (const applier of appliers) {
      clusters.add(applier.cluster);
      const chain = chainOf(applier).map(nameInMarkdown).join(' → ');
      lines.add(`- **${nameInMarkdown(applier.cluster)}**: ${chain}${isSame ? '' : `, as ${codeInMarkdown(applied)}`}`);
    }
  }
  if (lines.size === 0) return undefined;
  const head = clusters.size === 1 ? 'Applied to one cluster:' : `Applied to ${clusters.size} clusters:`;
  const shown = [...lines].slice(0, mostLines);
  const rest = lines.size > mostLines ? [`- … and ${lines.size - mostLines} more`] : [];
  return [head, '', ...shown, ...rest].join('\n');
}

/** The names of the appliers, the entry point first. */
function chainOf(applier: Applier): readonly string[] {
  const names: string[] = [];
  for (let at: Applier | undefined = applier; at; at = at.by) names.unshift(nameOf(at));
  return names;
}

function nameOf({ is, name }: Applier): string {
  if (is === 'flux') return name;
  if (is === 'resource-set') return `ResourceSet ${name}`;
  return is === 'kustomization' ? `kustomization in ${name || '.'}` : `files in ${name || '.'}`;
}
