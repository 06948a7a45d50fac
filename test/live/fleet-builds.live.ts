// Tests the example fleet's builds: kubectl builds every folder, and the delivery that the tests follow equals the result of
// `flux build` for each Kustomization.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { buildWithoutPatches } from '../fleet/build.ts';
import { problemsOf } from '../fleet/check.ts';
import { type Delivery, deliver } from '../fleet/delivery.ts';
import { type Kubectl, kubectlBuilds } from '../fleet/kubectl.ts';
import {
  documentsIn,
  fleet,
  fleetFiles,
  isKustomizationFile,
  type Json,
  listAt,
  textAt,
  titleOf,
} from '../fleet/repositories.ts';
import { program, provide } from '../testbed/cache.ts';
import { runProgram } from '../testbed/controlplane.ts';
import { missingForFlux } from '../testbed/flux.ts';

const withoutFlux = missingForFlux();
if (withoutFlux.length > 0) console.log(`skipped, not built: ${withoutFlux.join(', ')} (\`${provide('flux')}\`)`);

let kubectl: Kubectl;
let delivery: Delivery;
beforeAll(async () => {
  kubectl = kubectlBuilds();
  delivery = await deliver(kubectl.build);
});
afterAll(() => kubectl?.remove());

const folders = fleetFiles()
  .filter(isKustomizationFile)
  .map((path) => path.replace(/\/kustomization\.yaml$/, ''));

test.each(folders)('kubectl kustomize %s', async (folder) => {
  const built = await kubectl.build(folder, {});
  // kustomize appends a hash to generated names.
  const titles = built.map((object) => titleOf(object).replace(/^(ConfigMap .*)-[a-z0-9]{10}$/, '$1'));
  expect(titles.sort()).toEqual(buildWithoutPatches(folder).map(titleOf).sort());
});

test.skipIf(withoutFlux.length > 0)(
  'flux build makes the same of every Kustomization',
  { timeout: 240_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'capstan-fleet-'));
    cpSync(fleet, folder, { recursive: true });
    try {
      const file = join(folder, 'kustomization-to-build.yaml');
      let compared = 0;
      for (const { folder: path, kustomization, variables, objects } of delivery.steps) {
        if (path === undefined || kustomization === undefined) continue;
        // Without a cluster, it can't read variables from ConfigMaps: all are inlined in the Kustomization.
        const { postBuild: _written, ...spec } = kustomization.spec as Json;
        const substitute = Object.keys(variables!).length > 0 ? { postBuild: { substitute: variables } } : {};
        writeFileSync(file, stringify({ ...kustomization, spec: { ...spec, ...substitute } }));
        const { name, namespace } = kustomization.metadata as { readonly name: string; readonly namespace: string };
        const { code, stdout, stderr } = await runProgram(program('flux', 'flux'), [
          ...[
            'build',
            'kustomization',
            name,
            '--namespace',
            namespace,
            '--path',
            join(folder, path),
            '--kustomization-file',
            file,
          ],
          ...['--dry-run', '--strict-substitute'],
        ]);
        expect(`${path}: ${code} ${stderr}`).toBe(`${path}: 0 `);
        const theirs = new Map(documentsIn(stdout, path).map((object) => [titleOf(object), withoutOwner(object)]));
        expect([...theirs.keys()].sort()).toEqual(objects.map(titleOf).sort());
        for (const object of objects.filter(({ sops }) => sops === undefined)) {
          expect(theirs.get(titleOf(object)), `${path}: ${titleOf(object)}`).toEqual(withoutOwner(object));
          compared++;
        }
      }
      expect(compared).toBeGreaterThan(400);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

test('the delivery is consistent', () => {
  expect(problemsOf(delivery)).toEqual([]);
});

test('patches and variables are applied', () => {
  const aws = delivery.clusters.get('aws-master')!;
  const prod = aws.get('Cluster tenant-shop/shop-prod');
  expect(listAt(prod, 'spec', 'topology', 'variables')).toContainEqual({ name: 'account', value: 'prod' });
  expect(textAt(aws.get('Prometheus monitoring/aggregate'), 'spec', 'resources', 'limits', 'memory')).toBe('16Gi');
  expect(textAt(aws.get('Prometheus monitoring/aggregate'), 'spec', 'externalLabels', 'environment')).toBe('aws');
  const vector = [...aws.values()].find((object) => /^ConfigMap logging\/log-gateway-/.test(titleOf(object)));
  expect(textAt(vector, 'data', 'vector.yaml')).toContain('"${ENVIRONMENT}"');
  expect(JSON.stringify([...aws.values()].filter((object) => object !== vector))).not.toMatch(/\$\{/);
});

/** Removes the labels that Flux adds to applied objects; `flux build` prints strings of a Secret without quotes. */
function withoutOwner(object: Json): Json {
  const { labels, ...metadata } = object.metadata as Json;
  const own = Object.entries((labels ?? {}) as Json).filter(([key]) => !key.startsWith('kustomize.toolkit.fluxcd.io/'));
  const texts = Object.entries((object.stringData ?? {}) as Json).map(([key, value]) => [key, String(value)]);
  const stringData = object.stringData === undefined ? {} : { stringData: Object.fromEntries(texts) };
  return { ...object, ...stringData, metadata: { ...metadata, labels: Object.fromEntries(own) } };
}
