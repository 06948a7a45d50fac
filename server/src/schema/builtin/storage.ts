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
  requiredName,
  rootField,
  text,
  unique,
} from './field.ts';
import { nanos } from './quantity.ts';
import { checkQuantityOf } from './resources.ts';
import { checkNodeSelector } from './selector.ts';
import { checkSource, persistentTypes } from './sources.ts';

export const storageClass: BuiltinCheck = (object, problems) => {
  const root = rootField(object, problems);
  const provisioner = required(at(root, 'provisioner'));
  const problem = provisioner && qualifiedNameProblem(provisioner.toLowerCase());
  if (problem) fail(at(root, 'provisioner'), 'invalid', `${problem}.`);
  oneOf(at(root, 'reclaimPolicy'), ['Delete', 'Retain']);
  oneOf(at(root, 'volumeBindingMode'), ['Immediate', 'WaitForFirstConsumer']);
  checkParameters(at(root, 'parameters'));
  const terms = new Set<string>();
  for (const term of items(at(root, 'allowedTopologies'))) {
    const requirements = items(at(term, 'matchLabelExpressions'));
    const same = signature(requirements);
    if (same !== undefined && terms.has(same))
      fail(at(term, 'matchLabelExpressions'), 'duplicate', 'repeats an earlier term.');
    if (same !== undefined) terms.add(same);
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

/** What a term says, whatever its order; undefined where that can't be known. */
function signature(requirements: readonly Field[]): string | undefined {
  const said = new Map(
    requirements.map((requirement) => [
      text(at(requirement, 'key')),
      [...new Set(items(at(requirement, 'values')).map(text))].sort(),
    ]),
  );
  if ([...said].some(([key, values]) => key === undefined || values.includes(undefined))) return undefined;
  return JSON.stringify([...said].sort(([a], [b]) => (a! < b! ? -1 : 1)));
}

/** Also those of VolumeAttributesClasses. */
export function checkParameters(field: Field): void {
  const size = count(field);
  if (size !== undefined && size > 512) {
    fail(field, 'tooLong', `can’t have more than 512 parameters; it has ${size}.`);
    return;
  }
  let bytes = 0;
  for (const [key, value] of entries(field)) {
    if (key === '') fail(field, 'invalid', 'can’t have an empty key.');
    bytes += key.length + (text(value)?.length ?? 0);
  }
  if (bytes > 256 * 1024) fail(field, 'tooLong', 'can’t hold more than 256 KiB.');
}

export const persistentVolume: BuiltinCheck = (object, problems) => {
  const spec = at(rootField(object, problems), 'spec');
  checkVolumeSpec(spec, 'object');
};

/** `inline`: within a VolumeAttachment, where only what a driver needs may be said. */
export function checkVolumeSpec(spec: Field, as: 'object' | 'inline'): void {
  if (isHole(spec)) return;
  checkAccessModes(at(spec, 'accessModes'));
  const type = exactlyOne(spec, persistentTypes, 'a volume type');
  if (type) checkSource(type, at(spec, type), 'volume');
  const classes = at(spec, 'volumeAttributesClassName');
  if (isSet(classes)) {
    requiredName(classes, dnsSubdomainProblem);
    if (!isSet(at(spec, 'csi'))) fail(at(spec, 'csi'), 'required', 'is required with volumeAttributesClassName.');
  }
  if (as === 'object') checkOwnSpec(spec);
  else checkInlineSpec(spec);
}

function checkOwnSpec(spec: Field): void {
  checkCapacity(at(spec, 'capacity'));
  const policy = at(spec, 'persistentVolumeReclaimPolicy');
  if (text(policy) !== '') oneOf(policy, ['Delete', 'Recycle', 'Retain']);
  oneOf(at(spec, 'volumeMode'), ['Block', 'Filesystem']);
  named(at(spec, 'storageClassName'), dnsSubdomainProblem);
  const affinity = at(spec, 'nodeAffinity', 'required');
  if (isSet(affinity)) checkNodeSelector(affinity);
  else if (isSet(at(spec, 'nodeAffinity'))) fail(affinity, 'required', 'is required: which nodes reach the volume.');
  if (isSet(at(spec, 'local')) && !isSet(at(spec, 'nodeAffinity')))
    fail(at(spec, 'nodeAffinity'), 'required', 'is required for a local volume: which node has it.');
  const path = text(at(spec, 'hostPath', 'path'));
  if (path && /^\/[/.]*$/.test(path) && text(policy) === 'Recycle')
    fail(policy, 'forbidden', 'can’t be Recycle for the root of the host.');
}

function checkCapacity(capacity: Field): void {
  const size = count(capacity);
  if (size === 0) fail(capacity, 'required', 'is required: storage, and how much.');
  else if (size !== undefined && (size > 1 || !isSet(at(capacity, 'storage'))))
    fail(capacity, 'unsupported', 'must be of storage, and of nothing else.');
  for (const [, quantity] of entries(capacity)) {
    const value = nanos(quantity.value);
    if (value !== undefined && value <= 0n) fail(quantity, 'invalid', 'must be more than 0.');
  }
}

function checkInlineSpec(spec: Field): void {
  for (const name of ['claimRef', 'capacity', 'nodeAffinity', 'storageClassName'])
    if (isSet(at(spec, name)) && text(at(spec, name)) !== '')
      fail(at(spec, name), 'forbidden', 'can’t be set in an inline volume.');
  if (!isSet(at(spec, 'csi'))) fail(at(spec, 'csi'), 'required', 'is required in an inline volume.');
  const policy = text(at(spec, 'persistentVolumeReclaimPolicy'));
  if (policy && policy !== 'Retain')
    fail(at(spec, 'persistentVolumeReclaimPolicy'), 'forbidden', 'must be Retain in an inline volume.');
  const mode = at(spec, 'volumeMode');
  if (isSet(mode) && !isHole(mode) && text(mode) !== 'Filesystem')
    fail(mode, 'forbidden', 'must be Filesystem in an inline volume.');
}

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
