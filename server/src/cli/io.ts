// The parts of the process that a command-line verb may use.

/** A stream that a terminal, a log or another program reads. */
export interface Output {
  /**
   * Text is made safe for a terminal, see `forTerminal`. What has to arrive byte for byte is `exact`: manifests, and the workflow
   * commands and colours that we mean; whoever writes these escapes what they contain.
   * Bytes always are: those of a program that runs elsewhere.
   */
  write(text: string | Uint8Array, as?: 'exact'): unknown;
  /** Present if people read the stream in a terminal, as it is now. */
  readonly terminal?: Terminal | undefined;
}

export interface Terminal {
  readonly columns: number;
  readonly rows: number;
  readonly colours: boolean;
}

/** Tests pass their own. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The URL of this program, for verbs that start it again in a thread. */
  readonly program?: URL;
  /** Ends what follows a cluster; by default it ends with the process. */
  readonly stop?: AbortSignal;
}
