// What other versions of Kubernetes, Flux or Cluster API would refuse, remove or deprecate: the findings for them that there
// aren't for the versions which the clusters run now, and everything about versions of APIs.
import type { HelmRenders } from '../../disk/helm.ts';
import { groupedBy } from '../../kube/grouped.ts';
import type { Targets } from '../../schema/load.ts';
import type { Io } from '../io.ts';
import type { LintFinding } from '../output.ts';
import { brought, type Found, foundIn } from './brought.ts';
import { byPlace, type Linted, shownAs, targetsOf } from './check.ts';
import { renderReleases } from './rendering.ts';
import { workspaceAt } from './root.ts';

export async function lintForTarget(
  paths: readonly string[],
  versions: Targets,
  { cwd, env }: Pick<Io, 'cwd' | 'env'>,
  renders?: HelmRenders,
): Promise<Linted> {
  const { targets, refused } = await targetsOf(paths, cwd);
  const findings: LintFinding[] = [];
  for (const [root, ofRoot] of groupedBy(targets, (target) => target.root)) {
    const { workspace } = await workspaceAt(root, env, ofRoot.some(({ deep }) => deep) ? 'whole' : undefined, renders);
    const shown = [...workspace.paths()].flatMap((path) => {
      const file = shownAs(path, ofRoot);
      return file === undefined ? [] : [{ path, file }];
    });
    const all = () => shown.flatMap(({ path, file }) => foundIn(workspace, path).map((one) => ({ ...one, file })));
    await renderReleases(workspace, renders);
    const before = all();
    workspace.ask(versions);
    // A chart may render something else for another Kubernetes.
    await renderReleases(workspace, renders);
    const after = all();
    const fresh = new Set<Found>(brought(before, after, () => true));
    for (const one of after) {
      if (fresh.has(one) || aboutVersions.has(one.finding.rule)) findings.push({ ...one.finding, file: one.file });
    }
  }
  return { findings: findings.toSorted(byPlace), refused, notes: renders?.problems ?? [] };
}

const aboutVersions: ReadonlySet<string> = new Set(['schema/unserved-version', 'deprecated/version']);
