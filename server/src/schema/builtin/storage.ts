// StorageClass, PersistentVolume, PriorityClass, ResourceQuota and LimitRange (kubernetes pkg/apis/storage/validation,
// pkg/apis/scheduling/validation and pkg/apis/core/validation).
import { dnsSubdomainProblem, qualifiedNameProblem } from '../names.ts';
import { show } from '../problem.ts';
import type { BuiltinCheck } from './builtin.ts';
import { checkAccessModes } from './claim.ts';
import {
  at,
  count,
  entries,
  exactlyOne,
  type Field,
  fail,
  integer,
  isHole,
  isSet,
  items,
  named,
  oneOf,
  required,
  requiredList,
  rootField,
  text,
  unique,
} from './field.ts';
import { nanos } from './quantity.ts';
import { checkQuantityOf } from './resources.ts';
import { checkNodeSelector } from './selector.ts';
import { volumeTypes } from './volumes.ts';

export const storageClass: BuiltinCheck = (object, problems) => {
  const root = rootField(object, problems);
  const provisioner = required(at(root, 'provisioner'));
  const problem = provisioner && qualifiedNameProblem(provisioner.toLowerCase());
  if (problem) fail(at(root, 'provisioner'), 'invalid', `${problem}.`);
  oneOf(at(root, 'reclaimPolicy'), ['Delete', 'Retain']);
  oneOf(at(root, 'volumeBindingMode'), ['Immediate', 'WaitForFirstConsumer']);
  for (const term of items(at(root, 'allowedTopologies'))) {
    const requirements = items(at(term, 'matchLabelExpressions'));
    unique(
      requirements.map((requirement) => at(requirement, 'key')),
      'key',
    );
    for (const requirement of requirements) {
      requiredList(at(requirement, 'values'), 'value');
      const key = text(at(requirement, 'key'));
      const bad = key === undefined ? undefined : qualifiedNameProblem(key);
      if (bad) fail(at(requirement, 'key'), 'invalid', `${bad}.`);
    }
  }
};

export const persistentVolume: BuiltinCheck = (object, problems) => {
  const spec = at(rootField(object, problems), 'spec');
  if (isHole(spec)) return;
  checkAccessModes(at(spec, 'accessModes'));
  const capacity = at(spec, 'capacity');
  if (count(capacity) === 0) fail(capacity, 'required', 'is required: storage, and how much.');
  for (const [name, quantity] of entries(capacity)) {
    if (name !== 'storage') fail(quantity, 'unsupported', 'isn’t a capacity of volumes; only storage is.');
    const value = nanos(quantity.value);
    if (value !== undefined && value <= 0n) fail(quantity, 'invalid', 'must be more than 0.');
  }
  oneOf(at(spec, 'persistentVolumeReclaimPolicy'), ['Delete', 'Recycle', 'Retain']);
  oneOf(at(spec, 'volumeMode'), ['Block', 'Filesystem']);
  named(at(spec, 'storageClassName'), dnsSubdomainProblem);
  exactlyOne(
    spec,
    [...volumeTypes.filter((type) => type !== 'emptyDir' && isSet(at(spec, type))), 'local'].filter(
      (type, index, all) => all.indexOf(type) === index,
    ),
    'a volume type',
  );
  const affinity = at(spec, 'nodeAffinity');
  if (isSet(at(affinity, 'required'))) checkNodeSelector(at(affinity, 'required'));
  if (isSet(at(spec, 'local')) && !isSet(affinity))
    fail(affinity, 'required', 'is required for a local volume: which node has it.');
};

export const priorityClass: BuiltinCheck = (object, problems) => {
  const root = rootField(object, problems);
  const name = text(at(root, 'metadata', 'name'));
  const value = integer(at(root, 'value'));
  if (name?.startsWith('system-') && name !== 'system-node-critical' && name !== 'system-cluster-critical')
    fail(at(root, 'metadata', 'name'), 'forbidden', 'can’t begin with “system-”; such names are the system’s own.');
  else if (!name?.startsWith('system-') && value !== undefined && value > 1_000_000_000n)
    fail(at(root, 'value'), 'forbidden', `can’t be more than 1000000000; it is ${value}.`);
  oneOf(at(root, 'preemptionPolicy'), ['PreemptLowerPriority', 'Never']);
};

const scopes = [
  'Terminating',
  'NotTerminating',
  'BestEffort',
  'NotBestEffort',
  'PriorityClass',
  'CrossNamespacePodAffinity',
  'VolumeAttributesClass',
];

export const resourceQuota: BuiltinCheck = (object, problems) => {
  const spec = at(rootField(object, problems), 'spec');
  for (const [name, quantity] of entries(at(spec, 'hard'))) {
    const problem = qualifiedNameProblem(name);
    if (problem) fail(quantity, 'invalid', `isn’t a resource’s name: it ${problem}.`);
    else if (!name.includes('/') && !isQuotaResource(name))
      fail(
        quantity,
        'invalid',
        'isn’t a resource that quotas count: cpu, requests.memory, pods, count/RESOURCE.GROUP and the like.',
      );
    else checkQuantityOf(name, quantity);
  }
  const named_ = items(at(spec, 'scopes'));
  for (const scope of named_) oneOf(scope, scopes, 'mandatory');
  const set = new Set(named_.map(text));
  for (const [a, b] of [
    ['BestEffort', 'NotBestEffort'],
    ['Terminating', 'NotTerminating'],
  ] as const)
    if (set.has(a) && set.has(b)) fail(at(spec, 'scopes'), 'invalid', `can’t hold both ${a} and ${b}.`);
  for (const expression of items(at(spec, 'scopeSelector', 'matchExpressions'))) checkScope(expression);
};

function isQuotaResource(name: string): boolean {
  if (/^((requests|limits)\.)?(cpu|memory|ephemeral-storage)$/.test(name)) return true;
  if (/^(requests\.)?(storage|hugepages-.+)$/.test(name)) return true;
  return /^(pods|resourcequotas|services|replicationcontrollers|secrets|configmaps|persistentvolumeclaims|services\.nodeports|services\.loadbalancers)$/.test(
    name,
  );
}

function checkScope(expression: Field): void {
  const name = text(at(expression, 'scopeName'));
  oneOf(at(expression, 'scopeName'), scopes, 'mandatory');
  const operator = text(at(expression, 'operator'));
  const values = count(at(expression, 'values'));
  if (
    name &&
    name !== 'PriorityClass' &&
    name !== 'VolumeAttributesClass' &&
    operator !== undefined &&
    operator !== 'Exists'
  )
    fail(at(expression, 'operator'), 'invalid', `must be Exists for the scope ${name}.`);
  if ((operator === 'In' || operator === 'NotIn') && values === 0)
    fail(at(expression, 'values'), 'required', `needs at least one value with operator ${operator}.`);
  if ((operator === 'Exists' || operator === 'DoesNotExist') && values)
    fail(at(expression, 'values'), 'invalid', `can’t be set with operator ${operator}.`);
  oneOf(at(expression, 'operator'), ['In', 'NotIn', 'Exists', 'DoesNotExist'], 'mandatory');
}

export const limitRange: BuiltinCheck = (object, problems) => {
  const limits = items(at(rootField(object, problems), 'spec', 'limits'));
  unique(
    limits.map((limit) => at(limit, 'type')),
    'type',
  );
  for (const limit of limits) checkLimit(limit);
};

function checkLimit(limit: Field): void {
  const type = text(at(limit, 'type'));
  const known = ['Pod', 'Container', 'PersistentVolumeClaim'];
  if (type !== undefined && !known.includes(type)) {
    const problem = qualifiedNameProblem(type);
    if (problem) fail(at(limit, 'type'), 'invalid', `${problem}.`);
    else if (!type.includes('/'))
      fail(at(limit, 'type'), 'invalid', `must be ${known.join(', ')} or have a domain before it, not ${show(type)}.`);
  }
  if (type === 'Pod')
    for (const name of ['default', 'defaultRequest'])
      if (count(at(limit, name))) fail(at(limit, name), 'forbidden', 'can’t be set with type: Pod.');
  if (type === 'PersistentVolumeClaim' && !isSet(at(limit, 'min', 'storage')) && !isSet(at(limit, 'max', 'storage')))
    fail(at(limit, 'max', 'storage'), 'required', 'or min.storage is required with type: PersistentVolumeClaim.');
  const ordered: readonly (readonly [string, string])[] = [
    ['min', 'max'],
    ['min', 'defaultRequest'],
    ['defaultRequest', 'max'],
    ['defaultRequest', 'default'],
    ['min', 'default'],
    ['default', 'max'],
  ];
  for (const [less, more] of ordered)
    for (const [name, field] of entries(at(limit, less))) {
      const [low, high] = [nanos(field.value), nanos(at(limit, more, name).value)];
      if (low !== undefined && high !== undefined && low > high)
        fail(field, 'invalid', `can’t be more than ${more}.${name}.`);
    }
  for (const [, ratio] of entries(at(limit, 'maxLimitRequestRatio'))) {
    const value = nanos(ratio.value);
    if (value !== undefined && value < 10n ** 9n) fail(ratio, 'invalid', 'can’t be less than 1.');
  }
}
