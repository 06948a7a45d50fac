// Value formats in built-in kinds, each as the API server checks it. A check returns the problem as the end of a sentence
// that begins with the field's path, or undefined if the value is valid.

import { dnsLabelProblem, dnsSubdomainProblem, type NameCheck } from '../../kube/names.ts';
import {
  isLinkLocalMulticast,
  isLinkLocalUnicast,
  isLoopback,
  isMapped,
  isUnspecified,
  masked,
  parseCidr,
  parseIp,
  parseSloppyCidr,
  parseSloppyIp,
  printCidr,
  printIp,
} from '../../kube/values/ip.ts';
import { type Field, fail, integer, isHole, isSet, text } from './field.ts';
import { isOn } from './gates.ts';

/** apimachinery pkg/util/validation IsValidPortName (IANA service name). */
export const portName: NameCheck = (name) => {
  if (name.length > 15) return 'must be at most 15 characters long';
  if (!/^[-a-z0-9]+$/.test(name)) return 'must contain only lowercase letters, digits and “-”';
  if (!/[a-z]/.test(name)) return 'must contain at least one letter';
  if (name.includes('--')) return 'must not contain “--”';
  return name.startsWith('-') || name.endsWith('-') ? 'must not begin or end with “-”' : undefined;
};

/** IsRelaxedEnvVarName: printable ASCII except “=”. */
export const envName: NameCheck = (name) =>
  /^[ -<>-~]+$/.test(name) ? undefined : 'must contain only printable ASCII characters other than “=”';

/** IsConfigMapKey. */
export const configKey: NameCheck = (key) => {
  if (key.length > 253) return 'must be at most 253 characters long';
  if (!/^[-._a-zA-Z0-9]+$/.test(key)) return 'must contain only letters, digits, “-”, “_” and “.”';
  if (key === '.' || key === '..' || key.startsWith('..')) return 'must not be “.” or begin with “..”';
  return undefined;
};

/** IsHTTPHeaderName. */
export const headerName: NameCheck = (name) =>
  /^[-A-Za-z0-9]+$/.test(name) ? undefined : 'must contain only letters, digits and “-”';

/** IsDNS1123SubdomainWithUnderscore, used for DNS search domains. */
export const dnsSearch: NameCheck = (name) => {
  if (name.length > 253) return 'must be at most 253 characters long';
  const label = '[a-z0-9_]([-_a-z0-9]*[a-z0-9_])?';
  return new RegExp(`^${label}(\\.${label})*$`).test(name) ? undefined : 'must be a DNS name';
};

/** A path inside a volume: relative and without `..`. */
export const descendingPath: NameCheck = (path) => {
  if (path.startsWith('/')) return 'must be a relative path';
  return noBacksteps(path);
};

export const noBacksteps: NameCheck = (path) => (path.split('/').includes('..') ? 'must not contain “..”' : undefined);

/** Paths of projected files: ValidateLocalNonReservedPath. */
export const projectedPath: NameCheck = (path) =>
  descendingPath(path) ?? (path.startsWith('..') ? 'must not begin with “..”' : undefined);

/** A port number between 1 and 65535, or a port name. */
export function portNumberOrName(field: Field): void {
  if (isHole(field)) return;
  const number = integer(field);
  if (number !== undefined || !isSet(field)) portNumber(field);
  else {
    const name = text(field);
    const problem = name === undefined ? undefined : name === '' ? 'must not be empty' : portName(name);
    if (problem) fail(field, 'invalid', `${problem}.`);
  }
}

/** The API server reads an absent port as 0, which is invalid. */
export function portNumber(field: Field): void {
  if (isHole(field)) return;
  const number = integer(field) ?? 0n;
  if (!isSet(field)) fail(field, 'required', 'is required: must be a port between 1 and 65535.');
  else if (number < 1n || number > 65535n) fail(field, 'invalid', `must be a port between 1 and 65535, not ${number}.`);
}

/** User and group IDs. */
export function unixId(field: Field): void {
  const id = integer(field);
  if (id !== undefined && (id < 0n || id > 2147483647n))
    fail(field, 'invalid', `must be an ID between 0 and 2147483647, not ${id}.`);
}

export function fileMode(field: Field): void {
  const mode = integer(field);
  if (mode !== undefined && (mode < 0n || mode > 0o777n))
    fail(field, 'invalid', `must be a file mode between 0 and 0777 (decimal 511), not ${mode}.`);
}

/** An IntOrString that must be a number or a percentage. Returns whichever it is. */
export function numberOrPercent(field: Field): { readonly number?: bigint; readonly percent?: number } {
  const number = integer(field);
  if (number !== undefined) {
    if (number < 0n) fail(field, 'invalid', `must be at least 0, not ${number}.`);
    return { number };
  }
  const value = isSet(field) ? text(field) : undefined;
  if (value === undefined) return {};
  if (!/^[0-9]+%$/.test(value)) {
    fail(field, 'invalid', `must be a number or a percentage such as 25%, not “${value}”.`);
    return {};
  }
  return { percent: Number(value.slice(0, -1)) };
}

/** Go's net.ParseIP, but octets may have leading zeros, as the API allows in its older fields. */
export function isIp(value: string): boolean {
  return parseSloppyIp(value).ok;
}

/** 4 or 6; `undefined` if the value is not an address. */
export function ipFamily(value: string): 4 | 6 | undefined {
  const ip = parseSloppyIp(value);
  // Go treats an IPv4-mapped IPv6 address as IPv4.
  return ip.ok ? (isMapped(ip.value) ? 4 : ip.value.family) : undefined;
}

export function isCidr(value: string): boolean {
  return parseSloppyCidr(value).ok;
}

/** IsValidIPForLegacyField. */
export function legacyIp({ problems }: Field): NameCheck {
  if (isOn(problems, 'StrictIPCIDRValidation')) return ipProblem;
  return (value) => (parseSloppyIp(value).ok ? undefined : 'must be an IP address');
}

const ipProblem: NameCheck = (value) => {
  if (!parseSloppyIp(value).ok) return 'must be an IP address';
  const ip = parseIp(value);
  if (!ip.ok) return 'must be an IP address without leading zeros';
  return isMapped(ip.value) ? 'must be a plain IPv4 address, not an IPv4-mapped IPv6 address' : undefined;
};

/** ValidateEndpointIP: addresses that other hosts can't reach. The value is an IP address. */
export const specialIpProblem: NameCheck = (value) => {
  const ip = parseIp(value);
  if (!ip.ok) return undefined;
  if (isUnspecified(ip.value)) return 'must not be the unspecified address';
  if (isLoopback(ip.value)) return 'must not be a loopback address';
  if (isLinkLocalUnicast(ip.value)) return 'must not be a link-local address';
  return isLinkLocalMulticast(ip.value) ? 'must not be a link-local multicast address' : undefined;
};

/** IsValidIP: also requires the canonical form of RFC 5952. */
export const canonicalIpProblem: NameCheck = (value) => {
  const problem = ipProblem(value);
  const ip = parseIp(value);
  if (problem || !ip.ok) return problem;
  return printIp(ip.value) === value ? undefined : `must be written as ${printIp(ip.value)}`;
};

/** IsValidCIDRForLegacyField. */
export function legacyCidr({ problems }: Field): NameCheck {
  if (isOn(problems, 'StrictIPCIDRValidation')) return cidrProblem;
  return (value) => (isCidr(value) ? undefined : 'must be a CIDR range such as 10.0.0.0/8');
}

const cidrProblem: NameCheck = (value) => {
  if (!parseSloppyCidr(value).ok) return 'must be a CIDR range such as 10.0.0.0/8';
  const cidr = parseCidr(value);
  if (!cidr.ok) return 'must be a CIDR range without leading zeros';
  if (isMapped(cidr.value.ip)) return 'must be a plain IPv4 range, not an IPv4-mapped IPv6 range';
  const net = masked(cidr.value);
  return net.ip.bits === cidr.value.ip.bits ? undefined : `must be the network address of the range, ${printCidr(net)}`;
};

/** IsValidCIDR. */
export const canonicalCidrProblem: NameCheck = (value) => {
  const problem = cidrProblem(value);
  const cidr = parseCidr(value);
  if (problem || !cidr.ok) return problem;
  return printCidr(cidr.value) === value ? undefined : `must be written as ${printCidr(cidr.value)}`;
};

/** A MicroTime, with exactly six fractional digits. */
export function microTime(field: Field): void {
  const value = isSet(field) ? text(field) : undefined;
  if (value !== undefined && !/T\d\d:\d\d:\d\d[.,]\d{6}(Z|[+-]\d\d:\d\d)$/.test(value))
    fail(field, 'invalid', `must be a time with six fractional digits of a second, not “${value}”.`);
}

/** IsFullyQualifiedDomainName; a trailing dot is allowed. */
export const qualifiedDomainProblem: NameCheck = (value) => {
  const name = value.endsWith('.') ? value.slice(0, -1) : value;
  const problem = dnsSubdomainProblem(name);
  if (problem) return problem;
  const labels = name.split('.');
  if (labels.length < 2) return 'must be a domain name with at least two labels';
  return labels.map(dnsLabelProblem).find((wrong) => wrong !== undefined);
};
