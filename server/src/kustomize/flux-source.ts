// Determines where the root of a Flux source is in the files of a workspace: a GitRepository of this repository, an artifact
// made of it, or a source with other files.

import type { Artifact } from './artifact.ts';
import { type BuiltMap, textAt } from './built.ts';
import type { FluxKustomization, SourceReference } from './flux-kustomization.ts';
import { locateInArtifact, type SourceFiles } from './generated-artifact.ts';
import { fileNameOf, folderOf, foldersUp, joinPath } from './paths.ts';

export interface SourceContext {
  /** A source object of the cluster; undefined if no file defines it. */
  find(kind: string, namespace: string, name: string): BuiltMap | undefined;
  /** The objects of a kind in the cluster. */
  all(kind: string): readonly BuiltMap[];
  hasFolder(path: string): boolean;
  /** The source of the cluster's entry point, which is this repository. */
  readonly own: SourceReference | undefined;
  /** The URLs of the repository's remotes. */
  readonly remotes: readonly string[];
}

/** What a Kustomization applies. */
export interface Applied {
  readonly artifact: Artifact;
  /** The folder of the workspace; undefined if it is unknown. */
  readonly folder: string | undefined;
}

/** Undefined if the files are elsewhere or unknown. */
export function appliedBy(kustomization: FluxKustomization, context: SourceContext): Applied | undefined {
  const { source, folder } = kustomization;
  if (source.kind === 'ExternalArtifact') {
    const generators = context.all('ArtifactGenerator');
    const files: SourceFiles = (one, copied, generator) => copiedFrom(one, copied, generator, context);
    const found = locateInArtifact(source, folder ?? '', { generators, files, hasFolder: context.hasFolder });
    if (!found) return undefined;
    return { artifact: found.artifact, folder: folder === undefined ? undefined : found.folder };
  }
  const artifact = artifactOf(kustomization, context);
  if (!artifact) return undefined;
  return { artifact, folder: folder === undefined ? undefined : joinPath(artifact.root, folder) };
}

function artifactOf(kustomization: FluxKustomization, context: SourceContext): Artifact | undefined {
  const { source, object } = kustomization;
  const folder = kustomization.folder ?? '';
  const found = context.find(source.kind, source.namespace, source.name);
  const url = textAt(found, ['spec', 'url']);
  const around = foldersUp(folderOf(object.origin.source.file));
  const cloned = url === undefined ? undefined : clonedAt(url, folder, around, context);
  if (cloned === undefined && url !== undefined && !isOwn(source, url, context)) return undefined;
  const root = cloned ?? ['', ...around].find((one) => context.hasFolder(joinPath(one, folder)));
  // Where the source is unknown, only its folders tell whether it is this repository, and any repository has a root.
  const isTold = root !== undefined && folder !== '';
  if (!isTold && url === undefined && !isSame(source, context.own)) return undefined;
  return { root: root ?? '', ignore: textAt(found, ['spec', 'ignore']) ?? '' };
}

/**
 * The source of an ArtifactGenerator, by a folder that is copied. A source that bootstrap creates may be in no file: its
 * folders tell whether it is this repository.
 */
function copiedFrom(
  source: SourceReference,
  folder: string,
  generator: BuiltMap,
  context: SourceContext,
): Artifact | undefined {
  const found = context.find(source.kind, source.namespace, source.name);
  const isHere = found ? isOwn(source, textAt(found, ['spec', 'url']) ?? '', context) : isSame(source, context.own);
  const around = ['', ...foldersUp(folderOf(generator.origin.source.file))];
  const root = around.find((one) => context.hasFolder(joinPath(one, folder)));
  if (!isHere && (found || folder === '' || root === undefined)) return undefined;
  return { root: root ?? '', ignore: textAt(found, ['spec', 'ignore']) ?? '' };
}

/**
 * A clone next to the Kustomization's own repository, in a folder with the repository's name. What a repository has is often
 * in a folder of its name, too, so that without a path only a folder at the root is taken for a clone.
 */
function clonedAt(
  url: string,
  folder: string,
  around: readonly string[],
  { hasFolder }: SourceContext,
): string | undefined {
  const name = fileNameOf(repositoryIn(url));
  const beside = (folder === '' ? [''] : around).map((one) => joinPath(one, name));
  return name === '' ? undefined : beside.find((one) => hasFolder(one) && hasFolder(joinPath(one, folder)));
}

function isOwn(source: SourceReference, url: string, context: SourceContext): boolean {
  const { own, remotes } = context;
  if (isSame(source, own)) return true;
  const ownObject = own && context.find(own.kind, own.namespace, own.name);
  const known = [textAt(ownObject, ['spec', 'url']), ...remotes].flatMap((one) => one ?? []);
  return known.map(repositoryIn).includes(repositoryIn(url));
}

function isSame(a: SourceReference, b: SourceReference | undefined): boolean {
  return b !== undefined && a.kind === b.kind && a.name === b.name && a.namespace === b.namespace;
}

/** The host and path of a Git URL, however it is written: `git@host:owner/name.git` is `host/owner/name`. */
export function repositoryIn(url: string): string {
  return url
    .trim()
    .replace(/^[a-z+]+:\/\//i, '')
    .replace(/^[^@/]*@/, '')
    .replace(/^([^/:]+):(?:\d+\/)?\/?/, '$1/')
    .replace(/(?:\.git)?\/*$/, '')
    .toLowerCase();
}

/** The URLs of the remotes in a `.git/config`. */
export function remotesIn(config: string): readonly string[] {
  return [...config.matchAll(/^\s*url\s*=\s*(.+)$/gm)].map(([, url]) => url!.trim());
}
