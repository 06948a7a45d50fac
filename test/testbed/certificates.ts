// Creates certificate authorities for tests without external tools: X.509 version 3 in DER (RFC 5280), P-256 keys.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';

export interface Issued {
  /** PEM. */
  readonly certificate: string;
  /** PEM, PKCS #8. */
  readonly key: string;
}

export interface Subject {
  /** The Kubernetes username. */
  readonly name: string;
  /** The Kubernetes groups. */
  readonly groups?: readonly string[];
  /** Names and addresses of a server certificate. */
  readonly hosts?: readonly string[];
  /** The certificate expired an hour ago. */
  readonly expired?: true;
}

export interface Authority extends Issued {
  issue(subject: Subject): Issued;
}

export function authority(name: string): Authority {
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const issuer = nameOf({ name });
  const issue = (subject: Subject, key: KeyObject, extensions: readonly Buffer[]): Issued => ({
    certificate: certificate(issuer, own, subject, key, extensions),
    key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  });
  const isAuthority = [
    extension('2.5.29.19', sequence(Buffer.from([0x01, 0x01, 0xff])), true),
    extension('2.5.29.15', Buffer.from([0x03, 0x02, 0x01, 0x06]), true),
  ];
  return {
    ...issue({ name }, own, isAuthority),
    issue: (subject) => {
      const { hosts = [] } = subject;
      const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
      return issue(subject, key, [
        extension('2.5.29.15', Buffer.from([0x03, 0x02, 0x07, 0x80]), true),
        extension('2.5.29.37', sequence(oid(hosts.length > 0 ? '1.3.6.1.5.5.7.3.1' : '1.3.6.1.5.5.7.3.2'))),
        ...(hosts.length > 0 ? [extension('2.5.29.17', sequence(...hosts.map(alternative)))] : []),
      ]);
    },
  };
}

const ecdsaWithSha256 = '1.2.840.10045.4.3.2';

function certificate(
  issuer: Buffer,
  issuerKey: KeyObject,
  subject: Subject,
  key: KeyObject,
  extensions: readonly Buffer[],
): string {
  const now = Date.now() - (subject.expired ? 90_000_000 : 0);
  const body = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    sequence(oid(ecdsaWithSha256)),
    issuer,
    sequence(time(now - 3_600_000), time(now + 86_400_000)),
    nameOf(subject),
    createPublicKey(createPrivateKey(key.export({ type: 'pkcs8', format: 'pem' }))).export({
      type: 'spki',
      format: 'der',
    }),
    tagged(0xa3, sequence(...extensions)),
  );
  const whole = sequence(body, sequence(oid(ecdsaWithSha256)), bits(sign('sha256', body, issuerKey)));
  const lines = whole.toString('base64').match(/.{1,64}/g)!;
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function nameOf({ name, groups = [] }: Subject): Buffer {
  const attribute = (type: string, value: string) =>
    tagged(0x31, sequence(oid(type), tagged(0x0c, Buffer.from(value))));
  return sequence(...groups.map((group) => attribute('2.5.4.10', group)), attribute('2.5.4.3', name));
}

function alternative(host: string): Buffer {
  return isIP(host) === 4
    ? tagged(0x87, Buffer.from(host.split('.').map(Number)))
    : tagged(0x82, Buffer.from(host, 'latin1'));
}

function extension(type: string, value: Buffer, critical = false): Buffer {
  return sequence(oid(type), ...(critical ? [Buffer.from([0x01, 0x01, 0xff])] : []), tagged(0x04, value));
}

function time(at: number): Buffer {
  const digits = new Date(at).toISOString().replace(/[-:T]/g, '').slice(2, 14);
  return tagged(0x17, Buffer.from(`${digits}Z`));
}

function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

function integer(value: Buffer): Buffer {
  return tagged(0x02, value);
}

function bits(value: Buffer): Buffer {
  return tagged(0x03, Buffer.concat([Buffer.from([0]), value]));
}

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = rest.flatMap((part) => {
    const septets = [part & 127];
    for (let left = part >>> 7; left > 0; left >>>= 7) septets.unshift((left & 127) | 128);
    return septets;
  });
  return tagged(0x06, Buffer.from([first * 40 + second, ...bytes]));
}
