// flux/kubeconfig-namespace: the Secret of a kubeconfig is read in the namespace of the Kustomization or HelmRelease
// (docs/spec/v1/kustomizations.md, “Remote clusters” of kustomize-controller; getRESTClientGetter of helm-controller), and
// Cluster API writes it in that of the Cluster.
import type { GroupKind } from '../kube/identity.ts';
import { type Built, builtAt } from '../kustomize/built.ts';
import type { Home } from '../workspace/homes.ts';
import type { AppliedObject, Part } from '../workspace/parts.ts';
import { type ClusterProblem, type ClusterRule, type ClusterSubject, sync } from './rule.ts';

const fleet = (namespace: string) => `
# file: clusters/prod/apps.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: ${namespace}
spec:
  interval: 10m
  prune: true
  path: ./apps
  sourceRef:
    kind: GitRepository
    name: flux-system
    namespace: flux-system
  kubeConfig:
    secretRef:
      name: team-kubeconfig
${namespace === 'teams' ? '' : '      # ^^^ warning\n'}# file: clusters/prod/team.yaml
apiVersion: cluster.x-k8s.io/v1beta2
kind: Cluster
metadata:
  name: team
  namespace: teams
spec:
  topology:
    classRef:
      name: small
    version: v1.36.3
${sync}# file: apps/shop.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: shop
  namespace: shop
`;

const readers: readonly GroupKind[] = [
  'kustomize.toolkit.fluxcd.io/Kustomization',
  'helm.toolkit.fluxcd.io/HelmRelease',
];
const path = ['spec', 'kubeConfig', 'secretRef', 'name'];

export const kubeconfigNamespace: ClusterRule = {
  id: 'flux/kubeconfig-namespace',
  severity: 'warning',
  docs: {
    text: 'Flux reads the kubeconfig in the namespace of the object that names it, and Cluster API writes it in the namespace of the Cluster. Put the object there.',
    bad: fleet('flux-system'),
    good: fleet('teams'),
  },
  *check({ home }: ClusterSubject): Iterable<ClusterProblem> {
    if (!home.isWhole) return;
    for (const by of home.parts.flatMap((part) => home.directory.derived(part, readersIn))) {
      const value = builtAt(by.value, path);
      const elsewhere = value && by.namespace !== '' ? namespaceElsewhere(home, by, value) : undefined;
      if (!value || elsewhere === undefined) continue;
      yield {
        ...{ object: by.value, path, origin: value.origin },
        message: `Flux reads this Secret in namespace ${by.namespace}, and it is in namespace ${elsewhere}. Put the ${by.groupKind.split('/')[1]} there.`,
      };
    }
  },
};

/** The objects that name a kubeconfig. */
function readersIn({ objects }: Part): readonly AppliedObject[] {
  return objects.filter(({ groupKind, value }) => readers.includes(groupKind) && builtAt(value, path) !== undefined);
}

/** The namespace that the Secret is in, if it isn't in that of the object. */
function namespaceElsewhere(home: Home, by: AppliedObject, value: Built): string | undefined {
  const use = home.usesOf(by).find((one) => one.node === value || one.node === builtAt(by.value, path.slice(0, -1)));
  const resolution = use && home.resolve(by, use);
  if (!use || resolution?.is !== 'missing') return undefined;
  const secrets = home.ofKind('/Secret').get(use.name) ?? [];
  const clusters = use.name.endsWith(suffix)
    ? (home.ofKind('cluster.x-k8s.io/Cluster').get(use.name.slice(0, -suffix.length)) ?? [])
    : [];
  const [first, ...others] = new Set([...secrets, ...clusters].map(({ namespace }) => namespace));
  return first !== '' && others.length === 0 ? first : undefined;
}

const suffix = '-kubeconfig';
