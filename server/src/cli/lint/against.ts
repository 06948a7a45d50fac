// The findings that a change brings: those of the current files that the older ones don't have, wherever their lines are now.
import { problemOf } from '../../disk/files.ts';
import type { HelmRenders } from '../../disk/helm.ts';
import { statesOf } from '../../disk/states.ts';
import { groupedBy } from '../../kube/grouped.ts';
import { isYamlPath } from '../../kustomize/paths.ts';
import { olderFiles } from '../diff/against.ts';
import { currentFiles } from '../diff/load.ts';
import type { Io } from '../io.ts';
import type { LintFinding } from '../output.ts';
import { brought, foundIn } from './brought.ts';
import { byPlace, type Linted, shownAs, targetsOf } from './check.ts';
import { renderReleases } from './rendering.ts';
import { unreadableFinding } from './share.ts';

export async function lintAgainst(
  paths: readonly string[],
  against: string,
  { cwd, env }: Pick<Io, 'cwd' | 'env'>,
  renders?: HelmRenders,
): Promise<Linted> {
  const { catalogOnDisk } = await import('../../disk/catalog.ts');
  const { chartsOnDisk } = await import('../../disk/charts.ts');
  const { targets, refused } = await targetsOf(paths, cwd);
  const findings: LintFinding[] = [];
  for (const [root, ofRoot] of groupedBy(targets, (target) => target.root)) {
    const current = currentFiles(root);
    const older = await olderFiles(current, against, { cwd, env });
    if ('problem' in older) {
      refused.push(older.problem);
      continue;
    }
    const { workspace, toCurrent } = statesOf(current, older, {
      catalog: catalogOnDisk(env),
      charts: chartsOnDisk(env),
      renders,
    });
    const shown = (path: string) => shownAs(path, ofRoot);
    await renderReleases(workspace, renders);
    // A file that is moved from elsewhere brings its findings along.
    const before = [...workspace.paths()].flatMap((path) => foundIn(workspace, path));
    toCurrent();
    await renderReleases(workspace, renders);
    const after = [...workspace.paths()].flatMap((path) => (shown(path) === undefined ? [] : foundIn(workspace, path)));
    findings.push(
      ...brought(before, after, (path) => current.listed.has(path)).map((one) => ({
        ...one.finding,
        file: shown(one.path)!,
      })),
    );
    for (const path of older.changed) {
      const [file, read] = [shown(path), current.listed.has(path) ? current.source.read(path) : ''];
      if (file !== undefined && typeof read !== 'string' && isYamlPath(path))
        findings.push(unreadableFinding(file, problemOf(read)));
    }
  }
  return { findings: findings.toSorted(byPlace), refused, notes: renders?.problems ?? [] };
}
