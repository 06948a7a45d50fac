// Identifies a cluster independently of the context that is used to reach it.
import { createHash } from 'node:crypto';
import { text } from '../../live/fields.ts';
import type { Endpoint } from '../transport/dial.ts';
import type { Transport } from '../transport/transport.ts';
import { namespaces } from '../watch/discovery.ts';
import { readObject } from '../watch/objects.ts';

/**
 * The uid of `kube-system`. If the user may not read it or it does not exist, a digest of the server and its certificate
 * authority. Empty if the request failed otherwise; the caller then retries.
 */
export async function identify(transport: Transport, { cluster }: Endpoint): Promise<string> {
  const found = await readObject(transport, namespaces, { name: 'kube-system' });
  const uid = found.ok ? text(found.value, 'metadata', 'uid') : undefined;
  if (uid !== undefined) return uid;
  if (!found.ok && found.failure.kind !== 'forbidden' && found.failure.kind !== 'notFound') return '';
  const digest = createHash('sha256')
    .update(`${cluster.server}\n${cluster.caData ?? cluster.caFile ?? ''}`)
    .digest('hex');
  return `server:${digest.slice(0, 16)}`;
}
