import { expect, test } from 'vitest';
import { fixture } from './fixture.ts';
import { links } from './links.ts';

function shown(source: string): readonly string[] {
  const { workspace, path, text } = fixture(source);
  return links(workspace, path).map(
    (link) => `${text.slice(link.start, link.end)} → ${'url' in link ? link.url : link.path}`,
  );
}

test('entries of a kustomization lead to files and to the kustomizations of folders, if they exist', () => {
  const source = `# file: app/kustomization.yaml
$0resources:
  - web.yaml
  - "../base"
  - missing.yaml
  - https://example.com/deploy?ref=v1
patches:
  - path: patches/web.yaml
configMapGenerator:
  - name: web.yaml
    files: [values.yaml=helm.yaml]
# file: app/web.yaml
# file: app/patches/web.yaml
# file: app/helm.yaml
# file: base/kustomization.yaml
resources: []
`;
  expect(shown(source)).toEqual([
    'web.yaml → app/web.yaml',
    '../base → base/kustomization.yaml',
    'https://example.com/deploy?ref=v1 → https://example.com/deploy?ref=v1',
    'patches/web.yaml → app/patches/web.yaml',
    'values.yaml=helm.yaml → app/helm.yaml',
  ]);
});

test('the path of a Flux Kustomization leads to the kustomization, and sources to their addresses', () => {
  const source = `# file: flux.yaml
$0# yaml-language-server: $schema=schemas/flux.json
# yaml-language-server: $schema=https://example.com/flux.json
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: app}
spec:
  path: ./app
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: {name: app}
spec:
  url: oci://registry.example.com/charts/app
---
spec:
  url: https://\${HOST}/a
  text: see https://example.com/a
# file: app/kustomization.yaml
resources: []
# file: schemas/flux.json
{}
`;
  expect(shown(source)).toEqual([
    'schemas/flux.json → schemas/flux.json',
    'https://example.com/flux.json → https://example.com/flux.json',
    './app → app/kustomization.yaml',
    'oci://registry.example.com/charts/app → https://registry.example.com/charts/app',
  ]);
});
