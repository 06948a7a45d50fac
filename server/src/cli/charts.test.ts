import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { archiveOfChart, type Registry, registryOf } from '../registries/fixture.ts';
import { run } from './charts.ts';
import { run as lint } from './lint.ts';

let folder = '';
let registry: Registry;
const shop = (version: string) =>
  archiveOfChart('shop', version, {
    'values.yaml': 'replicas: 1\n',
    'values.schema.json': '{ "additionalProperties": false, "properties": { "replicas": { "type": "integer" } } }',
  });
const charts = {
  'shop 1.2.0': shop('1.2.0'),
  'shop 1.10.0': shop('1.10.0'),
  'shop 2.0.0-rc.1': shop('2.0.0-rc.1'),
  'db 0.1.0+b1': archiveOfChart('db', '0.1.0+b1'),
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'capstan-charts-'));
  mkdirSync(join(folder, 'repository/.git'), { recursive: true });
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  registry?.close();
});

function write(path: string, text: string): void {
  const file = join(folder, 'repository', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

async function output(verb: typeof run, ...args: readonly string[]) {
  const printed = { out: '', err: '' };
  const code = await verb(args, {
    stdout: { write: (text) => (printed.out += text) },
    stderr: { write: (text) => (printed.err += text) },
    env: { XDG_CACHE_HOME: join(folder, 'cache'), HOME: folder },
    cwd: join(folder, 'repository'),
  });
  return { code, ...printed };
}

const release = (chart: string) => `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: shop, namespace: shop }
spec:
  interval: 10m
${chart}
  values:
    replicas: "2"
`;

const sync = (url: string) => `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: flux-system, namespace: flux-system }
spec: { interval: 1m, url: ${url} }
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec:
  interval: 10m
  prune: true
  path: ./clusters/prod
  sourceRef: { kind: GitRepository, name: flux-system }
`;

describe('capstan charts', () => {
  test('fetches the charts of a repository’s releases, with which their values are checked', async () => {
    registry = await registryOf(charts);
    write('clusters/prod/flux-system/sync.yaml', sync('ssh://git@example.com/team/fleet.git'));
    const ref = 'sourceRef: { kind: HelmRepository, name: charts }';
    write('clusters/prod/shop.yaml', release(`  chart: { spec: { chart: shop, version: 1.x, ${ref} } }`));
    write(
      'clusters/prod/source.yaml',
      `apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\nmetadata: { name: charts, namespace: shop }\nspec: { interval: 1h, url: "http://${registry.host}/charts/" }\n`,
    );
    const before = await output(run, '--format', 'json');
    expect(JSON.parse(before.out)).toEqual([
      { repository: `http://${registry.host}/charts`, chart: 'shop', version: '1.x', releases: ['shop/shop'] },
    ]);
    expect((await output(lint)).out).not.toContain('flux/release-values');
    expect(registry.requests).toEqual([]);
    expect(await output(run, 'fetch')).toEqual({
      ...{ code: 0, err: '' },
      out: `Fetched shop 1.10.0 from http://${registry.host}/charts.\n`,
    });
    expect(registry.requests).toEqual(['/charts/index.yaml', '/charts/shop-1.10.0.tgz']);
    expect(JSON.parse((await output(run, 'list', '--format', 'json')).out)[0]).toMatchObject({ known: '1.10.0' });
    expect((await output(lint)).out).toContain('values.replicas must be integer'.replace('values.', ''));
    expect((await output(run, 'fetch')).out).toBe('All charts are known.\n');
    expect(readdirSync(join(folder, 'cache/capstan'))).toEqual(['charts']);
  });

  test.each([
    ['*', '1.10.0'],
    ['1.2.0', '1.2.0'],
    ['>=2.0.0-0', '2.0.0-rc.1'],
    ['~1.2', '1.2.0'],
    ['<1 || ^1.3', '1.10.0'],
  ])('chooses of %s the version %s, in a registry too', async (range, version) => {
    registry = await registryOf(charts, 'secret');
    const url = `oci://${registry.host}/team`;
    const fetched = await output(run, 'fetch', '--repository', url, 'shop', '--version', range);
    expect(fetched).toEqual({ code: 0, err: '', out: `Fetched shop ${version} from ${url}.\n` });
  });

  test('finds the version of an OCIRepository by its tag, and one with build metadata', async () => {
    registry = await registryOf(charts);
    const source = `apiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nmetadata: { name: db, namespace: shop }\nspec: { interval: 1h, url: "oci://${registry.host}/team/db", ref: { tag: 0.1.0_b1 } }\n`;
    write('shop.yaml', `${release('  chartRef: { kind: OCIRepository, name: db }')}---\n${source}`);
    expect((await output(run, 'fetch')).out).toBe(`Fetched db 0.1.0+b1 from oci://${registry.host}/team.\n`);
    expect(JSON.parse((await output(run, '--format', 'json')).out)[0]).toMatchObject({
      version: '0.1.0_b1',
      known: '0.1.0+b1',
    });
  });

  test('says what can’t be fetched and why, and stores nothing of it', async () => {
    registry = await registryOf({ ...charts, 'bad 1.0.0': Buffer.from('nothing') });
    const named = (...args: readonly string[]) =>
      output(run, 'fetch', '--repository', `http://${registry.host}/charts`, ...args);
    expect((await named('nobody')).err).toContain('has no chart nobody');
    expect((await named('shop', '--version', '>=3')).err).toContain('has no version of shop in >=3');
    expect((await named('bad')).err).toContain('is no chart');
    const nowhere = await output(run, 'fetch', '--repository', 'file:///etc', 'passwd');
    expect([nowhere.code, nowhere.err]).toEqual([1, expect.stringContaining('is no URL of a repository')]);
    expect(existsSync(join(folder, 'cache/capstan/charts'))).toBe(false);
    expect((await output(run, 'fetch', '--version', '1')).code).toBe(2);
  });
});
