// What kustomize keeps of an object in the object's own annotations, and what patches and replacements see of it.
import { type Fixture, kustomization, refusal } from './pieces.ts';

const named = (name: string, more = '') => `# file: app/a.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
${more}`;

export const historyFixtures: readonly Fixture[] = [
  refusal('comma-in-id', 'apiVersion', `${named('a,b')}${kustomization('resources: [a.yaml]\nnamePrefix: x-\n')}`),
  refusal('comma-in-id', 'v1', `${named('a,b')}${kustomization('resources: [a.yaml]\nnamespace: shop\n')}`),
  {
    name: 'history: a comma in a name that isn’t changed',
    files: `${named('a,b')}${kustomization('resources: [a.yaml]\n')}`,
  },
];
