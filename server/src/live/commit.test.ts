import { expect, test } from 'vitest';
import { commitSteps, isSettled, repositoryAt, type WantedCommit } from './commit.ts';
import { type LiveObject, trim } from './object.ts';

const wanted = '9c1f2ab'.padEnd(40, '0');
const before = '1111111'.padEnd(40, '0');
const later = '2222222'.padEnd(40, '0');
const commit: WantedCommit = {
  commit: wanted,
  repositories: ['git.example/org/fleet'],
  isIn: (other) => (other === before ? false : other === later ? true : undefined),
};

function flux(kind: string, name: string, spec: object, status: object): LiveObject {
  const group = { GitRepository: 'source', OCIRepository: 'source', Kustomization: 'kustomize', HelmRelease: 'helm' }[
    kind
  ]!;
  const metadata = { name, namespace: 'flux-system', uid: name, generation: 1 };
  return trim({ apiVersion: `${group}.toolkit.fluxcd.io/v1`, kind, metadata, spec, status })!;
}

const ready = (status = 'True', reason = 'Ok', message = '') => ({
  observedGeneration: 1,
  conditions: [{ type: 'Ready', status, reason, message, observedGeneration: 1 }],
});
const main = (digest: string) => `main@sha1:${digest}`;
const source = (digest: string, spec = {}, status = ready()) =>
  flux(
    'GitRepository',
    'fleet',
    { url: 'ssh://git@git.example/org/fleet.git', ...spec },
    {
      artifact: { revision: main(digest) },
      ...status,
    },
  );
const apps = (attempted: string, applied: string, status = ready(), spec = {}) =>
  flux(
    'Kustomization',
    'apps',
    { sourceRef: { kind: 'GitRepository', name: 'fleet' }, ...spec },
    {
      lastAttemptedRevision: main(attempted),
      lastAppliedRevision: main(applied),
      inventory: { entries: [{ id: 'flux-system_web_helm.toolkit.fluxcd.io_HelmRelease', v: 'v2' }] },
      ...status,
    },
  );
const web = (status = ready(), spec = {}) => flux('HelmRelease', 'web', spec, status);

const said = (...objects: readonly LiveObject[]) =>
  commitSteps(objects, commit).map(({ object, state, words }) => `${object.name} ${state}: ${words}`);

test('what waits says for what, along the chain of delivery', () => {
  expect(said(web(), apps(before, before), source(before))).toEqual([
    'fleet progressing: at main@1111111',
    'apps progressing: waits for GitRepository fleet',
    'web progressing: waits for Kustomization apps',
  ]);
  expect(said(source(wanted), apps(before, before), web())).toEqual([
    'fleet ready: main@9c1f2ab',
    'apps progressing: at main@1111111',
    'web progressing: waits for Kustomization apps',
  ]);
  const unready = ready('False', 'DependencyNotReady', "dependency 'flux-system/infra' is not ready");
  expect(said(source(wanted), apps(before, before, unready))[1]).toMatch(/^apps progressing: .*infra/);
});

test('it is ready where it, or a later commit, was applied and what was applied is ready', () => {
  expect(said(source(later), apps(later, later), web())).toEqual([
    'fleet ready: main@2222222',
    'apps ready: main@2222222',
    'web ready: ',
  ]);
  const health = ready('False', 'HealthCheckFailed', 'timeout waiting for Deployment/web');
  expect(said(source(wanted), apps(wanted, wanted, health), web())[1]).toMatch(/^apps failed: .*Deployment\/web/);
  expect(said(source(wanted), apps(wanted, wanted), web(ready('False', 'InstallFailed', 'no such chart')))[2]).toMatch(
    /^web failed: .*no such chart/,
  );
});

test('a failure of the revision before is none of this one; one of this revision is', () => {
  const failed = ready('False', 'BuildFailed', 'no such file');
  expect(said(source(wanted), apps(before, before, failed))[1]).toBe('apps progressing: at main@1111111');
  expect(said(source(wanted), apps(wanted, before, failed))[1]).toMatch(/^apps failed: .*no such file/);
});

test('what is suspended, and what waits for it, waits for a person', () => {
  const held = [source(before, { suspend: true }), apps(before, before), web()];
  expect(said(...held)).toEqual([
    'fleet suspended: suspended, at main@1111111',
    'apps suspended: waits for GitRepository fleet, which is suspended',
    'web suspended: waits for Kustomization apps, which is suspended',
  ]);
  expect(isSettled(commitSteps(held, commit))).toBe(true);
  expect(said(source(wanted), apps(before, before, ready(), { suspend: true }))[1]).toBe(
    'apps suspended: suspended, at main@1111111',
  );
  // It got it before it was suspended.
  expect(said(source(wanted), apps(wanted, wanted, ready(), { suspend: true }))[1]).toMatch(/^apps ready: /);
});

test('a commit that isn’t known here is neither before nor after', () => {
  const unknown = '3333333'.padEnd(40, '0');
  expect(said(source(unknown))).toEqual([
    'fleet progressing: at main@3333333, a commit that isn’t known here: fetch it',
  ]);
});

test('an OCI artifact counts by the commit that it was made of', () => {
  const status = (digest: string) => ({
    artifact: {
      revision: 'latest@sha256:abc',
      metadata: {
        'org.opencontainers.image.source': 'https://git.example/org/fleet',
        'org.opencontainers.image.revision': main(digest),
      },
    },
    ...ready(),
  });
  const oci = (digest: string) => flux('OCIRepository', 'fleet', { url: 'oci://r.example/fleet' }, status(digest));
  const applied = flux(
    'Kustomization',
    'apps',
    { sourceRef: { kind: 'OCIRepository', name: 'fleet' } },
    {
      ...{ lastAttemptedRevision: 'latest@sha256:abc', lastAppliedRevision: 'latest@sha256:abc' },
      ...{ lastAppliedOriginRevision: main(wanted) },
      ...ready(),
    },
  );
  expect(said(oci(wanted), applied)).toEqual(['fleet ready: main@9c1f2ab', 'apps ready: main@9c1f2ab']);
  expect(said(oci(before), applied)[0]).toBe('fleet progressing: at main@1111111');
});

test('other repositories are left out, unless they have the commit', () => {
  const other = (digest: string) => source(digest, { url: 'https://git.example/org/other' });
  expect(said(other(before), apps(before, before))).toEqual([]);
  expect(said(other(wanted), apps(before, before))).toHaveLength(2);
});

test.each([
  'https://token@git.example/org/fleet.git',
  'ssh://git@git.example:22/org/fleet',
  'git@git.example:org/fleet.git',
  'https://GIT.example/org/fleet/',
])('%s is the same repository', (url) => expect(repositoryAt(url)).toBe('git.example/org/fleet'));
