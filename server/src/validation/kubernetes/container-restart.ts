// Checks of when a container restarts: after it exits, and when its resources change (kubernetes
// pkg/apis/core/validation).
import { show } from '../words.ts';
import { blaming } from './blame.ts';
import { at, count, type Field, fail, failAs, isSet, items, oneOf, text } from './field.ts';

export function checkRestartRules(container: Field): void {
  const policy = at(container, 'restartPolicy');
  const rules = at(container, 'restartPolicyRules');
  oneOf(policy, ['Always', 'Never', 'OnFailure']);
  if (!isSet(policy) && (count(rules) ?? 0) > 0) fail(policy, 'required', 'is required with restartPolicyRules.');
  for (const rule of items(rules)) {
    oneOf(at(rule, 'action'), ['Restart', 'RestartAllContainers'], 'mandatory');
    const codes = at(rule, 'exitCodes');
    if (!isSet(codes)) fail(codes, 'required', 'is required.');
    else oneOf(at(codes, 'operator'), ['In', 'NotIn'], 'mandatory');
  }
}

/** `restartPolicy` is the pod's. */
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
        `repeats ${show(name)}; each resource must be unique.`,
      );
    if (name) seen.add(name);
    // The API server reports all other problems at the list.
    const policy = blaming(whole, field.path);
    oneOf(at(policy, 'resourceName'), ['cpu', 'memory'], 'mandatory');
    oneOf(at(policy, 'restartPolicy'), ['NotRequired', 'RestartContainer'], 'mandatory');
    if (restartPolicy === 'Never' && text(at(policy, 'restartPolicy')) === 'RestartContainer')
      fail(at(policy, 'restartPolicy'), 'invalid', 'must be NotRequired in a pod with restartPolicy: Never.');
  }
}
