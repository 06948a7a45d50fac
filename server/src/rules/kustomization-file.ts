// flux/kustomization-file: a Flux Kustomization in a file with the name of kustomize's own kind, which Flux reads as a list of
// what to build (findOrGenerateKustomization in kustomize/kustomize_generator.go of fluxcd/pkg).
import { type ClusterProblem, type ClusterRule, type ClusterSubject, sync } from './rule.ts';

const kustomization = (name: string, path: string) => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: ${name}
  namespace: flux-system
spec:
  interval: 10m
  prune: true
  path: ${path}
  sourceRef:
    kind: GitRepository
    name: flux-system
`;

const fleet = (file: string, mark: string) => `
# file: apps/${file}
${kustomization('shop', './shop').replace('\n', `\n${mark}`)}# file: shop/settings.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  namespace: shop
# file: clusters/prod/apps.yaml
${kustomization('apps', './apps')}${sync}`;

export const kustomizationFile: ClusterRule = {
  id: 'flux/kustomization-file',
  severity: 'error',
  docs: {
    text: 'Flux reads a file of this name as a kustomization of kustomize.config.k8s.io, which lists what to build, and refuses a Flux Kustomization. Rename the file.',
    bad: fleet('kustomization.yaml', '# ^^^ error\n'),
    good: fleet('shop.yaml', ''),
  },
  *check({ home }: ClusterSubject): Iterable<ClusterProblem> {
    for (const { result } of home.appliers) {
      for (const { reason, origin } of result.problems) {
        if (reason.kind !== 'wrong-header' || !reason.apiVersion.startsWith('kustomize.toolkit.fluxcd.io/')) continue;
        yield {
          origin,
          message:
            'Flux reads a file of this name as a kustomization of kustomize.config.k8s.io, which lists what to build, and applies nothing of the folder. Rename the file.',
        };
      }
    }
  },
};
