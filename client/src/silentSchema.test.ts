// Tests with the language server of Red Hat's YAML extension: with the silent schema it reports nothing for a manifest,
// without it, it does.

import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { yaml } from '../../server/src/fixture.ts';
import { isManifestText, silentContent, silentSchema } from './silentSchema.ts';

const root = join(import.meta.dirname, '../..');
const uri = 'file:///fleet/pod.yaml';
const manifest = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers: none\n  \n';
/** In place of the extension's own Kubernetes schema, which it would fetch. */
const talkative = JSON.stringify({
  properties: { spec: { properties: { containers: { type: 'array' }, nodeName: { type: 'string' } } } },
});

let server: ChildProcess | undefined;
afterEach(() => void server?.kill());

test('without the silent schema a manifest gets problems and completions', async () => {
  const { problems, labels } = await answers('capstan://talkative', talkative);
  expect(problems.length).toBeGreaterThan(0);
  expect(labels).toContain('nodeName');
});

test('with the silent schema it gets neither', async () => {
  expect(await answers(silentSchema, silentContent)).toEqual({ problems: [], labels: [] });
});

test.each([
  [manifest, true],
  [`---\n# a List\n${manifest}`, true],
  [
    yaml`
      services:
        web:
          image: nginx
    `,
    false,
  ],
  [
    yaml`
      values:
        apiVersion: v1
        kind: Pod
    `,
    false,
  ],
  [
    yaml`
      # yaml-language-server: $schema=https://example.com/pod.json
      ${manifest}
    `,
    false,
  ],
])('recognizes manifests (%#)', (text, expected) => {
  expect(isManifestText(text, '/fleet/pod.yaml')).toBe(expected);
});

test('a kustomization file is recognized by its name', () => {
  expect(isManifestText('resources: []\n', '/fleet/apps/kustomization.yaml')).toBe(true);
  expect(isManifestText('resources: []\n', '/fleet/apps/my-kustomization.yaml')).toBe(false);
});

async function answers(schema: string, content: string): Promise<{ problems: unknown[]; labels: string[] }> {
  const connection = await start(schema, content);
  const published = new Promise<unknown[]>((done) => {
    connection.onNotification('textDocument/publishDiagnostics', ({ diagnostics }) => done(diagnostics));
  });
  const textDocument = { uri, languageId: 'yaml', version: 1, text: manifest };
  await connection.sendNotification('textDocument/didOpen', { textDocument });
  const problems = await published;
  const position = { line: 6, character: 2 };
  const answer = await connection.sendRequest<{ items: { label: string }[] } | null>('textDocument/completion', {
    textDocument: { uri },
    position,
  });
  connection.dispose();
  return { problems, labels: (answer?.items ?? []).map(({ label }) => label) };
}

async function start(schema: string, content: string): Promise<MessageConnection> {
  const program = join(root, 'node_modules/yaml-language-server/bin/yaml-language-server');
  server = spawn(process.execPath, [program, '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const connection = createMessageConnection(
    new StreamMessageReader(server.stdout!),
    new StreamMessageWriter(server.stdin!),
  );
  connection.onRequest('workspace/configuration', ({ items }) => items.map(() => ({})));
  connection.onRequest('client/registerCapability', () => null);
  connection.onRequest('custom/schema/request', () => [schema]);
  connection.onRequest('custom/schema/content', () => content);
  connection.listen();
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: { textDocument: { completion: {} } },
    workspaceFolders: null,
  });
  await connection.sendNotification('initialized', {});
  await connection.sendNotification('yaml/supportSchemaSelection', {});
  await connection.sendNotification('yaml/registerCustomSchemaRequest', {});
  await connection.sendNotification('workspace/didChangeConfiguration', {
    settings: { yaml: { validate: true, completion: true, schemaStore: { enable: false } } },
  });
  return connection;
}
