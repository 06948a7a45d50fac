// Names the clusters or kustomizations that a finding is about, if it isn't about all that get the object.

import { firstOf } from '../syntax/shown.ts';
import type { Applier } from '../workspace/cluster.ts';

/**
 * The clusters of some appliers or, if the others are in the same clusters, their own names. Empty if neither tells them
 * apart.
 */
export function whereOf(some: readonly Applier[], others: readonly Applier[]): string {
  const elsewhere = new Set(others.map(({ cluster }) => cluster));
  const clusters = [...new Set(some.map(({ cluster }) => cluster))];
  const isFlux = some.every(({ is }) => is === 'flux' || is === 'resource-set');
  if (isFlux && !clusters.some((one) => elsewhere.has(one)))
    return `${clusters.length === 1 ? 'cluster' : 'clusters'} ${listed(clusters)}`;
  const names = [...new Set(some.map(({ name }) => name))];
  return others.some(({ name }) => names.includes(name)) ? '' : listed(names);
}

/** The message, beginning with where it applies. */
export function locatedMessage(message: string, where: string): string {
  return where === '' ? message : `In ${where}: ${message}`;
}

const mostListed = 3;

function listed(names: readonly string[]): string {
  if (names.length <= mostListed)
    return [names.slice(0, -1).join(', '), names.at(-1)!].filter((part) => part !== '').join(' and ');
  return firstOf(names, mostListed);
}
