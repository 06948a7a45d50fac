// No secret is in what the language server says of files that are full of them: every request that it offers, at many places,
// its findings, its log. What it writes into the file itself, edits, has what was there before.
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { InitializeResult, Position } from 'vscode-languageserver/node';
import { buildProgram, program, Session } from '../server/src/language/fixture.ts';
import type { LanguageRequests } from '../server/src/protocol.ts';
import { canaryIn, repository } from './canary/planted.ts';

const files = repository('now');
/** Everything said of these is searched. */
const opened = [
  'apps/secret.yaml',
  'apps/kustomization.yaml',
  'apps/web.yaml',
  'apps/thing.yaml',
  'clusters/prod/sync.yaml',
  'clusters/prod/release.yaml',
  'clusters/prod/variables.yaml',
];
let session: Session;
let result: InitializeResult;

beforeAll(async () => {
  buildProgram();
  session = new Session();
  result = await session.start(
    {
      textDocument: {
        diagnostic: {},
        inlayHint: {},
        codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix'] } } },
      },
      workspace: { workspaceEdit: { documentChanges: true } },
    },
    files,
  );
  for (const name of opened) await session.open(name, files[name]!);
}, 60_000);
afterAll(() => {
  session?.child.kill('SIGKILL');
  if (session) rmSync(session.folder, { recursive: true, force: true });
  rmSync(program, { force: true });
});

type Ask = (name: string, position: Position) => Promise<unknown>;
const whole = (name: string) => ({
  start: { line: 0, character: 0 },
  end: { line: files[name]!.split('\n').length, character: 0 },
});
const at =
  (method: string, more: object = {}): Ask =>
  (name, position) =>
    session.ask(method, name, { position, ...more });
const ofFile =
  (method: string, more: object = {}): Ask =>
  (name, { line, character }) =>
    line === 0 && character === 0 ? session.ask(method, name, more) : Promise.resolve(null);
const inFile =
  (method: string, more: object = {}): Ask =>
  (name, position) =>
    ofFile(method, { range: whole(name), ...more })(name, position);
const own =
  (method: keyof LanguageRequests, more: object = {}): Ask =>
  (name, position) =>
    session.connection.sendRequest(method, { uri: session.uri(name), position, ...more });
const options = { tabSize: 2, insertSpaces: true };

/** By capability; one that isn't here fails the test. */
const offered: Readonly<Record<string, Ask>> = {
  codeActionProvider: (name, position) =>
    inFile('textDocument/codeAction', { context: { diagnostics: [] } })(name, position),
  completionProvider: at('textDocument/completion'),
  definitionProvider: at('textDocument/definition'),
  diagnosticProvider: ofFile('textDocument/diagnostic'),
  documentFormattingProvider: ofFile('textDocument/formatting', { options }),
  documentHighlightProvider: at('textDocument/documentHighlight'),
  documentLinkProvider: ofFile('textDocument/documentLink'),
  documentOnTypeFormattingProvider: at('textDocument/onTypeFormatting', { ch: '\n', options }),
  documentRangeFormattingProvider: inFile('textDocument/rangeFormatting', { options }),
  documentSymbolProvider: ofFile('textDocument/documentSymbol'),
  foldingRangeProvider: ofFile('textDocument/foldingRange'),
  hoverProvider: at('textDocument/hover'),
  inlayHintProvider: inFile('textDocument/inlayHint'),
  referencesProvider: at('textDocument/references', { context: { includeDeclaration: true } }),
  renameProvider: at('textDocument/prepareRename'),
  selectionRangeProvider: (name, position) =>
    session.ask('textDocument/selectionRange', name, { positions: [position] }),
  semanticTokensProvider: ofFile('textDocument/semanticTokens/full'),
  workspaceSymbolProvider: () => session.connection.sendRequest('workspace/symbol', { query: 'a' }),
};

const custom: Readonly<Record<keyof LanguageRequests, Ask>> = {
  'capstan/alive': () => session.connection.sendRequest('capstan/alive', null),
  'capstan/schemaStatus': own('capstan/schemaStatus'),
  'capstan/kinds': own('capstan/kinds'),
  'capstan/newManifest': own('capstan/newManifest', { apiVersion: 'v1', kind: 'Secret' }),
  'capstan/listing': own('capstan/listing'),
  'capstan/preview': own('capstan/preview'),
  'capstan/differences': own('capstan/differences', { between: { is: 'repository', revision: 'HEAD' } }),
  // The client fetches from this address, and shows it as it may be shown.
  'capstan/missingCharts': async (name) =>
    ((await own('capstan/missingCharts')(name, { line: 0, character: 0 })) as readonly object[]).map((use) => ({
      ...use,
      repository: undefined,
    })),
  'capstan/written': () =>
    session.connection.sendRequest('capstan/written', {
      origins: [{ groupKind: '/Secret', namespace: 'apps', name: 'web', appliers: [] }],
    }),
  'capstan/applied': async () =>
    Promise.all(
      ['/Secret', '/ConfigMap', 'apps/Deployment', 'helm.toolkit.fluxcd.io/HelmRelease'].map((groupKind) =>
        session.connection.sendRequest('capstan/applied', {
          origin: { groupKind, namespace: 'fleet', name: 'planted', appliers: [] },
        }),
      ),
    ),
  'capstan/identities': own('capstan/identities'),
  'capstan/chartsFetched': () => session.connection.sendRequest('capstan/chartsFetched', null),
};

test('each capability is searched', () => {
  const known = Object.keys(result.capabilities).filter((name) => name.endsWith('Provider'));
  expect(known.toSorted()).toEqual(Object.keys(offered).toSorted());
});

/** What edits write is in the file, and names of files are not what is said. */
const ofEdits: ReadonlySet<string> = new Set([
  'newText',
  'insertText',
  'edit',
  'edits',
  'textEdit',
  'uri',
  'targetUri',
]);

/** Of files that are listed already, and of notices. */
const withoutAnswer: ReadonlySet<string> = new Set(['capstan/alive', 'capstan/listing', 'capstan/chartsFetched']);

test.each(Object.entries({ ...offered, ...custom }))('%s', { timeout: 120_000 }, async (method, ask) => {
  let answers = 0;
  for (const name of opened)
    for (const [line, text] of files[name]!.split('\n').entries())
      for (let character = 0; character <= text.length; character += 7) {
        const answer = await ask(name, { line, character }).catch((error: Error) => error.message);
        if (answer !== null && answer !== undefined) answers += 1;
        const said = JSON.stringify(answer, (key, value) => (ofEdits.has(key) ? undefined : value)) ?? '';
        expect(canaryIn(said), `${name}:${line + 1}:${character + 1}`).toEqual([]);
      }
  if (!withoutAnswer.has(method)) expect(answers).toBeGreaterThan(0);
});

test('the log', () => {
  expect(canaryIn(session.logged.join('\n'))).toEqual([]);
});
