// The interface through which the files of a root are read: implemented by disk/ for the servers and the command line, and
// by tests.

/** The files of one root, by their path relative to it. Synchronous; never throws. */
export interface FileSource {
  /** The text of a regular file, or why it can't be read. */
  read(path: string): string | Unread;
  /** The content of a regular file, for those that aren't text; undefined if `read` refuses it for another reason. */
  bytes?(path: string): Uint8Array | undefined;
  /** The kind of a path, with links resolved; undefined if it doesn't exist, or if `read` refuses it regardless of its content. */
  kindOf(path: string): 'file' | 'folder' | undefined;
  /** The path of what exists with links resolved; the path itself by default. */
  realPath?(path: string): string;
  /** The files in a folder and below, relative to it, sorted: a bounded number, without what links lead to. */
  below?(folder: string): readonly string[];
  /** Whether the path itself is a link, whatever its folder is; undefined if it doesn't exist. */
  isLink?(path: string): boolean | undefined;
}

export interface Unread {
  readonly reason:
    | 'absent'
    | 'folder'
    /** A pipe, a device or a socket. */
    | 'irregular'
    /** A symbolic link out of the root. */
    | 'outside'
    | 'large'
    /** Not UTF-8. */
    | 'encoding'
    /** The operating system refused; see `code`. */
    | 'denied';
  /** The error code of the operating system, such as `EACCES`. */
  readonly code?: string;
  /** The size of a file that is too large. */
  readonly bytes?: number;
}

export const noFiles: FileSource = { read: () => ({ reason: 'absent' }), kindOf: () => undefined };
