// The type of a row in `kinds/<group>.ts`: everything Capstan knows about a kind besides its schema. References and value
// formats are defined only in rows; completion, navigation, checks, graph edges and tree children use them.
import type { GroupKind } from './identity.ts';

export interface Reference {
  /** The path of the reference: dotted, `[*]` for items. The node there is the reference object or a plain name. */
  readonly path: string;
  /** The kinds it may name. If there are several, the reference has `kind` (and `apiVersion` or `apiGroup`). Empty: any kind. */
  readonly to: readonly GroupKind[];
  /** `same`: that of the referring object; `field`: the reference's `namespace`, by default the same; `none`: cluster-scoped. */
  readonly namespace: 'same' | 'field' | 'none';
  /** The contract role that the target's kind must have (`infrastructureRef` names any infrastructure kind). */
  readonly role?: Role;
  /** Cycles along this reference are an error (`dependsOn`). */
  readonly acyclic?: true;
  /** Fields to set although the schema doesn't require them: without its group, an autoscaler can't find a Deployment. */
  readonly written?: readonly ('apiGroup' | 'apiVersion')[];
  /** The controller that can refuse targets in other namespaces, by its flag `--no-cross-namespace-refs`. */
  readonly guard?: string;
  /** The key of the ConfigMap or Secret that is read if the reference names none. */
  readonly key?: string;
  /** A missing target isn't an error: `optional: true` in `substituteFrom`, or an object that is created at run time. */
  readonly optional?: true;
  /** The field of the object with which the target is in another cluster: health is checked where objects are applied. */
  readonly elsewhereWith?: string;
  /** The field of the object with which, if it is true, the controller doesn't read the reference. */
  readonly ignoredWith?: string;
}

/** The role of a kind in Cluster API's contract, regardless of the provider. */
export type Role =
  | 'infrastructure'
  | 'controlPlane'
  | 'bootstrap'
  | 'infrastructureTemplate'
  | 'bootstrapTemplate'
  | 'controlPlaneTemplate'
  /** In IPAM providers, the pool that addresses are claimed from. */
  | 'addressPool';

/** Formats of `kube/values`, each with one parser. */
export type ValueFormat =
  | 'duration'
  | 'quantity'
  | 'semver-range'
  | 'cidr'
  | 'cron'
  | 'jsonpath'
  | 'go-template'
  | 'cel';

/** Determines how the explorer and `status` treat the kind. */
export type Family = 'cluster-api' | 'flux-source' | 'flux' | 'workload';

export interface Kind {
  readonly group: string;
  readonly kind: string;
  readonly family?: Family;
  readonly role?: Role;
  /** Its objects are often created by what runs in the cluster, so that no file has them. */
  readonly madeInCluster?: true;
  readonly references?: readonly Reference[];
  /** Paths of embedded objects that the schema leaves open: `spec.resources[*]`. */
  readonly embeds?: readonly string[];
  /** Path (as in `Reference.path`) to format. */
  readonly values?: Readonly<Record<string, ValueFormat>>;
}
