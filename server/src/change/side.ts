// One side of a change: what the files of a workspace are applied as, at the time of the call. Clusters are those of Flux;
// files that no cluster gets are compared as the kustomizations that nothing includes build them, or as they are written.
import { groupKindOf } from '../kube/identity.ts';
import { locateIn } from '../kustomize/built.ts';
import { type BuiltObject, idOf, readObjects } from '../kustomize/objects.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { atOnce, type Steps } from '../syntax/steps.ts';
import type { Applier } from '../workspace/cluster.ts';
import { fleetOf } from '../workspace/fleets.ts';
import { homesOf, scopesIn } from '../workspace/homes.ts';
import type { Scopes } from '../workspace/parts.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { releasesIn } from './releases.ts';
import type { TargetObject, TargetRelease } from './target-object.ts';

/** What gets objects together: within it, an object is identified as in a cluster. */
export interface Target {
  /** A cluster of Flux; a kustomization that is built by hand; the files that nothing applies. */
  readonly is: 'cluster' | 'kustomization' | 'files';
  /** The cluster's name; the folder of the kustomization; empty for the files. */
  readonly name: string;
  /** The folder that it begins with, which stays the same if the name doesn't. */
  readonly folder: string;
  /** The name of the cluster that its appliers begin in, which has its kubeconfig if it is another. */
  readonly entry: string;
  readonly appliers: readonly Applier[];
  readonly objects: readonly TargetObject[];
  /** What Helm makes of its releases; empty unless the user agreed that Helm runs. */
  readonly releases: readonly TargetRelease[];
}

export interface Side {
  readonly targets: readonly Target[];
}

/** `changed` are the files in which the sides differ: only kustomizations that read one of them are built by hand. */
export function sideOf(workspace: Workspace, changed: readonly string[], fleet = fleetOf(workspace)): Side {
  return atOnce(sideInSteps(workspace, changed, fleet));
}

export function* sideInSteps(
  workspace: Workspace,
  changed: readonly string[],
  fleet = fleetOf(workspace),
): Steps<Side> {
  yield* fleet.steps();
  const clusters = fleet.clusters().flatMap((cluster) => {
    const folder = cluster.appliers.find(({ by }) => by === undefined)?.folder ?? '';
    return homesOf(workspace, cluster).map((home): Target => {
      const { name, appliers, objects } = home;
      const built = new Map(appliers.flatMap(({ result }) => result.objects.map((one) => [one.value, one] as const)));
      const all = objects.map((object) => ({ ...object, built: built.get(object.value) }));
      const releases = releasesIn(workspace, home, scopesIn(workspace));
      return { is: 'cluster', name, folder, entry: cluster.name, appliers, objects: all, releases };
    });
  });
  const scopes = scopesIn(workspace);
  const byFolder = new Map<string, Applier>();
  const loose: TargetObject[] = [];
  for (const path of changed) {
    if (fleet.latestAppliersOf(path).length > 0) continue;
    // What was removed may be known by its kustomization, which may be removed as well.
    const isBuilt = ({ folder }: Applier) => workspace.ownership.kustomizationIn(folder ?? '') !== undefined;
    const appliers = fleet.appliersOf(path).filter(isBuilt);
    for (const applier of appliers) byFolder.set(applier.name, byFolder.get(applier.name) ?? applier);
    if (appliers.length === 0) loose.push(...manifestsIn(workspace, path, scopes));
    yield;
  }
  const byHand = [...byFolder.values()].map((applier) => kustomizationTarget(workspace, applier));
  const files: Target = { is: 'files', name: '', folder: '', entry: '', appliers: [], objects: loose, releases: [] };
  return { targets: [...clusters, ...byHand, ...(loose.length > 0 ? [files] : [])] };
}

/** What a kustomization builds that is applied by hand. */
export function kustomizationTarget(workspace: Workspace, applier: Applier): Target {
  const scopes = scopesIn(workspace);
  const objects = applier.result.objects.map((built) => ({ ...placed(built, scopes), applier }));
  const { name } = applier;
  return { is: 'kustomization', name, folder: name, entry: name, appliers: [applier], objects, releases: [] };
}

function manifestsIn(workspace: Workspace, path: string, scopes: Scopes): readonly TargetObject[] {
  const documents = workspace.file(path)?.documents ?? [];
  return documents
    .filter(({ document }) => workspace.role(path, document) === 'manifest')
    .flatMap(({ start, document }) => {
      const read = readObjects([{ manifest: parseManifest(document.text), locate: locateIn({ file: path, start }) }]);
      return read.objects.map((value) => ({ ...placed({ value, previous: [] }, scopes), applier: undefined }));
    });
}

function placed(built: BuiltObject, scopes: Scopes): Omit<TargetObject, 'applier'> {
  const { gvk, name, namespace } = idOf(built.value);
  const groupKind = groupKindOf(gvk);
  const isCluster = scopes.get(groupKind) === 'Cluster';
  return { value: built.value, built, groupKind, namespace: isCluster ? '' : namespace, name };
}
