// flux/git-credentials: a GitRepository whose provider or transport requires a Secret that it doesn't name. Sources:
// getAuthOpts of internal/controller/gitrepository_controller.go of source-controller; git/options.go of fluxcd/pkg.
import { type BuiltMap, builtAt, isNull } from '../kustomize/built.ts';
import { type PlacedText, textsAt } from '../kustomize/built-values.ts';
import type { ClusterProblem, ObjectRule } from './rule.ts';

const repository = (fields: string) => `
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: fleet
  namespace: flux-system
spec:
  interval: 10m
  ref:
    branch: main
  url: https://github.com/team/fleet
  provider: github
${fields}`;

export const gitCredentials: ObjectRule = {
  id: 'flux/git-credentials',
  severity: 'error',
  docs: {
    text: 'The repository can’t be cloned without a Secret: provider github reads the data of a GitHub App from it, and SSH its key and known_hosts. Name it in secretRef.',
    bad: repository('  # ^^^ error\n'),
    good: repository('  secretRef:\n    name: github-app\n'),
  },
  kinds: ['source.toolkit.fluxcd.io/GitRepository'],
  *check(object: BuiltMap): Iterable<ClusterProblem> {
    const secret = builtAt(object, ['spec', 'secretRef']);
    if (secret && !isNull(secret)) return;
    const [provider] = textsAt(object, 'spec.provider');
    const [url] = textsAt(object, 'spec.url');
    if (provider?.text === 'github') {
      yield problemAt(
        object,
        provider,
        'Provider github reads the ID and the private key of a GitHub App from a Secret, and none is named, so Flux doesn’t clone the repository. Add secretRef.',
      );
    } else if (url && /^ssh:\/\//.test(url.text)) {
      yield problemAt(
        object,
        url,
        'SSH requires a Secret with identity and known_hosts, and none is named, so Flux doesn’t clone the repository. Add secretRef.',
      );
    }
  },
};

function problemAt(object: BuiltMap, { path, value }: PlacedText, message: string): ClusterProblem {
  return { object, path, origin: value.origin, message };
}
