// The entry points of clusters among each other: what their clusters are called, and which are part of another's.
import type { BuiltMap } from '../kustomize/built.ts';
import { objectsOfInstance } from '../kustomize/flux-instance.ts';
import { fluxKustomizationOf } from '../kustomize/flux-kustomization.ts';
import { fileNameOf } from '../kustomize/paths.ts';
import type { Cluster, Seed } from './cluster.ts';
import type { EntryPoint } from './ownership.ts';

interface Seeded {
  readonly entry: EntryPoint;
  readonly seed: Seed;
}

interface Followed {
  readonly entry: EntryPoint;
  readonly cluster: Cluster;
}

/** The last folder of each entry point's path if it tells the clusters apart, else the whole path. */
export function namesOf(seeds: readonly Seeded[]): readonly string[] {
  const paths = seeds.map(({ entry, seed }) => (entry.is === 'flux' ? rootPath(seed) : seed.folder));
  const counts = new Map<string, number>();
  for (const path of paths) counts.set(fileNameOf(path), (counts.get(fileNameOf(path)) ?? 0) + 1);
  return paths.map((path) => (counts.get(fileNameOf(path)) === 1 ? fileNameOf(path) : path) || '.');
}

function rootPath({ folder, objects }: Seed): string {
  const created = objects.flatMap(({ value }) => [value, ...objectsOfInstance(value)]);
  return created.flatMap((one) => fluxKustomizationOf(one) ?? [])[0]?.folder ?? folder;
}

/**
 * Without the entry points whose Kustomizations are applied by another: their path is known only after a substitution. Of
 * those that apply each other, the one that applies most is kept.
 */
export function withoutNested(followed: readonly Followed[]): readonly Cluster[] {
  const applied = new Set<string>();
  const kept = new Set<Cluster>();
  const rank = ({ entry, cluster }: Followed) => cluster.appliers.length + (entry.is === 'flux' ? 0.5 : 0);
  for (const { cluster } of followed.toSorted((a, b) => rank(b) - rank(a))) {
    const tops = cluster.appliers.filter(({ flux, by }) => flux && by?.is !== 'flux');
    if (tops.length > 0 && tops.every(({ flux }) => applied.has(placeOf(flux!.object)))) continue;
    kept.add(cluster);
    for (const { flux, by } of cluster.appliers) if (flux && by?.is === 'flux') applied.add(placeOf(flux.object));
  }
  return followed.flatMap(({ cluster }) => (kept.has(cluster) ? [cluster] : []));
}

/** Identifies where an object is written. */
export function placeOf({ origin: { source, start } }: BuiltMap): string {
  return `${source.file} ${source.start + start}`;
}
