// What a rename results in: edits of several files, or the reason why it is refused.
import type { Document } from '../../workspace/document.ts';

export interface Refused {
  /** One or two sentences. */
  readonly refused: string;
}

/** A name in a document, in offsets of the document. */
export interface Named {
  readonly path: string;
  readonly document: Document;
  readonly start: number;
  readonly end: number;
  /** The name there and the new one, if they differ from those of the renamed object. */
  readonly old?: string;
  readonly to?: string;
}

/** In offsets of the file at `path`. */
export interface FileEdit {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export type Renamed =
  | Refused
  /** `isLocal` is set where no other file can matter. */
  | { readonly edits: readonly FileEdit[]; readonly isLocal?: true };
