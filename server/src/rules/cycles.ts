// reference/cycle: objects of one cluster that depend on each other through references marked `acyclic` in their rows.
import type { Definition } from '../workspace/index.ts';
import type { Problem, Rule, Subject } from './rule.ts';

export const cycles: Rule = {
  id: 'reference/cycle',
  severity: 'error',
  docs: {
    text: 'Objects in a dependency cycle wait for each other, so Flux applies none of them. Remove one of the dependencies.',
    bad: `
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: 10m
  prune: true
  path: ./apps
  sourceRef:
    kind: GitRepository
    name: fleet
  dependsOn:
    - name: infrastructure
    # ^^^ error
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: infrastructure
  namespace: flux-system
spec:
  interval: 10m
  prune: true
  path: ./infrastructure
  sourceRef:
    kind: GitRepository
    name: fleet
  dependsOn:
    - name: apps
    # ^^^ error
`,
    good: `
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: 10m
  prune: true
  path: ./apps
  sourceRef:
    kind: GitRepository
    name: fleet
  dependsOn:
    - name: infrastructure
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: infrastructure
  namespace: flux-system
spec:
  interval: 10m
  prune: true
  path: ./infrastructure
  sourceRef:
    kind: GitRepository
    name: fleet
`,
  },
  *check({ path, object, surroundings }: Subject): Iterable<Problem> {
    const own: Step = { path, object, from: 'object' };
    for (const use of object.uses) {
      if (!use.acyclic) continue;
      for (const scope of surroundings.scopes(path)) {
        const first = surroundings.targets(scope, own, use);
        const cycle = shortestTo(own, first, scope, surroundings);
        if (!cycle) continue;
        const names = [own, ...cycle].map(nameOf).join(' → ');
        yield {
          start: use.start,
          end: use.end,
          message: `This dependency is part of a cycle: ${names}. Each waits until the next is ready, so none is ever applied. Remove one of these dependencies.`,
        };
        break;
      }
    }
  },
};

type Step = Pick<Definition, 'path' | 'object' | 'from'>;

/** Limits the search: a cycle of hundreds is unreadable in a message, and each step is recorded as a read of the check. */
const mostSteps = 300;

/** The shortest path from `first` to `end` along acyclic references in one scope, including `end`. */
function shortestTo(
  end: Step,
  first: readonly Definition[],
  scope: string,
  { targets }: Subject['surroundings'],
): readonly Step[] | undefined {
  const before = new Map<Definition, Definition | undefined>(first.map((one) => [one, undefined]));
  // Breadth-first: the map grows during the iteration.
  for (const last of before.keys()) {
    if (last.path === end.path && last.object === end.object) return pathTo(last, before);
    if (before.size > mostSteps) return undefined;
    for (const use of last.object.uses) {
      if (!use.acyclic) continue;
      for (const target of targets(scope, last, use)) if (!before.has(target)) before.set(target, last);
    }
  }
  return undefined;
}

function pathTo(last: Definition, before: ReadonlyMap<Definition, Definition | undefined>): readonly Step[] {
  const path: Definition[] = [];
  for (let at: Definition | undefined = last; at; at = before.get(at)) path.unshift(at);
  return path;
}

/** The namespace, if it is known, distinguishes objects with the same name. */
function nameOf({ object: { namespace, name } }: Step): string {
  return namespace === undefined ? `${name}` : `${namespace}/${name}`;
}
