// Messages in the form of the protocol with anything in them, for a language server in this process: whatever arrives, it stays
// and answers what follows.
import { Buffer } from 'node:buffer';
import { PassThrough } from 'node:stream';
import { serve } from '../../server/src/language/server.ts';
import { type Maker, manifestPieces } from './make.ts';
import { noted } from './pauses.ts';

const uris = ['untitled:a', 'untitled:b', 'file:///none/a.yaml', 'file:///%ZZ', 'git:/a.yaml', 'a b', '', 'data:,a'];
const numbers = [-1, 0, 1, 2, 1e9, 2 ** 53, 1.5, Number.NaN, Number.POSITIVE_INFINITY];

const ofDocument = [
  ...['hover', 'completion', 'definition', 'references', 'documentHighlight', 'prepareRename', 'rename', 'codeAction'],
  ...['documentSymbol', 'foldingRange', 'documentLink', 'selectionRange', 'inlayHint', 'diagnostic', 'formatting'],
  ...['rangeFormatting', 'onTypeFormatting', 'semanticTokens/full', 'didOpen', 'didChange', 'didClose', 'none'],
].map((name) => `textDocument/${name}`);
const methods = [
  ...ofDocument,
  ...['workspace/symbol', 'workspace/didChangeWatchedFiles', 'workspace/didChangeConfiguration', '$/cancelRequest'],
  ...['capstan/preview', 'capstan/schemaStatus', 'capstan/differences', 'capstan/newManifest', 'capstan/kinds'],
];

function anything(maker: Maker, depth = 0): unknown {
  const leaf = () => maker.one<unknown>([null, true, '', 'a', [], {}, ...numbers, ...uris]);
  if (depth > 2) return leaf();
  return maker.one([
    leaf,
    () => [anything(maker, depth + 1), anything(maker, depth + 1)],
    () => ({ [maker.one(['uri', 'position', 'line', 'text', '__proto__'])]: anything(maker, depth + 1) }),
  ])();
}

function params(maker: Maker): unknown {
  if (maker.below(8) === 0) return anything(maker);
  const some = <T>(right: T): T | unknown => (maker.below(10) === 0 ? anything(maker) : right);
  const position = () => some({ line: some(maker.one(numbers)), character: some(maker.one(numbers)) });
  const range = () => some({ start: position(), end: position() });
  const uri = some(maker.one(uris));
  return {
    textDocument: some({
      uri,
      languageId: 'yaml',
      version: some(maker.one(numbers)),
      text: some(maker.text(manifestPieces, 12)),
    }),
    ...{ uri, position: position(), range: range(), positions: some([position(), position()]), newName: some('b') },
    contentChanges: some([{ range: range(), text: some(maker.text(manifestPieces, 4)) }, { text: some('a: b\n') }]),
    changes: some([{ uri, type: some(maker.one([1, 2, 3])) }]),
    ...{
      context: some({ diagnostics: some([]), includeDeclaration: true }),
      options: some({ tabSize: some(2), insertSpaces: true }),
    },
    ...{ ch: some('\n'), query: some('a'), id: some(1), apiVersion: some('v1'), kind: some('Pod') },
    between: some({
      is: some(maker.one(['clusters', 'revision', 'repository'])),
      old: some('a'),
      now: some('b'),
      revision: some('HEAD'),
    }),
  };
}

/** Messages, one a line. */
export function requests(maker: Maker): string {
  return Array.from({ length: 1 + maker.below(12) }, () => {
    const message = { jsonrpc: '2.0', method: maker.one(methods), params: params(maker) };
    return JSON.stringify(maker.below(5) === 0 ? message : { id: `m${maker.below(50)}`, ...message });
  }).join('\n');
}

let server: ReturnType<typeof started> | undefined;

/** Resolves once the server has answered what comes after the messages; rejects if it ends. */
export async function sent(input: string): Promise<void> {
  server ??= started();
  const began = process.threadCpuUsage();
  for (const message of input.split('\n')) server.write(message);
  await server.alive();
  const { user, system } = process.threadCpuUsage(began);
  noted((user + system) / 1000);
}

function started() {
  const [input, output] = [new PassThrough(), new PassThrough()];
  let ended: string | undefined;
  let wake = () => {};
  let tail = '';
  output.on('data', (data: Buffer) => {
    tail = (tail + data.toString('latin1')).slice(-10_000);
    wake();
  });
  serve(input, output, (why) => {
    ended = why;
    server = undefined;
    wake();
  });
  const write = (body: string) => input.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  const ask = (id: string, method: string, asked: unknown) =>
    write(JSON.stringify({ jsonrpc: '2.0', id, method, params: asked }));
  let count = 0;
  const answered = async (id: string) => {
    const late = Date.now() + 20_000;
    while (!tail.includes(`"id":"${id}"`)) {
      if (ended !== undefined) throw new Error(`the server ended: ${ended}`);
      if (Date.now() > late) throw new Error('the server doesn’t answer');
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, 100).unref();
      });
    }
  };
  ask('first', 'initialize', { processId: null, rootUri: null, capabilities: { textDocument: { diagnostic: {} } } });
  write(JSON.stringify({ jsonrpc: '2.0', method: 'initialized', params: {} }));
  return {
    write,
    alive: () => {
      count += 1;
      ask(`alive${count}`, 'capstan/alive', null);
      return answered(`alive${count}`);
    },
  };
}
