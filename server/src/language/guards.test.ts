// An error of our own doesn't end the server: it is one finding, and other documents have theirs, pushed and pulled.
import { PassThrough } from 'node:stream';
import { expect, test, vi } from 'vitest';
import {
  type ClientCapabilities,
  createProtocolConnection,
  type DocumentDiagnosticReport,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { isObject } from '../syntax/value.ts';
import { serve } from './server.ts';

vi.mock('../validation/judge.ts', async (original) => {
  const { judge, ...others } = await original<typeof import('../validation/judge.ts')>();
  const failing: typeof judge = (value, ...rest) => {
    if (isObject(value) && value.fails === true) throw new RangeError('too deep');
    return judge(value, ...rest);
  };
  return { ...others, judge: failing };
});

/** The server in this process: another one would not have the error. */
async function connected(capabilities: ClientCapabilities): Promise<ProtocolConnection> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  serve(input, output);
  const connection = createProtocolConnection(new StreamMessageReader(output), new StreamMessageWriter(input));
  connection.listen();
  await connection.sendRequest('initialize', { processId: null, rootUri: null, workspaceFolders: null, capabilities });
  await connection.sendNotification('initialized', {});
  return connection;
}

const text = (more: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n${more}`;
const both = `${text('fails: true\n')}---\n${text('wrong: 1\n')}`;

const open = (connection: ProtocolConnection, uri: string, content: string) =>
  connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'yaml', version: 1, text: content },
  });

test('pushed', async () => {
  const connection = await connected({});
  const published = new Map<string, PublishDiagnosticsParams>();
  const all = new Promise<void>((resolve) =>
    connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      published.set(params.uri, params);
      if (published.size === 2) resolve();
    }),
  );
  await open(connection, 'untitled:a', both);
  await open(connection, 'untitled:b', text('wrong: 1\n'));
  await all;
  const codes = (uri: string) => published.get(uri)!.diagnostics.map(({ code }) => code);
  expect(codes('untitled:a')).toEqual(['info/internal', 'schema/unknown-field']);
  expect(codes('untitled:b')).toEqual(['schema/unknown-field']);
});

test('pulled', async () => {
  const connection = await connected({ textDocument: { diagnostic: {} } });
  const pull = async (uri: string) => {
    const params = { textDocument: { uri } };
    const report = await connection.sendRequest<DocumentDiagnosticReport>('textDocument/diagnostic', params);
    return report.kind === 'full' ? report.items.map(({ code }) => code) : report.kind;
  };
  await open(connection, 'untitled:a', both);
  await open(connection, 'untitled:b', text('wrong: 1\n'));
  expect(await pull('untitled:a')).toEqual(['info/internal', 'schema/unknown-field']);
  expect(await pull('untitled:b')).toEqual(['schema/unknown-field']);
});
