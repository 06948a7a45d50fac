// The kinds that a cluster's CustomResourceDefinitions define, grouped by the controller behind them as far as it is known.
import type { GroupKind } from '../kube/identity.ts';
import { type Controller, controllerOf } from './definitions.ts';
import { at, list, number, text } from './fields.ts';
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

/** The replica of a controller that acts, by the Lease that it holds. */
export interface Leader {
  readonly pod: string;
  /** RFC 3339: when it took over, if known. */
  readonly since?: string;
  /** RFC 3339: when the Lease ran out, if nobody renewed it in time. */
  readonly lapsed?: string;
}

/**
 * Undefined if no pod of the Deployment holds one of the Leases. `leases`: as the server sent them; `now` in milliseconds since the
 * epoch, on the cluster's clock. A holder is a pod's name, an underscore and a random part
 * (sigs.k8s.io/controller-runtime/pkg/leaderelection).
 */
export function leaderOf({ namespace, name }: LiveObject, leases: readonly unknown[], now: number): Leader | undefined {
  const renewed = (lease: unknown) => Date.parse(text(lease, 'spec', 'renewTime') ?? '') || 0;
  const held = leases
    .filter((lease) => text(lease, 'metadata', 'namespace') === namespace && podOf(lease, name) !== undefined)
    .sort((a, b) => renewed(b) - renewed(a));
  const [lease] = held;
  if (lease === undefined) return undefined;
  const ends = renewed(lease) + 1000 * (number(lease, 'spec', 'leaseDurationSeconds') ?? 15);
  const since = text(lease, 'spec', 'acquireTime');
  return {
    pod: podOf(lease, name)!,
    ...(since === undefined ? {} : { since }),
    ...(ends < now ? { lapsed: new Date(ends).toISOString() } : {}),
  };
}

function podOf(lease: unknown, deployment: string): string | undefined {
  const [pod = ''] = (text(lease, 'spec', 'holderIdentity') ?? '').split('_');
  // Those of a Deployment are named after one of its ReplicaSets.
  const rest = pod.startsWith(`${deployment}-`) ? pod.slice(deployment.length + 1) : '';
  return /^[a-z0-9]{1,10}-[a-z0-9]{5}$/.test(rest) ? pod : undefined;
}

/** What a FluxReport says of a controller of Flux. */
export interface Reported {
  /** `Flux v2.10.0` */
  readonly release?: string;
  /** In its words, if the controller isn't ready. */
  readonly trouble?: string;
}

/** The flux-operator keeps the report in its own namespace, which is that of the controllers (fluxoperator.dev/docs/crd/fluxreport). */
export function reportedOf({ namespace, name }: LiveObject, reports: Iterable<LiveObject>): Reported | undefined {
  for (const { spec, namespace: of } of reports) {
    const component = of === namespace && list(spec, 'components').find((one) => text(one, 'name') === name);
    if (!component) continue;
    const version = text(spec, 'distribution', 'version');
    return {
      ...(version === undefined ? {} : { release: `Flux ${version}` }),
      ...(at(component, 'ready') === false ? { trouble: text(component, 'status') ?? 'not ready' } : {}),
    };
  }
  return undefined;
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
