import { expect, test } from 'vitest';
import { diagnose } from '../features/diagnostics.ts';
import { codeActions } from '../features/fixes/code-action.ts';
import { edited, fixture } from '../features/fixture.ts';
import { yaml } from '../fixture.ts';

function found(apiVersion: string, kind: string) {
  const { workspace, text } = fixture(yaml`
    apiVersion: ${apiVersion}
    kind: ${kind}
    metadata:
      name: a
  `);
  const finding = diagnose(workspace, 'a.yaml').find(({ rule }) => /unknown-kind|unserved/.test(rule));
  const fix = codeActions(workspace, 'a.yaml', 0, text.length).find((one) => one.preferred && one.finding === finding);
  return [finding?.severity, finding?.message, fix && edited(text, fix.edits).split('\n').slice(0, 2).join(' ')];
}

test.each([
  ['v1', 'Deployment', 'error', 'Deployment is in apps/v1.', 'apiVersion: apps/v1 kind: Deployment'],
  ['apps/v1', 'Deploymnet', 'error', 'Did you mean Deployment?', 'apiVersion: apps/v1 kind: Deployment'],
  [
    'helm.toolkit.fluxcd.io/v2',
    'HelmRelase',
    'hint',
    'Did you mean HelmRelease?',
    'apiVersion: helm.toolkit.fluxcd.io/v2 kind: HelmRelease',
  ],
  [
    'helm.toolkit.fluxcd/v2',
    'HelmRelease',
    'hint',
    'HelmRelease is in helm.toolkit.fluxcd.io/v2.',
    'apiVersion: helm.toolkit.fluxcd.io/v2 kind: HelmRelease',
  ],
  [
    'extensions/v1beta1',
    'Ingress',
    'error',
    'Use networking.k8s.io/v1.',
    'apiVersion: networking.k8s.io/v1 kind: Ingress',
  ],
])('%s %s', (apiVersion, kind, severity, advice, fixed) => {
  const [reported, message, text] = found(apiVersion, kind);
  expect([reported, text]).toEqual([severity, fixed]);
  expect(message).toContain(advice);
});

test.each([
  ['v1', 'Config'],
  ['v1', 'Template'],
  ['v1', 'Route'],
  ['v1', 'DeploymentConfig'],
  ['policy/v1beta1', 'PodSecurityPolicy'],
  ['skaffold/v4beta6', 'Config'],
  ['example.org/v1', 'Deployment'],
])('%s %s may belong to another tool and is at most a hint', (apiVersion, kind) => {
  expect(['hint', undefined]).toContain(found(apiVersion, kind)[0]);
});

test.each([
  ['v1alpha1', 'BondConfig', undefined],
  ['v1alpha1', 'Pood', 'error'],
  ['v1', 'BondConfig', 'hint'],
])('%s %s: Kubernetes has one version without a group', (apiVersion, kind, severity) => {
  expect(found(apiVersion, kind)[0]).toBe(severity);
});
