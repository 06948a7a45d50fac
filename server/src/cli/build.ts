// `capstan build`: prints manifests as Flux would apply them, each with the file and line it comes from.
import { join, relative, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import type { BuildProblem } from '../kustomize/build-problem.ts';
import { wordsOf } from '../kustomize/build-words.ts';
import type { Origin } from '../kustomize/built.ts';
import { type FluxProblem, isRefusal } from '../kustomize/flux-problem.ts';
import { fluxSentence } from '../kustomize/flux-words.ts';
import type { BuiltObject } from '../kustomize/objects.ts';
import { folderOf } from '../kustomize/paths.ts';
import { printObjects } from '../kustomize/print.ts';
import { withoutCredentials } from '../syntax/credentials.ts';
import { forOneLine } from '../syntax/shown.ts';
import type { Applier } from '../workspace/cluster.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Io } from './io.ts';
import { misuse, misused } from './misuse.ts';

const usage = `Usage: capstan build PATH [--kustomization NAMESPACE/NAME] [--cluster NAME]

Prints the manifests that a cluster gets from a folder, as Flux applies them: after kustomize, the patches and variables of
Flux Kustomizations and of those that apply them. A comment above each names its file and line. A folder that no Flux
Kustomization applies is built by its own kustomization.

  --kustomization NAMESPACE/NAME   only what this Flux Kustomization applies; PATH may be any folder of the repository
  --cluster NAME                   only what this cluster gets; of a PATH that isn't applied itself, from all folders below

A value that can't be known, such as an encrypted one, is printed as it is written.

Exit: 0 built, 1 kustomize or Flux would refuse it, 2 wrong usage.
`;

/** Resolves to the exit code. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const options = {
    kustomization: { type: 'string' },
    cluster: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  let parsed: { readonly values: Selection & { readonly help?: boolean }; readonly positionals: readonly string[] };
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    return misused(io, 'build', misuse(error), usage);
  }
  const { values, positionals } = parsed;
  if (values.help) {
    io.stdout.write(usage);
    return 0;
  }
  const [path, ...others] = positionals;
  if (path === undefined) return misused(io, 'build', 'a PATH is required', usage);
  if (others.length > 0) return misused(io, 'build', `unexpected argument "${others[0]}"`, usage);
  const { isFolder } = await import('../disk/files.ts');
  const at = resolve(io.cwd, path);
  const kind = isFolder(at);
  if (kind !== true) return failed(io, `${path}: ${kind === false ? 'not a folder' : kind.problem}`);
  const { workspaceAt } = await import('./lint/root.ts');
  const { root, workspace } = await workspaceAt(at, io.env, 'anywhere');
  const folder = relative(root, at).split(sep).join('/');
  const chosen = await choose(workspace, folder, values);
  if ('problem' in chosen) return failed(io, chosen.problem);
  const place = (origin: Origin) => placeOf(workspace, io.cwd, root, origin);
  for (const problem of chosen.problems) io.stderr.write(`capstan build: ${problemText(problem, place)}\n`);
  for (const field of chosen.incomplete)
    io.stderr.write(`capstan build: ${field} isn't built; the manifests are incomplete\n`);
  io.stdout.write(
    printObjects(chosen.objects, (object) => {
      const by = chosen.appliedBy.get(object);
      return forOneLine(`${place(object.value.origin)}${by === undefined ? '' : `, applied by ${by}`}`);
    }),
    'exact',
  );
  return chosen.problems.some(refuses) ? 1 : 0;
}

interface Selection {
  readonly kustomization?: string;
  readonly cluster?: string;
}

interface Chosen {
  readonly objects: readonly BuiltObject[];
  /** `namespace/name` of the Flux Kustomization or ResourceSet. */
  readonly appliedBy: ReadonlyMap<BuiltObject, string>;
  readonly problems: readonly (BuildProblem | FluxProblem)[];
  readonly incomplete: readonly string[];
}

async function choose(
  workspace: Workspace,
  folder: string,
  { kustomization, cluster }: Selection,
): Promise<Chosen | { readonly problem: string }> {
  const { Builds } = await import('../workspace/builds.ts');
  const { Fleet } = await import('../workspace/fleet.ts');
  const builds = new Builds(workspace);
  const all = new Fleet(workspace, builds).clusters().flatMap(({ appliers }) => appliers);
  const clusters = [...new Set(all.map((one) => one.cluster))];
  if (cluster !== undefined && !clusters.includes(cluster)) return { problem: unknown('cluster', cluster, clusters) };
  const inCluster = all.filter((one) => cluster === undefined || one.cluster === cluster);
  const names = [...new Set(inCluster.flatMap(({ is, name }) => (is === 'flux' ? [name] : [])))];
  if (kustomization !== undefined && !names.includes(kustomization))
    return { problem: unknown('Kustomization', kustomization, names) };
  const appliers =
    kustomization === undefined
      ? appliersOf(folder, inCluster, cluster !== undefined)
      : inCluster.filter(({ is, name }) => is === 'flux' && name === kustomization);
  const found = [...new Set(appliers.map((one) => one.cluster))];
  if (found.length > 1 && !isSame(appliers))
    return {
      problem: `${found.length} clusters get different manifests; choose one with --cluster: ${found.join(', ')}`,
    };
  if (appliers.length > 0) return chosenOf(appliers.filter((one) => one.cluster === found[0]));
  if (workspace.ownership.kustomizationIn(folder) === undefined) {
    const choices = clusters.length > 0 ? `; choose one with --cluster: ${clusters.join(', ')}` : '';
    return { problem: `nothing applies this folder by itself, and it has no kustomization${choices}` };
  }
  return { ...builds.of(folder), appliedBy: new Map() };
}

/** Those that apply the folder itself or, with `deep`, everything below it. */
function appliersOf(folder: string, all: readonly Applier[], deep: boolean): readonly Applier[] {
  const exact = folder === '' ? [] : all.filter((one) => one.folder === folder);
  if (exact.length > 0 || !deep) return exact;
  return all.filter((one) => {
    const file = one.is === 'resource-set' ? one.base.reads[0] : undefined;
    const at = file === undefined ? one.folder : folderOf(file);
    return folder === '' || at === folder || at?.startsWith(`${folder}/`);
  });
}

function chosenOf(appliers: readonly Applier[]): Chosen {
  const results = appliers.map(({ result }) => result);
  const appliedBy = appliers.flatMap(({ is, name, result }) =>
    is === 'flux' || is === 'resource-set' ? result.objects.map((object) => [object, name] as const) : [],
  );
  return {
    objects: results.flatMap(({ objects }) => objects),
    appliedBy: new Map(appliedBy),
    problems: results.flatMap(({ problems, fluxProblems }) => [...problems, ...fluxProblems]),
    incomplete: [...new Set(appliers.flatMap(incompleteFields))],
  };
}

/** The files of a source that isn't this repository are no part of what it builds. */
function incompleteFields({ flux, folder, result }: Applier): readonly string[] {
  return flux && folder === undefined ? [] : result.incomplete;
}

/** Whether all clusters get the same manifests. */
function isSame(appliers: readonly Applier[]): boolean {
  const printed = new Map<string, string>();
  for (const { cluster, result } of appliers)
    printed.set(cluster, (printed.get(cluster) ?? '') + printObjects(result.objects));
  return new Set(printed.values()).size === 1;
}

function unknown(what: string, name: string, known: readonly string[]): string {
  const list = known.length > 0 ? `; there are ${known.join(', ')}` : '; the repository has none';
  return `no ${what} ${name}${list}`;
}

function refuses(problem: BuildProblem | FluxProblem): boolean {
  return 'kustomization' in problem || isRefusal(problem.reason);
}

function problemText(problem: BuildProblem | FluxProblem, place: (origin: Origin) => string): string {
  const words = 'kustomization' in problem ? wordsOf(problem) : fluxSentence(problem.reason);
  return `${place(problem.origin)}: ${withoutCredentials(words)}`;
}

/** `file:line` with the line from 1. */
function placeOf(
  workspace: Workspace,
  cwd: string,
  root: string,
  { source: { file, start }, ...range }: Origin,
): string {
  const text = workspace.file(file)?.text ?? workspace.data.text(file) ?? '';
  const line = text.slice(0, start + range.start).split('\n').length;
  return `${relative(cwd, join(root, file))}:${line}`;
}

function failed(io: Io, problem: string): number {
  io.stderr.write(`capstan build: ${problem}\n`);
  return 2;
}
