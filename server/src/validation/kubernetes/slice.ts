// Checks of ResourceSlices, the devices that a driver offers (kubernetes pkg/apis/resource/validation).

import {
  dnsLabelProblem,
  dnsSubdomainProblem,
  labelValueProblem,
  type NameCheck,
  qualifiedNameProblem,
} from '../../kube/names.ts';
import { isObject } from '../../syntax/value.ts';
import { show } from '../words.ts';
import type { BuiltinCheck } from './builtin.ts';
import { deviceNameProblem, taintEffects, tooMany } from './devices.ts';
import {
  at,
  count,
  entries,
  type Field,
  fail,
  flag,
  integer,
  isHole,
  isSet,
  items,
  oneOf,
  required,
  rootField,
  text,
} from './field.ts';
import { isOn } from './gates.ts';
import { checkNodeSelector } from './selector.ts';
import { csiDriverName } from './sources.ts';

export const resourceSlice: BuiltinCheck = (object, problems) => {
  const written = at(rootField(object, problems), 'spec');
  if (isHole(written)) return;
  const isPartitionable = isOn(problems, 'DRAPartitionableDevices');
  const spec = isPartitionable ? written : withoutFields(written, ['perDeviceNodeSelection', 'sharedCounters']);
  csiDriverName(at(spec, 'driver'));
  checkPool(at(spec, 'pool'));
  const placed = checkPlacement(spec, ['nodeName', 'nodeSelector', 'allNodes', 'perDeviceNodeSelection']);
  if (placed !== undefined && placed.length === 0)
    fail(spec, 'required', 'must set nodeName, nodeSelector, allNodes or perDeviceNodeSelection.');
  const selector = at(spec, 'nodeSelector', 'nodeSelectorTerms');
  if (isSet(at(spec, 'nodeSelector')) && (count(selector) ?? 1) !== 1)
    fail(selector, 'invalid', 'must have exactly one term.');
  const [devices, counters] = [at(spec, 'devices'), at(spec, 'sharedCounters')];
  if (isSet(devices) && isSet(counters)) fail(spec, 'invalid', 'must not set both devices and sharedCounters.');
  // Devices have fields of the gate, too.
  const each = at(spec, 'perDeviceNodeSelection');
  checkDevices(devices, flag(each), isHole(each) || !isPartitionable);
  if (tooMany(counters, 8)) return;
  const names = new Set<string>();
  for (const set of items(counters)) {
    if (isHole(set)) continue;
    labelName(at(set, 'name'));
    const name = text(at(set, 'name'));
    if (name && names.has(name)) fail(set, 'duplicate', `repeats the name ${show(name)}.`);
    if (name) names.add(name);
    checkCounters(at(set, 'counters'));
  }
};

function labelName(field: Field): void {
  const value = required(field);
  const problem = value === undefined ? undefined : dnsLabelProblem(value);
  if (problem) fail(field, 'invalid', `${problem}.`);
}

function checkCounters(counters: Field): void {
  const size = count(counters);
  if (size === 0) fail(counters, 'required', 'must have at least one counter.');
  if (tooMany(counters, 32)) return;
  for (const [key] of entries(counters)) {
    const problem = dnsLabelProblem(key);
    if (problem) fail(counters, 'invalid', `has the invalid key ${show(key)}, which ${problem}.`);
  }
}

function checkPool(pool: Field): void {
  if (isHole(pool)) return;
  const name = required(at(pool, 'name'));
  if (name !== undefined) {
    if (name.length > 253)
      fail(at(pool, 'name'), 'tooLong', `must be at most 253 characters long, not ${name.length}.`);
    for (const part of name.split('/')) {
      const problem = dnsSubdomainProblem(part);
      if (problem) fail(at(pool, 'name'), 'invalid', `${problem}.`);
    }
  }
  const slices = at(pool, 'resourceSliceCount');
  if (!isHole(slices) && (integer(slices) ?? 0n) <= 0n)
    fail(slices, 'invalid', `must be at least 1, not ${integer(slices) ?? 0n}.`);
  const generation = integer(at(pool, 'generation'));
  if (generation !== undefined && generation < 0n)
    fail(at(pool, 'generation'), 'invalid', `must be at least 0, not ${generation}.`);
}

/** At most one of these fields may place devices on nodes. Returns those that do; `undefined` if unknown. */
function checkPlacement(of: Field, names: readonly string[]): readonly string[] | undefined {
  if (names.some((name) => isHole(at(of, name)))) return undefined;
  const set: string[] = [];
  for (const name of names) {
    const field = at(of, name);
    if (!isSet(field)) continue;
    if (name === 'nodeSelector') checkNodeSelector(field);
    else if (name === 'nodeName') {
      const value = text(field);
      const problem = value === undefined ? undefined : value === '' ? 'must not be empty' : dnsSubdomainProblem(value);
      if (problem) fail(field, 'invalid', `${problem}.`);
      if (value === '') continue;
    } else if (!flag(field)) {
      fail(field, 'invalid', 'must be true or omitted.');
      continue;
    }
    set.push(name);
  }
  if (set.length > 1) fail(of, 'invalid', `must set only one of ${set.join(', ')}.`);
  return set;
}

function checkDevices(devices: Field, each: boolean, unknownEach: boolean): void {
  const advanced = items(devices).some(
    (device) =>
      isOn(devices.problems, 'DRAPartitionableDevices') &&
      ((count(at(device, 'taints')) ?? 0) > 0 || (count(at(device, 'consumesCounters')) ?? 0) > 0),
  );
  if (tooMany(devices, advanced ? 64 : 128)) return;
  const names = new Set<string>();
  for (const device of items(devices)) {
    if (isHole(device)) continue;
    const name = text(at(device, 'name'));
    const problem = name === undefined ? undefined : dnsLabelProblem(name);
    if (problem) fail(at(device, 'name'), 'invalid', `${problem}.`);
    if (name !== undefined && names.has(name)) fail(device, 'duplicate', `repeats the name ${show(name)}.`);
    if (name !== undefined) names.add(name);
    checkDevice(device);
    if (unknownEach) continue;
    const where = ['nodeName', 'nodeSelector', 'allNodes'];
    if (each) {
      const placed = checkPlacement(device, where);
      if (placed && placed.length === 0) fail(device, 'required', 'must set nodeName, nodeSelector or allNodes.');
    } else if (where.some((field) => isSet(at(device, field))))
      fail(device, 'invalid', 'can set nodeName, nodeSelector or allNodes only with perDeviceNodeSelection: true.');
  }
}

function checkDevice(device: Field): void {
  const [attributes, capacity] = [at(device, 'attributes'), at(device, 'capacity')];
  const size = (count(attributes) ?? 0) + (count(capacity) ?? 0);
  if (size > 32) fail(device, 'invalid', `must have at most 32 attributes and capacities, not ${size}.`);
  for (const map of [attributes, capacity])
    for (const [key] of entries(map)) {
      const problem = deviceNameProblem(key);
      if (problem) fail(map, 'invalid', `has the invalid key ${show(key)}, which ${problem}.`);
    }
  for (const [, attribute] of entries(attributes)) if (!isHole(attribute)) checkAttribute(attribute);
  for (const [, amount] of entries(capacity))
    if (isSet(at(amount, 'requestPolicy')) && !flag(at(device, 'allowMultipleAllocations')))
      fail(at(amount, 'requestPolicy'), 'forbidden', 'can be set only with allowMultipleAllocations: true.');
  const taints = at(device, 'taints');
  if (!tooMany(taints, 16)) for (const taint of items(taints)) if (!isHole(taint)) checkTaint(taint);
  const consumed = at(device, 'consumesCounters');
  if (!tooMany(consumed, 2))
    for (const one of items(consumed)) {
      if (isHole(one)) continue;
      labelName(at(one, 'counterSet'));
      checkCounters(at(one, 'counters'));
    }
  checkBinding(device);
}

const version: NameCheck = (value) => {
  if (value.length > 64) return 'must be at most 64 characters long';
  const number = '(0|[1-9]\\d*)';
  const part = '(0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)';
  return new RegExp(
    `^${number}\\.${number}\\.${number}(-${part}(\\.${part})*)?(\\+[0-9a-zA-Z-]+(\\.[0-9a-zA-Z-]+)*)?$`,
  ).test(value)
    ? undefined
    : 'must be a semantic version such as 1.2.3';
};

function checkAttribute(attribute: Field): void {
  const set = ['bool', 'int', 'string', 'version'].filter((name) => isSet(at(attribute, name)));
  if (set.length !== 1) fail(attribute, 'invalid', 'must set exactly one of bool, int, string and version.');
  const value = at(attribute, 'string');
  if ((text(value)?.length ?? 0) > 64) fail(value, 'tooLong', 'must be at most 64 characters long.');
  const given = isSet(at(attribute, 'version')) ? text(at(attribute, 'version')) : undefined;
  const problem = given === undefined ? undefined : version(given);
  if (problem) fail(at(attribute, 'version'), 'invalid', `${problem}.`);
}

function withoutFields(field: Field, names: readonly string[]): Field {
  if (!isObject(field.value)) return field;
  const left = Object.entries(field.value).filter(([name]) => !names.includes(name));
  return { ...field, value: Object.fromEntries(left) };
}

export const deviceTaintRule: BuiltinCheck = (object, problems) => {
  const spec = at(rootField(object, problems), 'spec');
  const selector = at(spec, 'deviceSelector');
  if (isSet(at(selector, 'driver'))) csiDriverName(at(selector, 'driver'));
  const taint = at(spec, 'taint');
  if (!isHole(spec) && !isHole(taint)) checkTaint(taint);
};

export function checkTaint(taint: Field): void {
  const key = text(at(taint, 'key'));
  const problem = key === undefined ? undefined : qualifiedNameProblem(key);
  if (problem) fail(at(taint, 'key'), 'invalid', `${problem}.`);
  const value = text(at(taint, 'value'));
  const wrong = value === undefined ? undefined : labelValueProblem(value);
  if (wrong) fail(at(taint, 'value'), 'invalid', `${wrong}.`);
  if (required(at(taint, 'effect')) !== undefined) oneOf(at(taint, 'effect'), taintEffects);
}

function checkBinding(device: Field): void {
  const [conditions, failures] = [at(device, 'bindingConditions'), at(device, 'bindingFailureConditions')];
  const bound = new Set<string>();
  for (const [list, others] of [
    [conditions, undefined],
    [failures, bound],
  ] as const) {
    tooMany(list, 4);
    const seen = new Set<string>();
    for (const item of items(list)) {
      const name = text(item);
      if (name === undefined) continue;
      const problem = qualifiedNameProblem(name);
      if (problem) fail(item, 'invalid', `${problem}.`);
      if (seen.has(name)) fail(item, 'duplicate', `repeats ${show(name)}.`);
      if (others?.has(name)) fail(item, 'invalid', 'must not also be in bindingConditions.');
      seen.add(name);
      if (!others) bound.add(name);
    }
  }
  const [some, other] = [count(conditions), count(failures)];
  if (some === 0 && other) fail(conditions, 'invalid', 'must not be empty with bindingFailureConditions.');
  if (other === 0 && some) fail(failures, 'invalid', 'must not be empty with bindingConditions.');
}
