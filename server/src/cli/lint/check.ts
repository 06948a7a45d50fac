// Collects the findings of files and folders. Reads the whole root of each PATH, because its other files affect the
// findings, and reports those at or below PATH. Two threads share the work if there are many files.
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Unlisted } from '../../disk/files.ts';
import type { HelmRenders } from '../../disk/helm.ts';
import { folderOf } from '../../kustomize/paths.ts';
import { configName } from '../../workspace/config.ts';
import { largestFile } from '../../workspace/document.ts';
import type { LintFinding } from '../output.ts';
import { type Share, ShareRun, unreadableFinding } from './share.ts';
import { SecondThread } from './worker.ts';

type Disk = typeof import('../../disk/files.ts');
type Env = Readonly<Record<string, string | undefined>>;

export interface Linted {
  /** Sorted by file, then by position. */
  readonly findings: readonly LintFinding[];
  /** PATHs that can't be read, each with the reason and the remedy. */
  readonly refused: readonly string[];
  /** What couldn't be checked as the user asked. */
  readonly notes?: readonly string[];
}

/**
 * `parallel` is the program to start in a second thread from `many` files on; without it there is only one thread, which
 * `helm` needs.
 */
export async function lintPaths(
  paths: readonly string[],
  cwd: string,
  env: Env,
  parallel: URL | undefined,
  many = manyFiles,
  helm?: HelmRenders,
): Promise<Linted> {
  const { filesIn, walk } = await import('../../disk/files.ts');
  const { targets, refused } = await targetsOf(paths, cwd);
  const findings: LintFinding[] = [];
  for (const root of new Set(targets.map((target) => target.root))) {
    const ofRoot = targets.filter((target) => target.root === root);
    const others: string[] = [];
    const job: Job = { root, targets: ofRoot, others, env, parallel, many, helm };
    const unlisted: Unlisted = (folder, { problem }) => {
      const shown = shownAs(folder, ofRoot);
      if (shown !== undefined) findings.push(unreadableFinding(shown, problem));
    };
    const listing = { unlisted, other: (path: string) => void others.push(path) };
    // A file outside a repository may have a whole disk around it: read only the files beside it.
    const files = ofRoot.some(({ deep }) => deep)
      ? walk(root, listing)
      : [...new Set(ofRoot.map(({ path }) => folderOf(path)))].flatMap((folder) => [...filesIn(root, folder, listing)]);
    findings.push(...(await lintRoot(job, files)));
  }
  return { findings: findings.toSorted(byPlace), refused, notes: helm?.problems ?? [] };
}

/** PATHs, each with its root, and those that can't be read. */
export async function targetsOf(
  paths: readonly string[],
  cwd: string,
): Promise<{ readonly targets: readonly Target[]; readonly refused: string[] }> {
  const { isBelow, isFolder, repositoryOf } = await import('../../disk/files.ts');
  const refused: string[] = [];
  const targets = paths.flatMap((path) => {
    const target = targetOf(path, cwd, { isBelow, isFolder, repositoryOf });
    if (typeof target !== 'string') return target;
    refused.push(target);
    return [];
  });
  return { targets, refused };
}

interface Job {
  readonly root: string;
  readonly targets: readonly Target[];
  /** Filled while the root's files are listed. */
  readonly others: readonly string[];
  readonly env: Env;
  readonly parallel: URL | undefined;
  readonly many: number;
  readonly helm: HelmRenders | undefined;
}

/** With fewer files a second thread costs more than it saves: each thread compiles and warms up the same code. */
const manyFiles = 10_000;

async function lintRoot({ root, targets, others, env, parallel, many, helm }: Job, files: Iterable<string>) {
  const { diskFiles } = await import('../../disk/reader.ts');
  const { catalogOnDisk } = await import('../../disk/catalog.ts');
  const { chartsOnDisk } = await import('../../disk/charts.ts');
  const all: string[] = [];
  let second: SecondThread | undefined;
  for (const path of files) {
    all.push(path);
    if (all.length === many && parallel) second = new SecondThread(parallel, env);
  }
  // A named file is checked even if .gitignore excludes it.
  for (const { path, folder } of targets) if (!folder && !all.includes(path)) all.push(path);
  const given = new Set(targets.flatMap(({ path, folder }) => (folder ? [] : path)));
  const source = diskFiles(root, largestFile.bytes, given);
  const config = source.read(configName);
  const shown = new Map(all.flatMap((path) => [[path, shownAs(path, targets)] as const].filter(isShown)));
  const taken = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const share: Share = { root, files: all, others, given, shown, taken };
  const configured = typeof config === 'string' ? ([configName, config] as const) : undefined;
  second?.begin({ share, config: configured });
  const theirs = second?.outlines();
  const run = new ShareRun(share, catalogOnDisk(env), source, { charts: chartsOnDisk(env), renders: helm });
  if (configured) run.configure(...configured);
  run.read();
  if (helm) await run.render(helm);
  if (!second || !theirs) return run.check();
  const outlines = run.outlines();
  run.take(await theirs);
  const found = second.finish(outlines);
  // Checking blocks this thread, so send the other thread its message first.
  await new Promise((resolve) => setImmediate(resolve));
  return [...run.check(), ...(await found)];
}

function isShown(entry: readonly [string, string | undefined]): entry is readonly [string, string] {
  return entry[1] !== undefined;
}

export interface Target {
  readonly root: string;
  /** Relative to the root; empty for the root itself. */
  readonly path: string;
  readonly folder: boolean;
  /** Whether the whole root is read. */
  readonly deep: boolean;
  /** As given on the command line. */
  readonly given: string;
}

/**
 * The root of a file outside a repository is the current folder if the file is below it, as if that folder were opened,
 * else the file's own folder. A string is the reason why the PATH can't be read.
 */
function targetOf(
  given: string,
  cwd: string,
  { isBelow, isFolder, repositoryOf }: Pick<Disk, 'isBelow' | 'isFolder' | 'repositoryOf'>,
): Target | string {
  if (given === '') return 'a PATH is empty; name a file or a folder, such as "."';
  const absolute = resolve(cwd, given);
  const folder = isFolder(absolute);
  if (typeof folder === 'object' && given === '-') return '-: no such file; standard input is /dev/stdin';
  if (typeof folder === 'object') return `${given}: ${folder.problem}`;
  const own = folder ? absolute : dirname(absolute);
  const repository = repositoryOf(own);
  const root = repository ?? (!folder && isBelow(absolute, cwd) ? cwd : own);
  const path = relative(root, absolute).split(sep).join('/');
  return { root, path, folder, deep: folder || repository !== undefined, given };
}

/** The file's name, starting with PATH as given; undefined if no PATH contains the file. */
export function shownAs(path: string, targets: readonly Target[]): string | undefined {
  for (const target of targets) {
    if (path === target.path) return target.given;
    if (!target.folder || !(target.path === '' || path.startsWith(`${target.path}/`))) continue;
    const below = target.path === '' ? path : path.slice(target.path.length + 1);
    const shown = join(target.given, below);
    return isAbsolute(shown) ? shown : shown.split(sep).join('/');
  }
  return undefined;
}

export function byPlace(a: LintFinding, b: LintFinding): number {
  return (
    compare(a.file, b.file) ||
    a.range.start.line - b.range.start.line ||
    a.range.start.character - b.range.start.character ||
    compare(a.rule, b.rule) ||
    compare(a.message, b.message)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
