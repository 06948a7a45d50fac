// `capstan diff`: prints what a change does to what clusters get.
import { dirname, relative, resolve, sep } from 'node:path';
import type { Report } from '../change/report.ts';
import type { CurrentFiles, OlderFiles } from '../disk/older.ts';
import type { Known, Sides } from '../disk/states.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Io } from './io.ts';
import { flagsIn, misused } from './misuse.ts';
import { readTargets } from './targets.ts';

const formats = ['text', 'markdown', 'json'] as const;
type Format = (typeof formats)[number];

const usage = `Usage: capstan diff [PATH] [--against REV|DIR] [--format text|markdown|json] [--target NAME=VERSION] [--helm]

Prints what the changes of a repository do to its clusters: both states are built as kustomize and Flux build them, and
compared object by object. What Flux deletes comes first, then changes that the API server refuses and machines that are
replaced, then images and other changes. Equal changes of several clusters are printed once. Values of Secrets are never
printed. Repositories without Flux are compared by their kustomizations and manifests.

PATH is the repository, or a file or folder of it (default: the current folder) of which only the objects are printed that it
contributes to.

  --against REV|DIR   a revision of Git (default: HEAD), "main..." for where the branch of main was left, or another folder
                      with the files to compare with; "./NAME" is always a folder
  --target kubernetes=1.37
                      as if all clusters ran this version: which changes its API server refuses. Also flux=2.9 and
                      cluster-api=1.14; repeatable
  --helm              run the program helm on the PATH (3.16 or newer) to render the HelmReleases of both sides whose charts are
                      in the repository or were fetched, and compare their objects too. It gets no kubeconfig and none of
                      your settings
  --format FORMAT     text (default), markdown (a comment for a pull request) or json

Exit: 0 printed, 2 wrong usage or what can't be read.
`;

/** Resolves to the exit code. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const options = {
    against: { type: 'string' },
    format: { type: 'string' },
    target: { type: 'string', multiple: true },
    helm: { type: 'boolean' },
  } as const;
  const flags = flagsIn({ verb: 'diff', usage }, options, args, io);
  if (typeof flags === 'number') return flags;
  const { values, positionals } = flags;
  const format = formats.find((one) => one === (values.format ?? 'text'));
  if (!format) return misused(io, 'diff', `--format must be text, markdown or json, not "${values.format}"`, usage);
  const targets = readTargets(values.target ?? []);
  if (typeof targets === 'string') return misused(io, 'diff', targets, usage);
  const [path = '.', ...others] = positionals;
  if (others.length > 0) return misused(io, 'diff', `unexpected argument "${others[0]}"`, usage);
  const { isFolder, repositoryOf } = await import('../disk/files.ts');
  const at = resolve(io.cwd, path);
  const kind = isFolder(at);
  if (typeof kind === 'object') return failed(io, `${path}: ${kind.problem}`);
  const folder = kind ? at : dirname(at);
  const root = repositoryOf(folder) ?? folder;
  const { currentFiles } = await import('./diff/load.ts');
  const { sidesOf } = await import('../disk/states.ts');
  const { olderFiles } = await import('./diff/against.ts');
  const { catalogOnDisk } = await import('../disk/catalog.ts');
  const current = currentFiles(root);
  const older = await olderFiles(current, values.against ?? 'HEAD', io);
  if ('problem' in older) return failed(io, older.problem);
  const known = { catalog: catalogOnDisk(io.env), targets };
  const sides = values.helm ? await withHelm(current, older, known, io) : sidesOf(current, older, known);
  const { workspace, old, now } = sides;
  const { compareSides, surroundingsOf } = await import('../change/comparison.ts');
  const { reportOf } = await import('../change/report.ts');
  const { within } = await import('../change/within.ts');
  const surroundings = surroundingsOf(workspace);
  const compared = compareSides(old, now, surroundings);
  const report = reportOf(within(compared, relative(root, at).split(sep).join('/')), surroundings);
  io.stdout.write(await printed(report, format, older, workspace));
  return 0;
}

async function withHelm(current: CurrentFiles, older: OlderFiles, known: Known, io: Io): Promise<Sides> {
  const { helmRenders } = await import('../disk/helm.ts');
  const { chartsOnDisk } = await import('../disk/charts.ts');
  const { statesOf } = await import('../disk/states.ts');
  const { notRendered, renderedSides } = await import('./diff/rendering.ts');
  const renders = helmRenders(io.env);
  const states = statesOf(current, older, { ...known, charts: chartsOnDisk(io.env), renders });
  const sides = await renderedSides(states, older.changed, renders);
  for (const why of [...renders.problems, notRendered(sides) ?? []].flat()) io.stderr.write(`capstan diff: ${why}\n`);
  return { workspace: states.workspace, ...sides };
}

async function printed(report: Report, format: Format, older: OlderFiles, workspace: Workspace): Promise<string> {
  if (format === 'text') return (await import('./diff/text.ts')).asText(report, older.name);
  if (format === 'markdown') return (await import('../change/markdown.ts')).asMarkdown(report, older.name);
  const { placesOf } = await import('./diff/places.ts');
  return (await import('./diff/json.ts')).asJson(report, older.name, placesOf(workspace, older));
}

function failed(io: Io, problem: string): number {
  io.stderr.write(`capstan diff: ${problem}\n`);
  return 2;
}
