// Seeded changes of what Flux Kustomizations apply, held against what `flux build` makes of each before and after.
import type { ObjectChange } from '../../../server/src/change/comparison.ts';
import { compareSides, surroundingsOf } from '../../../server/src/change/comparison.ts';
import { type Side, sideOf } from '../../../server/src/change/side.ts';
import { isRefusal } from '../../../server/src/kustomize/flux-problem.ts';
import { isEncrypted } from '../../../server/src/kustomize/flux-variables.ts';
import type { Applier } from '../../../server/src/workspace/cluster.ts';
import type { Workspace } from '../../../server/src/workspace/workspace.ts';
import { fluxBuild, leftOut } from '../build/applied.ts';
import type { Outcome } from '../build/outcome.ts';
import type { Random } from '../verdict/random.ts';
import { differences } from './expected.ts';

export interface FluxCase {
  readonly workspace: Workspace;
  readonly root: string;
  readonly scratch: string;
  readonly changed: readonly string[];
  /** Makes the change. */
  change(): void;
  readonly clusterKinds: () => ReadonlySet<string>;
  readonly random: Random;
}

/** More Kustomizations of one change aren't compared. */
const most = 2;

/** Which Kustomizations were compared, and what is wrong with each. */
export async function compareFlux(one: FluxCase): Promise<readonly { name: string; wrong: readonly string[] }[]> {
  const { workspace, root, scratch, changed, random } = one;
  const before = sideOf(workspace, changed);
  const reading = appliersOf(before).filter(
    (applier) => changed.some((path) => applier.base.reads.includes(path)) && !isOpen(applier),
  );
  const chosen = Array.from({ length: Math.min(most, reading.length) }, () => random.pick(reading));
  const theirs: Outcome[] = [];
  for (const applier of chosen) theirs.push(await fluxBuild(applier, root, scratch));
  one.change();
  const after = sideOf(workspace, changed);
  const { targets } = compareSides(before, after, surroundingsOf(workspace));
  const compared: { name: string; wrong: readonly string[] }[] = [];
  for (const [at, applier] of chosen.entries()) {
    const now = appliersOf(after).find((other) => isSame(other, applier));
    if (!now || isOpen(now)) continue;
    const name = `${applier.cluster} ${applier.name}`;
    const [was, is] = [theirs[at]!, await fluxBuild(now, root, scratch)];
    const target = targets.find((other) => other.is === 'cluster' && other.name === applier.cluster);
    const isRefused = [was, is].map((outcome) => 'refusal' in outcome);
    if (isRefused[0] || isRefused[1]) {
      const ours = [applier, now].map(refuses);
      const isAlike = ours[0] === isRefused[0] && ours[1] === isRefused[1];
      compared.push({
        name,
        wrong: isAlike ? [] : [`refused by flux ${isRefused.join(' and ')}, by ours ${ours.join(' and ')}`],
      });
      continue;
    }
    const changes = (target?.objects ?? []).filter((change) => isOf(change, applier));
    compared.push({ name, wrong: differences(changes, objectsOf(was), objectsOf(is), one.clusterKinds()) });
  }
  return compared;
}

function appliersOf({ targets }: Side): readonly Applier[] {
  return targets.flatMap(({ appliers }) => appliers.filter(({ is }) => is === 'flux'));
}

function isSame(a: Applier, b: Applier): boolean {
  return a.name === b.name && a.cluster === b.cluster;
}

/** What can't be built completely, or has what flux leaves out. */
function isOpen(applier: Applier): boolean {
  return leftOut(applier).length > 0 || applier.base.objects.some(({ value }) => isEncrypted(value));
}

function refuses({ result: { problems, fluxProblems } }: Applier): boolean {
  return problems.length > 0 || fluxProblems.some(({ reason }) => isRefusal(reason));
}

function isOf({ was, now }: ObjectChange, applier: Applier): boolean {
  return [was, now].some((one) => one?.applier !== undefined && isSame(one.applier, applier));
}

function objectsOf(outcome: Outcome): Extract<Outcome, { readonly objects: unknown }>['objects'] {
  return 'objects' in outcome ? outcome.objects : new Map();
}
