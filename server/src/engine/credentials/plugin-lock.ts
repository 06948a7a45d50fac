// Allows one run of a credential plugin at a time on this machine, across windows: two runs of a plugin that opens a
// browser would open two. If no lock file can be written, each window runs the plugin independently.
import { mkdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds. */
const look = 100;

/**
 * Runs `work` once no other process runs any with the same `key`, or after `patience` milliseconds regardless. An aborted
 * `signal` ends the wait; `work` is then called anyway and handles the abort itself.
 */
export async function alone<T>(
  folder: string | undefined,
  key: string,
  patience: number,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const file = folder === undefined ? undefined : join(folder, `plugin-${key.slice(0, 16)}.lock`);
  const until = Date.now() + patience;
  while (file !== undefined && !signal?.aborted && isTaken(file, patience) && Date.now() < until)
    await sleep(look, undefined, { ref: false });
  try {
    return await work();
  } finally {
    if (file !== undefined) release(file);
  }
}

/** Takes the lock, unless a running process holds it. */
function isTaken(file: string, patience: number): boolean {
  try {
    mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 });
    writeFileSync(file, String(process.pid), { flag: 'wx', mode: 0o600 });
    return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
  }
  if (isHeld(file, patience)) return true;
  try {
    unlinkSync(file);
  } catch {}
  return true;
}

function isHeld(file: string, patience: number): boolean {
  try {
    if (Date.now() - statSync(file).mtimeMs > patience) return false;
    process.kill(Number(readFileSync(file, 'utf8')), 0);
    return true;
  } catch (error) {
    // EPERM: the process exists, but we may not signal it.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function release(file: string): void {
  try {
    if (readFileSync(file, 'utf8') === String(process.pid)) unlinkSync(file);
  } catch {}
}
