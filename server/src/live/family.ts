// Which part of the explorer a kind belongs to. The rows of kube/kinds know; for kinds without a row (a provider, a Flux
// extension) the API group does, since both projects reserve theirs.
import { type GroupKind, groupOf } from '../kube/identity.ts';
import type { Family } from '../kube/kind.ts';
import { kindRow } from '../kube/kinds.ts';

/** Of a kind that every open context watches. Providers' kinds have none: references name them (`providerKinds`). */
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

/** Without conditions by design: never "not ready" (https://fluxcd.io/flux/components/notification/). */
export function isStatic(groupKind: GroupKind): boolean {
  return (
    groupKind === 'notification.toolkit.fluxcd.io/Alert' || groupKind === 'notification.toolkit.fluxcd.io/Provider'
  );
}

/** Whether a controller looks at the object again when it is asked to, as all of Flux do but for what others write. */
export function canReconcile(groupKind: GroupKind): boolean {
  return isFlux(groupKind) && !isStatic(groupKind) && !written.has(groupKind);
}

const written: ReadonlySet<GroupKind> = new Set([
  'source.toolkit.fluxcd.io/ExternalArtifact',
  'fluxcd.controlplane.io/FluxReport',
]);

/** Whether its kind has `spec.suspend`, which the API server drops from those that haven't. */
export function canSuspend(groupKind: GroupKind, apiVersion: string): boolean {
  if (!canReconcile(groupKind) || !groupOf(groupKind).endsWith('.toolkit.fluxcd.io')) return false;
  // Image policies have it since their v1.
  return groupKind !== 'image.toolkit.fluxcd.io/ImagePolicy' || !/\/v1(alpha|beta)/.test(apiVersion);
}
