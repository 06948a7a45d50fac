// Checks of Services (kubernetes pkg/apis/core/validation validateService, after the defaults of
// pkg/registry/core/service).

import { dnsLabelProblem, dnsSubdomainProblem, qualifiedNameProblem } from '../../kube/names.ts';
import type { Path } from '../../syntax/tree.ts';
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
  requiredName,
  rootField,
  text,
  unique,
  within,
} from './field.ts';
import { ipFamily, legacyCidr, legacyIp, portNumber, portNumberOrName, specialIpProblem } from './formats.ts';
import { checkLabels } from './selector.ts';

export const service: BuiltinCheck = (object, problems) => {
  const root = rootField(object, problems);
  const spec = at(root, 'spec');
  if (isHole(spec)) return;
  const type = text(at(spec, 'type')) || (isHole(at(spec, 'type')) ? undefined : 'ClusterIP');
  oneOf(at(spec, 'type'), ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'], 'defaulted');
  const headless = text(at(spec, 'clusterIP')) === 'None' || items(at(spec, 'clusterIPs'))[0]?.value === 'None';
  const addressKnown = !isHole(at(spec, 'clusterIP')) && !isHole(at(spec, 'clusterIPs'));
  const ports = at(spec, 'ports');
  if (count(ports) === 0 && !headless && addressKnown && type !== undefined && type !== 'ExternalName')
    fail(ports, 'required', 'must have at least one port.');
  checkPorts(items(ports));
  checkLabels(at(spec, 'selector'));
  checkByType(spec, type, headless);
  checkAnnotations(at(root, 'metadata', 'annotations'), spec, type);
  checkAffinity(spec);
  checkAddresses(spec, type);
  oneOf(at(spec, 'internalTrafficPolicy'), ['Cluster', 'Local']);
  oneOf(at(spec, 'trafficDistribution'), ['PreferClose', 'PreferSameZone', 'PreferSameNode']);
};

function checkAnnotations(annotations: Field, spec: Field, type: string | undefined): void {
  const mode = at(annotations, 'service.kubernetes.io/topology-mode');
  const hints = at(annotations, 'service.kubernetes.io/topology-aware-hints');
  if (
    isSet(mode) &&
    isSet(hints) &&
    text(mode) !== undefined &&
    text(hints) !== undefined &&
    text(mode) !== text(hints)
  )
    fail(
      mode,
      'invalid',
      'must equal the deprecated annotation service.kubernetes.io/topology-aware-hints if both are set.',
    );
  const ranges = at(annotations, 'service.beta.kubernetes.io/load-balancer-source-ranges');
  if (!isSet(ranges) || count(at(spec, 'loadBalancerSourceRanges')) !== 0) return;
  if (type !== undefined && type !== 'LoadBalancer')
    fail(ranges, 'forbidden', 'can be set only with type: LoadBalancer.');
  const value = text(ranges)?.trim();
  for (const range of value ? value.split(',') : []) {
    const problem = legacyCidr(ranges)(range.trim());
    if (problem) fail(ranges, 'invalid', `${problem}; it is “${range.trim()}”.`);
  }
}

function checkPorts(ports: readonly Field[]): void {
  unique(
    ports.map((port) => at(port, 'name')),
    'port name',
  );
  const numbers = new Set<string>();
  const nodePorts = new Set<string>();
  for (const port of ports) {
    if (isHole(port)) continue;
    if (ports.length > 1) requiredName(at(port, 'name'), dnsLabelProblem, 'if there are several ports');
    else named(at(port, 'name'), dnsLabelProblem);
    portNumber(at(port, 'port'));
    oneOf(at(port, 'protocol'), ['TCP', 'UDP', 'SCTP'], 'defaulted');
    if (isSet(at(port, 'targetPort')) && integer(at(port, 'targetPort')) !== 0n && text(at(port, 'targetPort')) !== '')
      portNumberOrName(at(port, 'targetPort'));
    namedIfSet(at(port, 'appProtocol'), qualifiedNameProblem);
    if (isHole(at(port, 'protocol'))) continue;
    const protocol = text(at(port, 'protocol')) || 'TCP';
    repeated(at(port, 'port'), protocol, numbers, port);
    repeated(at(port, 'nodePort'), protocol, nodePorts);
  }
}

/** `named` is the field that the API server reports. */
function repeated(field: Field, protocol: string, seen: Set<string>, named: Field = field): void {
  const number = integer(field);
  if (!number) return;
  const key = `${protocol}/${number}`;
  if (seen.has(key)) failAs(named.path, field, 'duplicate', `repeats ${key}.`);
  seen.add(key);
}

function checkByType(spec: Field, type: string | undefined, headless: boolean): void {
  if (type === undefined) return;
  const only = (name: string, allowed: boolean, why: string) => {
    const field = at(spec, name);
    const empty = field.value === '' && name !== 'ipFamilyPolicy';
    if (!allowed && isSet(field) && !empty && count(field) !== 0)
      failAs(
        [...spec.path, name === 'loadBalancerSourceRanges' ? 'LoadBalancerSourceRanges' : name],
        field,
        'forbidden',
        why,
      );
  };
  if (headless && (type === 'LoadBalancer' || type === 'NodePort'))
    failAs(firstAddress(spec), at(spec, 'clusterIP'), 'invalid', `must not be None with type: ${type}.`);
  if (type === 'ExternalName') {
    const name = text(at(spec, 'externalName'));
    if (name === '') fail(at(spec, 'externalName'), 'required', 'is required with type: ExternalName.');
    const problem = name ? dnsSubdomainProblem(name.replace(/\.$/, '')) : undefined;
    if (problem) fail(at(spec, 'externalName'), 'invalid', `${problem}.`);
    const single = at(spec, 'clusterIP');
    if (text(single))
      failAs([...spec.path, 'clusterIPs'], single, 'forbidden', 'must not be set with type: ExternalName.');
    for (const name_ of ['clusterIPs', 'ipFamilies', 'ipFamilyPolicy'])
      only(name_, false, 'must not be set with type: ExternalName.');
  }
  if (type === 'ClusterIP')
    for (const port of items(at(spec, 'ports')))
      if (integer(at(port, 'nodePort')))
        fail(at(port, 'nodePort'), 'forbidden', 'must not be set with type: ClusterIP.');
  const balanced = type === 'LoadBalancer';
  only('loadBalancerSourceRanges', balanced, 'can be set only with type: LoadBalancer.');
  only('allocateLoadBalancerNodePorts', balanced, 'can be set only with type: LoadBalancer.');
  only('loadBalancerClass', balanced, 'can be set only with type: LoadBalancer.');
  namedIfSet(at(spec, 'loadBalancerClass'), qualifiedNameProblem);
  for (const range of items(at(spec, 'loadBalancerSourceRanges'))) {
    const value = text(range)?.trim();
    const problem = value === undefined ? undefined : legacyCidr(range)(value);
    // The API server prints Go's field name here.
    const named = [...spec.path, 'LoadBalancerSourceRanges', ...range.path.slice(-1)];
    if (problem) failAs(named, range, 'invalid', `${problem}; it is “${value}”.`);
  }
  const external =
    balanced || type === 'NodePort' || (type === 'ClusterIP' && (count(at(spec, 'externalIPs')) ?? 1) > 0);
  const policy = at(spec, 'externalTrafficPolicy');
  if (!external && text(policy))
    fail(
      policy,
      'invalid',
      'can be set only on a Service that accepts external traffic: type NodePort or LoadBalancer, or with externalIPs.',
    );
  else if (external) oneOf(policy, ['Cluster', 'Local'], 'defaulted');
  const health = integer(at(spec, 'healthCheckNodePort'));
  if (health !== undefined && health !== 0n && (health < 1n || health > 65535n) && balanced && text(policy) === 'Local')
    fail(at(spec, 'healthCheckNodePort'), 'invalid', `must be a port between 1 and 65535, not ${health}.`);
  else if (health && !(balanced && text(policy) === 'Local') && !isHole(policy))
    fail(
      at(spec, 'healthCheckNodePort'),
      'invalid',
      'can be set only with type: LoadBalancer and externalTrafficPolicy: Local.',
    );
}

function checkAffinity(spec: Field): void {
  const affinity = at(spec, 'sessionAffinity');
  oneOf(affinity, ['ClientIP', 'None'], 'defaulted');
  const config = at(spec, 'sessionAffinityConfig');
  // Without ClientIP the API server drops the configuration before validation.
  if (text(affinity) === 'ClientIP') within(at(config, 'clientIP', 'timeoutSeconds'), 1n, 86400n);
}

/** The API server copies clusterIP into clusterIPs before it validates. */
function firstAddress(spec: Field): Path {
  return [...spec.path, 'clusterIPs', 0];
}

function checkAddresses(spec: Field, type: string | undefined): void {
  for (const address of items(at(spec, 'externalIPs'))) {
    const value = text(address);
    const problem = value === undefined ? undefined : (legacyIp(address)(value) ?? specialIpProblem(value));
    if (problem) fail(address, 'invalid', `${problem}; it is “${value}”.`);
  }
  if (type === 'ExternalName' || type === undefined) return;
  const families = items(at(spec, 'ipFamilies'));
  for (const family of families) oneOf(family, ['IPv4', 'IPv6'], 'mandatory');
  unique(families, 'family');
  const policy = at(spec, 'ipFamilyPolicy');
  oneOf(policy, ['SingleStack', 'PreferDualStack', 'RequireDualStack']);
  checkClusterIps(spec, families);
  const headlessAlone = text(at(spec, 'clusterIP')) === 'None' && (count(at(spec, 'selector')) ?? 0) === 0;
  const single = isSet(policy) ? text(policy) === 'SingleStack' : !isHole(at(spec, 'clusterIP')) && !headlessAlone;
  if (single && (families.length === 2 || items(at(spec, 'clusterIPs')).length === 2))
    fail(policy, 'invalid', 'must be PreferDualStack or RequireDualStack with two IP families or addresses.');
}

function checkClusterIps(spec: Field, families: readonly Field[]): void {
  const [first, list] = [at(spec, 'clusterIP'), at(spec, 'clusterIPs')];
  if (isHole(first) || isHole(list)) return;
  const single = text(first);
  const all = isSet(list) && items(list).length > 0 ? items(list) : single ? [first] : [];
  if (single === '' && all.length > 0) fail(list, 'invalid', 'must not be set without clusterIP.');
  if (single && all.length > 0 && text(all[0]!) !== undefined && text(all[0]!) !== single)
    fail(list, 'invalid', 'must have clusterIP as its first address.');
  if (all.length > 2) fail(list, 'invalid', `must have at most 2 addresses, not ${all.length}.`);
  const values = all.map(text);
  if (values[0] === 'None' && all.length > 1)
    fail(list, 'invalid', 'must not contain other addresses together with None.');
  let broken = false;
  for (const [index, address] of all.entries()) {
    const value = values[index];
    const problem = value === undefined || (index === 0 && value === 'None') ? undefined : legacyIp(address)(value);
    broken ||= problem !== undefined;
    if (problem) failAs([...list.path, index], address, 'invalid', `${problem}, or None; it is “${value}”.`);
  }
  if (broken || values.includes(undefined)) return;
  const kinds = values.map((value) => ipFamily(value!));
  if (values.length === 2 && kinds[0] === kinds[1] && kinds[0] !== undefined)
    fail(list, 'invalid', 'must have one IPv4 and one IPv6 address if there are two.');
  for (const [index, address] of all.entries()) {
    const family = families[index] && text(families[index]);
    if (kinds[index] !== undefined && (family === 'IPv4' || family === 'IPv6') && `IPv${kinds[index]}` !== family)
      failAs([...list.path, index], address, 'invalid', `must be an ${family} address to match ipFamilies.`);
  }
}
