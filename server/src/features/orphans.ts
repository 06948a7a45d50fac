// A manifest that nothing applies, in a repository of Flux: said once, at its first object, and only if everything that could
// apply it is known.
import { type BuiltMap, builtAt } from '../kustomize/built.ts';
import { knownText } from '../kustomize/flux-kustomization.ts';
import type { Finding } from '../syntax/finding.ts';
import { parseManifest } from '../syntax/manifest.ts';
import type { Applier, Cluster } from '../workspace/cluster.ts';
import type { SourceFile } from '../workspace/document.ts';
import type { Fleet } from '../workspace/fleet.ts';
import { fleetOf } from '../workspace/fleets.ts';
import { isClusterctlTemplate } from '../workspace/roles.ts';
import { homeOf } from '../workspace/schemas.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** In offsets of the file. */
export function orphanFindings(workspace: Workspace, { path, documents }: SourceFile): readonly Finding[] {
  const fleet = fleetOf(workspace);
  // Most files are read, and to know that takes less time than anything else here.
  if (!isFollowed(fleet) || isRead(fleet, path) || isClusterctlTemplate(path) || homeOf(path) !== '') return [];
  const store = workspace.schemas.storeFor(path);
  const place = documents.find(({ document }) => {
    const { objects, deliveries, sops } = document.facts;
    const isOfCluster = objects.some(({ gvk, defines }) => defines === undefined && store.lookup(gvk) !== undefined);
    return isOfCluster && deliveries.length === 0 && !sops && workspace.role(path, document) === 'manifest';
  });
  if (!place || documents.some(({ document }) => document.facts.deliveries.length > 0)) return [];
  if (workspace.ownership.usageOf(path) === 'data' || isInComponent(workspace, path)) return [];
  const [object] = place.document.facts.objects;
  const start = place.start + object!.start;
  return [
    {
      rule: 'info/orphan',
      severity: 'info',
      start,
      end: place.start + object!.end,
      message:
        'No Flux Kustomization of this repository applies this file. List it in a kustomization that one applies, or remove it.',
    },
  ];
}

const followed = new WeakMap<readonly Cluster[], boolean>();

/** Whether the repository has a known entry point, and everything that its clusters get is known. */
function isFollowed(fleet: Fleet): boolean {
  const clusters = fleet.clusters();
  const before = followed.get(clusters);
  if (before !== undefined) return before;
  const appliers = clusters.filter(({ isAssumed }) => !isAssumed).flatMap((cluster) => cluster.appliers);
  const result = appliers.length > 0 && appliers.every(isKnown);
  followed.set(clusters, result);
  return result;
}

function isKnown({ is, flux, result }: Applier): boolean {
  if (is === 'resource-set') return result.incomplete.length === 0;
  return !flux || isText(flux.spec, ['path']);
}

function isText(spec: BuiltMap, path: readonly string[]): boolean {
  const value = builtAt(spec, path);
  return value === undefined || knownText(value) !== undefined;
}

const written = new WeakMap<readonly Cluster[], ReadonlySet<string>>();

/** Whether any entry point reads the file, for its objects or as a Kustomization, including those of clusters that may be none. */
function isRead(fleet: Fleet, path: string): boolean {
  if (fleet.latestAppliersOf(path).length > 0) return true;
  const clusters = fleet.clusters();
  let files = written.get(clusters);
  if (!files) {
    const all = clusters.flatMap(({ appliers }) => appliers);
    files = new Set(all.flatMap(({ flux }) => (flux ? [flux.object.origin.source.file] : [])));
    written.set(clusters, files);
  }
  return files.has(path);
}

/** A component is for whoever includes it. */
function isInComponent(workspace: Workspace, path: string): boolean {
  return [...workspace.ownership.asApplied.chainOf(path).kustomizations].some((at) => {
    const [first] = workspace.file(at)?.documents ?? [];
    return first !== undefined && parseManifest(first.document.text).kind === 'Component';
  });
}
