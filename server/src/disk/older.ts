// The files of a root as they were: those of a revision, or of another folder, where they differ from the ones on disk.
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { FileSource, Unread } from '../kustomize/file-source.ts';
import { folderOf, foldersUp, isYamlPath, resolvePath } from '../kustomize/paths.ts';
import { isInKustomization } from '../workspace/data-files.ts';
import { walk } from './files.ts';
import { blobsOf, type GitProblem, revisionOf, type TreeEntry, treeOf } from './git.ts';
import { diskFiles } from './reader.ts';

/** The files on disk now. */
export interface CurrentFiles {
  readonly root: string;
  readonly source: FileSource;
  /** The paths that a walk lists. */
  readonly listed: ReadonlySet<string>;
  /** The largest file that is read, in bytes. */
  readonly largest: number;
}

export interface OlderFiles {
  /** What they are the files of, for people. */
  readonly name: string;
  /** The paths of files that differ, are only here, or are only on disk. */
  readonly changed: readonly string[];
  /** The content of one of `changed`; undefined if it wasn't there. */
  content(path: string): Uint8Array | undefined;
  /** All files as they were. */
  readonly source: FileSource;
}

type Env = Readonly<Record<string, string | undefined>>;

export async function filesOfRevision(current: CurrentFiles, name: string, env: Env): Promise<OlderFiles | GitProblem> {
  const { root, listed, largest } = current;
  const revision = await revisionOf(root, name, env);
  if ('problem' in revision) return revision;
  const tree = await treeOf(root, revision, env);
  if ('problem' in tree) return tree;
  const links = await linksOf(root, tree, env);
  if ('problem' in links) return links;
  const differing = new Map<string, TreeEntry | undefined>();
  for (const path of listed) {
    const entry = resolved(tree, links, path);
    if (!entry || !isSame(current, path, entry)) differing.set(path, entry);
  }
  const hasFile = (path: string) => tree.has(path);
  for (const path of tree.keys()) {
    // What is on disk and not listed is ignored on both sides.
    if (listed.has(path) || !isRead(path, hasFile) || isOnDisk(root, path)) continue;
    const entry = resolved(tree, links, path);
    if (entry) differing.set(path, entry);
  }
  const oids = new Set([...differing.values()].flatMap((entry) => (entry && entry.size <= largest ? entry.oid : [])));
  const blobs = await blobsOf(root, [...oids], env);
  if ('problem' in blobs) return blobs;
  const missing = [...oids].filter((oid) => !blobs.has(oid)).length;
  if (missing > 0)
    return { problem: `${missing} files of ${name} are not in this partial clone; fetch them with git first` };
  // What is encrypted in Git only can't be compared with what was decrypted on disk.
  const contents = new Map<string, Uint8Array | undefined>();
  for (const [path, entry] of differing) {
    const content = entry && blobs.get(entry.oid);
    if (!entry) contents.set(path, undefined);
    else if (content && !isGitCrypt(content)) contents.set(path, content);
  }
  const short = revision.commit.slice(0, 10);
  const shown = name === revision.commit || revision.commit.startsWith(name) ? short : `${name} (${short})`;
  return older(current, shown, contents, tree.keys());
}

/** The same root in another folder, such as another checkout. */
export function filesOfFolder(current: CurrentFiles, folder: string, name: string): OlderFiles {
  const { listed, largest } = current;
  const there = diskFiles(folder, largest);
  const others: string[] = [];
  const paths = new Set(walk(folder, { other: (path) => void others.push(path) }));
  for (const path of others) paths.add(path);
  const contents = new Map<string, Uint8Array | undefined>();
  for (const path of new Set([...listed, ...paths])) {
    const was = paths.has(path) ? there.bytes?.(path) : undefined;
    const now = listed.has(path) ? current.source.bytes?.(path) : undefined;
    if (was === undefined ? now !== undefined : !now || Buffer.compare(was, now) !== 0) contents.set(path, was);
  }
  return older(current, name, contents, paths);
}

function older(
  { source, root }: CurrentFiles,
  name: string,
  contents: ReadonlyMap<string, Uint8Array | undefined>,
  paths: Iterable<string>,
): OlderFiles {
  // Folders that only have files that came since weren't there.
  const added = [...contents].flatMap(([path, content]) => (content ? [] : foldersUp(folderOf(path))));
  const empty = new Set(added);
  for (const path of paths) for (const folder of foldersUp(folderOf(path))) empty.delete(folder);
  const folders = new Set([...contents].flatMap(([path, content]) => (content ? foldersUp(folderOf(path)) : [])));
  const text = (path: string): string | Unread => {
    const content = contents.get(path);
    if (!content) return { reason: 'absent' };
    const buffer = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
    return isUtf8(buffer) || buffer.includes(0) ? buffer.toString('utf8') : { reason: 'encoding' };
  };
  return {
    name,
    changed: [...contents.keys()].sort(),
    content: (path) => contents.get(path),
    source: {
      read: (path) => (contents.has(path) ? text(path) : source.read(path)),
      bytes: (path) => (contents.has(path) ? contents.get(path) : source.bytes?.(path)),
      kindOf: (path) => {
        if (contents.has(path)) return contents.get(path) ? 'file' : undefined;
        if (folders.has(path)) return 'folder';
        return empty.has(path) && isOnDisk(root, path) ? undefined : source.kindOf(path);
      },
      realPath: (path) => source.realPath?.(path) ?? path,
      ...(source.below && {
        below: (folder: string) => {
          const prefix = folder === '' ? '' : `${folder}/`;
          const now = source.below!(folder).filter((path) => !contents.has(prefix + path));
          const were = [...contents].flatMap(([path, content]) =>
            content && path.startsWith(prefix) ? path.slice(prefix.length) : [],
          );
          return [...now, ...were].sort();
        },
      }),
      // What differs may be a link on one side and a file on the other.
      isLink: (path) => (contents.has(path) ? undefined : source.isLink?.(path)),
    },
  };
}

/** The targets of links, as written. */
async function linksOf(
  root: string,
  tree: ReadonlyMap<string, TreeEntry>,
  env: Env,
): Promise<ReadonlyMap<string, string> | GitProblem> {
  const links = [...tree].filter(([, { is, size }]) => is === 'link' && size < longestLink);
  const blobs = await blobsOf(root, [...new Set(links.map(([, { oid }]) => oid))], env);
  if ('problem' in blobs) return blobs;
  return new Map(links.map(([path, { oid }]) => [path, Buffer.from(blobs.get(oid) ?? []).toString('utf8')]));
}

const longestLink = 4096;
const mostLinks = 10;

/** Follows links to files within the tree, as the reader does on disk. */
function resolved(
  tree: ReadonlyMap<string, TreeEntry>,
  links: ReadonlyMap<string, string>,
  path: string,
): TreeEntry | undefined {
  let at: string | undefined = path;
  for (let followed = 0; at !== undefined && followed < mostLinks; followed += 1) {
    const entry: TreeEntry | undefined = tree.get(at);
    if (entry?.is === 'file') return entry;
    at = entry && resolvePath(folderOf(at), links.get(at) ?? '');
  }
  return undefined;
}

/** Whether a walk lists the path, if no `.gitignore` excludes it. */
function isRead(path: string, hasFile: (path: string) => boolean): boolean {
  if (path.split('/').some((step) => step === 'node_modules' || step === '.git')) return false;
  return isYamlPath(path) || isInKustomization({ hasFile }, path);
}

function isOnDisk(root: string, path: string): boolean {
  return statSync(join(root, path), { throwIfNoEntry: false }) !== undefined;
}

/** Whether the file on disk is the blob. */
function isSame({ root, source }: CurrentFiles, path: string, { oid, size }: TreeEntry): boolean {
  const text = isYamlPath(path) ? source.read(path) : undefined;
  if (typeof text !== 'string' && statSync(join(root, path), { throwIfNoEntry: false })?.size !== size) return false;
  const content = typeof text === 'string' ? Buffer.from(text) : source.bytes?.(path);
  if (!content) return true;
  if (content.length !== size) return false;
  const hash = createHash(oid.length === 64 ? 'sha256' : 'sha1');
  return hash.update(`blob ${size}\0`).update(content).digest('hex') === oid;
}

function isGitCrypt(content: Uint8Array): boolean {
  return Buffer.from(content.subarray(0, 10)).toString('latin1') === '\0GITCRYPT\0';
}
