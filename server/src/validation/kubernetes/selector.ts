// Checks of label selectors, node selectors, affinity, tolerations and topology spread constraints (apimachinery
// pkg/apis/meta/v1/validation and kubernetes pkg/apis/core/validation).

import { dnsLabelProblem, dnsSubdomainProblem, labelValueProblem, qualifiedNameProblem } from '../../kube/names.ts';
import { type Path, unknown } from '../../syntax/tree.ts';
import { isObject } from '../../syntax/value.ts';
import { show } from '../words.ts';
import {
  at,
  count,
  entries,
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
  text,
  within,
} from './field.ts';

export function checkLabelSelector(field: Field): void {
  checkLabels(at(field, 'matchLabels'));
  for (const expression of items(at(field, 'matchExpressions'))) {
    const operator = text(at(expression, 'operator'));
    const values = at(expression, 'values');
    if (operator === 'In' || operator === 'NotIn') requiredList(values, `value with operator: ${operator}`);
    else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if ((count(values) ?? 0) > 0) fail(values, 'forbidden', `must not be set with operator: ${operator}.`);
    } else if (operator !== undefined)
      fail(at(expression, 'operator'), 'invalid', `must be In, NotIn, Exists or DoesNotExist, not ${show(operator)}.`);
    labelKey(at(expression, 'key'));
    for (const value of items(values)) labelValue(value);
  }
}

/** `named` is the path that the API server reports. */
export function checkLabels(field: Field, named: Path = field.path): void {
  for (const [key, value] of entries(field)) {
    const problem = qualifiedNameProblem(key);
    if (problem) failAs(named, value, 'invalid', `has an invalid key, which ${problem}.`);
    const said = text(value);
    const wrong = said === undefined ? undefined : labelValueProblem(said);
    if (wrong) failAs(named, value, 'invalid', `${wrong}; it is ${show(said)}.`);
  }
}

/** Whether the selector certainly doesn't match these labels. */
export function certainlyMisses(selector: Field, labels: Field): boolean {
  if (isHole(labels) || isHole(selector)) return false;
  const known = isObject(labels.value) ? labels.value : {};
  for (const [key, wanted] of entries(at(selector, 'matchLabels'))) {
    // A null label is an empty string.
    const has = Object.hasOwn(known, key) ? (known[key] ?? '') : undefined;
    if (has === unknown || isHole(wanted)) continue;
    if (has !== (wanted.value ?? '')) return true;
  }
  for (const expression of items(at(selector, 'matchExpressions'))) {
    const key = text(at(expression, 'key'));
    if (!key || items(at(expression, 'values')).some(isHole)) continue;
    const has = Object.hasOwn(known, key) ? (known[key] ?? '') : undefined;
    if (has === unknown) continue;
    const listed = items(at(expression, 'values')).some((value) => text(value) === has);
    const operator = text(at(expression, 'operator'));
    if (operator === 'In' && !(has !== undefined && listed)) return true;
    if (operator === 'NotIn' && has !== undefined && listed) return true;
    if (operator === 'Exists' && has === undefined) return true;
    if (operator === 'DoesNotExist' && has !== undefined) return true;
  }
  return false;
}

function labelKey(field: Field): void {
  const key = text(field);
  const problem = key === undefined ? undefined : qualifiedNameProblem(key);
  if (problem) fail(field, 'invalid', `${problem}.`);
}

function labelValue(field: Field): void {
  const value = text(field);
  const problem = value === undefined ? undefined : labelValueProblem(value);
  if (problem) fail(field, 'invalid', `${problem}; it is ${show(value)}.`);
}

export function checkAffinity(field: Field): void {
  const required_ = 'requiredDuringSchedulingIgnoredDuringExecution';
  const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';
  const node = at(field, 'nodeAffinity');
  if (isSet(at(node, required_))) checkNodeSelector(at(node, required_));
  for (const term of items(at(node, preferred))) {
    weight(at(term, 'weight'));
    checkNodeTerm(at(term, 'preference'), false);
  }
  for (const name of ['podAffinity', 'podAntiAffinity']) {
    for (const term of items(at(field, name, required_))) checkPodTerm(term);
    for (const term of items(at(field, name, preferred))) {
      weight(at(term, 'weight'));
      checkPodTerm(at(term, 'podAffinityTerm'));
    }
  }
}

function weight(field: Field): void {
  if (!isSet(field)) fail(field, 'invalid', 'must be between 1 and 100.');
  within(field, 1n, 100n);
}

export function checkNodeSelector(field: Field): void {
  requiredList(at(field, 'nodeSelectorTerms'), 'term');
  for (const term of items(at(field, 'nodeSelectorTerms'))) checkNodeTerm(term, true);
}

function checkNodeTerm(term: Field, strictValues: boolean): void {
  for (const requirement of items(at(term, 'matchExpressions'))) {
    const operator = text(at(requirement, 'operator'));
    const values = at(requirement, 'values');
    const size = count(values);
    if (operator === 'In' || operator === 'NotIn') requiredList(values, `value with operator: ${operator}`);
    else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (size) fail(values, 'forbidden', `must not be set with operator: ${operator}.`);
    } else if (operator === 'Gt' || operator === 'Lt') {
      if (size !== undefined && size !== 1)
        fail(values, 'required', `must have exactly one value with operator: ${operator}.`);
    } else if (operator !== undefined)
      fail(
        at(requirement, 'operator'),
        'invalid',
        `must be In, NotIn, Exists, DoesNotExist, Gt or Lt, not ${show(operator)}.`,
      );
    labelKey(at(requirement, 'key'));
    if (strictValues) for (const value of items(values)) labelValue(value);
  }
  for (const requirement of items(at(term, 'matchFields'))) {
    const operator = text(at(requirement, 'operator'));
    if (operator !== undefined && operator !== 'In' && operator !== 'NotIn')
      fail(at(requirement, 'operator'), 'invalid', `must be In or NotIn for a field, not ${show(operator)}.`);
    else if ((count(at(requirement, 'values')) ?? 1) !== 1)
      fail(at(requirement, 'values'), 'required', 'must have exactly one value.');
    const key = text(at(requirement, 'key'));
    if (key !== undefined && key !== 'metadata.name')
      fail(at(requirement, 'key'), 'invalid', `must be metadata.name, not ${show(key)}.`);
    for (const value of items(at(requirement, 'values'))) {
      const problem = text(value) ? dnsSubdomainProblem(text(value)!) : undefined;
      if (problem) fail(value, 'invalid', `${problem}.`);
    }
  }
}

function checkPodTerm(term: Field): void {
  if (isHole(term)) return;
  checkLabelSelector(at(term, 'labelSelector'));
  checkLabelSelector(at(term, 'namespaceSelector'));
  for (const namespace of items(at(term, 'namespaces'))) {
    const name = text(namespace);
    const problem = name === undefined ? undefined : dnsLabelProblem(name);
    if (problem) fail(namespace, 'invalid', `${problem}.`);
  }
  required(at(term, 'topologyKey'));
  labelKeys(at(term, 'topologyKey'));
  checkMatchKeys(term, ['matchLabelKeys', 'mismatchLabelKeys']);
}

function labelKeys(field: Field): void {
  if (text(field)) labelKey(field);
}

function checkMatchKeys(field: Field, lists: readonly string[]): void {
  const selector = at(field, 'labelSelector');
  for (const name of lists) {
    const keys = at(field, name);
    if (!count(keys)) continue;
    if (!isSet(selector)) fail(keys, 'forbidden', 'requires labelSelector.');
    for (const key of items(keys)) labelKey(key);
  }
}

export function checkTolerations(field: Field): void {
  for (const toleration of items(field)) {
    const key = text(at(toleration, 'key'));
    if (key) labelKey(at(toleration, 'key'));
    const operator = text(at(toleration, 'operator'));
    const effect = text(at(toleration, 'effect'));
    const value = text(at(toleration, 'value'));
    if (key === '' && operator !== undefined && operator !== 'Exists')
      fail(
        at(toleration, 'operator'),
        'invalid',
        'must be Exists if key is empty: such a toleration matches every taint.',
      );
    if (isSet(at(toleration, 'tolerationSeconds')) && effect !== undefined && effect !== 'NoExecute')
      fail(at(toleration, 'effect'), 'invalid', 'must be NoExecute if tolerationSeconds is set.');
    if (operator === '' || operator === 'Equal') {
      const problem = value === undefined ? undefined : labelValueProblem(value);
      if (problem) failAs(at(toleration, 'operator').path, at(toleration, 'value'), 'invalid', `${problem}.`);
    } else if (operator === 'Exists') {
      if (value)
        failAs(
          at(toleration, 'operator').path,
          at(toleration, 'value'),
          'invalid',
          'must be empty with operator: Exists.',
        );
    } else if (operator !== undefined)
      fail(at(toleration, 'operator'), 'unsupported', `must be Equal or Exists, not ${show(operator)}.`);
    if (effect) oneOf(at(toleration, 'effect'), ['NoSchedule', 'PreferNoSchedule', 'NoExecute']);
  }
}

export function checkSpread(field: Field): void {
  const seen = new Set<string>();
  for (const constraint of items(field)) {
    if (isHole(constraint)) continue;
    const skew = at(constraint, 'maxSkew');
    if (!isSet(skew)) fail(skew, 'invalid', 'must be at least 1.');
    within(skew, 1n);
    const key = required(at(constraint, 'topologyKey'));
    oneOf(at(constraint, 'whenUnsatisfiable'), ['DoNotSchedule', 'ScheduleAnyway'], 'mandatory');
    const action = text(at(constraint, 'whenUnsatisfiable'));
    const id = `${key} ${action}`;
    if (key && action && seen.has(id))
      fail(constraint, 'duplicate', `repeats topologyKey ${key} with whenUnsatisfiable: ${action}.`);
    seen.add(id);
    const minimum = at(constraint, 'minDomains');
    within(minimum, 1n);
    if (integer(minimum) !== undefined && action !== undefined && action !== 'DoNotSchedule')
      fail(minimum, 'invalid', 'can be set only with whenUnsatisfiable: DoNotSchedule.');
    oneOf(at(constraint, 'nodeAffinityPolicy'), ['Honor', 'Ignore']);
    oneOf(at(constraint, 'nodeTaintsPolicy'), ['Honor', 'Ignore']);
    checkLabelSelector(at(constraint, 'labelSelector'));
    checkMatchKeys(constraint, ['matchLabelKeys']);
  }
}
