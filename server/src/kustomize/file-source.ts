// Where the content of a root's files comes from: Node's disk for the servers and the command line, anything else in tests.

/** Files of one root, by their path relative to it. Synchronous and total. */
export interface FileSource {
  /** The text of a regular file; of anything else, why it has none. */
  read(path: string): string | Unread;
  /** What is at the path, links followed; undefined for nothing, and for what `read` refuses whatever it holds. */
  kindOf(path: string): 'file' | 'folder' | undefined;
}

export interface Unread {
  readonly reason:
    | 'absent'
    | 'folder'
    /** A pipe, a device or a socket. */
    | 'irregular'
    /** A link leads out of the root. */
    | 'outside'
    | 'large'
    /** Not UTF-8. */
    | 'encoding'
    /** The system refused: `code` has its reason. */
    | 'denied';
  /** As the system names it, such as `EACCES`. */
  readonly code?: string;
  /** The size, where that is the reason. */
  readonly bytes?: number;
}

export const noFiles: FileSource = { read: () => ({ reason: 'absent' }), kindOf: () => undefined };
