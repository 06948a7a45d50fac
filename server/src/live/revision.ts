// Flux revisions in short form: `main@sha1:9c1f2ab…` is shown as `main@9c1f2ab`. The format is defined in fluxcd/flux2,
// rfcs/0005-artifact-revision-and-digest.

export interface Revision {
  /** Branch, tag, or chart version. */
  readonly ref?: string;
  /** Hex, without the algorithm. */
  readonly digest?: string;
}

export function parseRevision(revision: string): Revision {
  const digested = /^(?:(.*)@)?(?:sha\d+|blake3):([0-9a-f]+)$/.exec(revision);
  if (digested) {
    const [, ref, digest = ''] = digested;
    return { ...(ref ? { ref: ref.replace(/^refs\/(heads|tags)\//, '') } : {}), digest };
  }
  // Before Flux 2.0: `main/<sha>`.
  const old = /^(.+)\/([0-9a-f]{40})$/.exec(revision);
  if (old) return { ref: old[1]!, digest: old[2]! };
  return { ref: revision };
}

export function shortRevision(revision: string): string {
  const { ref, digest } = parseRevision(revision);
  return [ref, digest?.slice(0, 7)].filter((part) => part !== undefined && part !== '').join('@');
}

/** A text with digests of a commit or an artifact cut to what tells them apart; a tooltip has no room for 64 digits. */
export function withShortDigests(text: string): string {
  return text.replace(/\b[0-9a-f]{40}(?:[0-9a-f]{24})?\b/g, (digest) => digest.slice(0, 12));
}
