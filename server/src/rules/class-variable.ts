// reference/variable: a patch of a ClusterClass uses a variable that the class doesn't define, or a builtin one that Cluster API
// doesn't have.
import { builtinVariables, isBuiltinVariable, variableName, variablesInTemplate } from '../kube/class-variables.ts';
import { nearest } from '../schema/nearest.ts';
import { innerText } from '../syntax/inner-text.ts';
import type { Manifest } from '../syntax/manifest.ts';
import { nodeAt } from '../syntax/navigate.ts';
import type { Node, ScalarNode } from '../syntax/tree.ts';
import type { Problem, Rule, Subject } from './rule.ts';

const clusterClass = (template: string) => `
apiVersion: cluster.x-k8s.io/v1beta2
kind: ClusterClass
metadata:
  name: small
spec:
  infrastructure:
    templateRef: { apiVersion: infrastructure.cluster.x-k8s.io/v1beta2, kind: DockerClusterTemplate, name: small }
  controlPlane:
    templateRef: { apiVersion: controlplane.cluster.x-k8s.io/v1beta2, kind: KubeadmControlPlaneTemplate, name: small }
  variables:
    - name: region
      required: true
      schema: { openAPIV3Schema: { type: string } }
  patches:
    - name: region
      definitions:
        - selector:
            apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
            kind: DockerClusterTemplate
            matchResources: { infrastructureCluster: true }
          jsonPatches:
            - op: add
              path: /spec/template/spec/region
              valueFrom:
                ${template}
`;

export const classVariable: Rule = {
  id: 'reference/variable',
  severity: 'warning',
  docs: {
    text: 'The class does not define the variable: Cluster API refuses it as the value of a patch, and in a template it has no value. Correct the name, or add the variable to spec.variables.',
    bad: clusterClass('template: "{{ .regoin }}"\n                # ^^^ warning'),
    good: clusterClass('template: "{{ .region }}"'),
  },
  *check({ manifest, object }: Subject): Iterable<Problem> {
    if (object.groupKind !== 'cluster.x-k8s.io/ClusterClass') return;
    const spec = nodeAt(manifest.root, [...object.path, 'spec']);
    const patches = itemsAt(spec, 'patches');
    const names = itemsAt(spec, 'variables').map((one) => scalarAt(one, ['name']));
    // A Runtime SDK extension can define more; a class without any gets them from an overlay.
    const isOpen = names.length === 0 || patches.some((one) => nodeAt(one, ['external', 'discoverVariablesExtension']));
    const known =
      isOpen || names.some((one) => !one || one.text.includes('$')) ? undefined : names.map((one) => one!.text);
    for (const patch of patches) {
      yield* templateProblems(manifest, scalarAt(patch, ['enabledIf']), known);
      for (const definition of itemsAt(patch, 'definitions')) {
        for (const one of itemsAt(definition, 'jsonPatches')) {
          yield* templateProblems(manifest, scalarAt(one, ['valueFrom', 'template']), known);
          yield* variableProblems(scalarAt(one, ['valueFrom', 'variable']), known);
        }
      }
    }
  },
};

function* variableProblems(node: ScalarNode | undefined, known: readonly string[] | undefined): Iterable<Problem> {
  if (!node || node.text === '' || node.text.includes('$')) return;
  const message = messageFor(node.text, known);
  if (message !== undefined) yield { start: node.start, end: node.end, message };
}

function* templateProblems(
  { text }: Manifest,
  node: ScalarNode | undefined,
  known: readonly string[] | undefined,
): Iterable<Problem> {
  // A variable of Flux or clusterctl may be a part of the template.
  if (!node || node.text.includes('${')) return;
  const inner = innerText(node, text);
  for (const { path, start, end } of variablesInTemplate(node.text)) {
    const message = messageFor(path, known);
    if (message !== undefined) yield { start: inner.outer(start), end: inner.outer(end), message };
  }
}

/** Undefined if the class has the variable, or may have it. */
function messageFor(path: string, known: readonly string[] | undefined): string | undefined {
  const name = variableName(path);
  if (name === 'builtin') {
    if (isBuiltinVariable(path)) return undefined;
    return `Cluster API has no variable ${path}. ${hint(nearest(path, builtinVariables), builtinVariables)}`;
  }
  if (!known || known.includes(name)) return undefined;
  return `The class has no variable ${name}. ${hint(nearest(name, [...known, 'builtin']), known)}`;
}

function hint(near: string | undefined, names: readonly string[]): string {
  if (near !== undefined) return `Did you mean ${near}?`;
  // One that is being written has no name yet.
  const named = names.filter((name) => name !== '');
  if (named.length === 0) return 'It has none.';
  return `It has ${named.slice(0, mostNames).join(', ')}${named.length > mostNames ? ', …' : ''}.`;
}

const mostNames = 5;

function itemsAt(node: Node | undefined, field: string): readonly Node[] {
  const list = node && nodeAt(node, [field]);
  return list?.type === 'seq' ? list.items : [];
}

function scalarAt(node: Node | undefined, path: readonly string[]): ScalarNode | undefined {
  const found = node && nodeAt(node, path);
  return found?.type === 'scalar' ? found : undefined;
}
