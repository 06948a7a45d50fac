import { expect, test } from 'vitest';
import { gvkOf } from '../../kube/identity.ts';
import { nameFromPath } from './object-name.ts';

const release = gvkOf('helm.toolkit.fluxcd.io/v2', 'HelmRelease')!;
const kinds: ReadonlySet<string> = new Set(['helmrelease', 'deployment', 'kustomization', 'machinedeployment']);
const name = (path: string, gvk = release) => nameFromPath(path, gvk, kinds);

test('a file is named after its object, with or without the kind', () => {
  expect(name('podinfo.yaml')).toBe('podinfo');
  expect(name('apps/podinfo-helmrelease.yaml')).toBe('podinfo');
  expect(name('apps/helm-release-podinfo.yaml')).toBe('podinfo');
  expect(name('apps/svc-web.yml', gvkOf('v1', 'Service'))).toBe('web');
});

test('a file that is named after a kind or nothing has the name of its folder', () => {
  expect(name('apps/podinfo/helmrelease.yaml')).toBe('podinfo');
  expect(name('apps/podinfo/release.yaml')).toBe('podinfo');
  expect(name('podinfo/deployment.yaml', gvkOf('v1', 'Service'))).toBe('podinfo');
  expect(name('podinfo/main.yaml')).toBe('podinfo');
});

test('names that say nothing, and those that no object may have, are left out', () => {
  expect(name('deployment.yaml')).toBeUndefined();
  expect(name('base/release.yaml')).toBeUndefined();
  expect(name('overlays/Pod_Info.yaml')).toBeUndefined();
  expect(name('')).toBeUndefined();
  expect(name('2048.yaml')).toBeUndefined();
  expect(name('2048/true.yaml')).toBeUndefined();
  expect(name('2048-game.yaml')).toBe('2048-game');
});
