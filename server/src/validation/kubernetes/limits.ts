// Checks of ResourceQuotas and LimitRanges (kubernetes pkg/apis/core/validation).

import { qualifiedNameProblem } from '../../kube/names.ts';
import type { Path } from '../../syntax/tree.ts';
import { show } from '../words.ts';
import type { BuiltinCheck } from './builtin.ts';
import {
  at,
  count,
  entries,
  type Field,
  fail,
  failAs,
  isHole,
  isSet,
  items,
  rootField,
  text,
  unique,
} from './field.ts';
import { amountIn, nanos } from './quantity.ts';
import { checkContainerResource, checkQuantityOf } from './resources.ts';

const counted = [
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
];

/** Whether quotas count this resource, which has no domain prefix. */
function isQuotaResource(name: string): boolean {
  if (/^((requests|limits)\.)?(cpu|memory|ephemeral-storage)$/.test(name)) return true;
  return /^(requests\.storage|(requests\.)?hugepages-.*)$/.test(name) || counted.includes(name);
}

function quotaNameProblem(name: string): string | undefined {
  const problem = qualifiedNameProblem(name);
  if (problem) return `isn’t a valid resource name: it ${problem}`;
  return name.includes('/') || isQuotaResource(name)
    ? undefined
    : 'isn’t a resource that quotas count, such as cpu, requests.memory, pods or count/RESOURCE.GROUP';
}

const podResources: ReadonlySet<string> = new Set(
  'cpu memory requests.cpu requests.memory limits.cpu limits.memory'.split(' '),
);

/** Whether a scope applies to a resource that quotas count. */
const scopes: Readonly<Record<string, (resource: string) => boolean>> = {
  Terminating: ofPods,
  NotTerminating: ofPods,
  BestEffort: (resource) => resource === 'pods',
  NotBestEffort: ofPods,
  PriorityClass: ofPods,
  CrossNamespacePodAffinity: ofPods,
  VolumeAttributesClass: (resource) => resource === 'persistentvolumeclaims' || resource === 'requests.storage',
};

function ofPods(resource: string): boolean {
  return resource === 'pods' || podResources.has(resource);
}

export const resourceQuota: BuiltinCheck = (object, problems) => {
  const spec = at(rootField(object, problems), 'spec');
  if (isHole(spec)) return;
  const hard = entries(at(spec, 'hard'));
  for (const [name, quantity] of hard) {
    const problem = quotaNameProblem(name);
    if (problem) fail(quantity, 'invalid', `${problem}.`);
    checkQuantityOf(name, quantity);
  }
  const resources = hard.map(([name]) => name).filter(isQuotaResource);
  const list = at(spec, 'scopes');
  const named = items(list).map(text);
  for (const [index, scope] of items(list).entries()) checkScopeName(scope, list, list.path, named[index], resources);
  checkPairs(list, named);
  const expressions = at(spec, 'scopeSelector', 'matchExpressions');
  const selected = items(expressions).map((expression) => text(at(expression, 'scopeName')));
  for (const expression of items(expressions)) {
    if (isHole(expression)) continue;
    const name = at(expression, 'scopeName');
    checkScopeName(name, expressions, [...expressions.path, 'scopeName'], text(name), resources);
    checkExpression(expression, text(name), expressions);
  }
  checkPairs(list, selected);
};

function checkScopeName(
  field: Field,
  list: Field,
  blamed: Path,
  scope: string | undefined,
  resources: readonly string[],
): void {
  if (scope === undefined) return;
  const fits = Object.hasOwn(scopes, scope) ? scopes[scope]! : undefined;
  if (!fits) failAs(blamed, field, 'invalid', `must be a known quota scope, not ${show(scope)}.`);
  const foreign = fits && resources.find((resource) => !fits(resource));
  if (foreign) failAs(list.path, field, 'invalid', `doesn’t apply to ${foreign}, which this quota limits.`);
}

function checkPairs(list: Field, names: readonly (string | undefined)[]): void {
  for (const [one, other] of [
    ['BestEffort', 'NotBestEffort'],
    ['Terminating', 'NotTerminating'],
  ])
    if (names.includes(one) && names.includes(other))
      fail(list, 'invalid', `must not contain both ${one} and ${other}.`);
}

function checkExpression(expression: Field, scope: string | undefined, list: Field): void {
  const [operator, values] = [at(expression, 'operator'), at(expression, 'values')];
  const value = text(operator);
  const size = count(values);
  const blame = (name: string): Field['path'] => [...list.path, name];
  if (scope && scope !== 'PriorityClass' && scope !== 'VolumeAttributesClass' && Object.hasOwn(scopes, scope))
    if (value !== undefined && value !== 'Exists')
      failAs(blame('operator'), operator, 'invalid', `must be Exists for the scope ${scope}, not ${show(value)}.`);
  if (value === 'In' || value === 'NotIn') {
    if (size === 0)
      failAs(blame('values'), values, 'required', `must have at least one value with operator: ${value}.`);
  } else if (value === 'Exists' || value === 'DoesNotExist') {
    if (size) failAs(blame('values'), values, 'invalid', `must not be set with operator: ${value}.`);
  } else if (value !== undefined)
    failAs(blame('operator'), operator, 'invalid', `must be In, NotIn, Exists or DoesNotExist, not ${show(value)}.`);
}

export const limitRange: BuiltinCheck = (object, problems) => {
  const limits = items(at(rootField(object, problems), 'spec', 'limits'));
  unique(
    limits.map((limit) => at(limit, 'type')),
    'type',
  );
  for (const limit of limits) if (!isHole(limit)) checkLimit(limit);
};

const limitTypes = ['Pod', 'Container', 'PersistentVolumeClaim'];

function checkLimit(limit: Field): void {
  const type = text(at(limit, 'type'));
  if (type !== undefined) {
    const problem = qualifiedNameProblem(type);
    if (problem) fail(at(limit, 'type'), 'invalid', `${problem}.`);
    else if (!type.includes('/') && !limitTypes.includes(type))
      fail(
        at(limit, 'type'),
        'invalid',
        `must be ${limitTypes.join(', ')} or have a domain prefix, not ${show(type)}.`,
      );
  }
  for (const name of ['default', 'defaultRequest'])
    if (type === 'Pod' && count(at(limit, name))) fail(at(limit, name), 'forbidden', 'must not be set with type: Pod.');
  if (type === 'PersistentVolumeClaim' && !isSet(at(limit, 'min', 'storage')) && !isSet(at(limit, 'max', 'storage')))
    failAs(
      [...limit.path, 'limits'],
      at(limit, 'max', 'storage'),
      'required',
      'or min.storage is required with type: PersistentVolumeClaim.',
    );
  for (const map of ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'])
    for (const [name, field] of entries(at(limit, map))) checkName(name, field, type);
  checkOrder(limit);
  checkRatios(limit);
}

function checkName(name: string, field: Field, type: string | undefined): void {
  if (type === undefined) return;
  if (type === 'Pod' || type === 'Container') {
    checkContainerResource(name, field);
    return;
  }
  const problem = qualifiedNameProblem(name);
  if (problem) fail(field, 'invalid', `isn’t a valid resource name: it ${problem}.`);
  else if (!name.includes('/') && !isQuotaResource(name) && name !== 'storage')
    fail(field, 'invalid', `must be a known resource, not ${show(name)}.`);
}

function checkOrder(limit: Field): void {
  // The first must be at most the second; the API server reports the lesser or the greater one.
  const ordered: readonly (readonly [string, string, 'less' | 'more'])[] = [
    ['min', 'max', 'less'],
    ['min', 'defaultRequest', 'more'],
    ['defaultRequest', 'max', 'less'],
    ['defaultRequest', 'default', 'less'],
    ['min', 'default', 'more'],
    ['default', 'max', 'less'],
  ];
  for (const [less, more, blamed] of ordered)
    for (const [name, field] of entries(at(limit, less))) {
      const other = at(limit, more, name);
      const [low, high] = [amountIn(at(limit, less), name), amountIn(at(limit, more), name)];
      if (low !== undefined && high !== undefined && low > high)
        failAs(
          (blamed === 'less' ? field : other).path,
          field,
          'invalid',
          `must be at most ${more}.${name} (${String(other.value ?? 0)}).`,
        );
    }
}

function checkRatios(limit: Field): void {
  for (const [name, ratio] of entries(at(limit, 'maxLimitRequestRatio'))) {
    const value = amountIn(at(limit, 'maxLimitRequestRatio'), name);
    if (value === undefined) continue;
    if (value < 10n ** 9n) fail(ratio, 'invalid', 'must be at least 1.');
    const [least, most] = [amountIn(at(limit, 'min'), name), amountIn(at(limit, 'max'), name)];
    if (least !== undefined && most !== undefined && least > 0n && value * least > most * 10n ** 9n)
      fail(ratio, 'invalid', 'must be at most max divided by min.');
  }
  for (const [name, field] of entries(at(limit, 'defaultRequest'))) {
    const overcommit = (!name.includes('/') || name.includes('kubernetes.io/')) && !name.startsWith('hugepages-');
    const [asked, most] = [nanos(field.value), nanos(at(limit, 'default', name).value)];
    if (!overcommit && asked !== undefined && most !== undefined && asked !== most)
      fail(field, 'invalid', `must equal default.${name}: this resource can’t be overcommitted.`);
  }
}
