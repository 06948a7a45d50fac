// The objects that an object of Cluster API is made of, as its spec names them: infrastructure, control plane and
// bootstrap configuration.
import type { Role } from '../kube/kind.ts';
import type { LiveObject } from './object.ts';
import { type Named, referenceAt } from './providers.ts';

export type PartRole = Extract<Role, 'infrastructure' | 'controlPlane' | 'bootstrap'>;

export interface Part extends Named {
  readonly namespace?: string;
  readonly role: PartRole;
}

/** In the order of the tree, which is clusterctl's. */
const references: readonly { readonly path: readonly string[]; readonly role: PartRole }[] = [
  { path: ['infrastructureRef'], role: 'infrastructure' },
  { path: ['controlPlaneRef'], role: 'controlPlane' },
  { path: ['bootstrap', 'configRef'], role: 'bootstrap' },
  // A MachinePool's template names its infrastructure and bootstrap configuration themselves.
  { path: ['template', 'spec', 'infrastructureRef'], role: 'infrastructure' },
  { path: ['template', 'spec', 'bootstrap', 'configRef'], role: 'bootstrap' },
];

const known = new WeakMap<LiveObject, readonly Part[]>();

/** Templates are no parts, and an object with two roles is its last one: managed control planes are infrastructure too. */
export function partsOf(object: LiveObject): readonly Part[] {
  let parts = known.get(object);
  if (!parts) known.set(object, (parts = read(object)));
  return parts;
}

function read(object: LiveObject): readonly Part[] {
  const { namespace } = object;
  const parts = references.flatMap(({ path, role }): readonly Part[] => {
    const named = referenceAt(object, ...path);
    return named === undefined || named.groupKind.endsWith('Template')
      ? []
      : [{ ...named, role, ...(namespace === undefined ? {} : { namespace }) }];
  });
  return parts.filter(({ key }, at) => parts.findLastIndex((other) => other.key === key) === at);
}
