// `lint --target`: what another version refuses, removes or deprecates, each cluster compared with what it runs now.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { yaml } from '../../fixture.ts';
import { run } from '../lint.ts';
import type { LintFinding } from '../output.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'capstan-target-'));
  mkdirSync(join(folder, '.git'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
}

async function lint(...args: readonly string[]) {
  let stdout = '';
  let stderr = '';
  const io = {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
    env: {},
    cwd: folder,
  };
  const code = await run([...args, '--format', 'json'], io);
  const findings = stdout === '' ? [] : (JSON.parse(stdout) as LintFinding[]);
  return {
    code,
    stderr,
    found: findings.map(({ file, severity, rule, message }) => ({ file, severity, rule, message })),
  };
}

const automation = yaml`
  apiVersion: image.toolkit.fluxcd.io/v1beta2
  kind: ImagePolicy
  metadata:
    name: app
    namespace: flux-system
  spec:
    imageRepositoryRef:
      name: app
    policy:
      semver:
        range: 1.x
`;

const instance = (version: string) => yaml`
  apiVersion: fluxcd.controlplane.io/v1
  kind: FluxInstance
  metadata:
    name: flux
    namespace: flux-system
  spec:
    distribution:
      version: ${version}
      registry: ghcr.io/fluxcd
    sync:
      kind: GitRepository
      url: https://example.com/fleet
      ref: refs/heads/main
      path: clusters/a
`;

test('a version of an API is an error where the cluster’s Flux dropped it, and named where the next one will', async () => {
  write('clusters/a/policy.yaml', automation);
  write('clusters/a/flux.yaml', instance('2.7.x'));
  const [policy] = (await lint('clusters/a/policy.yaml')).found.filter(({ rule }) => !rule.startsWith('reference'));
  expect(policy).toMatchObject({ severity: 'warning', rule: 'deprecated/version' });
  expect(policy!.message).toContain('deprecated in flux 2.7.5');
  expect((await lint('--target', 'flux=2.9')).found).toEqual([
    {
      ...{ file: 'clusters/a/policy.yaml', severity: 'error', rule: 'schema/unserved-version' },
      message:
        'image.toolkit.fluxcd.io/v1beta2 isn’t a version of ImagePolicy in flux 2.9.5; the API server refuses it. Use image.toolkit.fluxcd.io/v1.',
    },
  ]);
  write('clusters/a/flux.yaml', instance('2.9.x'));
  expect((await lint('clusters/a/policy.yaml')).found).toContainEqual(
    expect.objectContaining({ severity: 'error', rule: 'schema/unserved-version' }),
  );
});

test('a version of an API that only an older Kubernetes has is refused by the next one, whatever runs now', async () => {
  write(
    'a.yaml',
    yaml`
    apiVersion: storagemigration.k8s.io/v1alpha1
    kind: StorageVersionMigration
    metadata:
      name: a
    spec:
      resource:
        resource: secrets
        version: v1
  `,
  );
  const rules = async (target: string) =>
    (await lint('--target', target)).found.map(({ rule, severity }) => `${severity} ${rule}`);
  expect(await rules('kubernetes=1.36')).toEqual(['error schema/unserved-version']);
  // It is deprecated and off by default there.
  expect(await rules('kubernetes=1.34')).toEqual(['warning deprecated/version', 'warning schema/unserved-version']);
});

test('a target names a project and a version', async () => {
  for (const wrong of ['kubernetes', 'kubernetes=', 'kubernetes=new', 'flux=2.x', 'helm=4.0', 'flux=2.9=1']) {
    const { code, stderr } = await lint('--target', wrong);
    expect([wrong, code]).toEqual([wrong, 2]);
    expect(stderr).toContain('--target');
  }
  expect((await lint('--target', 'flux=2.9', '--against', 'HEAD')).code).toBe(2);
});
