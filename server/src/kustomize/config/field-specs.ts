// The fields that transformers change, as kustomize configures them (api/types/fieldspec.go,
// api/internal/plugins/builtinconfig/transformerconfig.go).
import type { Gvk } from '../../kube/identity.ts';
import type { Origin } from '../built.ts';

export interface FieldSpec {
  /** An empty part matches any. */
  readonly gvk: Gvk;
  /** `/`-separated; lists are entered without a step of their own, and `[]` after a name says that it is one. */
  readonly path: string;
  /** Whether missing maps on the path, and the field itself, are created. */
  readonly create: boolean;
  /** The place of the path; undefined for a spec of kustomize's own. */
  readonly origin?: Origin;
}

/** The fields that name objects of a kind. */
export interface NameReference {
  readonly gvk: Gvk;
  readonly referrers: readonly FieldSpec[];
}

/** The configurations that are lists of fields. */
export const specFields = [
  'namePrefix',
  'nameSuffix',
  'namespace',
  'commonLabels',
  'labels',
  'templateLabels',
  'volumeClaimTemplateLabels',
  'commonAnnotations',
  'varReference',
  'images',
  'replicas',
] as const;

export type SpecField = (typeof specFields)[number];

export type TransformerConfig = Readonly<Record<SpecField, readonly FieldSpec[]>> & {
  readonly nameReference: readonly NameReference[];
};

export function configOf(specs: Partial<TransformerConfig>): TransformerConfig {
  const lists: readonly (readonly [SpecField, readonly FieldSpec[]])[] = specFields.map((field) => [
    field,
    (specs[field] ?? []).toSorted(bySpec),
  ]);
  const nameReference = (specs.nameReference ?? []).map(({ gvk, referrers }) => ({
    gvk,
    referrers: referrers.toSorted(bySpec),
  }));
  return {
    ...(Object.fromEntries(lists) as { readonly [field in SpecField]: readonly FieldSpec[] }),
    nameReference: nameReference.toSorted((a, b) => byGvk(a.gvk, b.gvk)),
  };
}

export const emptyConfig: TransformerConfig = configOf({});

/** Whether a kind has the parts of a selector that aren't empty. */
export function isSelected(gvk: Gvk, selector: Gvk): boolean {
  return (
    (selector.group === '' || selector.group === gvk.group) &&
    (selector.version === '' || selector.version === gvk.version) &&
    (selector.kind === '' || selector.kind === gvk.kind)
  );
}

const byKind = new WeakMap<readonly FieldSpec[], Map<string, readonly FieldSpec[]>>();

/** The specs that select a kind. */
export function specsFor(specs: readonly FieldSpec[], gvk: Gvk): readonly FieldSpec[] {
  let kinds = byKind.get(specs);
  if (!kinds) byKind.set(specs, (kinds = new Map()));
  const key = `${gvk.group}\n${gvk.version}\n${gvk.kind}`;
  const known = kinds.get(key) ?? specs.filter((spec) => isSelected(gvk, spec.gvk));
  kinds.set(key, known);
  return known;
}

const isMerged = new WeakSet<TransformerConfig>();

/** A field that two lists configure differently, which kustomize refuses. */
export interface Conflict {
  readonly conflict: FieldSpec;
}

/** The first configuration with the fields of the second that it lacks; the first itself if it lacks none. */
export function mergeConfigs(one: TransformerConfig, other: TransformerConfig): TransformerConfig | Conflict {
  if (one === other) return one;
  // Merging a configuration that was merged before changes nothing.
  if (one === emptyConfig && isMerged.has(other)) return other;
  let merged: Partial<TransformerConfig> | undefined;
  for (const field of specFields) {
    const specs = mergeSpecs(one[field], other[field]);
    if ('conflict' in specs) return specs;
    if (specs !== one[field]) merged = { ...merged, [field]: specs };
  }
  const nameReference = mergeReferences(one.nameReference, other.nameReference);
  if ('conflict' in nameReference) return nameReference;
  if (nameReference !== one.nameReference) merged = { ...merged, nameReference };
  if (!merged) return one;
  const config = configOf({ ...one, ...merged });
  if (one === emptyConfig) isMerged.add(config);
  return config;
}

/** The first list itself if it lacks nothing of the second. */
export function mergeSpecs(specs: readonly FieldSpec[], more: readonly FieldSpec[]): readonly FieldSpec[] | Conflict {
  if (specs === more) return specs;
  let merged = specs;
  for (const spec of more) {
    const known = merged.find(({ gvk, path }) => path === spec.path && isSelected(gvk, spec.gvk));
    if (!known) merged = [...merged, spec];
    else if (known.create !== spec.create) return { conflict: spec };
  }
  return merged;
}

function mergeReferences(
  references: readonly NameReference[],
  more: readonly NameReference[],
): readonly NameReference[] | Conflict {
  if (references === more) return references;
  let merged = references;
  for (const { gvk, referrers } of more) {
    const at = merged.findIndex((one) => sameGvk(one.gvk, gvk));
    if (at === -1) merged = [...merged, { gvk, referrers }];
    else {
      const specs = mergeSpecs(merged[at]!.referrers, referrers);
      if ('conflict' in specs) return specs;
      if (specs !== merged[at]!.referrers) merged = merged.with(at, { gvk, referrers: specs });
    }
  }
  return merged;
}

function sameGvk(a: Gvk, b: Gvk): boolean {
  return a.group === b.group && a.version === b.version && a.kind === b.kind;
}

function bySpec(a: FieldSpec, b: FieldSpec): number {
  return byGvk(a.gvk, b.gvk);
}

function byGvk(a: Gvk, b: Gvk): number {
  return compareGvks(a, b, kindRanks);
}

/** Kinds by their rank, then by group, version and kind; a missing part comes after letters and digits. */
export function compareGvks(a: Gvk, b: Gvk, ranks: ReadonlyMap<string, number>): number {
  const rank = (ranks.get(a.kind) ?? 0) - (ranks.get(b.kind) ?? 0);
  return rank === 0 ? compareTexts(sortText(a), sortText(b)) : rank;
}

export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sortText({ group, version, kind }: Gvk): string {
  return `${group || '~G'}_${version || '~V'}_${kind || '~K'}`;
}

/** The order of kinds in the output: those that others need come first, webhooks last. */
export const firstKinds: readonly string[] = [
  'Namespace',
  'ResourceQuota',
  'StorageClass',
  'CustomResourceDefinition',
  'ServiceAccount',
  'PodSecurityPolicy',
  'Role',
  'ClusterRole',
  'RoleBinding',
  'ClusterRoleBinding',
  'ConfigMap',
  'Secret',
  'Endpoints',
  'Service',
  'LimitRange',
  'PriorityClass',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'Deployment',
  'StatefulSet',
  'CronJob',
  'PodDisruptionBudget',
];

export const lastKinds: readonly string[] = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'];

/** Negative for the first kinds, positive for the last; a kind in both lists is one of the last. */
export function ranksOf(first: readonly string[], last: readonly string[]): ReadonlyMap<string, number> {
  return new Map([
    ...first.map((kind, index) => [kind, index - first.length] as const),
    ...last.map((kind, index) => [kind, index + 1] as const),
  ]);
}

const kindRanks = ranksOf(firstKinds, lastKinds);
