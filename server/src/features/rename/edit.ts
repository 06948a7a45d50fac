// What a rename results in: edits of several files, or the reason why it is refused.

export interface Refused {
  /** One or two sentences. */
  readonly refused: string;
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
