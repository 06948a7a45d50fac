// URLs, IP addresses and networks (k8s.io/apiserver pkg/cel/library/urls.go, ip.go, cidr.go).
import * as net from '../../kube/values/ip.ts';
import { parseUrl } from '../url.ts';
import { type CelValue, failure, list, mapOf } from '../value.ts';
import { type Library, overload, overloads } from './function.ts';

/** Accepts neither zones nor IPv4 addresses in IPv6 form. */
function ipOf(text: string): net.Ip | undefined {
  const parsed = net.parseIp(text);
  return parsed.ok && parsed.value.zone === '' && !net.isMapped(parsed.value) ? parsed.value : undefined;
}

function cidrOf(text: string): net.Cidr | undefined {
  const parsed = net.parseCidr(text);
  return parsed.ok && !net.isMapped(parsed.value.ip) ? parsed.value : undefined;
}

const notIp = (text: string) => failure(`“${text}” is not an IP address`);
const notCidr = (text: string) => failure(`“${text}” is not a network`);

function contains(outer: net.Cidr, inner: net.Cidr | undefined, text: string): CelValue {
  return inner ? outer.prefix <= inner.prefix && net.contains(outer, inner.ip) : notCidr(text);
}

export const networkFunctions: Library = {
  url: overload(['string'], (text) => {
    const url = parseUrl(text);
    return url ? { kind: 'url', url } : failure(`“${text}” is not a URL`);
  }),
  isURL: overload(['string'], (text) => parseUrl(text) !== undefined),
  ip: overload(['string'], (text) => {
    const ip = ipOf(text);
    return ip ? { kind: 'ip', ip } : notIp(text);
  }),
  isIP: overload(['string'], (text) => ipOf(text) !== undefined),
  'ip.isCanonical': overload(['string'], (text) => {
    const ip = ipOf(text);
    return ip ? net.printIp(ip) === text : notIp(text);
  }),
  cidr: overload(['string'], (text) => {
    const cidr = cidrOf(text);
    return cidr ? { kind: 'cidr', cidr } : notCidr(text);
  }),
  isCIDR: overload(['string'], (text) => cidrOf(text) !== undefined),
};

export const networkMethods: Library = {
  getScheme: overload(['url'], ({ url }) => url.scheme),
  getHost: overload(['url'], ({ url }) => url.host),
  getHostname: overload(['url'], ({ url }) => url.hostname),
  getPort: overload(['url'], ({ url }) => url.port),
  getEscapedPath: overload(['url'], ({ url }) => url.escapedPath),
  getQuery: overload(['url'], ({ url }) =>
    mapOf(
      new Map(
        [...url.query].map(([name, values]): [string, [CelValue, CelValue]] => [`s${name}`, [name, list(values)]]),
      ),
    ),
  ),
  family: overload(['ip'], ({ ip }) => BigInt(ip.family)),
  isUnspecified: overload(['ip'], ({ ip }) => net.isUnspecified(ip)),
  isLoopback: overload(['ip'], ({ ip }) => net.isLoopback(ip)),
  isLinkLocalMulticast: overload(['ip'], ({ ip }) => net.isLinkLocalMulticast(ip)),
  isLinkLocalUnicast: overload(['ip'], ({ ip }) => net.isLinkLocalUnicast(ip)),
  isGlobalUnicast: overload(['ip'], ({ ip }) => net.isGlobalUnicast(ip)),
  containsIP: overloads(
    overload(['cidr', 'ip'], ({ cidr }, { ip }) => net.contains(cidr, ip)),
    overload(['cidr', 'string'], ({ cidr }, text) => {
      const ip = ipOf(text);
      return ip ? net.contains(cidr, ip) : notIp(text);
    }),
  ),
  containsCIDR: overloads(
    overload(['cidr', 'cidr'], (outer, inner) => contains(outer.cidr, inner.cidr, '')),
    overload(['cidr', 'string'], ({ cidr }, text) => contains(cidr, cidrOf(text), text)),
  ),
  ip: overload(['cidr'], ({ cidr }) => ({ kind: 'ip', ip: cidr.ip })),
  prefixLength: overload(['cidr'], ({ cidr }) => BigInt(cidr.prefix)),
  masked: overload(['cidr'], ({ cidr }) => ({ kind: 'cidr', cidr: net.masked(cidr) })),
};
