// What a live object names, read by the resolver of references through the rows of kube/kinds, and which kinds of
// providers that leads to.
import { type GroupKind, groupOf } from '../kube/identity.ts';
import type { Role } from '../kube/kind.ts';
import { kindRow } from '../kube/kinds.ts';
import { type Reader, referencesOf, type Use } from '../kube/references.ts';
import { clusterApiGroup } from './family.ts';
import { at } from './fields.ts';
import { keyOf, type LiveObject, type ObjectKey } from './object.ts';

/** Live objects as the resolver reads objects: nobody has checked them. */
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
export interface Naming extends Named {
  /** From the object to the reference: `spec.bootstrap.configRef`. */
  readonly path: string;
  /** What the target is for the cluster, where the contract leaves its kind open. */
  readonly role?: Role;
  readonly optional: boolean;
}

/** Every other object that the object's spec names, as far as the store keeps the spec. */
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

/** The object named at a path of the spec. */
export function referenceAt(object: LiveObject, ...path: readonly string[]): Named | undefined {
  const wanted = ['spec', ...path].join('.');
  return namedBy(object).find((named) => named.path === wanted);
}

const watchedRoles: ReadonlySet<Role | undefined> = new Set(['infrastructure', 'controlPlane']);

/** The kinds whose objects an object of Cluster API stands on, templates left out. */
export function providerKinds(object: LiveObject): readonly GroupKind[] {
  if (groupOf(object.groupKind) !== clusterApiGroup) return [];
  return namedBy(object).flatMap(({ role, groupKind }) => (watchedRoles.has(role) ? [groupKind] : []));
}

function namespaceOf({ within }: Use<unknown>, { namespace }: LiveObject): string | undefined {
  if (within.is === 'cluster') return undefined;
  return within.is === 'written' ? within.namespace : namespace;
}
