// Builds the content of `server/schemas` in memory: releases from Go modules, releases from folders of CRD files, and
// those of the existing tree that neither replaces.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readCrds, sha256, yamlFiles } from '../../server/src/releases/crds.ts';
import { kubernetesRelease } from '../../server/src/releases/kubernetes.ts';
import { kustomizeRelease } from '../../server/src/releases/kustomize.ts';
import { moduleRelease } from '../../server/src/releases/releases.ts';
import {
  indexJson,
  indexKey,
  type ReleaseFiles,
  releaseId,
  type SchemaIndex,
  type StoredRelease,
  storeCrds,
} from '../../server/src/schema/stored.ts';
import { amended } from './amend.ts';
import { kubernetesVersion, kustomizeVersion, releases } from './sources.ts';

export interface Generated {
  readonly releases: readonly ReleaseFiles[];
  /** Maps a release to the reason why its modules are unavailable. */
  readonly unobtainable: ReadonlyMap<string, string>;
  /** Problems in the CRD files themselves. */
  readonly problems: readonly string[];
}

export async function fromModules(prose: 'keep' | 'drop' = 'drop'): Promise<Generated> {
  const made: ReleaseFiles[] = [];
  const unobtainable = new Map<string, string>();
  const problems: string[] = [];
  // Fetching dominates a cold run, and the `go` command synchronizes writes to the module cache.
  const [builtin, kustomize, ...others] = await Promise.all([
    kubernetesRelease(kubernetesVersion, prose),
    kustomizeRelease(kustomizeVersion, prose),
    ...releases.map(({ modules, ...named }) => moduleRelease(named, modules, prose)),
  ]);
  if ('error' in builtin) unobtainable.set(`kubernetes@${kubernetesVersion}`, builtin.error);
  else made.push(builtin);
  if ('error' in kustomize) unobtainable.set(`kustomize@${kustomizeVersion}`, kustomize.error);
  else made.push(kustomize);
  for (const [index, found] of others.entries()) {
    if ('error' in found) unobtainable.set(releaseId(releases[index]!), found.error);
    else {
      made.push(amended({ release: found.release, files: found.files }));
      problems.push(...found.problems);
    }
  }
  return { releases: made, unobtainable, problems };
}

/**
 * Each folder in `folder` is a release, named `name@version`, or `+name@version` for an alternate one. A one-line file
 * `FROM` in it states the source of its CRDs.
 */
export function fromFolders(folder: string, prose: 'keep' | 'drop' = 'drop'): Generated {
  const problems: string[] = [];
  const made = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => {
      const path = join(folder, entry.name);
      const match = /^(\+?)([^@+]+)@([^@]+)$/.exec(entry.name);
      if (!match) throw new Error(`${path} must be named RELEASE@VERSION, such as cluster-api@1.14.2.`);
      const { crds, problems: found, checksum } = readCrds(yamlFiles([path]), prose);
      problems.push(...found);
      const from = existsSync(join(path, 'FROM')) ? readFileSync(join(path, 'FROM'), 'utf8').trim() : 'CRD files';
      const named = { name: match[2]!, version: match[3]!, ...(match[1] && { alternate: true as const }) };
      return amended(storeCrds({ ...named, sources: [{ from, checksum }] }, crds, sha256));
    });
  return { releases: made, unobtainable: new Map(), problems };
}

/** Reads the releases of a previously written folder; none if it has no index. */
export function readReleases(folder: string): readonly ReleaseFiles[] {
  if (!existsSync(join(folder, indexKey))) return [];
  const index = JSON.parse(readFileSync(join(folder, indexKey), 'utf8')) as SchemaIndex;
  return index.releases.map((release) => ({ release, files: readFiles(folder, release) }));
}

/** The releases of `present` to keep beside `made`: a project has one main release and any number of alternates. */
export function keptBeside(made: readonly ReleaseFiles[], present: readonly ReleaseFiles[]): readonly ReleaseFiles[] {
  const replaced = new Set(made.filter(({ release }) => !release.alternate).map(({ release }) => release.name));
  return present.filter(({ release }) => release.alternate || !replaced.has(release.name));
}

/** The files of the whole folder by key. For the same name and version, the first release takes precedence. */
export function folderFiles(made: readonly ReleaseFiles[]): ReadonlyMap<string, string> {
  const byId = new Map<string, ReleaseFiles>();
  for (const one of made) if (!byId.has(releaseId(one.release))) byId.set(releaseId(one.release), one);
  const files = new Map([[indexKey, indexJson([...byId.values()].map(({ release }) => release))]]);
  for (const one of byId.values()) for (const [key, content] of one.files) files.set(key, content);
  return files;
}

function readFiles(folder: string, release: StoredRelease): ReadonlyMap<string, string> {
  const root = join(folder, releaseId(release));
  if (!existsSync(root)) return new Map();
  return new Map(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [relative(folder, file).replaceAll('\\', '/'), readFileSync(file, 'utf8')]),
  );
}
