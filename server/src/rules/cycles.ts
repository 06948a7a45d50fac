// reference/cycle: objects of one cluster that wait for each other: through references marked `acyclic` in their rows, and
// through the Kustomizations that apply them (workspace/waiting.ts). Objects that no cluster gets are checked as they are written.
import { type BuiltMap, builtAt } from '../kustomize/built.ts';
import type { Directory } from '../workspace/directory.ts';
import type { Home } from '../workspace/homes.ts';
import type { Definition } from '../workspace/index.ts';
import type { AppliedObject } from '../workspace/parts.ts';
import { type State, stateKey, type Wait, type Waiting, waitersIn, waitingIn } from '../workspace/waiting.ts';
import type { ClusterProblem, ClusterRule, ClusterSubject, Problem, Rule, Subject } from './rule.ts';

const head: Pick<ClusterRule, 'id' | 'severity' | 'docs'> = {
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
};

export const cycles: ClusterRule = {
  ...head,
  check({ home }: ClusterSubject): Iterable<ClusterProblem> {
    const waiters = waitersIn(home).map(({ value }) => value);
    const before = known.get(home.directory);
    const isSame = before?.waiters.length === waiters.length && waiters.every((one, at) => one === before.waiters[at]);
    if (isSame) return before.problems;
    const problems = [...problemsIn(home)];
    known.set(home.directory, { waiters, problems });
    return problems;
  },
};

/** Of the state of a cluster that was checked last: its problems follow from its names and the objects that may wait. */
const known = new WeakMap<
  Directory,
  { readonly waiters: readonly BuiltMap[]; readonly problems: readonly ClusterProblem[] }
>();

function* problemsIn(home: Home): Iterable<ClusterProblem> {
  const waiting = waitingIn(home);
  for (const by of waiting.dependents) {
    for (const { use, on } of waiting.dependenciesOf(by)) {
      const start: State = { object: by, is: 'reconciled' };
      if (!waiting.isStuck(start)) break;
      const cycle = shortestWait(
        start,
        on.map((object) => ({ object, is: 'ready' })),
        waiting,
      );
      if (!cycle) continue;
      const isPlain = cycle.every(({ why }) => why === 'dependency' || why === 'same-object');
      const isNamed = builtAt(by.value, use.path) === use.node;
      yield {
        object: by.value,
        path: isNamed ? use.path : [...use.path, 'name'],
        origin: use.node.origin,
        message: sentence(namesOf(by, cycle), detailsOf(cycle)),
        ...(!isPlain && { severity: 'warning' }),
      };
    }
  }
}

/** What the states of a cycle wait for, beginning with the dependency, up to the object itself. */
function shortestWait(end: State, first: readonly State[], { waits }: Waiting): readonly Wait[] | undefined {
  const before = new Map<string, { readonly wait: Wait; readonly by: string | undefined }>(
    first.map((one) => [stateKey(one), { wait: { for: one, why: 'dependency' }, by: undefined }]),
  );
  const wanted = stateKey(end);
  // Breadth-first: the map grows during the iteration.
  for (const [at, { wait }] of before) {
    if (at === wanted) {
      const path: Wait[] = [];
      for (let one = before.get(at); one; one = one.by === undefined ? undefined : before.get(one.by))
        path.unshift(one.wait);
      return path;
    }
    if (before.size > 3 * mostSteps) return undefined;
    for (const next of waits(wait.for))
      if (!before.has(stateKey(next.for))) before.set(stateKey(next.for), { wait: next, by: at });
  }
  return undefined;
}

function namesOf(by: AppliedObject, cycle: readonly Wait[]): string {
  const shown = ({ namespace, name }: AppliedObject) => (namespace === '' ? name : `${namespace}/${name}`);
  const steps = cycle.filter(({ why }) => why !== 'same-object').map((one) => shown(one.for.object));
  return [shown(by), ...steps].join(' → ');
}

/** Why one step of a cycle waits for the next where that isn't a dependency. */
function detailsOf(cycle: readonly Wait[]): readonly string[] {
  return cycle.flatMap((one, index) => {
    const waiting = cycle[index - 1]?.for.object.name;
    const { name } = one.for.object;
    if (one.why === 'applied-by') return [`${name} applies ${waiting}`];
    return one.why === 'waits-for-objects' ? [`with wait: true, ${waiting} waits for ${name}`] : [];
  });
}

function sentence(names: string, details: readonly string[]): string {
  const why = details.length === 0 ? '' : ` (${details.join('; ')})`;
  return `This dependency is part of a cycle: ${names}${why}. Each waits until the next is ready, so none is ever applied. Remove one of these dependencies.`;
}

export const writtenCycles: Rule = {
  ...head,
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
          message: sentence(names, []),
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
