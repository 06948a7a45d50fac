// What the pattern of a schema asks for, in words: a duration, a DNS name, a URL. A meaning is recognized by what a pattern
// accepts and refuses, since the same thing is written as many different regular expressions.
import { compilePattern, type Pattern } from '../cel/pattern.ts';
import { characterWords, type Meaning } from './characters.ts';

/** Undefined for a pattern that can't be compiled, and for one with a meaning of its own. */
export function meaningOf(source: string): Meaning | undefined {
  const known = meanings.get(source);
  if (known !== undefined) return known ?? undefined;
  const pattern = compilePattern(source);
  const meaning = pattern && recognized(pattern);
  if (meanings.size > 10_000) meanings.clear();
  meanings.set(source, meaning ?? null);
  return meaning;
}

const meanings = new Map<string, Meaning | null>();

interface Kind {
  readonly what: string;
  /** Whoever means this accepts one of each group. */
  readonly accepts: readonly (readonly string[])[];
  readonly refuses: readonly string[];
  /** Those that the pattern accepts are named, at most `shown` (two) of them. */
  readonly examples: readonly string[];
  readonly shown?: number;
}

/** Refused by everything that has a form. */
const words = ['', 'x', 'some words', 'abc', 'my-project', 'System', 'Hostname'];
const hash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** The first that fits is taken. */
const kinds: readonly Kind[] = [
  {
    what: 'a number of minutes',
    accepts: [['10m']],
    refuses: [...words.slice(1), '10', '90s', '1h', 'm'],
    examples: ['10m'],
  },
  {
    what: 'a number of seconds',
    accepts: [['90s']],
    refuses: [...words.slice(1), '90', '10m', '1h', 's'],
    examples: ['90s'],
  },
  {
    what: 'a duration',
    accepts: [['10m', '1h'], ['90s']],
    refuses: [...words.slice(1), '10', 'm', '10x', '10 m', '10.m0', 'https://a'],
    examples: ['10m', '1h30m', '90s', '5m30s'],
  },
  {
    what: 'a whole number',
    accepts: [['10'], ['600']],
    refuses: [...words, '1.5', '10m', '10%', '-1', '80-90'],
    examples: ['600'],
  },
  {
    what: 'a number or a percentage',
    accepts: [['3'], ['25%']],
    refuses: [...words, '3.5', '25 %', '-1'],
    examples: ['3', '25%'],
  },
  {
    what: 'a range of numbers in brackets',
    accepts: [['[1-3]']],
    refuses: [...words, '1-3', '[1]'],
    examples: ['[1-3]'],
  },
  {
    what: 'a number or a range',
    accepts: [['80'], ['80-90']],
    refuses: [...words, '80-', '-90', '80:90'],
    examples: ['80', '80-90'],
  },
  {
    what: 'a quantity',
    accepts: [['500m'], ['2'], ['1.5Gi']],
    refuses: [...words, 'Gi', '1 Gi', '1GB'],
    examples: ['500m', '2', '1.5Gi'],
    shown: 3,
  },
  {
    what: 'a size in bytes',
    accepts: [['512MB'], ['1GiB']],
    refuses: [...words, '512', '512M'],
    examples: ['512MB', '1GiB'],
  },
  {
    what: 'an IP address or a network',
    accepts: [['10.0.0.1'], ['10.0.0.0/16']],
    refuses: [...words, '10.0.0', '/16', 'a.b.c.d', 'example.com/16'],
    examples: ['10.0.0.1', '10.0.0.0/16'],
  },
  {
    what: 'a network in CIDR notation',
    accepts: [['10.0.0.0/16', 'fd00::/64']],
    refuses: [...words, '10.0.0.0', '10.0.0.0/', '/16', 'a/16', 'example.com/16'],
    examples: ['10.0.0.0/16', 'fd00::/64'],
  },
  {
    what: 'an IP address',
    accepts: [['10.0.0.1'], ['fd00::1']],
    refuses: [...words, '10.0.0', '10.0.0.1/24', 'a.b.c.d'],
    examples: ['10.0.0.1', 'fd00::1'],
  },
  {
    what: 'an IPv4 address',
    accepts: [['10.0.0.1']],
    refuses: [...words, '10.0.0', '10.0.0.1/24', 'a.b.c.d', 'fd00::1'],
    examples: ['10.0.0.1'],
  },
  {
    what: 'an IPv6 address',
    accepts: [['fd00::1'], ['::1', '2001:db8:0:0:0:0:0:1']],
    refuses: [...words, '10.0.0.1', 'fd00::1/64'],
    examples: ['fd00::1'],
  },
  {
    what: 'a MAC address',
    accepts: [['02:00:5e:10:00:01']],
    refuses: [...words, '02:00:5e:10:00', '10.0.0.1'],
    examples: ['02:00:5e:10:00:01'],
  },
  {
    what: 'a version',
    accepts: [['1.34.2', 'v1.34.2']],
    refuses: [...words, '1', '1.2.3.4', 'latest', 'v'],
    examples: ['v1.34.2', '1.34.2'],
    shown: 1,
  },
  {
    what: 'an algorithm and a digest',
    accepts: [[`sha256:${hash}`]],
    refuses: [...words, 'sha256', 'sha256:', ':abc'],
    examples: ['sha256:2c26b46b68ff', `sha256:${hash}`],
    shown: 1,
  },
  {
    what: 'a digest of hexadecimal digits',
    accepts: [[hash, hash.slice(0, 40), hash.slice(0, 32)]],
    refuses: [...words, `${hash}-`, 'g'.repeat(64), 'g'.repeat(40), 'g'.repeat(32)],
    examples: [hash.slice(0, 32), hash.slice(0, 40), hash],
    shown: 1,
  },
  {
    what: 'a schedule in cron syntax',
    accepts: [['*/5 * * * *'], ['0 3 * * 1-5']],
    refuses: ['', 'x', 'abc', '5m', '* * *'],
    examples: ['0 3 * * *', '@daily'],
  },
  {
    what: 'a time of day',
    accepts: [['08:30'], ['23:59']],
    refuses: [...words, '8', '25:00', '0830'],
    examples: ['08:30'],
  },
  {
    what: 'an ARN',
    accepts: [['arn:aws:iam::123456789012:role/admin', 'arn:aws:kms:eu-central-1:123456789012:key/a']],
    refuses: [...words, 'aws:iam', 'https://a', 'example.com/name'],
    examples: ['arn:aws:iam::123456789012:role/admin', 'arn:aws:kms:eu-central-1:123456789012:key/a'],
    shown: 1,
  },
  {
    what: 'the ID of an Azure resource',
    accepts: [['/subscriptions/0000/resourceGroups/a/providers/Microsoft.Network/virtualNetworks/b']],
    refuses: [...words, '/a', 'subscriptions/0000'],
    examples: ['/subscriptions/0000/resourceGroups/a/providers/Microsoft.Network/virtualNetworks/b'],
  },
  {
    what: 'the email of a Google service account',
    accepts: [['name@project.iam.gserviceaccount.com']],
    refuses: [...words, 'name@example.com', 'name'],
    examples: ['name@project.iam.gserviceaccount.com'],
  },
  {
    what: 'the name of a key of Google KMS',
    accepts: [['projects/a/locations/b/keyRings/c/cryptoKeys/d']],
    refuses: [...words, 'projects/a', 'a/b/c/d'],
    examples: ['projects/a/locations/b/keyRings/c/cryptoKeys/d'],
  },
  {
    what: 'an origin or *,',
    accepts: [['*'], ['https://example.com']],
    refuses: [...words, 'example.com', 'https://example.com/path'],
    examples: ['https://example.com', 'https://*.example.com'],
  },
  {
    what: 'the reference of an artifact',
    accepts: [['@app/file']],
    refuses: [...words, 'app/file', '@app', '@'],
    examples: ['@app/file', '@artifact/file'],
    shown: 1,
  },
  {
    what: 'the reference of an artifact',
    accepts: [['@artifact/file']],
    refuses: [...words, 'artifact/file', '@app/file', '@'],
    examples: ['@artifact/file'],
  },
  {
    what: 'the alias of a source',
    accepts: [['@app']],
    refuses: [...words, 'app', '@'],
    examples: ['@app'],
  },
  {
    what: 'a host name',
    accepts: [['example.com'], ['*.example.com']],
    refuses: ['', 'some words', 'Example.com', '*', 'a..b', 'https://example.com'],
    examples: ['example.com', '*.example.com'],
  },
  {
    what: 'a domain, a slash and a name',
    accepts: [['example.com/name'], ['example.com/v1']],
    refuses: [...words, '/name', 'example.com/', '-a/b', '@a/b'],
    examples: ['example.com/name'],
  },
  {
    what: 'a name with an optional domain and slash before it',
    accepts: [['name'], ['example.com/name'], ['Name_1.x']],
    refuses: ['', '-a', 'a b', 'a/b/c', '/a', 'a/'],
    examples: ['name', 'example.com/name'],
  },
];

function recognized(pattern: Pattern): Meaning | undefined {
  for (const kind of kinds) {
    if (!kind.accepts.every((group) => group.some((one) => pattern.test(one)))) continue;
    if (kind.refuses.some((one) => pattern.test(one))) continue;
    const examples = kind.examples.filter((one) => pattern.test(one)).slice(0, kind.shown ?? 2);
    if (examples.length > 0) return { is: 'form', words: `must be ${kind.what} such as ${listed(examples)}`, examples };
  }
  return url(pattern) ?? characterWords(pattern);
}

const schemes = ['http', 'https', 'oci', 'ssh', 'socks5', 's3', 'git', 'ftp'];

function url(pattern: Pattern): Meaning | undefined {
  if ([...words.slice(1), 'example.com', 'example.com/name', 'https:/x'].some((one) => pattern.test(one)))
    return undefined;
  const accepted = schemes.filter((scheme) => pattern.test(`${scheme}://example.com/path`));
  if (accepted.length === 0) return undefined;
  const example = `${accepted.includes('https') ? 'https' : accepted[0]}://example.com/path`;
  if (pattern.test('zz://example.com/path'))
    return { is: 'form', words: `must be a URL such as ${example}`, examples: [example] };
  const begins = listed(accepted.map((scheme) => `${scheme}://`));
  return {
    is: 'form',
    words: `must be a URL that begins with ${begins}`,
    examples: accepted.map((scheme) => `${scheme}://example.com/path`),
  };
}

function listed(all: readonly string[]): string {
  return all.length < 2 ? (all[0] ?? '') : `${all.slice(0, -1).join(', ')} or ${all.at(-1)}`;
}
