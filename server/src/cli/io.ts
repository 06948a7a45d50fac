// What the verbs of the command line may touch of the process.

/** What a verb may touch; tests give their own. */
export interface Io {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** This program, for verbs that start threads of it. */
  readonly program?: URL;
}
