// Runs `capstan` and the programs it is compared with as separate processes.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ran } from '../testbed/controlplane.ts';

export interface Running {
  /** Resolves when it has printed that many lines or has ended. */
  lines(count: number): Promise<void>;
  /** What it has printed so far. */
  printed(): string;
  readonly ended: Promise<Ran>;
  /** Ends it like Ctrl-C in a terminal. */
  interrupt(): void;
}

/** Without HOME, kubectl would cache discovery in its current folder. */
const kubectlCache = mkdtempSync(join(tmpdir(), 'capstan-kubectl-'));
process.once('exit', () => rmSync(kubectlCache, { recursive: true, force: true }));

/** What the command line keeps of actions. */
const state = mkdtempSync(join(tmpdir(), 'capstan-state-'));
process.once('exit', () => rmSync(state, { recursive: true, force: true }));

/** The command line built for this run; HOME and KUBECONFIG are set only by `env`. */
export function startCapstan(args: readonly string[], env: NodeJS.ProcessEnv = {}, cwd = process.cwd()): Running {
  const program = process.env.CAPSTAN_LIVE_CLI;
  if (program === undefined)
    throw new Error('CAPSTAN_LIVE_CLI is not set: run vitest with test/live/vitest.config.mts');
  return start(process.execPath, [program, ...args], env, cwd);
}

export function capstan(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  return startCapstan(args, env).ended;
}

export function start(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  cwd = process.cwd(),
): Running {
  const { PATH, TMPDIR } = process.env;
  const child = spawn(command, [...args], {
    env: { PATH, KUBECACHEDIR: kubectlCache, XDG_STATE_HOME: state, ...(TMPDIR && { TMPDIR }), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd,
  });
  return follow(child);
}

function follow(child: ChildProcess): Running {
  let [stdout, stderr] = ['', ''];
  let isOver = false;
  const waiting = new Set<() => void>();
  const look = () => {
    for (const check of waiting) check();
  };
  child.stdout!.on('data', (data) => {
    stdout += data;
    look();
  });
  child.stderr!.on('data', (data) => (stderr += data));
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = new Promise<Ran>((done, failed) => {
    child.once('error', failed);
    child.once('close', (code, signal) => {
      isOver = true;
      process.off('exit', kill);
      look();
      done({ code: code ?? (signal === null ? 1 : 128), stdout, stderr });
    });
  });
  return {
    ended,
    printed: () => stdout,
    lines: (count) =>
      new Promise((done) => {
        const check = () => {
          if (!isOver && stdout.split('\n').length <= count) return;
          waiting.delete(check);
          done();
        };
        waiting.add(check);
        check();
      }),
    interrupt: () => child.kill('SIGINT'),
  };
}
