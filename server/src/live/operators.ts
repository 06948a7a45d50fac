// The kinds that a cluster's CustomResourceDefinitions define, grouped by the controller behind them as far as it is known.
import type { GroupKind } from '../kube/identity.ts';
import { type Controller, controllerOf } from './definitions.ts';
import { text } from './fields.ts';
import { type LiveObject, type ObjectKey, objectKey } from './object.ts';

/** A kind that the server serves. */
export interface ServedKind {
  readonly groupKind: GroupKind;
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  /** Preferred first. */
  readonly versions: readonly string[];
}

export interface Operator {
  /** Absent for the kinds of which no controller is known. */
  readonly controller?: Controller;
  /** In order of their names. */
  readonly kinds: readonly ServedKind[];
}

/**
 * By the name of the controller, the kinds without one last. `definitions`: at least the metadata of each definition, as the server
 * sent it. Definitions that aren't served are left out.
 */
export function operatorsOf(
  definitions: readonly unknown[],
  served: Iterable<ServedKind>,
  deployments: Iterable<LiveObject>,
): readonly Operator[] {
  const known = [...deployments];
  const byName = new Map([...served].map((kind) => [`${kind.plural}.${kind.group}`, kind]));
  const operators = new Map<ObjectKey, { controller?: Controller; kinds: ServedKind[] }>();
  for (const definition of definitions) {
    const kind = byName.get(text(definition, 'metadata', 'name') ?? '');
    if (!kind) continue;
    const controller = controllerOf(definition, [], known);
    const key = controller ? objectKey(controller.deployment) : '';
    const operator = operators.get(key);
    if (operator) operator.kinds.push(kind);
    else operators.set(key, { ...(controller ? { controller } : {}), kinds: [kind] });
  }
  return [...operators.values()]
    .map(({ kinds, ...rest }) => ({ ...rest, kinds: kinds.sort(byKind) }))
    .sort((a, b) => compare(nameOf(a), nameOf(b)));
}

/** Behind all names, if there is none. */
function nameOf({ controller }: Operator): string {
  return controller?.deployment.name ?? '\uffff';
}

function byKind(a: ServedKind, b: ServedKind): number {
  return compare(a.kind, b.kind) || compare(a.group, b.group);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
