// Reads the built-in kinds from the OpenAPI v3 documents and Go sources of a Kubernetes release. Kinds share their
// definitions (a PodSpec exists once), so each kind's file is a reference into `definitions.json`.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { schemaOf } from '../schema/facts.ts';
import type { Schema } from '../schema/schema.ts';
import { byVersionPriority } from '../schema/store.ts';
import {
  canonicalJson,
  definitionsKey,
  type ReleaseFiles,
  type StoredKind,
  schemaKey,
  storeFiles,
} from '../schema/stored.ts';
import { sha256 } from './crds.ts';
import { type GoModule, goModule, type ModuleFailure } from './gomodule.ts';

interface OpenApi {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Json>> };
}

interface Operation {
  readonly 'x-kubernetes-action'?: string;
  readonly 'x-kubernetes-group-version-kind'?: {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
  };
}

type Json = Readonly<Record<string, unknown>>;

/** `version` has no `v`; the release's modules are fetched unless they are cached. */
export async function kubernetesRelease(
  version: string,
  prose: 'keep' | 'drop' = 'drop',
): Promise<ReleaseFiles | ModuleFailure> {
  // The staging modules number the same releases with major version 0.
  const staged = `k8s.io/api@v${version.replace(/^1\./, '0.')}`;
  const [kubernetes, api] = await Promise.all([goModule(`k8s.io/kubernetes@v${version}`), goModule(staged)]);
  if ('error' in kubernetes) return kubernetes;
  if ('error' in api) return api;
  return readRelease(kubernetes, api, prose);
}

function readRelease(kubernetes: GoModule, api: GoModule, prose: 'keep' | 'drop'): ReleaseFiles {
  const folder = join(kubernetes.folder, 'api/openapi-spec/v3');
  const documents = readdirSync(folder)
    .filter((name) => /^apis?__.*_openapi\.json$/.test(name))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as OpenApi);
  const version = kubernetes.version.slice(1);
  const release = `kubernetes@${version}`;
  const groups = kindsOf(documents, deprecationsOf(api.folder, version));
  const roots = rootsOf(documents);
  const files = new Map<string, string>();
  const names: string[] = [];
  for (const [group, kinds] of Object.entries(groups)) {
    for (const [kind, stored] of Object.entries(kinds)) {
      for (const name of Object.keys(stored.versions)) {
        const $ref = roots.get(`${group}/${name}/${kind}`);
        if ($ref === undefined) continue;
        names.push($ref);
        files.set(schemaKey(release, group, name, kind), canonicalJson({ schema: { $ref } }));
      }
    }
  }
  const definitions = definitionsOf(documents, names, enumsOf(kubernetes.folder), prose);
  files.set(definitionsKey(release), canonicalJson(definitions));
  const sources = [kubernetes, api].map(({ path, version, sum }) => ({ from: `${path}@${version}`, checksum: sum }));
  return storeFiles({ name: 'kubernetes', version, builtin: true, sources }, groups, files, sha256);
}

const prefix = '#/components/schemas/';

/** Types with their own JSON decoding; the OpenAPI documents describe little or nothing of what they accept. */
const special: Readonly<Record<string, Schema>> = {
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': { format: 'int-or-string', 'x-kubernetes-int-or-string': true },
  'io.k8s.apimachinery.pkg.api.resource.Quantity': {
    format: 'quantity',
    oneOf: [{ type: 'string' }, { type: 'number' }],
  },
  'io.k8s.apimachinery.pkg.runtime.RawExtension': { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  ...Object.fromEntries(
    ['JSON', 'JSONSchemaPropsOrArray', 'JSONSchemaPropsOrBool', 'JSONSchemaPropsOrStringArray'].map((name) => [
      `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.${name}`,
      { 'x-kubernetes-preserve-unknown-fields': true },
    ]),
  ),
};

/** Only the definitions reachable from the roots: the documents also have lists, request options and responses. */
function definitionsOf(
  documents: readonly OpenApi[],
  roots: readonly string[],
  enums: Enums,
  prose: 'keep' | 'drop',
): Readonly<Record<string, Schema>> {
  const all = new Map(documents.flatMap((document) => Object.entries(document.components?.schemas ?? {})));
  const reached: Record<string, Schema> = {};
  const reach = (name: string) => {
    if (Object.hasOwn(reached, name) || !all.has(name)) return;
    const own = enums.get(name.split('.').slice(-3).join('_'));
    reached[name] = special[name] ?? schemaOf(unwrapped(all.get(name)!, own), prose);
    for (const [, target] of JSON.stringify(reached[name]).matchAll(/"\$ref":"([^"]+)"/g)) reach(target!);
  };
  for (const root of roots) reach(root);
  return reached;
}

/** The name of each kind's schema, by group, version and kind. */
function rootsOf(documents: readonly OpenApi[]): ReadonlyMap<string, string> {
  const schemas = documents.flatMap((document) => Object.entries(document.components?.schemas ?? {}));
  return new Map(
    schemas.flatMap(([name, schema]) => {
      const named = schema['x-kubernetes-group-version-kind'] as readonly Json[] | undefined;
      // Types of requests (DeleteOptions) are listed for every group.
      return named?.length === 1 ? [[`${named[0]!.group}/${named[0]!.version}/${named[0]!.kind}`, name] as const] : [];
    }),
  );
}

/**
 * The documents write a reference with a default or a description beside it as `allOf: [{$ref}]`. Zero values aren't
 * real defaults: the generator writes one for every field that isn't a pointer in Go, including required names.
 */
function unwrapped(schema: Json, enums?: Readonly<Record<string, readonly unknown[]>>): Json {
  const { allOf, default: standard, ...rest } = schema;
  const only = Array.isArray(allOf) && allOf.length === 1 ? (allOf[0] as Json) : undefined;
  const reference = (only?.$ref ?? schema.$ref) as string | undefined;
  const walked = Object.entries(rest).map(([keyword, value]) => {
    if (keyword === 'properties') return [keyword, propertiesOf(value as Readonly<Record<string, Json>>, enums)];
    if (keyword === 'items' || keyword === 'not') return [keyword, unwrapped(value as Json)];
    if (keyword === 'additionalProperties' && typeof value === 'object') return [keyword, unwrapped(value as Json)];
    return [keyword, value];
  });
  return {
    ...Object.fromEntries(walked),
    ...(isZero(standard) ? {} : { default: standard }),
    ...(reference !== undefined && { $ref: reference.slice(prefix.length) }),
  };
}

function propertiesOf(
  properties: Readonly<Record<string, Json>>,
  enums: Readonly<Record<string, readonly unknown[]>> = {},
): Json {
  const entries = Object.entries(properties).map(([name, schema]) => {
    const plain = unwrapped(schema);
    return [name, Object.hasOwn(enums, name) ? withEnum(plain, enums[name]!) : plain] as const;
  });
  return Object.fromEntries(entries);
}

/** Adds an enum to the field itself, to its items or to its map's values. */
function withEnum(schema: Json, values: readonly unknown[]): Json {
  for (const inside of ['items', 'additionalProperties']) {
    if (schema[inside]) return { ...schema, [inside]: { ...(schema[inside] as Json), enum: values } };
  }
  return { ...schema, enum: values };
}

function isZero(value: unknown): boolean {
  return (
    value === undefined ||
    value === '' ||
    value === 0 ||
    value === false ||
    (typeof value === 'object' && JSON.stringify(value) === '{}')
  );
}

/** By `<group>_<version>_<Kind>` and field. */
type Enums = ReadonlyMap<string, Readonly<Record<string, readonly unknown[]>>>;

/** The published documents have no enums (the server adds them), but the generated Go code behind them has. */
function enumsOf(kubernetes: string): Enums {
  const enums = new Map<string, Record<string, readonly unknown[]>>();
  const source = textOf(join(kubernetes, 'pkg/generated/openapi/zz_generated.openapi.go'));
  let type = '';
  let field = '';
  for (const line of source.split('\n')) {
    const start = /^func schema_\w*?_([^_]+_[^_]+_[^_]+)\(ref /.exec(line);
    if (start) type = start[1]!;
    const property = /^\t{5}"([^"]+)": \{$/.exec(line);
    if (property) field = property[1]!;
    const values = /^\t+Enum:\s+\[\]interface\{\}\{(.*)\},$/.exec(line);
    if (!values) continue;
    const known = enums.get(type) ?? {};
    enums.set(type, known);
    known[field] = JSON.parse(`[${values[1]}]`) as unknown[];
  }
  return enums;
}

/** Kinds are the types that can be created at their own path, which excludes lists and subresources. */
function kindsOf(documents: readonly OpenApi[], deprecations: ReadonlyMap<string, string>) {
  const groups: Record<string, Record<string, StoredKind>> = {};
  for (const document of documents) {
    for (const [path, operations] of Object.entries(document.paths ?? {})) {
      const match = /^\/(?:api|apis\/([^/]+))\/([^/]+)\/(namespaces\/\{namespace\}\/)?([^/{}]+)$/.exec(path);
      const created = operations.post?.['x-kubernetes-group-version-kind'];
      if (!match || !created || operations.post?.['x-kubernetes-action'] !== 'post') continue;
      const { group, version, kind } = created;
      const kinds = (groups[group] ??= {});
      const known = kinds[kind];
      const deprecated = deprecations.get(`${group}/${version}/${kind}`);
      // Since 1.24 beta APIs are disabled by default: https://kubernetes.io/docs/reference/using-api/#api-versioning
      const flags = { ...(!/^v\d+$/.test(version) && { served: false as const }), ...(deprecated && { deprecated }) };
      const scope = match[3] || known?.scope === 'Namespaced' ? 'Namespaced' : 'Cluster';
      kinds[kind] = { plural: match[4]!, scope, versions: { ...known?.versions, [version]: flags } };
    }
  }
  return withStorage(groups);
}

/** The documents don't state which version is stored; the one with the highest priority is assumed. */
function withStorage(groups: Readonly<Record<string, Readonly<Record<string, StoredKind>>>>) {
  const kinds = (byKind: Readonly<Record<string, StoredKind>>) =>
    Object.entries(byKind).map(([kind, stored]) => {
      const first = Object.keys(stored.versions).sort(byVersionPriority)[0]!;
      const versions = { ...stored.versions, [first]: { ...stored.versions[first], storage: true as const } };
      return [kind, { ...stored, versions }] as const;
    });
  return Object.fromEntries(
    Object.entries(groups).map(([group, byKind]) => [group, Object.fromEntries(kinds(byKind))]),
  );
}

/** The text of the server's deprecation warnings (apiserver `pkg/endpoints/deprecation`), by `group/version/Kind`. */
function deprecationsOf(api: string, release: string): ReadonlyMap<string, string> {
  const minor = Number(release.split('.')[1]);
  const found = new Map<string, string>();
  for (const folder of readdirSync(api, { recursive: true, withFileTypes: true })) {
    if (!folder.isDirectory() || !/^v\d/.test(folder.name)) continue;
    const path = join(folder.parentPath, folder.name);
    const group = /GroupName = "([^"]*)"/.exec(textOf(join(path, 'register.go')))?.[1];
    const source = textOf(join(path, 'lifecycle.go')) + textOf(join(path, 'zz_generated.prerelease-lifecycle.go'));
    for (const [, kind, since] of source.matchAll(
      /^func \(in \*(\w+)\) APILifecycleDeprecated\(\)[^{]*\{\n\treturn 1, (\d+)/gm,
    )) {
      if (group === undefined || Number(since) > minor) continue;
      const apiVersion = group === '' ? folder.name : `${group}/${folder.name}`;
      const words = [`${apiVersion} ${kind} is deprecated in v1.${since}+`];
      const removed = lifecycle(source, kind!, 'Removed')?.match(/return 1, (\d+)/)?.[1];
      if (removed) words.push(`, unavailable in v1.${removed}+`);
      const replacement = lifecycle(source, kind!, 'Replacement')?.match(
        /Group: "([^"]*)", Version: "([^"]*)", Kind: "([^"]*)"/,
      );
      if (replacement)
        words.push(`; use ${replacement[1] ? `${replacement[1]}/` : ''}${replacement[2]} ${replacement[3]}`);
      found.set(`${group}/${folder.name}/${kind}`, words.join(''));
    }
  }
  return found;
}

function lifecycle(source: string, kind: string, what: string): string | undefined {
  return new RegExp(`^func \\(in \\*${kind}\\) APILifecycle${what}\\(\\)[^{]*\\{\\n(.*)\\n\\}`, 'm').exec(source)?.[1];
}

function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
