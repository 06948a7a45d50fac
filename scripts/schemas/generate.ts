// Builds the content of `server/schemas` in memory: releases from Go modules, releases from folders of CRD files, and
// those of the existing tree that neither replaces.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readCrds, sha256, yamlFiles } from '../../server/src/releases/crds.ts';
import { kubernetesRelease } from '../../server/src/releases/kubernetes.ts';
import { kustomizeRelease } from '../../server/src/releases/kustomize.ts';
import { moduleRelease } from '../../server/src/releases/releases.ts';
import { packed, unpackedGroups, unpackedValue } from '../../server/src/schema/packed.ts';
import {
  canonicalJson,
  definitionsKey,
  indexJson,
  indexKey,
  type ReleaseFiles,
  releaseId,
  type SchemaIndex,
  type StoredRelease,
  schemaKey,
  storeCrds,
} from '../../server/src/schema/stored.ts';
import { amended } from './amend.ts';
import { kubernetesVersions, kustomizeVersion, releases } from './sources.ts';

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
  const [kustomize, builtin, others] = await Promise.all([
    kustomizeRelease(kustomizeVersion, prose),
    Promise.all(kubernetesVersions.map((version) => kubernetesRelease(version, prose))),
    Promise.all(releases.map(({ modules, ...named }) => moduleRelease(named, modules, prose))),
  ]);
  for (const [index, found] of builtin.entries()) {
    if ('error' in found) unobtainable.set(`kubernetes@${kubernetesVersions[index]}`, found.error);
    else if (index === 0) made.push(found);
    else made.push({ ...found, release: { ...found.release, alternate: true } });
  }
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

/** Reads the releases of a previously written folder, each with all of its files; none if it has no index. */
export function readReleases(folder: string): readonly ReleaseFiles[] {
  if (!existsSync(join(folder, indexKey))) return [];
  const { releases } = JSON.parse(readFileSync(join(folder, indexKey), 'utf8')) as SchemaIndex;
  const stored = new Map(releases.map((release) => [releaseId(release), release]));
  return releases.map((release) => readRelease(folder, release, stored));
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
  const all = [...byId.values()];
  const stored = all.map((one) => {
    const base = baseOf(one, all);
    return base ? packed(one, base) : one;
  });
  const files = new Map([[indexKey, indexJson(stored.map(({ release }) => release))]]);
  for (const one of stored) for (const [key, content] of one.files) files.set(key, content);
  return files;
}

/** Of the releases of the same project, the next one on the way to the main release. */
function baseOf({ release }: ReleaseFiles, all: readonly ReleaseFiles[]): ReleaseFiles | undefined {
  if (!release.alternate) return undefined;
  const lines = all
    .filter((one) => one.release.name === release.name)
    .toSorted((a, b) => a.release.version.localeCompare(b.release.version, 'en', { numeric: true }));
  const main = lines.findIndex((one) => !one.release.alternate);
  const at = lines.findIndex((one) => one.release === release);
  return main < 0 ? undefined : lines[at + Math.sign(main - at)];
}

function readRelease(folder: string, stored: StoredRelease, all: ReadonlyMap<string, StoredRelease>): ReleaseFiles {
  const own = readFiles(folder, stored);
  if (stored.base === undefined) return { release: stored, files: own };
  const base = readRelease(folder, all.get(stored.base)!, all);
  const { base: baseId, ...release } = stored;
  const groups = unpackedGroups(stored.groups, base.release.groups) as StoredRelease['groups'];
  const keys = Object.entries(groups).flatMap(([group, kinds]) =>
    Object.entries(kinds).flatMap(([kind, { versions }]) =>
      Object.keys(versions).map((version) => schemaKey('', group, version, kind)),
    ),
  );
  if (stored.builtin) keys.push(definitionsKey(''));
  const files = keys.map((key): [string, string] => {
    const text = own.get(releaseId(stored) + key);
    const value = unpackedValue(text === undefined ? undefined : JSON.parse(text), () =>
      JSON.parse(base.files.get(baseId + key)!),
    );
    return [releaseId(stored) + key, canonicalJson(value)];
  });
  return { release: { ...release, groups }, files: new Map(files) };
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
