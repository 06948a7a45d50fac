// info/crd-copies: two files define the same kind differently, and the folder of an object decides which one is used.
import { parseManifest } from '../syntax/manifest.ts';
import { nodeAt } from '../syntax/navigate.ts';
import type { Value } from '../syntax/tree.ts';
import { toValue } from '../syntax/value.ts';
import { type CrdSource, homeOf } from '../workspace/schemas.ts';
import type { Problem, Rule, Subject } from './rule.ts';

export const crdCopies: Rule = {
  id: 'info/crd-copies',
  severity: 'info',
  docs: {
    text: 'Another file defines the same kind with other versions or another schema. Objects are validated against the nearest copy; remove the copy that no cluster uses, or keep each copy beside its objects.',
    bad: `
# file: a/crd.yaml
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: ships.example.com
# ^^^ info
spec:
  group: example.com
  names: { kind: Ship, plural: ships, singular: ship, listKind: ShipList }
  scope: Namespaced
  versions: [{ name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object } } }]
# file: b/crd.yaml
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: ships.example.com
spec:
  group: example.com
  names: { kind: Ship, plural: ships, singular: ship, listKind: ShipList }
  scope: Namespaced
  versions: [{ name: v2, served: true, storage: true, schema: { openAPIV3Schema: { type: object } } }]
`,
    good: `
# file: a/crd.yaml
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: ships.example.com
spec:
  group: example.com
  names: { kind: Ship, plural: ships, singular: ship, listKind: ShipList }
  scope: Namespaced
  versions: [{ name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object } } }]
# file: b/crd.yaml
# The same definition again.
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: ships.example.com
spec:
  group: example.com
  names: { kind: Ship, plural: ships, singular: ship, listKind: ShipList }
  scope: Namespaced
  versions: [{ name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object } } }]
`,
  },
  *check({ path, manifest, object, surroundings }: Subject): Iterable<Problem> {
    if (!object.defines) return;
    // A copy for tests beside the one in use is not a mistake.
    const copies = surroundings
      .crds(object.defines)
      .filter(
        (source) => source.path !== path && source.text !== manifest.text && homeOf(source.path) === homeOf(path),
      );
    const own = nodeAt(manifest.root, [...object.path, 'spec', 'versions']);
    if (copies.length === 0 || !own) return;
    const mine = comparable(toValue(own));
    const other = copies.find((source) => versionsOf(source) !== mine);
    if (!other) return;
    yield {
      start: object.start,
      end: object.end,
      message: `${other.path} defines ${object.defines} differently. Objects are validated against the nearest copy; remove the one that isn’t used.`,
    };
  },
};

function versionsOf({ text, objectPath }: CrdSource): string {
  const node = nodeAt(parseManifest(text).root, [...objectPath, 'spec', 'versions']);
  return node ? comparable(toValue(node)) : '';
}

/** A canonical form without descriptions, with sorted keys. */
function comparable(value: Value): string {
  return JSON.stringify(value, (key, inner: unknown) => {
    if (key === 'description' && typeof inner === 'string') return undefined;
    if (typeof inner === 'bigint' || typeof inner === 'symbol') return String(inner);
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
