// What Flux applies from one cluster to another: the real controllers run in a management cluster and have the kubeconfig of a
// second API server. Below the Kustomization of the first are the objects of the second as they are there.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Explorer } from '../../server/src/explorer/explorer.ts';
import type { Row, ViewId } from '../../server/src/protocol.ts';
import { missingPrograms, provide } from '../testbed/cache.ts';
import { type ControlPlane, kubeconfigText, startControlPlane, until } from '../testbed/controlplane.ts';
import { type Flux, missingForFlux, startFlux } from '../testbed/flux.ts';
import { type GitServer, startGitServer } from '../testbed/git-server.ts';
import { playKubelet } from '../testbed/kubelet.ts';
import { applied, gitRepository, yaml } from './agree/delivery-objects.ts';
import { deploymentPath, workload } from './workload.ts';

const missing = [...missingPrograms('kubernetes'), ...missingForFlux()];
if (missing.length > 0) console.log(`skipped, not built: ${missing.join(', ')} (\`${provide('flux')}\`)`);

const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
const web = (image: string) => workload('Deployment', 'web', 'shop', { replicas: 1 }, image);

describe.skipIf(missing.length > 0)('a Kustomization for another cluster', () => {
  const folder = mkdtempSync(join(tmpdir(), 'capstan-remote-'));
  let manager: ControlPlane;
  let shop: ControlPlane;
  let flux: Flux;
  let git: GitServer;
  let explorer: Explorer;
  let kubelet: { stop(): Promise<void> };

  beforeAll(async () => {
    manager = await startControlPlane();
    shop = await startControlPlane({ controllerManager: true });
    flux = await startFlux(manager);
    git = await startGitServer(manager.folder);
    git.commit('fleet', { 'shop/all.yaml': yaml(namespace, web('web:1')) });
    const value = Buffer.from(kubeconfigOf(shop)).toString('base64');
    await manager.apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'shop-kubeconfig', namespace: 'flux-system' },
      data: { value },
    });
    const kubeConfig = { secretRef: { name: 'shop-kubeconfig' } };
    await manager.apply(yaml(gitRepository('fleet', git.url('fleet')), applied('shop', './shop', { kubeConfig })));
    const kubeconfigs = Object.entries({ manager, shop }).map(([name, { url, token }]) => {
      const path = join(folder, name);
      writeFileSync(path, kubeconfigText(url, token, name));
      return path;
    });
    explorer = new Explorer({
      ...{ selection: { list: kubeconfigs.join(delimiter) }, env: { HOME: folder }, readOnlyContexts: ['shop'] },
      ...{ userAgent: 'test', terminal: false, ask: async () => true, remember: false, log: () => undefined },
    });
    kubelet = playKubelet(shop, 'shop');
  }, 120_000);
  afterAll(async () => {
    await kubelet?.stop();
    await explorer?.dispose();
    await git?.stop();
    await flux?.stop();
    await shop?.stop();
    await manager?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const rowsOf = async (view: ViewId, ...labels: readonly string[]): Promise<readonly Row[]> => {
    let rows = explorer.rows({ view });
    for (const label of labels) {
      const row = rows.find((one) => one.label === label);
      if (!row) return [];
      rows = await explorer.rowsSoon({ view, id: row.id });
    }
    return rows;
  };
  const remote = async () => {
    const rows = await rowsOf('delivery', 'manager', 'GitRepository fleet', 'Kustomization shop');
    return rows.find(({ label }) => label === 'Deployment shop/web');
  };
  const comesTo = (what: string, isSo: (row: Row) => boolean) =>
    until(
      what,
      undefined,
      async () => {
        const row = await remote();
        if (row && isSo(row)) return true;
        const seen = (await rowsOf('delivery', 'manager', 'GitRepository fleet')).map(
          ({ label, description }) => `${label} ${description}`,
        );
        throw new Error(JSON.stringify(row ?? seen));
      },
      60,
    );

  test('names what it applied there, of which nothing is known until the other context is open', async () => {
    explorer.fleet.open(['manager']);
    await comesTo('the inventory', ({ state }) => state === 'none');
    expect((await remote())!.context).toBe('manager');
  });

  test('shows it as it is there, with its pods, once it is', async () => {
    explorer.fleet.open(['shop']);
    await comesTo('the Deployment is ready', ({ state }) => state === 'ready');
    const row = (await remote())!;
    expect(row).toMatchObject({ context: 'shop', description: expect.stringMatching(/^on shop, /) });
    expect(row.ref).toMatchObject({ groupKind: 'apps/Deployment', namespace: 'shop', name: 'web' });
    // Of the context that the Deployment is in, which is read-only.
    expect(row.actions).not.toContain('restart');
    const revisions = await explorer.rowsSoon({ view: 'delivery', id: row.id });
    expect(revisions.map(({ description }) => description)).toEqual([expect.stringMatching(/^revision 1, web 1/)]);
    const pods = await explorer.rowsSoon({ view: 'delivery', id: revisions[0]!.id });
    expect(pods.map(({ state, context }) => [state, context])).toEqual([['ready', 'shop']]);
  });

  test('changes with what happens there, and is named only when the context closes', async () => {
    const changed: string[] = [];
    await kubelet.stop();
    const image = { op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'web:2' };
    await shop.request('PATCH', deploymentPath('shop', 'web'), [image], 'application/json-patch+json');
    await comesTo('the rollout is seen', ({ state, description }) => {
      changed.push(description);
      return state === 'progressing';
    });
    expect(changed.at(-1)).toMatch(/^on shop, /);
    await explorer.fleet.close(['shop']);
    await comesTo('the Deployment is only a name', ({ state, context }) => state === 'none' && context === 'manager');
  });

  function kubeconfigOf({ url, token, certificate }: ControlPlane): string {
    const config = JSON.parse(kubeconfigText(url, token, 'shop'));
    const authority = Buffer.from(readFileSync(certificate)).toString('base64');
    config.clusters[0].cluster = { server: url, 'certificate-authority-data': authority };
    return JSON.stringify(config);
  }
});
