// flux/build: what makes Flux refuse to apply a Kustomization, at the line that causes it.

import { wordsOf } from '../kustomize/build-words.ts';
import { textAt } from '../kustomize/built.ts';
import type { FluxKustomization } from '../kustomize/flux-kustomization.ts';
import { type FluxReason, isRefusal } from '../kustomize/flux-problem.ts';
import { fluxSentence } from '../kustomize/flux-words.ts';
import { fileNameOf, folderOf, joinPath, resolvePath } from '../kustomize/paths.ts';
import { controllerName } from '../workspace/flux-versions.ts';
import { writtenLike } from '../workspace/folder-like.ts';
import type { Home } from '../workspace/homes.ts';
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
`;

export const fluxBuild: ClusterRule = {
  id: 'flux/build',
  severity: 'error',
  docs: {
    text: 'Flux cannot build the Kustomization, so it applies nothing of it. Correct the path, the variable or the file at fault.',
    bad: fleet('./app\n  # ^^^ error'),
    good: fleet('./apps'),
  },
  *check(subject: ClusterSubject): Iterable<ClusterProblem> {
    const { home } = subject;
    if (!home.isWhole) return yield* unappliedPaths(subject);
    for (const { result, flux, by } of home.appliers) {
      // Nothing in the files applies it, though it has the kubeconfig of a cluster.
      const isLeft = home.isRemote && home.cluster.isAssumed && by?.is !== 'flux';
      // What the patches and other fields of the Kustomization make kustomize refuse; the rest is at kustomizations. Only the
      // first is certain, and only if everything else could be built.
      const [first] = result.incomplete.length === 0 ? result.problems : [];
      if (flux && first?.origin.source.file === flux.object.origin.source.file)
        yield { origin: first.origin, message: wordsOf(first) };
      for (const { reason, origin } of result.fluxProblems) {
        // A slip in the text is one finding, at its line.
        if (!isRefusal(reason) || (reason.kind === 'not-a-manifest' && reason.invalid)) continue;
        if (isLeft && flux && reason.kind === 'path-not-found' && isPutAway(subject, flux, reason.path)) continue;
        const severity = reason.kind === 'unset-variable' && !isVersionKnown(home) ? 'warning' : 'error';
        yield { origin, severity, ...wordsAbout(subject, flux, reason) };
      }
    }
  },
};

/** Whatever applies them, the source of these Kustomizations doesn't have their folders. */
function* unappliedPaths(subject: ClusterSubject): Iterable<ClusterProblem> {
  for (const { result, flux } of subject.home.appliers) {
    for (const { reason, origin } of result.fluxProblems) {
      if (!flux || reason.kind !== 'path-not-found') continue;
      // A template of files, which somebody fills in.
      if (/[$<{]/.test(reason.path) || isPutAway(subject, flux, reason.path)) continue;
      // A bootstrap gives its Kustomization the name of its source; others may be left from earlier.
      const severity = flux.name === flux.source.name ? 'error' : 'warning';
      yield { origin, severity, ...wordsAbout(subject, flux, reason) };
    }
  }
}

/** Of a folder that isn't there, with the one that was probably meant. */
function wordsAbout(
  { folderLike }: ClusterSubject,
  flux: FluxKustomization | undefined,
  reason: FluxReason,
): Pick<ClusterProblem, 'message' | 'remedy'> {
  const near = reason.kind === 'path-not-found' ? folderLike(reason.path) : undefined;
  if (reason.kind !== 'path-not-found' || near === undefined) return { message: fluxSentence(reason) };
  const written = textAt(flux?.object, ['spec', 'path']) ?? '';
  const by = writtenLike(written, near);
  return {
    message: fluxSentence(reason, by),
    ...(resolvePath('', written) === reason.path && { remedy: { is: 'replace', by } }),
  };
}

/** Together with what it applied: its folder isn't where its path says, but beside it. */
function isPutAway({ hasFolder }: ClusterSubject, { object }: FluxKustomization, path: string): boolean {
  const beside = joinPath(folderOf(object.origin.source.file), fileNameOf(path));
  return !hasFolder(folderOf(path)) && hasFolder(beside);
}

/** Whether the files tell the version of Flux, which decides whether it accepts variables without a value. */
function isVersionKnown(home: Home): boolean {
  if (home.ofKind('fluxcd.controlplane.io/FluxInstance').size > 0) return true;
  return home.ofKind('apps/Deployment').has(controllerName);
}
