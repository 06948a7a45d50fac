// Runs an action on an object of an open session, from reading the object to the outcome, as the cluster server does.
import { commit, prepare } from '../../server/src/engine/actions/run.ts';
import { sessionTarget } from '../../server/src/engine/actions/target.ts';
import type { Session } from '../../server/src/engine/session/session.ts';
import { changes } from '../../server/src/live/actions/list.ts';
import type { ActResult, PrepareParams } from '../../server/src/protocol.ts';

export interface ActOptions {
  readonly readOnly: boolean;
  readonly onProgress: (message: string) => void;
  readonly patience?: number;
}

export async function act(
  session: Session,
  { ref, verb }: Pick<PrepareParams, 'ref' | 'verb'>,
  { readOnly, ...options }: ActOptions,
): Promise<ActResult> {
  const target = sessionTarget(session, ref, readOnly);
  if (!target.ok) return { outcome: 'failed', message: target.failure.message };
  const preparing = await prepare(target.value, changes.find((change) => change.verb === verb)!, { reason: '' });
  if (preparing.is === 'over') return preparing.result;
  if (preparing.is === 'asks') throw new Error(`${verb} requires values`);
  return commit(preparing.prepared, options);
}
