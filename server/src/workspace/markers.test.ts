import { expect, test } from 'vitest';
import { definition, references } from '../features/definition.ts';
import { cursorOf, edited, fixture, places } from '../features/fixture.ts';
import { rename } from '../features/rename/rename.ts';

const policy = (name: string, namespace: string) => `apiVersion: image.toolkit.fluxcd.io/v1
kind: ImagePolicy
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  imageRepositoryRef: { name: shop }
  policy: { semver: { range: 1.x } }
`;

const files = (marker: string, name = 'shop') => `# file: apps/web.yaml
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop }
spec:
  containers:
    - name: web
      image: registry.example.com/shop:1.2.3 # {"$imagepolicy": "${marker}"}
# file: images/policy.yaml
${policy(name, 'flux-system')}---
${policy('shop', 'other')}`;

test('a marker leads to its policy, and to none in another namespace', () => {
  for (const marker of ['flux-$0system:shop', 'flux-system:sh$0op:tag']) {
    const at = fixture(files(marker));
    expect(places(at, definition(cursorOf(at)))).toEqual(['images/policy.yaml:4']);
  }
  const none = fixture(files('none:sh$0op'));
  expect(definition(cursorOf(none))).toEqual([]);
});

test('it is a reference of its policy, and renamed with it', () => {
  for (const source of [files('flux-system:sh$0op'), files('flux-system:shop', 'sh$0op')]) {
    const at = fixture(source);
    expect(places(at, references(cursorOf(at), true))).toEqual(['images/policy.yaml:4', 'apps/web.yaml:7']);
  }
  const at = fixture(files('flux-system:shop:tag', 'sh$0op'));
  const renamed = rename(cursorOf(at), 'store');
  const edits = 'edits' in renamed ? renamed.edits.filter(({ path }) => path === 'apps/web.yaml') : [];
  expect(edited(at.workspace.file('apps/web.yaml')!.text, edits)).toContain('"flux-system:store:tag"');
});
