// info/default-branch: a GitRepository without `ref`, for which Flux checks out the branch master (DefaultBranch in git/git.go
// of fluxcd/pkg), whatever the default branch of the repository is.
import { type Built, type BuiltMap, builtAt } from '../kustomize/built.ts';
import type { ClusterProblem, ObjectRule } from './rule.ts';

const repository = (ref: string) => `
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: fleet
  namespace: flux-system
spec:
  interval: 10m
  url: https://github.com/team/fleet
${ref}`;

export const defaultBranch: ObjectRule = {
  id: 'info/default-branch',
  severity: 'info',
  docs: {
    text: 'Without ref, Flux checks out the branch master, not the default branch of the repository. Name the branch.',
    bad: repository('  # ^^^ info\n'),
    good: repository('  ref:\n    branch: main\n'),
  },
  kinds: ['source.toolkit.fluxcd.io/GitRepository'],
  *check(object: BuiltMap): Iterable<ClusterProblem> {
    const ref = builtAt(object, ['spec', 'ref']);
    const url = builtAt(object, ['spec', 'url']);
    if (!url || !isEmpty(ref)) return;
    yield {
      ...{ object, path: ['spec', 'url'], origin: url.origin },
      message:
        'Flux checks out the branch master, since no ref is set, and fails if there is none. Name the branch in spec.ref.branch.',
    };
  },
};

function isEmpty(ref: Built | undefined): boolean {
  if (!ref) return true;
  if (ref.kind === 'scalar') return ref.value === null;
  return ref.kind === 'map' && ref.entries.size === 0 && !ref.holes;
}
