// All notes, looked up by kind and field.
import { type GroupKind, type Gvk, groupKindOf } from '../kube/identity.ts';
import { addons } from './addons.ts';
import { aws } from './aws.ts';
import { azure } from './azure.ts';
import { cluster } from './cluster.ts';
import { clusterClass } from './cluster-class.ts';
import { eks } from './eks.ts';
import { fluxOperator } from './flux-operator.ts';
import { helm } from './helm.ts';
import { image } from './image.ts';
import { kindNotes } from './kinds.ts';
import { kubeadm } from './kubeadm.ts';
import { kustomization } from './kustomization.ts';
import { kustomize } from './kustomize.ts';
import type { KindNotes } from './note.ts';
import { notification } from './notification.ts';
import { source } from './source.ts';
import { vsphere } from './vsphere.ts';
import { workloads } from './workloads.ts';

export const notes: readonly KindNotes[] = [
  cluster,
  clusterClass,
  kubeadm,
  addons,
  aws,
  eks,
  azure,
  vsphere,
  source,
  kustomize,
  kustomization,
  helm,
  notification,
  image,
  fluxOperator,
  workloads,
].flat();

const byKind = new Map<GroupKind, KindNotes[]>();
for (const one of notes) byKind.set(groupKindOf(one), [...(byKind.get(groupKindOf(one)) ?? []), one]);

/** The note on a kind or on one of its fields; list indexes are ignored. A note for the version takes precedence. */
export function noteOf(gvk: Gvk, path: readonly (string | number)[]): string | undefined {
  if (path.length === 0) return kindNotes.get(groupKindOf(gvk));
  const field = path.filter((step) => typeof step === 'string').join('.');
  let general: string | undefined;
  for (const { versions, fields } of byKind.get(groupKindOf(gvk)) ?? []) {
    if (!Object.hasOwn(fields, field)) continue;
    if (versions?.includes(gvk.version)) return fields[field];
    if (!versions) general ??= fields[field];
  }
  return general;
}
