// What the chains that apply a file are made of (workspace/ownership.ts): Flux Kustomizations, each with the folder it applies.
import { type Delivery, folderDelivered } from '../kustomize/delivery.ts';
import type { Places } from './places.ts';

/** The scope and namespace of one chain that applies a file. */
export interface Form {
  readonly scope: string;
  /** Overrides the namespace of its objects. */
  readonly namespace?: string;
}

export interface Owned {
  /** Never empty. */
  readonly forms: readonly Form[];
  /** It is unknown what applies the file. Its scope is that of its kustomization or folder, and may equal any other. */
  readonly assumed: boolean;
}

export interface FluxKustomization {
  readonly id: string;
  /** The path of its file. */
  readonly path: string;
  /** Among those of the file. */
  readonly index: number;
  /** The folder it applies; undefined if it is unknown. */
  readonly target: string | undefined;
  readonly delivery: Delivery;
  /** The entry points of the clusters that get it in this form; all that have it, if undefined. */
  readonly only?: readonly string[];
}

export interface Applied {
  readonly kustomizations: ReadonlySet<string>;
  /** The kustomizations that no other includes, with the namespace that the chain has set. */
  readonly tops: readonly Reached[];
  readonly by: readonly Delivered[];
}

export interface Delivered {
  readonly flux: FluxKustomization;
  readonly namespace: string | undefined;
  /** Its path resolves to this folder and no other. */
  readonly certain: boolean;
}

export interface Reached {
  readonly at: string;
  readonly namespace: string | undefined;
}

/** The cached answers for one state of the workspace. */
export interface Answers {
  readonly applied: Map<string, Applied>;
  /** By the kustomizations that directly apply a file, which determine its owners. */
  readonly owned: Map<string, Owned>;
  readonly byPath: Map<string, Owned>;
  places?: Places<FluxKustomization>;
  homes?: ReadonlyMap<FluxKustomization, readonly string[]>;
}

/** How one cluster or several get what a Flux Kustomization applies, where its own applier changes its spec. */
export interface AppliedDelivery {
  readonly delivery: Delivery;
  /** The folder that it applies; undefined if it is unknown. */
  readonly target: string | undefined;
  /** The entry points of the clusters. */
  readonly scopes: readonly string[];
}

/** The Flux Kustomization at an index of those of a file, as it is written or as its appliers make it. */
export function deliveredAs(
  path: string,
  index: number,
  delivery: Delivery,
  applied: readonly AppliedDelivery[] = [],
): readonly FluxKustomization[] {
  const id = `${path} ${index}`;
  if (applied.length === 0) return [{ id, path, index, target: folderDelivered(delivery), delivery }];
  return applied.map((one, at) => ({
    ...{ id: at === 0 ? id : `${id} ${at}`, path, index, target: one.target, delivery: one.delivery },
    only: one.scopes,
  }));
}

/** Whether a Kustomization is applied this way in the cluster of a scope, or in one that is reached from it. */
export function isIn(home: string, { only }: FluxKustomization): boolean {
  return only === undefined || only.some((scope) => home === scope || home.startsWith(`${scope} → `));
}

export function noAnswers(): Answers {
  return { applied: new Map(), owned: new Map(), byPath: new Map() };
}

/** With a kubeconfig of another cluster, objects are applied there. */
export function scopesDelivered({ id, delivery }: FluxKustomization, homes: readonly string[]): readonly string[] {
  const { remote } = delivery;
  return remote === undefined ? homes : homes.map((home) => `${home} → ${remote === '' ? id : remote}`);
}
