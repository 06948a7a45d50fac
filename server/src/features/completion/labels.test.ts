// Selectors of pods that other files define, and images that a kustomization changes.
import { describe, expect, test } from 'vitest';
import { yaml } from '../../fixture.ts';
import { applied, labelsAt } from '../fixture.ts';
import { imageName } from './images.ts';

const workload = (name: string, label: string) => yaml`
  apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: ${name}
  spec:
    selector:
      matchLabels:
        ${label}
    template:
      metadata:
        labels:
          ${label}
      spec:
        initContainers:
          - name: wait
            image: registry.example.com:5000/tools/wait
        containers:
          - name: ${name}
            image: registry.example.com/shop/${name}:1.4.2
`;
const files = `# file: shop/web.yaml\n${workload('web', 'app: web')}# file: shop/db.yaml\n${workload('db', 'example.com/role: db')}`;

describe('a selector of pods in other files', () => {
  const service = (name: string) =>
    `${files}# file: shop/service.yaml\napiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\nspec:\n  selector:\n    $0\n`;

  test('has the labels of the workload of the same name', () => {
    expect(labelsAt(service('web'))[0]).toBe('app');
    expect(labelsAt(service('db'))[0]).toBe('example.com/role');
    expect(applied(service('web'), 'app')).toContain('  selector:\n    app: web\n');
  });

  test('has those of all workloads nearby if none has its name', () => {
    expect(labelsAt(service('front')).slice(0, 2).toSorted()).toEqual(['app', 'example.com/role']);
  });

  test('labels that are no selector are not taken from there', () => {
    expect(labelsAt(service('web').replace('spec:\n  selector:\n', '  labels:\n'))).not.toContain('example.com/role');
  });
});

test('images that a kustomization changes are those of containers nearby', () => {
  const at = `${files}# file: shop/kustomization.yaml\napiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nimages:\n  - name: $0\n`;
  expect(labelsAt(at).toSorted()).toEqual([
    ...['registry.example.com/shop/db', 'registry.example.com/shop/web', 'registry.example.com:5000/tools/wait'],
  ]);
});

test.each([
  ['web', 'web'],
  ['web:1.0', 'web'],
  ['registry.example.com:5000/web', 'registry.example.com:5000/web'],
  ['registry.example.com:5000/web:1.0@sha256:abc', 'registry.example.com:5000/web'],
])('the name of the image %s', (image, name) => {
  expect(imageName(image)).toBe(name);
});
