// Checks of CSIDriver, CSINode, CSIStorageCapacity, VolumeAttachment and VolumeAttributesClass (kubernetes
// pkg/apis/storage/validation).

import { dnsSubdomainProblem, lowered, qualifiedNameProblem } from '../../kube/names.ts';
import { show } from '../words.ts';
import type { BuiltinCheck } from './builtin.ts';
import {
  at,
  count,
  type Field,
  fail,
  isHole,
  isSet,
  items,
  oneOf,
  required,
  rootField,
  text,
  unique,
  within,
} from './field.ts';
import { gated } from './gates.ts';
import { nanos } from './quantity.ts';
import { checkLabelSelector } from './selector.ts';
import { csiDriverName } from './sources.ts';
import { checkParameters, checkVolumeSpec } from './storage.ts';

export const csiDriver: BuiltinCheck = (object, problems) => {
  const spec = at(rootField(object, problems), 'spec');
  if (isHole(spec)) return;
  oneOf(at(spec, 'fsGroupPolicy'), ['ReadWriteOnceWithFSType', 'File', 'None']);
  const requests = at(spec, 'tokenRequests');
  checkTokenRequests(requests);
  const modes = at(spec, 'volumeLifecycleModes');
  for (const mode of items(modes)) {
    const value = text(mode);
    if (value !== undefined && value !== 'Persistent' && value !== 'Ephemeral')
      fail(modes, 'unsupported', `must contain only Persistent and Ephemeral, not ${show(value)}.`);
  }
  const period = at(spec, 'nodeAllocatableUpdatePeriodSeconds');
  within(gated(period, 'MutableCSINodeAllocatableCount'), 10n);
  const inSecrets = at(spec, 'serviceAccountTokenInSecrets');
  if (isSet(inSecrets) && count(requests) === 0) fail(inSecrets, 'invalid', 'must not be set without tokenRequests.');
};

function checkTokenRequests(requests: Field): void {
  const audiences = new Set<string>();
  for (const request of items(requests)) {
    if (isHole(request)) continue;
    const audience = text(at(request, 'audience'));
    if (audience !== undefined && audiences.has(audience)) {
      fail(at(request, 'audience'), 'duplicate', `repeats ${show(audience)}; each audience must be unique.`);
      continue;
    }
    if (audience !== undefined) audiences.add(audience);
    within(at(request, 'expirationSeconds'), 600n, 2n ** 32n);
  }
}

export const csiNode: BuiltinCheck = (object, problems) => {
  const drivers = items(at(rootField(object, problems), 'spec', 'drivers'));
  for (const driver of drivers) {
    if (isHole(driver)) continue;
    csiDriverName(at(driver, 'name'));
    const id = required(at(driver, 'nodeID'));
    if (id && id.length > 256) fail(at(driver, 'nodeID'), 'invalid', 'must be at most 256 characters long.');
    within(at(driver, 'allocatable', 'count'), 0n);
    const keys = new Set<string>();
    for (const item of items(at(driver, 'topologyKeys'))) {
      const key = text(item);
      if (key === undefined) continue;
      const problem = qualifiedNameProblem(key);
      if (problem) fail(driver, 'invalid', `has the invalid topology key ${show(key)}, which ${problem}.`);
      if (keys.has(key)) fail(driver, 'duplicate', `repeats the topology key ${show(key)}.`);
      keys.add(key);
    }
  }
  unique(
    drivers.map((driver) => at(driver, 'name')),
    'driver',
  );
};

export const csiStorageCapacity: BuiltinCheck = (object, problems) => {
  const root = rootField(object, problems);
  checkLabelSelector(at(root, 'nodeTopology'));
  const name = text(at(root, 'storageClassName'));
  const problem = name === undefined ? undefined : dnsSubdomainProblem(name);
  if (problem) fail(at(root, 'storageClassName'), 'invalid', `${problem}.`);
  const capacity = nanos(at(root, 'capacity').value);
  if (capacity !== undefined && capacity < 0n)
    fail(at(root, 'capacity'), 'invalid', `must be at least 0, not ${String(at(root, 'capacity').value)}.`);
};

export const volumeAttachment: BuiltinCheck = (object, problems) => {
  const spec = at(rootField(object, problems), 'spec');
  if (isHole(spec)) return;
  csiDriverName(at(spec, 'attacher'));
  const node = text(at(spec, 'nodeName'));
  const problem = node === undefined ? undefined : dnsSubdomainProblem(node);
  if (problem) fail(at(spec, 'nodeName'), 'invalid', `${problem}.`);
  checkSource(at(spec, 'source'));
};

function checkSource(source: Field): void {
  if (isHole(source)) return;
  const [name, inline] = [at(source, 'persistentVolumeName'), at(source, 'inlineVolumeSpec')];
  if (!isSet(name) && !isSet(inline)) fail(source, 'required', 'must set persistentVolumeName or inlineVolumeSpec.');
  else if (isSet(name) && isSet(inline))
    fail(source, 'forbidden', 'must not set both persistentVolumeName and inlineVolumeSpec.');
  else if (isSet(inline)) checkVolumeSpec(inline, 'inline');
  if (!isSet(name)) return;
  const value = text(name);
  if (value === '') required(name);
  const problem = value ? dnsSubdomainProblem(value) : undefined;
  if (problem) fail(name, 'invalid', `${problem}.`);
}

export const volumeAttributesClass: BuiltinCheck = (object, problems) => {
  const root = rootField(object, problems);
  const name = required(at(root, 'driverName'));
  const problem = name && qualifiedNameProblem(lowered(name));
  if (problem) fail(at(root, 'driverName'), 'invalid', `${problem}.`);
  const parameters = at(root, 'parameters');
  if (count(parameters) === 0) fail(parameters, 'required', 'must have at least one parameter.');
  checkParameters(parameters);
};
