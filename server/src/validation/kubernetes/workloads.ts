// Checks of Deployments, StatefulSets, DaemonSets, ReplicaSets, ReplicationControllers, Jobs, CronJobs and PodTemplates
// (kubernetes pkg/apis/apps/validation and pkg/apis/batch/validation).

import { dnsLabelProblem } from '../../kube/names.ts';
import { isTimeZone, parseCron } from '../../kube/values/cron.ts';
import { oneOfWords, show } from '../words.ts';
import type { BuiltinCheck } from './builtin.ts';
import { checkClaimTemplate } from './claim.ts';
import {
  at,
  count,
  type Field,
  fail,
  failAs,
  flag,
  integer,
  isHole,
  isSet,
  items,
  named,
  oneOf,
  required,
  rootField,
  text,
  within,
} from './field.ts';
import { numberOrPercent } from './formats.ts';
import { checkJobPolicies } from './job-policies.ts';
import { checkPodTemplate } from './pod.ts';
import { certainlyMisses, checkLabelSelector } from './selector.ts';

export const deployment: BuiltinCheck = (object, problems) => {
  const spec = at(rootField(object, problems), 'spec');
  checkReplicas(spec);
  checkSelected(spec, 'required');
  checkPodTemplate(at(spec, 'template'));
  alwaysRestarted(spec);
  const strategy = at(spec, 'strategy');
  typeOf(strategy, ['Recreate', 'RollingUpdate']);
  const rolling = at(strategy, 'rollingUpdate');
  if (text(at(strategy, 'type')) === 'Recreate' && isSet(rolling))
    fail(rolling, 'forbidden', 'must not be set with type: Recreate.');
  else checkRolling(rolling, '25%');
  within(at(spec, 'revisionHistoryLimit'), 0n);
  checkDeadline(spec);
};

export const replicaSet: BuiltinCheck = (object, problems) => {
  const spec = at(rootField(object, problems), 'spec');
  checkReplicas(spec);
  checkSelected(spec, 'required');
  checkPodTemplate(at(spec, 'template'));
  alwaysRestarted(spec);
};

/** The selector of a ReplicationController is a map of labels. */
export const replicationController: BuiltinCheck = (object, problems) => {
  const spec = at(rootField(object, problems), 'spec');
  if (isHole(spec)) return;
  checkReplicas(spec);
  const [selector, template] = [at(spec, 'selector'), at(spec, 'template')];
  // If absent, it defaults to the template's labels.
  const labels = at(template, 'metadata', 'labels');
  if (count(selector) === 0 && count(labels) === 0)
    fail(selector, 'required', 'is required: the labels of the pods it controls.');
  if (!isSet(template)) fail(template, 'required', 'is required.');
  if (certainlyMisses({ ...selector, value: { matchLabels: selector.value ?? {} } }, labels))
    fail(labels, 'invalid', 'must match spec.selector; otherwise the controller would not find its own pods.');
  if (!isSet(template)) return;
  checkPodTemplate(template);
  alwaysRestarted(spec);
};

export const daemonSet: BuiltinCheck = (object, problems) => {
  const spec = at(rootField(object, problems), 'spec');
  within(at(spec, 'minReadySeconds'), 0n);
  checkSelected(spec, 'optional');
  checkPodTemplate(at(spec, 'template'));
  alwaysRestarted(spec);
  within(at(spec, 'revisionHistoryLimit'), 0n);
  const strategy = at(spec, 'updateStrategy');
  typeOf(strategy, ['RollingUpdate', 'OnDelete']);
  if (text(at(strategy, 'type')) === 'OnDelete') return;
  const rolling = at(strategy, 'rollingUpdate');
  const unavailable = amount(at(rolling, 'maxUnavailable'), 1);
  const surge = amount(at(rolling, 'maxSurge'), 0);
  if (unavailable === 0 && surge === 0)
    fail(at(rolling, 'maxUnavailable'), 'required', 'must not be 0 if maxSurge is 0.');
  if (unavailable !== undefined && surge !== undefined && unavailable > 0 && surge > 0)
    fail(at(rolling, 'maxSurge'), 'invalid', 'must not be set unless maxUnavailable is 0 (its default is 1).');
};

export const statefulSet: BuiltinCheck = (object, problems) => {
  const spec = at(rootField(object, problems), 'spec');
  checkReplicas(spec);
  oneOf(at(spec, 'podManagementPolicy'), ['OrderedReady', 'Parallel'], 'defaulted');
  checkStatefulUpdates(at(spec, 'updateStrategy'));
  const retention = at(spec, 'persistentVolumeClaimRetentionPolicy');
  for (const name of ['whenDeleted', 'whenScaled']) oneOf(at(retention, name), ['Retain', 'Delete'], 'defaulted');
  const templates = items(at(spec, 'volumeClaimTemplates'));
  for (const template of templates) checkClaimTemplate(at(template, 'spec'));
  within(at(spec, 'ordinals', 'start'), 0n);
  named(at(spec, 'serviceName'), dnsLabelProblem);
  checkSelected(spec, 'required');
  const names = templates.map((template) => text(at(template, 'metadata', 'name')));
  for (const [index, name] of names.entries()) {
    const problem = name === '' ? 'is required' : name && dnsLabelProblem(name);
    const blamed = [...spec.path, 'template', 'spec', 'volumes', index, 'name'];
    // The API server converts the claim to a volume.
    if (problem)
      failAs(blamed, at(templates[index]!, 'metadata', 'name'), name ? 'invalid' : 'required', `${problem}.`);
  }
  // Mounts of claims aren't checked if any claim's name is unknown or itself invalid.
  const known = names.every((name) => name && !dnsLabelProblem(name)) && !isHole(at(spec, 'volumeClaimTemplates'));
  checkPodTemplate(
    at(spec, 'template'),
    known ? new Map(names.map((name) => [name!, 'persistentVolumeClaim'])) : 'unknown',
    'set',
  );
  alwaysRestarted(spec);
};

export const job: BuiltinCheck = (object, problems) => {
  const root = rootField(object, problems);
  const spec = at(root, 'spec');
  checkJobSpec(spec, true);
  checkJobName(at(root, 'metadata', 'name'), spec);
  if (flag(at(spec, 'manualSelector'))) checkSelected(spec, 'required');
  else if (!isHole(at(spec, 'selector')) && !isHole(at(spec, 'manualSelector'))) {
    const selector = at(spec, 'selector');
    checkLabelSelector(selector);
    // The API server fills in an empty selector.
    if (count(at(selector, 'matchLabels')) || count(at(selector, 'matchExpressions')))
      fail(selector, 'invalid', 'is generated by the API server; omit it, or set manualSelector: true.');
  }
};

/** A Job's name becomes a label of its pods and part of their names. */
function checkJobName(name: Field, spec: Field): void {
  const value = text(name);
  if (!value || isHole(spec)) return;
  const manual = at(spec, 'manualSelector');
  if (value.length > 63 && !flag(manual) && !isHole(manual))
    failAs(
      [...spec.path, 'template', 'labels'],
      name,
      'invalid',
      'must be at most 63 characters long: it is a label of the Job’s pods.',
    );
  const completions = integer(at(spec, 'completions'));
  if (text(at(spec, 'completionMode')) !== 'Indexed' || completions === undefined || completions < 1n) return;
  const last = `${value}-${completions - 1n}`;
  const problem = dnsLabelProblem(last);
  if (problem) fail(name, 'invalid', `is invalid: it results in the pod name ${last}, which ${problem}.`);
}

export const cronJob: BuiltinCheck = (object, problems) => {
  const root = rootField(object, problems);
  const spec = at(root, 'spec');
  const name = text(at(root, 'metadata', 'name'));
  if (name && name.length > 52)
    fail(
      at(root, 'metadata', 'name'),
      'invalid',
      `must be at most 52 characters long, not ${name.length}: the names of its Jobs add a suffix.`,
    );
  const schedule = required(at(spec, 'schedule'));
  if (schedule !== undefined) checkSchedule(at(spec, 'schedule'), schedule);
  within(at(spec, 'startingDeadlineSeconds'), 0n);
  checkTimeZone(at(spec, 'timeZone'));
  oneOf(at(spec, 'concurrencyPolicy'), ['Allow', 'Forbid', 'Replace'], 'defaulted');
  within(at(spec, 'successfulJobsHistoryLimit'), 0n);
  within(at(spec, 'failedJobsHistoryLimit'), 0n);
  const template = at(spec, 'jobTemplate');
  if (isHole(template)) return;
  checkJobSpec(at(template, 'spec'), false);
  if (isSet(at(template, 'spec', 'selector')) && !isHole(at(template, 'spec', 'selector')))
    fail(at(template, 'spec', 'selector'), 'invalid', 'is generated by the API server; omit it.');
  if (flag(at(template, 'spec', 'manualSelector')))
    fail(
      at(template, 'spec', 'manualSelector'),
      'unsupported',
      'must not be true in a CronJob: each Job gets a generated selector.',
    );
};

/** The API server reports the whole strategy; an empty type is unset. */
function typeOf(strategy: Field, allowed: readonly string[]): void {
  const type = text(at(strategy, 'type'));
  if (type && !allowed.includes(type))
    failAs(strategy.path, at(strategy, 'type'), 'unsupported', `must be ${oneOfWords(allowed)}, not ${show(type)}.`);
}

function checkReplicas(spec: Field): void {
  within(at(spec, 'replicas'), 0n);
  within(at(spec, 'minReadySeconds'), 0n);
}

/** The workload's selector must be valid and match the template's labels. */
function checkSelected(spec: Field, mode: 'required' | 'optional'): void {
  const selector = at(spec, 'selector');
  if (isHole(selector)) return;
  if (!isSet(selector)) {
    const labels = [...spec.path, 'template', 'metadata', 'labels'];
    // For an optional selector the API server reports labels that don't match: an absent selector matches nothing.
    failAs(
      mode === 'required' ? selector.path : labels,
      selector,
      'required',
      'is required: the labels of the pods it controls.',
    );
    return;
  }
  checkLabelSelector(selector);
  if (count(at(selector, 'matchLabels')) === 0 && count(at(selector, 'matchExpressions')) === 0) {
    fail(selector, 'invalid', 'must not be empty.');
    return;
  }
  const labels = at(spec, 'template', 'metadata', 'labels');
  if (certainlyMisses(selector, labels))
    fail(labels, 'invalid', 'must match spec.selector; otherwise the workload would not find its own pods.');
}

function alwaysRestarted(spec: Field): void {
  const policy = at(spec, 'template', 'spec', 'restartPolicy');
  const value = text(policy);
  if (value === 'OnFailure' || value === 'Never')
    fail(policy, 'unsupported', `must be Always in this workload, not ${value}.`);
  const deadline = at(spec, 'template', 'spec', 'activeDeadlineSeconds');
  if (isSet(deadline))
    fail(deadline, 'forbidden', 'must not be set in this workload, whose pods run indefinitely; only Jobs allow it.');
}

function checkDeadline(spec: Field): void {
  const deadline = at(spec, 'progressDeadlineSeconds');
  within(deadline, 0n);
  const ready = at(spec, 'minReadySeconds');
  const seconds = isSet(deadline) ? integer(deadline) : 600n;
  const least = isSet(ready) ? integer(ready) : 0n;
  if (seconds !== undefined && least !== undefined && seconds <= least)
    fail(deadline, 'invalid', `must be greater than minReadySeconds (${least}), not ${seconds}.`);
}

function checkRolling(rolling: Field, fallback: string): void {
  const unavailable = at(rolling, 'maxUnavailable');
  const least = amount(unavailable, Number.parseInt(fallback, 10));
  const surge = numberOrPercent(at(rolling, 'maxSurge'));
  const most = isSet(at(rolling, 'maxSurge'))
    ? (surge.percent ?? (surge.number === undefined ? undefined : Number(surge.number)))
    : 25;
  if (least === 0 && most === 0)
    fail(unavailable, 'invalid', 'must not be 0 if maxSurge is 0: no pod could be replaced.');
}

/** A number, or a percentage of at most 100%; `undefined` if unknown. */
function amount(field: Field, fallback: number): number | undefined {
  if (!isSet(field)) return fallback;
  const { number, percent } = numberOrPercent(field);
  if (percent !== undefined && percent > 100) fail(field, 'invalid', `must be at most 100%, not ${percent}%.`);
  return percent ?? (number === undefined ? undefined : Number(number));
}

function checkStatefulUpdates(strategy: Field): void {
  typeOf(strategy, ['RollingUpdate', 'OnDelete']);
  const rolling = at(strategy, 'rollingUpdate');
  if (text(at(strategy, 'type')) === 'OnDelete') {
    if (isSet(rolling)) fail(rolling, 'invalid', 'must not be set with type: OnDelete.');
    return;
  }
  within(at(rolling, 'partition'), 0n);
  const unavailable = at(rolling, 'maxUnavailable');
  if (amount(unavailable, 1) === 0) fail(unavailable, 'invalid', 'must not be 0.');
}

function checkJobSpec(spec: Field, defaulted: boolean): void {
  for (const name of [
    'parallelism',
    'completions',
    'activeDeadlineSeconds',
    'backoffLimit',
    'ttlSecondsAfterFinished',
    'backoffLimitPerIndex',
    'maxFailedIndexes',
  ])
    within(at(spec, name), 0n);
  checkJobPolicies(spec, defaulted);
  checkPodTemplate(at(spec, 'template'));
  const policy = at(spec, 'template', 'spec', 'restartPolicy');
  const value = isHole(at(spec, 'template')) || isHole(at(spec, 'template', 'spec')) ? undefined : text(policy);
  if (value === '' || value === 'Always')
    fail(policy, 'required', 'must be OnFailure or Never: the pods of a Job run to completion.');
  else if (value === 'OnFailure' && isSet(at(spec, 'podFailurePolicy')))
    fail(policy, 'invalid', 'must be Never with podFailurePolicy.');
}

function checkSchedule(field: Field, schedule: string): void {
  if (/TZ=/.test(schedule)) {
    fail(field, 'invalid', 'must not contain a time zone; set timeZone instead.');
    return;
  }
  const parsed = parseCron(schedule);
  if (!parsed.ok) fail(field, 'invalid', `isn’t a valid cron schedule: ${show(schedule)} ${parsed.problem}.`);
}

function checkTimeZone(field: Field): void {
  const zone = isSet(field) ? text(field) : undefined;
  if (zone === undefined) return;
  if (zone === '') fail(field, 'invalid', 'must not be empty; omit it to use the controller’s time zone.');
  else if (zone.toLowerCase() === 'local') fail(field, 'invalid', 'must be a time zone of the tz database, not Local.');
  else if (!isTimeZone(zone))
    fail(field, 'invalid', `must be a time zone of the tz database such as Europe/Berlin, not ${show(zone)}.`);
}

export const podTemplate: BuiltinCheck = (object, problems) => {
  checkPodTemplate(at(rootField(object, problems), 'template'));
};
