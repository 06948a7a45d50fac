// The parts of the process that a command-line verb may use.

/** Tests pass their own. */
export interface Io {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The URL of this program, for verbs that start it again in a thread. */
  readonly program?: URL;
}
