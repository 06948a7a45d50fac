// Renders the releases of a workspace, if the user agreed, before what is found in it is asked for.
import type { HelmRenders } from '../../disk/helm.ts';
import { problemsByFile } from '../../features/cluster-findings.ts';
import { atOnce } from '../../syntax/steps.ts';
import type { Workspace } from '../../workspace/workspace.ts';

const mostRounds = 5;

/** What a release renders to may raise the question what it does without a value. */
export async function renderReleases(workspace: Workspace, renders: HelmRenders | undefined): Promise<void> {
  for (let round = 0; renders && round < mostRounds; round += 1) {
    atOnce(problemsByFile(workspace));
    if (!(await renders.render())) return;
    workspace.changedCharts();
  }
}
