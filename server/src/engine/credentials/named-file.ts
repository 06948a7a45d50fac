// Files that a kubeconfig names: certificates, keys and tokens. A path may lead anywhere, also to a pipe or a device, so that only
// regular files are read, and only small ones.
import { readBytes } from '../../disk/reader.ts';

/** In bytes. A bundle of all public certificate authorities has a quarter of it. */
const largest = 1_000_000;

/** A file that isn't read; `code` is Node's, or states why. */
export class UnreadFile extends Error {
  readonly path: string;
  readonly code: string;

  constructor(path: string, code: string) {
    super(`${path} cannot be read (${code})`);
    this.path = path;
    this.code = code;
  }
}

/** Throws an `UnreadFile`. */
export function readNamed(file: string): string {
  const read = readBytes(file, { largest });
  if (Buffer.isBuffer(read)) return read.toString('utf8');
  throw new UnreadFile(file, reasons[read.reason] ?? read.code ?? read.reason);
}

const reasons: Readonly<Record<string, string>> = {
  irregular: 'it is not a regular file',
  large: 'it is larger than 1 MB',
  folder: 'it is a folder',
};
