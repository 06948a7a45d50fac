// What an object, a label or a namespace may be called (apimachinery pkg/api/validate/content and pkg/api/validation).
// Each check answers what is wrong, as the end of a sentence that begins with the name; undefined where all is well.
import type { Gvk } from './identity.ts';
import { isMapped, parseIp, printIp } from './values/ip.ts';

export type NameCheck = (name: string) => string | undefined;

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const dnsLabel = new RegExp(`^${label}$`);
const dnsSubdomain = new RegExp(`^${label}(\\.${label})*$`);
const dns1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const labelName = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

export function dnsSubdomainProblem(name: string): string | undefined {
  if (name.length > 253) return `is longer than 253 characters`;
  if (dnsSubdomain.test(name)) return undefined;
  return 'must be lower-case letters, digits, “-” and “.”, and begin and end with a letter or digit';
}

export function dnsLabelProblem(name: string): string | undefined {
  if (name.length > 63) return 'is longer than 63 characters';
  if (dnsLabel.test(name)) return undefined;
  return 'must be lower-case letters, digits and “-”, and begin and end with a letter or digit';
}

export function dns1035Problem(name: string): string | undefined {
  if (name.length > 63) return 'is longer than 63 characters';
  if (dns1035.test(name)) return undefined;
  return 'must be lower-case letters, digits and “-”, begin with a letter and end with a letter or digit';
}

/** What can stand in a URL path: RBAC names, for example. */
export function pathSegmentProblem(name: string): string | undefined {
  if (name === '.' || name === '..') return 'can’t be “.” or “..”';
  return /[/%]/.test(name) ? 'can’t hold “/” or “%”' : undefined;
}

/** As Go's strings.ToLower: letter by letter, where JavaScript makes two of `İ`. */
export function lowered(text: string): string {
  return text.replaceAll('İ', 'i').toLowerCase();
}

/** Keys of labels, annotations (in lower case) and finalizers: `name` or `dns.domain/name`. */
export function qualifiedNameProblem(name: string): string | undefined {
  const parts = name.split('/');
  if (parts.length > 2) return 'can have one “/” only, between a DNS domain and a name';
  if (parts.length === 2) {
    if (parts[0] === '') return 'has nothing before its “/”';
    const prefix = dnsSubdomainProblem(parts[0]!);
    if (prefix) return `has a prefix that ${prefix}`;
  }
  const last = parts.at(-1)!;
  if (last === '') return parts.length === 2 ? 'has nothing behind its “/”' : 'is empty';
  if (last.length > 63) return 'is longer than 63 characters';
  return labelName.test(last)
    ? undefined
    : 'must be letters, digits, “-”, “_” and “.”, and begin and end with a letter or digit';
}

export function labelValueProblem(value: string): string | undefined {
  if (value === '' || (value.length <= 63 && labelName.test(value))) return undefined;
  if (value.length > 63) return 'is longer than 63 characters';
  return 'must be letters, digits, “-”, “_” and “.”, and begin and end with a letter or digit';
}

/** The rule of a built-in kind's `metadata.name`; most take DNS subdomains, as custom resources do. */
export function builtinNameCheck({ group, kind }: Gvk): NameCheck {
  return builtinNames.get(`${group}/${kind}`) ?? dnsSubdomainProblem;
}

/** Questions to the server, which stores nothing and asks for no metadata. */
export function isNameless({ group }: Gvk): boolean {
  return group === 'authentication.k8s.io' || group === 'authorization.k8s.io';
}

/** The server makes a name up where a LimitRange has none (pkg/registry/core/limitrange/strategy.go). */
export function needsName({ group, kind }: Gvk): boolean {
  return group !== '' || kind !== 'LimitRange';
}

function ipNameProblem(name: string): string | undefined {
  const ip = parseIp(name);
  if (!ip.ok || isMapped(ip.value)) return 'must be an IP address';
  return printIp(ip.value) === name ? undefined : `must be written as ${printIp(ip.value)}`;
}

/** kubernetes pkg/apis/<group>/validation: built-in kinds that don't take DNS subdomains. */
const builtinNames: ReadonlyMap<string, NameCheck> = new Map<string, NameCheck>([
  ['/Namespace', dnsLabelProblem],
  ['apps/StatefulSet', dnsLabelProblem],
  // RelaxedServiceNameValidation is on by default in 1.36.
  ['/Service', dnsLabelProblem],
  ...['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'].map((kind): [string, NameCheck] => [
    `rbac.authorization.k8s.io/${kind}`,
    pathSegmentProblem,
  ]),
  ['certificates.k8s.io/CertificateSigningRequest', pathSegmentProblem],
  ['certificates.k8s.io/ClusterTrustBundle', pathSegmentProblem],
  ['policy/PodDisruptionBudget', pathSegmentProblem],
  ['networking.k8s.io/IPAddress', ipNameProblem],
  ['apiregistration.k8s.io/APIService', pathSegmentProblem],
  ['/ComponentStatus', pathSegmentProblem],
  ['/Event', pathSegmentProblem],
]);
