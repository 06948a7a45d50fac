// `capstan problems`: what is wrong in contexts, each cause once with what waits because of it, the worst first.
import { presentable, redactValue } from '../engine/redact.ts';
import { findingsOf } from '../engine/session/causes.ts';
import { age } from '../live/describe.ts';
import { problemReport } from '../live/reports.ts';
import { type Trouble, troubleLine, troublesIn } from '../live/troubles.ts';
import { marks, tones } from './clusters/marks.ts';
import { eachContext, type Opened, parseContexts } from './clusters/sessions.ts';
import { headOf } from './clusters/status-text.ts';
import type { Io } from './io.ts';
import { misused } from './misuse.ts';
import type { ContextProblems } from './output.ts';
import { type Line, writeLines } from './terminal.ts';

const usage = `Usage: capstan problems --context NAME... | --all-contexts [--kubeconfig FILE] [--timeout 30s] [--format text|json]

Shows what is wrong in clusters: each cause once, the worst first, with its evidence, what waits because of it, and what to
do next. Without --context, uses the current context.

  --context NAME   a context; may be repeated, and * matches any characters
  --all-contexts   every context of the kubeconfig
  --timeout TIME   how long to wait for a cluster to respond (default 30s)

Exit: 0 nothing is wrong, 1 something failed, is not ready yet or could not be reached, 2 wrong usage.
`;

export async function run(args: readonly string[], io: Io): Promise<number> {
  const wanted = parseContexts(args);
  if (wanted === 'help') {
    io.stdout.write(usage);
    return 0;
  }
  if (typeof wanted === 'string') {
    return misused(io, 'problems', wanted, usage);
  }
  const reports: ContextProblems[] = [];
  const show = async ({ session, status, isWhole }: Opened) => {
    const found = session && (await findingsOf(session, AbortSignal.timeout(wanted.timeout)));
    const troubles = session && found ? troublesIn(session.store, found) : [];
    const { context, state, sentence } = status;
    reports.push({ context, state, sentence, problems: troubles.map(problemReport) });
    if (!wanted.json) writeLines(io.stdout, [headOf(status), ...troubles.flatMap((one) => linesOf(one, Date.now()))]);
    return isWhole && state === 'ready' && troubles.length === 0 ? 0 : 1;
  };
  const code = await eachContext('problems', wanted, io, { show });
  if (wanted.json && reports.length > 0) io.stdout.write(`${JSON.stringify(redactValue(reports), null, 2)}\n`);
  return code;
}

/** Followers beyond this number are only counted. */
const named = 5;

function linesOf(trouble: Trouble, now: number): readonly Line[] {
  const { state, since, next, followers } = trouble;
  const aged = age(since, now);
  const rest = followers.length - named;
  const names = [...followers.slice(0, named).map(({ name }) => name), ...(rest > 0 ? [`${rest} more`] : [])];
  const mark = { text: `${marks[state]} `, tone: tones[state] };
  return [
    { indent: 2, pieces: [mark, { text: `${presentable(troubleLine(trouble))}${aged === '' ? '' : ` (${aged})`}` }] },
    { indent: 6, pieces: [{ text: presentable(next) }] },
    ...(names.length === 0 ? [] : [{ indent: 6, pieces: [{ text: `waiting: ${presentable(names.join(', '))}` }] }]),
  ];
}
