import { describe, expect, test } from 'vitest';
import { definition, references, type Site } from './definition.ts';
import { cursorOf, type Fixture, fixture } from './fixture.ts';

const kustomization = `# file: app/kustomization.yaml
resources:
  - web.yaml
  - ../base
patches:
  - path: patches/web.yaml
configMapGenerator:
  - name: settings
    files:
      - values.yaml=helm.yaml
`;
const files = `# file: app/web.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web
      envFrom:
        - configMapRef:
            name: settings
# file: app/helm.yaml
a: 1
# file: app/patches/web.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
# file: base/kustomization.yaml
resources: []
# file: plain/a.yaml
apiVersion: v1
kind: Namespace
metadata:
  name: a
# file: flux.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: app
spec:
  path: ./app
`;

/** The cursor behind the one place the text stands at. */
function at(text: string): Fixture {
  const all = kustomization + files;
  expect(all.split(text)).toHaveLength(2);
  return fixture(all.replace(text, `${text}$0`));
}

function shown({ workspace }: Fixture, sites: readonly Site[]): readonly string[] {
  return sites.map(({ path, start, end }) => `${path}: ${workspace.file(path)!.text.slice(start, end)}`);
}

describe('definition', () => {
  test.each([
    ['- web.yaml', 'app/web.yaml'],
    ['- ../base', 'base/kustomization.yaml'],
    ['path: patches/web.yaml', 'app/patches/web.yaml'],
    ['values.yaml=helm.yaml', 'app/helm.yaml'],
    ['path: ./app', 'app/kustomization.yaml'],
  ])('%s is %s', (text, path) => {
    expect(definition(cursorOf(at(text)))).toEqual([{ path, start: 0, end: 0 }]);
  });

  test('a folder that nothing builds is its files', () => {
    const flux = fixture((kustomization + files).replace('path: ./app', 'path: ./plain/$0'));
    expect(definition(cursorOf(flux)).map(({ path }) => path)).toEqual(['plain/a.yaml']);
  });

  test('no other word is a path', () => {
    expect(definition(cursorOf(at('- name: settings')))).toEqual([]);
  });
});

test('a generated map is found by its generator, and what uses it from there', () => {
  const used = at('            name: settings');
  expect(shown(used, definition(cursorOf(used)))).toEqual(['app/kustomization.yaml: settings']);
  const made = at('- name: settings');
  expect(shown(made, references(cursorOf(made), true))).toEqual([
    'app/kustomization.yaml: settings',
    'app/web.yaml: settings',
  ]);
});
