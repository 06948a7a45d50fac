// All notes, looked up by kind and field.
import { type GroupKind, type Gvk, groupKindOf } from '../kube/identity.ts';
import { addons } from './addons.ts';
import { aws } from './aws.ts';
import { azure } from './azure.ts';
import { capstan } from './capstan.ts';
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
import type { FieldNotes, KindNotes, Note } from './note.ts';
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
  capstan,
].flat();

const byKind = new Map<GroupKind, KindNotes[]>();
for (const one of notes) byKind.set(groupKindOf(one), [...(byKind.get(groupKindOf(one)) ?? []), one]);

/** The note on a kind or on one of its fields; list indexes are ignored. A note for the version takes precedence. */
export function noteOf(gvk: Gvk, path: readonly (string | number)[]): Note | undefined {
  const note = path.length === 0 ? kindNotes.get(groupKindOf(gvk)) : fieldNoteOf(gvk, path);
  return typeof note === 'string' ? { text: note } : note;
}

function fieldNoteOf(gvk: Gvk, path: readonly (string | number)[]): FieldNotes[string] | undefined {
  const steps = path.filter((step) => typeof step === 'string');
  const field = steps.join('.');
  let general: FieldNotes[string] | undefined;
  for (const { versions, fields } of byKind.get(groupKindOf(gvk)) ?? []) {
    const note = Object.hasOwn(fields, field) ? fields[field] : starred(fields, steps);
    if (note === undefined) continue;
    if (versions?.includes(gvk.version)) return note;
    if (!versions) general ??= note;
  }
  return general;
}

interface Pattern {
  readonly steps: readonly string[];
  readonly note: FieldNotes[string] | undefined;
}

/** The paths with `*` of each table of notes; most have none. */
const patterns = new Map<FieldNotes, readonly Pattern[]>(
  notes.map(({ fields }) => [
    fields,
    Object.entries(fields).flatMap(([field, note]) =>
      field.split('.').includes('*') ? [{ steps: field.split('.'), note }] : [],
    ),
  ]),
);

function starred(fields: FieldNotes, steps: readonly string[]): FieldNotes[string] | undefined {
  return patterns
    .get(fields)
    ?.find(
      (pattern) =>
        pattern.steps.length === steps.length &&
        pattern.steps.every((step, index) => step === '*' || step === steps[index]),
    )?.note;
}
