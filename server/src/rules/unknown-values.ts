// info/unknown-value: keys in the values of a HelmRelease that a chart without a values.schema.json doesn't know.
import { printPath } from '../syntax/navigate.ts';
import { type JudgedValue, valuesProblemsIn } from '../workspace/release-values.ts';
import { placed, releaseOfChart, remedyOf } from './release-values.ts';
import type { ClusterProblem, ClusterRule, ClusterSubject } from './rule.ts';

export const unknownValues: ClusterRule = {
  id: 'info/unknown-value',
  severity: 'info',
  docs: {
    text: 'Neither the defaults nor the templates of the chart have the key, so it changes nothing. Correct its name, or remove it.',
    bad: releaseOfChart('', '    replica: 2\n    # ^^^ info\n'),
    good: releaseOfChart('', '    replicas: 2\n'),
  },
  check: ({ home, chartOf }: ClusterSubject) => unreadValues(valuesProblemsIn(home, chartOf)),
};

export function* unreadValues(judged: Iterable<JudgedValue>): Iterable<ClusterProblem> {
  for (const { problem } of judged) {
    const { facts, chart, path } = problem;
    const named = `${chart.name} ${chart.version}`;
    const around = path.length > 1 ? ` in ${printPath(path.slice(0, -1))}` : '';
    if (facts.is === 'alike')
      yield {
        ...placed(problem),
        message: `The defaults of the chart ${named} have no ${facts.key}${around}, but ${facts.near}.`,
        severity: 'hint',
        ...remedyOf(problem),
      };
    if (facts.is !== 'unread') continue;
    const advice = facts.near === undefined ? 'Remove it.' : `Did you mean ${facts.near}?`;
    const message = `The chart ${named} has no value ${printPath(path)}, and no template of it reads one. ${advice}`;
    yield { ...placed(problem), message, ...remedyOf(problem) };
  }
}
