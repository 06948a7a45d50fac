// The one reader of files: regular files only, never more than a bound, and none that a link leads to outside the root.
// A repository may hold a pipe, or a link to a device, under any name; opening one of those can block for ever.
import { isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readSync, realpathSync, type Stats, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { FileSource, Unread } from '../kustomize/file-source.ts';

export interface Bounds {
  /** In bytes. A file with more is refused, not cut. */
  readonly largest: number;
  /** The folder, by its real path, that links may not lead out of. */
  readonly within?: string;
  /**
   * Also pipes and devices, for files the user names by hand: `/dev/stdin`, `<(helm template chart)`. Waits for the
   * other end, as every program does that is given one.
   */
  readonly streams?: boolean;
}

/** Descriptor 0 is standard input. */
export function readBytes(file: string | 0, bounds: Bounds): Buffer | Unread {
  let descriptor: number | undefined;
  try {
    if (file === 0) return readOpen(0, { ...bounds, streams: true });
    const real = bounds.within === undefined ? file : realpathSync.native(file);
    if (bounds.within !== undefined && !isInside(real, bounds.within)) return { reason: 'outside' };
    descriptor = openSync(real, flagsFor(bounds));
    return readOpen(descriptor, bounds);
  } catch (error) {
    return refusal(error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

export function readText(file: string | 0, bounds: Bounds): string | Unread {
  const bytes = readBytes(file, bounds);
  if (!Buffer.isBuffer(bytes)) return bytes;
  // With a NUL it isn't text at all, which has a finding of its own.
  return isUtf8(bytes) || bytes.includes(0) ? bytes.toString('utf8') : { reason: 'encoding' };
}

/** The files of a root. `given` are paths that the user named by hand: streams, and links to anywhere, are read too. */
export function diskFiles(root: string, largest: number, given?: ReadonlySet<string>): FileSource {
  const within = realFolder(root);
  return {
    read(path) {
      const file = join(root, path);
      return given?.has(path) ? readText(file, { largest, streams: true }) : readText(file, { largest, within });
    },
    kindOf(path) {
      try {
        const real = realpathSync.native(join(root, path));
        if (!isInside(real, within)) return undefined;
        const stats = statSync(real);
        return stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : undefined;
      } catch {
        return undefined;
      }
    },
  };
}

/** What `within` asks for; a folder that is missing holds nothing to be read. */
export function realFolder(folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch {
    return folder;
  }
}

/** As `fs` names what it refused. */
export function refusal(error: unknown): Unread {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return { reason: 'absent', code };
  if (code === 'ENXIO' || code === 'ENODEV') return { reason: 'irregular', code };
  return code === 'EISDIR' ? { reason: 'folder', code } : { reason: 'denied', code: code ?? String(error) };
}

function isInside(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/**
 * Without waiting for a pipe's other end, which the check of the descriptor then refuses. Where links were resolved, none
 * is left at the end of the path unless somebody put it there since.
 */
function flagsFor({ within, streams }: Bounds): number {
  // The last two are unknown to Windows.
  const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants;
  return O_RDONLY | (streams ? 0 : O_NONBLOCK) | (within === undefined ? 0 : O_NOFOLLOW);
}

function readOpen(descriptor: number, { largest, streams }: Bounds): Buffer | Unread {
  const stats = fstatSync(descriptor);
  if (stats.isDirectory()) return { reason: 'folder' };
  if (!stats.isFile() && !streams) return { reason: 'irregular' };
  if (stats.isFile() && stats.size > largest) return { reason: 'large', bytes: stats.size };
  return readUpTo(descriptor, largest, stats);
}

/** The size only says where to begin: a file may grow while it is read, and those of /proc claim to be empty. */
function readUpTo(descriptor: number, largest: number, stats: Stats): Buffer | Unread {
  let bytes = Buffer.allocUnsafe(Math.min(largest, stats.isFile() ? stats.size : 0, 64_000_000) + 1);
  let length = 0;
  for (;;) {
    if (length === bytes.length) {
      const larger = Buffer.allocUnsafe(Math.min(largest + 1, Math.max(65_536, bytes.length * 2)));
      bytes.copy(larger, 0, 0, length);
      bytes = larger;
    }
    const read = readSync(descriptor, bytes, length, bytes.length - length, null);
    if (read === 0) return bytes.subarray(0, length);
    length += read;
    if (length > largest) return { reason: 'large', bytes: length };
  }
}
