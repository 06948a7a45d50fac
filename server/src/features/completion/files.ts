// Paths for a kustomization file (files of its folder, and folders with their own kustomization) and for a Flux
// Kustomization (folders that it can apply).

import { type GroupKind, type Gvk, groupKindOf, gvkOf } from '../../kube/identity.ts';
import type { Artifact } from '../../kustomize/artifact.ts';
import { textAt } from '../../kustomize/built.ts';
import {
  folderOf,
  foldersUp,
  isBelow,
  joinPath,
  kustomizationNames,
  resolvePath,
  sharedFolders,
} from '../../kustomize/paths.ts';
import { nodeAt, scalarAt, stringAt } from '../../syntax/navigate.ts';
import { isHole } from '../../syntax/scalar.ts';
import type { Node } from '../../syntax/tree.ts';
import type { SourceFile } from '../../workspace/document.ts';
import { buildsOf } from '../../workspace/fleets.ts';
import { latestHomesOf } from '../../workspace/homes.ts';
import type { Definition } from '../../workspace/index.ts';
import { isKustomizationFile } from '../../workspace/roles.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { rowPath } from '../place.ts';
import type { Place } from './applied.ts';
import type { Candidate } from './item.ts';
import { filesListedBy } from './reach.ts';
import { appliedByOthers } from './second-owner.ts';

/** What is suggested at each field: files with objects or patches, folders to build, folders that are components. */
const offers: Readonly<Record<string, readonly ('file' | 'base' | 'component')[]>> = {
  'resources[*]': ['file', 'base'],
  'bases[*]': ['base'],
  'components[*]': ['component'],
  'patches[*].path': ['file'],
  'patchesStrategicMerge[*]': ['file'],
  'patchesJson6902[*].path': ['file'],
  'replacements[*].path': ['file'],
};

/** A longer list is not useful. */
const mostFolders = 30;

/** Whether a field names a file or folder for which there are candidates. `at` is its path in the notation of rows. */
export function namesFile(gvk: Gvk, at: string): boolean {
  return gvk.group === 'kustomize.config.k8s.io' ? Object.hasOwn(offers, at) : isDelivered(gvk, at);
}

/** `dotted`: the author starts paths with `./`. No more than `most` folders of a Flux Kustomization are looked for. */
export function fileCandidates(
  place: Place,
  dotted: boolean,
  most: number = Number.POSITIVE_INFINITY,
): readonly Candidate[] {
  const { workspace, path } = place;
  const { kind, path: at } = place.field;
  if (isDelivered(kind.gvk, rowPath(at))) return deliverable(place, most);
  const offered = kind.gvk.group === 'kustomize.config.k8s.io' ? offers[rowPath(at)] : undefined;
  if (!offered) return [];
  const own = folderOf(path);
  const kustomizations = [...workspace.files()].filter((file) => isKustomizationFile(file.path) && file.path !== path);
  const built = new Set(kustomizations.map((file) => folderOf(file.path)));
  const files = offered.includes('file') ? filesIn(workspace, own, built) : [];
  const possible = kustomizations
    .filter((file) => offered.includes(isComponent(file) ? 'component' : 'base') && folderOf(file.path) !== own)
    // A parent folder of this one would be a cycle.
    .filter((file) => !foldersUp(own).includes(folderOf(file.path)));
  const folders = nearestFirst(path, possible)
    .slice(0, mostFolders)
    .map((file) => relative(own, folderOf(file.path)));
  const isList = rowPath(at) === 'resources[*]' || rowPath(at) === 'bases[*]';
  const isApplied = appliedByOthers(place);
  const isTaken = (target: string) => {
    if (!isList) return false;
    const resolved = resolvePath(own, target);
    const file = kustomizations.find((one) => folderOf(one.path) === resolved)?.path ?? resolved;
    return file !== undefined && isApplied(file);
  };
  const free = [...files, ...folders].filter((one) => !isTaken(one));
  const written = free.map((one) => (dotted && !one.startsWith('..') ? `./${one}` : one));
  return written.map((value, rank) => ({ value, kind: 'reference', rank }));
}

function isDelivered({ group }: Gvk, at: string): boolean {
  return group === 'kustomize.toolkit.fluxcd.io' && at === 'spec.path';
}

/**
 * Folders with a kustomization that nothing applies yet, relative to the root; those nearest to the file first. Components of
 * the Flux Kustomization are relative to its folder.
 */
function deliverable(place: Place, most: number): readonly Candidate[] {
  const { workspace, root, field } = place;
  const components = nodeAt(root, [...field.object.path, 'spec', 'components']);
  const paths = components?.type === 'seq' ? components.items.flatMap((one) => stringAt(one, []) ?? []) : [];
  const hasComponents = (folder: string) =>
    paths.every((path) => {
      const target = resolvePath(folder, path);
      return target !== undefined && workspace.hasFolder(target);
    });
  const checks = nodeAt(root, [...field.object.path, 'spec', 'healthChecks']);
  const checked = checks?.type === 'seq' ? checks.items.flatMap((one) => definitionsOf(workspace, one)) : [];
  const hasChecked = (file: string) => {
    if (checked.length === 0) return true;
    const files = filesListedBy(workspace, file);
    return checked.every((definitions) => definitions.some(({ path }) => files.has(path)));
  };
  const isApplied = appliedByOthers(place);
  const isCopied = copiesItself(place);
  // What applies itself in this way was written by hand once; the usual entry point is in a folder below.
  const isOwn = (file: SourceFile) =>
    folderOf(file.path) === folderOf(place.path) && filesListedBy(workspace, file.path).has(place.path);
  const source = sourceOf(place);
  const builds = buildsOf(workspace);
  const free: Candidate[] = [];
  const kustomizations = [...workspace.files()].filter((file) => isKustomizationFile(file.path));
  for (const file of nearestFirst(place.path, kustomizations)) {
    if (free.length >= most) break;
    const folder = folderOf(file.path);
    if (isComponent(file) || !hasComponents(folder) || !hasChecked(file.path)) continue;
    if (!isBelow(folder, source.root) || builds.isLeftOut(source, file.path)) continue;
    if (isOwn(file) || isApplied(file.path) || isCopied(file)) continue;
    free.push({
      value: `./${source.root === '' ? folder : folder.slice(source.root.length + 1)}`,
      kind: 'reference',
      rank: free.length,
    });
  }
  return free;
}

/**
 * Whether the kustomization lists the file of the Flux Kustomization and makes another object of it, in another namespace or
 * under another name: there would be two, which apply the same.
 */
function copiesItself({ workspace, path, root, field }: Place): (kustomization: SourceFile) => boolean {
  const at = (...of: readonly string[]) => nodeAt(root, [...field.object.path, ...of]);
  const own = (...of: readonly string[]) => stringAt(at(...of), []);
  const [namespace, target] = [own('metadata', 'namespace'), own('spec', 'targetNamespace')];
  const isVariable = ['name', 'namespace'].some((of) => isHole(scalarAt(at('metadata'), [of])?.text ?? ''));
  return (kustomization) => {
    const moved = target ?? kustomization.documents[0]?.document.facts.kustomization?.namespace;
    const files = filesListedBy(workspace, kustomization.path);
    if (!files.has(path)) return false;
    const isRenamed = () => [...files].some((file) => isKustomizationFile(file) && renames(workspace, file, path));
    return isVariable || (moved !== undefined && moved !== namespace) || isRenamed();
  };
}

/** Whether a kustomization changes the names of what a file that it lists defines. */
function renames(workspace: Workspace, kustomization: string, path: string): boolean {
  const text = workspace.file(kustomization)?.documents[0]?.document.text ?? '';
  if (!/^name(?:Prefix|Suffix):/m.test(text)) return false;
  return filesListedBy(workspace, kustomization).has(path);
}

/** Whether what a folder holds has a Secret that SOPS encrypted. */
export function holdsEncrypted(workspace: Workspace, folder: string): boolean {
  const kustomization = kustomizationNames.map((name) => joinPath(folder, name)).find((one) => workspace.hasFile(one));
  const files = kustomization === undefined ? [] : [...filesListedBy(workspace, kustomization)];
  return files.some((file) =>
    workspace
      .file(file)
      ?.documents.some(
        ({ document: { facts } }) => facts.sops && facts.objects.some(({ gvk }) => gvk.kind === 'Secret'),
      ),
  );
}

/** The root of the source is that of the other Kustomizations of the clusters that have it. */
function sourceOf({ workspace, path, root, field }: Place): Artifact {
  const at = (...of: readonly string[]) => stringAt(root, [...field.object.path, ...of]);
  const [kind, name] = [at('spec', 'sourceRef', 'kind'), at('spec', 'sourceRef', 'name')];
  let ignore: string | undefined;
  for (const home of latestHomesOf(workspace, path)) {
    const applied = home.begunIn(path).find((one) => one.name === at('metadata', 'name'));
    const namespace = at('spec', 'sourceRef', 'namespace') ?? applied?.namespace ?? at('metadata', 'namespace') ?? '';
    const target: GroupKind = `source.toolkit.fluxcd.io/${kind}`;
    ignore ??= home
      .find(target, namespace, name ?? '')
      .flatMap(({ value }) => textAt(value, ['spec', 'ignore']) ?? [])[0];
    for (const { flux, folder } of home.appliers) {
      const inSource = flux && resolvePath('', textAt(flux.spec, ['path']) ?? '');
      if (inSource === undefined || folder === undefined) continue;
      const { source } = flux!;
      if (source.kind !== kind || source.name !== name || source.namespace !== namespace) continue;
      if (inSource !== '' && !folder.endsWith(`/${inSource}`)) continue;
      return { root: inSource === '' ? folder : folder.slice(0, -inSource.length - 1), ignore: ignore ?? '' };
    }
  }
  return { root: '', ignore: ignore ?? '' };
}

/** In the files, of an object that is waited for; empty if none defines it. */
function definitionsOf(workspace: Workspace, check: Node): readonly (readonly Definition[])[] {
  const [apiVersion, kind, name] = ['apiVersion', 'kind', 'name'].map((of) => stringAt(check, [of]) ?? '');
  const gvk = gvkOf(apiVersion!, kind!);
  const found = gvk ? workspace.index.definitions(groupKindOf(gvk), name!) : [];
  return found.length === 0 ? [] : [found];
}

/** The files in whose paths most folders are those of `path` first. */
function nearestFirst(path: string, files: readonly SourceFile[]): readonly SourceFile[] {
  return files
    .map((file) => ({ file, shared: sharedFolders(path, file.path) }))
    .sort((a, b) => b.shared - a.shared || (a.file.path < b.file.path ? -1 : 1))
    .map(({ file }) => file);
}

/** YAML files below the folder that don't belong to a kustomization of a folder in between. */
function filesIn(workspace: Workspace, own: string, built: ReadonlySet<string>): readonly string[] {
  return [...workspace.files()]
    .map(({ path }) => path)
    .filter((path) => {
      if (isKustomizationFile(path)) return false;
      const above = foldersUp(folderOf(path));
      const between = above.slice(0, above.indexOf(own));
      return above.includes(own) && between.length <= 2 && !between.some((folder) => built.has(folder));
    })
    .map((path) => relative(own, path))
    .sort();
}

function isComponent({ documents }: SourceFile): boolean {
  return documents.some(({ document }) => document.facts.objects.some(({ gvk }) => gvk.kind === 'Component'));
}

function relative(from: string, to: string): string {
  const [left, right] = [from, to].map((path) => (path === '' ? [] : path.split('/')));
  let shared = 0;
  while (shared < left!.length && left![shared] === right![shared]) shared += 1;
  return [...left!.slice(shared).map(() => '..'), ...right!.slice(shared)].join('/');
}
