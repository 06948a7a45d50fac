import { expect, test } from 'vitest';
import { healthOf } from './health.ts';
import { trim } from './object.ts';

function health(kind: string, status: object, spec: object = {}, generation = 1) {
  const apiVersion = kind === 'HelmRelease' ? 'helm.toolkit.fluxcd.io/v2' : 'kustomize.toolkit.fluxcd.io/v1';
  const metadata = { name: 'a', namespace: 'n', generation };
  return healthOf(trim({ apiVersion, kind, metadata, spec, status: { observedGeneration: 1, ...status } })!);
}

const ready = (status: string, reason: string, message: string) => ({
  ...{ type: 'Ready', status, reason, message, observedGeneration: 1, lastTransitionTime: '2026-03-01T12:00:00Z' },
});
const stalled = (message: string) => ({ type: 'Stalled', status: 'True', reason: 'RetriesExceeded', message });

test('a release that is not tried again says what failed, as flux get does', () => {
  const failure =
    'Helm install failed for release n/a with chart web@1.0.0: timeout waiting for: [Deployment/apps/sick]';
  const conditions = [ready('False', 'InstallFailed', failure), stalled('Failed to install after 2 attempt(s)')];
  expect(health('HelmRelease', { conditions })).toEqual({
    state: 'failed',
    reason: `${failure}; not retried: Failed to install after 2 attempt(s)`,
    since: '2026-03-01T12:00:00Z',
  });
  const rolledBack = 'Helm rollback to previous release n/a.v1 with chart web@1.0.0 succeeded';
  const remediated = [ready('False', 'RollbackSucceeded', rolledBack), stalled('Failed to upgrade after 1 attempt(s)')];
  expect(health('HelmRelease', { conditions: remediated }).reason).toMatch(
    /^Helm rollback to previous release .* succeeded;/,
  );
});

test('a source or a dependency that does not exist is a failure; one that is not ready is waited for', () => {
  const state = (reason: string, message: string, kind = 'Kustomization') =>
    health(kind, { conditions: [ready('False', reason, message)] }).state;
  expect(state('ArtifactFailed', "Source 'GitRepository/nowhere' not found")).toBe('failed');
  expect(state('ArtifactFailed', 'Source artifact not found, retrying in 30s')).toBe('progressing');
  expect(state('ArtifactFailed', 'Source is not ready, artifact not found, retrying in 30s')).toBe('progressing');
  expect(state('ArtifactFailed', 'kustomization path not found: stat /x: no such file')).toBe('failed');
  expect(state('DependencyNotReady', "dependency 'n/b' is not ready")).toBe('progressing');
  expect(state('DependencyNotReady', "dependency 'n/b' not found: not found")).toBe('failed');
  expect(state('SourceNotReady', 'Source not ready: artifact not found. Retrying in 30s', 'HelmRelease')).toBe(
    'progressing',
  );
  expect(state('SourceNotReady', 'could not get Source object: HelmChart "x" not found', 'HelmRelease')).toBe('failed');
});

test('a suspension hides no failure, although nothing observes the generation that suspends', () => {
  const failing = { conditions: [ready('False', 'BuildFailed', 'no such path')] };
  expect(health('Kustomization', failing, { suspend: true }, 2)).toMatchObject({
    ...{ state: 'failed', reason: 'suspended; no such path' },
  });
  const well = { conditions: [ready('True', 'ReconciliationSucceeded', 'Applied')] };
  expect(health('Kustomization', well, { suspend: true }, 2)).toEqual({ state: 'suspended', reason: 'suspended' });
});
