// Reads a CustomResourceDefinition (from the workspace, a cluster or a release) into the schemas of its versions.
// Total: a CRD that the server would refuse results in problems and the usable parts.
import type { Gvk } from '../kube/identity.ts';
import { isRecord, plainJson, schemaOf } from './facts.ts';
import type { KindDetails, KindSchema, PrinterColumn, ScalePaths, Schema } from './schema.ts';

export interface Crd {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly scope: 'Namespaced' | 'Cluster';
  readonly versions: readonly CrdVersion[];
  /** One sentence per missing or malformed field, with the field's path. */
  readonly problems: readonly string[];
}

export interface CrdVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly deprecated?: true | string;
  readonly details: KindDetails;
  readonly schema: Schema;
}

/** Whether the value is a CRD of any version. */
export function isCrd(value: unknown): boolean {
  return (
    isRecord(value) &&
    value.kind === 'CustomResourceDefinition' &&
    typeof value.apiVersion === 'string' &&
    value.apiVersion.startsWith('apiextensions.k8s.io/')
  );
}

/**
 * `value` is the manifest as JSON. Returns `undefined` unless it is a v1 CRD with group, kind and plural: all three are
 * needed for lookups, and v1beta1 is no longer served since Kubernetes 1.22. `prose` decides whether titles and
 * descriptions are kept.
 */
export function readCrd(value: unknown, prose: 'keep' | 'drop'): Crd | undefined {
  if (!isCrd(value) || !isRecord(value) || value.apiVersion !== 'apiextensions.k8s.io/v1') return undefined;
  const spec = recordAt(value, 'spec');
  const names = recordAt(spec, 'names');
  const group = textAt(spec, 'group');
  const kind = textAt(names, 'kind');
  const plural = textAt(names, 'plural');
  if (!group || !kind || !plural) return undefined;
  const problems: string[] = [];
  if (spec.scope !== 'Namespaced' && spec.scope !== 'Cluster') {
    problems.push('spec.scope must be Namespaced or Cluster; the kind is treated as Namespaced');
  }
  const shared = sharedDetails(spec, names);
  const versions = listAt(spec, 'versions').flatMap((version, index) => {
    const read = readVersion(version, shared, prose);
    if (!read) problems.push(`spec.versions[${index}].name is missing; the version is ignored`);
    else if (!hasSchema(version)) {
      problems.push(`spec.versions[${index}].schema.openAPIV3Schema is missing; ${read.name} accepts any field`);
    }
    return read ? [read] : [];
  });
  if (versions.length === 0) problems.push('spec.versions has no usable version; the CRD defines nothing');
  return { group, kind, plural, scope: spec.scope === 'Cluster' ? 'Cluster' : 'Namespaced', versions, problems };
}

/** The schemas of the CRD's versions; `origin` is shown by hover as the source of the schema. */
export function kindSchemas(crd: Crd, origin: string, from: KindSchema['from']): readonly KindSchema[] {
  return crd.versions.map((version) => {
    const gvk: Gvk = { group: crd.group, version: version.name, kind: crd.kind };
    return {
      gvk,
      plural: crd.plural,
      scope: crd.scope,
      served: version.served,
      storage: version.storage,
      ...(version.deprecated !== undefined && { deprecated: version.deprecated }),
      origin,
      from,
      builtin: false,
      details: version.details,
      schema: version.schema,
    };
  });
}

function readVersion(value: unknown, shared: KindDetails, prose: 'keep' | 'drop'): CrdVersion | undefined {
  const name = textAt(value, 'name');
  if (!name || !isRecord(value)) return undefined;
  const warning = textAt(value, 'deprecationWarning');
  const deprecated = value.deprecated === true ? (warning ?? true) : undefined;
  const schema: Schema = hasSchema(value)
    ? schemaOf(recordAt(value, 'schema').openAPIV3Schema, prose)
    : { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return {
    name,
    // Unknown, as where a variable stands for it: then it may be.
    served: value.served === true || typeof value.served === 'symbol',
    storage: value.storage === true,
    ...(deprecated !== undefined && { deprecated }),
    details: { ...shared, ...versionDetails(value) },
    schema,
  };
}

function hasSchema(version: unknown): boolean {
  return isRecord(recordAt(version, 'schema').openAPIV3Schema);
}

function sharedDetails(spec: unknown, names: unknown): KindDetails {
  const shortNames = textsAt(names, 'shortNames');
  const categories = textsAt(names, 'categories');
  return {
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
    ...(recordAt(spec, 'conversion').strategy === 'Webhook' && { converted: true as const }),
  };
}

function versionDetails(version: unknown): KindDetails {
  const columns = listAt(version, 'additionalPrinterColumns').flatMap(readColumn);
  const subresources = recordAt(version, 'subresources');
  const scale = readScale(subresources.scale);
  const selectable = listAt(version, 'selectableFields').flatMap((field) => textAt(field, 'jsonPath') ?? []);
  return {
    ...(columns.length > 0 && { columns }),
    ...(isRecord(subresources.status) && { status: true as const }),
    ...(scale && { scale }),
    ...(selectable.length > 0 && { selectableFields: selectable }),
  };
}

function readColumn(value: unknown): PrinterColumn[] {
  const name = textAt(value, 'name');
  const type = textAt(value, 'type');
  const jsonPath = textAt(value, 'jsonPath');
  if (!name || !type || !jsonPath || !isRecord(value)) return [];
  const format = textAt(value, 'format');
  const priority = plainJson(value.priority);
  return [
    { name, type, jsonPath, ...(format && { format }), ...(typeof priority === 'number' && priority && { priority }) },
  ];
}

function readScale(value: unknown): ScalePaths | undefined {
  const specReplicasPath = textAt(value, 'specReplicasPath');
  const statusReplicasPath = textAt(value, 'statusReplicasPath');
  if (!specReplicasPath || !statusReplicasPath) return undefined;
  const labelSelectorPath = textAt(value, 'labelSelectorPath');
  return { specReplicasPath, statusReplicasPath, ...(labelSelectorPath && { labelSelectorPath }) };
}

function recordAt(value: unknown, key: string): Readonly<Record<string, unknown>> {
  const inner = isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return isRecord(inner) ? inner : {};
}

function listAt(value: unknown, key: string): readonly unknown[] {
  const inner = isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return Array.isArray(inner) ? inner : [];
}

function textAt(value: unknown, key: string): string | undefined {
  const inner = isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return typeof inner === 'string' && inner !== '' ? inner : undefined;
}

function textsAt(value: unknown, key: string): readonly string[] {
  return listAt(value, key).filter((item) => typeof item === 'string');
}
