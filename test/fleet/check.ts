// Checks that a delivery of the fleet is consistent: in each cluster, every referenced object exists, its namespace exists,
// and it belongs to only one Kustomization. Objects from outside the files are listed here with the reason.
import { classProblems } from './classes.ts';
import type { Delivery } from './delivery.ts';
import { madeBy, type Reference, referencesIn } from './references.ts';
import { groupKindOf, type Json, listAt, textAt, titleOf } from './repositories.ts';

const outsideGit = 'created outside of Git: it is required to sign in at all';
const ownCharts = 'the chart azure-cluster creates the cluster';
const builtIn = 'built into Kubernetes';

/** `group/Kind namespace/name` to the reason why no file contains it. */
const elsewhere: Readonly<Record<string, string>> = {
  '/Secret flux-system/git-read': outsideGit,
  '/Secret flux-system/git-write': outsideGit,
  '/Secret flux-system/registry-read': outsideGit,
  '/Secret flux-system/slack-token': outsideGit,
  '/Secret flux-system/sops-age': outsideGit,
  '/Secret cert-manager/fleet-ca': outsideGit,
  'cluster.x-k8s.io/Cluster masters/azure-master': ownCharts,
  '/Secret masters/azure-master-kubeconfig': ownCharts,
  'rbac.authorization.k8s.io/ClusterRole view': builtIn,
};

const namespacesElsewhere: Readonly<Record<string, string>> = {
  'flux-system': "Flux's operator is installed there first",
};

/** Kustomizations of other repositories, whose files aren't available. */
const external: Readonly<Record<string, string>> = {
  'flux-system/prometheus-operator': "the operator's own repository",
  'flux-system/vsphere-csi-driver': "the driver's own repository",
};

export function problemsOf(delivery: Delivery): readonly string[] {
  const used = new Set<string>();
  const problems = [...delivery.problems];
  for (const [cluster, objects] of delivery.clusters) {
    const all = [...objects.values()];
    const { references, problems: unread } = referencesIn(all);
    const there = new Map<string, Json | undefined>(all.map((object) => [keyOf(object), object]));
    for (const made of madeBy(all)) there.set(made, undefined);
    const found = [
      ...unread,
      ...references.flatMap((reference) => unresolved(reference, there, used)),
      ...namespaceProblems(all, used),
      ...classProblems(all),
      ...orderProblems(all),
    ];
    problems.push(...found.map((text) => `${cluster}: ${text}`));
  }
  problems.push(...ownershipProblems(delivery));
  for (const { by, folder } of delivery.steps) {
    if (folder !== undefined || by === undefined) continue;
    if (by in external) used.add(by);
    else problems.push(`${by}: its source is not part of the fleet`);
  }
  const listed = [elsewhere, namespacesElsewhere, external].flatMap((list) => Object.keys(list));
  problems.push(
    ...listed.filter((key) => !used.has(key)).map((key) => `${key} is listed as elsewhere, but nothing refers to it`),
  );
  return problems;
}

function keyOf(object: Json): string {
  return `${groupKindOf(object)} ${titleOf(object).split(' ')[1]}`;
}

function unresolved(
  { from, path, target }: Reference,
  there: ReadonlyMap<string, Json | undefined>,
  used: Set<string>,
) {
  const keys = [`${target.groupKind} ${target.namespace}/${target.name}`, `${target.groupKind} ${target.name}`];
  const key = keys.find((candidate) => there.has(candidate));
  const listed = keys.find((candidate) => candidate in elsewhere);
  if (key === undefined && listed !== undefined) {
    used.add(listed);
    return [];
  }
  if (key === undefined) return [`${titleOf(from)}: ${path} refers to ${keys[0]}, which does not exist`];
  const object = there.get(key);
  if (object && target.apiVersion?.includes('/') && object.apiVersion !== target.apiVersion) {
    return [`${titleOf(from)}: ${path} has ${target.apiVersion}, but the object has ${object.apiVersion}`];
  }
  return [];
}

function namespaceProblems(objects: readonly Json[], used: Set<string>): readonly string[] {
  const made = new Set(
    objects
      .filter((object) => groupKindOf(object) === '/Namespace')
      .map((object) => textAt(object, 'metadata', 'name')),
  );
  return objects.flatMap((object) => {
    const namespace = textAt(object, 'metadata', 'namespace');
    if (namespace === undefined || made.has(namespace)) return [];
    if (!(namespace in namespacesElsewhere)) return [`${titleOf(object)}: its namespace does not exist`];
    used.add(namespace);
    return [];
  });
}

/** `dependsOn` must not contain a cycle. */
function orderProblems(objects: readonly Json[]): readonly string[] {
  const waits = new Map<string, readonly string[]>();
  for (const object of objects) {
    const namespace = textAt(object, 'metadata', 'namespace');
    const on = listAt(object, 'spec', 'dependsOn').map(
      (one) => `${groupKindOf(object)} ${textAt(one, 'namespace') ?? namespace}/${textAt(one, 'name')}`,
    );
    if (on.length > 0) waits.set(keyOf(object), on);
  }
  const reaches = (from: string, goal: string, seen: Set<string>): boolean =>
    (waits.get(from) ?? []).some((next) => next === goal || (!seen.has(next) && reaches(next, goal, seen.add(next))));
  return [...waits.keys()].filter((key) => reaches(key, key, new Set())).map((key) => `dependsOn of ${key} is a cycle`);
}

/** Two Kustomizations that apply one object overwrite each other forever. The bootstrap cluster is temporary. */
function ownershipProblems({ steps, clusters }: Delivery): readonly string[] {
  return [...clusters.keys()].flatMap((cluster) => {
    const owners = new Map<string, string>();
    return steps
      .filter(
        (step) =>
          step.into === cluster && step.by !== undefined && (step.runsOn !== 'bootstrap' || cluster === 'bootstrap'),
      )
      .flatMap(({ by, objects }) =>
        objects.flatMap((object) => {
          const owner = owners.get(keyOf(object));
          owners.set(keyOf(object), by!);
          return owner === undefined ? [] : [`${cluster}: ${owner} and ${by} both apply ${titleOf(object)}`];
        }),
      );
  });
}
