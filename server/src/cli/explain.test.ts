import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from './explain.ts';
import type { Explanation } from './output.ts';

// The folder is its own root, so that other temporary files aren't part of the workspace.
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'capstan-explain-'));
  mkdirSync(join(folder, '.git'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function explain(...args: readonly string[]) {
  let stdout = '';
  let stderr = '';
  const io = {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
    env: {},
    cwd: folder,
  };
  return { code: await run(args, io), stdout, stderr };
}

async function explained(...args: readonly string[]): Promise<Explanation> {
  const { stdout, stderr } = await explain(...args, '--format', 'json');
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

describe('kinds in every common form', () => {
  test.each([
    ['deployment', 'apps/v1', 'Deployment', ''],
    ['deployments.spec.replicas', 'apps/v1', 'Deployment', 'spec.replicas'],
    ['Deployment.apps.spec.replicas', 'apps/v1', 'Deployment', 'spec.replicas'],
    ['apps/v1/Deployment spec.replicas', 'apps/v1', 'Deployment', 'spec.replicas'],
    ['v1/Pod.spec.containers[0].image', 'v1', 'Pod', 'spec.containers.image'],
    [
      'awsmachinetemplate.spec.template.spec',
      'infrastructure.cluster.x-k8s.io/v1beta2',
      'AWSMachineTemplate',
      'spec.template.spec',
    ],
    [
      'Kustomization.kustomize.toolkit.fluxcd.io/v1 spec.interval',
      'kustomize.toolkit.fluxcd.io/v1',
      'Kustomization',
      'spec.interval',
    ],
    ['apps/v1 Deployment spec.replicas', 'apps/v1', 'Deployment', 'spec.replicas'],
    ['deploy.spec', 'apps/v1', 'Deployment', 'spec'],
    ['hr', 'helm.toolkit.fluxcd.io/v2', 'HelmRelease', ''],
    // kustomize's own file has the same kind: the field decides, and without a field Flux's object is used.
    ['kustomization', 'kustomize.toolkit.fluxcd.io/v1', 'Kustomization', ''],
    ['kustomization.spec.prune', 'kustomize.toolkit.fluxcd.io/v1', 'Kustomization', 'spec.prune'],
    ['kustomization.images.newTag', 'kustomize.config.k8s.io/v1beta1', 'Kustomization', 'images.newTag'],
    ['helm.toolkit.fluxcd.io/HelmRelease', 'helm.toolkit.fluxcd.io/v2', 'HelmRelease', ''],
    [
      'Cluster.cluster.x-k8s.io/v1beta1.spec.topology.version',
      'cluster.x-k8s.io/v1beta1',
      'Cluster',
      'spec.topology.version',
    ],
  ])('%s', async (query, apiVersion, kind, path) => {
    expect(await explained(...query.split(' '))).toMatchObject({ apiVersion, kind, path });
  });
});

test('a field with its facts', async () => {
  const { type, required, enum: allowed } = await explained('HelmRelease.spec.chart.spec.sourceRef.kind');
  expect([type, required, allowed]).toEqual(['string', true, ['HelmRepository', 'GitRepository', 'Bucket']]);
  const { stdout } = await explain('Cluster.cluster.x-k8s.io');
  expect(stdout).toMatch(/versions +v1beta2 \(stored\), v1beta1 \(deprecated\)/);
});

test('our note on a field, and on the fields below it', async () => {
  const { note, fields } = await explained('Kustomization.kustomize.toolkit.fluxcd.io', 'spec.dependsOn');
  expect(note).toMatch(/^Kustomizations that must be ready first/);
  expect(fields.find(({ name }) => name === 'readyExpr')?.note).toMatch(/CEL/);
  const { stdout } = await explain('helmrelease.spec.upgrade.crds');
  expect(stdout).toMatch(/\n\nHandling of the chart’s CRDs during upgrades/);
});

test('unknown kinds, fields and versions are reported with a suggestion', async () => {
  expect(await explain('Deploymnt')).toMatchObject({
    code: 1,
    stderr: 'capstan explain: Kind “Deploymnt” is unknown. Did you mean Deployment?\n',
  });
  expect(await explain('Deployment.spec.replica')).toMatchObject({
    code: 1,
    stderr: 'capstan explain: Deployment.spec has no field “replica”. Did you mean replicas?\n',
  });
  expect(await explain('Deployment.apps/v2')).toMatchObject({
    code: 1,
    stderr: 'capstan explain: No schema is available for “Deployment.apps/v2”. Known versions: apps/v1/Deployment.\n',
  });
  expect((await explain()).code).toBe(2);
  expect((await explain('pod', '--formt')).stderr).toMatch(/^capstan explain: unknown option --formt\n/);
  expect((await explain('pod', '--format')).stderr).toMatch(/^capstan explain: --format needs a value\n/);
});
