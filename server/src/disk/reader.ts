// The only reader of workspace files. It reads regular files up to a size limit, and no links out of the root: a repository
// may contain a pipe or a link to a device under any name, and opening one can block forever.
import { isUtf8 } from 'node:buffer';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { FileSource, Unread } from '../kustomize/file-source.ts';

export interface Bounds {
  /** In bytes. A larger file is refused, not truncated. */
  readonly largest: number;
  /** The real path of the folder that links must stay inside. */
  readonly within?: string;
  /**
   * Also read pipes and devices, for paths that the user passes: `/dev/stdin`, `<(helm template chart)`. Blocks until the
   * other end is written and closed, as usual for such paths.
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
  // A file with a NUL is binary, for which there is a separate finding.
  return isUtf8(bytes) || bytes.includes(0) ? bytes.toString('utf8') : { reason: 'encoding' };
}

/** A part of a file of our own; undefined if the file is shorter, or can't be read. */
export function readPart(file: string, start: number, length: number): Buffer | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, flagsFor({ largest: length }));
    const stats = fstatSync(descriptor);
    if (!stats.isFile() || !(start >= 0 && length >= 0 && start + length <= stats.size)) return undefined;
    const bytes = Buffer.alloc(length);
    for (let done = 0; done < length; ) {
      const read = readSync(descriptor, bytes, done, length - done, start + done);
      if (read === 0) return undefined;
      done += read;
    }
    return bytes;
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** The files of a root. `given` are the paths that the user passed, which may be streams and links out of the root. */
export function diskFiles(root: string, largest: number, given?: ReadonlySet<string>): FileSource {
  const within = realFolder(root);
  return {
    read(path) {
      const file = join(root, path);
      return given?.has(path) ? readText(file, { largest, streams: true }) : readText(file, { largest, within });
    },
    bytes(path) {
      const bytes = readBytes(join(root, path), { largest, within });
      return Buffer.isBuffer(bytes) ? bytes : undefined;
    },
    kindOf(path) {
      try {
        const file = join(root, path);
        // Most paths that are looked up don't exist: an error would take several times as long.
        const stats = statSync(file, { throwIfNoEntry: false });
        if (!stats || !isInside(realpathSync.native(file), within)) return undefined;
        return stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : undefined;
      } catch {
        return undefined;
      }
    },
    below(folder) {
      const found: string[] = [];
      const list = (below: string) => {
        for (const entry of readdirSync(join(root, folder, below), { withFileTypes: true })) {
          const path = below === '' ? entry.name : `${below}/${entry.name}`;
          if (found.length >= mostBelow) return;
          if (entry.isFile()) found.push(path);
          else if (entry.isDirectory() && entry.name !== '.git' && entry.name !== 'node_modules') list(path);
        }
      };
      try {
        if (isInside(realpathSync.native(join(root, folder)), within) || folder === '') list('');
      } catch {}
      return found.sort();
    },
    isLink(path) {
      try {
        return lstatSync(join(root, path), { throwIfNoEntry: false })?.isSymbolicLink();
      } catch {
        return undefined;
      }
    },
    realPath(path) {
      try {
        const file = join(root, path);
        // As above: most paths that are looked up lead to nothing.
        if (!statSync(file, { throwIfNoEntry: false })) return path;
        return relative(within, realpathSync.native(file)).replaceAll(sep, '/');
      } catch {
        return path;
      }
    },
  };
}

/** Files that are listed of one folder. */
const mostBelow = 10_000;

/** The real path of a folder, for `within`; the path itself if the folder is missing, and so has no files to read. */
export function realFolder(folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch {
    return folder;
  }
}

/** The reason of an error that `fs` throws. */
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
 * O_NONBLOCK opens a pipe without waiting for its other end; the check of the descriptor refuses it then. O_NOFOLLOW refuses
 * a link that was created after the path was resolved.
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

/** The size is only the initial length of the buffer: a file may grow while it is read, and files in /proc report 0. */
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
