// Measures `capstan diff` of a change of one file on a generated fleet: in a process of its own, next to kustomize, which builds
// both sides folder by folder, and in a process that has the workspace already, as the language server does.
import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { compareSides, surroundingsOf } from '../../server/src/change/comparison.ts';
import { reportOf } from '../../server/src/change/report.ts';
import { setFiles } from '../../server/src/change/revert.ts';
import { sideOf } from '../../server/src/change/side.ts';
import { workspaceAt } from '../../server/src/cli/lint/root.ts';
import { measureKustomize, written } from './fleet.ts';
import { editedBase, type FleetSize } from './fleets.ts';
import { type Measured, measured } from './server.ts';

const threeThousand: FleetSize = { clusters: 25, apps: 82, overlays: 5, appsPerCluster: 16, controllers: 20 };

/** In milliseconds. */
export interface DiffTimes {
  readonly files: number;
  readonly cold: Measured;
  /** CPU time of the process, all threads. */
  readonly cpu: Measured;
  readonly warm: Measured;
  /** CPU time of the process that has the workspace. */
  readonly warmCpu: Measured;
  /** kustomize for both sides; undefined if it isn't there. */
  readonly kustomize: number | undefined;
}

export async function measureDiff(folder: string, cli: string, runs: number): Promise<DiffTimes> {
  const { root, fleet } = written(join(folder, 'diff'), threeThousand);
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-C', root, '-c', 'user.name=bench', '-c', 'user.email=bench@example.org', ...args], {
      stdio: 'ignore',
    });
  git('init');
  git('add', '--all');
  git('commit', '--message', 'state');
  const { path } = editedBase;
  const old = fleet.files.get(path)!;
  const now = old.replace(editedBase.right, `${editedBase.right}\n          tty: true`);
  writeFileSync(join(root, path), now);
  const cold: number[] = [];
  const cpu: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const began = performance.now();
    const shell = `TIMEFORMAT='%U %S'; time "$0" "$1" diff`;
    const { stdout, stderr } = spawnSync('bash', ['-c', shell, process.execPath, cli], { cwd: root, encoding: 'utf8' });
    cold.push(performance.now() - began);
    if (!stdout.includes('Deployment')) throw new Error(`the change wasn't found: ${stdout}${stderr}`);
    cpu.push(
      stderr
        .trim()
        .split(' ')
        .reduce((sum, seconds) => sum + Number(seconds) * 1000, 0),
    );
  }
  const { warm, warmCpu } = await warmTimes(root, path, [old, now], runs);
  const kustomize = measureKustomize(root, fleet);
  rmSync(root, { recursive: true });
  return {
    files: fleet.files.size,
    ...{ cold: measured(cold), cpu: measured(cpu), warm: measured(warm), warmCpu: measured(warmCpu) },
    kustomize: kustomize && 2 * kustomize.taken,
  };
}

async function warmTimes(root: string, path: string, [old, now]: readonly [string, string], runs: number) {
  const { workspace } = await workspaceAt(root, {});
  const set = (text: string) =>
    setFiles(
      workspace,
      [path],
      () => true,
      () => text,
    );
  const surroundings = surroundingsOf(workspace);
  const warm: number[] = [];
  const warmCpu: number[] = [];
  // Twice before it counts: both states are built for the first time then.
  for (let run = -2; run < runs; run += 1) {
    const [began, used] = [performance.now(), process.cpuUsage()];
    set(old);
    const before = sideOf(workspace, [path]);
    set(now);
    const { entries } = reportOf(compareSides(before, sideOf(workspace, [path]), surroundings), surroundings);
    if (entries.length === 0) throw new Error("the change wasn't found");
    const { user, system } = process.cpuUsage(used);
    if (run >= 0) warmCpu.push((user + system) / 1000);
    if (run >= 0) warm.push(performance.now() - began);
  }
  return { warm, warmCpu };
}
