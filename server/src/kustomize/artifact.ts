// What controllers of Flux fetch or make of a source: files that Kustomizations apply.

/** The part of a workspace that is in a source. */
export interface Artifact {
  /** The folder of the workspace that is the root of the artifact. */
  readonly root: string;
  /** The `ignore` of the source. */
  readonly ignore: string;
  /** The folder that `ignore` is about, where the artifact is made of a part of it; the root if absent. */
  readonly within?: string;
}
