// flux/version-range: ranges that Flux can't read, and those that no version is in (github.com/Masterminds/semver/v3).
// Sources: getChartVersion of internal/helm/repository/chart_repository.go and getTagBySemver of
// internal/controller/ocirepository_controller.go of source-controller; git/gogit/clone.go of fluxcd/pkg;
// internal/policy/semver.go of image-reflector-controller.
import type { GroupKind } from '../kube/identity.ts';
import { isEmptyRange, parseRange } from '../kube/values/semver-range.ts';
import type { BuiltMap } from '../kustomize/built.ts';
import { textsAt } from '../kustomize/built-values.ts';
import type { ClusterProblem, ObjectRule } from './rule.ts';

const release = (version: string) => `
# file: a.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: shop
  namespace: shop
spec:
  interval: 10m
  chart:
    spec:
      chart: shop
      version: ${version}
      sourceRef:
        kind: HelmRepository
        name: charts
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata:
  name: charts
  namespace: shop
spec:
  interval: 10m
  url: https://charts.example.com
`;

interface RangeField {
  readonly at: string;
  /** The range is ignored unless the field here is HelmRepository: charts in Git have one version. */
  readonly source?: string;
}

const rangesOf: Readonly<Record<GroupKind, readonly RangeField[]>> = {
  'helm.toolkit.fluxcd.io/HelmRelease': [{ at: 'spec.chart.spec.version', source: 'spec.chart.spec.sourceRef.kind' }],
  'source.toolkit.fluxcd.io/HelmChart': [{ at: 'spec.version', source: 'spec.sourceRef.kind' }],
  'source.toolkit.fluxcd.io/OCIRepository': [{ at: 'spec.ref.semver' }],
  'source.toolkit.fluxcd.io/GitRepository': [{ at: 'spec.ref.semver' }],
  'image.toolkit.fluxcd.io/ImagePolicy': [{ at: 'spec.policy.semver.range' }],
};

export const versionRanges: ObjectRule = {
  id: 'flux/version-range',
  severity: 'error',
  docs: {
    text: 'Flux can’t read the range of versions, or no version can be in it, so nothing is found. Correct it.',
    bad: release('">=2 <1"\n      # ^^^ error'),
    good: release('">=1 <2"'),
  },
  kinds: Object.keys(rangesOf) as readonly GroupKind[],
  *check(object: BuiltMap, groupKind: GroupKind): Iterable<ClusterProblem> {
    for (const { at, source } of rangesOf[groupKind] ?? []) {
      if (source !== undefined && textsAt(object, source)[0]?.text !== 'HelmRepository') continue;
      for (const { text, value, path } of textsAt(object, at)) {
        const range = text === '' ? undefined : parseRange(text);
        const message = !range
          ? undefined
          : !range.ok
            ? `The version ${range.problem}, not “${text}”; Flux finds nothing.`
            : isEmptyRange(range.value)
              ? `No version can be in the range ${text}, so Flux finds nothing. Correct its bounds.`
              : undefined;
        if (message !== undefined) yield { object, path, origin: value.origin, message };
      }
    }
  },
};
