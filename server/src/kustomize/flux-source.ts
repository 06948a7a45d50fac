// Determines where the root of a Flux source is in the files of a workspace: a GitRepository of this repository, an artifact
// made of it, or a source with other files.
import { type Built, type BuiltMap, builtAt, textAt } from './built.ts';
import type { FluxKustomization, SourceReference } from './flux-kustomization.ts';
import { idOf } from './objects.ts';
import { fileNameOf, folderOf, foldersUp, joinPath } from './paths.ts';

/** The part of a workspace that is in a source. */
export interface Artifact {
  /** The folder of the workspace that is the root of the artifact. */
  readonly root: string;
  /** The `ignore` of the source. */
  readonly ignore: string;
}

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

/** Undefined if its files are elsewhere or unknown. */
export function artifactOf(kustomization: FluxKustomization, context: SourceContext): Artifact | undefined {
  const { source, object } = kustomization;
  const folder = kustomization.folder ?? '';
  if (source.kind === 'ExternalArtifact') return generatedArtifact(source, context);
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

/** A clone next to the Kustomization's own repository, in a folder with the repository's name. */
function clonedAt(
  url: string,
  folder: string,
  around: readonly string[],
  { hasFolder }: SourceContext,
): string | undefined {
  const name = fileNameOf(repositoryIn(url));
  const beside = around.map((one) => joinPath(one, name));
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

/**
 * An artifact of an ArtifactGenerator whose rules copy folders of this repository and keep their places below one folder,
 * which is then the artifact's root.
 */
function generatedArtifact(source: SourceReference, context: SourceContext): Artifact | undefined {
  for (const generator of context.all('ArtifactGenerator')) {
    if (idOf(generator).namespace !== source.namespace) continue;
    const artifact = itemsAt(generator, 'artifacts').find((one) => textAt(one, ['name']) === source.name);
    if (!artifact) continue;
    const aliases = new Map(itemsAt(generator, 'sources').map((one) => [textAt(one, ['alias']) ?? '', one] as const));
    const copies = itemsOf(builtAt(artifact, ['copy']));
    const roots = new Set(copies.map((copy) => rootOf(copy, aliases, source.namespace, context)));
    const [root] = roots;
    return roots.size === 1 && root !== undefined ? { root, ignore: '' } : undefined;
  }
  return undefined;
}

function rootOf(
  copy: Built,
  aliases: ReadonlyMap<string, Built>,
  namespace: string,
  context: SourceContext,
): string | undefined {
  const from = /^@([^/]+)\/(?:(.*)\/)?\*\*$/.exec(textAt(copy, ['from']) ?? '');
  const to = /^@artifact\/(?:(.*)\/)?$/.exec(textAt(copy, ['to']) ?? '');
  const alias = from ? aliases.get(from[1]!) : undefined;
  if (!from || !to || !alias) return undefined;
  const text = (field: string) => textAt(alias, [field]) ?? '';
  const reference = { kind: text('kind'), name: text('name'), namespace: text('namespace') || namespace };
  const found = context.find(reference.kind, reference.namespace, reference.name);
  const [folder, target] = [from[2] ?? '', to[1] ?? ''];
  // A source that bootstrap creates may be in no file: its folders tell whether it is this repository.
  const isHere = found
    ? isOwn(reference, textAt(found, ['spec', 'url']) ?? '', context)
    : isSame(reference, context.own);
  if (!isHere && (found || folder === '' || !context.hasFolder(folder))) return undefined;
  if (target === '') return folder;
  return folder === target ? '' : folder.endsWith(`/${target}`) ? folder.slice(0, -target.length - 1) : undefined;
}

function itemsAt(generator: BuiltMap, field: string): readonly Built[] {
  return itemsOf(builtAt(generator, ['spec', field]));
}

function itemsOf(value: Built | undefined): readonly Built[] {
  return value?.kind === 'list' ? value.items : [];
}
