// Measures generated fleets in a real server process: an edit in a base that 20 overlays use, until the findings of every
// overlay are there, and 10,000 manifests from the start of the process until a finding that depends on all of them, next to
// kustomize, which builds the same folders one by one.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { DiagnosticSeverity } from 'vscode-languageserver/node';
import type { BenchFile } from './documents.ts';
import {
  editedBase,
  type FleetSize,
  type GeneratedFleet,
  generatedFleet,
  lastFile,
  patchesOfEdited,
  tenThousand,
  twentyOverlays,
} from './fleets.ts';
import { type BenchServer, type Measured, measured, type ServerCommand, startServer } from './server.ts';

export interface EditOfBase {
  /** Milliseconds until the findings of all overlays are there. */
  readonly findings: Measured;
  /** Milliseconds of CPU time that the process took for one edit. */
  readonly cpu: Measured;
  readonly opened: number;
}

/** All files of the application are open: those of the base and of its overlays. */
export async function measureEditOfBase(
  command: ServerCommand,
  folder: string,
  cache: string,
  times: number,
): Promise<EditOfBase> {
  const { root, fleet } = written(join(folder, 'overlays'), twentyOverlays);
  const server = await startServer(command, root, cache);
  const opened = [...fleet.files].filter(([path]) => path.startsWith(`${dirname(dirname(editedBase.path))}/`));
  for (const [path, text] of opened) await server.open(uriOf(root, path), { text } as BenchFile);
  const patches = patchesOfEdited(twentyOverlays).map((path) => uriOf(root, path));
  const { path, right, wrong } = editedBase;
  const text = fleet.files.get(path)!;
  const line = text.slice(0, text.indexOf(right)).split('\n').length - 1;
  const start = { line, character: text.split('\n')[line]!.indexOf(right) };
  const edit = async (from: string, to: string) => {
    const isWrong = to === wrong;
    const found = Promise.all(patches.map((uri) => server.diagnosed(uri, (all) => hasError(all) === isWrong)));
    const end = { line, character: start.character + from.length };
    const [began, used] = [performance.now(), server.cpu()];
    await server.replace(uriOf(root, path), { start, end }, to);
    await found;
    const taken = performance.now() - began;
    // What is sent is no longer than the rest of the work.
    await idle(server);
    return { taken, cpu: server.cpu() - used };
  };
  const samples: { readonly taken: number; readonly cpu: number }[] = [];
  for (let round = 0; round < times + warmUps; round += 1) {
    const both = [await edit(right, wrong), await edit(wrong, right)];
    if (round >= warmUps) samples.push(...both);
  }
  await server.stop();
  rmSync(root, { recursive: true });
  const of = (figure: 'taken' | 'cpu') => measured(samples.map((one) => one[figure]));
  return { findings: of('taken'), cpu: of('cpu'), opened: opened.length };
}

const warmUps = 5;

function hasError(findings: readonly { readonly severity?: DiagnosticSeverity }[]): boolean {
  return findings.some(({ severity }) => severity === DiagnosticSeverity.Error);
}

/**
 * Resolves when the process has done next to nothing for a while (timers take up to two hundredths of a processor): several
 * times, since it may wait for a processor.
 */
export async function idle(server: BenchServer): Promise<void> {
  for (let quiet = 0; quiet < 3; ) {
    const used = server.cpu();
    await new Promise((done) => setTimeout(done, 200));
    quiet = server.cpu() - used < 5 ? quiet + 1 : 0;
  }
}

export interface ColdFleet {
  readonly manifests: number;
  /** Milliseconds from the start of the process until the finding; medians. */
  readonly found: number;
  readonly cpu: number;
  /** Resident set at its largest, in MB. */
  readonly memory: number;
  /** Milliseconds that kustomize takes for all folders; undefined if it isn't there. */
  readonly kustomize: { readonly folders: number; readonly built: number; readonly taken: number } | undefined;
}

export async function measureCold(
  command: ServerCommand,
  folder: string,
  cache: string,
  starts: number,
): Promise<ColdFleet> {
  const { root, fleet } = written(join(folder, 'thousands'), tenThousand);
  const { path, right, wrong } = lastFile;
  const text = fleet.files.get(path)!.replace(right, wrong);
  const uri = uriOf(root, path);
  writeFileSync(join(root, path), text);
  const samples: { readonly found: number; readonly cpu: number; readonly memory: number }[] = [];
  for (let start = 0; start < starts; start += 1) {
    const began = performance.now();
    const server = await startServer(command, root, cache);
    const found = server.diagnosed(uri, hasError);
    await server.open(uri, { text } as BenchFile);
    await found;
    samples.push({ found: performance.now() - began, cpu: server.cpu(), memory: server.peak() });
    await server.stop();
  }
  const kustomize = measureKustomize(root, fleet);
  rmSync(root, { recursive: true });
  const of = (figure: 'found' | 'cpu' | 'memory') => measured(samples.map((one) => one[figure])).p50;
  return { manifests: fleet.manifests, found: of('found'), cpu: of('cpu'), memory: of('memory'), kustomize };
}

/** Of the folders, every `nth` is built; the time is that of all. */
const nth = 10;

export function measureKustomize(root: string, { folders }: GeneratedFleet): ColdFleet['kustomize'] {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const kustomize = join(cache, 'capstan/testbed/kustomize-5.8.3/kustomize');
  if (!existsSync(kustomize)) return undefined;
  const some = folders.filter((_, index) => index % nth === 0);
  const began = performance.now();
  for (const folder of some) {
    const { status, stderr } = spawnSync(kustomize, ['build', join(root, folder)], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  }
  const taken = (performance.now() - began) * (folders.length / some.length);
  return { folders: folders.length, built: some.length, taken };
}

export function written(root: string, size: FleetSize): { readonly root: string; readonly fleet: GeneratedFleet } {
  const fleet = generatedFleet(size);
  // Without its own repository, the folder would belong to a repository above it.
  mkdirSync(join(root, '.git'), { recursive: true });
  for (const [path, text] of fleet.files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return { root, fleet };
}

function uriOf(root: string, path: string): string {
  return `file://${root}/${path}`;
}
