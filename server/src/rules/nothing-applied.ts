// flux/nothing-applied: a Kustomization with `prune` whose folder has no manifests: Flux deletes all that it applied before
// (reconcile and prune in internal/controller/kustomization_controller.go of kustomize-controller).
import { builtAt, textAt } from '../kustomize/built.ts';
import { isWhole } from '../workspace/certainty.ts';
import { type ClusterProblem, type ClusterRule, type ClusterSubject, sync } from './rule.ts';

const fleet = (path: string) => `
# file: clusters/prod/apps.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: 10m
  prune: true
  path: ${path}
  sourceRef:
    kind: GitRepository
    name: flux-system
${sync}# file: apps/shop.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: shop
  namespace: shop
# file: docs/README.md
# How to add an application
`;

export const nothingApplied: ClusterRule = {
  id: 'flux/nothing-applied',
  severity: 'warning',
  docs: {
    text: 'The folder has no objects, so Flux applies nothing and deletes what it applied from there before. Correct the path, or remove the Kustomization.',
    bad: fleet('./docs\n  # ^^^ warning'),
    good: fleet('./apps'),
  },
  *check({ home }: ClusterSubject): Iterable<ClusterProblem> {
    for (const applier of home.appliers) {
      const { flux, folder, result, base } = applier;
      if (!flux || folder === undefined || result.objects.length > 0 || textAt(flux.spec, ['prune']) !== 'true')
        continue;
      const isBuilt = isWhole(applier) && result.incomplete.length === 0 && result.fluxProblems.length === 0;
      if (!isBuilt || base.fluxProblems.length > 0 || textAt(flux.spec, ['suspend']) === 'true') continue;
      // A kustomization without resources is kept on purpose.
      if (!base.isGenerated || !builtAt(flux.spec, ['path'])) continue;
      yield {
        ...{ object: flux.object, path: ['spec', 'path'], origin: flux.pathOrigin },
        message:
          'The folder has no objects, so Flux applies nothing and deletes what it applied from there before. Correct the path, or remove the Kustomization.',
      };
    }
  },
};
