// Why a cluster, a MachineDeployment or a control plane is stuck: its own conditions, and its machines that aren't ready, each
// with the step that it has not passed: bootstrap, infrastructure, node, health check, remediation, drain.

import { oneLine } from '../syntax/shown.ts';
import type { Cause } from './causes.ts';
import { type Condition, conditionsOf, wordsOf } from './conditions.ts';
import { knownHealth } from './describe.ts';
import type { Diagnosis } from './diagnosis.ts';
import { flag, text } from './fields.ts';
import { type Health, sinceOf } from './health-state.ts';
import type { Members } from './members.ts';
import type { LiveObject } from './object.ts';
import { rolloutOf } from './rollout.ts';

/** Any further machines are only counted. */
const shown = 5;

/** Empty if nothing is wrong or nothing is reported yet. `machines`: the object's own machines. */
export function diagnoseMachines(object: LiveObject, machines: readonly LiveObject[]): readonly Diagnosis[] {
  if (rolloutOf(object)?.is === 'done') return [];
  const waiting = machines
    .filter(isWaiting)
    .sort(
      (a, b) =>
        Number(knownHealth(b).state === 'failed') - Number(knownHealth(a).state === 'failed') ||
        (a.name < b.name ? -1 : 1),
    );
  const rest = waiting.length - shown;
  return [
    ...ofItself(object),
    ...waiting.slice(0, shown).map(diagnoseMachine),
    ...(rest > 0
      ? [
          {
            cause: 'machine' as const,
            sentence: `${rest} more ${rest === 1 ? 'machine is' : 'machines are'} not ready`,
            evidence: '',
            pods: 0,
          },
        ]
      : []),
  ];
}

/** By what Cluster API says of each (`UpToDate`) or, of older versions, by the Kubernetes version that is wanted. */
export function machinesByRevision(object: LiveObject, machines: readonly LiveObject[]): Members {
  const wantedVersion =
    text(object.spec, 'version') ??
    text(object.spec, 'template', 'spec', 'version') ??
    text(object.spec, 'topology', 'version');
  const isWanted = ({ spec, status }: LiveObject) => {
    const said = conditionsOf(status).get('UpToDate');
    if (said) return said.status !== 'False';
    const version = text(spec, 'version');
    return wantedVersion === undefined || version === undefined || version === wantedVersion;
  };
  return { wanted: machines.filter(isWanted), others: machines.filter((machine) => !isWanted(machine)) };
}

/** A paused machine that is ready waits for nothing. */
function isWaiting(machine: LiveObject): boolean {
  const { state } = knownHealth(machine);
  return state !== 'ready' && !(state === 'suspended' && conditionsOf(machine.status).get('Ready')?.status === 'True');
}

export function diagnoseMachine(machine: LiveObject): Diagnosis {
  const { name, uid, deleted } = machine;
  const health = knownHealth(machine);
  return {
    cause: deleted === undefined ? missingStep(machine) : deletionStep(machine),
    sentence: `machine ${name} is ${deleted === undefined ? 'not ready' : 'being deleted'}`,
    evidence: oneLine(health.reason, 400),
    pods: 0,
    ...sinceOf(sinceWhen(machine, health)),
    ...(uid === '' ? {} : { uid }),
  };
}

function sinceWhen({ status }: LiveObject, { since }: Health): string | undefined {
  return since ?? conditionsOf(status).get('Ready')?.since;
}

/** The conditions of a Machine in the order in which it passes them, in both generations of names. */
const steps: readonly (readonly [string, Cause])[] = [
  ['OwnerRemediated', 'remediation'],
  ['HealthCheckSucceeded', 'health check'],
  ['BootstrapConfigReady', 'bootstrap'],
  ['BootstrapReady', 'bootstrap'],
  ['InfrastructureReady', 'infrastructure'],
  ['NodeHealthy', 'node'],
];

function missingStep({ status }: LiveObject): Cause {
  const conditions = conditionsOf(status);
  for (const [type, cause] of steps) {
    const condition = conditions.get(type);
    if (condition === undefined || condition.status === 'True') continue;
    // The health check is unknown until the machine has a node.
    if (cause === 'health check' && condition.status !== 'False') continue;
    return cause === 'infrastructure' && isAboutCredentials(condition) ? 'credentials' : cause;
  }
  const { message } = conditions.get('Ready') ?? { message: '' };
  const named = steps.find(([type]) => new RegExp(`\\b${type}\\b`).test(message));
  if (named === undefined) return 'machine';
  return named[1] === 'infrastructure' && isAboutCredentials({ message }) ? 'credentials' : named[1];
}

function isAboutCredentials({ message }: Pick<Condition, 'message'>): boolean {
  return /credential|unauthori[sz]ed|authenticat|access denied|expired|permission/i.test(message);
}

function deletionStep({ status }: LiveObject): Cause {
  const conditions = conditionsOf(status);
  const reason = conditions.get('Deleting')?.reason ?? '';
  if (/Drain(ing|ed)?Node/.test(reason) || conditions.get('DrainingSucceeded')?.status === 'False') return 'drain';
  if (/VolumeDetach/.test(reason)) return 'volume';
  return 'deletion';
}

/** The object's controllers report in these conditions why they hold back a change. */
function ofItself({ status, spec, name, annotations }: LiveObject): readonly Diagnosis[] {
  const conditions = conditionsOf(status);
  const paused = conditions.get('Paused');
  if (flag(spec, 'paused') || paused?.status === 'True' || annotations['cluster.x-k8s.io/paused'] !== undefined) {
    const sentence = `${name} is paused; nothing rolls out until it is resumed`;
    return [{ cause: 'paused', sentence, evidence: '', pods: 0, ...sinceOf(paused?.since) }];
  }
  return ['TopologyReconciled', 'RollingOut', 'ScalingUp', 'ScalingDown', 'Remediating'].flatMap((type) => {
    const condition = conditions.get(type);
    if (condition === undefined) return [];
    const isTopology = type === 'TopologyReconciled';
    const holds = isTopology
      ? condition.status === 'False'
      : condition.status === 'True' && /blocked|cannot|fail/i.test(condition.message);
    if (!holds) return [];
    const isMissing = /\bdo(es)? not exist\b/.test(condition.message);
    const waits = isTopology && !/Failed/.test(condition.reason);
    return [
      {
        cause: isMissing ? ('template' as const) : waits ? ('upgrade' as const) : ('machine' as const),
        sentence: waits ? `${name} is being changed step by step` : `${name} cannot make progress`,
        evidence: oneLine(wordsOf(condition), 400),
        pods: 0,
        ...sinceOf(condition.since),
      },
    ];
  });
}
