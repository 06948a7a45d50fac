// Charts that are fetched while the server runs, over real standard input and output.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { CompletionList, Hover } from 'vscode-languageserver/node';
import type { ChartUse } from '../protocol.ts';
import { fetchChart } from '../registries/charts.ts';
import { archiveOfChart, type Registry, registryOf } from '../registries/fixture.ts';
import { buildProgram, program, Session } from './fixture.ts';

beforeAll(buildProgram);
afterAll(() => rmSync(program, { force: true }));

let session: Session;
let registry: Registry;
let cache = '';
const { XDG_CACHE_HOME } = process.env;
beforeEach(async () => {
  registry = await registryOf({
    'shop 1.0.0': archiveOfChart('shop', '1.0.0', { 'values.yaml': '# Pods\nreplicas: 1\n' }),
  });
  // The server reads its environment when it starts.
  process.env.XDG_CACHE_HOME = cache = mkdtempSync(join(tmpdir(), 'capstan-charts-'));
  session = new Session();
});
afterEach(() => {
  if (XDG_CACHE_HOME === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = XDG_CACHE_HOME;
  session.connection.dispose();
  session.child.kill();
  registry.close();
  for (const folder of [session.folder, cache]) rmSync(folder, { recursive: true, force: true });
});

const release = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: shop, namespace: shop }
spec:
  interval: 10m
  chart: { spec: { chart: shop, sourceRef: { kind: HelmRepository, name: charts } } }
  values:
    replicas: 2
`;

const source = (url: string) =>
  `apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\nmetadata: { name: charts, namespace: shop }\nspec: { interval: 1h, url: "${url}" }\n`;

test('a chart that is missing is named, and known once it was fetched', async () => {
  const repository = `http://${registry.host}/charts`;
  await session.start({}, { 'shop.yaml': release, 'source.yaml': source(repository) });
  await session.open('shop.yaml', release);
  const uri = session.uri('shop.yaml');
  const hoverText = async () => {
    const params = { textDocument: { uri }, position: { line: 7, character: 6 } };
    const found = await session.connection.sendRequest<Hover | null>('textDocument/hover', params);
    return (found?.contents as { readonly value?: string } | undefined)?.value;
  };
  const missing = () => session.connection.sendRequest<readonly ChartUse[]>('capstan/missingCharts', { uri });
  const [wanted, ...others] = await missing();
  expect([wanted, others]).toEqual([
    { repository, shown: repository, chart: 'shop', version: '*', releases: ['shop/shop'] },
    [],
  ]);
  expect(await hoverText()).toBeUndefined();
  const signal = AbortSignal.timeout(10_000);
  const options = { env: {}, isPlain: false, signal };
  const address = { is: 'repository', repository, chart: 'shop', version: '*' } as const;
  await fetchChart(address, join(cache, 'capstan/charts'), options);
  await session.connection.sendRequest('capstan/chartsFetched', null);
  expect(await hoverText()).toContain('Pods');
  expect(await missing()).toEqual([]);
  const at = { textDocument: { uri }, position: { line: 7, character: 4 } };
  const { items } = await session.connection.sendRequest<CompletionList>('textDocument/completion', at);
  expect(items.map(({ label }) => label)).toContain('replicas');
});
