// A session's objects as trees whose shape is kept while it holds: who stands under whom, and in which order, changes far
// more rarely than the states of the objects, which are always those of now.

import type { Session } from '../engine/session/session.ts';
import type { GroupKind } from '../kube/identity.ts';
import { byName, type Forest, forestOf } from '../live/forest.ts';
import { type LiveObject, type ObjectKey, objectKey } from '../live/object.ts';
import type { Branch } from '../live/parents.ts';

interface Grown {
  readonly structure: number;
  readonly order: Map<ObjectKey | undefined, readonly ObjectKey[]>;
  readonly forest: Forest;
}

const grown = new WeakMap<Session, Map<Branch, Grown>>();

export function forestFor(session: Session, branch: Branch): Forest {
  const { store } = session;
  let known = grown.get(session);
  if (!known) grown.set(session, (known = new Map()));
  let one = known.get(branch);
  if (one?.structure !== store.structure) {
    const forest = forestOf(branch, store.all(), (key) => store.get(key));
    known.set(branch, (one = { structure: store.structure, order: new Map(), forest }));
  }
  const { order, forest } = one;
  const now = (parent: ObjectKey | undefined, objects: readonly LiveObject[]): readonly LiveObject[] => {
    let keys = order.get(parent);
    if (!keys) order.set(parent, (keys = sorted(objects).map(objectKey)));
    const ordered = keys.flatMap((key) => store.get(key) ?? []);
    inOrder.add(ordered);
    return ordered;
  };
  return {
    get roots() {
      return now(undefined, forest.roots);
    },
    children(key) {
      const below = forest.children(key);
      return below.length === 0 ? below : now(key, below);
    },
  };
}

const inOrder = new WeakSet<readonly LiveObject[]>();

export function sorted(objects: readonly LiveObject[]): readonly LiveObject[] {
  if (inOrder.has(objects)) return objects;
  return [...objects].sort((a, b) => rank(a) - rank(b) || byName(a, b));
}

const order: readonly GroupKind[] = [
  'cluster.x-k8s.io/Cluster',
  'source.toolkit.fluxcd.io/GitRepository',
  'source.toolkit.fluxcd.io/OCIRepository',
  'source.toolkit.fluxcd.io/HelmRepository',
  'source.toolkit.fluxcd.io/Bucket',
  'kustomize.toolkit.fluxcd.io/Kustomization',
  'helm.toolkit.fluxcd.io/HelmRelease',
];

function rank({ groupKind }: LiveObject): number {
  const known = order.indexOf(groupKind);
  return known === -1 ? order.length : known;
}
