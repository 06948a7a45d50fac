// The events about one object, asked for when somebody looks: a list of a namespace's events ends before those of a busy day.
import { list, number, text } from '../../live/fields.ts';
import type { LiveObject } from '../../live/object.ts';
import type { ObjectEvent } from '../../live/page.ts';
import { type Result, success } from '../failure.ts';
import type { Transport } from '../transport/transport.ts';
import { listObjects } from '../watch/objects.ts';
import { aboutSelector, eventCollection, timeOf } from './inspect.ts';

/** The latest first, 500 at most. Those about an object without a namespace are in `default`. */
export async function eventsOf(
  transport: Transport,
  object: LiveObject,
  signal?: AbortSignal,
): Promise<Result<readonly ObjectEvent[]>> {
  const query = { namespace: object.namespace ?? 'default', fieldSelector: aboutSelector(object) };
  const answer = await listObjects(transport, eventCollection, query, signal ? { signal } : {});
  if (!answer.ok) return answer;
  const events = list(answer.value, 'items').map(
    (raw): ObjectEvent => ({
      type: text(raw, 'type') ?? '',
      reason: text(raw, 'reason') ?? '',
      message: text(raw, 'message') ?? '',
      count: number(raw, 'series', 'count') ?? number(raw, 'count') ?? 1,
      last: timeOf(raw),
      source: text(raw, 'reportingComponent') || text(raw, 'source', 'component') || '',
    }),
  );
  return success(events.sort((a, b) => (a.last < b.last ? 1 : a.last > b.last ? -1 : 0)));
}
