// flux/cross-namespace: a reference to another namespace in a cluster whose controllers refuse them, as in a fleet that is
// locked down for tenants.
import { type Built, type BuiltMap, builtAt } from '../kustomize/built.ts';
import type { Home } from '../workspace/homes.ts';
import type { Part } from '../workspace/parts.ts';
import type { ClusterProblem, ClusterRule, ClusterSubject } from './rule.ts';

const fleet = (release: string, source: string) => `
# file: clusters/prod/shop.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: shop
  namespace: shop
spec:
  interval: 10m
  chartRef:
    kind: OCIRepository
    name: shop
${release}# file: clusters/prod/chart.yaml
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata:
  name: shop
  namespace: ${source}
spec:
  interval: 10m
  url: oci://registry.example.com/charts/shop
# file: clusters/prod/flux.yaml
apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata:
  name: flux
  namespace: flux-system
spec:
  distribution:
    version: 2.x
    registry: ghcr.io/fluxcd
  cluster:
    multitenant: true
  sync:
    kind: GitRepository
    url: ssh://git@example.com/team/fleet.git
    ref: refs/heads/main
    path: clusters/prod
`;

export const crossNamespace: ClusterRule = {
  id: 'flux/cross-namespace',
  severity: 'error',
  docs: {
    text: 'The controllers of this cluster refuse references to other namespaces, so the object fails with AccessDenied. Put the target into the namespace of the object.',
    bad: fleet('    namespace: charts\n    # ^^^ error\n', 'charts'),
    good: fleet('', 'shop'),
  },
  *check({ home }: ClusterSubject): Iterable<ClusterProblem> {
    if (!home.isWhole) return;
    const refuses = refusersIn(home);
    if (!refuses) return;
    for (const by of home.objects) {
      for (const use of home.usesOf(by)) {
        const { guard } = use.reference;
        const { within } = use;
        if (guard === undefined || within.is !== 'written' || within.namespace === by.namespace) continue;
        const path = [...use.path, 'namespace'];
        const value: Built | undefined = builtAt(by.value, path);
        if (!value || by.namespace === '' || !refuses(guard)) continue;
        const message = `The controllers of this cluster refuse references to other namespaces, and this object is in namespace ${by.namespace}. Put the target there, and remove namespace.`;
        yield { object: by.value, path, origin: value.origin, message };
      }
    }
  },
};

/** Which controllers of a cluster refuse references to other namespaces; undefined if none does. */
export function refusersIn(home: Home): ((controller: string) => boolean) | undefined {
  const instances = [...home.ofKind('fluxcd.controlplane.io/FluxInstance').values()].flat();
  const isLocked = instances.some(({ value }) => {
    const multitenant = builtAt(value, ['spec', 'cluster', 'multitenant']);
    return multitenant?.kind === 'scalar' && multitenant.value === true;
  });
  if (isLocked) return () => true;
  const locked = home.parts.flatMap((part) => home.directory.derived(part, lockedIn));
  return locked.length > 0 ? (controller) => locked.includes(controller) : undefined;
}

/** The names of the controllers that refuse them. */
function lockedIn({ objects }: Part): readonly string[] {
  return objects.flatMap(({ groupKind, name, value }) =>
    groupKind === 'apps/Deployment' && isLockedDown(value) ? [name] : [],
  );
}

function isLockedDown(deployment: BuiltMap): boolean {
  const containers = builtAt(deployment, ['spec', 'template', 'spec', 'containers']);
  return itemsOf(containers).some((container) =>
    itemsOf(builtAt(container, ['args'])).some(
      (arg) => arg.kind === 'scalar' && /^--no-cross-namespace-refs(?:=true)?$/.test(arg.text),
    ),
  );
}

function itemsOf(list: Built | undefined): readonly Built[] {
  return list?.kind === 'list' ? list.items : [];
}
