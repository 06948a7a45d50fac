// `capstan events`: the events about one object, the latest first.
import { presentable, redactValue } from '../engine/redact.ts';
import { eventsOf } from '../engine/session/events.ts';
import { eventLines } from '../live/page.ts';
import { parseObject, withObject } from './clusters/one-object.ts';
import type { Io } from './io.ts';
import { misused } from './misuse.ts';

const usage = `Usage: capstan events KIND/NAME [-n NAMESPACE] [--context NAME] [--kubeconfig FILE] [--format text|json]

Shows the events about an object of any kind, the latest first: age, "!" for a warning, reason, how often, message, source.

Exit: 0 shown, 1 they could not be read, 2 wrong usage.
`;

export async function run(args: readonly string[], io: Io): Promise<number> {
  const wanted = parseObject(args);
  if (wanted === 'help') {
    io.stdout.write(usage);
    return 0;
  }
  if (typeof wanted === 'string') return misused(io, 'events', wanted, usage);
  return withObject('events', wanted, io, async (object, { transport }, fail) => {
    const events = await eventsOf(transport, object);
    if (!events.ok) return fail(events.failure.message);
    const now = Date.now() + transport.clockSkew;
    if (wanted.json) io.stdout.write(`${JSON.stringify(redactValue(events.value), null, 2)}\n`);
    else for (const line of eventLines(events.value, now)) io.stdout.write(`${presentable(line)}\n`);
    return 0;
  });
}
