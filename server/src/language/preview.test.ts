// What clusters get of a file, over real standard input and output.
import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { CodeLens, InlayHint } from 'vscode-languageserver/node';
import type { AppliedPreview, LanguageRequests } from '../protocol.ts';
import { buildProgram, program, Session } from './fixture.ts';

beforeAll(buildProgram);
afterAll(() => rmSync(program, { force: true }));

type Identities = LanguageRequests['capstan/identities']['result'];

let session: Session;
afterEach(() => {
  session.connection.dispose();
  session.child.kill();
  rmSync(session.folder, { recursive: true, force: true });
});

const sync = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec: { interval: 1m, prune: true, path: ./clusters/prod, sourceRef: { kind: GitRepository, name: fleet } }
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: apps, namespace: flux-system }
spec:
  interval: 1m
  prune: true
  path: ./apps
  targetNamespace: shop
  sourceRef: { kind: GitRepository, name: fleet }
  postBuild: { substitute: { COLOR: red } }
`;

const config = `apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  color: \${COLOR}
`;

const files = { 'clusters/prod/sync.yaml': sync, 'apps/web.yaml': config };

test('an object of a cluster is found where it is written, and the objects of a file as the cluster has them', async () => {
  session = new Session();
  await session.start({}, files);
  await session.open('apps/web.yaml', config);
  const uri = session.uri('apps/web.yaml');
  const [found, ...others] = await session.connection.sendRequest<Identities>('capstan/identities', { uri });
  expect(others).toEqual([]);
  const { position, ...origin } = found!;
  expect(position).toEqual({ line: 0, character: 0 });
  expect(origin).toMatchObject({ groupKind: '/ConfigMap', namespace: 'shop', name: 'web' });
  expect(origin.appliers.map(({ name, path }) => `${name} ${path}`)).toEqual([
    'apps apps',
    'flux-system clusters/prod',
  ]);
  const pod = { groupKind: '/Pod', namespace: 'shop', name: 'web-1', appliers: [] };
  const places = (origins: readonly object[]) => session.connection.sendRequest('capstan/written', { origins });
  expect(await places([pod, origin])).toEqual([{ uri, position, clusters: ['prod'], index: 1 }]);
  expect(await places([pod])).toEqual([]);
});

test('the preview has the lines of the files that its values are from', async () => {
  session = new Session();
  await session.start({}, files);
  await session.open('apps/web.yaml', config);
  const params = { uri: session.uri('apps/web.yaml'), position: { line: 0, character: 0 } };
  const found = await session.connection.sendRequest<AppliedPreview>('capstan/preview', params);
  const lines = found.text.split('\n');
  const sourceOf = (text: string) => {
    const [source, line] = found.lines[lines.indexOf(text)]!;
    return [found.sources[source], line];
  };
  expect(found.clusters).toEqual(['prod']);
  expect(sourceOf('  color: red')).toEqual([session.uri('apps/web.yaml'), 5]);
  expect(sourceOf('  namespace: shop')).toEqual([session.uri('clusters/prod/sync.yaml'), 12]);
  const none = { ...params, uri: session.uri('none.yaml') };
  expect(await session.connection.sendRequest('capstan/preview', none)).toBeNull();
  expect(session.logged).toEqual([]);
});

test('code lenses run the command of the client, and there are none without it', async () => {
  session = new Session();
  const { capabilities } = await session.start({}, files, true, { previewCommand: 'show' });
  expect(capabilities.codeLensProvider).toEqual({});
  await session.open('clusters/prod/sync.yaml', sync);
  const lenses = await session.ask<CodeLens[]>('textDocument/codeLens', 'clusters/prod/sync.yaml');
  expect(lenses.map(({ range, command }) => [range.start.line, command?.title, command?.command])).toEqual([
    [0, 'applies 2 objects to cluster prod', 'show'],
    [5, 'applies 1 object to cluster prod', 'show'],
  ]);
  const other = new Session();
  expect((await other.start()).capabilities.codeLensProvider).toBeUndefined();
  other.connection.dispose();
  other.child.kill();
  rmSync(other.folder, { recursive: true, force: true });
});

test('inlay hints are shown unless they are switched off', async () => {
  const range = { start: { line: 0, character: 0 }, end: { line: 6, character: 0 } };
  for (const inlayHints of [true, false]) {
    session = new Session();
    await session.start({}, files, true, { inlayHints });
    await session.open('apps/web.yaml', config);
    const hints = await session.ask<InlayHint[]>('textDocument/inlayHint', 'apps/web.yaml', { range });
    expect(hints.map(({ label }) => label)).toEqual(inlayHints ? ['in shop', '= red'] : []);
    if (inlayHints) {
      session.connection.dispose();
      session.child.kill();
      rmSync(session.folder, { recursive: true, force: true });
    }
  }
});
