// The format of API facts on disk, both bundled (`server/schemas`) and imported (the user's cache): an index of
// releases, and one file for each version of a kind, which is read on first access.
import type { Crd, CrdVersion } from './crd.ts';
import { isRecord } from './facts.ts';
import type { KindDetails, Schema } from './schema.ts';

/** The index of a schema folder (`index.json`); file keys are relative to that folder. */
export interface SchemaIndex {
  readonly releases: readonly StoredRelease[];
}

export interface StoredRelease {
  /** The project: `cluster-api-provider-aws`. Together with the version it is the pin, the folder and the origin. */
  readonly name: string;
  /** Without a leading `v`. */
  readonly version: string;
  /** Another line of a release that is used by default: for pins, and for versions that no other release defines. */
  readonly alternate?: true;
  readonly builtin?: true;
  /** The id of the release that this one is stored as the differences from (packed.ts); `groups` is a patch then. */
  readonly base?: string;
  readonly sources: readonly StoredSource[];
  /** sha256 of the release's files, whatever they are stored as; see `digestInput`. */
  readonly digest: string;
  /** Group (the core group is empty) to kind. */
  readonly groups: Readonly<Record<string, Readonly<Record<string, StoredKind>>>>;
}

/** The source of facts: a Go module with its checksum as in go.sum, or CRD files with their sha256. */
export interface StoredSource {
  readonly from: string;
  readonly checksum: string;
}

export interface StoredKind {
  readonly plural: string;
  readonly scope: 'Namespaced' | 'Cluster';
  readonly versions: Readonly<Record<string, StoredVersion>>;
}

export interface StoredVersion {
  /** Absent: served. */
  readonly served?: false;
  readonly storage?: true;
  readonly deprecated?: true | string;
}

/**
 * The content of `<release>/<group>/<version>/<Kind>.json`; a `$ref` in it is the name of an entry in the definitions
 * file.
 */
export interface StoredSchema extends KindDetails {
  readonly schema: Schema;
}

/** A release that is known, as the command line lists it. */
export interface SchemaRelease {
  readonly name: string;
  readonly version: string;
  readonly kinds: number;
  readonly from: 'bundled' | 'imported';
  /** When its schemas are used; `pinned`: only if `.capstan.yaml` pins the release. */
  readonly use: 'always' | 'otherwise unknown' | 'pinned';
}

export const indexKey = 'index.json';

export function releaseId(release: { readonly name: string; readonly version: string }): string {
  return `${release.name}@${release.version}`;
}

/** The core group's folder is called `core`. */
export function schemaKey(release: string, group: string, version: string, kind: string): string {
  return `${release}/${group || 'core'}/${version}/${kind}.json`;
}

/** The file of schemas that a release's files share, by name; only built-in kinds have it. */
export function definitionsKey(release: string): string {
  return `${release}/definitions.json`;
}

/**
 * The text whose sha256 is `StoredRelease.digest`: sorted lines, `<key> <sha256 of its content>`, one for each file.
 */
export function digestInput(files: ReadonlyMap<string, string>, sha256: (text: string) => string): string {
  return [...files]
    .map(([key, content]) => `${key} ${sha256(content)}\n`)
    .sort()
    .join('');
}

/** JSON with sorted keys and no white space, so that equal facts are equal bytes. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (!isRecord(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  });
}

/** A release to be written: its index entry, and its files by key. */
export interface ReleaseFiles {
  readonly release: StoredRelease;
  readonly files: ReadonlyMap<string, string>;
}

type Named = Pick<StoredRelease, 'name' | 'version' | 'alternate' | 'sources'>;

/**
 * If several CRDs define the same kind (in two files of one release), the first takes precedence. Names that a server
 * would refuse are skipped, since names become paths.
 */
export function storeCrds(named: Named, crds: readonly Crd[], sha256: (text: string) => string): ReleaseFiles {
  const id = releaseId(named);
  const files = new Map<string, string>();
  const groups = new Map<string, Map<string, StoredKind>>();
  for (const crd of crds) {
    const kinds = groups.get(crd.group) ?? new Map<string, StoredKind>();
    const versions = crd.versions.filter(({ name }) => isPlainName(name));
    if (kinds.has(crd.kind) || !isPlainName(crd.group) || !isPlainName(crd.kind) || versions.length === 0) continue;
    groups.set(crd.group, kinds);
    const flags = Object.fromEntries(versions.map((version) => [version.name, flagsOf(version)]));
    kinds.set(crd.kind, { plural: crd.plural, scope: crd.scope, versions: flags });
    for (const { name, details, schema } of versions) {
      files.set(schemaKey(id, crd.group, name, crd.kind), canonicalJson({ ...details, schema } satisfies StoredSchema));
    }
  }
  const byGroup = [...groups].map(([group, kinds]) => [group, Object.fromEntries(kinds)] as const);
  return storeFiles(named, Object.fromEntries(byGroup), files, sha256);
}

/** Whether a name may be part of a key: it has no separator, and no dot at either end. */
export function isPlainName(name: string): boolean {
  return /^[A-Za-z0-9](?:[-A-Za-z0-9.+]*[A-Za-z0-9])?$/.test(name);
}

export function storeFiles(
  named: Named & Pick<StoredRelease, 'builtin'>,
  groups: StoredRelease['groups'],
  files: ReadonlyMap<string, string>,
  sha256: (text: string) => string,
): ReleaseFiles {
  return { release: { ...named, digest: sha256(digestInput(files, sha256)), groups }, files };
}

function flagsOf(version: CrdVersion): StoredVersion {
  return {
    ...(!version.served && { served: false as const }),
    ...(version.storage && { storage: true as const }),
    ...(version.deprecated !== undefined && { deprecated: version.deprecated }),
  };
}

/** The index, with one line for each kind so that changes can be reviewed. */
export function indexJson(releases: readonly StoredRelease[]): string {
  const sorted = releases.toSorted((a, b) => (releaseId(a) < releaseId(b) ? -1 : 1));
  const entries = sorted.map((release) => {
    const { groups, ...head } = release;
    const lines = Object.keys(groups)
      .sort()
      .map((group) => {
        const kinds = Object.entries(groups[group] ?? {})
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([kind, stored]) => `${JSON.stringify(kind)}:${canonicalJson(stored)}`);
        // The base has a group that this release lacks.
        if (groups[group] === null) return `${JSON.stringify(group)}:null`;
        return `${JSON.stringify(group)}:{\n${kinds.join(',\n')}}`;
      });
    return `${canonicalJson(head).slice(0, -1)},"groups":{${lines.join(',')}}}`;
  });
  return `{"releases":[\n${entries.join(',\n')}\n]}\n`;
}

/** The folder of imported releases; `undefined` where the environment has no home folder. */
export function importedFolder(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const cache = cacheFolder(env);
  return cache && `${cache}/schemas`;
}

/** Our folder in the user's cache. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const home = env.HOME || env.USERPROFILE;
  const cache = env.XDG_CACHE_HOME || (home && `${home}/.cache`);
  return cache ? `${cache}/capstan` : undefined;
}

/** Of the code that V8 compiled. */
export function compiledFolder(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const cache = cacheFolder(env);
  return cache && `${cache}/compiled`;
}
