// Runs a bundle with the code that V8 compiled for it in an earlier process, kept in the user's cache. Compiling takes a
// third of a start, and Node's own compile cache doesn't keep functions that are compiled when they are first called.
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';

export interface Compiled {
  /** What of the program is compiled depends on what it does: the name of that. */
  readonly use?: string;
  /** When most functions that are needed have run, and so are compiled: after a while, or if the process ends well. */
  readonly writes: 'soon' | 'at-exit';
}

/**
 * Runs a CommonJS bundle as `require` would. Stored code is used only for the same bytes and the same V8, and only if its
 * checksum is right; otherwise the code is written to `folder`. Errors with it are ignored. Returns whether stored code was
 * used.
 */
export function runCompiled(
  file: string,
  folder: string | undefined,
  { use, writes }: Compiled = { writes: 'soon' },
): boolean {
  const bytes = readFileSync(file);
  const name = use === undefined ? basename(file, '.js') : `${basename(file, '.js')}-${use}`;
  // Versions of Node that can't tell whether it is damaged compile it again.
  const isKept = folder !== undefined && typeof crc32 === 'function';
  const stored = isKept ? join(folder, `${name}-${identity(bytes)}.bin`) : undefined;
  const cachedData = stored === undefined ? undefined : read(stored);
  // The bundles are ASCII (scripts/bundle.ts), of which this is the fastest reading.
  const script = new Script(wrapped(bytes.toString('latin1')), { filename: file, ...(cachedData && { cachedData }) });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  const used = cachedData !== undefined && script.cachedDataRejected !== true;
  if (stored === undefined || used) return used;
  const keep = () => write(stored, script.createCachedData());
  if (writes === 'soon') setTimeout(keep, settled).unref();
  // What was misused or failed didn't need most of it.
  else process.once('exit', (code) => (code === 2 ? undefined : keep()));
  return used;
}

/** The function that `require` makes of a file; on one line, so that lines in stack traces are the file's. */
function wrapped(source: string): string {
  return `(function (exports, require, module, __filename, __dirname) { ${source}\n})`;
}

/** Milliseconds after which most functions that a session needs have run, and so are compiled. */
export const settled = 5_000;

/** Milliseconds after which code of other versions is deleted. */
const longest = 30 * 86_400_000;

/** V8 itself compares only the length of the source, and its own version and flags. */
function identity(source: Buffer): string {
  return `${crc32(source).toString(16)}-${process.versions.v8}-${process.arch}`;
}

/** The data, which follows its length and its checksum. */
function read(stored: string): Buffer | undefined {
  try {
    const bytes = readFileSync(stored);
    const data = bytes.subarray(8);
    return bytes.readUInt32LE(0) === data.length && bytes.readUInt32LE(4) === crc32(data) ? data : undefined;
  } catch {
    return undefined;
  }
}

/** Written beside and renamed, so that no other process reads half a file; what a full disk leaves is deleted with time. */
function write(stored: string, data: Buffer): void {
  const folder = dirname(stored);
  const unfinished = `${stored}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const head = Buffer.alloc(8);
    head.writeUInt32LE(data.length, 0);
    head.writeUInt32LE(crc32(data), 4);
    const open = openSync(unfinished, 'wx', 0o600);
    try {
      for (const part of [head, data]) writeSync(open, part);
      fsyncSync(open);
    } finally {
      closeSync(open);
    }
    renameSync(unfinished, stored);
    deleteOld(folder);
  } catch {
    // The next process compiles the program again.
  }
}

function deleteOld(folder: string): void {
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    if (Date.now() - statSync(file).mtimeMs > longest) rmSync(file, { force: true });
  }
}
