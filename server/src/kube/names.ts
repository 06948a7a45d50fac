// The naming rules of objects, labels and namespaces (apimachinery pkg/api/validate/content and pkg/api/validation).
// Each check returns the problem as the end of a sentence that begins with the name, or undefined for a valid name.
import type { Gvk } from './identity.ts';
import { isMapped, parseIp, printIp } from './values/ip.ts';

export type NameCheck = (name: string) => string | undefined;

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const dnsLabel = new RegExp(`^${label}$`);
const dnsSubdomain = new RegExp(`^${label}(\\.${label})*$`);
const dns1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const labelName = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

export function dnsSubdomainProblem(name: string): string | undefined {
  if (name.length > 253) return `must be at most 253 characters long`;
  if (dnsSubdomain.test(name)) return undefined;
  return 'must be lower-case letters, digits, “-” and “.”, and begin and end with a letter or digit';
}

export function dnsLabelProblem(name: string): string | undefined {
  if (name.length > 63) return 'must be at most 63 characters long';
  if (dnsLabel.test(name)) return undefined;
  return 'must be lower-case letters, digits and “-”, and begin and end with a letter or digit';
}

export function dns1035Problem(name: string): string | undefined {
  if (name.length > 63) return 'must be at most 63 characters long';
  if (dns1035.test(name)) return undefined;
  return 'must be lower-case letters, digits and “-”, begin with a letter and end with a letter or digit';
}

/** The rule for names that are segments of a URL path, such as RBAC names. */
export function pathSegmentProblem(name: string): string | undefined {
  if (name === '.' || name === '..') return 'must not be “.” or “..”';
  return /[/%]/.test(name) ? 'must not contain “/” or “%”' : undefined;
}

/** Like Go's strings.ToLower, which converts letter by letter; JavaScript turns `İ` into two characters. */
export function lowered(text: string): string {
  return text.replaceAll('İ', 'i').toLowerCase();
}

/** The rule for keys of labels, annotations (in lower case) and finalizers: `name` or `dns.domain/name`. */
export function qualifiedNameProblem(name: string): string | undefined {
  const parts = name.split('/');
  if (parts.length > 2) return 'must contain at most one “/”, between a DNS domain and a name';
  if (parts.length === 2) {
    if (parts[0] === '') return 'must have a DNS domain before its “/”';
    const prefix = dnsSubdomainProblem(parts[0]!);
    if (prefix) return `has an invalid prefix, which ${prefix}`;
  }
  const last = parts.at(-1)!;
  if (last === '') return parts.length === 2 ? 'must have a name after its “/”' : 'must not be empty';
  if (last.length > 63) return 'must be at most 63 characters long';
  return labelName.test(last)
    ? undefined
    : 'must be letters, digits, “-”, “_” and “.”, and begin and end with a letter or digit';
}

export function labelValueProblem(value: string): string | undefined {
  if (value === '' || (value.length <= 63 && labelName.test(value))) return undefined;
  if (value.length > 63) return 'must be at most 63 characters long';
  return 'must be letters, digits, “-”, “_” and “.”, and begin and end with a letter or digit';
}

/** The rule for a built-in kind's `metadata.name`; most require a DNS subdomain, like custom resources. */
export function builtinNameCheck({ group, kind }: Gvk): NameCheck {
  return builtinNames.get(`${group}/${kind}`) ?? dnsSubdomainProblem;
}

/**
 * Whether objects of the kind are requests that the server answers but doesn't store, so that they need no metadata.
 */
export function isNameless({ group }: Gvk): boolean {
  return group === 'authentication.k8s.io' || group === 'authorization.k8s.io';
}

/** False for LimitRange: the server generates its name if it is missing (pkg/registry/core/limitrange/strategy.go). */
export function needsName({ group, kind }: Gvk): boolean {
  return group !== '' || kind !== 'LimitRange';
}

function ipNameProblem(name: string): string | undefined {
  const ip = parseIp(name);
  if (!ip.ok || isMapped(ip.value)) return 'must be an IP address';
  return printIp(ip.value) === name ? undefined : `must be written as ${printIp(ip.value)}`;
}

/** Built-in kinds whose names aren't DNS subdomains (kubernetes pkg/apis/<group>/validation). */
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
