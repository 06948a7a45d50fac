// The files of a Flux source within the workspace, and what builds of the same source share by it.

import type { Accumulated } from '../kustomize/accumulate.ts';
import type { Artifact } from '../kustomize/artifact.ts';
import type { BuildFiles } from '../kustomize/build-files.ts';
import type { FluxFiles } from '../kustomize/flux-generator.ts';
import { fileNameOf, folderOf, foldersUp, isBelow, joinPath } from '../kustomize/paths.ts';
import type { Recorded } from '../kustomize/run.ts';
import { ignoreFileName, ignoresFile, readIgnore } from '../kustomize/source-ignore.ts';
import type { Computed } from './reading.ts';
import type { Workspace } from './workspace.ts';

export interface ArtifactFiles extends FluxFiles {
  isIgnored(path: string): boolean;
}

/** The files of an artifact: those that `.sourceignore` files and the source don't exclude. It has no links. */
export function filesOfArtifact(
  { root, ignore, within = root }: Artifact,
  workspace: Workspace,
  all: BuildFiles,
  text: (path: string) => string | undefined,
): Computed<ArtifactFiles> {
  const nested = workspace.below(root).filter((path) => fileNameOf(path) === ignoreFileName);
  const above = foldersUp(root).filter((folder) => isBelow(folder, within));
  const paths = [...new Set([...above.map((folder) => joinPath(folder, ignoreFileName)), ...nested])];
  const patterns = paths.flatMap((path) => readIgnore(text(path) ?? '', folderOf(path)));
  const ignores = ignoresFile([...patterns, ...readIgnore(ignore, within)]);
  const decided = new Map<string, boolean>();
  const isIgnored = (path: string) => {
    const known = decided.get(path) ?? (ignores(path) || workspace.data.realPath(path) !== path);
    decided.set(path, known);
    return known;
  };
  const files: ArtifactFiles = {
    ...all,
    isIgnored,
    kindOf: (path) => {
      const kind = all.kindOf(path);
      const isLinked = kind === 'folder' && workspace.data.realPath(path) !== path;
      return isLinked || (kind === 'file' && isIgnored(path)) ? undefined : kind;
    },
    documents: (path) => (isIgnored(path) ? undefined : all.documents(path)),
    text: (path) => (isIgnored(path) ? undefined : all.text(path)),
    bytes: (path) => (isIgnored(path) ? undefined : all.bytes?.(path)),
    below: (folder) => workspace.below(folder).filter((path) => !isIgnored(path)),
  };
  return { value: files, reads: paths, listed: [root] };
}

/** A key for what is made of an artifact's files; `artifactIn` reads the artifact from it. */
export function keyOf(artifact: Artifact, of: string): string {
  return `${JSON.stringify(artifact)}\n${of}`;
}

export function artifactIn(key: string): string {
  return key.slice(0, key.indexOf('\n'));
}

const unignored = new WeakMap<(path: string) => boolean, WeakMap<Recorded<Accumulated>, boolean>>();

/** Whether an artifact has all files that were read, which are in the folder that names them. */
export function isUnignored(recorded: Recorded<Accumulated>, isIgnored: (path: string) => boolean): boolean {
  let known = unignored.get(isIgnored);
  if (!known) unignored.set(isIgnored, (known = new WeakMap()));
  const before = known.get(recorded);
  if (before !== undefined) return before;
  const is = !recorded.crosses && !recorded.reads.some(isIgnored);
  known.set(recorded, is);
  return is;
}
