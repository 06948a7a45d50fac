// Tests the command-line verbs that change clusters against a real API server without Flux's controllers: its dry run, its
// authorizer, and what it stores. flux.live.ts tests how the controllers react.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { ActionReport } from '../../server/src/cli/output.ts';
import { missingPrograms, provide } from '../testbed/cache.ts';
import { type ControlPlane, startControlPlane } from '../testbed/controlplane.ts';
import { capstan } from './capstan.ts';
import { create, fill, flux } from './faults/bed.ts';

const missing = missingPrograms('kubernetes');
if (missing.length > 0) console.log(`skipped, not built: ${missing.join(', ')} (\`${provide('kubernetes')}\`)`);

describe.skipIf(missing.length > 0)('changes from the command line', () => {
  let server: ControlPlane;
  let viewer = '';

  beforeAll(async () => {
    server = await startControlPlane();
    await fill(server);
    // A user who may read Kustomizations but not change them.
    const config = parse(readFileSync(server.kubeconfig, 'utf8'));
    config.users[0].user.as = 'viewer';
    viewer = join(server.folder, 'viewer');
    writeFileSync(viewer, stringify(config));
    const rbac = '/apis/rbac.authorization.k8s.io/v1';
    const apiVersion = 'rbac.authorization.k8s.io/v1';
    await create(server, `${rbac}/clusterroles`, {
      apiVersion,
      kind: 'ClusterRole',
      metadata: { name: 'viewer' },
      rules: [{ apiGroups: ['kustomize.toolkit.fluxcd.io'], resources: ['kustomizations'], verbs: ['get'] }],
    });
    await create(server, `${rbac}/clusterrolebindings`, {
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'viewer' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'viewer' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'viewer' }],
    });
  }, 120_000);
  afterAll(() => server?.stop());

  const act = (line: string, kubeconfig = server.kubeconfig) =>
    capstan([...line.split(' '), '-n', 'fleet', '--context', 'admin', '--kubeconfig', kubeconfig]);

  async function stored(name: string) {
    const { body } = await server.request('GET', `${flux}/${name}`);
    return body as {
      readonly metadata: { readonly resourceVersion: string; readonly annotations?: Record<string, string> };
      readonly spec: Readonly<Record<string, unknown>>;
    };
  }

  test('a dry run shows the change that the server would make, and writes nothing', async () => {
    const before = await stored('apps-0');
    const { code, stdout, stderr } = await act('suspend kustomization/apps-0 --dry-run --format json');
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout) as ActionReport).toMatchObject({
      outcome: 'previewed',
      changes: [{ path: 'spec.suspend', to: true }],
    });
    expect(await stored('apps-0')).toEqual(before);
  });

  test('suspend, reconcile and resume change their own fields and no others', async () => {
    const { spec } = await stored('apps-1');
    const suspended = await act('suspend Kustomizations.kustomize.toolkit.fluxcd.io/apps-1');
    expect([suspended.code, suspended.stdout]).toEqual([0, expect.stringContaining('is suspended on admin.')]);
    expect((await stored('apps-1')).spec).toEqual({ ...spec, suspend: true });
    const refused = await act('reconcile kustomization/apps-1');
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('Resume it first.')]);
    const resumed = await act('resume kustomization/apps-1');
    expect([resumed.code, resumed.stdout]).toEqual([0, expect.stringContaining('not handled yet')]);
    const after = await stored('apps-1');
    expect(after.spec).toEqual({ ...spec, suspend: false });
    expect(Object.keys(after.metadata.annotations ?? {})).toEqual(['reconcile.fluxcd.io/requestedAt']);
    const waited = await act('reconcile kustomization/apps-1 --wait --timeout 1s');
    expect([waited.code, waited.stdout]).toEqual([1, expect.stringContaining('Is its controller running?')]);
  });

  test('an action without permission to patch writes nothing', async () => {
    const { metadata } = await stored('apps-2');
    const { code, stdout, stderr } = await act('suspend kustomization/apps-2', viewer);
    expect([code, stdout, stderr]).toEqual([
      1,
      '',
      'admin: you have no permission to patch kustomizations.kustomize.toolkit.fluxcd.io in namespace fleet.\n',
    ]);
    expect((await stored('apps-2')).metadata.resourceVersion).toBe(metadata.resourceVersion);
  });

  test('a missing object and a kind that Flux does not reconcile are refused', async () => {
    const gone = await act('suspend kustomization/never-was');
    expect([gone.code, gone.stderr]).toEqual([1, expect.stringContaining('Kustomization fleet/never-was')]);
    const cluster = await act('reconcile cluster/cluster-0');
    expect([cluster.code, cluster.stderr]).toEqual([1, 'Cluster fleet/cluster-0 is not reconciled by Flux.\n']);
  });
});
