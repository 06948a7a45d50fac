// The verdict of an API server on one document, offline: what it would refuse on creation under
// fieldValidation=Strict, with the field it would name.
import { apiVersionOf, type Gvk, gvkOf } from '../kube/identity.ts';
import type { KindSchema, Schema, SchemaStore } from '../schema/schema.ts';
import type { Finding, RuleId, Severity } from '../syntax/finding.ts';
import type { Manifest } from '../syntax/manifest.ts';
import { type Path, unknown, type Value } from '../syntax/tree.ts';
import { isList, isObject, type ObjectValue, own, toValue } from '../syntax/value.ts';
import { withoutConsequences } from './consequences.ts';
import { judgeCustom } from './custom.ts';
import { judgeNative } from './native.ts';
import { type Problem, show } from './problem.ts';
import { findingOf, spanOf } from './report.ts';

export interface ValidateOptions {
  /** A patch: only what it sets is judged, nothing can be missing from it. */
  readonly partial?: boolean;
  /** Whether what is done to the object before the server gets it may put the problem right: then it isn't told. */
  mayMend?(problem: Problem, object: Identity): boolean;
}

/** The name is absent where it can't be known. */
export interface Identity {
  readonly kind: string;
  readonly name: string | undefined;
  /** What stands where the problem is. */
  readonly value: Value | undefined;
}

/**
 * `schema/` findings of a document, and what is to say of its kind and version. Empty where the text isn't YAML (its
 * own findings say so), for Go templates, and for documents that are no Kubernetes objects or of unknown kinds.
 */
export function validateDocument(
  manifest: Manifest,
  store: SchemaStore,
  options: ValidateOptions = {},
): readonly Finding[] {
  const { root, template } = manifest;
  if (!root || template || manifest.findings.some(isFatal)) return [];
  const value = toValue(root);
  if (!isObject(value)) return [];
  if (own(value, 'kind') === 'List' && own(value, 'apiVersion') === 'v1')
    return validateItems(value, manifest, store, options);
  return validateObject(value, manifest, store, options, []);
}

/** Findings about the text after which its tree still says what the author meant. */
const harmless: ReadonlySet<RuleId> = new Set([
  'syntax/duplicate-key',
  'syntax/not-json',
  'syntax/ignored',
  'syntax/control-character',
]);

function isFatal({ rule, severity }: Finding): boolean {
  return severity === 'error' && !harmless.has(rule);
}

function validateItems(
  list: ObjectValue,
  manifest: Manifest,
  store: SchemaStore,
  options: ValidateOptions,
): readonly Finding[] {
  const items = own(list, 'items');
  if (!isList(items)) return [];
  return items.flatMap((item, index) =>
    isObject(item) ? validateObject(item, manifest, store, options, ['items', index]) : [],
  );
}

function validateObject(
  object: ObjectValue,
  manifest: Manifest,
  store: SchemaStore,
  options: ValidateOptions,
  prefix: Path,
): readonly Finding[] {
  const place = (rule: RuleId, severity: Severity, field: string, message: string): Finding => ({
    ...{ rule, severity, message, path: field },
    ...pick(spanOf(manifest, [...prefix, field], 'value')),
  });
  const identity = identify(object, store, place);
  if ('findings' in identity) return identity.findings;
  const { gvk } = identity;
  const kind = store.lookup(gvk);
  const unserved = kind?.served ? [] : unservedFindings(gvk, kind, store, place);
  if (!kind || (!kind.served && !kind.builtin)) return unserved;
  const judged = manifest.sops ? withoutSops(object) : object;
  const all = kind.builtin ? judgeNative(judged, kind) : judgeCustom(judged, kind, objectMetaOf(store));
  const problems = withoutConsequences(all);
  const metadata = own(object, 'metadata');
  const name = isObject(metadata) ? own(metadata, 'name') : undefined;
  const shaped = { kind: gvk.kind, name: typeof name === 'string' ? name : undefined };
  const valueAt = (path: Path): Value | undefined => path.reduce<Value | undefined>(stepOf, object);
  const counted = problems.filter(
    (problem) =>
      !(options.partial && problem.rule === 'schema/required') &&
      !options.mayMend?.(problem, { ...shaped, value: valueAt(problem.path) }),
  );
  return [
    ...unserved,
    ...deprecation(kind, store, place),
    ...counted.map((problem) => findingOf(problem, manifest, prefix)),
  ];
}

function stepOf(value: Value | undefined, step: string | number): Value | undefined {
  if (typeof step === 'number') return isList(value) ? value[step] : undefined;
  return isObject(value) ? own(value, step) : undefined;
}

type Place = (rule: RuleId, severity: Severity, field: string, message: string) => Finding;

/** Which kind an object says it is, or why that can't be told. */
function identify(
  object: ObjectValue,
  store: SchemaStore,
  place: Place,
): { readonly gvk: Gvk } | { readonly findings: readonly Finding[] } {
  const apiVersion = own(object, 'apiVersion');
  const kind = own(object, 'kind');
  if (typeof apiVersion === 'string' && typeof kind === 'string') {
    const gvk = gvkOf(apiVersion, kind);
    return gvk ? { gvk } : { findings: [] };
  }
  if (apiVersion === unknown || kind === unknown || !isObject(own(object, 'metadata'))) return { findings: [] };
  if (typeof apiVersion === 'string' && !isKnownGroup(apiVersion, store)) return { findings: [] };
  if (typeof kind === 'string' && !store.kinds().some((known) => known.gvk.kind === kind)) return { findings: [] };
  const findings: Finding[] = [];
  if (typeof apiVersion === 'string') findings.push(identityFinding('kind', kind, place));
  else if (typeof kind === 'string') findings.push(identityFinding('apiVersion', apiVersion, place));
  return { findings };
}

function identityFinding(field: string, value: Value | undefined, place: Place): Finding {
  if (value === undefined || value === null)
    return place(
      'schema/required',
      'error',
      field,
      `${field} is required: without it nobody can tell what this object is.`,
    );
  return place('schema/type', 'error', field, `${field} must be a string, not ${show(value)}.`);
}

function isKnownGroup(apiVersion: string, store: SchemaStore): boolean {
  const gvk = gvkOf(apiVersion, 'Any');
  return gvk !== undefined && store.hasGroup(gvk.group);
}

function unservedFindings(
  gvk: Gvk,
  kind: KindSchema | undefined,
  store: SchemaStore,
  place: Place,
): readonly Finding[] {
  const versions = store.versions(gvk.group, gvk.kind);
  const served = versions.filter((version) => version.served).map((version) => apiVersionOf(version.gvk));
  const apiVersion = apiVersionOf(gvk);
  if (versions.length === 0) {
    if (!store.hasGroup(gvk.group)) return [];
    const message = `No kind ${gvk.kind} is known in ${gvk.group === '' ? 'the core group' : gvk.group}. Check the spelling, or add its CRD to the workspace.`;
    return [place('info/unknown-kind', 'hint', 'kind', message)];
  }
  const origin = (kind ?? versions[0]!).origin;
  const instead = served.length > 0 ? ` Use ${served.join(' or ')}.` : '';
  if (kind?.builtin) {
    // Only the cluster knows whether somebody has switched it on.
    const message = `${apiVersion} is served by ${origin} only where --runtime-config switches it on.${instead}`;
    return [place('schema/unserved-version', 'warning', 'apiVersion', message)];
  }
  const state = kind ? `is no longer served by ${origin}` : `isn’t a version of ${gvk.kind} in ${origin}`;
  return [
    place(
      'schema/unserved-version',
      'error',
      'apiVersion',
      `${apiVersion} ${state}; the API server refuses it.${instead}`,
    ),
  ];
}

function deprecation({ gvk, deprecated, origin }: KindSchema, store: SchemaStore, place: Place): readonly Finding[] {
  if (deprecated === undefined) return [];
  const instead = store
    .versions(gvk.group, gvk.kind)
    .find((version) => version.served && version.deprecated === undefined);
  const message = `${apiVersionOf(gvk)} ${gvk.kind} is deprecated in ${origin}.${instead ? ` Use ${apiVersionOf(instead.gvk)}.` : ''}`;
  return [place('deprecated/version', 'warning', 'apiVersion', message)];
}

function withoutSops(object: ObjectValue): ObjectValue {
  const { sops: _own, ...rest } = object;
  return rest;
}

function pick({ start, end }: { readonly start: number; readonly end: number }): {
  readonly start: number;
  readonly end: number;
} {
  return { start, end };
}

const objectMetas = new WeakMap<SchemaStore, { readonly schema: Schema | undefined }>();

/** The OpenAPI of ObjectMeta, as the store's Kubernetes release has it. */
function objectMetaOf(store: SchemaStore): Schema | undefined {
  const known = objectMetas.get(store);
  if (known) return known.schema;
  const schema = store.lookup({ group: '', version: 'v1', kind: 'Namespace' })?.schema.properties?.metadata;
  objectMetas.set(store, { schema });
  return schema;
}
