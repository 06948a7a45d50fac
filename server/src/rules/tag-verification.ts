// flux/tag-verification: the signature of a tag is to be verified, but what is checked out is no tag. Sources: verifySignature
// of internal/controller/gitrepository_controller.go of source-controller; git/gogit/client.go of fluxcd/pkg.
import { type BuiltMap, builtAt } from '../kustomize/built.ts';
import { textsAt } from '../kustomize/built-values.ts';
import { entriesAt } from '../kustomize/flux-kustomization.ts';
import { unknown } from '../syntax/tree.ts';
import type { ClusterProblem, ObjectRule } from './rule.ts';

const repository = (ref: string, mode: string) => `
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: fleet
  namespace: flux-system
spec:
  interval: 10m
  url: https://github.com/team/fleet
  ref:
    ${ref}
  verify:
    mode: ${mode}
    secretRef:
      name: keys
`;

export const tagVerification: ObjectRule = {
  id: 'flux/tag-verification',
  severity: 'error',
  docs: {
    text: 'Flux is to verify the signature of a tag, but ref names none, so it refuses every commit. Name a tag or a semver range, or verify HEAD.',
    bad: repository('branch: main', 'Tag\n    # ^^^ error'),
    good: repository('tag: v1.2.0', 'Tag'),
  },
  kinds: ['source.toolkit.fluxcd.io/GitRepository'],
  *check(object: BuiltMap): Iterable<ClusterProblem> {
    const [mode] = textsAt(object, 'spec.verify.mode');
    if (mode?.text !== 'Tag' && mode?.text !== 'TagAndHEAD') return;
    const written = builtAt(object, ['spec', 'ref']);
    const ref = entriesAt(object, ['spec', 'ref']);
    const isUnknown =
      (written?.kind === 'map' && written.holes) ||
      [written, ...ref.values()].some((one) => one?.kind === 'scalar' && one.value === unknown);
    if (isUnknown || isTag(ref)) return;
    yield {
      ...{ object, path: mode.path, origin: mode.value.origin },
      message: `Mode ${mode.text} verifies the signature of a tag, and spec.ref names none, so Flux refuses every commit. Name a tag or a semver range there, or use mode HEAD.`,
    };
  },
};

/** In their order of precedence: a commit, a name, a semver range, a tag, a branch. */
function isTag(ref: ReturnType<typeof entriesAt>): boolean {
  const text = (field: string) => {
    const value = ref.get(field);
    return value?.kind === 'scalar' && value.value !== null && value.text !== '' ? value.text : undefined;
  };
  if (text('commit') !== undefined) return false;
  const name = text('name');
  if (name !== undefined) return name.startsWith('refs/tags/');
  return text('semver') !== undefined || text('tag') !== undefined;
}
