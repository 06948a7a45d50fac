import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { parse } from 'yaml';
import { type FluxApi, startFluxApi } from '../engine/actions/fixture.ts';
import { configFor } from '../engine/fixture.ts';
import type { ClusterRequests, Row } from '../protocol.ts';
import { serve } from './server.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

type Ask = <K extends keyof ClusterRequests>(
  method: K,
  params: ClusterRequests[K]['params'],
) => Promise<ClusterRequests[K]['result']>;

async function started(readOnlyContexts: readonly string[] = []): Promise<{ api: FluxApi; ask: Ask }> {
  const api = await startFluxApi();
  const folder = mkdtempSync(join(tmpdir(), 'capstan-server-'));
  writeFileSync(join(folder, 'config'), configFor(api.url));
  ends.push(
    () => api.stop(),
    () => rmSync(folder, { recursive: true, force: true }),
  );
  const [toServer, toClient] = [new PassThrough(), new PassThrough()];
  const connect = (from: PassThrough, to: PassThrough): MessageConnection =>
    createMessageConnection(new StreamMessageReader(from), new StreamMessageWriter(to));
  const [client, own] = [connect(toClient, toServer), connect(toServer, toClient)];
  const server = serve(own, { HOME: folder });
  own.listen();
  client.listen();
  ends.push(async () => {
    await server.dispose();
    client.dispose();
    own.dispose();
  });
  const ask: Ask = (method, params) => client.sendRequest(method, params);
  const kubeconfig = join(folder, 'config');
  await ask('initialize', { protocolVersion: 1, trusted: true, readOnlyContexts, kubeconfig });
  await ask('open', { contexts: ['c'] });
  for (let row: Row | undefined; row === undefined; ) [row] = await ask('rows', { view: 'delivery' });
  return { api, ask };
}

const ref = {
  cluster: '',
  groupKind: 'kustomize.toolkit.fluxcd.io/Kustomization',
  namespace: 'fleet',
  name: 'apps',
} as const;

test('a prepared change is made once, by its id', async () => {
  const { api, ask } = await started();
  const prepared = await ask('prepare', { context: 'c', ref, verb: 'suspend', values: { reason: '' } });
  expect(prepared).toEqual({
    is: 'ready',
    id: expect.any(String),
    title: 'Suspend',
    doing: 'Suspending',
    subject: 'Kustomization fleet/apps on c',
    preview: expect.stringContaining('Sets spec.suspend to true'),
    changes: ['spec.suspend from none to true'],
  });
  expect(api.object.spec.suspend).toBe(undefined);
  const { id } = prepared as { id: string };
  expect(await ask('act', { id })).toEqual({
    outcome: 'handled',
    message: 'Kustomization fleet/apps is suspended on c.',
  });
  await expect(ask('act', { id })).rejects.toThrow('the prepared change has expired');
  expect(api.asked.filter((line) => line === 'PATCH apps')).toHaveLength(1);
});

test('no change is prepared on a read-only context', async () => {
  const { api, ask } = await started(['c']);
  expect(await ask('prepare', { context: 'c', ref, verb: 'reconcile' })).toEqual({
    is: 'over',
    result: { outcome: 'failed', message: expect.stringContaining('c is a read-only context') },
  });
  expect(api.asked.filter((line) => line.startsWith('PATCH'))).toEqual([]);
  await expect(ask('prepare', { context: 'c', ref, verb: 'explode' as never })).rejects.toThrow('"explode"');
});

test('the document of an object includes fields that no model of the client knows', async () => {
  const { api, ask } = await started();
  const object = { ...api.object, fieldOfTomorrow: { at: '2026-01-02T03:04:05Z' } };
  api.object = object;
  expect(parse((await ask('object', { context: 'c', ref })).yaml)).toEqual(object);
});

test('an edit writes what was changed in the text, and a field that somebody else changed is a conflict', async () => {
  const { api, ask } = await started();
  const { text, uid } = await ask('editable', { context: 'c', ref });
  expect(parse(text)).toEqual({
    ...{ apiVersion: api.object.apiVersion, kind: 'Kustomization', metadata: { name: 'apps', namespace: 'fleet' } },
    spec: { path: './apps', prune: true },
  });
  const save = (from: string, to: string) =>
    ask('prepare', { context: 'c', ref, verb: 'edit', values: { base: text, text: text.replace(from, to), uid } });
  const prepared = await save('./apps', './other');
  expect(prepared).toMatchObject({ is: 'ready', changes: ['spec.path from "./apps" to "./other"'] });
  api.object = { ...api.object, spec: { path: './apps', prune: false } };
  expect(await save('prune: true', 'prune: 1')).toMatchObject({ is: 'over', result: { isConflict: true } });
  expect(await save('./apps', './other')).toMatchObject({ is: 'ready' });
  if (prepared.is === 'ready') await ask('act', { id: prepared.id });
  expect(api.object.spec).toEqual({ path: './other', prune: false });
  await expect(save('spec:', 'spec: [')).rejects.toThrow(/not YAML/);
});

test('nothing is edited on a read-only context', async () => {
  const { api, ask } = await started(['c']);
  const { text, uid } = await ask('editable', { context: 'c', ref });
  const values = { base: text, text: text.replace('./apps', './other'), uid };
  expect(await ask('prepare', { context: 'c', ref, verb: 'edit', values })).toMatchObject({
    is: 'over',
    result: { outcome: 'failed', message: expect.stringContaining('read-only') },
  });
  expect(api.asked.filter((line) => line.startsWith('PATCH'))).toEqual([]);
});

test('a terminal gets the kubeconfig of a context that was connected, and of no other', async () => {
  const { api, ask } = await started(['c']);
  const { files, readOnly } = await ask('terminal', { context: 'c' });
  expect(files).toEqual([expect.stringMatching(/config$/)]);
  expect(isAbsolute(files[0]!) && readOnly).toBe(true);
  await ask('close', { contexts: ['c'] });
  await expect(ask('terminal', { context: 'c' })).rejects.toThrow('not open');
  await api.stop();
  await ask('open', { contexts: ['c'] });
  await expect(ask('terminal', { context: 'c' })).rejects.toThrow('c is not connected');
});

test('a kubeconfig in a folder that is added to the workspace needs consent from then on', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'capstan-server-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'token'), 'a-token');
  const kubeconfig = join(folder, 'config');
  const cluster = 'cluster: { server: "https://127.0.0.1:1" }';
  writeFileSync(
    kubeconfig,
    `clusters: [{ name: c, ${cluster} }]\nusers: [{ name: c, user: { tokenFile: ${join(folder, 'token')} } }]\ncontexts: [{ name: c, context: { cluster: c, user: c } }]\n`,
  );
  const [toServer, toClient] = [new PassThrough(), new PassThrough()];
  const connect = (from: PassThrough, to: PassThrough): MessageConnection =>
    createMessageConnection(new StreamMessageReader(from), new StreamMessageWriter(to));
  const [client, own] = [connect(toClient, toServer), connect(toServer, toClient)];
  const server = serve(own, { HOME: join(folder, 'home') });
  const questions: string[] = [];
  let asked = () => {};
  client.onRequest('consent', ({ detail }: { readonly detail: string }) => {
    questions.push(detail);
    asked();
    return { accepted: false };
  });
  own.listen();
  client.listen();
  ends.push(async () => {
    await server.dispose();
    client.dispose();
    own.dispose();
  });
  const ask: Ask = (method, params) => client.sendRequest(method, params);
  await ask('initialize', { protocolVersion: 1, trusted: true, readOnlyContexts: [], kubeconfig, workspace: [] });
  await ask('open', { contexts: ['c'] });
  await ask('workspace', { folders: [join(folder, 'elsewhere')] });
  expect(questions).toEqual([]);
  const question = new Promise<void>((resolve) => {
    asked = resolve;
  });
  await ask('workspace', { folders: [folder] });
  await question;
  expect(questions).toEqual([expect.stringContaining(join(folder, 'token'))]);
  await ask('workspace', { folders: [folder, join(folder, 'elsewhere')] });
  await ask('summary', {});
  expect(questions).toHaveLength(1);
});
