// The second thread of a large `lint`: processes a share and exchanges outlines with the first thread over a message port.
import { type MessagePort, parentPort, Worker } from 'node:worker_threads';
import { largestFile, type Outline } from '../../workspace/document.ts';
import type { LintFinding } from '../output.ts';
import { type Share, ShareRun } from './share.ts';

/** The worker data by which main.ts recognizes the second thread of a lint. */
const lintTask = 'capstan lint';

interface Work {
  readonly share: Share;
  readonly config: readonly [path: string, text: string] | undefined;
}

/** Megabytes for the young generation: parsed trees outlive a small one, and copying them takes a tenth of the run. */
const youngGeneration = 64;

/** The second thread, as the first one uses it. */
export class SecondThread {
  readonly #worker: Worker;

  /** Starts at once, so that it loads while the first thread lists files. */
  constructor(program: URL, env: Readonly<Record<string, string | undefined>>) {
    this.#worker = new Worker(program, {
      workerData: lintTask,
      env: { ...env },
      resourceLimits: { maxYoungGenerationSizeMb: youngGeneration },
    });
    this.#worker.unref();
  }

  begin(work: Work): void {
    this.#worker.ref();
    this.#worker.postMessage(work);
  }

  /** Outlines of the files that it has read. */
  outlines(): Promise<readonly Outline[]> {
    return this.#next();
  }

  /** Sends it the outlines of the files read here; resolves to its findings and terminates it. */
  async finish(outlines: readonly Outline[]): Promise<readonly LintFinding[]> {
    const findings = this.#next<readonly LintFinding[]>();
    this.#worker.postMessage(outlines);
    const found = await findings;
    await this.#worker.terminate();
    return found;
  }

  #next<T>(): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#worker.once('message', resolve);
      this.#worker.once('error', reject);
    });
  }
}

/** Runs in the second thread, once. */
export async function runSecondThread(): Promise<void> {
  const { diskFiles } = await import('../../disk/reader.ts');
  const { catalogOnDisk } = await import('../../disk/catalog.ts');
  const { chartsOnDisk } = await import('../../disk/charts.ts');
  const catalog = catalogOnDisk(process.env);
  const port = parentPort!;
  const { share, config } = await received<Work>(port);
  const run = new ShareRun(share, catalog, diskFiles(share.root, largestFile.bytes, share.given), {
    charts: chartsOnDisk(process.env),
  });
  if (config) run.configure(...config);
  run.read();
  port.postMessage(run.outlines());
  run.take(await received<readonly Outline[]>(port));
  port.postMessage(run.check());
}

function received<T>(port: MessagePort): Promise<T> {
  return new Promise((resolve) => port.once('message', resolve));
}
