// The structural schema of a kind: OpenAPI v3 with Kubernetes' extensions under the names the server uses, so that a
// CRD read from the workspace or a cluster needs no translation. Bundled schemas are facts only (no descriptions).
import type { Gvk } from '../kube/identity.ts';

export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly format?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly nullable?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly not?: Schema;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: 'atomic' | 'granular';
  readonly 'x-kubernetes-validations'?: readonly ValidationRule[];
  /** Only built-in kinds: the field by which a strategic merge identifies items. */
  readonly 'x-kubernetes-patch-merge-key'?: string;
  readonly 'x-kubernetes-patch-strategy'?: string;
  /** Ours: the Helm chart whose values these are, where it isn't the schema of the kind. */
  readonly 'x-capstan-origin'?: string;
}

/** https://kubernetes.io/docs/reference/using-api/cel/ and apiextensions/v1 ValidationRule. */
export interface ValidationRule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: 'FieldValueInvalid' | 'FieldValueForbidden' | 'FieldValueRequired' | 'FieldValueDuplicate';
  readonly fieldPath?: string;
  readonly optionalOldSelf?: boolean;
}

/** One version of a kind, served or formerly served, as defined by one release. */
export interface KindSchema {
  readonly gvk: Gvk;
  readonly plural: string;
  readonly scope: 'Namespaced' | 'Cluster';
  readonly served: boolean;
  readonly storage: boolean;
  /** Deprecated: `true`, or the CRD's own warning. */
  readonly deprecated?: true | string;
  /** The source: `kubernetes 1.36.3`, `cluster-api-provider-aws 2.13.0`, or the CRD's file in the workspace. */
  readonly origin: string;
  readonly from: 'bundled' | 'pinned' | 'workspace' | 'own' | 'chart';
  /** A type compiled into the API server: validated by code as well as schema; strictness differs from CRDs. */
  readonly builtin: boolean;
  /** It is of an older or a newer release of the project than the one that answers first, which lacks it or has its own. */
  readonly line?: 'older' | 'newer';
  /** Names, columns and subresources, if defined by a CRD. */
  readonly details?: KindDetails;
  /** `$ref`s of the stored form are linked when loaded: the graph may be cyclic (`JSONSchemaProps`). */
  readonly schema: Schema;
}

/** The facts of a CRD's version beyond its schema. */
export interface KindDetails {
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly columns?: readonly PrinterColumn[];
  readonly status?: true;
  readonly scale?: ScalePaths;
  readonly selectableFields?: readonly string[];
  /** Versions are converted by a webhook; otherwise they share one shape. */
  readonly converted?: true;
}

export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly jsonPath: string;
  readonly format?: string;
  readonly priority?: number;
}

export interface ScalePaths {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string;
}

/**
 * The interface through which all other code looks up schemas. Synchronous; files are loaded by an injected
 * `read(key)`.
 */
export interface SchemaStore {
  /**
   * May return a version that `versions` doesn't list, if only another line of a release serves it (an API version that
   * Flux removed, or that the next Flux adds); `origin` names that line.
   */
  lookup(gvk: Gvk): KindSchema | undefined;
  /** The version in the other releases that the cluster may run, if it isn't known which one it does. */
  others?(gvk: Gvk): readonly KindSchema[];
  /** Every known version of a kind, newest first by Kubernetes' version priority. */
  versions(group: string, kind: string): readonly KindSchema[];
  /** All known kinds, without loading their schemas; for completion of apiVersion and kind. */
  kinds(): readonly KindSummary[];
  /** Whether any bundled or imported source defines this API group. */
  hasGroup(group: string): boolean;
}

export interface KindSummary {
  readonly gvk: Gvk;
  readonly plural: string;
  readonly scope: 'Namespaced' | 'Cluster';
  readonly served: boolean;
  readonly storage: boolean;
  readonly deprecated?: true | string;
  readonly origin: string;
  readonly builtin: boolean;
}
