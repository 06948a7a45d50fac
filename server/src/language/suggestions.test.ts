// What our own client gets beyond other editors: lists that open on a new line and again where accepting left the cursor,
// our snippets, and new manifests.
import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import {
  type ClientCapabilities,
  type CompletionItem,
  type CompletionList,
  InsertTextFormat,
} from 'vscode-languageserver/node';
import { configMap } from '../features/fixture.ts';
import type { LanguageOptions, LanguageRequests } from '../protocol.ts';
import { buildProgram, program, Session } from './fixture.ts';

const can: ClientCapabilities = {
  textDocument: { completion: { completionItem: { snippetSupport: true, labelDetailsSupport: true } } },
};
const ours: LanguageOptions = { selectsFirst: true, opensOnNewLine: true, suggestCommand: 'suggest' };

beforeAll(buildProgram);
afterAll(() => rmSync(program, { force: true }));

let session: Session;
afterEach(async () => {
  await session.stop();
  rmSync(session.folder, { recursive: true });
});

async function started(options: LanguageOptions, files: Readonly<Record<string, string>> = {}) {
  session = new Session();
  return session.start(can, files, true, options);
}

async function itemsAt(text: string, context?: object): Promise<CompletionList> {
  await session.open('a.yaml', text);
  const lines = text.split('\n');
  const position = { line: lines.length - 1, character: lines.at(-1)!.length };
  return session.ask<CompletionList>('textDocument/completion', 'a.yaml', { position, context });
}

const find = ({ items }: CompletionList, label: string): CompletionItem | undefined =>
  items.find((item) => item.label === label);

test('no client is asked after a colon, and only ours on a new line', async () => {
  const { capabilities } = await started(ours);
  expect(capabilities.completionProvider?.triggerCharacters).toContain('\n');
  expect(capabilities.completionProvider?.triggerCharacters).not.toContain(':');
  await session.stop();
  const { capabilities: plain } = await started({});
  expect(plain.completionProvider?.triggerCharacters).not.toContain('\n');
});

test('a key opens the list again for its value, unless the snippet has choices', async () => {
  await started(ours);
  const list = await itemsAt('apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec:\n  ');
  expect(find(list, 'interval')?.command).toMatchObject({ command: 'suggest', arguments: [{ auto: true }] });
  expect(find(list, 'suspend')?.command).toBeUndefined();
  expect(find(list, 'flux-depends-on')?.insertTextFormat).toBe(InsertTextFormat.Snippet);
});

test('values are plain text, with their group beside them', async () => {
  await started(ours);
  const item = find(await itemsAt('kind: HelmReleas'), 'HelmRelease');
  expect(item?.insertTextFormat).toBe(InsertTextFormat.PlainText);
  expect(item?.labelDetails).toEqual({ description: 'helm.toolkit.fluxcd.io/v2' });
  expect(item?.filterText).toBe('HelmReleas');
});

test('other editors get whole words to match, and no command', async () => {
  await started({});
  expect(find(await itemsAt('kind: HelmReleas'), 'HelmRelease')?.filterText).toBe('HelmRelease');
  expect(find(await itemsAt('apiVersion: v1\nkind: Pod\n'), 'metadata')?.command).toBeUndefined();
});

test('a new manifest, from the choice of its kind to its line in the kustomization', async () => {
  await started(ours, {
    'apps/settings.yaml': configMap('settings', 'shop'),
    'apps/kustomization.yaml': 'resources:\n  - settings.yaml\n',
  });
  const near = { uri: session.uri('apps/other.yaml') };
  const ask = <Method extends keyof LanguageRequests>(
    method: Method,
    params: LanguageRequests[Method]['params'],
  ): Promise<LanguageRequests[Method]['result']> => session.connection.sendRequest(method, params);
  await session.open('apps/other.yaml', '');
  await expect.poll(async () => (await ask('capstan/kinds', near))[0]?.kind, { timeout: 10_000 }).toBe('ConfigMap');
  const proposal = await ask('capstan/newManifest', { ...near, apiVersion: 'v1', kind: 'ConfigMap' });
  expect(proposal?.uri).toBe(session.uri('apps/example.yaml'));
  expect(proposal?.snippet).toContain('namespace: ${2:shop}');
  expect(await ask('capstan/newManifest', { ...near, apiVersion: 'v1', kind: 'Nothing' })).toBeNull();
  expect(await ask('capstan/listing', { uri: proposal!.uri })).toEqual({
    uri: session.uri('apps/kustomization.yaml'),
    position: { line: 1, character: 17 },
    text: '\n  - example.yaml',
  });
});
