// Which kinds of control-plane and infrastructure providers an object of Cluster API names, in either shape of a
// reference: with `apiGroup` (v1beta2) or with `apiVersion` (v1beta1).
import { type GroupKind, groupKindOf, parseApiVersion } from '../kube/identity.ts';
import { clusterApiGroup, groupOf } from './family.ts';
import { fields, text } from './fields.ts';
import { keyOf, type LiveObject, type ObjectKey } from './object.ts';

const referencePaths: readonly (readonly string[])[] = [
  ['infrastructureRef'],
  ['controlPlaneRef'],
  // A MachinePool's template names the infrastructure itself, a MachineDeployment's a template of it.
  ['template', 'spec', 'infrastructureRef'],
];

export function providerKinds(object: LiveObject): readonly GroupKind[] {
  if (groupOf(object.groupKind) !== clusterApiGroup) return [];
  return referencePaths.flatMap((path) => {
    const named = referenceAt(object, ...path);
    return named && !named.groupKind.endsWith('Template') ? [named.groupKind] : [];
  });
}

export interface Named {
  readonly groupKind: GroupKind;
  readonly key: ObjectKey;
  readonly name: string;
}

/** A reference of the object's spec to another object of its namespace. */
export function referenceAt(object: LiveObject, ...path: readonly string[]): Named | undefined {
  const reference = fields(object.spec, ...path);
  const [kind, name] = [text(reference, 'kind'), text(reference, 'name')];
  const group = text(reference, 'apiGroup') ?? parseApiVersion(text(reference, 'apiVersion') ?? '')?.group;
  if (!kind || !name || group === undefined) return undefined;
  const groupKind = groupKindOf({ group, kind });
  return { groupKind, name, key: keyOf(groupKind, object.namespace, name) };
}
