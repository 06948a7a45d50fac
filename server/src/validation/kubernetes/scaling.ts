// Checks of PodDisruptionBudgets and HorizontalPodAutoscalers (kubernetes pkg/apis/policy/validation and
// pkg/apis/autoscaling/validation).
import { dnsLabelProblem, pathSegmentProblem } from '../../kube/names.ts';
import type { BuiltinCheck } from './builtin.ts';
import {
  at,
  count,
  type Field,
  fail,
  failAs,
  integer,
  isHole,
  isSet,
  items,
  oneOf,
  required,
  requiredList,
  requiredName,
  rootField,
  text,
  within,
} from './field.ts';
import { numberOrPercent } from './formats.ts';
import { nanos } from './quantity.ts';
import { checkLabelSelector } from './selector.ts';

export const podDisruptionBudget: BuiltinCheck = (object, problems) => {
  const spec = at(rootField(object, problems), 'spec');
  const bounds = [at(spec, 'minAvailable'), at(spec, 'maxUnavailable')];
  if (bounds.every(isSet)) fail(spec, 'invalid', 'must not set both minAvailable and maxUnavailable.');
  for (const bound of bounds.filter(isSet)) {
    const { percent } = numberOrPercent(bound);
    if (percent !== undefined && percent > 100) fail(bound, 'invalid', `must be at most 100%, not ${percent}%.`);
  }
  checkLabelSelector(at(spec, 'selector'));
  oneOf(at(spec, 'unhealthyPodEvictionPolicy'), ['AlwaysAllow', 'IfHealthyBudget']);
};

export const horizontalPodAutoscaler: BuiltinCheck = (object, problems, { version }) => {
  const spec = at(rootField(object, problems), 'spec');
  if (isHole(spec)) return;
  const least = at(spec, 'minReplicas');
  const most = at(spec, 'maxReplicas');
  if (!isSet(most) || integer(most) === 0n) fail(most, 'required', 'is required and must be at least 1.');
  else within(most, 1n);
  // Scaling to zero is enabled by default from 1.36; it requires an Object or External metric (below).
  within(least, 0n);
  const [min, max] = [isSet(least) ? integer(least) : 1n, integer(most)];
  if (min !== undefined && max !== undefined && max > 0n && max < min)
    fail(most, 'invalid', `must be at least minReplicas (${min}), not ${max}.`);
  const target = at(spec, 'scaleTargetRef');
  checkTarget(target, text(at(target, 'kind')) === 'ReplicationController' ? 'any' : 'group');
  if (version === 'v1') {
    const utilization = at(spec, 'targetCPUUtilizationPercentage');
    const percent = integer(utilization);
    // The API server converts it to a metric.
    const metric = [...spec.path, 'metrics', 0, 'resource', 'target', 'averageUtilization'];
    if (percent !== undefined && percent < 1n)
      failAs(metric, utilization, 'invalid', `must be at least 1, not ${percent}.`);
    return;
  }
  const metrics = items(at(spec, 'metrics'));
  for (const metric of metrics) checkMetric(metric);
  if (
    min === 0n &&
    !isHole(at(spec, 'metrics')) &&
    !metrics.some((metric) => isHole(metric) || ['Object', 'External', undefined].includes(text(at(metric, 'type'))))
  )
    fail(
      isSet(at(spec, 'metrics')) ? at(spec, 'metrics') : least,
      'forbidden',
      'must not be 0 without an Object or External metric.',
    );
  for (const direction of ['scaleUp', 'scaleDown']) checkScaling(at(spec, 'behavior', direction));
};

/** `group`: the core group is invalid; its only scalable kind is ReplicationController. */
function checkTarget(reference: Field, needs: 'group' | 'any'): void {
  if (isHole(reference)) return;
  requiredName(at(reference, 'kind'), pathSegmentProblem);
  requiredName(at(reference, 'name'), pathSegmentProblem);
  const apiVersion = text(at(reference, 'apiVersion'));
  if (apiVersion === undefined) return;
  const steps = apiVersion === '/' ? 0 : apiVersion.split('/').length;
  if (steps > 2) fail(at(reference, 'apiVersion'), 'invalid', `must be a group and a version, not “${apiVersion}”.`);
  else if (needs === 'group' && (steps < 2 || apiVersion.startsWith('/')))
    fail(at(reference, 'apiVersion'), 'invalid', `must have a group, such as apps/v1, not “${apiVersion}”.`);
}

const sources: Readonly<Record<string, string>> = {
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
  External: 'external',
  ContainerResource: 'containerResource',
};

function checkMetric(metric: Field): void {
  if (isHole(metric)) return;
  const type = at(metric, 'type');
  oneOf(type, Object.keys(sources), 'mandatory');
  const kind = text(type);
  const expected = kind && sources[kind];
  if (!expected) return;
  const source = at(metric, expected);
  if (!isSet(source)) fail(source, 'required', `is required with type: ${kind}.`);
  for (const other of Object.values(sources))
    if (other !== expected && isSet(at(metric, other)))
      fail(at(metric, other), 'forbidden', `must not be set with type: ${kind}.`);
  if (!isSet(source) || isHole(source)) return;
  const target = at(source, 'target');
  if (kind === 'Object') checkTarget(at(source, 'describedObject'), 'any');
  if (kind === 'Resource' || kind === 'ContainerResource') required(at(source, 'name'));
  else requiredName(at(source, 'metric', 'name'), pathSegmentProblem);
  if (kind === 'ContainerResource') requiredName(at(source, 'container'), dnsLabelProblem);
  checkMetricTarget(target, kind);
}

const targetChoices: Readonly<Record<string, readonly string[]>> = {
  Object: ['value', 'averageValue'],
  External: ['value', 'averageValue'],
  Pods: ['averageValue'],
  Resource: ['averageUtilization', 'averageValue'],
  ContainerResource: ['averageUtilization', 'averageValue'],
};

function checkMetricTarget(target: Field, kind: string): void {
  if (isHole(target)) return;
  oneOf(at(target, 'type'), ['Utilization', 'Value', 'AverageValue'], 'mandatory');
  for (const name of ['value', 'averageValue']) {
    const value = nanos(at(target, name).value);
    if (value !== undefined && value <= 0n)
      fail(at(target, name), 'invalid', `must be greater than 0, not ${String(at(target, name).value)}.`);
  }
  within(at(target, 'averageUtilization'), 1n);
  const choices = targetChoices[kind]!;
  const set = choices.filter((name) => isSet(at(target, name)));
  if (set.length === 0)
    fail(
      at(target, choices[0]!),
      'required',
      `is required ${choices.length > 1 ? `unless ${choices[1]} is set` : 'with type: Pods'}.`,
    );
  if (set.length > 1 && kind !== 'Object')
    fail(at(target, set[1]!), 'forbidden', `must not be set together with ${set[0]}.`);
}

function checkScaling(rules: Field): void {
  if (!isSet(rules) || isHole(rules)) return;
  within(at(rules, 'stabilizationWindowSeconds'), 0n, 3600n);
  oneOf(at(rules, 'selectPolicy'), ['Disabled', 'Max', 'Min']);
  const policies = at(rules, 'policies');
  // The API server sets defaults if the list is absent, and rejects an empty one.
  if (isSet(policies) && count(policies) === 0) requiredList(policies, 'policy');
  for (const policy of items(policies)) {
    if (isHole(policy)) continue;
    oneOf(at(policy, 'type'), ['Percent', 'Pods'], 'mandatory');
    for (const [name, limit] of [
      ['value', undefined],
      ['periodSeconds', 1800n],
    ] as const) {
      const field = at(policy, name);
      if (!isSet(field)) fail(field, 'invalid', 'must be at least 1.');
      within(field, 1n, limit);
    }
  }
  const tolerance = nanos(at(rules, 'tolerance').value);
  if (tolerance !== undefined && tolerance < 0n)
    fail(at(rules, 'tolerance'), 'invalid', `must be at least 0, not ${String(at(rules, 'tolerance').value)}.`);
}
