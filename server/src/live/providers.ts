// The references of a live object, read by the resolver of kube/references through the rows of kube/kinds, and the
// provider kinds that they name.
import { type GroupKind, groupOf } from '../kube/identity.ts';
import type { Role } from '../kube/kind.ts';
import { kindRow } from '../kube/kinds.ts';
import { type Reader, referencesOf, type Use } from '../kube/references.ts';
import { clusterApiGroup } from './family.ts';
import { at } from './fields.ts';
import { keyOf, type LiveObject, type ObjectKey } from './object.ts';

/** Reads live objects, which are not validated. */
export const liveReader: Reader<unknown> = {
  field: (node, key) => at(node, key),
  items: (node) => (Array.isArray(node) ? node : []),
  text: (node) => (typeof node === 'string' ? node : undefined),
  isTrue: (node) => node === true,
};

export interface Named {
  readonly groupKind: GroupKind;
  readonly key: ObjectKey;
  readonly name: string;
}

/** A reference of the object's spec. */
interface Naming extends Named {
  /** Path of the reference in the object: `spec.bootstrap.configRef`. */
  readonly path: string;
  /** The target's role in Cluster API's contract, if the contract leaves its kind open. */
  readonly role?: Role;
  readonly optional: boolean;
}

/** The references in the object's spec, as far as the store keeps the spec. */
export function namedBy(object: LiveObject): readonly Naming[] {
  const row = kindRow(object.groupKind);
  if (!row) return [];
  return referencesOf<unknown>({ spec: object.spec }, row, liveReader).flatMap((use) => {
    const { name, path, optional, reference } = use;
    const namespace = namespaceOf(use, object);
    return use.targets.map((groupKind) => ({
      ...{ groupKind, name, key: keyOf(groupKind, namespace, name), path: path.join('.'), optional },
      ...(reference.role && { role: reference.role }),
    }));
  });
}

const watchedRoles: ReadonlySet<Role | undefined> = new Set(['infrastructure', 'controlPlane']);

/** The kinds of infrastructure and control planes that a Cluster API object references, without templates. */
export function providerKinds(object: LiveObject): readonly GroupKind[] {
  if (groupOf(object.groupKind) !== clusterApiGroup) return [];
  return namedBy(object).flatMap(({ role, groupKind }) => (watchedRoles.has(role) ? [groupKind] : []));
}

function namespaceOf({ within }: Use<unknown>, { namespace }: LiveObject): string | undefined {
  if (within.is === 'cluster') return undefined;
  return within.is === 'written' ? within.namespace : namespace;
}
