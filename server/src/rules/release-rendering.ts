// flux/release-rendering: a HelmRelease whose chart Helm doesn't render with its values. Only where the user agreed that Helm
// runs.
import type { BuiltMap } from '../kustomize/built.ts';
import { textsAt } from '../kustomize/built-values.ts';
import type { RenderProblem } from '../workspace/release-renders.ts';
import { releasesOf } from '../workspace/release-values.ts';
import { releaseOfChart } from './release-values.ts';
import type { ClusterProblem, ClusterRule, ClusterSubject } from './rule.ts';

/** For examples: the release, and a template of its chart in front of the other files. */
export const releaseOfTemplate = (template: string, values: string) =>
  releaseOfChart('', values).replace('replicas: {{ .Values.replicas }}\n', template);

const failing = '{{ fail "replicas must be odd" }}\n';

export const releaseRendering: ClusterRule = {
  id: 'flux/release-rendering',
  severity: 'error',
  docs: {
    text: 'Helm doesn’t render the chart with these values, so Flux doesn’t install or upgrade the release. Correct the values.',
    bad: releaseOfTemplate(failing, '    replicas: 2\n').replace('  name: shop\n', '  name: shop\n  # ^^^ error\n'),
    good: releaseOfChart('', '    replicas: 3\n'),
  },
  *check({ home, renderProblems }: ClusterSubject): Iterable<ClusterProblem> {
    for (const release of releasesOf(home))
      for (const problem of renderProblems(release.namespace, release.name)) {
        if (problem.facts.is !== 'refused') continue;
        // In a chart's own words.
        const why = problem.isSecret ? '' : `: ${problem.facts.why.split('\n')[0]!.slice(0, mostWords)}`;
        yield { ...placedAt(release.value, problem), message: `Helm doesn’t render the release${why}` };
      }
  },
};

const mostWords = 400;

/** The value at fault, or the name of the release. */
export function placedAt(
  release: BuiltMap,
  { place, isCertain }: RenderProblem,
): Pick<ClusterProblem, 'origin' | 'object' | 'path' | 'severity'> {
  const severity = isCertain ? {} : ({ severity: 'warning' } as const);
  if (place) return { ...place, ...severity };
  const [name] = textsAt(release, 'metadata.name');
  if (!name) return { origin: release.origin, ...severity };
  return { object: release, path: name.path, origin: name.value.origin, ...severity };
}
