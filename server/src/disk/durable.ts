// Writes to folders that several processes use at once, such as the user's cache: readers find the old content or the new one,
// whole; one writer at a time changes what others wrote; what a killed writer left is removed by the next one.
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';

/** Milliseconds. */
const [look, patience, longest] = [20, 60_000, 120_000];

const lockName = '.lock';

/** Replaces a file by a new one, at once. Throws the error of `fs`. */
export function replaceFile(file: string, content: string | Uint8Array, mode = 0o666): void {
  const fresh = temporary(file);
  try {
    const open = openSync(fresh, 'wx', mode);
    try {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      for (let at = 0; at < bytes.length; ) at += writeSync(open, bytes, at);
      // Otherwise a machine that stops may have the name without the content.
      fsyncSync(open);
    } finally {
      closeSync(open);
    }
    renameSync(fresh, file);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}

/**
 * Replaces a folder by what `fill` writes into a new one. For an instant there is none. Throws the error of `fs`; what was
 * there stays then.
 */
export function replaceFolder(folder: string, fill: (fresh: string) => void): void {
  const fresh = temporary(folder);
  try {
    mkdirSync(fresh, { recursive: true });
    fill(fresh);
    const old = temporary(`${folder}.old`);
    try {
      renameSync(folder, old);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    renameSync(fresh, folder);
    rmSync(old, { recursive: true, force: true });
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw error;
  }
}

/** Runs `work` while no other process does in the folder, which is created. Throws if another one takes too long. */
export function exclusively<T>(folder: string, work: () => T): T {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = join(folder, lockName);
  const own = `${process.pid} ${Math.random()}`;
  for (const until = Date.now() + patience; !take(lock, own); pause()) {
    removeStale(lock);
    if (Date.now() > until)
      throw Object.assign(new Error(`${lock} is held by another process`), { code: 'EBUSY', path: lock });
  }
  try {
    sweep(folder);
    return work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** `.NAME.PID`: `sweep` finds by the name whether its writer is gone. */
function temporary(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}`);
}

/** Removes what writers left that were killed. */
function sweep(folder: string): void {
  for (const name of readdirSync(folder)) {
    const id = /^\..+\.(\d+)$/.exec(name)?.[1];
    if (id !== undefined && (Number(id) === process.pid || !isRunning(Number(id))))
      rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function take(lock: string, own: string): boolean {
  let open: number;
  try {
    open = openSync(lock, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  try {
    writeSync(open, own);
  } finally {
    closeSync(open);
  }
  return true;
}

/** Removes the lock of a process that is gone. Two processes may try at once: the lock that is removed must be the one judged. */
function removeStale(lock: string): void {
  try {
    const held = readFileSync(lock, 'utf8');
    const isOld = Date.now() - statSync(lock).mtimeMs > longest;
    // Without an id, it is being written.
    if (!isOld && (held === '' || isRunning(Number.parseInt(held, 10)))) return;
    const taken = temporary(`${lock}.stale`);
    renameSync(lock, taken);
    if (readFileSync(taken, 'utf8') !== held) linkSync(taken, lock);
    rmSync(taken, { force: true });
  } catch {
    // It was released in the meantime.
  }
}

function isRunning(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    // It may be another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, look);
}
