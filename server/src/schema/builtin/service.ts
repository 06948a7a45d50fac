// Services (kubernetes pkg/apis/core/validation validateService, after pkg/registry/core/service's defaults).
import { dnsLabelProblem, dnsSubdomainProblem, qualifiedNameProblem } from '../names.ts';
import type { BuiltinCheck } from './builtin.ts';
import {
  at,
  count,
  type Field,
  fail,
  integer,
  isHole,
  isSet,
  items,
  named,
  oneOf,
  requiredName,
  rootField,
  text,
  unique,
  within,
} from './field.ts';
import { ipFamily, isCidr, isIp, portNumber, portNumberOrName } from './formats.ts';
import { checkLabels } from './selector.ts';

export const service: BuiltinCheck = (object, problems) => {
  const spec = at(rootField(object, problems), 'spec');
  if (isHole(spec)) return;
  const type = text(at(spec, 'type')) || (isHole(at(spec, 'type')) ? undefined : 'ClusterIP');
  oneOf(at(spec, 'type'), ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName']);
  const headless = text(at(spec, 'clusterIP')) === 'None' || items(at(spec, 'clusterIPs'))[0]?.value === 'None';
  const addressKnown = !isHole(at(spec, 'clusterIP')) && !isHole(at(spec, 'clusterIPs'));
  const ports = at(spec, 'ports');
  if (count(ports) === 0 && !headless && addressKnown && type !== undefined && type !== 'ExternalName')
    fail(ports, 'required', 'needs at least one port.');
  checkPorts(items(ports));
  checkLabels(at(spec, 'selector'));
  checkByType(spec, type, headless);
  checkAffinity(spec);
  checkAddresses(spec, type);
  oneOf(at(spec, 'internalTrafficPolicy'), ['Cluster', 'Local']);
  oneOf(at(spec, 'trafficDistribution'), ['PreferClose', 'PreferSameZone', 'PreferSameNode']);
};

function checkPorts(ports: readonly Field[]): void {
  unique(
    ports.map((port) => at(port, 'name')),
    'port name',
  );
  const numbers = new Set<string>();
  const nodePorts = new Set<string>();
  for (const port of ports) {
    if (isHole(port)) continue;
    if (ports.length > 1) requiredName(at(port, 'name'), dnsLabelProblem, 'where a Service has several ports');
    else named(at(port, 'name'), dnsLabelProblem);
    portNumber(at(port, 'port'));
    oneOf(at(port, 'protocol'), ['TCP', 'UDP', 'SCTP']);
    if (isSet(at(port, 'targetPort')) && integer(at(port, 'targetPort')) !== 0n && text(at(port, 'targetPort')) !== '')
      portNumberOrName(at(port, 'targetPort'));
    named(at(port, 'appProtocol'), qualifiedNameProblem);
    if (isHole(at(port, 'protocol'))) continue;
    const protocol = text(at(port, 'protocol')) || 'TCP';
    repeated(at(port, 'port'), protocol, numbers);
    repeated(at(port, 'nodePort'), protocol, nodePorts);
  }
}

function repeated(field: Field, protocol: string, seen: Set<string>): void {
  const number = integer(field);
  if (!number) return;
  const key = `${protocol}/${number}`;
  if (seen.has(key)) fail(field, 'duplicate', `is ${key} a second time.`);
  seen.add(key);
}

function checkByType(spec: Field, type: string | undefined, headless: boolean): void {
  if (type === undefined) return;
  const only = (name: string, allowed: boolean, why: string) => {
    const field = at(spec, name);
    if (!allowed && isSet(field) && !(typeof field.value === 'string' && field.value === '') && count(field) !== 0)
      fail(field, 'forbidden', why);
  };
  if (headless && (type === 'LoadBalancer' || type === 'NodePort'))
    fail(at(spec, 'clusterIP'), 'invalid', `can’t be None with type: ${type}.`);
  if (type === 'ExternalName') {
    const name = text(at(spec, 'externalName'));
    if (name === '') fail(at(spec, 'externalName'), 'required', 'is required with type: ExternalName.');
    const problem = name ? dnsSubdomainProblem(name.replace(/\.$/, '')) : undefined;
    if (problem) fail(at(spec, 'externalName'), 'invalid', `${problem}.`);
    if (text(at(spec, 'clusterIP'))) fail(at(spec, 'clusterIP'), 'forbidden', 'can’t be set with type: ExternalName.');
    for (const name_ of ['clusterIPs', 'ipFamilies', 'ipFamilyPolicy'])
      only(name_, false, 'can’t be set with type: ExternalName.');
  }
  if (type === 'ClusterIP')
    for (const port of items(at(spec, 'ports')))
      if (integer(at(port, 'nodePort'))) fail(at(port, 'nodePort'), 'forbidden', 'can’t be set with type: ClusterIP.');
  const balanced = type === 'LoadBalancer';
  only('loadBalancerSourceRanges', balanced, 'can be set with type: LoadBalancer only.');
  only('allocateLoadBalancerNodePorts', balanced, 'can be set with type: LoadBalancer only.');
  only('loadBalancerClass', balanced, 'can be set with type: LoadBalancer only.');
  named(at(spec, 'loadBalancerClass'), qualifiedNameProblem);
  for (const range of items(at(spec, 'loadBalancerSourceRanges'))) {
    const value = text(range)?.trim();
    if (value !== undefined && !isCidr(value))
      fail(range, 'invalid', `must be a range like 10.0.0.0/8, not “${value}”.`);
  }
  const external =
    balanced || type === 'NodePort' || (type === 'ClusterIP' && (count(at(spec, 'externalIPs')) ?? 1) > 0);
  const policy = at(spec, 'externalTrafficPolicy');
  if (!external && text(policy)) fail(policy, 'invalid', 'can be set only where the Service is reached from outside.');
  else if (external) oneOf(policy, ['Cluster', 'Local']);
  const health = integer(at(spec, 'healthCheckNodePort'));
  if (health && !(balanced && text(policy) === 'Local') && !isHole(policy))
    fail(
      at(spec, 'healthCheckNodePort'),
      'invalid',
      'can be set with type: LoadBalancer and externalTrafficPolicy: Local only.',
    );
}

function checkAffinity(spec: Field): void {
  const affinity = at(spec, 'sessionAffinity');
  oneOf(affinity, ['ClientIP', 'None']);
  const config = at(spec, 'sessionAffinityConfig');
  if (text(affinity) === 'ClientIP') within(at(config, 'clientIP', 'timeoutSeconds'), 1n, 86400n);
  else if (isSet(config) && !isHole(affinity))
    fail(config, 'forbidden', 'can be set with sessionAffinity: ClientIP only.');
}

function checkAddresses(spec: Field, type: string | undefined): void {
  for (const address of items(at(spec, 'externalIPs'))) {
    const value = text(address);
    if (value !== undefined && !isIp(value)) fail(address, 'invalid', `must be an IP address, not “${value}”.`);
    else if (value !== undefined && /^(127\.|0\.0\.0\.0$|169\.254\.|224\.0\.0\.|::1$|::$|fe80:)/i.test(value))
      fail(address, 'invalid', `can’t be a loopback, link-local or unspecified address; it is ${value}.`);
  }
  if (type === 'ExternalName' || type === undefined) return;
  const first = at(spec, 'clusterIP');
  const all = items(at(spec, 'clusterIPs'));
  const single = text(first);
  if (single && all.length > 0 && text(all[0]!) !== undefined && text(all[0]!) !== single)
    fail(at(spec, 'clusterIPs'), 'invalid', 'must begin with clusterIP.');
  if (single && single !== 'None' && !isIp(single))
    fail(first, 'invalid', `must be an IP address or None, not “${single}”.`);
  for (const address of all) {
    const value = text(address);
    if (value !== undefined && value !== 'None' && !isIp(value))
      fail(address, 'invalid', `must be an IP address or None, not “${value}”.`);
  }
  if (all.length > 2) fail(at(spec, 'clusterIPs'), 'invalid', 'can’t hold more than 2 addresses.');
  const families = items(at(spec, 'ipFamilies'));
  for (const family of families) oneOf(family, ['IPv4', 'IPv6'], 'mandatory');
  unique(families, 'family');
  oneOf(at(spec, 'ipFamilyPolicy'), ['SingleStack', 'PreferDualStack', 'RequireDualStack']);
  const family = families[0] && text(families[0]);
  if (
    single &&
    single !== 'None' &&
    isIp(single) &&
    (family === 'IPv4' || family === 'IPv6') &&
    `IPv${ipFamily(single)}` !== family
  )
    fail(first, 'invalid', `must be an ${family} address, as ipFamilies says.`);
}
