// The objects that depend on an object through references that must not form a cycle: it can't depend on one of them.
import { type GroupKind, groupKindOf } from '../../kube/identity.ts';
import { stringAt } from '../../syntax/navigate.ts';
import { latestHomesOf } from '../../workspace/homes.ts';
import type { Index } from '../../workspace/index.ts';
import { type State, stateKey, type Waiting, waitingIn } from '../../workspace/waiting.ts';
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
    const ends = home.begunIn(path).filter((one) => one.groupKind === groupKind && one.name === own);
    if (ends.length === 0) return [];
    const waits = waitsFor(
      ends.map((object): State => ({ object, is: 'reconciled' })),
      waitingIn(home),
    );
    return [
      (kind: GroupKind, name: string) =>
        (home.ofKind(kind).get(name) ?? []).some((object) => waits({ object, is: 'ready' })),
    ];
  });
  return (kind, name) => tests.some((test) => test(kind, name));
}

/** Each state is visited once, however many are asked about. */
function waitsFor(ends: readonly State[], { waits }: Waiting): (state: State) => boolean {
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
