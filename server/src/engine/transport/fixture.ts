// A transport to a server of a test, without a credential unless one is given.
import type { Auth } from '../credentials/credentials.ts';
import { success } from '../failure.ts';
import { Transport } from './transport.ts';

export function transportTo(url: string, headers: Auth['headers'] = {}): Transport {
  const cluster = { name: 'c', file: '/k', server: url, insecure: true, disableCompression: false };
  const get = async () => success<Auth>({ headers });
  const credentials = { get, renew: async () => false, forget: () => undefined };
  return new Transport({ endpoint: { cluster, url: new URL(url) }, credentials, userAgent: 'capstan-test' });
}
