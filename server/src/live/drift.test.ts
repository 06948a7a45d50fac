import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { descriptionOf } from './describe.ts';
import { driftOf, driftWords } from './drift.ts';
import { trim } from './object.ts';

const applied =
  'labels: { kustomize.toolkit.fluxcd.io/name: apps, kustomize.toolkit.fluxcd.io/namespace: flux-system }';
const by = (manager: string, field: string) =>
  `managedFields: [{ manager: ${manager}, operation: Update, time: 2026-01-02T03:04:05Z, fieldsV1: { f:spec: { f:${field}: {} } } }]`;

function drift(yaml: string): string {
  const object = trim(parse(yaml))!;
  const found = driftOf(object);
  const words = found ? driftWords(found) : '';
  if (words !== '') expect(descriptionOf(object, 0)).toContain(words);
  return words;
}

const deployment = (metadata: string, spec: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop, ${metadata} }
spec: { ${spec} }
`;

test('what a person set on an object that Flux applies is not in Git', () => {
  expect(drift(deployment(`${applied}, ${by('kubectl', 'replicas')}`, 'replicas: 5'))).toBe(
    'scaled by kubectl, not in Git',
  );
  expect(drift(deployment(`${applied}, ${by('kubectl-edit', 'paused')}`, 'paused: true'))).toBe(
    'not in Git (kubectl-edit)',
  );
});

test('what an autoscaler or Flux set, or nobody applies from Git, is no drift', () => {
  expect(drift(deployment(`${applied}, ${by('kube-controller-manager', 'replicas')}`, 'replicas: 5'))).toBe('');
  expect(drift(deployment(`${applied}, ${by('kustomize-controller', 'replicas')}`, 'replicas: 5'))).toBe('');
  expect(drift(deployment(by('kubectl', 'replicas'), 'replicas: 5'))).toBe('');
  expect(drift(deployment(`${applied}, ${by('kubectl', 'paused')}`, 'paused: false'))).toBe('');
});

test('a suspension is a drift unless Git has it', () => {
  const release = (manager: string) => `
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: web, namespace: shop, ${by(manager, 'suspend')} }
spec: { suspend: true }
`;
  expect(drift(release('flux'))).toBe('not in Git (flux)');
  expect(drift(release('kustomize-controller'))).toBe('');
});
