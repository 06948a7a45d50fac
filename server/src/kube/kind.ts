// The shape of a row in `kinds/<group>.ts`: everything Capstan knows about a kind beyond its schema. A reference or a
// value format is added here and nowhere else; completion, navigation, checks, graph edges and tree children follow.
import type { GroupKind } from './identity.ts';

export interface Reference {
  /** The path of the reference: dotted, `[*]` for items. The node there is the reference object or a plain name. */
  readonly path: string;
  /** Kinds it may name. More than one: the reference carries `kind` (and `apiVersion` or `apiGroup`). Empty: any kind. */
  readonly to: readonly GroupKind[];
  /** `same`: the referring object's; `field`: the reference's own `namespace`, else the same; `none`: cluster-scoped. */
  readonly namespace: 'same' | 'field' | 'none';
  /** The contract role a target plays where the kind is open (`infrastructureRef` names any infrastructure kind). */
  readonly role?: Role;
  /** Cycles along this reference are an error (`dependsOn`). */
  readonly acyclic?: true;
  /** Parts to write although the schema doesn't require them: an autoscaler finds no Deployment in the core group. */
  readonly written?: readonly ('apiGroup' | 'apiVersion')[];
  /** A missing target isn't an error (`optional: true` in `substituteFrom`, or created at run time). */
  readonly optional?: true;
}

/** The role of an object in Cluster API's contract, whatever the provider. */
export type Role =
  | 'infrastructure'
  | 'controlPlane'
  | 'bootstrap'
  | 'infrastructureTemplate'
  | 'bootstrapTemplate'
  | 'controlPlaneTemplate'
  /** Of IPAM providers: what addresses are claimed from. */
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

/** How the explorer and `status` treat the kind. */
export type Family = 'cluster-api' | 'flux-source' | 'flux' | 'workload';

export interface Kind {
  readonly group: string;
  readonly kind: string;
  readonly family?: Family;
  readonly role?: Role;
  readonly references?: readonly Reference[];
  /** Paths of embedded objects that the schema leaves open: `spec.resources[*]`. */
  readonly embeds?: readonly string[];
  /** Path (as in `Reference.path`) to format. */
  readonly values?: Readonly<Record<string, ValueFormat>>;
}
