// What is wrong in a cluster, each cause once: an object that isn't well because of another one follows it. A failed source
// explains the Kustomizations that wait for it, a failed machine its MachineDeployment and its Cluster, a sick workload the
// HelmRelease that waits for it.
import { type GroupKind, kindName } from '../kube/identity.ts';
import { oneLine } from '../syntax/shown.ts';
import type { Cause } from './causes.ts';
import { conditionsOf } from './conditions.ts';
import { knownHealth } from './describe.ts';
import { type Diagnosis, diagnosisLine, isFailure, nextStep, withCauses } from './diagnosis.ts';
import { familyOf, isFlux } from './family.ts';
import { list, text } from './fields.ts';
import { diagnoseFlux } from './flux-causes.ts';
import { chartOf, sourceAt, sourcesOf } from './flux-sources.ts';
import type { Health } from './health-state.ts';
import { diagnoseMachine } from './machines.ts';
import { nextSteps } from './next-steps.ts';
import { keyOf, type LiveObject, type ObjectKey, objectKey } from './object.ts';
import { branchOf, parentOf } from './parents.ts';
import { partsOf } from './parts.ts';

const machineKind: GroupKind = 'cluster.x-k8s.io/Machine';

export interface Trouble {
  /** Undefined if the cause is an object that does not exist. */
  readonly object: LiveObject | undefined;
  readonly groupKind: GroupKind;
  readonly namespace?: string;
  readonly name: string;
  readonly state: 'failed' | 'progressing' | 'suspended' | 'unknown' | 'deleting';
  readonly cause: Cause;
  /** What is wrong, with the cluster's own message. */
  readonly sentence: string;
  /** What is wrong, in the fewest words that still distinguish it. */
  readonly headline: string;
  readonly next: string;
  /** RFC 3339. */
  readonly since?: string;
  /** Objects that are not well because of it, nearest first. */
  readonly followers: readonly LiveObject[];
}

/** The trouble that proves a failure of an object which still progresses by its own words. */
export function provenFailure<T extends Pick<Trouble, 'state'>>(
  state: string,
  troubleOf: () => T | undefined,
): T | undefined {
  const trouble = state === 'progressing' ? troubleOf() : undefined;
  return trouble?.state === 'failed' ? trouble : undefined;
}

/** The objects of a cluster by key, and those of them that aren't well. */
export interface Watched {
  get(key: ObjectKey): LiveObject | undefined;
  unwell(): ReadonlyMap<ObjectKey, LiveObject>;
}

/** What was asked for about a cluster, beyond what is watched in it. */
export interface Findings {
  /** About objects that are watched, by key. */
  readonly causes: ReadonlyMap<ObjectKey, readonly Diagnosis[]>;
  /** Objects of kinds that aren't watched, such as nodes and Jobs. */
  readonly around: readonly LiveObject[];
}

export const noFindings: Findings = { causes: new Map(), around: [] };

/** What is wrong in a cluster. Of the objects that aren't watched, only what is broken is a trouble. */
export function troublesIn(watched: Watched, { causes, around }: Findings): readonly Trouble[] {
  const broken = around.filter((object) => ['failed', 'deleting', 'unknown'].includes(knownHealth(object).state));
  const found = new Map(broken.map((object) => [objectKey(object), object]));
  return troublesOf(
    {
      get: (key) => found.get(key) ?? watched.get(key),
      unwell: () => new Map([...watched.unwell(), ...found]),
    },
    causes,
  );
}

/** `causes`: what was found about an object beyond its own status, by key. Failures come first, then those with most followers. */
export function troublesOf(
  all: Watched,
  causes: ReadonlyMap<ObjectKey, readonly Diagnosis[]> = new Map(),
): readonly Trouble[] {
  const health = (object: LiveObject): Health =>
    withCauses(object, knownHealth(object), causes.get(objectKey(object)) ?? []);
  // By key, whatever became sick first, so that rows keep still.
  const unwell = [...all.unwell()].sort(([a], [b]) => (a < b ? -1 : 1));
  const sick = new Map(unwell.filter(([, object]) => isSick(health(object))));
  const below = childrenOf(sick);
  const missing = new Map<ObjectKey, Target>();
  const blockers = new Map<ObjectKey, ObjectKey | undefined>();
  const blocker = (key: ObjectKey): ObjectKey | undefined => {
    const object = sick.get(key);
    if (!object) return undefined;
    if (!blockers.has(key)) {
      const target = blockerOf(object, all, below.get(key) ?? [], health);
      if (target && !all.get(target.key)) missing.set(target.key, target);
      blockers.set(key, target?.key);
    }
    return blockers.get(key);
  };
  const followers = new Map<ObjectKey, LiveObject[]>();
  for (const [key, object] of sick) {
    const root = rootOf(key, blocker);
    const cause = all.get(root);
    // What only takes time doesn't explain a failure.
    const isExplained =
      root !== key && (!cause || health(object).state !== 'failed' || /failed|suspended/.test(health(cause).state));
    const own = isExplained ? root : key;
    const known = followers.get(own) ?? [];
    followers.set(own, known);
    if (isExplained) known.push(object);
  }
  return [...followers]
    .map(([key, waiting]) => {
      const object = all.get(key);
      if (!object) return absentTrouble(missing.get(key)!, waiting);
      return troubleOf(object, health(object), causes.get(key) ?? [], waiting);
    })
    .sort(worstFirst);
}

const order = ['failed', 'unknown', 'suspended', 'deleting', 'progressing'] as const;

function worstFirst(a: Trouble, b: Trouble): number {
  return (
    order.indexOf(a.state) - order.indexOf(b.state) ||
    b.followers.length - a.followers.length ||
    (`${a.groupKind}|${a.namespace ?? ''}|${a.name}` < `${b.groupKind}|${b.namespace ?? ''}|${b.name}` ? -1 : 1)
  );
}

function isSick({ state }: Health): boolean {
  return state === 'failed' || state === 'progressing' || state === 'unknown' || state === 'deleting';
}

/** A suspended object isn't sick itself, but what depends on its next generation waits for ever. */
function isHeld(object: LiveObject): boolean {
  return knownHealth(object).state === 'suspended';
}

function rootOf(key: ObjectKey, blocker: (key: ObjectKey) => ObjectKey | undefined): ObjectKey {
  const seen = new Set<ObjectKey>([key]);
  let here = key;
  for (let next = blocker(here); next !== undefined; next = blocker(here)) {
    // A cycle of dependencies has no root; each of its objects is its own.
    if (seen.has(next)) return key;
    seen.add(next);
    here = next;
  }
  return here;
}

interface Target {
  readonly key: ObjectKey;
  readonly groupKind: GroupKind;
  readonly namespace?: string;
  readonly name: string;
}

/** Sick objects by the object that they belong to: its machines, or what it has applied. */
function childrenOf(sick: ReadonlyMap<ObjectKey, LiveObject>): ReadonlyMap<ObjectKey, readonly LiveObject[]> {
  const below = new Map<ObjectKey, LiveObject[]>();
  const add = (parent: ObjectKey | undefined, object: LiveObject) => {
    if (parent === undefined || parent === objectKey(object)) return;
    const known = below.get(parent);
    if (known) known.push(object);
    else below.set(parent, [object]);
  };
  for (const object of sick.values()) {
    if (branchOf(object.groupKind) === 'cluster-api') add(parentOf('cluster-api', object), object);
    add(parentOf('flux', object), object);
  }
  return below;
}

/** The object because of which this one isn't well; undefined if it is the cause itself. */
function blockerOf(
  object: LiveObject,
  all: Watched,
  below: readonly LiveObject[],
  health: (object: LiveObject) => Health,
): Target | undefined {
  const own = health(object).state;
  if (isFlux(object.groupKind)) {
    const awaited = awaitedBy(object).find(({ key }) => {
      const found = all.get(key);
      return found ? isSick(health(found)) || isHeld(found) : isGone(object);
    });
    if (awaited) return awaited;
    // What failed before anything was applied isn't the fault of what was applied earlier.
    if (diagnoseFlux(object)?.cause !== 'health' && own === 'failed') return undefined;
  }
  const parts = partsOf(object).flatMap(({ key }) => {
    const found = all.get(key);
    return found && isSick(health(found)) ? [found] : [];
  });
  const candidates = [...parts, ...below];
  const worst = candidates.find((child) => health(child).state === 'failed') ?? candidates[0];
  return worst && targetOf(worst);
}

/** Whether the object reports that what it refers to does not exist. */
function isGone(object: LiveObject): boolean {
  return diagnoseFlux(object)?.cause === 'missing';
}

function targetOf({ groupKind, namespace, name }: LiveObject): Target {
  return { key: keyOf(groupKind, namespace, name), groupKind, ...(namespace === undefined ? {} : { namespace }), name };
}

/** What a Flux object that isn't ready may wait for: its dependencies, its chart, its source. */
function awaitedBy(object: LiveObject): readonly Target[] {
  const { spec, status, groupKind, namespace } = object;
  const ready = conditionsOf(status).get('Ready');
  const dependencies = list(spec, 'dependsOn').flatMap((one) => {
    const name = text(one, 'name');
    return name === undefined ? [] : [sourceAt(groupKind, text(one, 'namespace') ?? namespace, name)];
  });
  const chart = chartOf(object);
  const sources = [...(chart ? [chart] : []), ...sourcesOf(object)];
  return ready?.reason === 'DependencyNotReady' ? [...dependencies, ...sources] : sources;
}

function troubleOf(
  object: LiveObject,
  health: Health,
  causes: readonly Diagnosis[],
  followers: readonly LiveObject[],
): Trouble {
  const found = causes.find(isFailure) ?? causes[0] ?? ownCause(object, health);
  const since = found.since ?? health.since;
  return {
    object,
    ...targetOf(object),
    state: health.state as Trouble['state'],
    cause: found.cause,
    sentence: diagnosisLine(found),
    headline: headlineOf(object, found),
    next: nextStep(found),
    ...(since === undefined ? {} : { since }),
    followers,
  };
}

function ownCause(object: LiveObject, health: Health): Diagnosis {
  const plain = (cause: Cause, next?: string): Diagnosis => ({
    ...{ cause, sentence: oneLine(health.reason, 600) || health.state, evidence: '', pods: 0 },
    ...(next === undefined ? {} : { next }),
  });
  if (health.state === 'suspended') return plain('suspended');
  if (health.state === 'deleting') return plain('finalizer');
  if (isFlux(object.groupKind)) return diagnoseFlux(object) ?? plain('controller');
  if (object.groupKind === machineKind) return { ...diagnoseMachine(object), sentence: 'the machine is not ready' };
  if (familyOf(object.groupKind) === 'workload') return plain('health', 'Look at its pods.');
  if (object.groupKind === '/Node') return plain('node');
  if (object.groupKind === 'batch/Job') return plain('crash');
  const isInfrastructure = partsOf(object).length === 0 && branchOf(object.groupKind) === 'cluster-api';
  return plain(isInfrastructure ? 'infrastructure' : 'machine');
}

function absentTrouble({ groupKind, namespace, name }: Target, followers: readonly LiveObject[]): Trouble {
  return {
    object: undefined,
    ...{ groupKind, name, state: 'failed', cause: 'missing', next: nextSteps.missing },
    ...{ sentence: 'does not exist', headline: 'does not exist' },
    ...(namespace === undefined ? {} : { namespace }),
    followers,
  };
}

/** Of a machine, what its controller reports: that it isn't ready is said by its state. */
function headlineOf({ groupKind }: LiveObject, { sentence, evidence, pods }: Diagnosis): string {
  const said = groupKind === machineKind && evidence !== '' ? evidence : sentence;
  return `${oneLine(said, 120)}${pods > 1 ? ` (${pods} pods)` : ''}`;
}

/** `GitRepository flux-system/fleet: access is denied: …, 61 waiting`. */
export function troubleLine({ groupKind, namespace, name, sentence, followers }: Trouble): string {
  const waiting = followers.length === 0 ? '' : `, ${followers.length} waiting`;
  return `${kindName(groupKind)} ${[namespace, name].filter(Boolean).join('/')}: ${sentence}${waiting}`;
}
