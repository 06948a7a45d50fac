// Checks of kinds that the cluster's own components usually write: nodes, runtime classes, leases, API services,
// certificate signing requests, controller revisions, bindings (kubernetes
// pkg/apis/{core,node,coordination,certificates,apps}/validation and kube-aggregator
// pkg/apis/apiregistration/validation).

import {
  dns1035Problem,
  dnsLabelProblem,
  dnsSubdomainProblem,
  labelValueProblem,
  pathSegmentProblem,
  qualifiedNameProblem,
} from '../../kube/names.ts';
import { parseSloppyCidr } from '../../kube/values/ip.ts';
import { unknown } from '../../syntax/tree.ts';
import { isObject } from '../../syntax/value.ts';
import { show } from '../words.ts';
import { renamed } from './blame.ts';
import type { BuiltinCheck } from './builtin.ts';
import {
  at,
  entries,
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
  requiredList,
  requiredName,
  rootField,
  text,
  within,
} from './field.ts';
import { legacyCidr, microTime, portNumber } from './formats.ts';
import { checkOverhead, checkQuantityOf } from './resources.ts';
import { checkLabels, checkTolerations } from './selector.ts';

export const node: BuiltinCheck = (object, problems) => {
  const root = rootField(object, problems);
  checkTaints(at(root, 'spec', 'taints'));
  for (const name of ['capacity', 'allocatable'])
    for (const [resource, quantity] of entries(at(root, 'status', name))) checkQuantityOf(resource, quantity);
  const cidrs = at(root, 'spec', 'podCIDRs');
  const single = text(at(root, 'spec', 'podCIDR'));
  // The old field takes precedence where both are set and differ.
  const replaced = single !== undefined && single !== '' && single !== text(items(cidrs)[0] ?? cidrs);
  const families = (replaced || single === undefined ? [] : items(cidrs)).map((cidr) => {
    const value = text(cidr);
    const problem = value === undefined ? undefined : legacyCidr(cidr)(value);
    if (problem) fail(cidr, 'invalid', `${problem}; it is ${show(value)}.`);
    const parsed = value === undefined ? undefined : parseSloppyCidr(value);
    return parsed?.ok ? parsed.value.ip.family : undefined;
  });
  if (families.length > 2 || (families.length === 2 && families[0] !== undefined && families[0] === families[1]))
    fail(cidrs, 'invalid', 'must have at most one range per IP family.');
  if (replaced) {
    const problem = legacyCidr(cidrs)(single);
    if (problem)
      failAs([...cidrs.path, 0], at(root, 'spec', 'podCIDR'), 'invalid', `${problem}; it is ${show(single)}.`);
  }
};

/** The API server reports taints below `metadata`. */
function checkTaints(taints: Field): void {
  const seen = new Set<string>();
  items(renamed(taints, ['metadata', 'taints'])).forEach((taint, index) => {
    if (isHole(taint)) return;
    const key = text(at(taint, 'key'));
    const problem = key === undefined ? undefined : qualifiedNameProblem(key);
    if (problem) fail(at(taint, 'key'), 'invalid', `${problem}.`);
    const value = text(at(taint, 'value'));
    const wrong = value === undefined ? undefined : labelValueProblem(value);
    if (wrong) fail(at(taint, 'value'), 'invalid', `${wrong}.`);
    const effect = at(taint, 'effect');
    if (required(effect) !== undefined) oneOf(effect, ['NoSchedule', 'PreferNoSchedule', 'NoExecute']);
    const id = JSON.stringify([key, text(effect)]);
    if (key !== undefined && text(effect) !== undefined && seen.has(id))
      failAs(
        ['metadata', 'taints', index],
        taint,
        'duplicate',
        `repeats the taint ${key} with effect ${text(effect)}.`,
      );
    seen.add(id);
  });
}

export const runtimeClass: BuiltinCheck = (object, problems) => {
  const root = rootField(object, problems);
  requiredName(at(root, 'handler'), dnsLabelProblem);
  checkOverhead(at(root, 'overhead', 'podFixed'), ['overhead']);
  const scheduling = at(root, 'scheduling');
  checkLabels(at(scheduling, 'nodeSelector'));
  const tolerations = at(scheduling, 'tolerations');
  checkTolerations(tolerations);
  const seen = new Set<string>();
  for (const toleration of items(tolerations)) {
    const said = ['key', 'operator', 'value', 'effect'].map((name) => text(at(toleration, name)));
    if (isHole(toleration) || said.includes(undefined)) continue;
    const id = JSON.stringify(said);
    if (seen.has(id)) fail(toleration, 'duplicate', 'repeats an earlier toleration.');
    seen.add(id);
  }
};

export const lease: BuiltinCheck = (object, problems) => {
  const spec = at(rootField(object, problems), 'spec');
  within(at(spec, 'leaseDurationSeconds'), 1n);
  within(at(spec, 'leaseTransitions'), 0n);
  microTime(at(spec, 'acquireTime'));
  microTime(at(spec, 'renewTime'));
  // The API server drops strategy and preferredHolder: coordinated leader election is off by default.
};

export const apiService: BuiltinCheck = (object, problems) => {
  const root = rootField(object, problems);
  const spec = at(root, 'spec');
  if (isHole(spec)) return;
  const [group, version] = [text(at(spec, 'group')), text(at(spec, 'version'))];
  if (group !== undefined && version !== undefined)
    for (const given of ['name', 'generateName']) {
      const field = at(root, 'metadata', given);
      const name = text(field);
      if (name && name !== `${version}.${group}` && !pathSegmentProblem(name))
        fail(field, 'invalid', `must be ${version}.${group}; it is ${show(name)}.`);
    }
  if (group === '' && version !== undefined && version !== 'v1')
    fail(at(spec, 'group'), 'required', 'is required unless version is v1.');
  const badGroup = group ? dnsSubdomainProblem(group) : undefined;
  if (badGroup) fail(at(spec, 'group'), 'invalid', `${badGroup}.`);
  const badVersion = version === undefined ? undefined : dns1035Problem(version);
  if (badVersion) fail(at(spec, 'version'), 'invalid', `${badVersion}.`);
  priority(at(spec, 'groupPriorityMinimum'), 20_000n);
  priority(at(spec, 'versionPriority'), 1000n);
  checkBackend(spec);
};

function priority(field: Field, most: bigint): void {
  const value = isHole(field) ? 1n : (integer(field) ?? 0n);
  if (value < 1n || value > most) fail(field, 'invalid', `must be between 1 and ${most}, not ${value}.`);
}

function checkBackend(spec: Field): void {
  const [service, bundle, insecure] = [at(spec, 'service'), at(spec, 'caBundle'), at(spec, 'insecureSkipTLSVerify')];
  const bundled = text(bundle) !== undefined && text(bundle) !== '';
  if (!isSet(service)) {
    if (bundled) fail(bundle, 'invalid', 'must not be set without a service.');
    if (flag(insecure)) fail(insecure, 'invalid', 'must not be true without a service.');
    return;
  }
  if (isHole(service)) return;
  required(at(service, 'namespace'));
  required(at(service, 'name'));
  if (isSet(at(service, 'port'))) portNumber(at(service, 'port'));
  if (flag(insecure) && bundled) fail(insecure, 'invalid', 'must not be true together with caBundle.');
}

const usages = new Set([
  'signing',
  'digital signature',
  'content commitment',
  'key encipherment',
  'key agreement',
  'data encipherment',
  'cert sign',
  'crl sign',
  'encipher only',
  'decipher only',
  'any',
  'server auth',
  'client auth',
  'code signing',
  'email protection',
  's/mime',
  'ipsec end system',
  'ipsec tunnel',
  'ipsec user',
  'timestamping',
  'ocsp signing',
  'microsoft sgc',
  'netscape sgc',
]);

export const certificateSigningRequest: BuiltinCheck = (object, problems) => {
  const spec = at(rootField(object, problems), 'spec');
  if (isHole(spec)) return;
  const request = text(at(spec, 'request'));
  if (request !== undefined && !isPem(request))
    fail(at(spec, 'request'), 'invalid', 'must be a base64-encoded PEM block of type CERTIFICATE REQUEST.');
  const wanted = at(spec, 'usages');
  requiredList(wanted, 'usage');
  const seen = new Set<string>();
  for (const item of items(wanted)) {
    const usage = text(item);
    if (usage === undefined) continue;
    if (!usages.has(usage)) fail(item, 'unsupported', `must be a known certificate usage, not ${show(usage)}.`);
    if (seen.has(usage)) fail(item, 'duplicate', `repeats ${show(usage)}.`);
    seen.add(usage);
  }
  const signer = required(at(spec, 'signerName'));
  const problem = signer && signerProblem(signer);
  if (problem) fail(at(spec, 'signerName'), 'invalid', `${problem}; it is ${show(signer)}.`);
  const seconds = at(spec, 'expirationSeconds');
  within(seconds, 600n);
};

function isPem(base64: string): boolean {
  try {
    return /-----BEGIN CERTIFICATE REQUEST-----[\s\S]*-----END CERTIFICATE REQUEST-----/.test(
      atob(base64.replace(/[\r\n]/g, '')),
    );
  } catch {
    return false;
  }
}

function signerProblem(name: string): string | undefined {
  return name === 'kubernetes.io/legacy-unknown' ? 'is a signer of an older API version' : signerNameProblem(name);
}

/** ValidateSignerName. */
export function signerNameProblem(name: string): string | undefined {
  const parts = name.split('/');
  if (parts.length !== 2) return 'must be a domain and a path, such as example.com/signer';
  const [domain, path] = parts as [string, string];
  const labels = domain.split('.');
  if (domain.length > 253 || labels.some((label) => dnsLabelProblem(label))) return 'has an invalid domain';
  if (labels.length < 2) return 'must have a domain with at least two segments';
  if (path.length > 317 || path.split('.').some((label) => dnsSubdomainProblem(label)))
    return 'must have a path with only lowercase letters, digits, “-” and “.”';
  return undefined;
}

export const controllerRevision: BuiltinCheck = (object, problems) => {
  const root = rootField(object, problems);
  const data = at(root, 'data');
  if (!isHole(data) && !isObject(data.value)) fail(data, 'required', 'is required and must be a map.');
  const revision = integer(at(root, 'revision'));
  if (revision !== undefined && revision < 0n)
    fail(at(root, 'revision'), 'invalid', `must be at least 0, not ${revision}.`);
};

export const binding: BuiltinCheck = (object, problems) => {
  const target = at(rootField(object, problems), 'target');
  if (target.value === unknown) return;
  const kind = text(at(target, 'kind'));
  if (kind) oneOf(at(target, 'kind'), ['Node']);
  const name = required(at(target, 'name'));
  if (name !== undefined && (!kind || kind === 'Node') && problems.minor >= 37)
    named(at(target, 'name'), dnsSubdomainProblem);
};

/** The version is a field of v1alpha1 only. */
export const storageVersionMigration: BuiltinCheck = (object, problems, { version }) => {
  const resource = at(rootField(object, problems), 'spec', 'resource');
  if (isHole(resource)) return;
  const name = required(at(resource, 'resource'));
  if (version === 'v1alpha1') required(at(resource, 'version'));
  else if (name !== undefined) named(at(resource, 'resource'), dns1035Problem);
  if (version !== 'v1alpha1') namedIfSet(at(resource, 'group'), dnsSubdomainProblem);
};
