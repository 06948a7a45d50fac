// One run of a credential plugin at a time on this machine, however many windows there are: two runs of one that opens
// a browser would be two browsers. Where no file can be written each window is on its own.
import { mkdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds. */
const look = 100;

/**
 * Does `work` when nobody else does any under the `key`, or after `patience` milliseconds all the same. Whoever has
 * given up waits no longer; `work` sees to it that nothing comes of it.
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

/** Takes it, unless a living process holds it. */
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
    // No right to signal it, so it lives.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function release(file: string): void {
  try {
    if (readFileSync(file, 'utf8') === String(process.pid)) unlinkSync(file);
  } catch {}
}
