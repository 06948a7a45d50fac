// flux/release-values: values of a HelmRelease that Helm refuses by the chart's values.schema.json
// (pkg/chart/common/util/jsonschema.go).
import type { ValuesProblem } from '../charts/judge.ts';
import type { Severity } from '../syntax/finding.ts';
import { printPath } from '../syntax/navigate.ts';
import { type JudgedValue, valuesProblemsIn } from '../workspace/release-values.ts';
import { type ClusterProblem, type ClusterRule, type ClusterSubject, sync } from './rule.ts';

/** For examples: a release of a chart of the repository. */
export const releaseOfChart = (schema: string, values: string) => `
# file: clusters/prod/shop.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: shop
  namespace: flux-system
spec:
  interval: 10m
  chart:
    spec:
      chart: ./charts/shop
      sourceRef:
        kind: GitRepository
        name: flux-system
  values:
${values}# file: charts/shop/Chart.yaml
apiVersion: v2
name: shop
version: 1.0.0
# file: charts/shop/values.yaml
replicas: 1
# file: charts/shop/templates/shop.yaml
replicas: {{ .Values.replicas }}
${schema}${sync}`;

const closed = `# file: charts/shop/values.schema.json
{ "additionalProperties": false, "properties": { "replicas": { "type": "integer" } } }
`;

export const releaseValues: ClusterRule = {
  id: 'flux/release-values',
  severity: 'error',
  docs: {
    text: 'The chart’s values.schema.json doesn’t allow the value, so Helm refuses to install or upgrade the release. Correct it.',
    bad: releaseOfChart(closed, '    replicas: "2"\n    # ^^^ error\n'),
    good: releaseOfChart(closed, '    replicas: 2\n'),
  },
  check: ({ home, chartOf }: ClusterSubject) => refusedValues(valuesProblemsIn(home, chartOf)),
};

/** Of a version in a range, a warning: the release may get another. */
export function* refusedValues(judged: Iterable<JudgedValue>): Iterable<ClusterProblem> {
  for (const { problem, isExact } of judged) {
    const { facts, chart } = problem;
    if (facts.is === 'unread' || facts.is === 'alike') continue;
    const named = `${chart.name} ${chart.version}`;
    const version = isExact ? '' : ' (a version of its range)';
    yield {
      ...placed(problem),
      message: `${sentence(problem)} The schema of the chart ${named}${version} refuses it, so Helm doesn’t install or upgrade the release.`,
      ...(!isExact && { severity: 'warning' as Severity }),
      ...remedyOf(problem),
    };
  }
}

/** Where a problem with values is reported. */
export function placed({ place, on }: ValuesProblem): Pick<ClusterProblem, 'origin' | 'object' | 'path' | 'on'> {
  return { ...place, ...(on === 'key' && { on }) };
}

export function remedyOf({ facts }: ValuesProblem): Pick<ClusterProblem, 'remedy'> {
  const near = facts.is === 'unknown-key' || facts.is === 'unread' || facts.is === 'alike' ? facts.near : undefined;
  return near === undefined ? {} : { remedy: { is: 'replace', by: near } };
}

const mostNames = 8;

function sentence({ facts, path }: ValuesProblem): string {
  const where = path.length === 0 ? 'The values' : printPath(path);
  switch (facts.is) {
    case 'unknown-key': {
      const { near, known } = facts;
      const names = known.length > mostNames ? [...known.slice(0, mostNames), '…'] : known;
      const hint =
        near !== undefined ? ` Did you mean ${near}?` : names.length > 0 ? ` It may have ${names.join(', ')}.` : '';
      return `${where} is not allowed.${hint}`;
    }
    case 'missing-key':
      return `${where === 'The values' ? 'The values have' : `${where} has`} no ${facts.key}, which is required.`;
    case 'type':
      return `${where} must be ${facts.types.join(' or ')}.`;
    case 'enum':
      return `${where} must be ${facts.allowed.slice(0, mostNames).map(show).join(' or ')}.`;
    case 'bound':
      return `${where} doesn’t fit: ${facts.keyword} is ${show(facts.bound)}.`;
    case 'no-alternative':
      return `${where} fits none of the forms that are allowed.`;
    case 'excluded':
    case 'unread':
    case 'alike':
      return `${where} is not allowed.`;
  }
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? '';
}
