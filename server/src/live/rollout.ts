// Rollout status, in the exact words of `kubectl rollout status` for Deployments, DaemonSets and StatefulSets
// (k8s.io/kubectl/pkg/polymorphichelpers/rollout_status.go), and with the same sequence of checks for Cluster API's
// MachineDeployments and the control planes of any provider.
import { compareNames } from '../kube/natural.ts';
import { roleOf } from '../kube/roles.ts';
import { clusterRollout } from './cluster-rollout.ts';
import { conditionsOf, isTrue } from './conditions.ts';
import { at, number, text } from './fields.ts';
import type { LiveObject } from './object.ts';
import type { Rollout } from './rollout-state.ts';

/** Undefined for kinds that have no rollout. `revision`: the revision to pin to; 0 is the latest. */
export function rolloutOf(object: LiveObject, revision = 0): Rollout | undefined {
  switch (object.groupKind) {
    case 'apps/Deployment':
    case 'extensions/Deployment':
      return deployment(object, revision);
    case 'apps/DaemonSet':
    case 'extensions/DaemonSet':
      return daemonSet(object);
    case 'apps/StatefulSet':
      return statefulSet(object);
    case 'cluster.x-k8s.io/MachineDeployment':
      return machineDeployment(object);
    case 'cluster.x-k8s.io/MachinePool':
      return machinePool(object);
    case 'cluster.x-k8s.io/Cluster':
      return clusterRollout(object);
    default:
      return roleOf(object.groupKind) === 'controlPlane' ? controlPlane(object) : undefined;
  }
}

const done = (message: string): Rollout => ({ is: 'done', message });
const waiting = (message: string) => ({ is: 'waiting', message }) as const;
const failed = (message: string): Rollout => ({ is: 'failed', message });

function deployment({ name, generation, spec, status, annotations }: LiveObject, revision: number): Rollout {
  const quoted = JSON.stringify(name);
  if (revision > 0) {
    // kubectl parses the annotation with Go's strconv.ParseInt; a missing annotation is revision 0.
    const written = annotations['deployment.kubernetes.io/revision'];
    if (written !== undefined && !/^[+-]?\d+$/.test(written)) {
      return failed(
        `cannot get the revision of deployment ${quoted}: strconv.ParseInt: parsing ${JSON.stringify(written)}: invalid syntax`,
      );
    }
    const running = Number(written ?? 0);
    if (running !== revision)
      return failed(`desired revision (${revision}) is different from the running revision (${running})`);
  }
  if (generation > count(status, 'observedGeneration'))
    return waiting('Waiting for deployment spec update to be observed...');
  if (conditionsOf(status).get('Progressing')?.reason === 'ProgressDeadlineExceeded') {
    return failed(`deployment ${quoted} exceeded its progress deadline`);
  }
  const [updated, all, available] = [
    count(status, 'updatedReplicas'),
    count(status, 'replicas'),
    count(status, 'availableReplicas'),
  ];
  const wanted = number(spec, 'replicas');
  const wait = (what: string) => waiting(`Waiting for deployment ${quoted} rollout to finish: ${what}...`);
  if (wanted !== undefined && updated < wanted)
    return wait(`${updated} out of ${wanted} new replicas have been updated`);
  if (all > updated) return wait(`${all - updated} old replicas are pending termination`);
  if (available < updated) return wait(`${available} of ${updated} updated replicas are available`);
  return done(`deployment ${quoted} successfully rolled out`);
}

const onlyRolling: Rollout = {
  is: 'failed',
  message: 'rollout status is only available for RollingUpdate strategy type',
  untracked: true,
};

function daemonSet({ name, generation, spec, status }: LiveObject): Rollout {
  const quoted = JSON.stringify(name);
  if (text(spec, 'updateStrategy', 'type') !== 'RollingUpdate') return onlyRolling;
  if (generation > count(status, 'observedGeneration'))
    return waiting('Waiting for daemon set spec update to be observed...');
  const desired = count(status, 'desiredNumberScheduled');
  const [updated, available] = [count(status, 'updatedNumberScheduled'), count(status, 'numberAvailable')];
  const wait = (what: string) => waiting(`Waiting for daemon set ${quoted} rollout to finish: ${what}...`);
  if (updated < desired) return wait(`${updated} out of ${desired} new pods have been updated`);
  if (available < desired) return wait(`${available} of ${desired} updated pods are available`);
  return done(`daemon set ${quoted} successfully rolled out`);
}

function statefulSet({ generation, spec, status }: LiveObject): Rollout {
  if (text(spec, 'updateStrategy', 'type') !== 'RollingUpdate') return onlyRolling;
  const observed = count(status, 'observedGeneration');
  if (observed === 0 || generation > observed) return waiting('Waiting for statefulset spec update to be observed...');
  const wanted = number(spec, 'replicas');
  const [ready, updated, current] = [
    count(status, 'readyReplicas'),
    count(status, 'updatedReplicas'),
    count(status, 'currentReplicas'),
  ];
  if (wanted !== undefined && ready < wanted) return waiting(`Waiting for ${wanted - ready} pods to be ready...`);
  if (at(spec, 'updateStrategy', 'rollingUpdate') != null) {
    const partition = number(spec, 'updateStrategy', 'rollingUpdate', 'partition');
    if (wanted !== undefined && partition !== undefined && updated < wanted - partition) {
      return waiting(
        `Waiting for partitioned roll out to finish: ${updated} out of ${wanted - partition} new pods have been updated...`,
      );
    }
    return done(`partitioned roll out complete: ${updated} new pods have been updated...`);
  }
  const [updateRevision, currentRevision] = [
    text(status, 'updateRevision') ?? '',
    text(status, 'currentRevision') ?? '',
  ];
  if (updateRevision !== currentRevision) {
    return waiting(
      `waiting for statefulset rolling update to complete ${updated} pods at revision ${updateRevision}...`,
    );
  }
  return done(`statefulset rolling update complete ${current} pods at revision ${currentRevision}...`);
}

/**
 * `DeploymentComplete` in Cluster API's core/reconcilers/machinedeployment/mdutil/util.go, reported with kubectl's
 * sequence of checks.
 */
function machineDeployment(object: LiveObject): Rollout {
  const { spec, status } = object;
  const held = text(spec, 'rollout', 'strategy', 'type') ?? text(spec, 'strategy', 'type');
  if (at(spec, 'paused') === true)
    return waiting(
      `machine deployment ${JSON.stringify(object.name)} is paused; nothing rolls out until it is resumed`,
    );
  const ladder = replicaLadder(object, 'machine deployment', number(spec, 'replicas'));
  if (
    ladder.is === 'waiting' &&
    held === 'OnDelete' &&
    count(status, upToDate(status)) < (number(spec, 'replicas') ?? 0)
  ) {
    return waiting(`${ladder.message} Its strategy is OnDelete: a machine is replaced only after it is deleted.`);
  }
  return ladder;
}

/** Providers replace the machines of a pool themselves; many report no count of updated ones, only that replicas are ready. */
function machinePool(object: LiveObject): Rollout {
  const { spec, status } = object;
  const wanted = number(spec, 'replicas') ?? 1;
  if (number(status, upToDate(status)) !== undefined) return replicaLadder(object, 'machine pool', wanted);
  const ready = count(status, 'readyReplicas');
  const known = { ...status, updatedReplicas: Math.min(count(status, 'replicas'), wanted) };
  const available = number(status, 'availableReplicas') ?? ready;
  return replicaLadder({ ...object, status: { ...known, availableReplicas: available } }, 'machine pool', wanted);
}

/** The definition in Cluster API's contract (internal/contract/controlplane.go), which applies to every provider. */
function controlPlane(object: LiveObject): Rollout {
  const { name, spec, status } = object;
  const wait = (what: string) =>
    waiting(`Waiting for control plane ${JSON.stringify(name)} rollout to finish: ${what}...`);
  const running = lowestVersion(status);
  const wanted = text(spec, 'version');
  if (wanted !== undefined && running === undefined && !isInitialized(status))
    return wait('the first machine is not initialized yet');
  const replicas = number(spec, 'replicas');
  // Managed control planes (EKS, AKS, GKE) have no machines; only the version rolls out.
  const ladder = replicas === undefined ? done('') : replicaLadder(object, 'control plane', replicas);
  if (ladder.is === 'waiting') return ladder;
  if (wanted !== undefined && running !== undefined && isOlder(running, wanted))
    return wait(`version ${running} is being replaced by ${wanted}`);
  if (replicas === undefined && object.generation > (number(status, 'observedGeneration') ?? object.generation)) {
    return waiting('Waiting for control plane spec update to be observed...');
  }
  // The version is optional in the contract, and some providers omit it: either the desired version or the previous one
  // may be running.
  if (wanted !== undefined && running === undefined)
    return { ...wait('the provider does not report the running version'), unknown: true };
  return done(`control plane ${JSON.stringify(name)} successfully rolled out`);
}

/** The fields of both contract versions, and `ready`, which managed providers set. */
function isInitialized(status: LiveObject['status']): boolean {
  return (
    at(status, 'initialization', 'controlPlaneInitialized') === true ||
    at(status, 'initialized') === true ||
    at(status, 'ready') === true
  );
}

function replicaLadder(object: LiveObject, what: string, wanted = 1): Rollout {
  const { name, generation, status } = object;
  const wait = (words: string) => waiting(`Waiting for ${what} ${JSON.stringify(name)} rollout to finish: ${words}...`);
  if (object.deleted !== undefined) return waiting(`${what} ${JSON.stringify(name)} is being deleted`);
  // A provider that doesn't report observedGeneration is assumed to be up to date.
  if (generation > (number(status, 'observedGeneration') ?? generation))
    return waiting(`Waiting for ${what} spec update to be observed...`);
  const conditions = conditionsOf(status);
  if (isTrue(conditions, 'Paused'))
    return waiting(`${what} ${JSON.stringify(name)} is paused; nothing rolls out until it is resumed`);
  const all = count(status, 'replicas');
  const updated = withoutUpdated.has(object.groupKind) ? Math.min(all, wanted) : count(status, upToDate(status));
  const available = number(status, 'availableReplicas') ?? all - count(status, 'unavailableReplicas');
  if (updated < wanted) return wait(`${updated} out of ${wanted} new replicas have been updated`);
  if (all > updated) return wait(`${all - updated} old replicas are pending termination`);
  if (available < updated) return wait(`${available} of ${updated} updated replicas are available`);
  for (const [type, words] of Object.entries(unfinished)) if (isTrue(conditions, type)) return wait(words);
  return done(`${what} ${JSON.stringify(name)} successfully rolled out`);
}

/**
 * Kinds whose status has no counter of up-to-date machines; the version decides instead. A missing counter alone proves
 * nothing, since most kinds omit it while it is 0.
 */
const withoutUpdated: ReadonlySet<string> = new Set(['controlplane.cluster.x-k8s.io/TalosControlPlane']);

const unfinished: Readonly<Record<string, string>> = {
  RollingOut: 'machines are being replaced',
  ScalingUp: 'machines are being added',
  ScalingDown: 'machines are being removed',
  Remediating: 'an unhealthy machine is being replaced',
};

function upToDate(status: LiveObject['status']): string {
  return number(status, 'upToDateReplicas') === undefined ? 'updatedReplicas' : 'upToDateReplicas';
}

/** The oldest version that the object's machines run, if the status reports versions. */
export function lowestVersion(status: LiveObject['status']): string | undefined {
  const versions = at(status, 'versions');
  const all = Array.isArray(versions) ? versions.flatMap((item) => text(item, 'version') ?? []) : [];
  const one = text(status, 'version');
  return [...all, ...(all.length === 0 && one !== undefined ? [one] : [])].sort((a, b) =>
    isOlder(a, b) ? -1 : isOlder(b, a) ? 1 : 0,
  )[0];
}

/** Compares major, minor and patch, then build metadata with its numbers by value. Managed providers may omit the patch. */
export function isOlder(a: string, b: string): boolean {
  const parts = (version: string) => /^v?(\d+)\.(\d+)(?:\.(\d+))?(.*)$/.exec(version);
  const [left, right] = [parts(a), parts(b)];
  if (!left || !right) return false;
  for (const index of [1, 2, 3]) {
    if (left[index] === undefined || right[index] === undefined) return false;
    if (Number(left[index]) !== Number(right[index])) return Number(left[index]) < Number(right[index]);
  }
  return compareNames(left[4]!, right[4]!) < 0;
}

function count(status: LiveObject['status'], name: string): number {
  return number(status, name) ?? 0;
}

/** kubectl's message without the parts that the row already shows. */
export function shortened(message: string): string {
  return message
    .replace(/^Waiting for [\w ]+ "[^"]*" rollout to finish: /, '')
    .replace(/^Waiting for (\w+ ?\w*) spec update to be observed/, 'its controller has not observed the change yet')
    .replace(/^Waiting for /, 'waiting for ')
    .replace(/\.\.\.$/, '');
}
