// flux/two-owners: two Flux Kustomizations of one cluster apply the same object, so that each undoes what the other changes.
import { groupedBy } from '../kube/grouped.ts';
import { apiVersionOf } from '../kube/identity.ts';
import { type BuiltMap, builtAt, textAt } from '../kustomize/built.ts';
import { knownText } from '../kustomize/flux-kustomization.ts';
import { gvkIn } from '../kustomize/objects.ts';
import { isWhole } from '../workspace/certainty.ts';
import type { Applier } from '../workspace/cluster.ts';
import type { Home } from '../workspace/homes.ts';
import type { AppliedObject } from '../workspace/parts.ts';
import type { ClusterProblem, ClusterRule, ClusterSubject } from './rule.ts';

const kustomization = (name: string, path: string) => `
apiVersion: kustomize.toolkit.fluxcd.io/v1
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

const settings = (name: string) => `
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
  namespace: shop
`;

const fleet = (first: string, second: string) => `
# file: apps/settings.yaml${settings(first)}
# file: infrastructure/settings.yaml${settings(second)}
# file: clusters/prod/apps.yaml${kustomization('apps', './apps')}---${kustomization('infrastructure', './infrastructure')}
# file: clusters/prod/flux-system/sync.yaml
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 1m
  url: ssh://git@example.com/team/fleet.git
---${kustomization('flux-system', './clusters/prod')}`;

export const twoOwners: ClusterRule = {
  id: 'flux/two-owners',
  severity: 'warning',
  docs: {
    text: 'Two Flux Kustomizations of one cluster apply the same object: each undoes what the other changes, and deletes the object when it no longer applies it. Remove it from one of them.',
    bad: fleet('settings\n  # ^^^ warning', 'settings'),
    good: fleet('settings', 'other'),
  },
  *check({ home }: ClusterSubject): Iterable<ClusterProblem> {
    if (!home.isWhole) return;
    for (const objects of sharedIn(home)) {
      const names = ownersOf(objects);
      for (const { value } of objects) {
        const path = ['metadata', 'name'];
        const { origin } = builtAt(value, path) ?? value;
        yield { origin, object: value, path, message: sentence(objects[0]!, names) };
      }
    }
  },
};

/** Without the objects that nobody owns alone. */
function sharedIn(home: Home): readonly (readonly AppliedObject[])[] {
  return home.directory.repeated.flatMap((places) => {
    const owned = places.map((place) => home.objectAt(place)).filter(isOwned);
    return [...groupedBy(owned, ({ applier }) => kubeconfigOf(applier)).values()].filter(
      (one) => ownersOf(one).length > 1,
    );
  });
}

/** The names of the Kustomizations, each certainly another: one in an unknown namespace may be any of the same name. */
function ownersOf(objects: readonly AppliedObject[]): readonly string[] {
  const names = new Set(objects.map(({ applier }) => applier.name));
  const isAnother = (name: string) =>
    !name.startsWith('/') || ![...names].some((other) => other !== name && other.endsWith(name));
  return [...names].filter(isAnother);
}

/** Secrets of one name in different namespaces may be kubeconfigs of different clusters. */
function kubeconfigOf(applier: Applier): string {
  for (let at: Applier | undefined = applier; at; at = at.by)
    if (at.flux?.remote !== undefined) return `${at.flux.namespace}/${at.flux.remote}`;
  return '';
}

/** Whether a Kustomization that is built completely applies the object, and owns it alone. */
export function isOwned({ value, applier }: AppliedObject): boolean {
  const { is, flux } = applier;
  if (is !== 'flux' || !isWhole(applier) || textAt(flux?.spec, ['suspend']) === 'true') return false;
  return knownText(builtAt(value, ['metadata', 'name'])) !== undefined && !isShared(value);
}

/** Whether an annotation tells that others may change the object. */
function isShared(object: BuiltMap): boolean {
  const ssa = textAt(object, ['metadata', 'annotations', 'kustomize.toolkit.fluxcd.io/ssa']);
  return ssa !== undefined && ssa !== 'Override';
}

function sentence({ value, namespace, name }: AppliedObject, names: readonly string[]): string {
  const gvk = gvkIn(value);
  const what = `${apiVersionOf(gvk)} ${gvk.kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
  const others = names.length > 2 ? ` and ${names.length - 2} more` : '';
  return `The Kustomizations ${names[0]} and ${names[1]}${others} apply the same object (${what}): each undoes what the other changes, and deletes the object when it no longer applies it. Remove it from one of them.`;
}
