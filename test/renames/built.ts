// What the clusters and kustomizations of a workspace get, to compare it before and after a rename: the same objects, with the
// new name wherever the old one was renamed, and every reference resolves as before.

import { groupedBy } from '../../server/src/kube/grouped.ts';
import { builtValue } from '../../server/src/kustomize/built.ts';
import { fleetOf } from '../../server/src/workspace/fleets.ts';
import { homesOf } from '../../server/src/workspace/homes.ts';
import type { Workspace } from '../../server/src/workspace/workspace.ts';

export interface Gets {
  /** The objects as JSON, by what applies them. */
  readonly objects: ReadonlyMap<string, readonly string[]>;
  /** The number of references by what they resolve to, by cluster. */
  readonly resolved: ReadonlyMap<string, number>;
}

/** Of the clusters, and of what is applied by hand in the given files. With `back`, [new, old]: each name is put back. */
export function getsOf(
  workspace: Workspace,
  files: Iterable<string>,
  names: readonly (readonly [name: string, old: string])[],
): Gets {
  const fleet = fleetOf(workspace);
  const clusters = fleet.clusters();
  const byHand = [...files].flatMap((file) => fleet.appliersOf(file));
  const appliers = new Set([...clusters.flatMap((one) => one.appliers), ...byHand]);
  const back = new Map(names);
  const olds = new Set(back.values());
  const shown = (_: string, value: unknown) => {
    if (typeof value === 'symbol' || typeof value === 'bigint') return String(value);
    if (typeof value !== 'string') return value;
    // The texts of patches.
    if (value.includes('\n')) return names.reduce((text, [name, old]) => text.replaceAll(name, old), value);
    // The hash of a generated object depends on its name.
    const plain = value.replace(/-[bcdfghkm2-9t]{10}$/, '');
    const old = back.get(value) ?? back.get(plain) ?? (olds.has(plain) ? plain : value);
    return plain === value || old === value ? old : `${old}-#`;
  };
  const built = [...appliers].flatMap((applier) => {
    const name = back.get(applier.name.replace(/^.*\//, '')) ?? applier.name.replace(/^.*\//, '');
    return applier.result.objects.map(({ value }) => ({ name, json: JSON.stringify(builtValue(value), shown) }));
  });
  const objects = new Map(
    [...groupedBy(built, (one) => one.name)].map(([name, same]) => [name, same.map(({ json }) => json).sort()]),
  );
  const resolved = new Map<string, number>();
  for (const cluster of clusters) {
    for (const home of homesOf(workspace, cluster)) {
      for (const by of home.objects) {
        for (const use of home.usesOf(by)) {
          const key = `${home.name} ${by.groupKind} ${use.reference.path} ${home.resolve(by, use).is}`;
          resolved.set(key, (resolved.get(key) ?? 0) + 1);
        }
      }
    }
  }
  return { objects, resolved };
}

export function differencesOf(before: Gets, after: Gets): readonly string[] {
  const found: string[] = [];
  for (const name of new Set([...before.objects.keys(), ...after.objects.keys()])) {
    const [was, now] = [before.objects.get(name) ?? [], after.objects.get(name) ?? []];
    const [gone, come] = [was.filter((one) => !now.includes(one)), now.filter((one) => !was.includes(one))];
    if (gone.length + come.length === 0 && was.length === now.length) continue;
    found.push(`${name} applies other objects: ${near(gone[0] ?? '', come[0] ?? '')}`);
  }
  for (const key of new Set([...before.resolved.keys(), ...after.resolved.keys()])) {
    const [was, now] = [before.resolved.get(key) ?? 0, after.resolved.get(key) ?? 0];
    if (was !== now) found.push(`${key}: ${was} references became ${now}`);
  }
  return found;
}

/** Both texts from where they begin to differ. */
function near(was: string, now: string): string {
  let at = 0;
  while (at < was.length && was[at] === now[at]) at += 1;
  const from = Math.max(0, at - 60);
  return `${was.slice(from, at + 60)} became ${now.slice(from, at + 60)}`;
}
