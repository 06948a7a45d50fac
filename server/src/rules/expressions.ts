// flux/expression: CEL that Flux's controllers can't compile, or whose result they can't use. Sources: pkg/runtime
// cel/expression.go and status_evaluator.go; evalReadyExpr of kustomize-controller and helm-controller;
// internal/server/receiver_resource_filter.go, receiver_claims.go and provider_commit_status.go of notification-controller;
// internal/controller/resourceset_controller.go of flux-operator.
import { type CelType, expressionProblem, untyped } from '../cel/declared.ts';
import { parseCel } from '../cel/parser.ts';
import type { GroupKind } from '../kube/identity.ts';
import type { BuiltMap } from '../kustomize/built.ts';
import { textsAt } from '../kustomize/built-values.ts';
import type { ClusterProblem, ObjectRule } from './rule.ts';

const kustomization = (expression: string) => `
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
  wait: true
  healthCheckExprs:
    - apiVersion: cert-manager.io/v1
      kind: Certificate
      current: ${expression}
`;

interface Expression {
  readonly at: string;
  /** The variables that are declared; undefined where the fields of an object are the variables, and only syntax is checked. */
  readonly variables?: readonly string[];
  readonly result?: CelType;
}

const ready: readonly Expression[] = [
  { at: 'spec.dependsOn[*].readyExpr', variables: ['self', 'dep'], result: 'bool' },
  ...['current', 'failed', 'inProgress'].map(
    (name): Expression => ({ at: `spec.healthCheckExprs[*].${name}`, result: 'bool' }),
  ),
];

const claims: readonly string[] = ['claims', 'vars'];
const filter = { variables: ['res', 'req', 'claims'], result: 'bool' } as const;

const expressionsOf: Readonly<Record<GroupKind, readonly Expression[]>> = {
  'kustomize.toolkit.fluxcd.io/Kustomization': ready,
  'helm.toolkit.fluxcd.io/HelmRelease': ready,
  'notification.toolkit.fluxcd.io/Receiver': [
    { at: 'spec.resourceFilter', ...filter },
    { at: 'spec.resources[*].filter', ...filter },
    { at: 'spec.oidcProviders[*].variables[*].expression', variables: claims },
    { at: 'spec.oidcProviders[*].validations[*].expression', variables: claims, result: 'bool' },
  ],
  'notification.toolkit.fluxcd.io/Provider': [
    { at: 'spec.commitStatusExpr', variables: ['event', 'alert', 'provider'], result: 'string' },
  ],
  'fluxcd.controlplane.io/ResourceSet': [{ at: 'spec.dependsOn[*].readyExpr', result: 'bool' }],
};

export const expressions: ObjectRule = {
  id: 'flux/expression',
  severity: 'error',
  docs: {
    text: 'Flux can’t compile the expression, or can’t use its result, so the object is never ready. Correct it; the fields of the object that is checked are variables, such as status.',
    bad: kustomization(`status.conditions.exists(c, c.type == 'Ready' &&)\n      # ^^^ error`),
    good: kustomization(`status.conditions.exists(c, c.type == 'Ready' && c.status == 'True')`),
  },
  kinds: Object.keys(expressionsOf) as readonly GroupKind[],
  *check(object: BuiltMap, groupKind: GroupKind): Iterable<ClusterProblem> {
    for (const expression of expressionsOf[groupKind] ?? []) {
      for (const { text, value, path } of textsAt(object, expression.at)) {
        const problem = text.trim() === '' ? undefined : problemOf(text, expression);
        const field = path.at(-1);
        if (problem !== undefined)
          yield { object, path, origin: value.origin, message: `Flux can’t use ${field}: it ${problem}.` };
      }
    }
  },
};

/** Variables of other expressions of Flux and Kubernetes that no object has as a field. */
const foreign: ReadonlySet<string> = new Set(['self', 'dep', 'object']);

function problemOf(text: string, { variables, result }: Expression): string | undefined {
  const results = result && [result];
  if (variables) return expressionProblem(text, untyped(variables), results, new Set(variables));
  const names = text.match(/[A-Za-z_]\w*/g) ?? [];
  const all = untyped(names);
  // Operands are checked when the expression runs, and may never be reached.
  if (expressionProblem(text, all, undefined) !== undefined) return parseCel(text) ? undefined : 'isn’t CEL';
  const found = expressionProblem(text, all, results);
  if (found !== undefined) return found;
  const read = names.find((name) => foreign.has(name));
  const others = names.filter((name) => !foreign.has(name));
  if (read === undefined || expressionProblem(text, untyped(others), undefined) === undefined) return undefined;
  return `uses ${read}, which no object has; its fields are variables, such as status`;
}
