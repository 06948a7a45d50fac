// Small formats of built-in kinds, each as the server's own check reads them. A check answers what is wrong as the end
// of a sentence that begins with the field; undefined where all is well.

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

/** apimachinery pkg/util/validation IsValidPortName (IANA service name). */
export const portName: NameCheck = (name) => {
  if (name.length > 15) return 'is longer than the 15 characters a port’s name may have';
  if (!/^[-a-z0-9]+$/.test(name)) return 'must be lower-case letters, digits and “-”';
  if (!/[a-z]/.test(name)) return 'must hold at least one letter';
  if (name.includes('--')) return 'can’t hold “--”';
  return name.startsWith('-') || name.endsWith('-') ? 'can’t begin or end with “-”' : undefined;
};

/** IsRelaxedEnvVarName: printable ASCII but “=”. */
export const envName: NameCheck = (name) =>
  /^[ -<>-~]+$/.test(name) ? undefined : 'must be printable ASCII characters other than “=”';

/** IsConfigMapKey. */
export const configKey: NameCheck = (key) => {
  if (key.length > 253) return 'is longer than 253 characters';
  if (!/^[-._a-zA-Z0-9]+$/.test(key)) return 'must be letters, digits, “-”, “_” and “.”';
  if (key === '.' || key === '..' || key.startsWith('..')) return 'can’t be “.” or begin with “..”';
  return undefined;
};

/** IsHTTPHeaderName. */
export const headerName: NameCheck = (name) =>
  /^[-A-Za-z0-9]+$/.test(name) ? undefined : 'must be letters, digits and “-”';

/** IsCIdentifier and relatives aren't used by the kinds here. IsDNS1123SubdomainWithUnderscore is, by DNS searches. */
export const dnsSearch: NameCheck = (name) => {
  if (name.length > 253) return 'is longer than 253 characters';
  const label = '[a-z0-9_]([-_a-z0-9]*[a-z0-9_])?';
  return new RegExp(`^${label}(\\.${label})*$`).test(name) ? undefined : 'must be a DNS name';
};

/** A path inside a volume: relative and without `..`. */
export const descendingPath: NameCheck = (path) => {
  if (path.startsWith('/')) return 'must be a relative path';
  return noBacksteps(path);
};

export const noBacksteps: NameCheck = (path) => (path.split('/').includes('..') ? 'can’t hold “..”' : undefined);

/** Paths of projected files: ValidateLocalNonReservedPath. */
export const projectedPath: NameCheck = (path) =>
  descendingPath(path) ?? (path.startsWith('..') ? 'can’t begin with “..”' : undefined);

/** A port as a number from 1 to 65535 or the name of one. */
export function portNumberOrName(field: Field): void {
  if (isHole(field)) return;
  const number = integer(field);
  if (number !== undefined || !isSet(field)) portNumber(field);
  else {
    const name = text(field);
    const problem = name === undefined ? undefined : name === '' ? 'can’t be empty' : portName(name);
    if (problem) fail(field, 'invalid', `${problem}.`);
  }
}

/** The server reads 0 where there is none, and calls that invalid. */
export function portNumber(field: Field): void {
  if (isHole(field)) return;
  const number = integer(field) ?? 0n;
  if (!isSet(field)) fail(field, 'required', 'is required: a port from 1 to 65535.');
  else if (number < 1n || number > 65535n) fail(field, 'invalid', `must be a port from 1 to 65535, not ${number}.`);
}

/** User and group ids. */
export function unixId(field: Field): void {
  const id = integer(field);
  if (id !== undefined && (id < 0n || id > 2147483647n))
    fail(field, 'invalid', `must be an id from 0 to 2147483647, not ${id}.`);
}

export function fileMode(field: Field): void {
  const mode = integer(field);
  if (mode !== undefined && (mode < 0n || mode > 0o777n))
    fail(field, 'invalid', `must be a file mode from 0 to 0777 (511 in decimal), not ${mode}.`);
}

/** IntOrString that is a number or a percentage. Answers the number, or the percentage. */
export function numberOrPercent(field: Field): { readonly number?: bigint; readonly percent?: number } {
  const number = integer(field);
  if (number !== undefined) {
    if (number < 0n) fail(field, 'invalid', `can’t be negative; it is ${number}.`);
    return { number };
  }
  const value = isSet(field) ? text(field) : undefined;
  if (value === undefined) return {};
  if (!/^[0-9]+%$/.test(value)) {
    fail(field, 'invalid', `must be a number or a percentage like 25%, not “${value}”.`);
    return {};
  }
  return { percent: Number(value.slice(0, -1)) };
}

/** Go's net.ParseIP, leading zeros of octets tolerated as the API does in its older fields. */
export function isIp(value: string): boolean {
  return parseSloppyIp(value).ok;
}

/** 4 or 6; undefined where it is no address. */
export function ipFamily(value: string): 4 | 6 | undefined {
  const ip = parseSloppyIp(value);
  // Go takes IPv4 addresses in IPv6 form for what they mean.
  return ip.ok ? (isMapped(ip.value) ? 4 : ip.value.family) : undefined;
}

export function isCidr(value: string): boolean {
  return parseSloppyCidr(value).ok;
}

/** IsValidIPForLegacyField: StrictIPCIDRValidation is on by default from 1.36. */
export const ipProblem: NameCheck = (value) => {
  if (!parseSloppyIp(value).ok) return 'must be an IP address';
  const ip = parseIp(value);
  if (!ip.ok) return 'can’t have leading zeros in an IP address';
  return isMapped(ip.value) ? 'must be the IPv4 address itself, not its IPv6 form' : undefined;
};

/** ValidateEndpointIP: addresses that lead nowhere else. The value is an address. */
export const specialIpProblem: NameCheck = (value) => {
  const ip = parseIp(value);
  if (!ip.ok) return undefined;
  if (isUnspecified(ip.value)) return 'can’t be the unspecified address';
  if (isLoopback(ip.value)) return 'can’t be a loopback address';
  if (isLinkLocalUnicast(ip.value)) return 'can’t be a link-local address';
  return isLinkLocalMulticast(ip.value) ? 'can’t be a link-local multicast address' : undefined;
};

/** IsValidIP: also in the form that RFC 5952 prefers. */
export const canonicalIpProblem: NameCheck = (value) => {
  const problem = ipProblem(value);
  const ip = parseIp(value);
  if (problem || !ip.ok) return problem;
  return printIp(ip.value) === value ? undefined : `must be written as ${printIp(ip.value)}`;
};

/** IsValidCIDRForLegacyField. */
export const cidrProblem: NameCheck = (value) => {
  if (!parseSloppyCidr(value).ok) return 'must be a range like 10.0.0.0/8';
  const cidr = parseCidr(value);
  if (!cidr.ok) return 'can’t have leading zeros';
  if (isMapped(cidr.value.ip)) return 'must be the IPv4 range itself, not its IPv6 form';
  const net = masked(cidr.value);
  return net.ip.bits === cidr.value.ip.bits ? undefined : `must begin the range: ${printCidr(net)}`;
};

/** IsValidCIDR. */
export const canonicalCidrProblem: NameCheck = (value) => {
  const problem = cidrProblem(value);
  const cidr = parseCidr(value);
  if (problem || !cidr.ok) return problem;
  return printCidr(cidr.value) === value ? undefined : `must be written as ${printCidr(cidr.value)}`;
};

/** A MicroTime: six digits of the second, no more and no fewer. */
export function microTime(field: Field): void {
  const value = isSet(field) ? text(field) : undefined;
  if (value !== undefined && !/T\d\d:\d\d:\d\d[.,]\d{6}(Z|[+-]\d\d:\d\d)$/.test(value))
    fail(field, 'invalid', `must be a time with six digits behind the second, not “${value}”.`);
}

/** IsFullyQualifiedDomainName; a dot at its end is fine. */
export const qualifiedDomainProblem: NameCheck = (value) => {
  const name = value.endsWith('.') ? value.slice(0, -1) : value;
  const problem = dnsSubdomainProblem(name);
  if (problem) return problem;
  const labels = name.split('.');
  if (labels.length < 2) return 'must be a domain of at least two parts';
  return labels.map(dnsLabelProblem).find((wrong) => wrong !== undefined);
};
