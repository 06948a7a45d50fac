// Opens folders of stored API facts (see stored.ts) as schema stores: the bundled folder and the user's cache of
// imported releases. Opening reads only the indexes; a version's schema is read and linked on first access.
import { groupedBy } from '../kube/grouped.ts';
import { type GroupKind, type Gvk, groupKindOf } from '../kube/identity.ts';
import { isRecord } from './facts.ts';
import { compareReleases, type Line, linesFor, newestFor } from './lines.ts';
import { unpackedGroups, unpackedValue } from './packed.ts';
import type { KindSchema, KindSummary, Schema, SchemaStore } from './schema.ts';
import { byVersionPriority, storeOf } from './store.ts';
import {
  definitionsKey,
  indexKey,
  releaseId,
  type StoredKind,
  type StoredRelease,
  type StoredSchema,
  schemaKey,
} from './stored.ts';

/**
 * Returns the content of a file, by its `/`-separated path inside the folder, or `undefined` if it doesn't exist or
 * can't be read. Adapters provide it: on Node, `readFileSync(join(folder, key), 'utf8')` with errors turned into
 * `undefined`.
 */
export type Read = (key: string) => string | undefined;

export interface Catalog {
  readonly releases: readonly Release[];
  /** One sentence per unreadable part of either folder, with the file's name. */
  readonly problems: readonly string[];
  /** The store without pins, where no version is known: that of `at` without targets. */
  readonly bundled: SchemaStore;
  /**
   * The bundled releases that fit the versions which a cluster runs, the same (`===`) for the same targets. Of a project
   * without a target, the main release answers, and others do for what only they define.
   */
  at(targets: Targets): SchemaStore;
  /**
   * The releases of the pins (`cluster-api-provider-aws@2.9.0`, `flux@2.8`; a partial version means the newest that
   * begins with it), as one store whose kinds are `from: 'pinned'`. `missing` are the pins without a known release.
   */
  pin(pins: readonly string[]): { readonly store: SchemaStore; readonly missing: readonly string[] };
}

/** Versions by the names of releases, as somebody wrote them: `{ kubernetes: 'v1.34.1', flux: '2.x' }`. */
export type Targets = Readonly<Record<string, string>>;

export interface Release {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly imported: boolean;
  /** Used only where pinned, or for versions that no other release defines. */
  readonly alternate: boolean;
  readonly kinds: number;
}

const mostTargets = 1000;

/** `imported` is omitted where there is no cache (a web build). */
export function openCatalog(bundled: Read, imported?: Read): Catalog {
  const problems: string[] = [];
  const ours = readIndex(bundled, 'the bundled schemas', problems);
  const theirs = imported ? readIndex(imported, 'the imported schemas', problems) : [];
  const sources: readonly Source[] = [
    ...ours.map((stored) => sourceOf(stored, filesOf(bundled, stored, ours), false)),
    ...theirs.map((stored) => sourceOf(stored, filesOf(imported!, stored, theirs), true)),
  ];
  const groups = new Set(sources.flatMap((source) => Object.keys(source.stored.groups)));
  const projects = groupedBy(
    sources.filter((source) => !source.imported),
    ({ stored }) => stored.name,
  );
  const stores = new Map<string, SchemaStore>();
  const found = (targets: Targets): SchemaStore => {
    const lines = [...projects].map(([name, all]) =>
      linesFor(all, Object.hasOwn(targets, name) ? targets[name] : undefined),
    );
    const key = lines.map((line) => line.map(({ stored }) => releaseId(stored)).join(' ')).join('\n');
    const known = stores.get(key);
    if (known) return known;
    const store = { ...releaseStore(lines, 'bundled'), hasGroup: (group: string) => groups.has(group) };
    stores.set(key, store);
    return store;
  };
  const asWritten = new Map<string, SchemaStore>();
  /** Every object of a fleet is asked for, and few clusters differ in their versions. */
  const at = (targets: Targets): SchemaStore => {
    const key = JSON.stringify(targets);
    const known = asWritten.get(key);
    if (known) return known;
    const store = found(targets);
    // Somebody may be typing one.
    if (asWritten.size > mostTargets) asWritten.clear();
    asWritten.set(key, store);
    return store;
  };
  return {
    releases: sources.map(({ stored, imported }) => summaryOf(stored, imported)),
    problems,
    bundled: at({}),
    at,
    pin(pins) {
      const found = pins.map((pin) => ({ pin, source: newest(sources, pin) }));
      return {
        store: releaseStore(
          found.flatMap(({ source }) => (source ? [[source]] : [])),
          'pinned',
        ),
        missing: found.filter(({ source }) => !source).map(({ pin }) => pin),
      };
    },
  };
}

interface Source extends Line {
  readonly stored: StoredRelease;
  readonly files: Files;
  readonly imported: boolean;
}

function sourceOf(stored: StoredRelease, files: Files, imported: boolean): Source {
  const { version, alternate } = stored;
  return { version, ...(alternate && { alternate }), stored, files, imported };
}

function readIndex(read: Read, what: string, problems: string[]): readonly StoredRelease[] {
  const text = read(indexKey);
  // A missing cache is normal; a missing bundled index is obvious because there are no schemas at all.
  if (text === undefined) return [];
  const index = parseJson(text);
  if (isRecord(index) && Array.isArray(index.releases)) {
    const releases: readonly unknown[] = index.releases;
    const usable = releases.map((release) => unpackedRelease(release, releases)).filter(isStoredRelease);
    const broken = releases.length - usable.length;
    if (broken > 0)
      problems.push(
        `${indexKey} of ${what} has ${broken} malformed ${broken === 1 ? 'entry' : 'entries'}; import the missing releases again.`,
      );
    return usable;
  }
  problems.push(`${indexKey} of ${what} is not an index; delete it and import the releases again.`);
  return [];
}

/** With its whole list of kinds, if it is stored as differences from others of the index. */
function unpackedRelease(release: unknown, all: readonly unknown[], depth = 0): unknown {
  if (!isRecord(release) || typeof release.base !== 'string' || depth > all.length) return release;
  const base = all.find((one) => isRecord(one) && `${one.name}@${one.version}` === release.base);
  const whole = unpackedRelease(base, all, depth + 1);
  return isStoredRelease(whole) ? { ...release, groups: unpackedGroups(release.groups, whole.groups) } : undefined;
}

function isStoredRelease(value: unknown): value is StoredRelease {
  return (
    isRecord(value) &&
    typeof value.name === 'string' &&
    typeof value.version === 'string' &&
    isRecord(value.groups) &&
    Object.values(value.groups).every(
      (kinds) =>
        isRecord(kinds) &&
        Object.values(kinds).every(
          (kind) =>
            isRecord(kind) &&
            typeof kind.plural === 'string' &&
            isRecord(kind.versions) &&
            Object.values(kind.versions).every(isRecord),
        ),
    )
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function summaryOf(stored: StoredRelease, imported: boolean): Release {
  const kinds = Object.values(stored.groups).reduce((sum, group) => sum + Object.keys(group).length, 0);
  const { name, version } = stored;
  return { id: releaseId(stored), name, version, imported, alternate: stored.alternate === true, kinds };
}

/** The newest release that matches a pin; of equal versions, the bundled one. */
function newest(sources: readonly Source[], pin: string): Source | undefined {
  const at = pin.lastIndexOf('@');
  const [name, wanted] = at < 0 ? [pin, ''] : [pin.slice(0, at), pin.slice(at + 1).replace(/^v/, '')];
  return newestFor(
    sources.filter(({ stored }) => stored.name === name),
    wanted,
  );
}

/** Of each project, the first release answers, and the others for versions that it lacks. */
function releaseStore(lines: readonly (readonly Source[])[], from: 'bundled' | 'pinned'): SchemaStore {
  const store = storeOf(lines.flatMap(([main]) => (main ? kindsOf(main, from) : [])));
  const spare = lines.flatMap(([main, ...others]) => others.flatMap((one) => kindsOf(one, from, main)));
  const byVersion = groupedBy(spare, ({ gvk }) => gvkKey(gvk));
  const byKind = groupedBy(
    [...byVersion.values()].map(([first]) => first!),
    ({ gvk }) => groupKindOf(gvk),
  );
  return {
    ...store,
    lookup: (gvk) => store.lookup(gvk) ?? byVersion.get(gvkKey(gvk))?.[0],
    others: (gvk) => byVersion.get(gvkKey(gvk)) ?? [],
    versions(group, kind) {
      const known = store.versions(group, kind);
      return known.length > 0 ? known : (byKind.get(groupKindOf({ group, kind })) ?? []).toSorted(newestFirst);
    },
  };
}

const newestFirst = (a: KindSummary, b: KindSummary) => byVersionPriority(a.gvk.version, b.gvk.version);

function gvkKey(gvk: Gvk): `${GroupKind}/${string}` {
  return `${groupKindOf(gvk)}/${gvk.version}`;
}

/** The versions of a release; `main` is the one of its project that answers first. */
function kindsOf(source: Source, from: 'bundled' | 'pinned', main?: Source): readonly KindSchema[] {
  return Object.entries(source.stored.groups).flatMap(([group, byKind]) =>
    Object.entries(byKind).flatMap(([kind, stored]) =>
      Object.keys(stored.versions).map((version) => releaseKind({ group, version, kind }, stored, from, source, main)),
    ),
  );
}

/** A version of a kind whose file is read on first access to `schema` or `details`. */
function releaseKind(
  gvk: Gvk,
  stored: StoredKind,
  from: 'bundled' | 'pinned',
  { stored: release, files }: Source,
  main?: Source,
): KindSchema {
  const flags = stored.versions[gvk.version]!;
  const line = main && (compareReleases(release.version, main.stored.version) > 0 ? 'newer' : 'older');
  return {
    ...(line && { line }),
    gvk,
    plural: stored.plural,
    scope: stored.scope,
    served: flags.served !== false,
    storage: flags.storage === true,
    ...(flags.deprecated !== undefined && { deprecated: flags.deprecated }),
    origin: `${release.name} ${release.version}`,
    from,
    builtin: release.builtin === true,
    get schema() {
      return files.schema(gvk).schema;
    },
    get details() {
      return files.schema(gvk);
    },
  };
}

/** A release's files, each read once. */
interface Files {
  schema(gvk: Gvk): StoredSchema;
}

function filesOf(read: Read, stored: StoredRelease, all: readonly StoredRelease[]): Files {
  const values = valuesOf(read, stored, all);
  const known = new Map<string, StoredSchema>();
  let linker: Linker | undefined;
  return {
    schema(gvk) {
      const key = schemaKey('', gvk.group, gvk.version, gvk.kind);
      let found = known.get(key);
      if (found) return found;
      linker ??= linkerOf(stored.builtin ? values(definitionsKey('')) : undefined);
      found = readSchema(values(key), linker);
      known.set(key, found);
      return found;
    },
  };
}

/** Reads the value of a file by its key below the release's folder; undefined if it is missing or isn't JSON. */
function valuesOf(read: Read, stored: StoredRelease, all: readonly StoredRelease[]): (key: string) => unknown {
  const base = all.find((one) => releaseId(one) === stored.base);
  // An index whose releases are each other's base must not recurse without end.
  const others = all.filter((one) => one !== stored);
  const below = base && base !== stored ? valuesOf(read, base, others) : () => undefined;
  return (key) => {
    const text = read(releaseId(stored) + key);
    return unpackedValue(text === undefined ? undefined : parseJson(text), () => below(key));
  };
}

/** A missing or damaged file must not make objects invalid, so its kind accepts anything. */
function readSchema(stored: unknown, linker: Linker): StoredSchema {
  if (!isRecord(stored) || !isRecord(stored.schema)) return { schema: anything };
  return { ...stored, schema: linker(stored.schema as Schema) };
}

const anything: Schema = { 'x-kubernetes-preserve-unknown-fields': true };

type Linker = (schema: Schema) => Schema;

type Mutable = { -readonly [Key in keyof Schema]: Schema[Key] } & { $ref?: string };

/**
 * Replaces `$ref`s with their definitions in place, so that each definition exists once, however often it is
 * referenced, and the graph may be cyclic. Keywords beside a `$ref` (a default, a list type) take precedence over the
 * definition's.
 */
function linkerOf(parsed: unknown): Linker {
  const definitions = (isRecord(parsed) ? parsed : {}) as Readonly<Record<string, Mutable>>;
  const linked = new Set<Mutable>();
  let unfinished: (() => void)[] = [];

  const link = (schema: Mutable): Schema => {
    if (schema.$ref === undefined) {
      linkBelow(schema);
      return schema;
    }
    const { $ref, ...beside } = schema;
    const target = Object.hasOwn(definitions, $ref) ? definitions[$ref]! : (anything as Mutable);
    linkBelow(target);
    if (Object.keys(beside).length === 0) return target;
    // The target may not be fully linked yet, so it is copied at the end.
    const copy: Mutable = {};
    unfinished.push(() => Object.assign(copy, target, beside));
    return copy;
  };

  const linkBelow = (schema: Mutable): void => {
    if (linked.has(schema)) return;
    linked.add(schema);
    const properties = schema.properties as Record<string, Schema> | undefined;
    for (const name of Object.keys(properties ?? {})) properties![name] = link(properties![name]!);
    if (schema.items) schema.items = link(schema.items);
    if (schema.not) schema.not = link(schema.not);
    if (isRecord(schema.additionalProperties)) schema.additionalProperties = link(schema.additionalProperties);
    for (const keyword of ['allOf', 'anyOf', 'oneOf'] as const) {
      const list = schema[keyword];
      if (list) schema[keyword] = list.map(link);
    }
  };

  return (schema) => {
    const result = link(schema);
    for (const finish of unfinished) finish();
    unfinished = [];
    return result;
  };
}
