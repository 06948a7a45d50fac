// Finds out which versions of Kubernetes, Flux and Cluster API a cluster runs, from the objects that it gets and, of a
// cluster that Cluster API creates, from those of the cluster that manages it.
import { groupedBy } from '../kube/grouped.ts';
import type { GroupKind } from '../kube/identity.ts';
import { type BuiltMap, builtAt, textAt } from '../kustomize/built.ts';
import type { BuiltObject } from '../kustomize/objects.ts';
import { targetOf } from '../schema/lines.ts';
import { arrow, type Cluster } from './cluster.ts';
import { controllerName } from './flux-versions.ts';
import {
  type StatedInValues,
  statedInValues,
  statesInstance,
  type ValueSources,
  valueSourcesIn,
  versionInValues,
} from './release-versions.ts';
import type { VersionedProject } from './versioned.ts';

/** A version, and the value that states it. */
export interface Evidence {
  /** As it is written: `v1.34.1`, `2.x`. */
  readonly version: string;
  /** The kind and field, such as `FluxInstance spec.distribution.version`. */
  readonly field: string;
  readonly file: string;
}

/** `schemas detect --format json`: a version of a cluster, or of all of them. */
export interface DetectedVersion extends Evidence {
  readonly cluster?: string;
  readonly project: string;
}

export type Versions = Readonly<Partial<Record<VersionedProject, Evidence>>>;

type Read = (object: BuiltMap, text: (...path: readonly string[]) => string | undefined) => readonly Found[];

interface Found {
  readonly project: VersionedProject;
  readonly version: string | undefined;
  readonly field: string;
  /** The certain statement takes precedence over others: what somebody asks for over what was generated of it. */
  readonly rank: number;
}

/** By group and kind. */
const readers: Readonly<Record<string, Read>> = {
  'fluxcd.controlplane.io/FluxInstance': (_, text) => [
    { ...one('flux', text('spec', 'distribution', 'version'), 'spec.distribution.version'), rank: 3 },
  ],
  // The operator's chart makes the instance.
  'helm.toolkit.fluxcd.io/HelmRelease': (_, text) => {
    const field = ['spec', 'values', ...versionInValues];
    return [{ ...one('flux', text(...field), field.join('.')), rank: 3 }];
  },
  'apps/Deployment': (object, text) => {
    const name = text('metadata', 'name') ?? '';
    if (name === controllerName) {
      const label = text('metadata', 'labels', 'app.kubernetes.io/version');
      const isOfFlux = text('metadata', 'labels', 'app.kubernetes.io/part-of') === 'flux';
      if (label !== undefined && isOfFlux)
        return [{ ...one('flux', label, 'metadata.labels app.kubernetes.io/version'), rank: 2 }];
      return [
        { ...one('flux', fluxOfController(imageTag(object, 'manager')), 'image of kustomize-controller'), rank: 1 },
      ];
    }
    if (name !== 'capi-controller-manager') return [];
    return [{ ...one('cluster-api', imageTag(object, 'manager'), 'image of capi-controller-manager'), rank: 2 }];
  },
  // What the operator's charts, and fleets that bootstrap Flux from its artifact, apply.
  'source.toolkit.fluxcd.io/OCIRepository': (_, text) =>
    /\/flux-manifests$/.test(text('spec', 'url') ?? '')
      ? [
          {
            ...one('flux', text('spec', 'ref', 'tag') ?? text('spec', 'ref', 'semver'), 'spec.ref of flux-manifests'),
            rank: 2,
          },
        ]
      : [],
  'operator.cluster.x-k8s.io/CoreProvider': (_, text) => [
    { ...one('cluster-api', text('spec', 'version'), 'spec.version'), rank: 3 },
  ],
  'clusterctl.cluster.x-k8s.io/Provider': (_, text) =>
    text('type') === 'CoreProvider' ? [{ ...one('cluster-api', text('version'), 'version'), rank: 2 }] : [],
  // Upgrades of the cluster that gets the object.
  'tuppr.home-operations.com/KubernetesUpgrade': (_, text) => [
    { ...one('kubernetes', text('spec', 'kubernetes', 'version'), 'spec.kubernetes.version'), rank: 3 },
  ],
  'upgrade.cattle.io/Plan': (_, text) => {
    const version = text('spec', 'version');
    // Plans upgrade anything, Talos too; the image or the version names the distribution of Kubernetes.
    const isKubernetes =
      /\+(?:k3s|rke2)/.test(version ?? '') || /k3s|rke2|kubelet/.test(text('spec', 'upgrade', 'image') ?? '');
    return isKubernetes ? [{ ...one('kubernetes', version, 'spec.version'), rank: 3 }] : [];
  },
};

/** What is written where objects of a kind state a version; those of other kinds that are read may always state one. */
const marks: Readonly<Record<string, RegExp>> = {
  'helm.toolkit.fluxcd.io/HelmRelease': /\binstance["']?:\s*(?:$|[&*{#])|values\/instance\b/m,
  'apps/Deployment': /kustomize-controller|capi-controller-manager/,
  'source.toolkit.fluxcd.io/OCIRepository': /flux-manifests/,
  '/ConfigMap': statesInstance,
};

/** Whether objects of a kind may state a version, by the texts that they are made of. `false` is certain. */
export function mayState(groupKind: GroupKind, texts: readonly string[]): boolean {
  if (groupKind.startsWith('controlplane.cluster.x-k8s.io/') || groupKind === 'cluster.x-k8s.io/Cluster') return true;
  const mark = marks[groupKind];
  if (!mark && !Object.hasOwn(readers, groupKind)) return false;
  return !mark || texts.some((text) => mark.test(text));
}

function one(project: VersionedProject, version: string | undefined, field: string) {
  return { project, version, field };
}

interface Statement {
  readonly project: VersionedProject;
  readonly rank: number;
  readonly evidence: Evidence;
}

/** What one applier's objects state about their cluster, and the clusters and control planes that Cluster API makes of them. */
interface Statements {
  readonly own: readonly Statement[];
  readonly clusters: readonly BuiltMap[];
  readonly controlPlanes: readonly BuiltMap[];
  readonly values: ValueSources;
}

/** Most appliers stay the same from one edit to the next. */
const known = new WeakMap<readonly BuiltObject[], Statements>();

function statementsIn(objects: readonly BuiltObject[]): Statements {
  let found = known.get(objects);
  if (!found) known.set(objects, (found = readStatements(objects)));
  return found;
}

function readStatements(objects: readonly BuiltObject[]): Statements {
  const own: Statement[] = [];
  const clusters: BuiltMap[] = [];
  const controlPlanes: BuiltMap[] = [];
  for (const { value } of objects) {
    const kind = textAt(value, ['kind']) ?? '';
    const group = (textAt(value, ['apiVersion']) ?? '').replace(/\/?[^/]*$/, '');
    if (group === 'controlplane.cluster.x-k8s.io') controlPlanes.push(value);
    if (group === 'cluster.x-k8s.io' && kind === 'Cluster') clusters.push(value);
    const read = Object.hasOwn(readers, `${group}/${kind}`) ? readers[`${group}/${kind}`] : undefined;
    for (const { project, version, field, rank } of read?.(value, (...path) => textAt(value, path)) ?? []) {
      if (version === undefined || !targetOf(version)) continue;
      own.push({ project, rank, evidence: evidenceOf(value, version, field) });
    }
  }
  return { own, clusters, controlPlanes, values: valueSourcesIn(objects) };
}

function evidenceOf(object: BuiltMap, version: string, field: string): Evidence {
  return { version, field: `${textAt(object, ['kind'])} ${field}`, file: object.origin.source.file };
}

/** A cluster, and what its entry point applies by hand. */
export interface Rooted {
  readonly cluster: Cluster;
  readonly seed: { readonly objects: readonly BuiltObject[] };
}

/** The versions of each cluster, by its name as in `Applier.cluster`. */
export function versionsOf(clusters: readonly Rooted[]): ReadonlyMap<string, Versions> {
  const stated = new Map<string, Statements[]>();
  for (const [name, objects] of clusters.flatMap(objectsByCluster)) {
    const known = stated.get(name);
    if (known) known.push(statementsIn(objects));
    else stated.set(name, [statementsIn(objects)]);
  }
  const managed = managedIn(stated);
  return new Map(
    [...stated].map(([name, statements]) => {
      const inValues = statedInValues(statements.map(({ values }) => values)).flatMap(statementOf);
      const own = bestOf([...statements.flatMap((one) => one.own), ...inValues]);
      const kubernetes = own.kubernetes ?? managedVersion(name, managed);
      return [name, kubernetes ? { ...own, kubernetes } : own] as const;
    }),
  );
}

function statementOf({ release, version, file }: StatedInValues): readonly Statement[] {
  if (!targetOf(version)) return [];
  const field = `${textAt(release, ['kind'])} spec.valuesFrom ${versionInValues.join('.')}`;
  return [{ project: 'flux', rank: 3, evidence: { version, field, file } }];
}

function objectsByCluster({ cluster, seed }: Rooted): readonly (readonly [string, readonly BuiltObject[]])[] {
  const applied = cluster.appliers.map((one) => [one.cluster, one.result.objects] as const);
  return [...applied, [cluster.name, seed.objects]];
}

function bestOf(statements: readonly Statement[]): Versions {
  const best = new Map<VersionedProject, Statement>();
  for (const one of statements) if (one.rank > (best.get(one.project)?.rank ?? 0)) best.set(one.project, one);
  return Object.fromEntries([...best].map(([project, { evidence }]) => [project, evidence]));
}

/** An object `Cluster` of Cluster API, and the cluster that gets it. */
interface Managed {
  readonly manager: string;
  readonly cluster: BuiltMap;
  readonly controlPlanes: readonly BuiltMap[];
}

/** By the name of the object. */
function managedIn(stated: ReadonlyMap<string, readonly Statements[]>): ReadonlyMap<string, readonly Managed[]> {
  const all = [...stated].flatMap(([manager, statements]): readonly Managed[] => {
    const clusters = statements.flatMap((one) => one.clusters);
    if (clusters.length === 0) return [];
    const controlPlanes = statements.flatMap((one) => one.controlPlanes);
    return clusters.map((cluster) => ({ manager, cluster, controlPlanes }));
  });
  return groupedBy(all, ({ cluster }) => nameOf(cluster) ?? '');
}

/**
 * The version of Kubernetes that Cluster API makes a cluster with, by the objects of the cluster that manages it: that of its
 * topology, else that of its control plane, whatever provider it is of. Unknown where several clusters have the name.
 */
function managedVersion(name: string, managed: ReadonlyMap<string, readonly Managed[]>): Evidence | undefined {
  const at = name.lastIndexOf(arrow);
  const own = at < 0 ? name : name.slice(at + arrow.length);
  const found = (managed.get(own) ?? []).filter(({ manager }) =>
    at < 0 ? manager !== name : manager === name.slice(0, at),
  );
  const [one] = found;
  return found.length === 1 && one ? versionOf(one.cluster, one.controlPlanes) : undefined;
}

function versionOf(cluster: BuiltMap, controlPlanes: readonly BuiltMap[]): Evidence | undefined {
  const topology = textAt(cluster, ['spec', 'topology', 'version']);
  if (topology !== undefined) return exact(cluster, topology, 'spec.topology.version');
  const reference = builtAt(cluster, ['spec', 'controlPlaneRef']);
  const plane = controlPlanes.find(
    (one) => nameOf(one) === textAt(reference, ['name']) && textAt(one, ['kind']) === textAt(reference, ['kind']),
  );
  return plane && exact(plane, textAt(plane, ['spec', 'version']), 'spec.version');
}

function exact(object: BuiltMap, version: string | undefined, field: string): Evidence | undefined {
  if (version === undefined || targetOf(version)?.minor === undefined) return undefined;
  return evidenceOf(object, version, field);
}

function nameOf(object: BuiltMap): string | undefined {
  return textAt(object, ['metadata', 'name']);
}

/** The tag of the image of a container of a Deployment. */
function imageTag(object: BuiltMap, container: string): string | undefined {
  const containers = builtAt(object, ['spec', 'template', 'spec', 'containers']);
  const found =
    containers?.kind === 'list' ? containers.items.find((one) => textAt(one, ['name']) === container) : undefined;
  return /:([^/:]+)$/.exec((textAt(found, ['image']) ?? '').replace(/@.*$/, ''))?.[1];
}

/** Flux 2.6 has kustomize-controller 1.6, 2.10 has 1.10. */
function fluxOfController(tag: string | undefined): string | undefined {
  const found = /^v?1\.(\d+)\./.exec(tag ?? '');
  return found ? `2.${found[1]}` : undefined;
}
