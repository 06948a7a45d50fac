// info/release-name: the name of a release that helm-controller shortens, since Helm allows 53 characters (GetReleaseName in
// api/v2/helmrelease_types.go and ShortenName in internal/release/name.go).
import { type BuiltMap, builtAt, isNull } from '../kustomize/built.ts';
import { textsAt } from '../kustomize/built-values.ts';
import { longestReleaseName as longest, shortenedReleaseName as shortened } from '../workspace/release-renders.ts';
import type { ClusterProblem, ObjectRule } from './rule.ts';

const release = (fields: string) => `
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: payments-of-customers-in-western-europe
  namespace: flux-system
spec:
  interval: 10m
  targetNamespace: payments-of-customers
${fields}  chartRef:
    kind: OCIRepository
    name: payments
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata:
  name: payments
  namespace: flux-system
spec:
  interval: 10m
  url: oci://registry.example.com/charts/payments
`;

export const releaseName: ObjectRule = {
  id: 'info/release-name',
  severity: 'info',
  docs: {
    text: 'The release is named targetNamespace-name, which is longer than the 53 characters that Helm allows, so Flux shortens it and adds a hash. Set releaseName for a name of your own.',
    bad: `${release('').replace('  namespace: flux-system\n', '  # ^^^ info\n  namespace: flux-system\n')}`,
    good: release('  releaseName: payments\n'),
  },
  kinds: ['helm.toolkit.fluxcd.io/HelmRelease'],
  *check(object: BuiltMap): Iterable<ClusterProblem> {
    const [name] = textsAt(object, 'metadata.name');
    const given = builtAt(object, ['spec', 'releaseName']);
    const target = builtAt(object, ['spec', 'targetNamespace']);
    const [namespace] = textsAt(object, 'spec.targetNamespace');
    const isUnknown = target !== undefined && !isNull(target) && !namespace;
    if (!name || (given && !isNull(given)) || isUnknown) return;
    const full = namespace?.text ? `${namespace.text}-${name.text}` : name.text;
    if (full.length <= longest) return;
    yield {
      ...{ object, path: name.path, origin: name.value.origin },
      message: `The name of the release would be ${full}, longer than ${longest} characters, so Flux names it ${shortened(full)}. Set spec.releaseName for another.`,
    };
  },
};
