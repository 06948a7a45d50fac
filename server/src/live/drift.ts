// What somebody set in a cluster that Git doesn't say: the next change in Git may take it back, or nobody knows of it.
import { isFlux } from './family.ts';
import { at, flag } from './fields.ts';
import type { LiveObject, WrittenField } from './object.ts';

export interface Drift {
  readonly field: WrittenField;
  /** The field manager (metadata.managedFields) that wrote it last. */
  readonly manager: string;
  /** RFC 3339. */
  readonly time?: string;
}

/** What applies what is in Git. */
const gitManagers = /^(kustomize-controller|helm-controller|kustomize|argocd)/;

/** Clients that a person uses; whatever else scales does so by itself. */
const hands =
  /^(kubectl|flux$|capstan|k9s|lens|freelens|node-fetch|headlamp|mozilla|clusterctl|curl|octant|rancher|okhttp)/i;

/** Undefined if nothing of it is known; a suspension that somebody set in Git was written by what applies it. */
export function driftOf({ groupKind, spec, writers, labels }: LiveObject): Drift | undefined {
  const { suspend, paused, replicas } = writers;
  if (isFlux(groupKind) && flag(spec, 'suspend') && suspend && !gitManagers.test(suspend.manager))
    return { field: 'suspend', ...suspend };
  // What isn't applied from Git has no other place to be set.
  if (!('kustomize.toolkit.fluxcd.io/name' in labels) && !('helm.toolkit.fluxcd.io/name' in labels)) return undefined;
  if (flag(spec, 'paused') && paused && hands.test(paused.manager)) return { field: 'paused', ...paused };
  if (at(spec, 'replicas') !== undefined && replicas && hands.test(replicas.manager))
    return { field: 'replicas', ...replicas };
  return undefined;
}

/** `scaled by kubectl, not in Git`; of what is suspended or paused, only what its own words lack. */
export function driftWords({ field, manager }: Drift): string {
  return field === 'replicas' ? `scaled by ${manager}, not in Git` : `not in Git (${manager})`;
}
