// The parts of a Cluster API object, which its spec references: infrastructure, control plane and bootstrap configuration.
import type { Role } from '../kube/kind.ts';
import type { LiveObject } from './object.ts';
import { type Named, namedBy } from './providers.ts';
import { oncePerObject } from './remembered.ts';

export type PartRole = Extract<Role, 'infrastructure' | 'controlPlane' | 'bootstrap'>;

export interface Part extends Named {
  readonly namespace?: string;
  readonly role: PartRole;
}

/** In the order of clusterctl's tree. */
const partRoles: readonly PartRole[] = ['infrastructure', 'controlPlane', 'bootstrap'];

/** Without templates. An object with two roles has the last one: a managed control plane is infrastructure too. */
export const partsOf: (object: LiveObject) => readonly Part[] = oncePerObject(read);

function read(object: LiveObject): readonly Part[] {
  const { namespace } = object;
  // A reference without a kind has several possible targets; the first is used.
  const references = namedBy(object).filter(({ path }, at, all) => all[at - 1]?.path !== path);
  const parts = partRoles.flatMap((role) =>
    references
      .filter((named) => named.role === role && !named.groupKind.endsWith('Template'))
      .map(
        ({ groupKind, key, name }): Part => ({
          ...{ groupKind, key, name, role },
          ...(namespace === undefined ? {} : { namespace }),
        }),
      ),
  );
  return parts.filter(({ key }, at) => parts.findLastIndex((other) => other.key === key) === at);
}
