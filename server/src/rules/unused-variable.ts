// flux/unused-variable: a variable of `postBuild.substitute` that nothing in the Kustomization's objects uses.

import { fluxSentence } from '../kustomize/flux-words.ts';
import { type ClusterProblem, type ClusterRule, type ClusterSubject, sync } from './rule.ts';

const fleet = (value: string) => `
# file: clusters/prod/apps.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: 10m
  prune: true
  path: ./apps
  sourceRef:
    kind: GitRepository
    name: flux-system
  postBuild:
    substitute:
      COLOR: red
${value}${sync}# file: apps/shop.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: shop
  namespace: shop
data:
  color: \${COLOR}
`;

export const unusedVariable: ClusterRule = {
  id: 'flux/unused-variable',
  severity: 'hint',
  docs: {
    text: 'No object that the Kustomization applies uses the variable. Remove it, or correct its name.',
    bad: fleet('      COLOUR: blue\n      # ^^^ hint\n'),
    good: fleet(''),
  },
  *check({ home }: ClusterSubject): Iterable<ClusterProblem> {
    if (!home.isWhole) return;
    for (const { result, flux } of home.appliers) {
      for (const { reason, origin } of result.fluxProblems) {
        if (reason.kind !== 'unused-variable' || !flux) continue;
        // A patch of its applier may set a variable in every Kustomization, for those that use it.
        const { source } = flux.object.origin;
        if (origin.source.file !== source.file || origin.source.start !== source.start) continue;
        const path = ['spec', 'postBuild', 'substitute', reason.name];
        yield { origin, object: flux.object, path, on: 'key', message: fluxSentence(reason) };
      }
    }
  },
};
