// The objects of a side of a change, of appliers and of Helm releases.
import type { GroupKind } from '../kube/identity.ts';
import type { BuiltMap, Origin } from '../kustomize/built.ts';
import type { BuiltObject } from '../kustomize/objects.ts';
import type { ReleaseChart } from '../workspace/charts.ts';
import type { Applier } from '../workspace/cluster.ts';

export interface TargetObject {
  readonly value: BuiltMap;
  readonly built: BuiltObject | undefined;
  readonly groupKind: GroupKind;
  /** Empty for cluster-scoped kinds. */
  readonly namespace: string;
  readonly name: string;
  readonly applier: Applier | undefined;
  /** Set if Helm renders it; the applier is that of the release. */
  readonly released?: Released;
}

export interface TargetRelease {
  /** `namespace/name` */
  readonly key: string;
  /** Undefined if they aren't known. */
  readonly objects: readonly TargetObject[] | undefined;
  /** A value that it is rendered with and that must not be shown. */
  readonly hides?: Origin;
}

/** Of an object that Helm renders. */
export interface Released {
  readonly key: string;
  readonly release: BuiltMap;
  readonly chart: ReleaseChart;
  /** The path of its template, from the folder that the chart is in. */
  readonly template: string;
  /** In the folder `crds/` of the chart: Helm installs it, and neither upgrades nor deletes it. */
  readonly isInCrds: boolean;
  /** Helm creates it at some step, and what deletes it depends on its policy. */
  readonly isHook: boolean;
}
