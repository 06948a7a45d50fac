// The earlier pod templates of a workload, which its controller keeps for a rollback: of a Deployment in its ReplicaSets, of a
// StatefulSet and a DaemonSet in their ControllerRevisions (pkg/controller/history of kubernetes/kubernetes).
import type { GroupKind } from '../kube/identity.ts';
import { at, isFields, list, number, text } from './fields.ts';
import type { LiveObject } from './object.ts';

/** The kind of the objects that have the revisions; they have the labels that the workload selects. */
export interface History {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

export interface Revision {
  readonly revision: number;
  /** RFC 3339: when it was made, if known. */
  readonly created?: string;
  readonly template: unknown;
}

const replicaSets: History = collection('ReplicaSet', 'replicasets');
const controllerRevisions: History = collection('ControllerRevision', 'controllerrevisions');

const histories: Readonly<Record<GroupKind, History>> = {
  'apps/Deployment': replicaSets,
  'apps/StatefulSet': controllerRevisions,
  'apps/DaemonSet': controllerRevisions,
};

function collection(kind: string, plural: string): History {
  return { group: 'apps', version: 'v1', kind, plural, namespaced: true };
}

/** Undefined for kinds without revisions. */
export function historyOf({ groupKind }: Pick<LiveObject, 'groupKind'>): History | undefined {
  return histories[groupKind];
}

/** The latest first, which is the one that the workload has. `history`: objects of its history, as the server sent them. */
export function revisionsOf({ uid }: Pick<LiveObject, 'uid'>, history: readonly unknown[]): readonly Revision[] {
  return history
    .filter((one) => list(one, 'metadata', 'ownerReferences').some((owner) => text(owner, 'uid') === uid))
    .map((one) => {
      const created = text(one, 'metadata', 'creationTimestamp');
      const ofSet = at(one, 'data') === undefined;
      return {
        revision: ofSet
          ? Number(at(one, 'metadata', 'annotations', 'deployment.kubernetes.io/revision') ?? 0)
          : (number(one, 'revision') ?? 0),
        template: ofSet
          ? withoutHash(at(one, 'spec', 'template'))
          : withoutDirective(at(one, 'data', 'spec', 'template')),
        ...(created === undefined ? {} : { created }),
      };
    })
    .sort((a, b) => b.revision - a.revision);
}

/** The images of a template, in the order of its containers. */
export function imagesOf(template: unknown): string {
  return list(template, 'spec', 'containers')
    .map((container) => text(container, 'image') ?? '')
    .join(', ');
}

/** Without the label that the controller adds to the template of a ReplicaSet. */
function withoutHash(template: unknown): unknown {
  const labels = at(template, 'metadata', 'labels');
  if (!isFields(template) || !isFields(labels)) return template;
  const { 'pod-template-hash': _, ...rest } = labels;
  return { ...template, metadata: { ...(template.metadata as object), labels: rest } };
}

/** A ControllerRevision is a patch, which replaces the template as a whole. */
function withoutDirective(template: unknown): unknown {
  if (!isFields(template)) return template;
  const { $patch: _, ...rest } = template;
  return rest;
}
