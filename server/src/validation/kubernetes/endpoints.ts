// Checks of Endpoints, EndpointSlices, ServiceCIDRs and IPAddresses (kubernetes pkg/apis/core/validation,
// pkg/apis/discovery/validation and pkg/apis/networking/validation).

import {
  dnsLabelProblem,
  dnsSubdomainProblem,
  labelValueProblem,
  pathSegmentProblem,
  qualifiedNameProblem,
} from '../../kube/names.ts';
import { parseCidr, parseIp } from '../../kube/values/ip.ts';
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
  named,
  oneOf,
  requiredList,
  requiredName,
  rootField,
  text,
} from './field.ts';
import {
  canonicalCidrProblem,
  canonicalIpProblem,
  legacyIp,
  portNumber,
  qualifiedDomainProblem,
  specialIpProblem,
} from './formats.ts';

const protocols = ['TCP', 'UDP', 'SCTP'];

export const endpoints: BuiltinCheck = (object, problems) => {
  for (const subset of items(at(rootField(object, problems), 'subsets'))) {
    if (isHole(subset)) continue;
    const lists = [at(subset, 'addresses'), at(subset, 'notReadyAddresses')];
    if (lists.every((list) => count(list) === 0)) fail(subset, 'required', 'must set addresses or notReadyAddresses.');
    for (const address of lists.flatMap(items)) checkAddress(address);
    const ports = items(at(subset, 'ports'));
    for (const port of ports) checkPort(port, ports.length > 1);
  }
};

function checkAddress(address: Field): void {
  if (isHole(address)) return;
  checkIp(at(address, 'ip'), at(address, 'ip'), legacyIp(address));
  named(at(address, 'hostname'), dnsLabelProblem);
  nodeName(at(address, 'nodeName'));
}

function checkPort(port: Field, several: boolean): void {
  if (isHole(port)) return;
  const name = at(port, 'name');
  if (several) requiredName(name, dnsLabelProblem, 'if there are several ports');
  else named(name, dnsLabelProblem);
  portNumber(at(port, 'port'));
  if (text(at(port, 'protocol')) !== '') oneOf(at(port, 'protocol'), protocols);
  appProtocol(at(port, 'appProtocol'));
}

/** An address of the wrong IP family is reported at `family`. */
function checkIp(field: Field, family: Field, problem: (ip: string) => string | undefined, wanted?: 4 | 6): void {
  const value = text(field);
  if (value === undefined) return;
  const wrong = problem(value);
  if (wrong) {
    fail(field, 'invalid', `${wrong}; it is ${show(value)}.`);
    return;
  }
  const ip = parseIp(value);
  if (!ip.ok) return;
  if (wanted !== undefined && ip.value.family !== wanted)
    fail(family, 'invalid', `must contain only IPv${wanted} addresses, as set in addressType, not ${show(value)}.`);
  const special = specialIpProblem(value);
  if (special) fail(field, 'invalid', `${special}; it is ${show(value)}.`);
}

function nodeName(field: Field): void {
  if (!isSet(field)) return;
  const value = text(field);
  const problem = value === undefined ? undefined : dnsSubdomainProblem(value);
  if (problem) fail(field, 'invalid', `${problem}.`);
}

function appProtocol(field: Field): void {
  const value = isSet(field) ? text(field) : undefined;
  const problem = value === undefined ? undefined : qualifiedNameProblem(value);
  if (problem) fail(field, 'invalid', `${problem}.`);
}

export const endpointSlice: BuiltinCheck = (object, problems) => {
  const root = rootField(object, problems);
  const type = at(root, 'addressType');
  oneOf(type, ['IPv4', 'IPv6', 'FQDN'], 'mandatory');
  checkSlicePorts(at(root, 'ports'));
  const all = at(root, 'endpoints');
  if (tooMany(all, 1000)) return;
  for (const endpoint of items(all)) if (!isHole(endpoint)) checkEndpoint(endpoint, text(type));
};

function tooMany(list: Field, most: number): boolean {
  const size = count(list) ?? 0;
  if (size > most) fail(list, 'tooMany', `must have at most ${most} items, not ${size}.`);
  return size > most;
}

function checkSlicePorts(ports: Field): void {
  if (tooMany(ports, 20_000)) return;
  const seen = new Set<string>();
  for (const port of items(ports)) {
    if (isHole(port)) continue;
    const name = text(at(port, 'name'));
    named(at(port, 'name'), dnsLabelProblem);
    if (name !== undefined && seen.has(name))
      fail(at(port, 'name'), 'duplicate', `repeats ${show(name)}; each port name must be unique.`);
    if (name !== undefined) seen.add(name);
    oneOf(at(port, 'protocol'), protocols);
    appProtocol(at(port, 'appProtocol'));
  }
}

function checkEndpoint(endpoint: Field, type: string | undefined): void {
  const addresses = at(endpoint, 'addresses');
  requiredList(addresses, 'address');
  tooMany(addresses, 100);
  for (const address of items(addresses)) {
    if (type === 'IPv4') checkIp(address, addresses, legacyIp(address), 4);
    else if (type === 'IPv6') checkIp(address, addresses, canonicalIpProblem, 6);
    else if (type === 'FQDN') requiredName(address, qualifiedDomainProblem);
  }
  nodeName(at(endpoint, 'nodeName'));
  const hostname = at(endpoint, 'hostname');
  if (isSet(hostname) && text(hostname) === '') fail(hostname, 'invalid', 'must not be empty.');
  else named(hostname, dnsLabelProblem);
  for (const [name, check] of [
    ['forZones', labelValueProblem],
    ['forNodes', dnsSubdomainProblem],
  ] as const) {
    const hints = at(endpoint, 'hints', name);
    if (tooMany(hints, 8)) return;
    const seen = new Set<string>();
    for (const hint of items(hints)) {
      const field = at(hint, 'name');
      const value = isHole(hint) ? undefined : text(field);
      if (value === undefined) continue;
      if (seen.has(value)) fail(field, 'duplicate', `repeats ${show(value)}.`);
      seen.add(value);
      const problem = check(value);
      if (problem) fail(field, 'invalid', `${problem}.`);
    }
  }
}

export const serviceCidr: BuiltinCheck = (object, problems) => {
  const cidrs = at(rootField(object, problems), 'spec', 'cidrs');
  const size = count(cidrs);
  if (size === 0) requiredList(cidrs, 'range');
  else if (size !== undefined && size > 2) fail(cidrs, 'invalid', `must have at most two ranges, not ${size}.`);
  else {
    const families = items(cidrs).map((cidr) => {
      const value = text(cidr);
      const problem = value === undefined ? undefined : canonicalCidrProblem(value);
      if (problem) fail(cidr, 'invalid', `${problem}; it is ${show(value)}.`);
      const parsed = value === undefined ? undefined : parseCidr(value);
      return parsed?.ok ? parsed.value.ip.family : undefined;
    });
    if (families.length === 2 && families[0] !== undefined && families[0] === families[1])
      fail(cidrs, 'invalid', 'must have one IPv4 and one IPv6 range if there are two.');
  }
};

export const ipAddress: BuiltinCheck = (object, problems) => {
  const parent = at(rootField(object, problems), 'spec', 'parentRef');
  if (isHole(parent)) return;
  if (!isSet(parent)) {
    fail(parent, 'required', 'is required: the object that uses the address.');
    return;
  }
  named(at(parent, 'group'), dnsSubdomainProblem);
  requiredName(at(parent, 'resource'), pathSegmentProblem);
  requiredName(at(parent, 'name'), pathSegmentProblem);
  named(at(parent, 'namespace'), pathSegmentProblem);
};
