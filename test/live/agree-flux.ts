// `npm run agree:flux`: follows every cluster of repositories, builds each Flux Kustomization in the form that the cluster
// gets with `flux build` and with kustomize-controller's modules, and compares the objects, whatever their order, and the
// refusals. What ours lists as incomplete (Helm, plugins, remote bases, sources elsewhere) or can't know (encrypted
// variables) isn't compared. Exits 1 if any build differs.
//
//   --from DIR      a repository; may be repeated (examples/fleet)
//   --only TEXT     only Kustomizations whose name contains the text
//   --show N        print this many differences (10)
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { workspaceAt } from '../../server/src/cli/lint/root.ts';
import { isRefusal } from '../../server/src/kustomize/flux-problem.ts';
import { isEncrypted } from '../../server/src/kustomize/flux-variables.ts';
import { Builds } from '../../server/src/workspace/builds.ts';
import type { Applier } from '../../server/src/workspace/cluster.ts';
import { Fleet } from '../../server/src/workspace/fleet.ts';
import { missingPrograms, provide } from '../testbed/cache.ts';
import { missingForFlux } from '../testbed/flux.ts';
import { Artifacts, asFluxPrints, fluxBuild, leftOut } from './build/applied.ts';
import { ControllerBuild } from './build/controller.ts';
import { explained } from './build/differences.ts';
import { built, type Outcome } from './build/outcome.ts';

const { values: options } = parseArgs({
  options: {
    from: { type: 'string', multiple: true },
    only: { type: 'string', default: '' },
    show: { type: 'string', default: '10' },
  },
});

const programs = ['flux build', 'controller'] as const;
type Verdict = 'same objects' | 'both refuse' | 'other objects' | 'only ours refuses' | 'only theirs refuses';
const agreements: readonly Verdict[] = ['same objects', 'both refuse'];

process.exitCode = await main();

async function main(): Promise<number> {
  const lacking = [...missingForFlux(), ...missingPrograms('controller-build')];
  if (lacking.length > 0) {
    console.error(`${lacking.join(', ')} not built; \`${provide('flux')} controller-build\` builds it (needs Go).`);
    return 2;
  }
  const counts = new Map<string, number>();
  const count = (name: string) => void counts.set(name, (counts.get(name) ?? 0) + 1);
  let [shown, wrong] = [0, 0];
  const controller = new ControllerBuild();
  for (const from of options.from ?? [join(import.meta.dirname, '../../examples/fleet')]) {
    const scratch = mkdtempSync(join(tmpdir(), 'capstan-agree-flux-'));
    try {
      // `flux build` refuses some characters in the names of folders.
      const copy = join(scratch, 'repository');
      cpSync(resolve(from), copy, { recursive: true, filter: (path) => basename(path) !== '.git' });
      const artifacts = new Artifacts(copy, scratch, controller);
      const { workspace } = await workspaceAt(copy, process.env, 'whole');
      for (const cluster of new Fleet(workspace, new Builds(workspace)).clusters()) {
        for (const applier of cluster.appliers) {
          if (applier.is !== 'flux' || !applier.name.includes(options.only)) continue;
          const left = leftOut(applier);
          for (const field of left) count(`incomplete: ${field}`);
          if (left.length > 0) continue;
          const all = oursOf(applier);
          for (const program of programs) {
            const theirs =
              program === 'controller'
                ? await artifacts.build(applier, cluster)
                : await fluxBuild(applier, copy, scratch);
            const ours = program === 'controller' ? all : asFluxPrints(all, theirs);
            const verdict = verdictOf(ours, theirs);
            count(`${program}: ${verdict}`);
            if (agreements.includes(verdict)) continue;
            wrong += 1;
            if (shown++ < Number(options.show))
              console.log(`${program}: ${verdict}: ${cluster.name} ${applier.name}\n${explained(ours, theirs)}\n`);
          }
        }
      }
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  }
  await controller.stop();
  for (const [name, number] of [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1))) console.log(name, number);
  const compared = [...counts].reduce((sum, [name, number]) => (name.startsWith('incomplete') ? sum : sum + number), 0);
  console.log(`${compared - wrong} of ${compared} compared builds agree`);
  return wrong > 0 ? 1 : 0;
}

function verdictOf(ours: Outcome, theirs: Outcome): Verdict {
  if ('refusal' in ours) return 'refusal' in theirs ? 'both refuse' : 'only ours refuses';
  if ('refusal' in theirs) return 'only theirs refuses';
  return isDeepStrictEqual(ours.objects, theirs.objects) ? 'same objects' : 'other objects';
}

function oursOf({ base, result: { objects, problems, fluxProblems } }: Applier): Outcome {
  const refusals = [...problems, ...fluxProblems.filter(({ reason }) => isRefusal(reason))];
  if (refusals.length > 0) return { refusal: refusals.map(({ reason }) => JSON.stringify(reason)).join('\n') };
  return built(objects.filter((_object, index) => !isEncrypted(base.objects[index]!.value)));
}
