// Fields beside a reference that name something inside its target: a key of a ConfigMap or a Secret, a port of a Service, a
// class or a variable of a ClusterClass. Data for completion and for reference/key.
import type { GroupKind } from './identity.ts';

export interface Inside {
  readonly to: readonly GroupKind[];
  /** Paths of the fields from the reference's map or, if the reference is a plain name, from the map around it. */
  readonly at: readonly string[];
  /** Paths in the object: `*` are the keys of a map, `[*]` the items of a list. */
  readonly from: readonly string[];
  /** If the object has this path, other names may exist too. */
  readonly unless?: string;
  /** What the names are, for messages. */
  readonly what: string;
}

export const insides: readonly Inside[] = [
  {
    to: ['/ConfigMap', '/Secret'],
    at: ['key', 'valuesKey', 'items[*].key'],
    // The last two are those of a kustomization's generators.
    from: ['data.*', 'stringData.*', 'binaryData.*', 'literals[*]', 'files[*]'],
    what: 'key',
  },
  { to: ['/Service'], at: ['port.name'], from: ['spec.ports[*].name'], what: 'port' },
  { to: ['/Service'], at: ['port.number'], from: ['spec.ports[*].port'], what: 'port' },
  {
    to: ['cluster.x-k8s.io/ClusterClass'],
    at: ['workers.machineDeployments[*].class'],
    from: ['spec.workers.machineDeployments[*].class'],
    what: 'class of MachineDeployments',
  },
  {
    to: ['cluster.x-k8s.io/ClusterClass'],
    at: ['workers.machinePools[*].class'],
    from: ['spec.workers.machinePools[*].class'],
    what: 'class of MachinePools',
  },
  {
    to: ['cluster.x-k8s.io/ClusterClass'],
    at: ['variables[*].name'],
    from: ['spec.variables[*].name'],
    // A Runtime SDK extension can discover variables.
    unless: 'spec.patches[*].external',
    what: 'variable',
  },
];
