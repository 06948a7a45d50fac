// Checks of Ingresses, IngressClasses and NetworkPolicies (kubernetes pkg/apis/networking/validation).

import { dnsLabelProblem, dnsSubdomainProblem, type NameCheck, pathSegmentProblem } from '../../kube/names.ts';
import { contains, parseSloppyCidr } from '../../kube/values/ip.ts';
import { show } from '../words.ts';
import type { BuiltinCheck } from './builtin.ts';
import {
  at,
  count,
  type Field,
  fail,
  failAs,
  integer,
  isHole,
  isSet,
  items,
  named,
  namedIfSet,
  oneOf,
  required,
  requiredList,
  requiredName,
  rootField,
  text,
} from './field.ts';
import { isCidr, isIp, legacyCidr, portName, portNumber, portNumberOrName } from './formats.ts';
import { checkLabelSelector } from './selector.ts';

const host: NameCheck = (name) => {
  if (isIp(name)) return 'must be a DNS name, not an IP address';
  if (!name.includes('*')) return dnsSubdomainProblem(name);
  return name.startsWith('*.') ? dnsSubdomainProblem(name.slice(2)) : 'can have “*” only as the first label';
};

export const ingress: BuiltinCheck = (object, problems) => {
  const root = rootField(object, problems);
  const spec = at(root, 'spec');
  if (isHole(spec)) return;
  const rules = at(spec, 'rules');
  if (count(rules) === 0 && !isSet(at(spec, 'defaultBackend')))
    fail(spec, 'invalid', 'must set rules or defaultBackend.');
  if (isSet(at(spec, 'defaultBackend'))) checkBackend(at(spec, 'defaultBackend'));
  for (const rule of items(rules)) {
    named(at(rule, 'host'), host);
    const http = at(rule, 'http');
    if (!isSet(http)) continue;
    requiredList(at(http, 'paths'), 'path');
    for (const path of items(at(http, 'paths'))) checkPath(path);
  }
  for (const tls of items(at(spec, 'tls'))) {
    for (const name of items(at(tls, 'hosts'))) requiredName(name, (value) => (isIp(value) ? undefined : host(value)));
    named(at(tls, 'secretName'), dnsSubdomainProblem);
  }
  if (isSet(at(spec, 'ingressClassName'))) requiredName(at(spec, 'ingressClassName'), dnsSubdomainProblem);
  const old = at(root, 'metadata', 'annotations', 'kubernetes.io/ingress.class');
  const chosen = text(at(spec, 'ingressClassName'));
  if (text(old) && chosen && text(old) !== chosen)
    failAs(
      ['annotations.kubernetes.io/ingress.class'],
      old,
      'invalid',
      `must equal ingressClassName (${chosen}) if both are set.`,
    );
};

function checkPath(path: Field): void {
  if (isHole(path)) return;
  const type = at(path, 'pathType');
  oneOf(type, ['Exact', 'ImplementationSpecific', 'Prefix'], 'mandatory');
  const kind = text(type);
  const value = text(at(path, 'path'));
  if (kind && value !== undefined) {
    if (kind === 'ImplementationSpecific' ? value !== '' && !value.startsWith('/') : !value.startsWith('/'))
      fail(at(path, 'path'), 'invalid', `must begin with “/”, not ${show(value)}.`);
    if (kind !== 'ImplementationSpecific') {
      const bad =
        ['//', '/./', '/../', '%2f', '%2F'].find((part) => value.includes(part)) ??
        ['/..', '/.'].find((part) => value.endsWith(part));
      if (bad) fail(at(path, 'path'), 'invalid', `must not contain “${bad}”.`);
    }
  }
  checkBackend(at(path, 'backend'));
}

function checkBackend(backend: Field): void {
  if (isHole(backend)) return;
  const service = at(backend, 'service');
  const resource = at(backend, 'resource');
  if (isSet(service) && isSet(resource)) fail(backend, 'invalid', 'must not set both service and resource.');
  else if (isSet(service)) checkServiceBackend(service, backend);
  else if (isSet(resource)) {
    for (const name of ['kind', 'name']) requiredName(at(resource, name), pathSegmentProblem);
    namedIfSet(at(resource, 'apiGroup'), dnsSubdomainProblem);
  } else fail(backend, 'invalid', 'must set service or resource.');
}

function checkServiceBackend(service: Field, backend: Field): void {
  if (isHole(service)) return;
  requiredName(at(service, 'name'), dnsLabelProblem);
  const port = at(service, 'port');
  if (isHole(port)) return;
  const name = text(at(port, 'name'));
  const number = at(port, 'number');
  const numbered = isHole(number) || (integer(number) ?? 0n) !== 0n;
  if (name && numbered) fail(backend, 'invalid', 'must not set both the name and the number of the port.');
  else if (name) named(at(port, 'name'), portName);
  else if (numbered) portNumber(number);
  else if (name === '') failAs(backend.path, port, 'required', 'must set the name or the number of a port.');
}

/** IsDomainPrefixedPath. */
function isPrefixedPath(value: string): boolean {
  const slash = value.indexOf('/');
  if (slash < 1 || dnsSubdomainProblem(value.slice(0, slash))) return false;
  return /^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/.test(value.slice(slash + 1));
}

export const ingressClass: BuiltinCheck = (object, problems) => {
  const spec = at(rootField(object, problems), 'spec');
  const controller = text(at(spec, 'controller'));
  if (controller === '') fail(at(spec, 'controller'), 'required', 'is required.');
  else if (controller && (controller.length > 250 || !isPrefixedPath(controller)))
    fail(at(spec, 'controller'), 'invalid', 'must be a path with a domain prefix, such as example.com/controller.');
  const parameters = at(spec, 'parameters');
  if (!isSet(parameters)) return;
  if (isHole(parameters)) return;
  const group = at(parameters, 'apiGroup');
  const given = isSet(group) ? text(group) : undefined;
  const badGroup = given === undefined ? undefined : dnsSubdomainProblem(given);
  if (badGroup) fail(group, 'invalid', `${badGroup}.`);
  requiredName(at(parameters, 'kind'), pathSegmentProblem);
  requiredName(at(parameters, 'name'), pathSegmentProblem);
  oneOf(at(parameters, 'scope'), ['Cluster', 'Namespace']);
  const namespace = at(parameters, 'namespace');
  if (text(at(parameters, 'scope')) === 'Namespace') {
    const name = text(namespace);
    const problem = name === undefined ? undefined : dnsLabelProblem(name);
    if (!isSet(namespace)) fail(namespace, 'required', 'is required with scope: Namespace.');
    else if (problem) fail(namespace, 'invalid', `${problem}.`);
  } else if (isSet(namespace) && text(at(parameters, 'scope')) !== undefined)
    fail(namespace, 'forbidden', 'can be set only with scope: Namespace.');
};

export const networkPolicy: BuiltinCheck = (object, problems) => {
  const spec = at(rootField(object, problems), 'spec');
  checkLabelSelector(at(spec, 'podSelector'));
  for (const [direction, peers] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const)
    for (const rule of items(at(spec, direction))) {
      for (const port of items(at(rule, 'ports'))) checkPolicyPort(port);
      for (const peer of items(at(rule, peers))) checkPeer(peer);
    }
  const types = at(spec, 'policyTypes');
  if ((count(types) ?? 0) > 2) fail(types, 'invalid', 'must have at most 2 types.');
  for (const type of items(types)) oneOf(type, ['Egress', 'Ingress'], 'mandatory');
};

function checkPolicyPort(field: Field): void {
  oneOf(at(field, 'protocol'), ['SCTP', 'TCP', 'UDP']);
  const port = at(field, 'port');
  const end = at(field, 'endPort');
  if (isSet(port)) portNumberOrName(port);
  if (!isSet(end) || isHole(end) || isHole(port)) return;
  const [first, last] = [integer(port), integer(end)];
  if (first === undefined) fail(end, 'invalid', 'can be set only if port is a number.');
  else if (last !== undefined && last < first) fail(end, 'invalid', `must be at least port (${first}), not ${last}.`);
  else portNumber(end);
}

function checkPeer(peer: Field): void {
  if (isHole(peer)) return;
  const block = at(peer, 'ipBlock');
  const selects = ['podSelector', 'namespaceSelector'].filter((name) => isSet(at(peer, name)));
  if (!isSet(block) && selects.length === 0)
    fail(peer, 'required', 'must set podSelector, namespaceSelector or ipBlock.');
  if (isSet(block) && selects.length > 0)
    fail(peer, 'forbidden', `must not set ipBlock together with ${selects.join(' and ')}.`);
  for (const name of selects) checkLabelSelector(at(peer, name));
  if (!isSet(block)) return;
  const range = required(at(block, 'cidr'));
  if (range === undefined) return;
  const wrong = legacyCidr(block)(range);
  if (wrong) fail(at(block, 'cidr'), 'invalid', `${wrong}; it is ${show(range)}.`);
  if (!isCidr(range)) return;
  for (const except of items(at(block, 'except'))) {
    const value = text(except);
    if (value === undefined) continue;
    const problem = legacyCidr(except)(value);
    if (problem) fail(except, 'invalid', `${problem}; it is ${show(value)}.`);
    else if (!isStrictlyInside(value, range))
      fail(except, 'invalid', `must be a smaller range within cidr (${range}), not ${show(value)}.`);
  }
}

/** Both must be valid ranges. */
function isStrictlyInside(inner: string, outer: string): boolean {
  const [part, whole] = [parseSloppyCidr(inner), parseSloppyCidr(outer)];
  if (!part.ok || !whole.ok) return false;
  return part.value.prefix > whole.value.prefix && contains(whole.value, part.value.ip);
}
