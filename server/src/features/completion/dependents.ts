// The objects that depend on an object through references that must not form a cycle: it can't depend on one of them.
import { type GroupKind, groupKindOf } from '../../kube/identity.ts';
import { stringAt } from '../../syntax/navigate.ts';
import type { Value } from '../../syntax/tree.ts';
import { isObject, own } from '../../syntax/value.ts';
import type { Problem } from '../../validation/problem.ts';
import { fluxKustomization, type Home, latestHomesOf } from '../../workspace/homes.ts';
import type { Index } from '../../workspace/index.ts';
import { type State, stateKey, type Waiting, waitingIn } from '../../workspace/waiting.ts';
import type { Cursor } from '../cursor.ts';
import type { Place } from './applied.ts';

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

/** In the clusters of the file: whether an object that is named waits for the one at the cursor, also through what applies it. */
export function waitsForSelf({ workspace, path, root, field }: Place): (kind: GroupKind, name: string) => boolean {
  const groupKind = groupKindOf(field.kind.gvk);
  const own = stringAt(root, [...field.object.path, 'metadata', 'name']);
  const tests = latestHomesOf(workspace, path).flatMap((home) => {
    const waits = waitsForIn(home, path, groupKind, own);
    if (!waits) return [];
    return [
      (kind: GroupKind, name: string) =>
        (home.ofKind(kind).get(name) ?? []).some((object) => waits({ object, is: 'ready' })),
    ];
  });
  return (kind, name) => tests.some((test) => test(kind, name));
}

/**
 * What is wrong with a Flux Kustomization, as it is tried, because it waits for what it applies: some of that waits for it.
 * Undefined if none does.
 */
export function waitProblems(
  { workspace, path }: Pick<Cursor, 'workspace' | 'path'>,
  groupKind: GroupKind,
  name: string | undefined,
): ((tried: Value) => readonly Problem[]) | undefined {
  if (groupKind !== fluxKustomization || name === undefined) return undefined;
  const isAwaited = latestHomesOf(workspace, path).some((home) => {
    const waiting = waitingIn(home);
    const selves = home.begunIn(path).filter((one) => one.groupKind === groupKind && one.name === name);
    return selves.some((self) => {
      const waits = waitsFor([{ object: self, is: 'ready' }], waiting);
      return waiting.appliedBy(self).some((object) => waits({ object, is: 'ready' }));
    });
  });
  return isAwaited ? (tried) => (isWaiting(tried) ? [waitsForItself] : []) : undefined;
}

const waitsForItself: Problem = {
  ...{ rule: 'reference/cycle', severity: 'warning', path: ['spec', 'wait'], on: 'value' },
  facts: { is: 'check', sentence: 'What it applies waits for it.' },
};

function isWaiting(kustomization: Value): boolean {
  const spec = isObject(kustomization) ? own(kustomization, 'spec') : undefined;
  return isObject(spec) && own(spec, 'wait') === true;
}

type Waits = (state: State) => boolean;

/** A cluster doesn't change: what was asked about is known for the next line. */
const known = new WeakMap<Home, Map<string, Waits | undefined>>();

/** Undefined if the cluster has no object of the name from the file. */
function waitsForIn(home: Home, path: string, groupKind: GroupKind, name: string | undefined): Waits | undefined {
  const ofHome = known.get(home) ?? new Map<string, Waits | undefined>();
  known.set(home, ofHome);
  const key = `${path}\n${groupKind} ${name}`;
  if (!ofHome.has(key)) {
    const ends = home.begunIn(path).filter((one) => one.groupKind === groupKind && one.name === name);
    const states = ends.map((object): State => ({ object, is: 'reconciled' }));
    ofHome.set(key, states.length === 0 ? undefined : waitsFor(states, waitingIn(home)));
  }
  return ofHome.get(key);
}

/** Each state is visited once, however many are asked about. */
function waitsFor(ends: readonly State[], { waits }: Waiting): Waits {
  const known = new Map(ends.map((state) => [stateKey(state), true]));
  return (start) => {
    const before = new Map<string, { readonly state: State; readonly by: string | undefined }>([
      [stateKey(start), { state: start, by: undefined }],
    ]);
    // Breadth-first: the map grows during the iteration.
    for (const [key, { state }] of before) {
      if (known.get(key) === true) {
        for (let at: string | undefined = key; at !== undefined; at = before.get(at)!.by) known.set(at, true);
        return true;
      }
      if (known.get(key) === false) continue;
      for (const { for: next } of waits(state)) {
        const nextKey = stateKey(next);
        if (!before.has(nextKey)) before.set(nextKey, { state: next, by: key });
      }
    }
    for (const key of before.keys()) known.set(key, false);
    return false;
  };
}
