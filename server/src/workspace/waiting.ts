// What waits for what in a cluster: an object with dependencies reconciles once they are ready, exists once its Kustomization
// has applied it, and a Kustomization with `wait` is ready once the objects that it applies are.
import { groupedBy } from '../kube/grouped.ts';
import { kindRow } from '../kube/kinds.ts';
import type { Use } from '../kube/references.ts';
import { type Built, textAt } from '../kustomize/built.ts';
import type { Applier } from './cluster.ts';
import { fluxKustomization, type Home } from './homes.ts';
import type { AppliedObject, Part } from './parts.ts';

/** A dependency of an object on others, with the reference that sets it. */
export interface Dependency {
  readonly use: Use<Built>;
  readonly on: readonly AppliedObject[];
}

/** A state of an object that others wait for. */
export interface State {
  readonly object: AppliedObject;
  readonly is: 'existing' | 'reconciled' | 'ready';
}

export interface Wait {
  readonly for: State;
  readonly why: 'dependency' | 'same-object' | 'applied-by' | 'waits-for-objects';
}

export interface Waiting {
  /** The objects with dependencies. */
  readonly dependents: readonly AppliedObject[];
  dependenciesOf(object: AppliedObject): readonly Dependency[];
  waits(state: State): readonly Wait[];
  /** What a Kustomization applies that may wait for others: with `wait: true`, it waits for these. */
  appliedBy(object: AppliedObject): readonly AppliedObject[];
  /** Whether it waits for itself, or for others that do. */
  isStuck(state: State): boolean;
}

const waitings = new WeakMap<Home, Waiting>();

export function waitingIn(home: Home): Waiting {
  const before = waitings.get(home);
  if (before) return before;
  const waiters = waitersIn(home);
  const dependencies = new Map(waiters.map((one) => [one, dependenciesIn(home, one)]));
  const same = groupedBy(waiters, keyOf);
  const byOwner = groupedBy(waiters, ({ applier }) => ownerOf(applier) ?? '');
  let stuck: ReadonlySet<string> | undefined;
  const found: Waiting = {
    isStuck: (state) => (stuck ??= stuckFrom(found)).has(stateKey(state)),
    dependents: waiters.filter((one) => dependencies.get(one)!.length > 0),
    dependenciesOf: (object) => dependencies.get(object) ?? [],
    appliedBy: (object) => (byOwner.get(keyOf(object)) ?? []).filter((one) => keyOf(one) !== keyOf(object)),
    waits: ({ object, is }) => {
      const itself = (state: State['is']): Wait => ({ for: { object, is: state }, why: 'same-object' });
      if (isSuspended(object)) return [];
      if (is === 'existing') return appliersOf(object, same);
      if (is === 'ready') return [itself('reconciled'), ...objectsAwaited(object, found)];
      const own = (dependencies.get(object) ?? []).flatMap(({ on }) => on);
      return [
        itself('existing'),
        ...own.map((one): Wait => ({ for: { object: one, is: 'ready' }, why: 'dependency' })),
      ];
    },
  };
  waitings.set(home, found);
  return found;
}

/** The objects that may wait for others. */
export function waitersIn({ parts, directory }: Home): readonly AppliedObject[] {
  return parts.flatMap((part) => directory.derived(part, waitersOf));
}

function waitersOf({ objects }: Part): readonly AppliedObject[] {
  return objects.filter(isWaiter);
}

export function stateKey({ object, is }: State): string {
  return `${keyOf(object)} ${is}`;
}

/** What is left of all states when those that wait for nothing are removed, again and again. */
function stuckFrom({ dependents, waits }: Waiting): ReadonlySet<string> {
  const states = new Map<string, State>();
  const note = (state: State) => states.set(stateKey(state), state);
  for (const object of dependents) note({ object, is: 'reconciled' });
  const waitedBy = new Map<string, string[]>();
  const counts = new Map<string, number>();
  // The map grows during the iteration.
  for (const [key, state] of states) {
    const next = waits(state).map((one) => one.for);
    counts.set(key, next.length);
    for (const one of next) {
      const to = stateKey(one);
      if (!states.has(to)) note(one);
      const known = waitedBy.get(to);
      if (known) known.push(key);
      else waitedBy.set(to, [key]);
    }
  }
  const free = [...counts].flatMap(([key, count]) => (count === 0 ? [key] : []));
  // The list grows during the iteration.
  for (const key of free) {
    states.delete(key);
    for (const by of waitedBy.get(key) ?? []) {
      const left = counts.get(by)! - 1;
      counts.set(by, left);
      if (left === 0) free.push(by);
    }
  }
  return new Set(states.keys());
}

/** Of a kind with dependencies, which has a Ready condition too. */
function isWaiter({ groupKind }: AppliedObject): boolean {
  return kindRow(groupKind)?.references?.some(({ acyclic }) => acyclic) ?? false;
}

function dependenciesIn(home: Home, object: AppliedObject): readonly Dependency[] {
  if (isSuspended(object)) return [];
  return home.usesOf(object).flatMap((use) => {
    // An expression takes the place of the check that the dependency is ready.
    if (!use.reference.acyclic || textAt(object.value, [...use.path, 'readyExpr']) !== undefined) return [];
    const resolution = home.resolve(object, use);
    return resolution.is === 'object' ? [{ use, on: resolution.objects }] : [];
  });
}

/** An object that several apply exists once one of them has. */
function appliersOf(object: AppliedObject, same: Same): readonly Wait[] {
  const owner = ownerIn(same, object);
  // What an instance of Flux creates was there before the Kustomization that keeps the instance.
  const isCreated = object.groupKind === fluxKustomization && !isDirect(object);
  // What applies itself was applied by hand once, with everything beside it.
  if (!owner || isCreated || ownerOf(owner.applier) === keyOf(owner) || isBootstrapped(object, same)) return [];
  return [{ for: { object: owner, is: 'reconciled' }, why: 'applied-by' }];
}

function isDirect({ applier, value }: AppliedObject): boolean {
  return applier.result.objects.some((one) => one.value === value);
}

type Same = ReadonlyMap<string, readonly AppliedObject[]>;

function ownerIn(same: Same, object: AppliedObject): AppliedObject | undefined {
  const owner = ownerOf(object.applier);
  const found = owner === undefined || same.get(keyOf(object))!.length > 1 ? [] : (same.get(owner) ?? []);
  return found.length === 1 ? found[0] : undefined;
}

/** Whether it is applied by what it applies, so that somebody created it by hand before. */
function isBootstrapped(object: AppliedObject, same: Same): boolean {
  const seen = new Set<string>();
  for (let at = ownerIn(same, object); at && !seen.has(keyOf(at)); at = ownerIn(same, at)) {
    if (keyOf(at) === keyOf(object)) return true;
    seen.add(keyOf(at));
  }
  return false;
}

function objectsAwaited(object: AppliedObject, { appliedBy }: Waiting): readonly Wait[] {
  if (object.groupKind !== fluxKustomization || textAt(object.value, ['spec', 'wait']) !== 'true') return [];
  return appliedBy(object).map((one) => ({ for: { object: one, is: 'ready' }, why: 'waits-for-objects' }));
}

function isSuspended({ value }: AppliedObject): boolean {
  return textAt(value, ['spec', 'suspend']) === 'true';
}

function keyOf({ groupKind, namespace, name }: AppliedObject): string {
  return `${groupKind} ${namespace}/${name}`;
}

function ownerOf({ flux }: Applier): string | undefined {
  return flux && `${fluxKustomization} ${flux.namespace}/${flux.name}`;
}
