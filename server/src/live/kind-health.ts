// The health of any other kind: the built-in ones from what their controllers write, and every kind without rules of its own as
// kstatus judges it (github.com/fluxcd/cli-utils, pkg/kstatus/status), except that a reported failure is a failure.
import type { GroupKind } from '../kube/identity.ts';
import { type Condition, type Conditions, conditionsOf, spaced } from './conditions.ts';
import { flag, list, number, text } from './fields.ts';
import { fromCondition, type Health, type HealthState, sinceOf } from './health-state.ts';
import type { LiveObject } from './object.ts';
import { podHealth } from './pod-health.ts';

export function kindHealth(object: LiveObject): Health {
  const conditions = conditionsOf(object.status);
  return (
    standardHealth(object, conditions) ??
    builtIn[object.groupKind]?.(object, conditions) ??
    reported(object, conditions)
  );
}

/** The part of kstatus that precedes the rules of kinds. */
function standardHealth({ generation, status }: LiveObject, conditions: Conditions): Health | undefined {
  const seen = number(status, 'observedGeneration');
  if (seen !== undefined && generation > 0 && seen !== generation)
    return { state: 'progressing', reason: `generation ${generation} is not reconciled yet` };
  const stalled = conditions.get('Stalled');
  if (stalled?.status === 'True') return fromCondition('failed', stalled);
  const reconciling = conditions.get('Reconciling');
  return reconciling?.status === 'True' ? fromCondition('progressing', reconciling) : undefined;
}

type KindHealth = (object: LiveObject, conditions: Conditions) => Health | undefined;

const builtIn: Readonly<Record<GroupKind, KindHealth>> = {
  '/Pod': podHealth,
  '/PersistentVolumeClaim': ({ status }) =>
    phase(status, { Bound: ['ready', 'bound'], Lost: ['failed', 'its volume is lost'] }, 'not bound yet'),
  '/PersistentVolume': ({ status }) =>
    phase(
      status,
      {
        Bound: ['ready', 'bound'],
        Available: ['ready', 'available'],
        Released: ['ready', 'released'],
        Failed: ['failed', ''],
      },
      'not available yet',
    ),
  '/Namespace': ({ status }) => phase(status, { Active: ['ready', ''] }, ''),
  '/Node': nodeHealth,
  '/Service': ({ spec, status }) =>
    text(spec, 'type') === 'LoadBalancer' && list(status, 'loadBalancer', 'ingress').length === 0
      ? { state: 'progressing', reason: 'no load balancer has been assigned yet' }
      : undefined,
  'apps/ReplicaSet': replicaSetHealth,
  'batch/Job': jobHealth,
  'batch/CronJob': cronJobHealth,
  'autoscaling/HorizontalPodAutoscaler': autoscalerHealth,
  'policy/PodDisruptionBudget': ({ status }) => ({
    state: 'ready',
    reason: `allows ${number(status, 'disruptionsAllowed') ?? 0} disruptions`,
  }),
  'apiextensions.k8s.io/CustomResourceDefinition': definitionHealth,
  'apiregistration.k8s.io/APIService': (_, conditions) => {
    const available = conditions.get('Available');
    return available && available.status !== 'True' ? fromCondition('failed', available) : undefined;
  },
};

function phase(
  status: LiveObject['status'],
  known: Readonly<Record<string, readonly [HealthState, string]>>,
  otherwise: string,
): Health {
  const name = text(status, 'phase') ?? '';
  const entry = Object.hasOwn(known, name) ? known[name] : undefined;
  if (!entry) return { state: 'progressing', reason: otherwise };
  return { state: entry[0], reason: text(status, 'message') ?? text(status, 'reason') ?? entry[1] };
}

function nodeHealth({ spec, status }: LiveObject, conditions: Conditions): Health {
  const ready = conditions.get('Ready');
  if (!ready) return { state: 'progressing', reason: 'its kubelet has not reported yet' };
  if (ready.status !== 'True') return fromCondition('failed', ready);
  const pressure = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable'].filter(
    (type) => conditions.get(type)?.status === 'True',
  );
  const notes = [flag(spec, 'unschedulable') ? 'cordoned' : '', ...pressure.map((type) => spaced(type).toLowerCase())];
  const version = text(status, 'nodeInfo', 'kubeletVersion') ?? '';
  return { state: 'ready', reason: [version, ...notes].filter(Boolean).join(', '), ...sinceOf(ready.since) };
}

function replicaSetHealth({ spec, status }: LiveObject, conditions: Conditions): Health {
  const failure = conditions.get('ReplicaFailure');
  if (failure?.status === 'True') return fromCondition('failed', failure);
  const [wanted, available] = [number(spec, 'replicas') ?? 1, number(status, 'availableReplicas') ?? 0];
  // Revisions that a Deployment keeps for a rollback.
  if (wanted === 0 && (number(status, 'replicas') ?? 0) === 0) return { state: 'none', reason: '0/0' };
  const isDone =
    available >= wanted &&
    (number(status, 'readyReplicas') ?? wanted) >= wanted &&
    (number(status, 'replicas') ?? 0) <= wanted;
  return { state: isDone ? 'ready' : 'progressing', reason: `${available}/${wanted} available` };
}

function jobHealth({ spec, status }: LiveObject, conditions: Conditions): Health {
  const failed = [conditions.get('Failed'), conditions.get('FailureTarget')].find((one) => one?.status === 'True');
  if (failed) return fromCondition('failed', failed);
  const complete = conditions.get('Complete');
  if (complete?.status === 'True') return { state: 'ready', reason: 'complete', ...sinceOf(complete.since) };
  const suspended = conditions.get('Suspended');
  if (suspended?.status === 'True' || flag(spec, 'suspend'))
    return { state: 'suspended', reason: 'suspended', ...sinceOf(suspended?.since) };
  const wanted = number(spec, 'completions') ?? number(spec, 'parallelism') ?? 1;
  const failures = number(status, 'failed') ?? 0;
  const counts = `${number(status, 'succeeded') ?? 0}/${wanted} complete`;
  if (text(status, 'startTime') === undefined) return { state: 'progressing', reason: 'not started yet' };
  const reason = [
    counts,
    `${number(status, 'active') ?? 0} active`,
    failures > 0 ? `${failures} failed ${failures === 1 ? 'attempt' : 'attempts'}` : '',
  ];
  return { state: 'progressing', reason: reason.filter(Boolean).join(', '), ...sinceOf(text(status, 'startTime')) };
}

function cronJobHealth({ spec, status }: LiveObject): Health {
  if (flag(spec, 'suspend')) return { state: 'suspended', reason: 'suspended' };
  const [scheduled, succeeded] = [text(status, 'lastScheduleTime'), text(status, 'lastSuccessfulTime')];
  const active = list(status, 'active').length;
  if (active > 0) return { state: 'ready', reason: `${active} running`, ...sinceOf(scheduled) };
  if (scheduled === undefined) return { state: 'ready', reason: 'has not run yet' };
  // The controller notes a success when it removes the Job from the active ones.
  if (succeeded === undefined || Date.parse(succeeded) < Date.parse(scheduled))
    return { state: 'failed', reason: 'its last run did not succeed', since: scheduled };
  return { state: 'ready', reason: 'last run succeeded', since: succeeded };
}

function autoscalerHealth({ spec, status }: LiveObject, conditions: Conditions): Health {
  for (const type of ['AbleToScale', 'ScalingActive']) {
    const condition = conditions.get(type);
    if (condition?.status !== 'False') continue;
    // Scaled to zero by hand, which turns the autoscaler off.
    if (condition.reason === 'ScalingDisabled') return fromCondition('suspended', condition);
    return fromCondition('failed', condition);
  }
  const [current, desired] = [number(status, 'currentReplicas') ?? 0, number(status, 'desiredReplicas') ?? 0];
  const limits = `${number(spec, 'minReplicas') ?? 1} to ${number(spec, 'maxReplicas') ?? '?'}`;
  const limited = conditions.get('ScalingLimited');
  const scaled = sinceOf(text(status, 'lastScaleTime'));
  if (current !== desired)
    return { state: 'progressing', reason: `scales from ${current} to ${desired} (${limits})`, ...scaled };
  const atMaximum = limited?.status === 'True' && limited.reason === 'TooManyReplicas' ? ', at its maximum' : '';
  return { state: 'ready', reason: `${current} (${limits})${atMaximum}`, ...scaled };
}

function definitionHealth(_: LiveObject, conditions: Conditions): Health {
  const [names, established] = [conditions.get('NamesAccepted'), conditions.get('Established')];
  if (names?.status === 'False') return fromCondition('failed', names);
  if (established?.status === 'True') return { state: 'ready', reason: '', ...sinceOf(established.since) };
  if (established?.status === 'False' && established.reason !== 'Installing')
    return fromCondition('failed', established);
  return { state: 'progressing', reason: 'is being installed' };
}

const failureReason = /(Failed|Failure|Error|Errored|Invalid|Denied|Forbidden|Unauthorized)$/;

/** Ready as in kstatus; without it, the conditions and phases in which kinds of other controllers report how they ended. */
function reported({ status }: LiveObject, conditions: Conditions): Health {
  const ready = conditions.get('Ready') ?? conditions.get('Succeeded') ?? conditions.get('Available');
  const failed = conditions.get('Failed');
  if (failed?.status === 'True' && ready?.status !== 'True') return fromCondition('failed', failed);
  if (ready) return { ...fromCondition(stateOf(ready), ready), ...(ready.status === 'True' ? { reason: '' } : {}) };
  const complete = conditions.get('Complete') ?? conditions.get('Completed');
  if (complete?.status === 'True') return { state: 'ready', reason: 'complete', ...sinceOf(complete.since) };
  const name = text(status, 'phase') ?? '';
  if (/^(Failed|Error)$/i.test(name))
    return { state: 'failed', reason: text(status, 'message') ?? text(status, 'reason') ?? name };
  return { state: 'none', reason: '' };
}

/** Not Ready is in progress, as in kstatus, unless the reason itself is a failure. */
function stateOf(ready: Condition): HealthState {
  if (ready.status === 'True') return 'ready';
  const hasFailed =
    failureReason.test(ready.reason) ||
    ready.severity === 'Error' ||
    (ready.type === 'Succeeded' && ready.status === 'False');
  return hasFailed ? 'failed' : 'progressing';
}
