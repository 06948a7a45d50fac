// The files of a build, as whoever runs it gives them.
import type { Manifest } from '../syntax/manifest.ts';

/** Files by their path from the root; links are the giver's to follow. */
export interface BuildFiles {
  kindOf(path: string): 'file' | 'folder' | undefined;
  /** The YAML documents of a file, whatever it is called; undefined where it can't be read. */
  documents(path: string): readonly FileDocument[] | undefined;
  /** The text of a file that is data: what a generator reads. */
  text(path: string): string | undefined;
}

export interface FileDocument {
  /** UTF-16 offset in the file. */
  readonly start: number;
  readonly manifest: Manifest;
}
