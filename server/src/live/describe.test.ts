import { expect, test } from 'vitest';
import { descriptionOf, tooltipOf } from './describe.ts';
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

test('a tooltip has digests in short form', () => {
  const digest = 'b0ffa5d88041aebe0397263f77ab4f2a095f32e7cdeda476eb9194226213d4fc';
  const message = `stored artifact: revision 'sha256:${digest}'`;
  const status = {
    artifact: { revision: `sha256:${digest}` },
    conditions: [{ type: 'Ready', status: 'True', reason: 'Succeeded', message }],
  };
  const metadata = { name: 'charts', namespace: 'apps' };
  const object = trim({
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'HelmRepository',
    metadata,
    spec: {},
    status,
  })!;
  const tooltip = tooltipOf(object, now);
  expect(tooltip).toMatch(/^revision sha256:b0ffa5d88041$/m);
  expect(tooltip).not.toContain(digest);
});
