// A tree node and its display text. A node is an object, a group of objects, or a referenced object that is unavailable.
// The explorer renders nodes as rows, the command line as lines.
import { type GroupKind, kindName } from '../kube/identity.ts';
import { descriptionOf, knownHealth } from './describe.ts';
import { text } from './fields.ts';
import type { Health, HealthState } from './health-state.ts';
import { joined } from './joined.ts';
import { type LiveObject, type ObjectKey, objectKey } from './object.ts';
import type { PartRole } from './parts.ts';
import { isOver } from './pod-causes.ts';
import { revisionWords } from './replica-sets.ts';
import { type Absence, absences } from './source.ts';

export type Node = ObjectNode | GroupNode | AbsentNode;

interface Place {
  /** The parent object, if there is one. */
  readonly above?: LiveObject;
  /** Its role for the parent, if the parent's spec names it as a part. */
  readonly role?: PartRole;
  /** Nothing to report: hidden where the whole tree is shown expanded. */
  readonly quiet: boolean;
}

export interface ObjectNode extends Place {
  readonly is: 'object';
  readonly key: ObjectKey;
  readonly object: LiveObject;
  /** A second occurrence, without children; the object's own node is elsewhere in the tree. */
  readonly isRepeated: boolean;
  /** Of a revision, the one before. */
  readonly before?: LiveObject;
}

export interface AbsentNode extends Place {
  readonly is: 'absent';
  readonly apiVersion: string;
  readonly groupKind: GroupKind;
  readonly namespace?: string;
  readonly name: string;
  readonly why: Absence;
}

/**
 * `workers`: of a Cluster; `ready`: ready machines; `namespace`: workloads of one namespace; `counted`: objects over the
 * object limit, of which only the number is known.
 */
export interface GroupNode extends Place {
  readonly is: 'group';
  readonly group: 'workers' | 'ready' | 'namespace' | 'counted';
  /** The namespace of a `namespace` group, otherwise empty. */
  readonly name: string;
  readonly count: number;
  readonly objects: readonly ObjectNode[];
  /** The child nodes: the objects, some of them possibly in a nested group. */
  readonly members: readonly Node[];
}

/** Unique within a branch and stable while the object or group exists. `nodeAt` resolves it to the node. */
export type NodeId = readonly string[];

export function nodeId(node: Node): NodeId {
  const above = node.above === undefined ? '' : objectKey(node.above);
  switch (node.is) {
    case 'object':
      return node.isRepeated ? ['repeated', above, node.key] : ['object', node.key];
    case 'absent':
      return ['absent', above, objectKey(node)];
    case 'group':
      return [node.group, node.group === 'namespace' ? node.name : above];
  }
}

/** apiVersion, kind, namespace and name of the node's object. */
export function identityOf(node: ObjectNode | AbsentNode): {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
} {
  const { apiVersion, groupKind, namespace, name } = node.is === 'object' ? node.object : node;
  return { apiVersion, kind: kindName(groupKind), ...(namespace === undefined ? {} : { namespace }), name };
}

/** The state of an object as it is counted: what its pods say may be more than its own status. */
export type StateOf = (object: LiveObject) => HealthState;

export const ownState: StateOf = (object) => knownHealth(object).state;

interface NodeWords {
  readonly state: HealthState;
  readonly reason: string;
  /** Shown next to the name. */
  readonly description: string;
}

/** `now`: milliseconds since the epoch, on the cluster's clock. */
export function nodeWords(node: Node, now: number, stateOf: StateOf = ownState): NodeWords {
  switch (node.is) {
    case 'object': {
      const { state, reason } = nodeHealth(node);
      const description = joined(', ', revisionWords(node.object, node.before), descriptionOf(node.object, now));
      return { state, reason, description };
    }
    case 'absent': {
      const { state, reason } = absences[node.why];
      return { state, reason, description: reason };
    }
    case 'group':
      return groupWords(node, stateOf);
  }
}

/** A pod that ended while its controller is well was replaced, or tried again: that it failed is history. */
export function nodeHealth({ object, above }: ObjectNode): Health {
  const health = knownHealth(object);
  if (object.groupKind !== '/Pod' || health.state !== 'failed' || !above) return health;
  const isOwned = object.owners.some(({ controller, uid }) => controller && uid === above.uid);
  const isReplaced = isOwned && isOver(object) && knownHealth(above).state === 'ready';
  return isReplaced ? { ...health, state: 'none' } : health;
}

/** Display name of a group. */
export function groupName({ group, name, count }: GroupNode): string {
  switch (group) {
    case 'workers':
      return 'Workers';
    case 'ready':
      return `${count} machines ready`;
    case 'namespace':
      return name;
    case 'counted':
      return `${count} more`;
  }
}

function groupWords({ group, objects }: GroupNode, stateOf: StateOf): NodeWords {
  const words = (state: HealthState, description: string) => ({ state, reason: '', description });
  switch (group) {
    case 'ready':
      return words('ready', versionsOf(objects));
    case 'counted':
      return words('unknown', absences['not kept'].reason);
    default:
      return words('none', sumWords(objects.map(({ object }) => stateOf(object))));
  }
}

function versionsOf(machines: readonly ObjectNode[]): string {
  const versions = machines
    .map(({ object }) => text(object.spec, 'version'))
    .filter((version) => version !== undefined);
  return [...new Set(versions)].join(', ');
}

/** `12, 1 failed`. */
function sumWords(all: readonly HealthState[]): string {
  return [String(all.length), ...troubleWords(all)].join(', ');
}

/** `1 failed`, `2 progressing`; empty if there are none. */
export function troubleWords(all: Iterable<HealthState>): readonly string[] {
  let [failed, progressing] = [0, 0];
  for (const state of all) {
    if (state === 'failed') failed += 1;
    else if (state === 'progressing') progressing += 1;
  }
  return [...(failed > 0 ? [`${failed} failed`] : []), ...(progressing > 0 ? [`${progressing} progressing`] : [])];
}
