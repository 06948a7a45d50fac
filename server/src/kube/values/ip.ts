// IP addresses and networks as Go's net/netip parses and prints them: no leading zeros, no shorthand, a separate zone.
import { type Parsed, parsed, wrong } from './parsed.ts';

export interface Ip {
  readonly family: 4 | 6;
  readonly bits: bigint;
  readonly zone: string;
}

export interface Cidr {
  readonly ip: Ip;
  readonly prefix: number;
}

export function parseIp(text: string): Parsed<Ip> {
  if (text.includes(':')) return parseIp6(text);
  const bits = parseQuad(text, false);
  if (bits !== undefined) return parsed({ family: 4, bits, zone: '' });
  if (parseQuad(text, true) !== undefined) return wrong('must not have a number with a leading zero');
  return wrong('must be an IP address like “10.0.0.1” or “2001:db8::1”');
}

export function parseCidr(text: string): Parsed<Cidr> {
  const slash = text.lastIndexOf('/');
  if (slash === -1) return wrong('must have a prefix length, as in “10.0.0.0/16”');
  const ip = parseIp(text.slice(0, slash));
  if (!ip.ok) return ip;
  if (ip.value.zone !== '') return wrong('must not have a zone');
  const length = text.slice(slash + 1);
  const most = ip.value.family === 4 ? 32 : 128;
  if (!/^(0|[1-9]\d{0,2})$/.test(length) || Number(length) > most)
    return wrong(`must have a prefix length from 0 to ${most}, not “${length}”`);
  return parsed({ ip: ip.value, prefix: Number(length) });
}

/** Accepts leading zeros but no zones, like the API server for old fields (k8s.io/utils/net ParseIPSloppy). */
export function parseSloppyIp(text: string): Parsed<Ip> {
  if (text.includes(':')) return text.includes('%') ? wrong('must not have a zone') : parseIp6(text, true);
  const bits = parseQuad(text, true);
  return bits === undefined
    ? wrong('must be an IP address like “10.0.0.1” or “2001:db8::1”')
    : parsed({ family: 4, bits, zone: '' });
}

/** k8s.io/utils/net ParseCIDRSloppy. */
export function parseSloppyCidr(text: string): Parsed<Cidr> {
  const slash = text.indexOf('/');
  if (slash === -1) return wrong('must have a prefix length, as in “10.0.0.0/16”');
  const ip = parseSloppyIp(text.slice(0, slash));
  if (!ip.ok) return ip;
  const length = text.slice(slash + 1);
  const most = ip.value.family === 4 ? 32 : 128;
  if (!/^\d{1,9}$/.test(length) || Number(length) > most)
    return wrong(`must have a prefix length from 0 to ${most}, not “${length}”`);
  return parsed({ ip: ip.value, prefix: Number(length) });
}

export function masked({ ip, prefix }: Cidr): Cidr {
  const free = BigInt((ip.family === 4 ? 32 : 128) - prefix);
  return { ip: { ...ip, bits: (ip.bits >> free) << free }, prefix };
}

export function contains(network: Cidr, ip: Ip): boolean {
  if (network.ip.family !== ip.family || ip.zone !== '') return false;
  const free = BigInt((ip.family === 4 ? 32 : 128) - network.prefix);
  return network.ip.bits >> free === ip.bits >> free;
}

/** An IPv4 address in IPv6 form, `::ffff:10.0.0.1`. */
export function isMapped(ip: Ip): boolean {
  return ip.family === 6 && ip.bits >> 32n === 0xffffn;
}

export function isUnspecified(ip: Ip): boolean {
  return ip.bits === 0n && ip.zone === '';
}

export function isLoopback(ip: Ip): boolean {
  return ip.family === 4 ? ip.bits >> 24n === 127n : ip.bits === 1n;
}

function isMulticast(ip: Ip): boolean {
  return ip.family === 4 ? ip.bits >> 28n === 0xen : ip.bits >> 120n === 0xffn;
}

export function isLinkLocalMulticast(ip: Ip): boolean {
  return ip.family === 4 ? ip.bits >> 8n === 0xe00000n : (ip.bits >> 112n) % 0x10000n === 0xff02n || isScope(ip, 2n);
}

export function isLinkLocalUnicast(ip: Ip): boolean {
  return ip.family === 4 ? ip.bits >> 16n === 0xa9fen : ip.bits >> 118n === 0x3fan;
}

export function isGlobalUnicast(ip: Ip): boolean {
  const isBroadcast = ip.family === 4 && ip.bits === 0xffffffffn;
  return !isUnspecified(ip) && !isBroadcast && !isLoopback(ip) && !isMulticast(ip) && !isLinkLocalUnicast(ip);
}

export function printIp(ip: Ip): string {
  if (ip.family === 4) return quad(ip.bits);
  const zone = ip.zone === '' ? '' : `%${ip.zone}`;
  if (isMapped(ip)) return `::ffff:${quad(ip.bits & 0xffffffffn)}${zone}`;
  const groups = Array.from({ length: 8 }, (_, index) => Number((ip.bits >> BigInt(112 - 16 * index)) & 0xffffn));
  const [start, length] = longestZeros(groups);
  const words = groups.map((group) => group.toString(16));
  if (length < 2) return words.join(':') + zone;
  return `${words.slice(0, start).join(':')}::${words.slice(start + length).join(':')}${zone}`;
}

export function printCidr({ ip, prefix }: Cidr): string {
  return `${printIp(ip)}/${prefix}`;
}

function isScope(ip: Ip, scope: bigint): boolean {
  return ip.bits >> 120n === 0xffn && ((ip.bits >> 112n) & 0xfn) === scope;
}

function quad(bits: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 0xffn).join('.');
}

function longestZeros(groups: readonly number[]): readonly [number, number] {
  let best: readonly [number, number] = [0, 0];
  for (let start = 0; start < groups.length; start += 1) {
    let end = start;
    while (groups[end] === 0) end += 1;
    if (end - start > best[1]) best = [start, end - start];
  }
  return best;
}

function parseQuad(text: string, leadingZeros: boolean): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  const number = leadingZeros ? /^\d+$/ : /^(0|[1-9]\d{0,2})$/;
  let bits = 0n;
  for (const part of parts) {
    if (!number.test(part) || part.length > 64 || BigInt(part) > 255n) return undefined;
    bits = (bits << 8n) | BigInt(part);
  }
  return bits;
}

function parseIp6(text: string, leadingZeros = false): Parsed<Ip> {
  const hint = 'must be an IPv6 address like “2001:db8::1”';
  const percent = text.indexOf('%');
  const zone = percent === -1 ? '' : text.slice(percent + 1);
  if (percent !== -1 && zone === '') return wrong('must have a zone after its “%”');
  const halves = (percent === -1 ? text : text.slice(0, percent)).split('::');
  if (halves.length > 2) return wrong(hint);
  const parts = halves.map((half) => (half === '' ? [] : half.split(':')));
  const words: bigint[][] = [];
  for (const [index, half] of parts.entries()) {
    const read = readWords(half, index === parts.length - 1, leadingZeros);
    if (!read) return wrong(hint);
    words.push(read);
  }
  const count = words.reduce((total, half) => total + half.length, 0);
  // `::` represents at least one group of zeros.
  if (halves.length === 1 ? count !== 8 : count > 7) return wrong(hint);
  const all = [...words[0]!, ...Array<bigint>(8 - count).fill(0n), ...(words[1] ?? [])];
  return parsed({ family: 6, bits: all.reduce((bits, word) => (bits << 16n) | word, 0n), zone });
}

/** The last part may be a dotted quad, which is two groups. */
function readWords(parts: readonly string[], isLast: boolean, leadingZeros: boolean): bigint[] | undefined {
  const words: bigint[] = [];
  for (const [index, part] of parts.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(part)) words.push(BigInt(`0x${part}`));
    else {
      const bits = isLast && index === parts.length - 1 ? parseQuad(part, leadingZeros) : undefined;
      if (bits === undefined) return undefined;
      words.push(bits >> 16n, bits & 0xffffn);
    }
  }
  return words;
}
