// The objects that depend on an object through references that must not form a cycle: it can't depend on one of them.
import type { GroupKind } from '../../kube/identity.ts';
import type { Definition } from '../../workspace/index.ts';
import type { Workspace } from '../../workspace/workspace.ts';

/** More are not followed. */
const most = 300;

/** Directly and indirectly, including the object itself; by their documents' objects, which are the same in every answer. */
export function dependentsOf(
  { index, resolver }: Workspace,
  path: string,
  kind: GroupKind,
  name: string,
): ReadonlySet<Definition['object']> {
  const own = index.definitions(kind, name).filter((one) => one.path === path);
  const found = new Map(own.map((one) => [one.object, one]));
  // Breadth-first: the map grows during the iteration.
  for (const one of found.values()) {
    if (found.size > most) break;
    for (const { by, use } of resolver.uses(one)) if (use.acyclic) found.set(by.object, by);
  }
  return new Set(found.keys());
}
