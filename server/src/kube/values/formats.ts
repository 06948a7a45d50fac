// The string formats that the API server enforces in custom resources: those of apiextensions-apiserver
// pkg/apiserver/validation/formats.go, checked as in kube-openapi pkg/validation/strfmt. Others are ignored.

/** Checks whether a text has a format; `undefined` where the server ignores the format. Dashes in names are ignored. */
export function formatCheck(format: string): ((text: string) => boolean) | undefined {
  return checks.get(format.replaceAll('-', ''));
}

const octet = String.raw`(?:25[0-5]|2[0-4]\d|1?\d?\d)`;
const uuid = (third: string, fourth: string) =>
  new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${third}-?${fourth}-?[0-9a-f]{12}$`, 'i');
const shortName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

const checks: ReadonlyMap<string, (text: string) => boolean> = new Map(
  Object.entries({
    bsonobjectid: (text) => /^[0-9a-fA-F]{24}$/.test(text),
    uri: isRequestUri,
    email: isEmail,
    hostname: isHostname,
    ipv4: isIpv4,
    ipv6: isIpv6,
    cidr: isCidr,
    mac: isMac,
    uuid: matches(uuid('[0-9a-f]{4}', '[0-9a-f]{4}')),
    uuid3: matches(uuid('3[0-9a-f]{3}', '[0-9a-f]{4}')),
    uuid4: matches(uuid('4[0-9a-f]{3}', '[89ab][0-9a-f]{3}')),
    uuid5: matches(uuid('5[0-9a-f]{3}', '[89ab][0-9a-f]{3}')),
    isbn: (text) => isIsbn10(text) || isIsbn13(text),
    isbn10: isIsbn10,
    isbn13: isIsbn13,
    creditcard: isCreditCard,
    ssn: matches(/^\d{3}[- ]?\d{2}[- ]?\d{4}$/),
    hexcolor: matches(/^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/),
    rgbcolor: matches(new RegExp(String.raw`^rgb\(\s*${octet}\s*,\s*${octet}\s*,\s*${octet}\s*\)$`)),
    byte: matches(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/),
    password: () => true,
    date: isDate,
    duration: isDuration,
    datetime: isDateTime,
    k8sshortname: (text) => text.length <= 63 && shortName.test(text),
    k8slongname: (text) => text.length <= 253 && text.split('.').every((part) => shortName.test(part)),
  } satisfies Record<string, (text: string) => boolean>),
);

function matches(pattern: RegExp): (text: string) => boolean {
  return (text) => pattern.test(text);
}

/** Go's url.ParseRequestURI: an absolute URI or path with valid escapes and without spaces or control characters. */
function isRequestUri(text: string): boolean {
  if (text === '' || /[\x00-\x1f\x7f]/.test(text)) return false;
  if (text === '*') return true;
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(text);
  if (!scheme && !text.startsWith('/')) return false;
  const rest = scheme ? text.slice(scheme[0].length) : text;
  if (scheme && !rest.startsWith('/')) return true;
  const path = rest.split('?', 1)[0]!;
  if (!rest.startsWith('//') || (!scheme && rest.startsWith('///'))) return hasGoodEscapes(path);
  const [, authority = '', tail = ''] = /^\/\/([^/]*)(.*)$/s.exec(path) ?? [];
  return isAuthority(authority) && hasGoodEscapes(tail);
}

function isAuthority(authority: string): boolean {
  const at = authority.lastIndexOf('@');
  const [user, host] = at === -1 ? ['', authority] : [authority.slice(0, at), authority.slice(at + 1)];
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user) || !hasGoodEscapes(user)) return false;
  if (host.startsWith('[')) return /^\[[^\]]*\](:\d*)?$/.test(host);
  const colon = host.lastIndexOf(':');
  if (colon !== -1 && !/^\d*$/.test(host.slice(colon + 1))) return false;
  return !/[ "<>\\^`{|}]/.test(host) && hasGoodEscapes(host);
}

function hasGoodEscapes(text: string): boolean {
  return !/%(?![0-9a-fA-F]{2})/.test(text);
}

/** The common forms of net/mail.ParseAddress: an address, or a name and an address in angle brackets. */
function isEmail(text: string): boolean {
  const bracketed = /^\s*(?:"(?:[^"\\]|\\.)*"|[^<>"@,;:]*)\s*<([^<>]+)>\s*$/.exec(text);
  const address = (bracketed ? bracketed[1]! : text).trim();
  const at = address.lastIndexOf('@');
  if (at < 1) return false;
  const local = address.slice(0, at);
  const domain = address.slice(at + 1);
  const atom = /^[^\s()<>[\]:;@\\,."]+(\.[^\s()<>[\]:;@\\,."]+)*$/;
  const quoted = /^"(?:[^"\\]|\\.)*"$/;
  return (atom.test(local) || quoted.test(local)) && (atom.test(domain) || /^\[[^[\]\\]*\]$/.test(domain));
}

/** strfmt's HostnamePattern, which extends RFC 1034: letters and symbols of any script, dots only between labels. */
function isHostname(text: string): boolean {
  const pattern =
    /^([a-zA-Z0-9\p{S}\p{L}]((-?[a-zA-Z0-9\p{S}\p{L}]{0,62})?)|([a-zA-Z0-9\p{S}\p{L}](([a-zA-Z0-9\-\p{S}\p{L}]{0,61}[a-zA-Z0-9\p{S}\p{L}])?)(\.)){1,}([a-zA-Z\p{L}]){2,63})$/u;
  const bytes = new TextEncoder().encode(text).length;
  return (
    bytes <= 255 && pattern.test(text) && text.split('.').every((label) => new TextEncoder().encode(label).length <= 63)
  );
}

function isIpv4(text: string): boolean {
  return text.includes('.') && (isDottedQuad(text) || isIpv6(text));
}

/** Accepts leading zeros (k8s.io/utils/net ParseIPSloppy). */
function isDottedQuad(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^0*\d{1,3}$/.test(part) && Number(part) < 256);
}

function isIpv6(text: string): boolean {
  if (!text.includes(':') || text.includes('%')) return false;
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1);
  const dotted = last?.includes('.') === true;
  if (dotted && !isDottedQuad(last!)) return false;
  const words = dotted ? groups.slice(0, -1) : groups;
  const count = words.length + (dotted ? 2 : 0);
  return words.every((word) => /^[0-9a-fA-F]{1,4}$/.test(word)) && (halves.length === 2 ? count <= 7 : count === 8);
}

function isCidr(text: string): boolean {
  const slash = text.indexOf('/');
  if (slash === -1) return false;
  const address = text.slice(0, slash);
  const bits = text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(bits)) return false;
  if (isDottedQuad(address)) return Number(bits) <= 32;
  return isIpv6(address) && Number(bits) <= 128;
}

/**
 * Six, eight or twenty bytes, as pairs of digits separated by `:` or `-` or as fours separated by `.` (net.ParseMAC).
 */
function isMac(text: string): boolean {
  const pairs = /^[0-9a-fA-F]{2}(?:([:-])[0-9a-fA-F]{2})(?:\1[0-9a-fA-F]{2})*$/.test(text) ? (text.length + 1) / 3 : 0;
  const fours = /^[0-9a-fA-F]{4}(?:\.[0-9a-fA-F]{4})+$/.test(text) ? ((text.length + 1) / 5) * 2 : 0;
  return [6, 8, 20].includes(pairs || fours);
}

function isIsbn10(text: string): boolean {
  const digits = text.replace(/[\s-]+/g, '');
  if (!/^(?:[0-9]{9}X|[0-9]{10})$/.test(digits)) return false;
  const sum = [...digits].reduce(
    (total, digit, index) => total + (10 - index) * (digit === 'X' ? 10 : Number(digit)),
    0,
  );
  return sum % 11 === 0;
}

function isIsbn13(text: string): boolean {
  const digits = text.replace(/[\s-]+/g, '');
  if (!/^[0-9]{13}$/.test(digits)) return false;
  return [...digits].reduce((total, digit, index) => total + (index % 2 === 0 ? 1 : 3) * Number(digit), 0) % 10 === 0;
}

function isCreditCard(text: string): boolean {
  const digits = text.replace(/[^0-9]+/g, '');
  const brands =
    /^(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|6(?:011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:2131|1800|35\d{3})\d{11})$/;
  if (!brands.test(digits)) return false;
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}

function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1]!;
}

function isDateTime(text: string): boolean {
  const [date = '', time] = text.toLowerCase().split('t');
  if (time === undefined || !isDate(date)) return false;
  const match = /^(\d{2}):(\d{2}):(\d{2})(.\d+)?(z|[+-]\d{2}:\d{2})$/.exec(time);
  return match !== null && match[1]! <= '23' && match[2]! <= '59' && match[3]! <= '59';
}

/** Go's time.ParseDuration, or any number directly before the name of a unit, as in Scala. */
function isDuration(text: string): boolean {
  if (/^[-+]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.test(text)) return true;
  const exact = new Set('ns us µs ms s m h hr d w wk'.split(' '));
  const prefixes = ['nano', 'micro', 'milli', 'sec', 'min', 'hour', 'day', 'week'];
  return [...text.matchAll(/\d+\s*([A-Za-zµ]+)/g)].some((match) => {
    const unit = match[1]!.toLowerCase();
    return exact.has(unit) || prefixes.some((prefix) => unit.startsWith(prefix));
  });
}
