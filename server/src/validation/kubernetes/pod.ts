// Checks of pods and pod templates (kubernetes pkg/apis/core/validation ValidatePodSpec).

import { dnsLabelProblem, dnsSubdomainProblem, qualifiedNameProblem } from '../../kube/names.ts';
import { blaming } from './blame.ts';
import type { BuiltinCheck } from './builtin.ts';
import { checkContainers, checkInitContainers, type PodFacts } from './container.ts';
import {
  at,
  count,
  type Field,
  fail,
  failAs,
  flag,
  integer,
  isHole,
  isSet,
  items,
  named,
  namedIfSet,
  oneOf,
  required,
  requiredName,
  rootField,
  text,
  unique,
  within,
} from './field.ts';
import { dnsSearch, legacyIp } from './formats.ts';
import { gated } from './gates.ts';
import { checkPodAnnotations } from './pod-annotations.ts';
import { checkOverhead, checkResources } from './resources.ts';
import { checkPodSecurityContext } from './security.ts';
import { checkAffinity, checkLabels, checkSpread, checkTolerations } from './selector.ts';
import { checkAnnotationKeys } from './template-metadata.ts';
import { areNamed, checkVolumes } from './volumes.ts';
import { checkOs } from './windows.ts';

export const pod: BuiltinCheck = (object, problems) => {
  const root = rootField(object, problems);
  checkPodSpec(at(root, 'spec'));
  checkPodAnnotations(at(root, 'metadata'), at(root, 'spec'));
  for (const list of ['containers', 'initContainers'])
    for (const container of items(at(root, 'spec', list))) {
      const image = text(at(container, 'image'));
      if (image && image !== image.trim())
        fail(at(container, 'image'), 'invalid', 'must not begin or end with whitespace.');
    }
  checkHostNetwork(at(root, 'spec'), true);
};

/**
 * Checks the pod template of a workload. `extra` maps the volumes that the workload adds (a StatefulSet's claims) to their
 * types; `'unknown'` if their names are unknown.
 */
export function checkPodTemplate(template: Field, extra: Extra = new Map(), hostnames: 'own' | 'set' = 'own'): void {
  if (isHole(template)) return;
  // The field paths as the API server prints them.
  checkLabels(at(template, 'metadata', 'labels'), [...template.path, 'labels']);
  checkAnnotationKeys(at(template, 'metadata', 'annotations'), [...template.path, 'annotations']);
  checkPodSpec(at(template, 'spec'), extra, hostnames);
  checkPodAnnotations(at(template, 'metadata'), at(template, 'spec'), template);
  checkHostNetwork(at(template, 'spec'), false);
}

type Extra = ReadonlyMap<string, string> | 'unknown';

/** `hostnames` is `'set'` if the controller sets them, as for a StatefulSet's template. */
function checkPodSpec(spec: Field, extra: Extra = new Map(), hostnames: 'own' | 'set' = 'own'): void {
  if (isHole(spec)) return;
  const facts = podFacts(spec, extra);
  checkContainers(at(spec, 'containers'), facts);
  checkInitContainers(at(spec, 'initContainers'), at(spec, 'containers'), facts);
  const resources = at(spec, 'resources');
  if (isSet(resources)) checkResources(resources, 'pod');
  checkOverhead(at(spec, 'overhead'));
  const ephemeral = at(spec, 'ephemeralContainers');
  if ((count(ephemeral) ?? 0) > 0)
    fail(
      ephemeral,
      'forbidden',
      'must not be set: ephemeral containers can only be added to a running pod, as kubectl debug does.',
    );
  oneOf(at(spec, 'restartPolicy'), ['Always', 'OnFailure', 'Never'], 'defaulted');
  oneOf(at(spec, 'preemptionPolicy'), ['PreemptLowerPriority', 'Never']);
  within(at(spec, 'activeDeadlineSeconds'), 1n, 2147483647n);
  checkLabels(at(spec, 'nodeSelector'));
  checkPodSecurityContext(at(spec, 'securityContext'), spec);
  checkAffinity(at(spec, 'affinity'));
  checkTolerations(at(spec, 'tolerations'));
  checkSpread(at(spec, 'topologySpreadConstraints'));
  checkNames(spec, hostnames);
  checkOwnUsers(spec);
  checkDns(spec);
  for (const gate of items(at(spec, 'readinessGates'))) {
    const type = text(at(gate, 'conditionType'));
    const problem = type === undefined ? undefined : qualifiedNameProblem(type);
    if (problem) fail(at(gate, 'conditionType'), 'invalid', `${problem}.`);
  }
  const gates = items(at(spec, 'schedulingGates')).map((gate) => at(gate, 'name'));
  unique(
    gates.map((gate) => blaming(gate, gate.path.slice(0, -1))),
    'scheduling gate',
  );
  for (const gate of gates) {
    const problem = text(gate) === undefined ? undefined : qualifiedNameProblem(text(gate)!);
    if (problem) failAs(gate.path.slice(0, -1), gate, 'invalid', `${problem}.`);
  }
  const os = at(spec, 'os');
  const system = at(os, 'name');
  if (isSet(os) && text(system) === '') fail(system, 'required', 'is required: must be linux or windows.');
  else if (isSet(os)) oneOf(blaming(system, os.path), ['linux', 'windows']);
  checkOs(spec);
  checkResourceClaims(at(spec, 'resourceClaims'));
}

function podFacts(spec: Field, added: Extra): PodFacts {
  const extra = added === 'unknown' ? undefined : added;
  const own = checkVolumes(at(spec, 'volumes'), extra);
  const grace = at(spec, 'terminationGracePeriodSeconds');
  const claims = items(at(spec, 'resourceClaims')).map((claim) => text(at(claim, 'name')));
  const policy = text(at(spec, 'restartPolicy'));
  const hostUsers = at(spec, 'hostUsers');
  return {
    volumes: own && extra && new Map([...own, ...extra]),
    // In the template of a StatefulSet, the claims also become volumes.
    volumeLists: [
      [...spec.path, 'volumes'],
      [...spec.path.slice(0, -2), 'volumeClaimTemplates'],
    ],
    claimLists: [[...spec.path, 'resourceClaims']],
    claims: areNamed(at(spec, 'resourceClaims')) ? new Set(claims as string[]) : undefined,
    gracePeriod: isSet(grace) ? integer(grace) : 30n,
    restartPolicy: policy === '' ? 'Always' : policy,
    hostUsers: isHole(hostUsers) ? undefined : hostUsers.value !== false,
  };
}

/** In the host network, a container's port is the host's port, so hostPort must equal containerPort. */
function checkHostNetwork(spec: Field, isPod: boolean): void {
  if (!flag(at(spec, 'hostNetwork'))) return;
  for (const port of items(at(spec, 'containers')).flatMap((container) => items(at(container, 'ports')))) {
    const own = integer(at(port, 'containerPort'));
    const host = at(port, 'hostPort');
    const number = integer(host) ?? 0n;
    // The API server sets an absent hostPort to containerPort.
    if (own !== undefined && !isHole(host) && number !== 0n && number !== own)
      fail(
        host,
        'invalid',
        `must equal containerPort (${own}) with hostNetwork: true${isPod ? '' : ', or be omitted'}.`,
      );
  }
}

function checkNames(spec: Field, hostnames: 'own' | 'set'): void {
  const account = at(spec, 'serviceAccountName');
  named(account, dnsSubdomainProblem);
  // The deprecated field is used if the new one is empty.
  const old = at(spec, 'serviceAccount');
  const problem = text(account) === '' && text(old) ? dnsSubdomainProblem(text(old)!) : undefined;
  if (problem) failAs(account.path, old, 'invalid', `${problem}; it is “${text(old)}”.`);
  named(at(spec, 'nodeName'), dnsSubdomainProblem);
  if (hostnames === 'own') for (const name of ['hostname', 'subdomain']) named(at(spec, name), dnsLabelProblem);
  named(at(spec, 'priorityClassName'), dnsSubdomainProblem);
  namedIfSet(at(spec, 'runtimeClassName'), dnsSubdomainProblem);
  checkHostname(spec);
  for (const alias of items(at(spec, 'hostAliases'))) {
    checkIp(at(alias, 'ip'));
    for (const host of items(at(alias, 'hostnames'))) requiredName(host, dnsSubdomainProblem);
  }
}

/** A pod with its own user namespace can't use the host's other namespaces. */
function checkOwnUsers(spec: Field): void {
  if (at(spec, 'hostUsers').value !== false) return;
  // The API server prints Go's field names for two of these.
  for (const [name, blamed] of [
    ['hostNetwork', 'hostNetwork'],
    ['hostPID', 'HostPID'],
    ['hostIPC', 'HostIPC'],
  ] as const)
    if (flag(at(spec, name)))
      failAs([...spec.path, blamed], at(spec, name), 'forbidden', 'must not be true in a pod with hostUsers: false.');
  for (const container of ['containers', 'initContainers'].flatMap((list) => items(at(spec, list))))
    if (count(at(container, 'volumeDevices')))
      fail(at(container, 'volumeDevices'), 'forbidden', 'must not be set in a pod with hostUsers: false.');
}

function checkHostname(spec: Field): void {
  const override = gated(at(spec, 'hostnameOverride'), 'HostnameOverride');
  const name = text(override);
  if (!isSet(override) || name === undefined) return;
  if (flag(at(spec, 'setHostnameAsFQDN')))
    fail(override, 'forbidden', 'must not be set together with setHostnameAsFQDN: true.');
  if (flag(at(spec, 'hostNetwork'))) fail(override, 'forbidden', 'must not be set in a pod with hostNetwork: true.');
  if (name.length > 64) fail(override, 'tooLong', `must be at most 64 characters long, not ${name.length}.`);
  namedIfSet(override, dnsSubdomainProblem);
}

function checkIp(field: Field): void {
  const value = text(field);
  const problem = value === undefined ? undefined : legacyIp(field)(value);
  if (problem) fail(field, 'invalid', `${problem}; it is “${value}”.`);
}

function checkDns(spec: Field): void {
  const policy = at(spec, 'dnsPolicy');
  oneOf(policy, ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'], 'defaulted');
  const config = at(spec, 'dnsConfig');
  const servers = at(config, 'nameservers');
  if (text(policy) === 'None' && !isHole(config) && !isHole(servers)) {
    if (!isSet(config)) fail(config, 'required', 'is required with dnsPolicy: None.');
    else if (items(servers).length === 0)
      fail(servers, 'required', 'must have at least one address with dnsPolicy: None.');
  }
  if (items(servers).length > 3)
    fail(servers, 'invalid', `must have at most 3 addresses, not ${items(servers).length}.`);
  for (const server of items(servers)) checkIp(server);
  const searches = items(at(config, 'searches'));
  if (searches.length > 32)
    fail(at(config, 'searches'), 'invalid', `must have at most 32 domains, not ${searches.length}.`);
  for (const search of searches) {
    const name = text(search);
    if (name === undefined || name === '.') continue;
    const problem = dnsSearch(name.replace(/\.$/, ''));
    if (problem) fail(search, 'invalid', `${problem}.`);
  }
  for (const option of items(at(config, 'options'))) required(blaming(at(option, 'name'), option.path));
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
      fail(claim, 'invalid', 'must set exactly one of resourceClaimName and resourceClaimTemplateName.');
    for (const name of set) requiredName(at(claim, name), dnsSubdomainProblem);
  }
}
