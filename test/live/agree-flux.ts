// `npm run agree:flux`: follows every cluster of repositories, builds each Flux Kustomization with `flux build` in the form
// that the cluster gets, and compares the objects, whatever their order, and the refusals. What ours lists as incomplete
// (Helm, plugins, remote bases, sources elsewhere) or can't know (encrypted variables) isn't compared. Exits 1 if any build differs.
//
//   --from DIR      a repository; may be repeated (examples/fleet)
//   --only TEXT     only Kustomizations whose name contains the text
//   --show N        print this many differences (10)
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { workspaceAt } from '../../server/src/cli/lint/root.ts';
import { builtValue, withEntry, withoutEntry } from '../../server/src/kustomize/built.ts';
import { isRefusal } from '../../server/src/kustomize/flux-problem.ts';
import { isEncrypted } from '../../server/src/kustomize/flux-variables.ts';
import { unknown, type Value } from '../../server/src/syntax/tree.ts';
import { hasUnknown, isObject, own } from '../../server/src/syntax/value.ts';
import { Builds } from '../../server/src/workspace/builds.ts';
import type { Applier } from '../../server/src/workspace/cluster.ts';
import { Fleet } from '../../server/src/workspace/fleet.ts';
import { program, provide } from '../testbed/cache.ts';
import { runProgram } from '../testbed/controlplane.ts';
import { missingForFlux } from '../testbed/flux.ts';
import { explained } from './build/differences.ts';
import { built, type Outcome, outcomeOf } from './build/outcome.ts';

const { values: options } = parseArgs({
  options: {
    from: { type: 'string', multiple: true },
    only: { type: 'string', default: '' },
    show: { type: 'string', default: '10' },
  },
});

type Verdict =
  | 'same objects'
  | 'both refuse'
  | 'incomplete'
  | 'other objects'
  | 'only ours refuses'
  | 'only flux refuses';

process.exitCode = await main();

async function main(): Promise<number> {
  const lacking = missingForFlux();
  if (lacking.length > 0) {
    console.error(`${lacking.join(', ')} not built; \`${provide('flux')}\` builds it (needs Go).`);
    return 2;
  }
  const counts = new Map<Verdict, number>();
  const incomplete = new Map<string, number>();
  let shown = 0;
  const scratch = mkdtempSync(join(tmpdir(), 'capstan-agree-flux-'));
  try {
    for (const root of options.from ?? [join(import.meta.dirname, '../../examples/fleet')]) {
      // `flux build` refuses some characters in the names of folders.
      const copy = join(scratch, 'repository');
      rmSync(copy, { recursive: true, force: true });
      cpSync(resolve(root), copy, { recursive: true, filter: (path) => basename(path) !== '.git' });
      const { workspace } = await workspaceAt(copy, process.env, 'whole');
      const fleet = new Fleet(workspace, new Builds(workspace));
      for (const { name, appliers } of fleet.clusters()) {
        for (const applier of appliers) {
          if (applier.is !== 'flux' || !applier.name.includes(options.only)) continue;
          const left = leftOut(applier);
          for (const field of left) incomplete.set(field, (incomplete.get(field) ?? 0) + 1);
          const ours = oursOf(applier);
          const theirs = left.length > 0 ? ours : await flux(applier, copy, scratch);
          const verdict = left.length > 0 ? 'incomplete' : verdictOf(ours, theirs);
          counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
          if (verdict === 'same objects' || verdict === 'both refuse' || verdict === 'incomplete') continue;
          if (shown++ < Number(options.show))
            console.log(`${verdict}: ${name} ${applier.name}\n${explained(ours, theirs)}\n`);
        }
      }
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  for (const [verdict, count] of [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1))) console.log(verdict, count);
  for (const [field, count] of incomplete) console.log(`  incomplete: ${field}`, count);
  const agreed = (counts.get('same objects') ?? 0) + (counts.get('both refuse') ?? 0);
  const compared = [...counts.values()].reduce((sum, count) => sum + count, 0) - (counts.get('incomplete') ?? 0);
  console.log(`${agreed} of ${compared} compared builds agree`);
  return agreed < compared ? 1 : 0;
}

function verdictOf(ours: Outcome, theirs: Outcome): Verdict {
  if ('refusal' in ours) return 'refusal' in theirs ? 'both refuse' : 'only ours refuses';
  if ('refusal' in theirs) return 'only flux refuses';
  return isDeepStrictEqual(ours.objects, theirs.objects) ? 'same objects' : 'other objects';
}

function oursOf({ base, result: { objects, problems, fluxProblems } }: Applier): Outcome {
  const refusals = [...problems, ...fluxProblems.filter(({ reason }) => isRefusal(reason))];
  if (refusals.length > 0) return { refusal: refusals.map(({ reason }) => JSON.stringify(reason)).join('\n') };
  return built(objects.filter((_object, index) => !isEncrypted(base.objects[index]!.value)));
}

/** The titles of objects that `flux build` masks. */
function encrypted({ base, result }: Applier): ReadonlySet<string> {
  const outcome = built(result.objects.filter((_object, index) => isEncrypted(base.objects[index]!.value)));
  return new Set('objects' in outcome ? outcome.objects.keys() : []);
}

/** `flux build` prints the strings of a Secret without quotes. */
function withTexts(object: Value): Value {
  if (!isObject(object) || !isObject(object.stringData)) return object;
  const texts = Object.entries(object.stringData).map(([key, value]) => [key, String(value)]);
  return { ...object, stringData: Object.fromEntries(texts) };
}

/** Undefined if any is unknown. */
function variablesOf({ result: { variables } }: Applier): ReadonlyMap<string, string> | undefined {
  const values = new Map<string, string>();
  for (const [name, { value }] of variables?.byName ?? []) {
    if (typeof value !== 'string') return undefined;
    values.set(name, value);
  }
  return variables?.isOpen ? undefined : values;
}

/** Why a build can't be compared. */
function leftOut(applier: Applier): readonly string[] {
  const { result, flux: kustomization } = applier;
  if (result.incomplete.length > 0) return result.incomplete;
  if (hasUnknown(builtValue(kustomization!.object))) return ['unknown value in the Kustomization'];
  return variablesOf(applier) === undefined ? ['unknown variable'] : [];
}

/** Without a cluster, `flux build` reads no ConfigMaps: all variables are inlined. */
async function flux(applier: Applier, root: string, scratch: string): Promise<Outcome> {
  const { flux: kustomization, folder } = applier;
  const { name, namespace, object, spec } = kustomization!;
  const file = join(scratch, 'kustomization.yaml');
  const variables = [...variablesOf(applier)!];
  const written = plain(builtValue(withEntry(object, 'spec', withoutEntry(spec, 'postBuild')))) as Record<
    string,
    unknown
  >;
  const strategy = own((own(builtValue(spec) as never, 'postBuild') ?? {}) as never, 'substituteStrategy');
  const postBuild =
    variables.length > 0 || strategy
      ? {
          postBuild: {
            substitute: Object.fromEntries(variables),
            ...(strategy ? { substituteStrategy: strategy } : {}),
          },
        }
      : {};
  writeFileSync(file, stringify({ ...written, spec: { ...(written.spec as object), ...postBuild } }));
  const ran = await runProgram(program('flux', 'flux'), [
    ...['build', 'kustomization', name, '--namespace', namespace || 'default', '--path', join(root, folder!)],
    ...['--kustomization-file', file, '--dry-run', '--strict-substitute'],
  ]);
  const theirs = outcomeOf(ran);
  if ('refusal' in theirs) return theirs;
  const masked = encrypted(applier);
  const compared = [...theirs.objects].filter(([title]) => !masked.has(title));
  return { objects: new Map(compared.map(([title, object]) => [title, withTexts(object)])) };
}

function plain(value: Value): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value === unknown) return '?';
  if (Array.isArray(value)) return value.map(plain);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
  return value;
}
