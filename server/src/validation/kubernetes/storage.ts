// Checks of StorageClasses, PersistentVolumes and PriorityClasses (kubernetes pkg/apis/storage/validation,
// pkg/apis/core/validation and pkg/apis/scheduling/validation).
import { dnsSubdomainProblem, lowered, qualifiedNameProblem } from '../../kube/names.ts';
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
import { amountIn, inInt64 } from './quantity.ts';
import { checkNodeSelector } from './selector.ts';
import { asGo, checkSource, persistentTypes } from './sources.ts';

export const storageClass: BuiltinCheck = (object, problems) => {
  const root = rootField(object, problems);
  const provisioner = required(at(root, 'provisioner'));
  const problem = provisioner && qualifiedNameProblem(lowered(provisioner));
  if (problem) fail(at(root, 'provisioner'), 'invalid', `${problem}.`);
  oneOf(at(root, 'reclaimPolicy'), ['Delete', 'Retain'], 'defaulted');
  oneOf(at(root, 'volumeBindingMode'), ['Immediate', 'WaitForFirstConsumer']);
  checkParameters(at(root, 'parameters'));
  const terms = new Set<string>();
  for (const term of items(at(root, 'allowedTopologies'))) {
    const requirements = items(at(term, 'matchLabelExpressions'));
    const same = signature(requirements);
    // The API server compares the term with its own list of terms seen, whose unfilled entries are empty.
    if (requirements.length === 0 && !isHole(term) && !isHole(at(term, 'matchLabelExpressions')))
      fail(
        at(term, 'matchLabelExpressions'),
        'duplicate',
        'must not be empty: a term without requirements is rejected.',
      );
    else if (same !== undefined && terms.has(same))
      fail(at(term, 'matchLabelExpressions'), 'duplicate', 'repeats an earlier term.');
    if (same !== undefined) terms.add(same);
    unique(
      requirements.map((requirement) => at(requirement, 'key')),
      'key',
    );
    for (const requirement of requirements) {
      requiredList(at(requirement, 'values'), 'value');
      unique(items(at(requirement, 'values')), 'value');
      const key = text(at(requirement, 'key'));
      const bad = key === undefined ? undefined : qualifiedNameProblem(key);
      if (bad) fail(at(requirement, 'key'), 'invalid', `${bad}.`);
    }
  }
};

/** A term's requirements in a canonical order; `undefined` if any is unknown. */
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

/** Also used for the parameters of VolumeAttributesClasses. */
export function checkParameters(field: Field): void {
  const size = count(field);
  if (size !== undefined && size > 512) {
    fail(field, 'tooLong', `must have at most 512 parameters, not ${size}.`);
    return;
  }
  let bytes = 0;
  for (const [key, value] of entries(field)) {
    if (key === '') fail(field, 'invalid', 'must not have an empty key.');
    bytes += key.length + (text(value)?.length ?? 0);
  }
  if (bytes > 256 * 1024) fail(field, 'tooLong', 'must be at most 256 KiB in total.');
}

export const persistentVolume: BuiltinCheck = (object, problems) => {
  const spec = at(rootField(object, problems), 'spec');
  checkVolumeSpec(spec, 'object');
};

/** `inline`: within a VolumeAttachment, where only the fields that a driver needs are allowed. */
export function checkVolumeSpec(spec: Field, as: 'object' | 'inline'): void {
  if (isHole(spec)) return;
  checkAccessModes(at(spec, 'accessModes'));
  // The API server ignores flexVolume after another type.
  const types = persistentTypes.filter((name) => isSet(at(spec, name)));
  const counted =
    types.length > 1 ? types.filter((name, index) => index === 0 || name !== 'flexVolume') : persistentTypes;
  const type = exactlyOne(asGo(spec), counted, 'volume type');
  if (type) checkSource(type, at(asGo(spec), type), 'volume');
  if (type !== 'flexVolume' && isSet(at(spec, 'flexVolume')))
    checkSource('flexVolume', at(spec, 'flexVolume'), 'volume');
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
  else if (isSet(at(spec, 'nodeAffinity')))
    fail(affinity, 'required', 'is required: the nodes that can access the volume.');
  if (isSet(at(spec, 'local')) && !isSet(at(spec, 'nodeAffinity')))
    fail(at(spec, 'nodeAffinity'), 'required', 'is required for a local volume: the node that has the volume.');
  const path = text(at(spec, 'hostPath', 'path'));
  if (path && /^\/[/.]*$/.test(path) && text(policy) === 'Recycle')
    fail(policy, 'forbidden', 'must not be Recycle if hostPath is the root directory.');
}

function checkCapacity(capacity: Field): void {
  const size = count(capacity);
  if (size === 0) fail(capacity, 'required', 'is required and must set storage.');
  else if (size !== undefined && (size > 1 || !entries(capacity).some(([name]) => name === 'storage')))
    fail(capacity, 'unsupported', 'must set storage and nothing else.');
  for (const [name, quantity] of entries(capacity)) {
    const value = amountIn(capacity, name);
    if (value !== undefined && value <= 0n)
      fail(quantity, 'invalid', `must be greater than 0, not ${String(quantity.value ?? 0)}.`);
    else if (value !== undefined && inInt64(quantity.value, value / 10n ** 9n) < 0n)
      fail(quantity, 'invalid', 'must fit into a 64-bit integer.');
  }
}

function checkInlineSpec(spec: Field): void {
  for (const name of ['claimRef', 'capacity', 'nodeAffinity', 'storageClassName'])
    if (isSet(at(spec, name)) && text(at(spec, name)) !== '')
      fail(at(spec, name), 'forbidden', 'must not be set in an inline volume.');
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
    fail(
      at(root, 'metadata', 'name'),
      'forbidden',
      'must not begin with “system-”, which is reserved for system priority classes.',
    );
  else if (!name?.startsWith('system-') && value !== undefined && value > 1_000_000_000n)
    fail(at(root, 'value'), 'forbidden', `must be at most 1000000000, not ${value}.`);
  oneOf(at(root, 'preemptionPolicy'), ['PreemptLowerPriority', 'Never']);
};
