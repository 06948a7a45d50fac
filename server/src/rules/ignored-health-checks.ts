// flux/ignored-health-checks: health checks that kustomize-controller doesn't look at (checkHealth in
// internal/controller/kustomization_controller.go).
import { type Built, type BuiltMap, builtAt } from '../kustomize/built.ts';
import type { ClusterProblem, ObjectRule } from './rule.ts';

const kustomization = (fields: string) => `
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
${fields}  healthChecks:
`;

const checks = `    - apiVersion: apps/v1
      kind: Deployment
      name: shop
      namespace: shop
`;

export const ignoredHealthChecks: ObjectRule = {
  id: 'flux/ignored-health-checks',
  severity: 'warning',
  docs: {
    text: 'With wait: true, Flux waits for every object that it applies and ignores healthChecks; without either, it ignores healthCheckExprs. Remove what is ignored, or the field that makes it so.',
    bad: `${kustomization('  wait: true\n')}  # ^^^ warning\n${checks}`,
    good: `${kustomization('')}${checks}`,
  },
  kinds: ['kustomize.toolkit.fluxcd.io/Kustomization'],
  *check(object: BuiltMap): Iterable<ClusterProblem> {
    const spec = builtAt(object, ['spec']);
    const checks = itemsAt(spec, 'healthChecks');
    const expressions = itemsAt(spec, 'healthCheckExprs');
    if (!checks && !expressions) return;
    const wait = builtAt(spec, ['wait']);
    const isWaiting = wait?.kind === 'scalar' && wait.value === true;
    if (isWaiting && checks)
      yield {
        ...{ object, path: ['spec', 'healthChecks'], on: 'key', origin: checks.origin },
        message:
          'Flux ignores healthChecks, since wait: true makes it wait for every object that it applies. Remove healthChecks, or remove wait to check these objects only.',
      };
    const isNotWaiting = !wait || (wait.kind === 'scalar' && (wait.value === false || wait.value === null));
    if (isNotWaiting && expressions && !builtAt(spec, ['healthChecks']))
      yield {
        ...{ object, path: ['spec', 'healthCheckExprs'], on: 'key', origin: expressions.origin },
        message:
          'Flux evaluates healthCheckExprs only for the objects that it waits for, and this Kustomization waits for none. Set wait: true, or list the objects in healthChecks.',
      };
  },
};

/** A list with items. */
function itemsAt(spec: Built | undefined, field: string): Built | undefined {
  const list = builtAt(spec, [field]);
  return list?.kind === 'list' && list.items.length > 0 ? list : undefined;
}
