// The family of a kind, which selects its branch in the explorer. It comes from the rows of kube/kinds or, for kinds
// without a row (a Flux extension), from the API group, which the project reserves.
import { type GroupKind, groupOf } from '../kube/identity.ts';
import type { Family } from '../kube/kind.ts';
import { kindRow } from '../kube/kinds.ts';

/** The family of a kind that every open context watches. Provider kinds have none: see `providerKinds`. */
export function familyOf(groupKind: GroupKind): Family | undefined {
  const own = kindRow(groupKind)?.family;
  if (own) return own;
  const group = groupOf(groupKind);
  if (group === 'source.toolkit.fluxcd.io') return 'flux-source';
  if (group.endsWith('.toolkit.fluxcd.io') || group === 'fluxcd.controlplane.io') return 'flux';
  return undefined;
}

export const clusterApiGroup = 'cluster.x-k8s.io';

export function isFlux(groupKind: GroupKind): boolean {
  const family = familyOf(groupKind);
  return family === 'flux' || family === 'flux-source';
}

/** Has no conditions by design, so it is never "not ready" (https://fluxcd.io/flux/components/notification/). */
export function isStatic(groupKind: GroupKind): boolean {
  return (
    groupKind === 'notification.toolkit.fluxcd.io/Alert' || groupKind === 'notification.toolkit.fluxcd.io/Provider'
  );
}

/** Whether a controller reconciles the kind on request: all Flux kinds except static ones and those written by controllers. */
export function canReconcile(groupKind: GroupKind): boolean {
  return isFlux(groupKind) && !isStatic(groupKind) && !written.has(groupKind);
}

const written: ReadonlySet<GroupKind> = new Set([
  'source.toolkit.fluxcd.io/ExternalArtifact',
  'fluxcd.controlplane.io/FluxReport',
]);

/** Whether the kind has `spec.suspend`; the API server drops the field from other kinds. */
export function canSuspend(groupKind: GroupKind, apiVersion: string): boolean {
  if (!canReconcile(groupKind) || !groupOf(groupKind).endsWith('.toolkit.fluxcd.io')) return false;
  // Image policies have it since their v1.
  return groupKind !== 'image.toolkit.fluxcd.io/ImagePolicy' || !/\/v1(alpha|beta)/.test(apiVersion);
}
