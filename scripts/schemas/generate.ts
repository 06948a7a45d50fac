// Makes the content of `server/schemas` in memory: releases from Go modules, releases from folders of CRD files, and
// those of the present tree that neither gives again.
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
import { kubernetesVersion, kustomizeVersion, releases } from './sources.ts';

export interface Generated {
  readonly releases: readonly ReleaseFiles[];
  /** Release to the reason its modules can't be had here. */
  readonly unobtainable: ReadonlyMap<string, string>;
  /** What the CRD files themselves have wrong. */
  readonly problems: readonly string[];
}

export async function fromModules(prose: 'keep' | 'drop' = 'drop'): Promise<Generated> {
  const made: ReleaseFiles[] = [];
  const unobtainable = new Map<string, string>();
  const problems: string[] = [];
  // Fetching is most of a cold run, and the `go` command settles who writes to the module cache.
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
      made.push({ release: found.release, files: found.files });
      problems.push(...found.problems);
    }
  }
  return { releases: made, unobtainable, problems };
}

/**
 * Each folder in `folder` is a release, named `name@version`; `+name@version` makes it an alternate one. A file `FROM`
 * in it says where its CRDs were taken, in one line.
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
      return storeCrds({ ...named, sources: [{ from, checksum }] }, crds, sha256);
    });
  return { releases: made, unobtainable: new Map(), problems };
}

/** Releases as they lie in a folder written before; none where there is no index. */
export function readReleases(folder: string): readonly ReleaseFiles[] {
  if (!existsSync(join(folder, indexKey))) return [];
  const index = JSON.parse(readFileSync(join(folder, indexKey), 'utf8')) as SchemaIndex;
  return index.releases.map((release) => ({ release, files: readFiles(folder, release) }));
}

/** Those of `present` that stand beside `made`: of a project one release answers, and any number of alternates. */
export function keptBeside(made: readonly ReleaseFiles[], present: readonly ReleaseFiles[]): readonly ReleaseFiles[] {
  const replaced = new Set(made.filter(({ release }) => !release.alternate).map(({ release }) => release.name));
  return present.filter(({ release }) => release.alternate || !replaced.has(release.name));
}

/** The whole folder by key. Of releases of the same name and version the first counts. */
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
