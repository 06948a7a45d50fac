// The interface through which a build reads files; its caller implements it.
import type { Manifest } from '../syntax/manifest.ts';

/** Files by their path from the root. The implementation resolves symbolic links. */
export interface BuildFiles {
  kindOf(path: string): 'file' | 'folder' | undefined;
  /** The YAML documents of a file, regardless of its name; undefined if it can't be read. */
  documents(path: string): readonly FileDocument[] | undefined;
  /** The text of a data file, as read by generators. */
  text(path: string): string | undefined;
  /** The bytes of a data file, for those that aren't text; without it, they are holes. */
  bytes?(path: string): Uint8Array | undefined;
  /** The path that links lead to; the path itself by default. */
  realPath?(path: string): string;
}

export interface FileDocument {
  /** UTF-16 offset in the file. */
  readonly start: number;
  readonly manifest: Manifest;
}
