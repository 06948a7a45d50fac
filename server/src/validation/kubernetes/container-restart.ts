// When a container is started again: after it ends, and when its resources change (kubernetes pkg/apis/core/validation).
import { show } from '../problem.ts';
import { blaming } from './blame.ts';
import { at, count, type Field, fail, failAs, isSet, items, oneOf, text } from './field.ts';

export function checkRestartRules(container: Field): void {
  const policy = at(container, 'restartPolicy');
  const rules = at(container, 'restartPolicyRules');
  oneOf(policy, ['Always', 'Never', 'OnFailure']);
  if (!isSet(policy) && (count(rules) ?? 0) > 0)
    fail(policy, 'required', 'is required where restartPolicyRules are given.');
  for (const rule of items(rules)) {
    oneOf(at(rule, 'action'), ['Restart', 'RestartAllContainers'], 'mandatory');
    const codes = at(rule, 'exitCodes');
    if (!isSet(codes)) fail(codes, 'required', 'is required.');
    else oneOf(at(codes, 'operator'), ['In', 'NotIn'], 'mandatory');
  }
}

/** `restartPolicy`: the pod's. */
export function checkResizePolicy(field: Field, restartPolicy: string | undefined): void {
  const policies = items(field);
  const seen = new Set<string>();
  for (const whole of policies) {
    const name = text(at(whole, 'resourceName'));
    if (name && seen.has(name))
      failAs(
        whole.path,
        at(whole, 'resourceName'),
        'duplicate',
        `is ${show(name)} a second time; each resource must be unique.`,
      );
    if (name) seen.add(name);
    // For the rest the server blames the list.
    const policy = blaming(whole, field.path);
    oneOf(at(policy, 'resourceName'), ['cpu', 'memory'], 'mandatory');
    oneOf(at(policy, 'restartPolicy'), ['NotRequired', 'RestartContainer'], 'mandatory');
    if (restartPolicy === 'Never' && text(at(policy, 'restartPolicy')) === 'RestartContainer')
      fail(at(policy, 'restartPolicy'), 'invalid', 'must be NotRequired in a pod with restartPolicy: Never.');
  }
}
