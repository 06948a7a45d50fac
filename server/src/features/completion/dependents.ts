// The objects that depend on an object through references that must not form a cycle: it can't depend on one of them.
import type { GroupKind } from '../../kube/identity.ts';
import type { Index } from '../../workspace/index.ts';

/** More are not followed. */
const most = 300;

/**
 * The names of the objects of a kind that depend on the one with this name, directly and indirectly, including its own. By
 * name alone: clusters that order the same objects differently are rare, and a wrong order stops Flux.
 */
export function dependentsOf(index: Index, kind: GroupKind, name: string): ReadonlySet<string> {
  const found = new Set([name]);
  // Breadth-first: the set grows during the iteration.
  for (const one of found) {
    if (found.size > most) break;
    for (const { by, use } of index.uses(kind, one)) {
      if (use.acyclic && by.object.groupKind === kind && by.object.name !== undefined) found.add(by.object.name);
    }
  }
  return found;
}
