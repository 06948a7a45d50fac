// Markers of image automation after a value.
import { expect, test } from 'vitest';
import { yaml } from '../../fixture.ts';
import { applied, labelsAt } from '../fixture.ts';

const policy = (name: string, repository: string) => yaml`
  apiVersion: image.toolkit.fluxcd.io/v1
  kind: ImagePolicy
  metadata:
    name: ${name}
    namespace: flux-system
  spec:
    imageRepositoryRef:
      name: ${repository}
    policy:
      semver:
        range: 1.x
`;
const files = yaml`
  # file: policies.yaml
  ${policy('api', 'api').trimEnd()}
  ---
  ${policy('web', 'shop').trimEnd()}
  ---
  apiVersion: image.toolkit.fluxcd.io/v1
  kind: ImageRepository
  metadata:
    name: shop
    namespace: flux-system
  spec:
    image: registry.example.com/shop/web
    interval: 5m
  # file: a.yaml
`;
const pod = (line: string) => `${files}apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: a\n      ${line}\n`;
const values = (line: string) => `${files}image:\n  repository: registry.example.com/shop/web\n  ${line}\n`;

test('the policies are offered in the comment after an image, the one for the image first', () => {
  const at = pod('image: registry.example.com/shop/web:1.0.0 #$0');
  expect(labelsAt(at)).toEqual(['{"$imagepolicy": "flux-system:web"}', '{"$imagepolicy": "flux-system:api"}']);
  expect(applied(at, '{"$imagepolicy": "flux-system:web"}')).toContain(
    'shop/web:1.0.0 # {"$imagepolicy": "flux-system:web"}\n',
  );
  expect(applied(at.replace('#$0', '# {"$0'), '{"$imagepolicy": "flux-system:web"}')).toContain(
    'shop/web:1.0.0 # {"$imagepolicy": "flux-system:web"}\n',
  );
});

test('the marker names the part of the image that the field holds', () => {
  const kustomization = (line: string) =>
    `${files.replace('a.yaml', 'kustomization.yaml')}images:\n  - name: registry.example.com/shop/web\n    ${line}\n`;
  expect(labelsAt(kustomization('newTag: 1.0.0 # $0'))[0]).toBe('{"$imagepolicy": "flux-system:web:tag"}');
  expect(labelsAt(kustomization('newName: registry.example.com/shop/web # $0'))[0]).toMatch(/web:name/);
  expect(labelsAt(kustomization('digest: sha256:abc # $0'))[0]).toMatch(/web:digest/);
  expect(labelsAt(values('tag: 1.0.0 # $0'))[0]).toBe('{"$imagepolicy": "flux-system:web:tag"}');
});

test('nothing is offered in other comments', () => {
  expect(labelsAt(pod('# $0'))).toEqual([]);
  expect(labelsAt(pod('name: a # $0'))).toEqual([]);
  expect(labelsAt(pod("image: 'a # $0'"))).toEqual([]);
  expect(labelsAt(pod('command: |\n        image: a:1 # $0'))).toEqual([]);
  expect(labelsAt('apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: a:1 # $0\n')).toEqual([]);
});
