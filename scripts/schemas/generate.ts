// Makes the content of `server/schemas` in memory: releases from Go modules, releases from folders of CRD files, and
// those of the present tree that neither gives again.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readCrds, sha256, yamlFiles } from '../../server/src/cli/crds.ts';
import { type GoModule, goModule } from '../../server/src/cli/gomodule.ts';
import {
  indexJson,
  indexKey,
  type ReleaseFiles,
  releaseId,
  type SchemaIndex,
  type StoredRelease,
  storeCrds,
} from '../../server/src/schema/stored.ts';
import { kubernetesRelease } from './kubernetes.ts';
import { crdBases, kubernetes, type ModuleRelease, releases } from './sources.ts';

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
  const [main, api] = await modulesOf([kubernetes.module, kubernetes.api]);
  if (typeof main === 'string' || typeof api === 'string') {
    unobtainable.set('kubernetes', [main, api].filter((one) => typeof one === 'string').join('; '));
  } else made.push(kubernetesRelease(main!, api!, prose));
  for (const release of releases) {
    const modules = await modulesOf(release.modules.map(({ module }) => module));
    const failures = modules.filter((module) => typeof module === 'string');
    if (failures.length > 0) unobtainable.set(releaseId(release), failures.join('; '));
    else made.push(moduleRelease(release, modules as readonly GoModule[], prose, problems));
  }
  return { releases: made, unobtainable, problems };
}

/** Each folder in `folder` is a release, named `name@version`; `+name@version` makes it an alternate one. */
export function fromFolders(folder: string, prose: 'keep' | 'drop' = 'drop'): Generated {
  const problems: string[] = [];
  const made = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => {
      const match = /^(\+?)([^@+]+)@([^@]+)$/.exec(entry.name);
      if (!match)
        throw new Error(`${join(folder, entry.name)} must be named RELEASE@VERSION, such as cluster-api@1.14.2.`);
      const { crds, problems: found, checksum } = readCrds(yamlFiles([join(folder, entry.name)]), prose);
      problems.push(...found);
      const named = { name: match[2]!, version: match[3]!, ...(match[1] && { alternate: true as const }) };
      return storeCrds({ ...named, sources: [{ from: 'CRD files', checksum }] }, crds, sha256);
    });
  return { releases: made, unobtainable: new Map(), problems };
}

/** Releases as they lie in a folder written before; none where there is no index. */
export function readReleases(folder: string): readonly ReleaseFiles[] {
  if (!existsSync(join(folder, indexKey))) return [];
  const index = JSON.parse(readFileSync(join(folder, indexKey), 'utf8')) as SchemaIndex;
  return index.releases.map((release) => ({ release, files: readFiles(folder, release) }));
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

/** A string is why a module can't be had. */
function modulesOf(modules: readonly string[]): Promise<readonly (GoModule | string)[]> {
  return Promise.all(
    modules.map(async (module) => {
      const found = await goModule(module);
      return 'error' in found ? `${module}: ${found.error}` : found;
    }),
  );
}

function moduleRelease(
  { name, version, alternate, modules }: ModuleRelease,
  found: readonly GoModule[],
  prose: 'keep' | 'drop',
  problems: string[],
): ReleaseFiles {
  const crds = found.flatMap(({ folder }, index) => {
    const wanted = modules[index]!.files ?? crdBases;
    const files = yamlFiles([folder]).filter((file) => wanted.test(relative(folder, file).replaceAll('\\', '/')));
    if (files.length === 0) throw new Error(`${modules[index]!.module} has no file that matches ${wanted}.`);
    const read = readCrds(files, prose);
    problems.push(...read.problems);
    return read.crds;
  });
  const sources = found.map((module) => ({ from: `${module.path}@${module.version}`, checksum: module.sum }));
  return storeCrds({ name, version, ...(alternate && { alternate }), sources }, crds, sha256);
}
