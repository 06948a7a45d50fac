// Builds Flux Kustomizations with the modules of kustomize-controller, in one process for many builds. The program is
// test/testbed/controller-build/main.go, which defines its jobs and answers.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { program } from '../../testbed/cache.ts';

export interface ControllerJob {
  readonly root: string;
  readonly kustomization: unknown;
  readonly strict: boolean;
  readonly configMaps?: readonly unknown[];
  readonly secrets?: readonly unknown[];
}

export interface ControllerAnswer {
  readonly objects?: readonly unknown[];
  readonly error?: string;
}

/** State: the process, and who waits for its next answers. */
export class ControllerBuild {
  readonly #process: ChildProcess;
  readonly #waiting: ((line: string) => void)[] = [];

  constructor() {
    const proxy = 'http://127.0.0.1:9';
    const env = { ...process.env, GIT_ALLOW_PROTOCOL: 'none', HTTP_PROXY: proxy, HTTPS_PROXY: proxy };
    this.#process = spawn(program('controller-build', 'controller-build'), {
      env,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    createInterface({ input: this.#process.stdout! }).on('line', (line) => this.#waiting.shift()?.(line));
    this.#process.on('exit', () => {
      for (const answer of this.#waiting.splice(0)) answer('{"error": "the program ended"}');
    });
  }

  /** Copies the files of a source that are in its artifact to `root`. */
  async unpack(source: string, ignore: string, root: string): Promise<void> {
    const { error } = await this.#ask({ source, ignore, root });
    if (error !== undefined) throw new Error(error);
  }

  build(job: ControllerJob): Promise<ControllerAnswer> {
    return this.#ask(job);
  }

  async stop(): Promise<void> {
    this.#process.stdin!.end();
    if (this.#process.exitCode === null) await once(this.#process, 'exit');
  }

  #ask(job: object): Promise<ControllerAnswer> {
    return new Promise((resolve) => {
      this.#waiting.push((line) => resolve(JSON.parse(line) as ControllerAnswer));
      this.#process.stdin!.write(`${JSON.stringify(job)}\n`);
    });
  }
}
