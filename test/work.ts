// Counts work independently of the machine: how often V8 ran each function and block of our sources.
import { Session } from 'node:inspector';
import { setFlagsFromString } from 'node:v8';

// Optimized code doesn't count all its blocks.
for (const flag of ['--no-opt', '--no-maglev', '--no-sparkplug']) setFlagsFromString(flag);

interface Covered {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly { readonly ranges: readonly { readonly count: number }[] }[];
  }[];
}

/** The number of functions and blocks of `server/src` that `run` runs. What V8 does itself, such as a search in a string, isn't in it. */
export function workOf(run: () => unknown): number {
  const session = new Session();
  session.connect();
  const post = (method: string, params?: object): unknown => {
    let answer: unknown;
    session.post(method, params, (error, result) => {
      if (error) throw error;
      answer = result;
    });
    return answer;
  };
  try {
    post('Profiler.enable');
    post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    run();
    const { result } = post('Profiler.takePreciseCoverage') as Covered;
    const ours = result.filter(({ url }) => url.includes('/server/src/') && !url.includes('.test.'));
    return ours.reduce(
      (sum, { functions }) =>
        sum + functions.reduce((all, { ranges }) => all + ranges.reduce((a, b) => a + b.count, 0), 0),
      0,
    );
  } finally {
    post('Profiler.stopPreciseCoverage');
    session.disconnect();
  }
}
