// Pods and pod templates (kubernetes pkg/apis/core/validation ValidatePodSpec).
import { dnsLabelProblem, dnsSubdomainProblem, qualifiedNameProblem } from '../names.ts';
import type { BuiltinCheck } from './builtin.ts';
import { checkContainers, checkInitContainers, type PodFacts } from './container.ts';
import {
  at,
  type Field,
  fail,
  flag,
  integer,
  isHole,
  isSet,
  items,
  named,
  oneOf,
  required,
  requiredName,
  rootField,
  text,
  unique,
  within,
} from './field.ts';
import { dnsSearch, ipProblem } from './formats.ts';
import { checkResources } from './resources.ts';
import { checkPodSecurityContext } from './security.ts';
import { checkAffinity, checkLabels, checkSpread, checkTolerations } from './selector.ts';
import { checkAnnotationKeys } from './template-metadata.ts';
import { areNamed, checkVolumes } from './volumes.ts';

export const pod: BuiltinCheck = (object, problems) => {
  const root = rootField(object, problems);
  checkPodSpec(at(root, 'spec'));
  for (const list of ['containers', 'initContainers'])
    for (const container of items(at(root, 'spec', list))) {
      const image = text(at(container, 'image'));
      if (image && image !== image.trim())
        fail(at(container, 'image'), 'invalid', 'can’t begin or end with white space.');
    }
  checkHostNetwork(at(root, 'spec'), true);
};

/**
 * A template of a workload's pods. `extra` are volumes the workload adds (a StatefulSet's claims), by name with their
 * type; `'unknown'` where their names can't be known.
 */
export function checkPodTemplate(template: Field, extra: Extra = new Map()): void {
  if (isHole(template)) return;
  // So the server prints these.
  checkLabels(at(template, 'metadata', 'labels'), [...template.path, 'labels']);
  checkAnnotationKeys(at(template, 'metadata', 'annotations'), [...template.path, 'annotations']);
  checkPodSpec(at(template, 'spec'), extra);
  checkHostNetwork(at(template, 'spec'), false);
}

type Extra = ReadonlyMap<string, string> | 'unknown';

export function checkPodSpec(spec: Field, extra: Extra = new Map()): void {
  if (isHole(spec)) return;
  const facts = podFacts(spec, extra);
  checkContainers(at(spec, 'containers'), facts);
  checkInitContainers(at(spec, 'initContainers'), at(spec, 'containers'), facts);
  const resources = at(spec, 'resources');
  if (isSet(resources)) checkResources(resources, 'pod');
  oneOf(at(spec, 'restartPolicy'), ['Always', 'OnFailure', 'Never']);
  oneOf(at(spec, 'preemptionPolicy'), ['PreemptLowerPriority', 'Never']);
  within(at(spec, 'activeDeadlineSeconds'), 1n, 2147483647n);
  checkLabels(at(spec, 'nodeSelector'));
  checkPodSecurityContext(at(spec, 'securityContext'), spec);
  checkAffinity(at(spec, 'affinity'));
  checkTolerations(at(spec, 'tolerations'));
  checkSpread(at(spec, 'topologySpreadConstraints'));
  checkNames(spec);
  checkDns(spec);
  for (const gate of items(at(spec, 'readinessGates'))) {
    const type = text(at(gate, 'conditionType'));
    const problem = type === undefined ? undefined : qualifiedNameProblem(type);
    if (problem) fail(at(gate, 'conditionType'), 'invalid', `${problem}.`);
  }
  const gates = items(at(spec, 'schedulingGates')).map((gate) => at(gate, 'name'));
  unique(gates, 'scheduling gate');
  for (const gate of gates) requiredName(gate, qualifiedNameProblem);
  const os = at(spec, 'os');
  if (isSet(os)) oneOf(at(os, 'name'), ['linux', 'windows'], 'mandatory');
  checkResourceClaims(at(spec, 'resourceClaims'));
}

function podFacts(spec: Field, added: Extra): PodFacts {
  const extra = added === 'unknown' ? undefined : added;
  const own = checkVolumes(at(spec, 'volumes'), extra);
  const grace = at(spec, 'terminationGracePeriodSeconds');
  const claims = items(at(spec, 'resourceClaims')).map((claim) => text(at(claim, 'name')));
  const policy = text(at(spec, 'restartPolicy'));
  return {
    volumes: own && extra && new Map([...own, ...extra]),
    claims: areNamed(at(spec, 'resourceClaims')) ? new Set(claims as string[]) : undefined,
    gracePeriod: isSet(grace) ? integer(grace) : 30n,
    restartPolicy: policy === '' ? 'Always' : policy,
    hasOs: isSet(at(spec, 'os')),
  };
}

/** Ports of a pod in the host's network are the host's: a pod's hostPort is then its containerPort. */
function checkHostNetwork(spec: Field, isPod: boolean): void {
  if (!flag(at(spec, 'hostNetwork'))) return;
  for (const port of items(at(spec, 'containers')).flatMap((container) => items(at(container, 'ports')))) {
    const own = integer(at(port, 'containerPort'));
    const host = at(port, 'hostPort');
    const number = integer(host) ?? 0n;
    // Where the host's port is absent the server sets it to the container's.
    if (own !== undefined && !isHole(host) && number !== 0n && number !== own)
      fail(
        host,
        'invalid',
        `must match containerPort (${own}) with hostNetwork: true${isPod ? '' : ', or be left out'}.`,
      );
  }
}

function checkNames(spec: Field): void {
  named(at(spec, 'serviceAccountName'), dnsSubdomainProblem);
  named(at(spec, 'nodeName'), dnsSubdomainProblem);
  named(at(spec, 'hostname'), dnsLabelProblem);
  named(at(spec, 'subdomain'), dnsLabelProblem);
  named(at(spec, 'priorityClassName'), dnsSubdomainProblem);
  named(at(spec, 'runtimeClassName'), dnsSubdomainProblem);
  for (const alias of items(at(spec, 'hostAliases'))) {
    checkIp(at(alias, 'ip'));
    for (const host of items(at(alias, 'hostnames'))) requiredName(host, dnsSubdomainProblem);
  }
}

function checkIp(field: Field): void {
  const value = text(field);
  const problem = value === undefined ? undefined : ipProblem(value);
  if (problem) fail(field, 'invalid', `${problem}; it is “${value}”.`);
}

function checkDns(spec: Field): void {
  const policy = at(spec, 'dnsPolicy');
  oneOf(policy, ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']);
  const config = at(spec, 'dnsConfig');
  const servers = at(config, 'nameservers');
  if (text(policy) === 'None' && !isHole(config) && !isHole(servers)) {
    if (!isSet(config)) fail(config, 'required', 'is required with dnsPolicy: None.');
    else if (items(servers).length === 0) fail(servers, 'required', 'needs at least one address with dnsPolicy: None.');
  }
  if (items(servers).length > 3) fail(servers, 'invalid', 'can’t hold more than 3 addresses.');
  for (const server of items(servers)) checkIp(server);
  const searches = items(at(config, 'searches'));
  if (searches.length > 32) fail(at(config, 'searches'), 'invalid', 'can’t hold more than 32 domains.');
  for (const search of searches) {
    const name = text(search);
    if (name === undefined || name === '.') continue;
    const problem = dnsSearch(name.replace(/\.$/, ''));
    if (problem) fail(search, 'invalid', `${problem}.`);
  }
  for (const option of items(at(config, 'options'))) required(at(option, 'name'));
}

function checkResourceClaims(field: Field): void {
  const claims = items(field);
  unique(
    claims.map((claim) => at(claim, 'name')),
    'claim name',
  );
  for (const claim of claims) {
    requiredName(at(claim, 'name'), dnsLabelProblem);
    const set = ['resourceClaimName', 'resourceClaimTemplateName'].filter((name) => isSet(at(claim, name)));
    if (!isHole(claim) && set.length !== 1)
      fail(claim, 'invalid', 'needs resourceClaimName or resourceClaimTemplateName, and not both.');
    for (const name of set) requiredName(at(claim, name), dnsSubdomainProblem);
  }
}
