// Connections to pods in the record of actions: that there was one, and where to; nothing of what went through it.
import { type Audit, recorded } from '../actions/audit.ts';
import type { ConnectedPod } from './pod.ts';

/** A sentence if it can't be recorded, which is no reason to hold anybody up. */
export function recordOf(
  audit: Audit,
  context: string,
  verb: string,
  { namespace, name, uid }: Pick<ConnectedPod, 'namespace' | 'name' | 'uid'>,
  message: string,
): string | undefined {
  const about = { apiVersion: 'v1', kind: 'Pod', namespace, name, uid, changes: [] };
  return recorded(audit, { time: new Date().toISOString(), context, verb, ...about, outcome: 'handled', message });
}
