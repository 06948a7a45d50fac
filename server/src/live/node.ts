// A node of the tree, and what is said of it: an object, several objects as one, or an object that is named and not at
// hand. The explorer's rows and the command line's lines are paintings of nodes.
import { type GroupKind, kindName } from '../kube/identity.ts';
import { descriptionOf, knownHealth } from './describe.ts';
import { text } from './fields.ts';
import type { Health, HealthState } from './health.ts';
import { type LiveObject, type ObjectKey, objectKey } from './object.ts';
import type { PartRole } from './parts.ts';
import { type Absence, absences } from './source.ts';

export type Node = ObjectNode | GroupNode | AbsentNode;

interface Place {
  /** The object above, where there is one. */
  readonly above?: LiveObject;
  /** What it is to the object above, where that one names it as a part. */
  readonly role?: PartRole;
  /** Without news of its own: left out where everything is shown at once. */
  readonly quiet: boolean;
}

export interface ObjectNode extends Place {
  readonly is: 'object';
  readonly key: ObjectKey;
  readonly object: LiveObject;
  /** Its own place is elsewhere in the tree, with what is below it. */
  readonly isRepeated: boolean;
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
 * `workers` of a Cluster; `ready`: machines without news; `namespace`: workloads of one; `counted`: objects of which only
 * the number is known.
 */
export interface GroupNode extends Place {
  readonly is: 'group';
  readonly group: 'workers' | 'ready' | 'namespace' | 'counted';
  /** The namespace; else empty. */
  readonly name: string;
  readonly count: number;
  readonly objects: readonly ObjectNode[];
  /** What is below it: the objects, some of them perhaps as one. */
  readonly members: readonly Node[];
}

/** Unique within a branch, and the same for as long as what it names exists. `nodeAt` finds the node again. */
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

/** The object or absent object, as kubectl names it. */
export function identityOf(node: ObjectNode | AbsentNode): {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
} {
  const { apiVersion, groupKind, namespace, name } = node.is === 'object' ? node.object : node;
  return { apiVersion, kind: kindName(groupKind), ...(namespace === undefined ? {} : { namespace }), name };
}

export interface NodeWords {
  readonly state: HealthState;
  readonly reason: string;
  /** What stands beside the name. */
  readonly description: string;
}

/** `now`: milliseconds since the epoch, by the cluster's clock. */
export function nodeWords(node: Node, now: number): NodeWords {
  switch (node.is) {
    case 'object': {
      const { state, reason } = knownHealth(node.object);
      return { state, reason, description: descriptionOf(node.object, now) };
    }
    case 'absent': {
      const { state, reason } = absences[node.why];
      return { state, reason, description: reason };
    }
    case 'group':
      return groupWords(node);
  }
}

/** What a group is called. */
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

function groupWords({ group, objects }: GroupNode): NodeWords {
  const said = (state: HealthState, description: string) => ({ state, reason: '', description });
  switch (group) {
    case 'ready':
      return said('ready', versionsOf(objects));
    case 'counted':
      return said('unknown', 'counted only');
    default:
      return said('none', sumWords(objects.map(({ object }) => knownHealth(object))));
  }
}

function versionsOf(machines: readonly ObjectNode[]): string {
  const versions = machines
    .map(({ object }) => text(object.spec, 'version'))
    .filter((version) => version !== undefined);
  return [...new Set(versions)].join(', ');
}

/** `12, 1 failed`. */
export function sumWords(all: readonly Health[]): string {
  return [String(all.length), ...troubleWords(all)].join(', ');
}

/** `1 failed`, `2 progressing`; empty where there is neither. */
export function troubleWords(all: readonly Health[]): readonly string[] {
  return (['failed', 'progressing'] as const).flatMap((wanted) => {
    const count = all.filter(({ state }) => state === wanted).length;
    return count > 0 ? [`${count} ${wanted}`] : [];
  });
}
