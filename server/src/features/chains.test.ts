import { expect, test } from 'vitest';
import { cursorOf, fixture } from './fixture.ts';
import { hover } from './hover.ts';

const cluster = (name: string, rest: string) => `# file: clusters/${name}/sync.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec: { interval: 1m, prune: true, path: ./clusters/${name}, sourceRef: { kind: GitRepository, name: fleet } }
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: apps, namespace: flux-system }
spec:
  interval: 1m
  prune: true
  path: ./apps
  sourceRef: { kind: GitRepository, name: fleet }
${rest}`;

const config = (mark: {
  readonly kind?: string;
  readonly name?: string;
  readonly data?: string;
}) => `# file: apps/a.yaml
apiVersion: v1
kind: Config${mark.kind ?? ''}Map
metadata:
  name: w${mark.name ?? ''}eb
data:
  a: ${mark.data ?? ''}b
`;

const clusters = cluster('prod', '  targetNamespace: shop\n') + cluster('test', '');

function hoverOf(source: string): string {
  return hover(cursorOf(fixture(source)))?.text ?? '';
}

test('on a kind and a name are the clusters that get the object, with its name there if it differs', () => {
  for (const mark of [{ kind: '$0' }, { name: '$0' }])
    expect(hoverOf(clusters + config(mark))).toContain(
      `Applied to 2 clusters:

- **prod**: flux-system/flux-system → flux-system/apps, as \`shop/web\`
- **test**: flux-system/flux-system → flux-system/apps`,
    );
});

test('nowhere else, and not without a cluster', () => {
  expect(hoverOf(clusters + config({ data: '$0' }))).not.toContain('Applied');
  expect(hoverOf(config({ name: '$0' }))).not.toContain('Applied');
});
