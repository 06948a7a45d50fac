// What the clusters of a file would miss isn't suggested.
import { expect, test } from 'vitest';
import { yaml } from '../../fixture.ts';
import { diagnose } from '../diagnostics.ts';
import { cursorOf, fixture } from '../fixture.ts';
import { complete } from './completion.ts';

const instance = yaml`
  # file: clusters/prod/flux.yaml
  apiVersion: fluxcd.controlplane.io/v1
  kind: FluxInstance
  metadata:
    name: flux
    namespace: flux-system
  spec:
    distribution:
      version: 2.x
      registry: ghcr.io/fluxcd
    sync:
      kind: GitRepository
      url: https://example.com/team/fleet.git
      ref: refs/heads/main
      path: clusters/prod
`;

const kustomization = (source: string) => `# file: clusters/prod/apps.yaml
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
    ${source}
`;

const shop = yaml`
  # file: apps/kustomization.yaml
  namespace: shop
  namePrefix: a-
  resources: [shop.yaml]
  # file: apps/shop.yaml
  apiVersion: source.toolkit.fluxcd.io/v1
  kind: HelmRepository
  metadata:
    name: charts
  spec:
    interval: 1h
    url: https://example.com
`;

/** The labels at `$0`, before and after the file was checked. */
function labels(source: string): readonly (readonly string[])[] {
  const at = fixture(source);
  const found = () => complete(cursorOf(at)).map(({ label }) => label);
  const before = found();
  for (const { path } of at.workspace.files()) diagnose(at.workspace, path);
  return [before, found()];
}

test('the kind of an object that Flux creates', () => {
  const [before, after] = labels(`${instance}${shop}${kustomization('kind: $0\n    name: flux-system')}`);
  expect(before).toEqual(expect.arrayContaining(['GitRepository', 'Bucket']));
  expect(after).toEqual(['GitRepository']);
});

test('a name that exists only before the build', () => {
  const release = (chart: string) => `${instance}${kustomization('kind: GitRepository\n    name: flux-system')}${shop}
# file: clusters/prod/web.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: flux-system
spec:
  interval: 10m
  chart:
    spec:
      chart: web
      sourceRef:
        kind: HelmRepository
        ${chart}
`;
  const [before, after] = labels(release('name: $0\n        namespace: shop'));
  expect(before).toEqual(['charts']);
  expect(after).toEqual([]);
});
