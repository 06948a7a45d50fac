// flux/rendered-object: an object that Helm renders of a HelmRelease and the API server refuses. Only where the user agreed that
// Helm runs.
import { valueAt } from '../syntax/value.ts';
import { sentenceOf, sentenceWithoutValue } from '../validation/words.ts';
import { releasesOf } from '../workspace/release-values.ts';
import { placedAt, releaseOfTemplate } from './release-rendering.ts';
import type { ClusterProblem, ClusterRule, ClusterSubject } from './rule.ts';

const service = `apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  ports:
    - port: {{ .Values.replicas }}
`;

export const renderedObjects: ClusterRule = {
  id: 'flux/rendered-object',
  severity: 'error',
  docs: {
    text: 'The API server refuses an object that Helm renders with this value, so Flux doesn’t install or upgrade the release. Correct the value.',
    bad: releaseOfTemplate(service, '    replicas: 100000\n    # ^^^ error\n'),
    good: releaseOfTemplate(service, '    replicas: 8080\n'),
  },
  *check({ home, renderProblems }: ClusterSubject): Iterable<ClusterProblem> {
    for (const release of releasesOf(home))
      for (const problem of renderProblems(release.namespace, release.name)) {
        const { facts, isSecret } = problem;
        if (facts.is !== 'object') continue;
        const { value, template } = facts.rendered;
        const name = String(valueAt(value, ['metadata', 'name']));
        const sentence = isSecret ? sentenceWithoutValue(facts.problem) : sentenceOf(facts.problem);
        const message = `Helm renders ${String(value.kind)} ${name} (${template}), which the API server refuses: ${sentence}`;
        yield { ...placedAt(release.value, problem), message };
      }
  },
};
