// The fleet of a workspace, shared by everything that asks what the files become in clusters.
import { Builds } from './builds.ts';
import { Fleet } from './fleet.ts';
import type { Workspace } from './workspace.ts';

const builds = new WeakMap<Workspace, Builds>();
const fleets = new WeakMap<Workspace, Fleet>();

export function buildsOf(workspace: Workspace): Builds {
  const known = builds.get(workspace) ?? new Builds(workspace);
  builds.set(workspace, known);
  return known;
}

export function fleetOf(workspace: Workspace): Fleet {
  const known = fleets.get(workspace) ?? new Fleet(workspace, buildsOf(workspace));
  fleets.set(workspace, known);
  return known;
}
