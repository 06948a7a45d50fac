import { expect, test } from 'vitest';
import { unknown, type Value } from '../syntax/tree.ts';
import { builtAt, builtValue } from './built.ts';
import { objectsIn, placeOf } from './flux-fixture.ts';
import { idOf } from './objects.ts';
import { type ResourceSet, renderResourceSet } from './resource-set.ts';

/** Renders the first object; the others are input providers. */
function rendered(spec: string, providers = ''): ResourceSet & { readonly source: string } {
  const source = `# file: set.yaml
apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSet
metadata: { name: apps, namespace: flux-system }
spec:
${spec.replace(/^(?=.)/gm, '  ')}${providers}`;
  const [set, ...others] = objectsIn(source, 'set.yaml');
  const found = renderResourceSet(set!, (namespace, name) =>
    others.find((one) => idOf(one).name === name && idOf(one).namespace === namespace),
  );
  return { ...found, source };
}

const names = ({ objects }: ResourceSet) => objects.map(({ value }) => idOf(value).name);
const valueAt = ({ objects }: ResourceSet, index: number, ...path: readonly (string | number)[]): Value | undefined => {
  const found = builtAt(objects[index]?.value, path);
  return found && builtValue(found);
};

const resource = `resources:
  - apiVersion: v1
    kind: ConfigMap
    metadata: { name: "<< inputs.name >>" }
    data:
      count: << inputs.count >>
      text: "<< inputs.count >>"
      quoted: << inputs.count | quote >>
      list: ["<< inputs.name >>", plain]
`;

test('each resource is rendered with each set of inputs, and its values are read as YAML', () => {
  const set = rendered(`inputs: [{ name: a, count: 2 }, { name: b, count: 3 }, { name: a, count: 4 }]\n${resource}`);
  expect(names(set)).toEqual(['a', 'b']);
  expect(valueAt(set, 0, 'data')).toEqual({ count: 2n, text: 2n, quoted: '2', list: ['a', 'plain'] });
  expect(valueAt(set, 1, 'metadata', 'labels')).toEqual({
    'resourceset.fluxcd.controlplane.io/name': 'apps',
    'resourceset.fluxcd.controlplane.io/namespace': 'flux-system',
  });
  expect(set.isIncomplete).toBe(false);
});

test('a template is rendered as a whole, and its values keep their places', () => {
  const set = rendered(`inputs: [{ names: [one, two], extra: false }]
resourcesTemplate: |
  <<- range inputs.names >>
  ---
  apiVersion: v1
  kind: ConfigMap
  metadata:
    name: << . >>
    namespace: fixed
  <<- end >>
  <<- if inputs.extra >>
  ---
  kind: Never
  <<- end >>
`);
  expect(names(set)).toEqual(['one', 'two']);
  const place = (field: string) => placeOf(set.source, builtAt(set.objects[1]!.value, ['metadata', field])!.origin);
  expect(place('namespace')).toBe('set.yaml:13: fixed');
  expect(place('name')).toBe('set.yaml:12: << . >>');
});

test('inputs of static providers are known, others are not', () => {
  const provider = (type: string) => `---
apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSetInputProvider
metadata: { name: more, namespace: flux-system }
spec: { type: ${type}, defaultValues: { name: c, count: "<< x >>" } }
`;
  const spec = `inputsFrom: [{ name: more }]\n${resource}`;
  const set = rendered(spec, provider('Static'));
  expect(names(set)).toEqual(['c']);
  expect(valueAt(set, 0, 'data', 'count')).toBe(unknown);
  expect(rendered(spec, provider('GitHubPullRequest'))).toMatchObject({ objects: [], isIncomplete: true });
  expect(rendered(spec)).toMatchObject({ objects: [], isIncomplete: true });
});

test('without inputs, resources are rendered once; those that are disabled are left out', () => {
  const set = rendered(`steps:
  - name: first
    resources:
      - { apiVersion: v1, kind: ConfigMap, metadata: { name: a } }
      - apiVersion: v1
        kind: ConfigMap
        metadata: { name: b, annotations: { fluxcd.controlplane.io/reconcile: disabled } }
commonMetadata: { labels: { team: x } }
`);
  expect(names(set)).toEqual(['a']);
  expect(valueAt(set, 0, 'metadata', 'labels', 'team')).toBe('x');
});
