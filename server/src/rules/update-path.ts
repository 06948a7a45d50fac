// flux/update-path: an ImageUpdateAutomation of a folder that isn't there. Sources: ApplyPolicies of internal/policy/applier.go,
// and ScreeningLocalReader of internal/update/filereader.go in image-automation-controller, which fails where it walks.
import { textsAt } from '../kustomize/built-values.ts';
import { automations, updatedBy } from '../workspace/automations.ts';
import { writtenLike } from '../workspace/folder-like.ts';
import { type ClusterProblem, type ClusterRule, type ClusterSubject, sync } from './rule.ts';

const fleet = (path: string) => `
# file: clusters/prod/images.yaml
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageUpdateAutomation
metadata:
  name: fleet
  namespace: flux-system
spec:
  interval: 30m
  sourceRef:
    kind: GitRepository
    name: flux-system
  git:
    commit:
      author:
        email: flux@example.com
  update:
    path: ${path}
${sync}`;

export const updatePath: ClusterRule = {
  id: 'flux/update-path',
  severity: 'error',
  docs: {
    text: 'The repository has no folder at the path that Flux is to update, so it updates nothing. Correct the path.',
    bad: fleet('./cluster\n    # ^^^ error'),
    good: fleet('./clusters'),
  },
  *check({ home, hasFolder, folderLike }: ClusterSubject): Iterable<ClusterProblem> {
    for (const { value: object, namespace } of [...home.ofKind(automations).values()].flat()) {
      const folder = updatedBy(home, object, namespace);
      const [written] = textsAt(object, 'spec.update.path');
      // Another branch may have it, and a file is one too.
      const isElsewhere = textsAt(object, 'spec.git.checkout.ref.branch').length > 0;
      if (folder === undefined || !written || isElsewhere || /\.ya?ml$/.test(folder) || hasFolder(folder)) continue;
      const near = folderLike(folder);
      const by = near === undefined ? undefined : writtenLike(written.text, near);
      yield {
        ...{ object, path: written.path, origin: written.value.origin },
        ...(by !== undefined && { remedy: { is: 'replace', by } }),
        message: `The repository has no folder ${folder}, so Flux updates nothing. ${by === undefined ? 'Correct the path.' : `Did you mean ${by}?`}`,
      };
    }
  },
};
