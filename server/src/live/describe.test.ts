import { expect, test } from 'vitest';
import { descriptionOf } from './describe.ts';
import { trim } from './object.ts';

const now = Date.parse('2026-03-01T12:00:00Z');

function description(apiVersion: string, kind: string, spec: object, status: object): string {
  return descriptionOf(
    trim({ apiVersion, kind, metadata: { name: 'a', namespace: 'n', generation: 1 }, spec, status })!,
    now,
  );
}

test('until all machines have the wanted version, the oldest that runs is shown too', () => {
  const conditions = [{ type: 'Available', status: 'True' }];
  const of = (...versions: string[]) =>
    description(
      'controlplane.cluster.x-k8s.io/v1beta2',
      'KubeadmControlPlane',
      { replicas: 3, version: 'v1.36.0' },
      {
        ...{ replicas: 3, readyReplicas: 3, upToDateReplicas: 1, availableReplicas: 3, conditions },
        versions: versions.map((version) => ({ version })),
      },
    );
  expect(of('v1.36.0', 'v1.35.0')).toMatch(/3\/3 v1\.35\.0 → v1\.36\.0$/);
  expect(of('v1.36.0')).toMatch(/3\/3 v1\.36\.0$/);
});

test('a Flux object that fails shows the revision that still runs', () => {
  const failed = [{ type: 'Ready', status: 'False', reason: 'BuildFailed', message: 'no such path' }];
  const status = { conditions: failed, lastAppliedRevision: 'main@sha1:0123456789abcdef0123456789abcdef01234567' };
  expect(description('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', {}, status)).toBe(
    'no such path, at main@0123456',
  );
  const release = { conditions: failed, history: [{ chartVersion: '1.0.0' }] };
  expect(description('helm.toolkit.fluxcd.io/v2', 'HelmRelease', {}, release)).toBe('no such path, at 1.0.0');
});
