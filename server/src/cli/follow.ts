// `capstan follow`: follows a commit into clusters, until it is ready or failed on each of them.
import { setTimeout as sleep } from 'node:timers/promises';
import { redactValue } from '../engine/redact.ts';
import { FollowedCommit } from '../engine/session/commit.ts';
import { type CommitInCluster, commitIn, commitPage } from '../explorer/commit.ts';
import { kindName } from '../kube/identity.ts';
import { millisecondsOf, reportProblem } from './clusters/flags.ts';
import { marks, tones } from './clusters/marks.ts';
import { eachContext, type Opened, parseContextsAnd, type WantedContexts } from './clusters/sessions.ts';
import type { Io } from './io.ts';
import { misused } from './misuse.ts';
import type { CommitStatus } from './output.ts';
import { type Line, writeLines } from './terminal.ts';

const usage = `Usage: capstan follow [REV] --context NAME... | --all-contexts [--limit 15m] [--no-wait] [--kubeconfig FILE]
                      [--timeout 30s] [--format text|json]

Follows a commit of the repository in the current folder into clusters that Flux delivers it to: which sources have it, which
Kustomizations attempted and applied it, and whether the HelmReleases that they apply are ready. A later commit that includes it
is as good. Ends when every cluster is ready, or waits for a person: something failed or is suspended.

  REV              a commit, a branch or a tag (default HEAD); outside of a repository the digits of a commit
  --context NAME   a context; may be repeated, and * matches any characters
  --all-contexts   every context of the kubeconfig
  --limit TIME     how long to follow it at most (default 15m)
  --no-wait        say where it is now, without following it
  --timeout TIME   how long to wait for a cluster to respond (default 30s)

Exit: 0 ready on every cluster that takes something from the repository, 1 it isn't, 2 wrong usage.
`;

interface Wanted {
  readonly revision: string;
  readonly contexts: WantedContexts;
  readonly limit: number;
  readonly wait: boolean;
}

/** Milliseconds between two looks at what the watches brought. */
const pause = 1000;

export async function run(args: readonly string[], io: Io): Promise<number> {
  const wanted = parse(args);
  if (wanted === 'help') {
    io.stdout.write(usage);
    return 0;
  }
  if (typeof wanted === 'string') return misused(io, 'follow', wanted, usage);
  const found = await FollowedCommit.find(io.cwd, wanted.revision, io.env);
  if (!found.ok) {
    reportProblem(io, 'follow', found.failure);
    return 1;
  }
  return eachContext('follow', wanted.contexts, io, {
    show: async () => 0,
    follow: (now) => follow(now, found.value, wanted, io),
  });
}

async function follow(now: () => readonly Opened[], commit: FollowedCommit, wanted: Wanted, io: Io): Promise<number> {
  const { json } = wanted.contexts;
  const said = new Map<string, string>();
  const until = Date.now() + wanted.limit;
  for (;;) {
    const clusters = await Promise.all(now().map((opened) => look(opened, commit)));
    const { isOver, isReady, sentence } = commitPage(commit, clusters);
    if (!json) report(clusters, said, io);
    if (isOver || !wanted.wait || Date.now() >= until || io.stop?.aborted) {
      if (json) io.stdout.write(`${JSON.stringify(redactValue(clusters.map(statusOf)), null, 2)}\n`);
      else writeLines(io.stdout, [{ indent: 0, pieces: [{ text: sentence }] }]);
      return isReady ? 0 : 1;
    }
    await sleep(pause, undefined, io.stop ? { signal: io.stop } : {}).catch(() => undefined);
  }
}

async function look({ context, session, status }: Opened, commit: FollowedCommit): Promise<CommitInCluster> {
  if (session) return commitIn(session, commit);
  return { context, state: 'unknown', sentence: status.sentence, steps: [] };
}

/** A line for each cluster, at first and when something changed. */
function report(clusters: readonly CommitInCluster[], said: Map<string, string>, io: Io): void {
  const lines = clusters.flatMap(({ context, state, sentence }): readonly Line[] => {
    if (said.get(context) === sentence) return [];
    said.set(context, sentence);
    const mark = { text: `${marks[state]} `, tone: tones[state] };
    return [{ indent: 0, pieces: [mark, { text: context, tone: 'strong' }, { text: `  ${sentence}` }] }];
  });
  writeLines(io.stdout, lines);
}

function statusOf({ context, state, sentence, steps }: CommitInCluster): CommitStatus {
  return {
    ...{ context, state, sentence },
    objects: steps.map(({ object, state: own, words }) => ({
      apiVersion: object.apiVersion,
      kind: kindName(object.groupKind),
      ...(object.namespace === undefined ? {} : { namespace: object.namespace }),
      ...{ name: object.name, state: own, reason: words },
    })),
  };
}

function parse(args: readonly string[]): Wanted | string {
  const [first = ''] = args;
  const [revision, rest] = first === '' || first.startsWith('-') ? ['HEAD', args] : [first, args.slice(1)];
  const own = { limit: { type: 'string' }, 'no-wait': { type: 'boolean' } } as const;
  const parsed = parseContextsAnd(own, rest);
  if (typeof parsed === 'string') return parsed;
  const { limit: given = '15m', 'no-wait': noWait = false } = parsed.values;
  const limit = millisecondsOf(given);
  if (limit === undefined) return `--limit must be a duration such as 10m, not "${given}"`;
  return { revision, contexts: parsed.wanted, limit, wait: !noWait };
}
