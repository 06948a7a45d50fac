// Explains a kind or one of its fields, for `capstan explain`. The query may be `deployment.spec.replicas`,
// `Kustomization.kustomize.toolkit.fluxcd.io/v1 spec.interval`, or any other form that identifies one kind.
import { apiVersionOf, groupKindOf } from '../kube/identity.ts';
import { kindRow } from '../kube/kinds.ts';
import { kindOfShortName } from '../kube/short-names.ts';
import { nearest } from '../schema/nearest.ts';
import type { KindSchema, KindSummary, Schema, SchemaStore } from '../schema/schema.ts';
import { bounds, noteFor } from './describe.ts';
import { childSchema, typeName } from './place.ts';

/** A kind or one of its fields, as `capstan explain --format json` prints it. */
export interface Explanation {
  readonly apiVersion: string;
  readonly kind: string;
  readonly path: string;
  readonly origin: string;
  readonly type: string;
  readonly required: boolean;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly bounds: Readonly<Record<string, number>>;
  readonly note?: string;
  readonly versions: readonly {
    readonly version: string;
    readonly served: boolean;
    readonly storage: boolean;
    readonly deprecated: boolean;
  }[];
  readonly fields: readonly {
    readonly name: string;
    readonly type: string;
    readonly required: boolean;
    readonly note?: string;
  }[];
  readonly rules: readonly string[];
}

/** `problem` is a message that names what is unknown and suggests an alternative. */
export type Explained =
  | { readonly explanation: Explanation; readonly upstream?: string }
  | { readonly problem: string };

export function explain(query: string, schemas: SchemaStore): Explained {
  const found = findKind(query.trim(), schemas);
  if ('problem' in found) return found;
  const { kind, path } = found;
  let schema = kind.schema;
  let parent: Schema | undefined;
  const walked: string[] = [];
  for (const step of path) {
    while (schema.type === 'array' && schema.items) schema = schema.items;
    const next = childSchema(schema, step);
    if (!next) return { problem: noField(kind, walked, step, schema) };
    parent = schema;
    schema = next;
    walked.push(step);
  }
  const upstream = schema.description;
  return { explanation: explanationOf(kind, schemas, walked, schema, parent), ...(upstream && { upstream }) };
}

function explanationOf(
  kind: KindSchema,
  schemas: SchemaStore,
  path: readonly string[],
  schema: Schema,
  parent: Schema | undefined,
): Explanation {
  const note = noteFor(kind, path);
  let inner = schema;
  while (inner.type === 'array' && inner.items) inner = inner.items;
  return {
    apiVersion: apiVersionOf(kind.gvk),
    kind: kind.gvk.kind,
    path: path.join('.'),
    origin: kind.origin,
    type: typeName(schema),
    required: parent?.required?.includes(path.at(-1) ?? '') === true,
    ...(schema.default !== undefined && { default: schema.default }),
    ...(schema.enum && { enum: schema.enum }),
    ...(schema.format && { format: schema.format }),
    ...(schema.pattern && { pattern: schema.pattern }),
    bounds: bounds(schema),
    ...(note && { note }),
    versions: schemas.versions(kind.gvk.group, kind.gvk.kind).map(({ gvk, served, storage, deprecated }) => ({
      version: gvk.version,
      served,
      storage,
      deprecated: deprecated !== undefined,
    })),
    fields: Object.entries(inner.properties ?? {}).map(([name, field]) => {
      const fieldNote = noteFor(kind, [...path, name]);
      const required = inner.required?.includes(name) === true;
      return { name, type: typeName(field), required, ...(fieldNote && { note: fieldNote }) };
    }),
    rules: (schema['x-kubernetes-validations'] ?? []).map(({ rule, message }) => message ?? rule),
  };
}

type Found = { readonly kind: KindSchema; readonly path: readonly string[] } | { readonly problem: string };

/** The longest prefix that names a kind is used; the rest is the path. */
function findKind(query: string, schemas: SchemaStore): Found {
  const [head, ...more] = words(query);
  const find = (isNamed: Named) =>
    readings(head).flatMap(({ name, group, version, path }) => {
      const named = schemas
        .kinds()
        .filter((kind) => isNamed(kind, name) && (group === undefined || kind.gvk.group === group));
      const fitting = version === undefined ? named : named.filter(({ gvk }) => gvk.version === version);
      return fitting.length > 0 ? [{ fitting, path }] : [];
    })[0];
  // Short names come last because looking them up reads every CRD.
  const reading = find(isNamed) ?? find((kind, name) => isAbbreviated(schemas.lookup(kind.gvk), name));
  if (!reading) return { problem: noKind(head, schemas) };
  const steps = [...reading.path, ...more.flatMap((part) => part.split('.'))].filter((step) => step !== '');
  const path = steps.map((step) => step.replace(/\[[^\]]*\]$/, ''));
  const preferred = preferredOf(reading.fitting, path, schemas);
  return 'problem' in preferred ? preferred : { kind: schemas.lookup(preferred.gvk)!, path };
}

/** `apps/v1 Deployment` names one kind, as the first two lines of a manifest do. */
function words(query: string): readonly [string, ...string[]] {
  const [head = '', kind, ...more] = query.split(/\s+/);
  const isVersion = /^(?:[a-z0-9.-]+\/)?v\d\w*$/.test(head);
  return isVersion && kind !== undefined ? [`${head}/${kind}`, ...more] : [head, ...(kind ? [kind] : []), ...more];
}

interface Reading {
  readonly name: string;
  readonly group?: string;
  readonly version?: string;
  readonly path: readonly string[];
}

/** `apps/v1/Deployment`, `v1/Pod.spec`, `Kustomization.kustomize.toolkit.fluxcd.io/v1`, `deployment.apps.spec`, `deployments`. */
function readings(head: string): readonly Reading[] {
  const slashes = head.split('/');
  if (slashes.length >= 2 && /^[a-zA-Z]/.test(slashes.at(-1)!) && !/^v\d/.test(slashes.at(-1)!)) {
    const [group, version] = slashes.length === 3 ? [slashes[0]!, slashes[1]!] : ['', slashes[0]!];
    const [name, ...path] = slashes.at(-1)!.split('.');
    const exact = { name: name!, group, version, path };
    // `group/Kind` is also accepted.
    return slashes.length === 2 && !/^v\d/.test(version) ? [{ name: name!, group: version, path }] : [exact];
  }
  const [before = '', after] = slashes;
  const [name = '', ...steps] = before.split('.');
  const [version, ...behind] = after?.split('.') ?? [];
  if (version !== undefined) return [{ name, group: steps.join('.'), version, path: behind }];
  const split = steps.map((_, index) => steps.length - index);
  return [...split, 0].map((length) => ({
    name,
    ...(length > 0 && { group: steps.slice(0, length).join('.') }),
    path: steps.slice(length),
  }));
}

function isNamed({ gvk, plural }: KindSummary, name: string): boolean {
  const lower = name.toLowerCase();
  return gvk.kind.toLowerCase() === lower || plural === lower || kindOfShortName(lower) === groupKindOf(gvk);
}

type Named = (kind: KindSummary, name: string) => boolean;

function isAbbreviated(kind: KindSchema | undefined, name: string): boolean {
  return kind?.details?.shortNames?.includes(name.toLowerCase()) === true;
}

/** The stored version of the kind; if several groups have a kind of this name, a problem that lists them. */
function preferredOf(
  kinds: readonly KindSummary[],
  path: readonly string[],
  schemas: SchemaStore,
): KindSummary | { readonly problem: string } {
  const groups = [...new Set(kinds.map(({ gvk }) => gvk.group))];
  if (groups.length > 1) {
    const [one, ...others] = likeliest(groups, kinds, path, schemas);
    if (one !== undefined && others.length === 0) return preferredOf(ofGroup(kinds, one), path, schemas);
    const names = groups.map((group) => `${ofGroup(kinds, group)[0]!.gvk.kind}.${group}`).sort();
    return { problem: `Several API groups have this kind; specify one of ${names.join(', ')}.` };
  }
  return kinds.find(({ storage, served }) => storage && served) ?? kinds.find(({ served }) => served) ?? kinds[0]!;
}

function ofGroup(kinds: readonly KindSummary[], group: string): readonly KindSummary[] {
  return kinds.filter(({ gvk }) => gvk.group === group);
}

/** A kind of Kubernetes itself is the likeliest, then the only one that has the path, then one with a row in kube/kinds. */
function likeliest(
  groups: readonly string[],
  kinds: readonly KindSummary[],
  [first]: readonly string[],
  schemas: SchemaStore,
): readonly string[] {
  const is = (test: (kind: KindSummary) => boolean) => groups.filter((group) => ofGroup(kinds, group).some(test));
  const builtin = is((kind) => kind.builtin);
  if (builtin.length > 0) return builtin;
  const having = first === undefined ? groups : is(({ gvk }) => has(schemas.lookup(gvk), first));
  if (having.length === 1) return having;
  return is(({ gvk }) => kindRow(groupKindOf(gvk)) !== undefined);
}

function has(kind: KindSchema | undefined, field: string): boolean {
  return kind !== undefined && childSchema(kind.schema, field) !== undefined;
}

function noKind(head: string, schemas: SchemaStore): string {
  const { name } = readings(head)[0]!;
  const known = schemas.kinds().filter((kind) => isNamed(kind, name));
  if (known.length > 0) {
    const versions = [...new Set(known.map(({ gvk }) => `${apiVersionOf(gvk)}/${gvk.kind}`))];
    return `No schema is available for “${head}”. Known versions: ${versions.join(', ')}.`;
  }
  const near = nearest(name, new Set(schemas.kinds().map(({ gvk }) => gvk.kind)));
  const advice = near
    ? `Did you mean ${near}?`
    : 'Specify a kind as in “Deployment.spec” or “Cluster.cluster.x-k8s.io/v1beta2 spec”.';
  return `Kind “${head}” is unknown. ${advice}`;
}

function noField(kind: KindSchema, walked: readonly string[], step: string, schema: Schema): string {
  const names = Object.keys(schema.properties ?? {});
  const where = walked.length === 0 ? kind.gvk.kind : `${kind.gvk.kind}.${walked.join('.')}`;
  if (names.length === 0) return `${where} has no fields in the schema of ${kind.origin}.`;
  const near = nearest(step, names);
  const list = names.slice(0, 12).join(', ') + (names.length > 12 ? ', ...' : '');
  return `${where} has no field “${step}”. ${near ? `Did you mean ${near}?` : `Its fields are ${list}.`}`;
}
