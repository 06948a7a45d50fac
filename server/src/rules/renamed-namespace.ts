// flux/renamed-namespace: `targetNamespace` renames the Namespaces that a Kustomization applies (the namespace transformer of
// kustomize, api/filters/namespace, which kustomize/kustomize_generator.go of fluxcd/pkg adds).
import { builtAt } from '../kustomize/built.ts';
import { knownText } from '../kustomize/flux-kustomization.ts';
import { idOf } from '../kustomize/objects.ts';
import type { Applier } from '../workspace/cluster.ts';
import { type ClusterProblem, type ClusterRule, type ClusterSubject, sync } from './rule.ts';

const fleet = (mark: string, name: string) => `
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
  targetNamespace: shop
${mark}  sourceRef:
    kind: GitRepository
    name: flux-system
${sync}# file: apps/namespace.yaml
apiVersion: v1
kind: Namespace
metadata:
  name: ${name}
`;

export const renamedNamespace: ClusterRule = {
  id: 'flux/renamed-namespace',
  severity: 'warning',
  docs: {
    text: 'targetNamespace also renames Namespaces, so that another one is applied, and deleted if it is pruned. Move the Namespace to another Kustomization.',
    bad: fleet('  # ^^^ warning\n', 'tools'),
    good: fleet('', 'shop'),
  },
  *check({ home }: ClusterSubject): Iterable<ClusterProblem> {
    for (const { flux, result } of home.appliers) {
      const target = flux && builtAt(flux.spec, ['targetNamespace']);
      const to = knownText(target);
      if (!flux || !target || to === undefined || to === '') continue;
      const renamed = renamedBy(result, to);
      if (renamed.length > 0)
        yield {
          ...{ object: flux.object, path: ['spec', 'targetNamespace'], origin: target.origin },
          message: sentence(renamed, to),
        };
    }
  },
};

const mostNamed = 3;

function sentence([first, ...others]: readonly string[], to: string): string {
  if (others.length === 0)
    return `targetNamespace also renames the Namespace ${first} of this Kustomization to ${to}: ${first} isn’t applied, and ${to} is deleted if it is pruned. Move the Namespace to another Kustomization.`;
  const [last, rest] = [others.at(-1), others.length + 1 - mostNamed];
  const named = [first, ...others.slice(0, rest > 0 ? mostNamed - 1 : -1)].join(', ');
  const list = `${named} and ${rest > 0 ? `${rest} more` : last}`;
  return `targetNamespace also renames the Namespaces ${list} of this Kustomization to ${to}: they aren’t applied, and ${to} is deleted if it is pruned. Move the Namespaces to another Kustomization.`;
}

/** The names before of the Namespaces that have the name of the target now. */
function renamedBy(result: Applier['result'], target: string): readonly string[] {
  const renamed = namespacesOf(result).flatMap(({ from, name }) => (name === target && from !== name ? [from] : []));
  return [...new Set(renamed)];
}

interface RenamedNamespace {
  /** Its name before Flux changed it. */
  readonly from: string;
  readonly name: string;
}

const known = new WeakMap<Applier['result'], readonly RenamedNamespace[]>();

/** The Namespaces that an applier applies. */
export function namespacesOf(result: Applier['result']): readonly RenamedNamespace[] {
  const before = known.get(result);
  if (before) return before;
  const found = result.objects.flatMap(({ value, previous }): readonly RenamedNamespace[] => {
    const { gvk, name } = idOf(value);
    return gvk.group === '' && gvk.kind === 'Namespace' ? [{ from: previous[0]?.name ?? name, name }] : [];
  });
  known.set(result, found);
  return found;
}
